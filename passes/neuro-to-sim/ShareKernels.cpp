//===- ShareKernels.cpp - the kernels of populations that are alike ---===//
//
// A kernel says nothing of whose data it works on, so populations that are alike in all that the
// builder looks at get the same one. It is built for the first of them; for the others only its
// bindings are made: each is data of the same role, such as "the first receptor's `tau`". What has
// no such role is built anew, and finds its equal in `intern`.
//
//===----------------------------------------------------------------------===//
#include "passes/neuro-to-sim/PostReads.h"
#include "passes/neuro-to-sim/UpdateBuilder.h"

using namespace mlir;
using namespace synfire;
using namespace synfire::neuro;

namespace {

/// What of a synapse decides where its parameters are read from and where its states live.
void describeSynapse(llvm::raw_ostream &os, const Lumping &lumping) {
  SynapseOp synapse = lumping.synapse();
  os << ' ' << synapse.getSymName() << ' ';
  for (auto parameter : synapse.getBody().getOps<ParameterOp>()) {
    StringRef name = parameter.getSymName();
    bool set = lumping.owner()->getAttrOfType<DictionaryAttr>("set").contains(name);
    os << (lumping.sharing().isShared(name)  ? 's'
           : set                             ? 'g'
           : findInit(lumping.owner(), name) ? 'i'
                                             : '-');
  }
  for (const StatePlacement &place : lumping.states())
    os << int(place.place);
}

/// Whether the update has something of its own to do for a projection onto it. The events of the
/// others go to sums.
bool actsOnUpdate(const PopulationSystem &system, const Lumping &lumping) {
  int receptor = system.receptorOf(lumping.owner());
  bool first = receptor >= 0 && system.receptors[receptor].members.front() == &lumping;
  return first || lumping.hasPostHandlers() ||
         llvm::any_of(
             lumping.synapse().getBody().getOps<ContributeOp>(),
             [&](ContributeOp contribution) { return !lumping.isSubstituted(contribution); });
}

} // namespace

/// The same for a projection that comes from the population.
bool UpdateBuilder::servesSource(ProjectionOp projection) {
  const Lumping &lumping = program.lumpingOf(projection);
  return actsByItself(lumping) || !program.latchedReads(projection).empty() ||
         llvm::any_of(lumping.states(), [](const StatePlacement &place) {
           return place.place == neuro::Placement::Source;
         });
}

/// True where the update has parts that are told apart by more than `structure` describes.
bool UpdateBuilder::isSpecial() {
  // What a stimulus says goes into the kernel in many ways.
  bool special =
      llvm::any_of(p.system->drives, [](const Drive &drive) { return !drive.contribution; });
  for (const auto &lumping : p.system->incoming())
    special |= isa<StimulusOp>(lumping->owner());
  // Recorded lets and inputs are computed in the kernel.
  program.experiment.walk([&](RecordOp record) {
    if (record.getKind() != RecordKind::Value || !record.getVariable() ||
        !isa_and_nonnull<LetOp, InputOp>(
            findDeclaration(neuron, variableName(*record.getVariable()))))
      return;
    special |= llvm::any_of(record.getSources(), [&](Attribute source) {
      return cast<RefAttr>(source).getPopulation().getAttr() == p.op.getSymNameAttr();
    });
  });
  return special;
}

