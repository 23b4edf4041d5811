//===- BuildProjection.cpp - connections, their values, continuous couplings ---===//
#include "passes/neuro-to-sim/ProgramBuilder.h"

#include "passes/neuro-to-sim/PostReads.h"
#include "passes/neuro-to-sim/RelayAxons.h"
#include "passes/neuro/analysis/Expression.h"

using namespace mlir;
using namespace synfire;
using namespace synfire::neuro;
using sim::ArrayKind;
using sim::FieldKind;

namespace {

DictionaryAttr numbersOf(Operation *owner) { return owner->getAttrOfType<DictionaryAttr>("set"); }

DenseI64ArrayAttr rangesOf(OpBuilder &b, RefAttr ref) {
  return ref.getElements().empty() ? DenseI64ArrayAttr()
                                   : b.getDenseI64ArrayAttr(ref.getElements());
}

/// Sources and targets of a connection table, as one tensor.
ElementsAttr pairsOf(OpBuilder &b, TableOp table) {
  SmallVector<int32_t> numbers;
  for (StringRef column : {"pre", "post"})
    for (double value : cast<DenseElementsAttr>(table.getColumns().get(column)).getValues<double>())
      numbers.push_back(static_cast<int32_t>(value));
  auto type = RankedTensorType::get({2, int64_t(numbers.size() / 2)}, b.getI32Type());
  return DenseElementsAttr::get(type, ArrayRef<int32_t>(numbers));
}

} // namespace

sim::ArrayOp ProgramBuilder::ownedParameter(Operation *owner, StringRef name) {
  std::string full = (nameOf(owner) + "." + name).str();
  if (sim::ArrayOp known = arraysByName.lookup(full))
    return known;
  SynapseOp synapse = synapseOf(owner);
  auto parameter = synapse ? find<ParameterOp>(synapse, name) : ParameterOp();
  StringAttr unit = parameter ? parameter.getUnitAttr() : StringAttr();
  if (auto stimulus = dyn_cast<StimulusOp>(owner))
    if (auto number = dyn_cast_or_null<FloatAttr>(stimulus.getArguments().get(name)))
      return uniform(full, ArrayKind::Parameter, number.getValueAsDouble(), unit);
  if (auto number = dyn_cast_or_null<FloatAttr>(numbersOf(owner).get(name)))
    return uniform(full, ArrayKind::Parameter, number.getValueAsDouble(), unit);
  Block *region = nullptr;
  if (InitOp init = findInit(owner, name))
    region = &init.getBody().front();
  bool projection = isa<ProjectionOp>(owner);
  if (!region && parameter && !parameter.getBody().empty()) {
    // A default that depends on other parameters: derived, so that a change of those is seen.
    if (lumpingOf(owner).sharing().isShared(name)) {
      sim::ArrayOp made = uniform(full, ArrayKind::Derived, 0.0, unit);
      KernelBuilder b(owner->getLoc(), data.getContext());
      Value value =
          evaluate(b, parameter.getBody().front(), owner, name, [&](Operation *op) -> Value {
            auto get = dyn_cast<GetOp>(op);
            return get ? b.get(variableName(get.getVariable()), FieldKind::Uniform,
                               ownedParameter(owner, variableName(get.getVariable())))
                       : Value();
          });
      b.set(name, FieldKind::Uniform, made, value);
      ArrayAttr bind = b.bindings();
      auto kernel = intern(b, "parameters_" + synapse.getSymName().str());
      sim::DeriveOp::create(derives, owner->getLoc(), kernel.getValue(),
                            targetBuild(owner).op.getSymName(), bind, true, DenseI64ArrayAttr());
      return made;
    }
    region = &parameter.getBody().front();
  }
  if (!region) {
    double value =
        parameter && parameter.getValue() ? parameter.getValue()->convertToDouble() : 0.0;
    return uniform(full, ArrayKind::Parameter, value, unit);
  }
  if (!projection) {
    sim::ArrayOp made =
        array(full, ArrayKind::Parameter, targetBuild(owner).op.getSymName(), 0.0, unit);
    KernelBuilder b(owner->getLoc(), data.getContext());
    Value value = evaluate(b, *region, owner, name, [&](Operation *op) -> Value {
      auto get = dyn_cast<GetOp>(op);
      if (!get)
        return Value();
      sim::ArrayOp other = ownedParameter(owner, variableName(get.getVariable()));
      return b.get(variableName(get.getVariable()),
                   other.getUniform() ? FieldKind::Uniform : FieldKind::Element, other);
    });
    b.set(name, FieldKind::Element, made, value);
    ArrayAttr bind = b.bindings();
    auto kernel = intern(b, "start_" + (synapse ? synapse.getSymName().str() : "stimulus"));
    sim::InitOp::create(starts, owner->getLoc(), kernel.getValue(),
                        targetBuild(owner).op.getSymName(), bind, false, DenseI64ArrayAttr());
    return made;
  }
  sim::ArrayOp made = array(full, ArrayKind::Parameter, nameOf(owner), 0.0, unit);
  auto drawnBy = cast<ProjectionOp>(owner);
  fillConnections(drawnBy, *region->getParent(), name, full,
                  [&](KernelBuilder &b, Operation *op) -> Value {
                    if (Value ofEnds = pairRead(b, drawnBy, op))
                      return ofEnds;
                    auto get = dyn_cast<GetOp>(op);
                    return get ? drawnAgain(b, drawnBy, variableName(get.getVariable())) : Value();
                  });
  return made;
}

