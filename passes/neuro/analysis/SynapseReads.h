//===- SynapseReads.h - what expressions of a synapse read, and statements change ---===//
#ifndef SYNFIRE_PASSES_NEURO_ANALYSIS_SYNAPSEREADS_H
#define SYNFIRE_PASSES_NEURO_ANALYSIS_SYNAPSEREADS_H

#include "passes/neuro/analysis/Model.h"

#include "llvm/ADT/SetVector.h"

namespace synfire::neuro {

/// Calls `fn` for every read op of a block, looking through lets of the synapse.
void forEachRead(SynapseOp synapse, mlir::Block &body,
                 llvm::function_ref<void(mlir::Operation *)> fn);

/// Whether a block reads one of these variables of the connection itself.
bool readsAny(SynapseOp synapse, mlir::Block &body, const llvm::SetVector<llvm::StringRef> &names);

/// The value stated for a statement that changes a state of the connection itself, and its name.
struct Change {
  mlir::Operation *statement;
  std::string name;
  mlir::Value amount;
  bool adds;
};
std::optional<Change> selfChange(mlir::Operation *op);

/// The reads that a value is computed from.
llvm::SmallVector<mlir::Operation *> readsOf(mlir::Value root);

} // namespace synfire::neuro

#endif // SYNFIRE_PASSES_NEURO_ANALYSIS_SYNAPSEREADS_H
