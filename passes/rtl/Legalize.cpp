//===- Legalize.cpp - rtl-legalize ---===//
#include "dialects/rtl/Rtl.h"
#include "passes/rtl/Passes.h"

#include "llvm/ADT/TypeSwitch.h"

namespace synfire::rtl {
#define GEN_PASS_DEF_RTLLEGALIZEPASS
#include "passes/rtl/Passes.h.inc"
} // namespace synfire::rtl

using namespace mlir;
using namespace synfire;

/// The comparison that says whether the first of two words is the one.
static std::optional<arith::CmpIPredicate> choiceOf(Operation *op) {
  using P = arith::CmpIPredicate;
  return llvm::TypeSwitch<Operation *, std::optional<P>>(op)
      .Case([](arith::MaxSIOp) { return P::sgt; })
      .Case([](arith::MinSIOp) { return P::slt; })
      .Case([](arith::MaxUIOp) { return P::ugt; })
      .Case([](arith::MinUIOp) { return P::ult; })
      .Default([](Operation *) { return std::nullopt; });
}

namespace {

struct RtlLegalizePass : rtl::impl::RtlLegalizePassBase<RtlLegalizePass> {
  void runOnOperation() override {
    getOperation()->walk([](rtl::ModuleOp module) {
      for (Operation &op : llvm::make_early_inc_range(module.getBody().front())) {
        std::optional<arith::CmpIPredicate> predicate = choiceOf(&op);
        if (!predicate)
          continue;
        OpBuilder builder(&op);
        Value left = op.getOperand(0), right = op.getOperand(1);
        Value first = arith::CmpIOp::create(builder, op.getLoc(), *predicate, left, right);
        op.getResult(0).replaceAllUsesWith(
            arith::SelectOp::create(builder, op.getLoc(), first, left, right).getResult());
        op.erase();
      }
    });
  }
};

} // namespace