sim::ArrayOp ProgramBuilder::pastOf(PopulationBuild &p, sim::ArrayOp present) {
  std::string name = (present.getSymName() + ".#past").str();
  if (sim::ArrayOp known = arraysByName.lookup(name))
    return known;
  sim::ArrayOp past =
      array(name, ArrayKind::History, p.op.getSymName(), 0.0, present.getUnitAttr());
  past.setPastOf(present.getSymName());
  return past;
}

/// A delay that is given moves events, and values where the synapse has none of its own (S2, S3).
bool ProgramBuilder::delaysValues(ProjectionOp projection) {
  SynapseOp synapse = synapseOf(projection);
  return (synapse->hasAttr("graded") || synapse.getBody().getOps<OnOp>().empty()) &&
         (numbersOf(projection).contains("delay") || findInit(projection, "delay"));
}

/// Whether a value of a cell may be another one at another time.
bool ProgramBuilder::movesInTime(PopulationBuild &p, const Read &read) {
  return !p.arrays.lookup(read.name).getUniform() &&
         (read.kind != Read::Kind::Parameter || isAssignedApart(p.op, read.name));
}

/// The names of the rows keep kernels apart whose connections are stored in different ways.
StringRef ProgramBuilder::rowsName(sim::ConnectionsOp connections) {
  bool delaysVary = !connections.getDelay() && !connections.getUndelayed();
  if (connections.getContinuous())
    return delaysVary ? "delayed_target_rows" : "target_rows";
  if (connections.getSight() == sim::Sight::First)
    return "first_rows";
  if (connections.getSight() == sim::Sight::Delayed)
    return connections.getDendriticFraction() && connections.getDendriticFraction()->isZero()
               ? "arriving_rows"
               : "seeing_rows";
  return delaysVary ? "delayed_rows" : "rows";
}

sim::ArrayOp ProgramBuilder::indexArray(PopulationBuild &p) {
  std::string name = (p.op.getSymName() + ".#index").str();
  if (sim::ArrayOp known = arraysByName.lookup(name))
    return known;
  sim::ArrayOp made = array(name, ArrayKind::Parameter, p.op.getSymName(), 0.0);
  KernelBuilder b(p.op.getLoc(), data.getContext());
  b.set("index", FieldKind::Element, made,
        arith::SIToFPOp::create(b, b.getF64Type(), sim::ElementOp::create(b, b.getI64Type())));
  ArrayAttr bind = b.bindings();
  auto kernel = intern(b, "start_index");
  sim::InitOp::create(starts, p.op.getLoc(), kernel.getValue(), p.op.getSymName(), bind, false,
                      DenseI64ArrayAttr());
  return made;
}

// A value that differs between connections is computed again from the same random numbers.
Value ProgramBuilder::drawnAgain(KernelBuilder &b, ProjectionOp projection, StringRef name) {
  if (auto state = find<StateOp>(synapseOf(projection), name))
    return startOf(b, projection, state);
  sim::ArrayOp home = ownedParameter(projection, name);
  if (home.getUniform())
    return b.get(name, FieldKind::Uniform, home);
  InitOp init = findInit(projection, name);
  Block &body = init ? init.getBody().front()
                     : find<ParameterOp>(synapseOf(projection), name).getBody().front();
  return evaluate(b, body, projection, name, [&](Operation *inner) -> Value {
    if (Value ofEnds = pairRead(b, projection, inner))
      return ofEnds;
    auto get = dyn_cast<GetOp>(inner);
    return get ? drawnAgain(b, projection, variableName(get.getVariable())) : Value();
  });
}

