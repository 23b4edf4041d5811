//===- RelayAxons.h - synapses behind an axonal delay (G3) ---===//
#ifndef SYNFIRE_PASSES_NEURO_TO_SIM_RELAYAXONS_H
#define SYNFIRE_PASSES_NEURO_TO_SIM_RELAYAXONS_H

#include "dialects/neuro/Neuro.h"

namespace synfire {

/// An attribute of a population of relays: whose spikes they pass on.
constexpr llvm::StringLiteral relayedName = "relayed";

/// Puts relays behind the axonal parts of delays, where the synapse acts on what it sees.
/// Projections from one source with the same axonal part share them.
void relayAxons(neuro::CircuitOp circuit);

} // namespace synfire

#endif // SYNFIRE_PASSES_NEURO_TO_SIM_RELAYAXONS_H
