//===- Legalize.cpp - rtl-legalize ---===//
#include "dialects/rtl/Rtl.h"
#include "passes/rtl/Passes.h"

#include "mlir/IR/Matchers.h"

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

/// The larger or smaller of two words is the one that a comparison chooses.
static Value legalizeLimit(OpBuilder &builder, Operation *op, arith::CmpIPredicate predicate) {
  Value left = op->getOperand(0), right = op->getOperand(1);
  Value first = arith::CmpIOp::create(builder, op->getLoc(), predicate, left, right);
  return arith::SelectOp::create(builder, op->getLoc(), first, left, right);
}

/// The order of two bits, without signs: one of them is high, or not, where the other is low.
static Value legalizeOrderOfBits(OpBuilder &builder, arith::CmpIOp op) {
  using P = arith::CmpIPredicate;
  Location loc = op.getLoc();
  Value left = op.getLhs(), right = op.getRhs();
  Value one = arith::ConstantOp::create(builder, loc, builder.getBoolAttr(true));
  auto inverse = [&](Value bit) -> Value { return arith::XOrIOp::create(builder, loc, bit, one); };
  auto both = [&](Value a, Value b) -> Value { return arith::AndIOp::create(builder, loc, a, b); };
  auto any = [&](Value a, Value b) -> Value { return arith::OrIOp::create(builder, loc, a, b); };
  switch (op.getPredicate()) {
  // A sign makes 1 the lower one.
  case P::ult:
  case P::sgt:
    return both(inverse(left), right);
  case P::ugt:
  case P::slt:
    return both(left, inverse(right));
  case P::ule:
  case P::sge:
    return any(inverse(left), right);
  case P::uge:
  case P::sle:
    return any(left, inverse(right));
  case P::eq:
  case P::ne:
    return {};
  }
  llvm_unreachable("all predicates are handled");
}

/// At the lowest or highest number an order is an equality, or known.
static Value legalizeOrderAtLimit(OpBuilder &builder, arith::CmpIOp op) {
  using P = arith::CmpIPredicate;
  APInt limit;
  Value right = op.getRhs();
  while (auto wire = right.getDefiningOp<rtl::WireOp>()) // a name hides nothing from linters
    right = wire.getValue();
  if (!matchPattern(right, m_ConstantInt(&limit)) || !(limit.isZero() || limit.isAllOnes()))
    return {};
  auto compare = [&](P predicate) -> Value {
    return arith::CmpIOp::create(builder, op.getLoc(), predicate, op.getLhs(), op.getRhs());
  };
  auto known = [&](bool value) -> Value {
    return arith::ConstantOp::create(builder, op.getLoc(), builder.getBoolAttr(value));
  };
  switch (op.getPredicate()) {
  case P::ult:
    return limit.isZero() ? known(false) : compare(P::ne);
  case P::uge:
    return limit.isZero() ? known(true) : compare(P::eq);
  case P::ule:
    return limit.isZero() ? compare(P::eq) : known(true);
  case P::ugt:
    return limit.isZero() ? compare(P::ne) : known(false);
  default:
    return {};
  }
}

/// What an op is replaced by, if it is.
static Value legalize(OpBuilder &builder, Operation *op) {
  if (auto predicate = choiceOf(op))
    return legalizeLimit(builder, op, *predicate);
  auto compare = dyn_cast<arith::CmpIOp>(op);
  if (!compare)
    return {};
  if (rtl::widthOf(compare.getLhs()) == 1)
    return legalizeOrderOfBits(builder, compare);
  return legalizeOrderAtLimit(builder, compare);
}

namespace {

struct RtlLegalizePass : rtl::impl::RtlLegalizePassBase<RtlLegalizePass> {
  void runOnOperation() override {
    getOperation()->walk([](rtl::ModuleOp module) {
      // Larger and smaller first: they become comparisons, which are looked at then.
      for (bool limits : {true, false})
        for (Operation &op : llvm::make_early_inc_range(module.getBody().front())) {
          if (choiceOf(&op).has_value() != limits)
            continue;
          OpBuilder builder(&op);
          if (Value value = legalize(builder, &op)) {
            op.getResult(0).replaceAllUsesWith(value);
            op.erase();
          }
        }
    });
  }
};

} // namespace
