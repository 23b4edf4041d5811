//===- ExpandFixed.cpp - sim-expand-fixed ---===//
//
// A target with floating-point arrays holds fixed-point values exactly: they have fewer bits than a
// mantissa, and a factor that is a power of two changes none of them.
//
//===----------------------------------------------------------------------===//
#include "dialects/sim/Sim.h"
#include "passes/sim/Kernels.h"
#include "passes/sim/Passes.h"

#include "mlir/IR/Builders.h"

#include <cmath>

namespace synfire::sim {
#define GEN_PASS_DEF_SIMEXPANDFIXEDPASS
#include "passes/sim/Passes.h.inc"
} // namespace synfire::sim

using namespace mlir;
using namespace synfire::sim;

namespace {

Value scaled(OpBuilder &b, Location loc, Value value, int64_t exponent) {
  if (exponent == 0)
    return value;
  auto type = cast<FloatType>(value.getType());
  Value factor =
      arith::ConstantOp::create(b, loc, FloatAttr::get(type, std::ldexp(1.0, int(exponent))));
  return arith::MulFOp::create(b, loc, value, factor);
}

void expand(FixedOp op) {
  OpBuilder b(op);
  Value value = scaled(b, op.getLoc(), op.getValue(), op.getFraction());
  Value rounded = RoundOp::create(b, op.getLoc(), op.getType(), value, FlatSymbolRefAttr());
  op.replaceAllUsesWith(rounded);
  op.erase();
}

void expand(RealOp op) {
  OpBuilder b(op);
  Value value = arith::SIToFPOp::create(b, op.getLoc(), op.getType(), op.getValue());
  value = scaled(b, op.getLoc(), value, -int64_t(op.getFraction()));
  op.replaceAllUsesWith(value);
  op.erase();
}

void expand(SaturateOp op) {
  OpBuilder b(op);
  Type type = op.getType();
  int64_t most = int64_t((uint64_t(1) << (op.getBits() - 1)) - 1);
  auto limit = [&](int64_t value) {
    return arith::ConstantOp::create(b, op.getLoc(), b.getIntegerAttr(type, value));
  };
  Value low = arith::MaxSIOp::create(b, op.getLoc(), op.getValue(), limit(-most - 1));
  op.replaceAllUsesWith(arith::MinSIOp::create(b, op.getLoc(), low, limit(most)).getResult());
  op.erase();
}

struct SimExpandFixedPass : synfire::sim::impl::SimExpandFixedPassBase<SimExpandFixedPass> {
  void runOnOperation() override {
    forEachKernel(getOperation(), [](KernelOp kernel) {
      kernel.walk([](Operation *op) {
        if (auto fixed = dyn_cast<FixedOp>(op))
          expand(fixed);
        else if (auto real = dyn_cast<RealOp>(op))
          expand(real);
        else if (auto saturate = dyn_cast<SaturateOp>(op))
          expand(saturate);
      });
    });
  }
};

} // namespace
