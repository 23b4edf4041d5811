//===- UnnestSelects.cpp - sim-unnest-selects ---===//
//
// Equations hold while a cell is not refractory, and so does what events add to them: each
// statement selects by the same condition. Behind the last of these selects the ones before it
// choose nothing. Nor do those by whether a cell fires choose anything for what its spikes carry.
//
//===----------------------------------------------------------------------===//
#include "dialects/sim/Sim.h"
#include "passes/sim/Kernels.h"
#include "passes/sim/Passes.h"

namespace synfire::sim {
#define GEN_PASS_DEF_SIMUNNESTSELECTSPASS
#include "passes/sim/Passes.h.inc"
} // namespace synfire::sim

using namespace mlir;
using namespace synfire::sim;

namespace {

/// Where \p use is read only if \p condition is \p outcome: what a select by it gives there.
void unnest(OpOperand &use, Value condition, bool outcome) {
  Operation *op = use.get().getDefiningOp();
  if (auto select = dyn_cast_or_null<arith::SelectOp>(op);
      select && select.getCondition() == condition) {
    use.set(outcome ? select.getTrueValue() : select.getFalseValue());
    unnest(use, condition, outcome);
    return;
  }
  // Others may read it on the other side.
  if (!op || !use.get().hasOneUse())
    return;
  if (isa<arith::ArithDialect, math::MathDialect>(op->getDialect()) && isPure(op))
    for (OpOperand &operand : op->getOpOperands())
      unnest(operand, condition, outcome);
}

struct SimUnnestSelectsPass : synfire::sim::impl::SimUnnestSelectsPassBase<SimUnnestSelectsPass> {
  void runOnOperation() override {
    forEachKernel(getOperation(), [](KernelOp kernel) {
      // From the last on, so that what becomes unused goes before it is looked at.
      for (Operation &op : llvm::make_early_inc_range(llvm::reverse(kernel.getBody().front()))) {
        if (auto emit = dyn_cast<EmitOp>(op)) // what a spike carries is read where there is one
          for (OpOperand &value : emit.getPayloadMutable())
            unnest(value, emit.getFires(), true);
        if (auto select = dyn_cast<arith::SelectOp>(op)) {
          if (select->use_empty()) {
            select.erase();
            continue;
          }
          unnest(select.getTrueValueMutable(), select.getCondition(), true);
          unnest(select.getFalseValueMutable(), select.getCondition(), false);
        }
      }
    });
  }
};

} // namespace
