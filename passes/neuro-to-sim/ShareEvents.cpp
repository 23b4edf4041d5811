//===- ShareEvents.cpp - the kernels of projections that are alike ---===//
//
// What ShareKernels.cpp does for updates, for the kernels that run over connections: deliver,
// handle, settle, timer and advance. They are built for the first projection of a structure; the
// others are rows of the tables, bound to data of the same roles.
//
//===----------------------------------------------------------------------===//
#include "passes/neuro-to-sim/ProgramBuilder.h"

#include "passes/neuro-to-sim/RelayAxons.h"
#include "passes/neuro/analysis/SolverChoice.h"

#include "mlir/IR/Remarks.h"

using namespace mlir;
using namespace synfire;
using namespace synfire::neuro;
using Kind = EventRole::Kind;

namespace {

/// What names of arrays end with that keep the values of others.
constexpr StringLiteral pastSuffix = ".#past";

/// What decides how a kernel reads the variables of a neuron.
void describeNeuron(llvm::raw_ostream &os, PopulationBuild &p) {
  os << ' ' << p.system->neuron.getSymName();
  for (auto parameter : p.system->neuron.getBody().getOps<ParameterOp>())
    os << (p.arrays[parameter.getSymName()].getUniform() ? 'u' : 'e');
}

/// The number of the arrival whose sum, or part of one, has the name.
EventRole sumNamed(StringRef name, ArrayRef<sim::AccumulatorOp> sums) {
  for (auto [i, sum] : llvm::enumerate(sums)) {
    sim::AccumulatorOp op = sum;
    unsigned number = i;
    if (name == op.getSymName())
      return {Kind::Sum, number, ""};
    if (name == op.getScale())
      return {Kind::Sum, number, "scale"};
    if (name == op.getLimit())
      return {Kind::Sum, number, "limit"};
  }
  return {};
}

/// The name of an array among those of a population.
EventRole variableNamed(StringRef symbol, PopulationBuild &p, Kind kind) {
  for (auto &entry : p.arrays)
    if (entry.second.getSymName() == symbol)
      return {kind, 0, entry.first().str()};
  StringRef own = symbol;
  if (own.consume_front(p.op.getSymName()) && (own == ".#index" || own == ".#last_spike"))
    return {kind, 0, own.drop_front().str()};
  return {};
}

} // namespace

/// All that the kernels depend on; empty where they are not shared before they are built. Declares
/// what is sent to.
std::string ProgramBuilder::eventStructure(EventBuild &events) {
  ProjectionOp projection = events.projection;
  const Lumping &lumping = events.lumping;
  bool alone =
      !share || defersArrivals(projection) || !projection.getBody().getOps<BindOp>().empty();
  experiment.walk([&](RecordOp record) {
    alone |= record.getProjection() == projection.getSymName(); // some are observed by a kernel
  });
  std::string text;
  llvm::raw_string_ostream os(text);
  os << lumping.kind() << bool(findInit(projection, "delay")) << int(sightOfConnections(projection))
     << seesArrivals(projection) << readsSourceLate(projection)
     << (events.source.op == events.target.op);
  describeNeuron(os, events.source);
  describeNeuron(os, events.target);
  // Where there are values besides events, a delay decides how those that move are read.
  if (os << events.connections.getContinuous() << delaysValues(projection);
      delaysValues(projection))
    for (auto parameter : events.source.system->neuron.getBody().getOps<ParameterOp>())
      os << isAssignedApart(events.source.op, parameter.getSymName());
  os << ' ';
  for (auto parameter : lumping.synapse().getBody().getOps<ParameterOp>())
    os << (projection.getSet().contains(parameter.getSymName()) ? 's'
           : findInit(projection, parameter.getSymName())       ? 'i'
                                                                : '-');
  if (actsByItself(lumping))
    for (const StatePlacement &place : lumping.states())
      if (place.place == neuro::Placement::Connection)
        connectionState(projection, place);
  for (const Arrival &arrival : lumping.arrivals()) {
    if (!arrival.factors)
      return "";
    Jump &jump = jumpFor(events.target, lumping, arrival);
    sim::AccumulatorOp sum = jump.accumulator;
    sentTo.insert(sum);
    // A kernel reads each datum through one field, so it matters which sums are the same.
    os << ' ' << (llvm::find(events.sums, sum) - events.sums.begin())
       << capOnce(jump, projection, arrival, lumping);
    events.sums.push_back(sum);
  }
  if (!alone && actsByItself(lumping) && lumping.isStepped()) {
    llvm::StringMap<Method> methods = connectionMethods(events.target, lumping);
    for (const StatePlacement &place : lumping.states())
      os << ' ' << int(methods.lookup(StateOp(place.state).getSymName()));
  }
  return alone ? "" : text;
}