/// All that the kernels depend on; empty where they are not shared before they are built.
std::string UpdateBuilder::structure() {
  std::string text;
  llvm::raw_string_ostream os(text);
  if (!program.share || isSpecial())
    return text;
  os << neuron.getSymName() << ' ';
  for (auto parameter : neuron.getBody().getOps<ParameterOp>())
    os << (p.arrays[parameter.getSymName()].getUniform() ? 'u' : 'e');
  for (const Variable &v : variables)
    os << ' ' << v.label << ',' << int(v.method) << ',' << v.substeps << ',' << v.hasEquation;
  // A kernel reads each datum through one field, so it matters which of these owners are the same.
  llvm::DenseMap<Operation *, unsigned> owners;
  auto describe = [&](StringRef as, const Lumping &lumping) {
    unsigned next = owners.size();
    os << as << owners.try_emplace(lumping.owner(), next).first->second << ' '
       << p.system->receptorOf(lumping.owner());
    describeSynapse(os, lumping);
  };
  for (auto [ordinal, lumping] : llvm::enumerate(p.system->incoming()))
    if (actsOnUpdate(*p.system, *lumping)) {
      os << "; from ";
      if (lumping->hasPostHandlers())
        os << ordinal;
      describe(" as ", *lumping);
    }
  for (const Jump &jump : p.jumps) {
    unsigned state =
        llvm::find_if(variables, [&](const Variable &v) { return v.name == jump.state; }) -
        variables.begin();
    os << "; sum " << state << program.sentTo.contains(jump.accumulator);
    if (jump.arrival) {
      os << jump.arrival;
      describe(" times ", *jump.lumping);
    }
  }
  for (auto [ordinal, projection] : llvm::enumerate(p.outgoing))
    if (servesSource(projection)) {
      os << "; to " << ordinal;
      describe(" as ", program.lumpingOf(projection));
    }
  return text;
}

/// The role of a symbol or key in the kernels of this population, or null.
UpdateRole UpdateBuilder::roleOf(Attribute bound) {
  UpdateRole role;
  if (auto number = dyn_cast<IntegerAttr>(bound)) {
    for (auto &normal : normals)
      if (uint32_t(number.getInt()) ==
          randomKey(p.op.getSymName(), ("noise:" + normal.first()).str()))
        role = {UpdateRole::Kind::Noise, 0, normal.first().str(), {}};
    return role;
  }
  StringAttr symbol = cast<FlatSymbolRefAttr>(bound).getAttr();
  auto is = [&](sim::ArrayOp array) { return array && array.getSymNameAttr() == symbol; };
  if (is(program.dt))
    return {UpdateRole::Kind::Timestep, 0, "", {}};
  if (symbol == p.op.getSymNameAttr())
    return {UpdateRole::Kind::Domain, 0, "", {}};
  for (auto &entry : p.arrays)
    if (is(entry.second))
      return {UpdateRole::Kind::Neuron, 0, entry.first().str(), {}};
  for (auto [i, v] : llvm::enumerate(variables))
    if (is(v.array))
      return {UpdateRole::Kind::Variable, unsigned(i), "", {}};
  for (auto [i, jump] : llvm::enumerate(p.jumps)) {
    if (jump.accumulator.getSymNameAttr() == symbol)
      return {UpdateRole::Kind::Sum, unsigned(i), "", {}};
    if (jump.accumulator.getScale() == symbol || jump.accumulator.getInverse() == symbol)
      return {UpdateRole::Kind::Sum,
              unsigned(i),
              jump.accumulator.getScale() == symbol ? "scale" : "inverse",
              {}};
  }
  for (auto [i, drive] : llvm::enumerate(p.system->drives))
    for (StringRef part : {".c0", ".c1"})
      if (symbol.getValue() == drive.name + part.str())
        return {UpdateRole::Kind::Drive, unsigned(i), part.str(), {}};
  auto owned = [&](UpdateRole::Kind kind, unsigned i, const Lumping &lumping) {
    for (auto parameter : lumping.synapse().getBody().getOps<ParameterOp>())
      if (is(program.arraysByName.lookup(
              (nameOf(lumping.owner()) + "." + parameter.getSymName()).str())))
        role = {kind, i, parameter.getSymName().str(), {}};
  };
  for (auto [i, receptor] : llvm::enumerate(p.system->receptors))
    owned(UpdateRole::Kind::Receptor, i, *receptor.members.front());
  for (auto [i, jump] : llvm::enumerate(p.jumps))
    if (jump.lumping)
      owned(UpdateRole::Kind::Factor, i, *jump.lumping);
  for (auto [i, lumping] : llvm::enumerate(p.system->incoming()))
    if (lumping->hasPostHandlers())
      owned(UpdateRole::Kind::Incoming, i, *lumping);
  for (auto [i, projection] : llvm::enumerate(p.outgoing)) {
    if (!servesSource(projection))
      continue; // it may come from another population, too, and is not described
    owned(UpdateRole::Kind::Outgoing, i, program.lumpingOf(projection));
    for (StringRef state : PostReads(program.lumpingOf(projection)).afterPre)
      if (is(program.arraysByName.lookup(ProgramBuilder::afterSpikeName(projection, state))))
        role = {UpdateRole::Kind::AfterSpike, unsigned(i), state.str(), {}};
  }
  StringRef own = symbol.getValue();
  if (role.kind == UpdateRole::Kind::None && own.consume_front(p.op.getSymName()) &&
      own.starts_with(".#"))
    role = {UpdateRole::Kind::Own, 0, own.str(), program.arraysByName.lookup(symbol)};
  return role;
}

