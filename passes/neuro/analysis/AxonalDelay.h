//===- AxonalDelay.h - what of a delay lies before the synapse (G2, G3) ---===//
#ifndef SYNFIRE_PASSES_NEURO_ANALYSIS_AXONALDELAY_H
#define SYNFIRE_PASSES_NEURO_ANALYSIS_AXONALDELAY_H

#include "passes/neuro/analysis/Sharing.h"

#include "llvm/ADT/SetVector.h"

namespace synfire::neuro {

/// The two parts of a delay, in steps of the first run.
struct DelayParts {
  int64_t axonal = 0, dendritic = 0;
  double step = 0.1; ///< ms
};

/// The parts of a projection's delay where all connections have the same; else none.
std::optional<DelayParts> delayParts(ProjectionOp projection);

/// Whether events come along its connections: others have no synapse that sees spikes.
bool hasEvents(ProjectionOp projection);

/// Why the synapses of a projection cannot see its spikes where the axonal part of the delay has
/// passed; empty where they can, or where there is no such part.
std::string whyNotLate(ProjectionOp projection);

/// Why the spikes of a projection cannot be brought to its connections at their arrival, to states
/// at the target that each connection has for itself; empty where they can. `targetSide`: the names
/// of all states that live at the target.
std::string whyNotArriving(ProjectionOp projection, const Sharing &sharing,
                           const llvm::SetVector<llvm::StringRef> &targetSide);

} // namespace synfire::neuro

#endif // SYNFIRE_PASSES_NEURO_ANALYSIS_AXONALDELAY_H
