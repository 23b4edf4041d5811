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
    for (auto circuit : getOperation().getOps<CircuitOp>()) {
      SolverAnalyses known(circuit);
      for (auto population : circuit.getBody().getOps<PopulationOp>()) {
        if (population.getSolve())
          continue;
        FailureOr<SmallVector<SolutionAttr>> solutions = chooseSolvers(population, known);
        if (failed(solutions))
          return signalPassFailure();
        SmallVector<Attribute> attributes(solutions->begin(), solutions->end());
        population.setSolveAttr(ArrayAttr::get(&getContext(), attributes));
      }
    }
  }
};

} // namespace