/// The population that the spikes of a projection come from: behind relays, the one that has them.
PopulationBuild &ProgramBuilder::originBuild(ProjectionOp projection) {
  PopulationBuild &source = sourceBuild(projection);
  auto relayed = source.domain.getRelays();
  return relayed ? *populations[*relayed] : source;
}

/// 1 for the elements in some ranges, 0 for others: data, so that no kernel depends on them.
sim::ArrayOp ProgramBuilder::memberArray(PopulationBuild &p, ArrayRef<int64_t> ranges) {
  std::string name = (p.op.getSymName() + ".#part").str();
  for (int64_t end : ranges)
    name += ":" + std::to_string(end);
  if (sim::ArrayOp known = arraysByName.lookup(name))
    return known;
  std::vector<double> values(p.op.getSize(), 0.0);
  for (size_t i = 0; i + 1 < ranges.size(); i += 2)
    std::fill(values.begin() + ranges[i], values.begin() + ranges[i + 1] + 1, 1.0);
  sim::ArrayOp made = array(name, ArrayKind::Parameter, p.op.getSymName(), 0.0, StringAttr());
  made.setValuesAttr(
      DenseElementsAttr::get(RankedTensorType::get({int64_t(values.size())}, data.getF64Type()),
                             ArrayRef<double>(values)));
  return made;
}

/// Whether a connection is in a part of its projection.
Value ProgramBuilder::isWithin(KernelBuilder &b, ProjectionOp projection, WithinOp within) {
  Value result;
  for (auto [population, ranges, kind, name] :
       {std::tuple(&sourceBuild(projection), within.getSources(), FieldKind::Source, "from_part"),
        std::tuple(&targetBuild(projection), within.getTargets(), FieldKind::Target, "to_part")}) {
    if (ranges.empty())
      continue;
    Value is =
        arith::CmpFOp::create(b, arith::CmpFPredicate::OGT,
                              b.get(name, kind, memberArray(*population, ranges)), b.number(0.5));
    result = result ? b.both(result, is) : is;
  }
  return result ? result : Value(arith::ConstantOp::create(b, b.getBoolAttr(true)));
}

/// What a value of a connection reads of the pair while it is made: their distance, whether they
/// are in a part, and parameters of both ends; null for all else.
Value ProgramBuilder::pairRead(KernelBuilder &b, ProjectionOp projection, Operation *op) {
  if (isa<DistanceOp>(op))
    return distance(b, projection);
  if (auto within = dyn_cast<WithinOp>(op))
    return isWithin(b, projection, within);
  auto get = dyn_cast<GetOp>(op);
  if (!get || get.getSide() == Side::Self)
    return Value();
  bool pre = get.getSide() == Side::Pre;
  PopulationBuild &end = pre ? originBuild(projection) : targetBuild(projection);
  std::string name = variableName(get.getVariable());
  sim::ArrayOp home = end.arrays.lookup(name);
  return b.get((pre ? "pre_" : "post_") + name,
               home.getUniform() ? FieldKind::Uniform
               : pre             ? FieldKind::Source
                                 : FieldKind::Target,
               home);
}

Value ProgramBuilder::distance(KernelBuilder &b, ProjectionOp projection) {
  PopulationBuild &source = originBuild(projection);
  PopulationBuild &target = targetBuild(projection);
  std::optional<ArrayRef<double>> period;
  for (auto position : target.op.getBody().getOps<PositionOp>())
    period = position.getPeriod();
  Value sum;
  for (unsigned axis = 0;; ++axis) {
    std::string name = "#position" + std::to_string(axis);
    sim::ArrayOp from = source.arrays.lookup(name), to = target.arrays.lookup(name);
    if (!from || !to)
      break;
    Value d = b.sub(b.get("from" + std::to_string(axis), FieldKind::Source, from),
                    b.get("to" + std::to_string(axis), FieldKind::Target, to));
    if (period && axis < period->size()) {
      // On a torus the shortest way counts; the other population may lie several turns away.
      Value turn = b.number((*period)[axis]);
      Value turns = b.add(b.div(d, turn), b.number(0.5));
      d = b.sub(d, b.mul(turn, math::FloorOp::create(b, turns)));
    }
    Value square = b.mul(d, d);
    sum = sum ? b.add(sum, square) : square;
  }
  return sum ? Value(math::SqrtOp::create(b, sum)) : b.number(0.0);
}

