//===- InvertDivisors.cpp - sim-invert-divisors ---===//
#include "dialects/sim/Sim.h"
#include "passes/sim/Kernels.h"
#include "passes/sim/MathExpansion.h"
#include "passes/sim/Passes.h"
#include "passes/sim/Rates.h"

namespace synfire::sim {
#define GEN_PASS_DEF_SIMINVERTDIVISORSPASS
#include "passes/sim/Passes.h.inc"
} // namespace synfire::sim

using namespace mlir;
using namespace synfire::sim;

namespace {

void invertDivisors(KernelOp kernel) {
  Rates rates(kernel);
  SmallVector<arith::DivFOp> quotients;
  kernel.walk([&](arith::DivFOp op) {
    if (rates.isUniform(op.getRhs()) && !rates.isUniform(op.getLhs()))
      quotients.push_back(op);
  });
  llvm::DenseMap<Value, Value> reciprocals;
  for (arith::DivFOp quotient : quotients) {
    Value divisor = quotient.getRhs();
    Value &reciprocal = reciprocals[divisor];
    if (!reciprocal) {
      ImplicitLocOpBuilder b(quotient.getLoc(), quotient);
      b.setInsertionPointAfterValue(divisor);
      reciprocal = arith::DivFOp::create(b, floatConstantLike(b, divisor, 1.0), divisor);
    }
    ImplicitLocOpBuilder b(quotient.getLoc(), quotient);
    quotient.replaceAllUsesWith(
        arith::MulFOp::create(b, quotient.getLhs(), reciprocal).getResult());
    quotient.erase();
  }
}

struct SimInvertDivisorsPass
    : synfire::sim::impl::SimInvertDivisorsPassBase<SimInvertDivisorsPass> {
  void runOnOperation() override { forEachStepKernel(getOperation(), invertDivisors); }
};

} // namespace
