//===- PostReads.h - what connections remember of the spikes at both ends ---===//
#ifndef SYNFIRE_PASSES_NEURO_TO_SIM_POSTREADS_H
#define SYNFIRE_PASSES_NEURO_TO_SIM_POSTREADS_H

#include "passes/neuro/analysis/Lumping.h"

namespace synfire {

/// What a projection whose connections follow the spikes of their targets needs of those spikes,
/// and of the spikes of its sources, beside their times. A state that lives at one end is known to
/// the other end's handlers by its value after the last spike and by its decay since.
struct PostReads {
  explicit PostReads(const neuro::Lumping &lumping);

  /// Reads in `on post` of states that live at the target, as they were where they stand: carried
  /// by the target's spikes, before `afterPost`.
  llvm::SmallVector<neuro::GetOp> remembered;
  /// States at the target that pre handlers and timers read: their values after the spike.
  llvm::SetVector<llvm::StringRef> afterPost;
  /// States at the source that post handlers read: a spike of the source carries their values
  /// after the spike before.
  llvm::SetVector<llvm::StringRef> afterPre;

  /// Values that a spike of the target carries for the projection.
  unsigned width() const { return remembered.size() + afterPost.size(); }
};

/// True for a synapse state of which the target has the one copy, moved by its spikes.
bool isPostSide(const neuro::Lumping &lumping, llvm::StringRef state);

} // namespace synfire

#endif // SYNFIRE_PASSES_NEURO_TO_SIM_POSTREADS_H