LogicalResult ProgramBuilder::buildProjection(ProjectionOp projection) {
  PopulationBuild &source = sourceBuild(projection);
  PopulationBuild &target = targetBuild(projection);
  const Lumping *lumping = &lumpingOf(projection);
  SynapseOp synapse = synapseOf(projection);
  bool eventless = synapse.getBody().getOps<OnOp>().empty();
  if (!eventless && !source.domain.emits())
    return projection.emitError() << "`" << source.op.getSymName() << "` has no spike rule, so `"
                                  << synapse.getSymName() << "` would never see an event";

  ElementsAttr pairs;
  if (auto table = projection.getTable()) {
    auto op = projection->getParentOfType<ModuleOp>().lookupSymbol<TableOp>(*table);
    if (!op)
      op = dyn_cast_or_null<TableOp>(SymbolTable::lookupSymbolIn(circuit, *table));
    pairs = pairsOf(data, op);
  }
  FloatAttr delay = dyn_cast_or_null<FloatAttr>(numbersOf(projection).get("delay"));
  bool delayVaries = bool(findInit(projection, "delay"));
  bool undelayed = eventless && !delay && !delayVaries;
  if (!delay && !eventless) // the default of an event is one step (S5)
    delay = data.getF64FloatAttr(stepMs());
  auto connections = sim::ConnectionsOp::create(
      data, projection.getLoc(), projection.getSymName(), source.op.getSymName(),
      target.op.getSymName(), static_cast<sim::Rule>(projection.getRule()),
      projection.getArguments(), pairs, delayVaries ? FloatAttr() : delay, undelayed, eventless,
      rangesOf(data, projection.getSource()), rangesOf(data, projection.getTarget()),
      projection.getDendriticFractionAttr(), IntegerAttr(), IntegerAttr(), StringAttr(),
      sim::Layout::BySource,
      /*hidden=*/false, ElementsAttr(), projection.getProductsAttr());
  connections.setSight(sightOfConnections(projection));
  if (seesArrivals(projection))
    connections.setDendriticFractionAttr(data.getF64FloatAttr(0.0));
  connections.setEachStep(readsSourceLate(projection));
  connections.setHidden(isHiddenName(projection.getSymName()));
  connectionsOf[projection] = connections;
  auto read = [&](KernelBuilder &b, Operation *op) -> Value {
    if (Value ofEnds = pairRead(b, projection, op))
      return ofEnds;
    auto get = dyn_cast<GetOp>(op);
    return get ? b.get(variableName(get.getVariable()), FieldKind::Uniform,
                       ownedParameter(projection, variableName(get.getVariable())))
               : Value();
  };
  if (delayVaries)
    fillConnections(projection, findInit(projection, "delay").getBody(), "delay", "delay", read);
  for (auto argument : projection.getBody().getOps<ArgumentOp>())
    fillConnections(projection, argument.getBody(), argument.getName(), "probability", read);
  // The weight is reported even where nothing reads it per connection.
  if (find<ParameterOp>(synapse, "weight"))
    ownedParameter(projection, "weight");
  // Payloads of a source are numbered over its projections in their order, and so is what a target
  // remembers of its spikes.
  unsigned first = source.payloads, remembered = target.remembered;
  source.payloads += latchedReads(projection).size();
  if (actsByItself(*lumping))
    source.payloads += 2 + postReads(*lumping).afterPre.size();
  if (lumping->hasPostHandlers())
    target.remembered += postReads(*lumping).width();
  if (eventless && !actsByItself(*lumping))
    return success();
  if (!eventless)
    connections.setFirstPayload(first);
  if (lumping->hasPostHandlers())
    connections.setFirstRemembered(remembered);
  EventBuild events{projection, connections, source, target, *lumping, {}};
  return buildEvents(events);
}