/// The role of what a field of a kernel is bound to, or none.
EventRole ProgramBuilder::roleOf(EventBuild &events, sim::FieldOp field, Attribute bound) {
  StringRef owner = events.projection.getSymName();
  if (field.getKind() == sim::FieldKind::Key) {
    EventRole role;
    events.lumping.synapse().walk([&](ReleaseOp release) {
      std::string purpose = releasePurpose(release);
      if (uint32_t(cast<IntegerAttr>(bound).getInt()) == randomKey(owner, purpose))
        role = {Kind::Chance, 0, purpose};
    });
    return role;
  }
  auto symbol = dyn_cast<FlatSymbolRefAttr>(bound);
  if (!symbol)
    return {};
  StringRef name = symbol.getValue();
  EventRole own;
  if (StringRef rest = name; rest.consume_front(owner) && rest.consume_front("."))
    own = {Kind::Own, 0, rest.str()};
  switch (field.getKind()) {
  case sim::FieldKind::Rows:
    return {Kind::Connections, 0, ""};
  case sim::FieldKind::History:
    return {Kind::Targets, 0, ""};
  case sim::FieldKind::Ring:
    return sumNamed(name, events.sums);
  case sim::FieldKind::Connection:
    return own;
  case sim::FieldKind::Target:
    return variableNamed(name, events.target, Kind::Target);
  case sim::FieldKind::Past: {
    StringRef present = name;
    if (!present.consume_back(pastSuffix))
      return {};
    EventRole source = variableNamed(present, events.source, Kind::Source);
    source.name += source.kind == Kind::None ? "" : pastSuffix.str();
    return source;
  }
  case sim::FieldKind::Source:
  case sim::FieldKind::Uniform: {
    if (name == dt.getSymName())
      return {Kind::Timestep, 0, ""};
    if (EventRole sum = sumNamed(name, events.sums); sum.kind != Kind::None)
      return sum;
    if (own.kind != Kind::None)
      return own;
    EventRole source = variableNamed(name, events.source, Kind::Source);
    return source.kind != Kind::None ? source : variableNamed(name, events.target, Kind::Target);
  }
  default:
    return {};
  }
}

