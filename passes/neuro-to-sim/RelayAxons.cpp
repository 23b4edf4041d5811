//===- RelayAxons.cpp - synapses behind an axonal delay (G3) ---===//
//
// A synapse sees a spike of its source when the axonal part of the delay has passed. A relay of
// each source fires at that time, and the rest of the delay follows it: so connections with states
// of their own, rules included, need to know of no other time than that of the spikes that they
// get. Where events change states that each connection has for itself and contributions read, they
// do so when they arrive (S2): the relay fires then.
//
// Where axonal parts differ, or nothing of the delay is left when a spike is seen, the spike waits
// for the connections instead (sim.connections, `sight`).
//
//===----------------------------------------------------------------------===//
#include "passes/neuro-to-sim/RelayAxons.h"

#include "passes/neuro/analysis/AxonalDelay.h"
#include "passes/neuro/analysis/Lumping.h"

#include "mlir/Parser/Parser.h"

using namespace mlir;
using namespace synfire;
using namespace synfire::neuro;

namespace {

constexpr StringLiteral relayType = "#axon", conductionType = "#conduction";
// Marks of projections.
constexpr StringLiteral sightMark = "sight", arrivalMark = "sees_arrivals", lateMark = "reads_late",
                        deferMark = "defers";

constexpr StringLiteral declarations = R"mlir(
neuro.neuron @"#axon" {
  neuro.state @arrived = 0.0 "1"
  neuro.spike at_or_above {
    %arrived = neuro.get @arrived
    %half = arith.constant 0.5 : f64
    neuro.yield %arrived, %half : f64, f64
  } do {
    %none = arith.constant 0.0 : f64
    neuro.set @arrived, %none
  }
}
neuro.synapse @"#conduction" {
  neuro.on pre {
    %one = arith.constant 1.0 : f64
    neuro.add post @arrived, %one
  }
}
)mlir";

/// Whether handlers of its spikes read values of the source.
bool readsSource(SynapseOp synapse) {
  bool reads = false;
  for (auto on : synapse.getBody().getOps<OnOp>())
    on.walk(
        [&](GetOp get) { reads |= on.getTrigger() == Trigger::Pre && get.getSide() == Side::Pre; });
  return reads;
}

/// Whether something happens when the synapse sees a spike, beside sending what never changes.
bool actsAtSynapse(ProjectionOp projection, const Lumping &lumping) {
  bool changes = false;
  projection->getParentOfType<ModuleOp>().walk([&](AssignOp assign) {
    auto changed = assign.getProjection();
    changes |= changed && changed->getRootReference() == projection.getSymNameAttr();
  });
  if (changes)
    return true;
  SynapseOp synapse = lumping.synapse();
  return readsSource(synapse) || lumping.hasPostHandlers() ||
         !synapse.getBody().getOps<EveryOp>().empty() ||
         llvm::any_of(lumping.states(), [](const StatePlacement &placement) {
           return placement.place != Placement::Target;
         });
}

/// Whether events change states of connections when they arrive.
bool arriveOnConnections(const Lumping &lumping) {
  auto atTarget = targetSideStates(lumping.synapse());
  return llvm::any_of(lumping.states(), [&](const StatePlacement &placement) {
    return placement.place == Placement::Connection &&
           atTarget.contains(StateOp(placement.state).getSymName());
  });
}

void declareRelays(ModuleOp module) {
  if (module.lookupSymbol(relayType))
    return;
  auto parsed = parseSourceString<ModuleOp>(declarations, module.getContext());
  auto &into = module.getBody()->getOperations();
  into.splice(into.begin(), parsed->getBody()->getOperations());
}

