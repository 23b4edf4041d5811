//===- Pipelines.h - the pipelines of the neuro level ---===//
#ifndef SYNFIRE_PASSES_NEURO_PIPELINES_H
#define SYNFIRE_PASSES_NEURO_PIPELINES_H

#include "mlir/Pass/PassManager.h"
#include "mlir/Pass/PassOptions.h"

namespace synfire::neuro {

/// Options of `neuro-prepare`.
struct PrepareOptions : mlir::PassPipelineOptions<PrepareOptions> {
  Option<bool> checkSupported{*this, "check-supported",
                              llvm::cl::desc("refuse what no target can lower yet"),
                              llvm::cl::init(true)};
  Option<bool> proveLimits{*this, "prove-limits",
                           llvm::cl::desc("remove limits of weights that no rule can break"),
                           llvm::cl::init(true)};
};

/// From what a front end emits to a model in which everything that shows in the answers is settled:
/// flat neurons, start values, finite equations, solvers.
void buildPreparePipeline(mlir::OpPassManager &pm, const PrepareOptions &options);

/// Makes the passes and pipelines of this level known to synfire-opt.
void registerNeuroPipelines();

} // namespace synfire::neuro

#endif // SYNFIRE_PASSES_NEURO_PIPELINES_H
