//===- Verify.cpp - sim-verify ---===//
#include "dialects/sim/Sim.h"
#include "passes/sim/Kernels.h"
#include "passes/sim/Passes.h"

#include "mlir/Dialect/SCF/IR/SCF.h"

namespace synfire::sim {
#define GEN_PASS_DEF_SIMVERIFYPASS
#include "passes/sim/Passes.h.inc"
} // namespace synfire::sim

using namespace mlir;
using namespace synfire::sim;

namespace {

/// Math ops that are one correctly rounded instruction, or no rounding at all.
bool isPlain(Operation *op) {
  return isa<math::FmaOp, math::SqrtOp, math::AbsFOp, math::FloorOp, math::CeilOp, math::CopySignOp,
             math::TruncOp, math::RoundEvenOp>(op);
}

struct SimVerifyPass : synfire::sim::impl::SimVerifyPassBase<SimVerifyPass> {
  void runOnOperation() override {
    bool good = true;
    forEachKernel(getOperation(), [&](KernelOp kernel) {
      WalkResult result = kernel.walk([](Operation *op) {
        if (isa<math::MathDialect>(op->getDialect()) && !isPlain(op)) {
          op->emitOpError("is left for a math library; expected `sim-expand-math` to replace it");
          return WalkResult::interrupt();
        }
        if (auto flags = dyn_cast<arith::ArithFastMathInterface>(op)) {
          auto given = flags.getFastMathFlagsAttr(); // some ops may have none at all
          if (given && given.getValue() != arith::FastMathFlags::none) {
            op->emitOpError("has fast-math flags; every rounding of a program is defined");
            return WalkResult::interrupt();
          }
        }
        if (op->getNumRegions() && !isa<KernelOp, RepeatOp, RecallOp, LookupOp>(op)) {
          op->emitOpError("is a loop or branch; kernels are straight-line code over one element");
          return WalkResult::interrupt();
        }
        return WalkResult::advance();
      });
      good &= !result.wasInterrupted();
    });
    if (!good)
      signalPassFailure();
  }
};

} // namespace