/// What has a role for this population.
Attribute UpdateBuilder::dataOf(const UpdateRole &role) {
  using Kind = UpdateRole::Kind;
  sim::ArrayOp array;
  switch (role.kind) {
  case Kind::None:
    return nullptr;
  case Kind::Timestep:
    array = program.dt;
    break;
  case Kind::Domain:
    return FlatSymbolRefAttr::get(p.op.getSymNameAttr());
  case Kind::Noise:
    return update.getI32IntegerAttr(
        static_cast<int32_t>(randomKey(p.op.getSymName(), "noise:" + role.name)));
  case Kind::Neuron:
    array = p.arrays.lookup(role.name);
    break;
  case Kind::Variable:
    array = variables[role.index].array;
    break;
  case Kind::Sum: {
    sim::AccumulatorOp sum = p.jumps[role.index].accumulator;
    if (role.name.empty())
      return FlatSymbolRefAttr::get(sum.getSymNameAttr());
    array = program.arraysByName.lookup(role.name == "scale" ? sum.getScale() : sum.getInverse());
    break;
  }
  case Kind::Drive:
    array = program.arraysByName.lookup(p.system->drives[role.index].name + role.name);
    break;
  case Kind::Receptor:
    array =
        program.ownedParameter(p.system->receptors[role.index].members.front()->owner(), role.name);
    break;
  case Kind::Factor:
    array = program.ownedParameter(p.jumps[role.index].lumping->owner(), role.name);
    break;
  case Kind::Outgoing:
    array = program.ownedParameter(p.outgoing[role.index], role.name);
    break;
  case Kind::Incoming:
    array = program.ownedParameter(p.system->incoming()[role.index]->owner(), role.name);
    break;
  case Kind::AfterSpike:
    array = program.valueAfterSpike(p.outgoing[role.index], role.name);
    break;
  case Kind::Own: {
    std::string name = (p.op.getSymName() + role.name).str();
    array = program.arraysByName.lookup(name);
    if (!array) {
      array = cast<sim::ArrayOp>(program.data.clone(*role.prototype));
      array.setSymName(name);
      if (array.getOver())
        array.setOver(p.op.getSymName());
      program.arraysByName[name] = array;
    }
    break;
  }
  }
  return array ? FlatSymbolRefAttr::get(array.getSymNameAttr()) : FlatSymbolRefAttr();
}

/// Keeps what was built for the populations that come after, unless something has no role.
void UpdateBuilder::remember(StringRef key, sim::DeriveOp derived, sim::UpdateOp updated) {
  SharedUpdate shared;
  auto roles = [&](ArrayAttr bind, SmallVector<UpdateRole> &into) {
    for (Attribute bound : bind) {
      into.push_back(roleOf(bound));
      if (into.back().kind == UpdateRole::Kind::None)
        return false;
    }
    return true;
  };
  if ((derived && !roles(derived.getBind(), shared.deriveRoles)) ||
      (updated && !roles(updated.getBind(), shared.updateRoles)))
    return;
  shared.derive = derived;
  shared.update = updated;
  shared.payloads = payload.size();
  shared.emits = bool(fires);
  shared.remembers = p.domain.getRemembers();
  program.sharedUpdates[key] = std::move(shared);
}