/// What has a role for a projection; made, if nothing needed it yet.
Attribute ProgramBuilder::dataOf(EventBuild &events, const EventRole &role) {
  ProjectionOp projection = events.projection;
  auto symbolOf = [](auto op) { return FlatSymbolRefAttr::get(op.getSymNameAttr()); };
  auto variable = [&](PopulationBuild &p) -> Attribute {
    StringRef name = role.name;
    bool past = name.consume_back(pastSuffix);
    sim::ArrayOp array = name == "#index"        ? indexArray(p)
                         : name == "#last_spike" ? spikeMemory(p, name)
                                                 : p.arrays.lookup(name);
    if (array && past)
      array = pastOf(p, array);
    return array ? symbolOf(array) : Attribute();
  };
  switch (role.kind) {
  case Kind::None:
    return nullptr;
  case Kind::Timestep:
    return symbolOf(dt);
  case Kind::Connections:
    return symbolOf(projection);
  case Kind::Targets:
    return symbolOf(events.target.op);
  case Kind::Chance:
    return data.getI32IntegerAttr(
        static_cast<int32_t>(randomKey(projection.getSymName(), role.name)));
  case Kind::Source:
    return variable(events.source);
  case Kind::Target:
    return variable(events.target);
  case Kind::Sum: {
    sim::AccumulatorOp sum = events.sums[role.index];
    return role.name == "scale"   ? sum.getScaleAttr()
           : role.name == "limit" ? sum.getLimitAttr()
                                  : symbolOf(sum);
  }
  case Kind::Own: {
    StringRef name = role.name;
    if (name == "#arrived" || name.ends_with("#before"))
      return symbolOf(connectionMemory(projection, name));
    if (name.consume_back("#after"))
      return symbolOf(valueAfterSpike(projection, name));
    if (find<ParameterOp>(events.lumping.synapse(), name))
      return symbolOf(ownedParameter(projection, name));
    auto declared = find<StateOp>(events.lumping.synapse(), name);
    if (!declared)
      return nullptr;
    for (const StatePlacement &place : events.lumping.states())
      if (place.state == declared && place.place == neuro::Placement::Connection)
        return symbolOf(connectionState(projection, place));
    return symbolOf(sourceState(projection, name));
  }
  }
  return nullptr;
}

/// Keeps what was built for the projections that come after, unless something has no role.
void ProgramBuilder::rememberEvents(EventBuild &events, StringRef key) {
  SharedEvents shared;
  // They stand at the ends of their parts.
  for (OpBuilder *part : {&delivers, &settles, &gathers}) {
    size_t before = shared.launches.size();
    for (Operation *op = part->getInsertionPoint()->getPrevNode(); op; op = op->getPrevNode()) {
      auto launch = dyn_cast<sim::LaunchInterface>(op);
      if (!launch || launch.overName() != events.connections.getSymName())
        break;
      shared.launches.insert(shared.launches.begin() + before, op);
    }
  }
  for (Operation *op : shared.launches) {
    auto launch = cast<sim::LaunchInterface>(op);
    auto kernel = kernelsByName.lookup(launch.kernelName());
    auto &roles = shared.roles.emplace_back();
    for (auto [field, bound] :
         llvm::zip(kernel.getBody().getOps<sim::FieldOp>(), launch.bindings())) {
      roles.push_back(roleOf(events, field, bound));
      if (dataOf(events, roles.back()) != bound)
        return;
    }
  }
  sharedEvents[key] = std::move(shared);
}

/// Binds kernels that were built for another projection to the data of this one.
void ProgramBuilder::reuseEvents(EventBuild &events, const SharedEvents &shared) {
  for (auto [op, roles] : llvm::zip(shared.launches, shared.roles)) {
    SmallVector<Attribute> bind;
    for (const EventRole &role : roles)
      bind.push_back(dataOf(events, role));
    OpBuilder &part = isa<sim::DeliverOp, sim::HandleOp>(op) ? delivers
                      : isa<sim::SettleOp, sim::TimerOp>(op) ? settles
                                                             : gathers;
    Operation *made = part.clone(*op);
    made->setLoc(events.projection.getLoc());
    made->setAttr("over", FlatSymbolRefAttr::get(events.connections.getSymNameAttr()));
    made->setAttr("bind", part.getArrayAttr(bind));
  }
}

LogicalResult ProgramBuilder::buildEvents(EventBuild &events) {
  std::string key = eventStructure(events);
  if (auto known = sharedEvents.find(key); known != sharedEvents.end()) {
    reuseEvents(events, known->second);
    return success();
  }
  remark::analysis(events.projection.getLoc(),
                   remark::RemarkOpts::name("kernels").category("neuro-to-sim"))
      << remark::metric("builds the events of", events.projection.getSymName());
  if (failed(actsByItself(events.lumping)
                 ? handle(events.connections, events.target, events.lumping)
                 : deliver(events.connections, events.target, events.lumping)))
    return failure();
  if (!key.empty())
    rememberEvents(events, key);
  return success();
}