/// Lets the projection come from relays, which fire after the axonal part.
void relay(ProjectionOp projection, DelayParts parts) {
  declareRelays(projection->getParentOfType<ModuleOp>());
  PopulationOp source = sourceOf(projection);
  std::string name =
      fmt::format("{}:{}:{}", relayType.str(), source.getSymName().str(), parts.axonal);
  OpBuilder b(projection);
  auto delayOf = [&](int64_t steps) { return b.getF64FloatAttr(double(steps) * parts.step); };
  auto reference = [&](StringRef population, ArrayRef<int64_t> elements) {
    return RefAttr::get(b.getContext(), FlatSymbolRefAttr::get(b.getContext(), population),
                        elements, StringAttr());
  };
  if (!findPopulation(projection, name)) {
    b.setInsertionPointAfter(source);
    auto relays = PopulationOp::create(b, projection.getLoc(), name, relayType, source.getSize(),
                                       b.getDictionaryAttr({}), b.getArrayAttr({}), ArrayAttr());
    relays.getBody().emplaceBlock();
    b.setInsertionPoint(projection);
    auto conduction = ProjectionOp::create(
        b, projection.getLoc(), name + "<-", reference(source.getSymName(), {}),
        reference(name, {}), conductionType, ConnectRule::OneToOne, b.getDictionaryAttr({}),
        FlatSymbolRefAttr(), b.getDictionaryAttr(b.getNamedAttr("delay", delayOf(parts.axonal))),
        FloatAttr(), StringAttr(), IntegerAttr());
    conduction.getBody().emplaceBlock();
  }
  NamedAttrList set(projection.getSet());
  set.set("delay", delayOf(parts.dendritic));
  projection.setSetAttr(set.getDictionary(b.getContext()));
  projection.removeDendriticFractionAttr();
  projection.setSourceAttr(reference(name, projection.getSource().getElements()));
}

} // namespace

void synfire::relayAxons(CircuitOp circuit) {
  SmallVector<ProjectionOp> projections(circuit.getBody().getOps<ProjectionOp>());
  LumpingCache known;
  Builder b(circuit.getContext());
  for (ProjectionOp projection : projections) {
    if (!hasEvents(projection))
      continue;
    Lumping lumping(projection, &known);
    Sight sight = sightOf(projection);
    auto parts = delayParts(projection);
    auto mark = [&](StringRef name, sim::Sight what) {
      projection->setAttr(sightMark, sim::SightAttr::get(b.getContext(), what));
      if (!name.empty())
        projection->setAttr(name, b.getUnitAttr());
    };
    if (lumping.defersArrivals())
      projection->setAttr(deferMark, b.getUnitAttr());
    if (sight != Sight::First && arriveOnConnections(lumping) && !lumping.defersArrivals()) {
      if (parts)
        relay(projection, {parts->axonal + parts->dendritic, 1, parts->step});
      else
        mark(arrivalMark, sim::Sight::Delayed);
    } else if (sight != Sight::AtOnce && actsAtSynapse(projection, lumping)) {
      if (readsSource(lumping.synapse()))
        projection->setAttr(lateMark, b.getUnitAttr());
      if (sight == Sight::Relayed)
        relay(projection, *parts);
      else
        mark("", sight == Sight::First ? sim::Sight::First : sim::Sight::Delayed);
    }
  }
}

sim::Sight synfire::sightOfConnections(ProjectionOp projection) {
  auto sight = projection->getAttrOfType<sim::SightAttr>(sightMark);
  return sight ? sight.getValue() : sim::Sight::AtSource;
}

bool synfire::seesArrivals(ProjectionOp projection) { return projection->hasAttr(arrivalMark); }

bool synfire::readsSourceLate(ProjectionOp projection) { return projection->hasAttr(lateMark); }

bool synfire::defersArrivals(ProjectionOp projection) { return projection->hasAttr(deferMark); }

PopulationOp synfire::relayedBy(PopulationOp population) {
  if (population.getNeuron() != relayType)
    return PopulationOp();
  for (auto projection : population->getBlock()->getOps<ProjectionOp>())
    if (projection.getSynapse() == conductionType &&
        projection.getTarget().getPopulation().getValue() == population.getSymName())
      return sourceOf(projection);
  return PopulationOp();
}