/// Binds kernels that were built for another population to the data of this one.
void UpdateBuilder::reuse(const SharedUpdate &shared) {
  auto bind = [&](ArrayRef<UpdateRole> roles) {
    SmallVector<Attribute> data;
    for (const UpdateRole &role : roles)
      data.push_back(dataOf(role));
    return update.getArrayAttr(data);
  };
  // The update first: its data are declared in the order in which it was built.
  ArrayAttr updateBind = bind(shared.updateRoles), deriveBind = bind(shared.deriveRoles);
  auto launch = [&](auto known, OpBuilder &into, ArrayAttr bound) {
    if (!known)
      return;
    auto made = cast<decltype(known)>(into.clone(*known));
    made->setLoc(p.op.getLoc());
    made.setOver(p.op.getSymName());
    made.setBindAttr(bound);
  };
  if (shared.emits)
    p.domain.setPayloads(shared.payloads);
  if (shared.remembers)
    p.domain.setRemembers(*shared.remembers);
  launch(sim::DeriveOp(shared.derive), program.derives, deriveBind);
  launch(sim::UpdateOp(shared.update), program.updates, updateBind);
}

//===----------------------------------------------------------------------===//
// Start values
//===----------------------------------------------------------------------===//

/// What start values are computed from: defaults of the neuron, and the numbers given instead.
/// Empty where a population has expressions of its own.
std::string ProgramBuilder::startStructure(PopulationBuild &p) {
  std::string text;
  llvm::raw_string_ostream os(text);
  if (!share || !p.op.getBody().getOps().empty())
    return "";
  os << p.system->neuron.getSymName() << p.op.getSet().getAsOpaquePointer();
  for (auto parameter : p.system->neuron.getBody().getOps<ParameterOp>())
    os << (p.arrays[parameter.getSymName()].getUniform() ? 'u' : 'e');
  return text;
}

void ProgramBuilder::rememberStart(PopulationBuild &p, StringRef key, sim::DeriveOp derive,
                                   sim::InitOp init) {
  llvm::StringMap<StringRef> variables; // by symbol
  for (auto &entry : p.arrays)
    variables[entry.second.getSymName()] = entry.first();
  SharedStart shared{derive, init, {}, {}};
  auto names = [&](auto launch, SmallVector<std::string> &into) {
    for (Attribute bound : launch ? launch.getBind().getValue() : ArrayRef<Attribute>()) {
      auto symbol = dyn_cast<FlatSymbolRefAttr>(bound);
      auto variable = symbol ? variables.find(symbol.getValue()) : variables.end();
      if (variable == variables.end())
        return false; // a random number, for one
      into.push_back(variable->second.str());
    }
    return true;
  };
  if (names(derive, shared.deriveNames) && names(init, shared.initNames))
    sharedStarts[key] = std::move(shared);
}

void ProgramBuilder::reuseStart(PopulationBuild &p, const SharedStart &shared) {
  auto launch = [&](auto known, OpBuilder &into, ArrayRef<std::string> names) {
    if (!known)
      return;
    SmallVector<Attribute> bind;
    for (const std::string &name : names)
      bind.push_back(FlatSymbolRefAttr::get(p.arrays.lookup(name).getSymNameAttr()));
    auto made = cast<decltype(known)>(into.clone(*known));
    made->setLoc(p.op.getLoc());
    made.setOver(p.op.getSymName());
    made.setBindAttr(into.getArrayAttr(bind));
  };
  launch(sim::DeriveOp(shared.derive), derives, shared.deriveNames);
  launch(sim::InitOp(shared.init), starts, shared.initNames);
}
