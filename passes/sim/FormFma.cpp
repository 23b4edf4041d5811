//===- FormFma.cpp - sim-form-fma ---===//
#include "dialects/sim/Sim.h"
#include "passes/sim/Kernels.h"
#include "passes/sim/Passes.h"

namespace synfire::sim {
#define GEN_PASS_DEF_SIMFORMFMAPASS
#include "passes/sim/Passes.h.inc"
} // namespace synfire::sim

using namespace mlir;
using namespace synfire::sim;

namespace {

/// The product that an addition may absorb: used nowhere else.
arith::MulFOp productOf(Value value) {
  auto product = value.getDefiningOp<arith::MulFOp>();
  return product && product->hasOneUse() ? product : nullptr;
}

void contract(Operation *op) {
  bool subtracts = isa<arith::SubFOp>(op);
  Value left = op->getOperand(0), right = op->getOperand(1);
  ImplicitLocOpBuilder b(op->getLoc(), op);
  Value result;
  if (auto product = productOf(left)) {
    Value addend = subtracts ? Value(arith::NegFOp::create(b, right)) : right;
    result = math::FmaOp::create(b, product.getLhs(), product.getRhs(), addend);
  } else if (auto product = productOf(right)) {
    Value factor = product.getLhs();
    if (subtracts)
      factor = arith::NegFOp::create(b, factor);
    result = math::FmaOp::create(b, factor, product.getRhs(), left);
  } else {
    return;
  }
  op->getResult(0).replaceAllUsesWith(result);
  op->erase();
}

struct SimFormFmaPass : synfire::sim::impl::SimFormFmaPassBase<SimFormFmaPass> {
  void runOnOperation() override {
    forEachKernel(getOperation(), [](KernelOp kernel) {
      SmallVector<Operation *> sums, products;
      kernel.walk([&](Operation *op) {
        if (isa<arith::AddFOp, arith::SubFOp>(op))
          sums.push_back(op);
        else if (isa<arith::MulFOp>(op))
          products.push_back(op);
      });
      for (Operation *op : sums)
        contract(op);
      for (Operation *op : llvm::reverse(products))
        if (op->use_empty())
          op->erase();
    });
  }
};

} // namespace
