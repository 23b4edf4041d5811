//===- StrengthReduce.cpp - rtl-strength-reduce ---===//
#include "dialects/rtl/Multiplier.h"
#include "dialects/rtl/Rtl.h"
#include "passes/rtl/Passes.h"

#include "mlir/IR/Matchers.h"

namespace synfire::rtl {
#define GEN_PASS_DEF_RTLSTRENGTHREDUCEPASS
#include "passes/rtl/Passes.h.inc"
} // namespace synfire::rtl

using namespace mlir;
using namespace synfire;

namespace {

/// A digit of a number: plus or minus 2^place.
struct Digit {
  unsigned place;
  bool negative;
};

/// The canonical signed digits of a number modulo 2^width, lowest first.
SmallVector<Digit> canonicalDigits(const APInt &number) {
  SmallVector<Digit> digits;
  // A bit more, for the carry.
  APInt rest = number.zext(number.getBitWidth() + 2);
  for (unsigned place = 0; place != number.getBitWidth() && !rest.isZero(); ++place) {
    if (rest[0]) {
      bool negative = rest[1]; // ends in 11: -1 here, and 1 further up
      digits.push_back({place, negative});
      negative ? ++rest : --rest;
    }
    rest.lshrInPlace(1);
  }
  return digits;
}

/// The sum of a word times each digit.
Value sumOfShifts(OpBuilder &builder, Location loc, Value word, SmallVector<Digit> digits) {
  auto term = [&](const Digit &digit) -> Value {
    if (digit.place == 0)
      return word;
    Value amount = arith::ConstantOp::create(builder, loc,
                                             builder.getIntegerAttr(word.getType(), digit.place));
    return arith::ShLIOp::create(builder, loc, word, amount);
  };
  // A positive one first saves a negation; from the highest on, as the text is read.
  llvm::sort(digits, [](const Digit &a, const Digit &b) {
    return a.negative != b.negative ? b.negative : a.place > b.place;
  });
  Value sum;
  if (digits.empty() || digits.front().negative)
    sum = arith::ConstantOp::create(builder, loc, builder.getIntegerAttr(word.getType(), 0));
  for (const Digit &digit : digits) {
    if (!sum)
      sum = term(digit);
    else if (digit.negative)
      sum = arith::SubIOp::create(builder, loc, sum, term(digit));
    else
      sum = arith::AddIOp::create(builder, loc, sum, term(digit));
  }
  return sum;
}

struct RtlStrengthReducePass : rtl::impl::RtlStrengthReducePassBase<RtlStrengthReducePass> {
  using RtlStrengthReducePassBase::RtlStrengthReducePassBase;

  void reduce(arith::MulIOp op) {
    if (op->hasAttr(rtl::multiplierAttribute))
      return;
    Value word = op.getLhs(), factor = op.getRhs();
    if (matchPattern(word, m_Constant()))
      std::swap(word, factor);
    APInt number;
    if (!matchPattern(factor, m_ConstantInt(&number)))
      return;
    SmallVector<Digit> found = canonicalDigits(number);
    if (found.size() > digits)
      return;
    OpBuilder builder(op);
    op.replaceAllUsesWith(sumOfShifts(builder, op.getLoc(), word, found));
    op.erase();
  }

  void runOnOperation() override {
    getOperation()->walk(
        [&](rtl::ModuleOp module) { module.walk([&](arith::MulIOp op) { reduce(op); }); });
  }
};

} // namespace
