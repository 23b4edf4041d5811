//===- RelayAxons.h - synapses behind an axonal delay (G3) ---===//
#ifndef SYNFIRE_PASSES_NEURO_TO_SIM_RELAYAXONS_H
#define SYNFIRE_PASSES_NEURO_TO_SIM_RELAYAXONS_H

#include "dialects/neuro/Neuro.h"

namespace synfire {

/// Puts relays behind the axonal parts of delays, where the synapse acts on what it sees.
/// Projections from one source with the same axonal part share them.
void relayAxons(neuro::CircuitOp circuit);

/// The population whose spikes a population of relays passes on; null for any other one.
neuro::PopulationOp relayedBy(neuro::PopulationOp population);

} // namespace synfire

#endif // SYNFIRE_PASSES_NEURO_TO_SIM_RELAYAXONS_H
