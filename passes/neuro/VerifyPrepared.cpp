//===- VerifyPrepared.cpp - the border behind neuro-prepare ---===//
#include "passes/neuro/Passes.h"
#include "passes/neuro/analysis/Model.h"

#include "llvm/ADT/StringSet.h"

namespace synfire::neuro {
#define GEN_PASS_DEF_NEUROVERIFYPREPARED
#include "passes/neuro/Passes.h.inc"
} // namespace synfire::neuro

using namespace mlir;
using namespace synfire::neuro;

namespace {

struct NeuroVerifyPreparedPass
    : synfire::neuro::impl::NeuroVerifyPreparedBase<NeuroVerifyPreparedPass> {
  void runOnOperation() override {
    WalkResult walked = getOperation().walk([&](Operation *op) {
      StringRef left = leftOver(op);
      if (left.empty())
        return WalkResult::advance();
      op->emitOpError() << left << "; `neuro-prepare` should have settled it";
      return WalkResult::interrupt();
    });
    if (walked.wasInterrupted())
      signalPassFailure();
  }

private:
  StringRef leftOver(Operation *op) {
    if (isa<CompartmentOp, CoupleOp>(op))
      return "is a compartment's";
    if (auto state = dyn_cast<StateOp>(op); state && state.getSteady())
      return "has no start value";
    if (auto get = dyn_cast<GetOp>(op); get && get.getSide() == Side::Self && readsLet(get))
      return "reads a let";
    if (auto population = dyn_cast<PopulationOp>(op); population && !isSolved(population))
      return "has states without a solver";
    for (StringRef name : {"source", "target"})
      if (auto ref = op->getAttrOfType<RefAttr>(name); ref && ref.getCompartment())
        return "names a compartment";
    return "";
  }

  static bool readsLet(GetOp get) {
    for (Operation *owner = get->getParentOp(); owner; owner = owner->getParentOp())
      if (isa<NeuronOp, SynapseOp, PlasticityOp>(owner))
        return bool(find<LetOp>(owner, variableName(get.getVariable())));
    return false;
  }

  static bool isSolved(PopulationOp population) {
    llvm::StringSet<> solved;
    if (auto solve = population.getSolve())
      for (auto solution : solve->getAsRange<SolutionAttr>())
        solved.insert(solution.getState().getValue());
    for (auto equation : neuronOf(population).getBody().getOps<EquationOp>())
      if (!solved.contains(equation.getState()))
        return false;
    return population.getSolve().has_value();
  }
};

} // namespace
