//===- RelayAxons.h - synapses behind an axonal delay (G3) ---===//
#ifndef SYNFIRE_PASSES_NEURO_TO_SIM_RELAYAXONS_H
#define SYNFIRE_PASSES_NEURO_TO_SIM_RELAYAXONS_H

#include "dialects/neuro/Neuro.h"
#include "dialects/sim/Sim.h"

namespace synfire {

/// Puts relays behind the axonal parts of delays, where the synapse acts on what it sees.
/// Projections from one source with the same axonal part share them. Where each connection sees a
/// spike at a time of its own, or as its time begins, marks the projection with its sight.
void relayAxons(neuro::CircuitOp circuit);

/// When the connections of a projection see spikes; this and the next ones after `relayAxons`.
sim::Sight sightOfConnections(neuro::ProjectionOp projection);
/// Whether its spikes are seen when the whole delay has passed, after all that the cells do then.
bool seesArrivals(neuro::ProjectionOp projection);
/// Whether handlers of its spikes read values of the source when the synapse sees them, which is
/// not when they are fired.
bool readsSourceLate(neuro::ProjectionOp projection);
/// Whether what its spikes change at the arrival waits at each connection (Deferred.h).
bool defersArrivals(neuro::ProjectionOp projection);

/// The population whose spikes a population of relays passes on; null for any other one.
neuro::PopulationOp relayedBy(neuro::PopulationOp population);

} // namespace synfire

#endif // SYNFIRE_PASSES_NEURO_TO_SIM_RELAYAXONS_H