/// Whether a sum over connections is the same for all targets: every target has all the sources,
/// and of the connection and the target nothing is read. It is made once then.
bool ProgramBuilder::isAlike(const Drive &drive) {
  auto projection = cast<ProjectionOp>(drive.owner);
  auto autapses = projection.getArguments().getAs<BoolAttr>("autapses");
  bool alike = projection.getRule() == ConnectRule::AllToAll &&
               !(autapses && !autapses.getValue()) &&
               projection.getSource().getElements().empty() &&
               projection.getTarget().getElements().empty() && !findInit(projection, "delay") &&
               connectionsOf[projection].getContinuous();
  const Lumping &lumping = lumpingOf(projection);
  ContributeOp(drive.contribution).walk([&](GetOp get) {
    std::string name = variableName(get.getVariable());
    if (get.getSide() == Side::Post)
      alike &= drive.factored;
    else if (get.getSide() == Side::Self)
      alike &= bool(find<ParameterOp>(lumping.synapse(), name)) &&
               ownedParameter(projection, name).getUniform();
  });
  return alike;
}

LogicalResult ProgramBuilder::buildGathers(PopulationBuild &p) {
  for (const Drive &drive : p.system->drives) {
    if (!drive.contribution)
      continue;
    auto projection = cast<ProjectionOp>(drive.owner);
    PopulationBuild &source = originBuild(projection);
    Location loc = projection.getLoc();
    KernelBuilder b(loc, data.getContext());
    sim::ConnectionsOp connections = connectionsOf[projection];
    bool delayed = delaysValues(projection);
    bool alike = isAlike(drive);
    b.field(alike ? "alike_rows" : rowsName(connections), FieldKind::Rows, b.getI32Type(),
            FlatSymbolRefAttr::get(connections.getSymNameAttr()));
    // What else a `let` may read, inputs and noise, `neuro-check-supported` refuses here.
    auto neuronRead = [&](PopulationBuild &side, FieldKind kind, StringRef prefix) {
      return [&, kind, prefix](const Read &r) -> Value {
        if (r.kind == Read::Kind::Timestep)
          return b.get("dt", FieldKind::Uniform, dt);
        if (r.kind == Read::Kind::Time)
          return b.mul(
              arith::SIToFPOp::create(b, b.getF64Type(), sim::StepOp::create(b, b.getI64Type())),
              b.get("dt", FieldKind::Uniform, dt));
        if (r.kind == Read::Kind::Index)
          return b.get((prefix + "index").str(), kind, indexArray(side));
        sim::ArrayOp array = side.arrays.lookup(r.name);
        bool past = kind == FieldKind::Source && delayed && movesInTime(side, r);
        return b.get((prefix + r.name).str(),
                     array.getUniform() ? FieldKind::Uniform
                     : past             ? FieldKind::Past
                                        : kind,
                     past ? pastOf(side, array) : array);
      };
    };
    auto fromSource = neuronRead(source, FieldKind::Source, "pre_");
    auto [c0, c1] = p.system->emitGather(
        b, drive,
        [&](Operation *op) -> Value {
          auto get = dyn_cast<GetOp>(op);
          if (!get)
            return Value();
          std::string name = variableName(get.getVariable());
          if (get.getSide() == Side::Pre)
            return source.system->emitNeuronVariable(b, op->getLoc(), name, fromSource);
          for (const StatePlacement &place : lumpingOf(projection).states())
            if (StateOp(place.state).getSymName() == name)
              return b.get(name, FieldKind::Connection, connectionState(projection, place));
          return connectionRead(b, projection, name);
        },
        neuronRead(p, FieldKind::Element, "post_"));
    for (auto [part, value] : {std::pair<StringRef, Value>("c0", c0), {"c1", c1}}) {
      if (!value)
        continue;
      sim::ArrayOp array =
          this->array((drive.name + "." + part).str(), ArrayKind::Coupling, p.op.getSymName(), 0.0);
      StringRef field = b.field(part, FieldKind::Element, array.getType(),
                                FlatSymbolRefAttr::get(array.getSymNameAttr()));
      sim::AccumulateOp::create(b, field, value);
    }
    ArrayAttr bind = b.bindings();
    auto kernel = intern(b, "gather_" + synapseOf(projection).getSymName().str());
    sim::GatherOp::create(gathers, loc, kernel.getValue(), projection.getSymName(), bind, alike);
  }
  return success();
}
