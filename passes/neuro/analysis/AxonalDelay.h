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

/// When the synapses of a projection see the spikes of their sources (G3).
enum class Sight {
  AtOnce,  ///< when they leave: the delay has no axonal part
  Relayed, ///< after one axonal part for all; a dendritic part follows
  Delayed, ///< after axonal parts that differ; dendritic parts follow
  First ///< at the arrival: there is no dendritic part, so it comes before the spikes of its time
};
Sight sightOf(ProjectionOp projection);

/// Whether each connection sees the spikes of its source at a time of its own.
bool seesApart(ProjectionOp projection);

/// Why the spikes of a projection cannot be brought to its connections at their arrival, to states
/// at the target that each connection has for itself; empty where they can. With `Sight::First`
/// that is when the synapse sees them. `targetSide`: the names
/// of all states that live at the target.
std::string whyNotArriving(ProjectionOp projection, const Sharing &sharing,
                           const llvm::SetVector<llvm::StringRef> &targetSide);

} // namespace synfire::neuro

#endif // SYNFIRE_PASSES_NEURO_ANALYSIS_AXONALDELAY_H
