//===- ChooseSolvers.cpp - a solver for every state, with its reason (X1) ---===//
#include "passes/neuro/Passes.h"
#include "passes/neuro/analysis/SolverChoice.h"

namespace synfire::neuro {
#define GEN_PASS_DEF_NEUROCHOOSESOLVERS
#include "passes/neuro/Passes.h.inc"
} // namespace synfire::neuro

using namespace mlir;
using namespace synfire::neuro;

namespace {

struct NeuroChooseSolversPass
    : synfire::neuro::impl::NeuroChooseSolversBase<NeuroChooseSolversPass> {
  void runOnOperation() override {
    SolverAnalyses known;
    WalkResult walked = getOperation().walk([&](PopulationOp population) {
      if (population.getSolve())
        return WalkResult::advance();
      FailureOr<SmallVector<SolutionAttr>> solutions = chooseSolvers(population, known);
      if (failed(solutions))
        return WalkResult::interrupt();
      SmallVector<Attribute> attributes(solutions->begin(), solutions->end());
      population.setSolveAttr(ArrayAttr::get(&getContext(), attributes));
      return WalkResult::advance();
    });
    if (walked.wasInterrupted())
      signalPassFailure();
  }
};

} // namespace
