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

/// The key of the random numbers of a Poisson stimulus.
static IntegerAttr streamOf(const Lumping &lumping) {
  uint32_t hash = randomKey(nameOf(lumping.owner()), "poisson");
  return OpBuilder(lumping.owner()).getI32IntegerAttr(static_cast<int32_t>(hash));
}

/// The arrays that belong to a sum, by what they are.
static SmallVector<std::pair<StringRef, StringRef>> partsOf(sim::AccumulatorOp sum) {
  return {{"scale", sum.getScale()},
          {"inverse", sum.getInverse()},
          {"limit", sum.getLimit().value_or("")}};
}

/// What the events of stimuli declare beside the kernel, in the order of `stimulusEvents`.
void UpdateBuilder::declareEvents() {
  for (const auto &lumping : p.system->incoming()) {
    if (!isPoisson(*lumping))
      continue;
    auto stimulus = cast<StimulusOp>(lumping->owner());
    program.ownedParameter(stimulus, "rate");
    StringRef table = declareTable(stimulus).getSymName();
    for (const Arrival &arrival : lumping->arrivals())
      program.capAmount(program.jumpFor(p, *lumping, arrival), stimulus, arrival, *lumping, table);
  }
}

/// The role of a symbol or key in the kernels of this population, or null.
UpdateRole UpdateBuilder::roleOf(Attribute bound) {
  UpdateRole role;
  if (auto number = dyn_cast<IntegerAttr>(bound)) {
    for (auto &normal : normals)
      if (uint32_t(number.getInt()) ==
          randomKey(p.op.getSymName(), ("noise:" + normal.first()).str()))
        role = {UpdateRole::Kind::Noise, 0, normal.first().str(), {}};
    for (auto [i, lumping] : llvm::enumerate(acting))
      if (isPoisson(*lumping) && number == streamOf(*lumping))
        role = {UpdateRole::Kind::Incoming, unsigned(i), "#stream", {}};
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
    for (auto [name, part] : partsOf(jump.accumulator))
      if (symbol == part)
        return {UpdateRole::Kind::Sum, unsigned(i), name.str(), {}};
  }
  for (auto [i, drive] : llvm::enumerate(p.system->drives)) {
    if (symbol == (nameOf(drive.owner) + ".amplitude").str() && !drive.contribution)
      return {UpdateRole::Kind::Current, unsigned(i), "", {}};
    for (StringRef part : {".c0", ".c1"})
      if (symbol.getValue() == drive.name + part.str())
        return {UpdateRole::Kind::Drive, unsigned(i), part.str(), {}};
  }
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
  for (auto [i, lumping] : llvm::enumerate(acting)) {
    owned(UpdateRole::Kind::Incoming, i, *lumping);
    if (!isPoisson(*lumping))
      continue;
    StringRef name = nameOf(lumping->owner());
    for (StringRef part : {"rate", "#mean", "#exp_mean"})
      if (symbol == (name + "." + part).str())
        role = {UpdateRole::Kind::Incoming, unsigned(i), part.str(), {}};
    if (symbol == name)
      role = {UpdateRole::Kind::Incoming, unsigned(i), "#table", {}};
  }
  for (auto [i, projection] : llvm::enumerate(p.outgoing)) {
    if (!servesSource(projection))
      continue; // it may come from another population, too, and is not described
    owned(UpdateRole::Kind::Outgoing, i, program.lumpingOf(projection));
    for (StringRef state : program.postReads(program.lumpingOf(projection)).afterPre)
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
    for (auto [name, part] : partsOf(sum))
      if (name == role.name)
        array = program.arraysByName.lookup(part);
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
  case Kind::Incoming: {
    Operation *owner = acting[role.index]->owner();
    if (role.name == "#stream")
      return streamOf(*acting[role.index]);
    if (role.name == "#table")
      return FlatSymbolRefAttr::get(update.getContext(), nameOf(owner));
    array = program.ownedParameter(owner, role.name);
    break;
  }
  case Kind::Current:
    array = program.ownedParameter(p.system->drives[role.index].owner, "amplitude");
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
  declareEvents();
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

/// What start values are computed from: defaults of the neuron, and the numbers and expressions
/// given instead. Empty where a population has positions, too.
std::string ProgramBuilder::startStructure(PopulationBuild &p) {
  std::string text;
  llvm::raw_string_ostream os(text);
  if (!share)
    return "";
  os << p.system->neuron.getSymName() << p.op.getSet().getAsOpaquePointer();
  for (Operation &op : p.op.getBody().getOps()) {
    auto init = dyn_cast<InitOp>(op);
    if (!init)
      return "";
    os << ' ' << init.getVariable() << ' ' << expressions.of(init.getBody());
  }
  for (auto parameter : p.system->neuron.getBody().getOps<ParameterOp>())
    os << (p.arrays[parameter.getSymName()].getUniform() ? 'u' : 'e');
  return text;
}

/// Keeps what was built for the populations that come after, unless something has no role.
void ProgramBuilder::rememberStart(PopulationBuild &p, StringRef key, sim::DeriveOp derive,
                                   sim::InitOp init) {
  llvm::DenseMap<Attribute, StartRole> known; // by what is bound
  for (auto &entry : p.arrays)
    known[FlatSymbolRefAttr::get(entry.second.getSymNameAttr())] = {StartRole::Kind::Variable,
                                                                    entry.first().str()};
  for (auto purpose : drawn)
    known[data.getI32IntegerAttr(static_cast<int32_t>(randomKey(p.op.getSymName(), purpose)))] = {
        StartRole::Kind::Key, purpose};
  SharedStart shared{derive, init, {}, {}};
  auto roles = [&](auto launch, SmallVector<StartRole> &into) {
    for (Attribute bound : launch ? launch.getBind().getValue() : ArrayRef<Attribute>()) {
      auto role = known.find(bound);
      if (role == known.end())
        return false; // a column of a table, for one
      into.push_back(role->second);
    }
    return true;
  };
  if (roles(derive, shared.deriveRoles) && roles(init, shared.initRoles))
    sharedStarts[key] = std::move(shared);
}

void ProgramBuilder::reuseStart(PopulationBuild &p, const SharedStart &shared) {
  auto launch = [&](auto known, OpBuilder &into, ArrayRef<StartRole> roles) {
    if (!known)
      return;
    SmallVector<Attribute> bind;
    for (auto &[kind, name] : roles)
      bind.push_back(kind == StartRole::Kind::Key
                         ? Attribute(into.getI32IntegerAttr(
                               static_cast<int32_t>(randomKey(p.op.getSymName(), name))))
                         : FlatSymbolRefAttr::get(p.arrays.lookup(name).getSymNameAttr()));
    auto made = cast<decltype(known)>(into.clone(*known));
    made->setLoc(p.op.getLoc());
    made.setOver(p.op.getSymName());
    made.setBindAttr(into.getArrayAttr(bind));
  };
  launch(sim::DeriveOp(shared.derive), derives, shared.deriveRoles);
  launch(sim::InitOp(shared.init), starts, shared.initRoles);
}
