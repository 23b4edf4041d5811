//===- Reads.h - what the code of a synapse reads ---===//
#ifndef SYNFIRE_PASSES_NEURO_ANALYSIS_READS_H
#define SYNFIRE_PASSES_NEURO_ANALYSIS_READS_H

#include "passes/neuro/analysis/Model.h"

namespace synfire::neuro {

/// Calls `fn` for every read in a block of a synapse, looking through lets.
void forEachRead(SynapseOp synapse, mlir::Block &body,
                 llvm::function_ref<void(mlir::Operation *)> fn);

} // namespace synfire::neuro

#endif // SYNFIRE_PASSES_NEURO_ANALYSIS_READS_H
