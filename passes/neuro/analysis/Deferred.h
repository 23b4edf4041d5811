//===- Deferred.h - what waits at connections for the delay to pass (S2) ---===//
//
// Statements of `on pre` change states that live at the target when the event arrives, with what
// they have read at the synapse when that saw the spike. Where each connection has such a state for
// itself, what was read must wait with it.
//
//===----------------------------------------------------------------------===//
#ifndef SYNFIRE_PASSES_NEURO_ANALYSIS_DEFERRED_H
#define SYNFIRE_PASSES_NEURO_ANALYSIS_DEFERRED_H

#include "passes/neuro/analysis/Model.h"

#include "llvm/ADT/SetVector.h"

namespace synfire::neuro {

/// A statement of `on pre` that runs when the event arrives, on a state of the connection.
struct Deferred {
  mlir::Operation *statement;
  /// What is added does not depend on the moment of the arrival: it waits as one number.
  bool isSum;
  /// Otherwise, the reads that are latched; that the event comes is told by another number.
  llvm::SmallVector<mlir::Operation *> latched;
};

/// Those that change one of `states`, which live at the target, in order.
llvm::SmallVector<Deferred> deferredStatements(SynapseOp synapse,
                                               const llvm::SetVector<llvm::StringRef> &states);

/// Why they cannot wait; empty where they can.
std::string whyNotDeferred(SynapseOp synapse, const llvm::SetVector<llvm::StringRef> &states);

} // namespace synfire::neuro

#endif // SYNFIRE_PASSES_NEURO_ANALYSIS_DEFERRED_H
