//===- Pipelines.cpp - the pipelines of the neuro level ---===//
#include "passes/neuro/Pipelines.h"

#include "passes/neuro/Passes.h"

using namespace mlir;
using namespace synfire::neuro;

void synfire::neuro::buildPreparePipeline(OpPassManager &pm, const PrepareOptions &options) {
  pm.addPass(createNeuroInlineLets());
  // The solver choice needs final equations: it comes last.
  pm.addPass(createNeuroChooseSolvers());
}

void synfire::neuro::registerNeuroPipelines() {
  registerNeuroPasses();
  PassPipelineRegistration<PrepareOptions>(
      "neuro-prepare", "settles everything that shows in the answers of a model",
      buildPreparePipeline);
}
