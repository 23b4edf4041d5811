//===- Pipelines.cpp - the pipelines of the neuro level ---===//
#include "passes/neuro/Pipelines.h"

#include "passes/neuro/Passes.h"

using namespace mlir;
using namespace synfire::neuro;

void synfire::neuro::buildPreparePipeline(OpPassManager &pm, const PrepareOptions &options) {
  // Flat names first: every later pass knows one level of names only.
  pm.addPass(createNeuroFlattenCompartments());
  pm.addPass(createNeuroCheckConstraints());
  // Rules read what the synapse declares, so lets come after.
  pm.addPass(createNeuroAttachRules());
  // What priors say holds for whatever a rule does; a connection that is not there has no weight.
  pm.addPass(createNeuroEnforceLimits());
  pm.addPass(createNeuroLowerStructure());
  pm.addPass(createNeuroInlineLets());
  // Amounts are whole expressions now, of which each takes the factors of the weight that it reads.
  pm.addPass(createNeuroHoldFactors());
  if (options.proveLimits)
    pm.addPass(createNeuroProveLimits());
  // Beyond this point equations stand by themselves.
  pm.addPass(createNeuroRemoveSingularities());
  pm.addPass(createNeuroResolveSteady());
  pm.addPass(createNeuroRoundTimes());
  pm.addPass(createNeuroReadFrames());
  if (options.checkSupported)
    pm.addPass(createNeuroCheckSupported());
  // The solver choice needs final equations: it comes last.
  pm.addPass(createNeuroChooseSolvers());
  pm.addPass(createNeuroVerifyPrepared());
}

void synfire::neuro::registerNeuroPipelines() {
  registerNeuroPasses();
  PassPipelineRegistration<PrepareOptions>(
      "neuro-prepare", "settles everything that shows in the answers of a model",
      buildPreparePipeline);
}
