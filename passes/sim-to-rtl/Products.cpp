//===- Products.cpp ---===//
#include "passes/sim-to-rtl/Products.h"

#include "passes/sim/fixed/Paths.h"

#include "llvm/Support/MathExtras.h"

#include <cmath>

using namespace mlir;
using namespace synfire;

SmallVector<Digit> synfire::digitsOf(int64_t value) {
  SmallVector<Digit> digits;
  bool flipped = value < 0;
  unsigned shift = 0;
  for (uint64_t rest = flipped ? -uint64_t(value) : uint64_t(value); rest; rest >>= 1, ++shift)
    if (rest & 1) {
      bool down = (rest & 2) != 0;
      digits.push_back({shift, down != flipped});
      rest = down ? rest + 1 : rest - 1;
    }
  return digits;
}

std::optional<ConstantProduct> synfire::constantProduct(Operation *op) {
  auto product = dyn_cast_or_null<arith::MulIOp>(op);
  if (!product)
    return std::nullopt;
  for (unsigned k : {0u, 1u})
    if (auto constant = sim::constantOf(product.getOperand(k)); constant && *constant != 0)
      return ConstantProduct{int64_t(*constant), product.getOperand(1 - k)};
  return std::nullopt;
}

bool synfire::fitsMultiplier(int64_t constant) { return llvm::isInt<multiplierBits>(constant); }

std::optional<Rounding> synfire::roundingOf(Operation *op, const Multiplied &multiplied) {
  auto shift = dyn_cast_or_null<arith::ShRSIOp>(op);
  auto sum = shift ? shift.getLhs().getDefiningOp<arith::AddIOp>() : arith::AddIOp();
  auto by = shift ? sim::constantOf(shift.getRhs()) : std::nullopt;
  auto half = sum ? sim::constantOf(sum.getRhs()) : std::nullopt;
  if (!half || !by || *by < 1 || *half != std::exp2(*by - 1))
    return std::nullopt;
  Rounding rounding{sum.getLhs(), unsigned(*by), std::nullopt, false};
  Operation *exact = rounding.exact.getDefiningOp();
  auto product = constantProduct(exact);
  if (!product || !exact->hasOneUse())
    return rounding;
  if (multiplied.contains(exact)) {
    rounding.product = product;
    rounding.addsFactor = !fitsMultiplier(product->constant);
  } else if (auto digits = digitsOf(product->constant);
             digits.size() >= 2 && digits.size() <= mostDigits && !digits.back().negative &&
             digits.back().shift == rounding.by) {
    rounding.product = product;
    rounding.addsFactor = true;
  }
  if (rounding.addsFactor)
    rounding.product->constant -= int64_t(1) << rounding.by;
  return rounding;
}

std::optional<RoundedSum> synfire::roundedSum(Operation *op, const Multiplied &multiplied) {
  auto sum = dyn_cast_or_null<arith::AddIOp>(op);
  if (!sum)
    return std::nullopt;
  for (unsigned k : {0u, 1u})
    if (Operation *shift = sum.getOperand(k).getDefiningOp(); shift && shift->hasOneUse())
      if (auto rounding = roundingOf(shift, multiplied))
        return RoundedSum{*rounding, sum.getOperand(1 - k)};
  return std::nullopt;
}

std::optional<SaturatedChoice> synfire::saturatedChoice(Operation *op) {
  auto saturate = dyn_cast_or_null<sim::SaturateOp>(op);
  auto choice =
      saturate ? saturate.getOperand().getDefiningOp<arith::SelectOp>() : arith::SelectOp();
  if (!choice)
    return std::nullopt;
  for (bool high : {true, false}) {
    Value one = high ? choice.getTrueValue() : choice.getFalseValue();
    Value other = high ? choice.getFalseValue() : choice.getTrueValue();
    if (auto constant = sim::constantOf(one);
        constant && llvm::isIntN(unsigned(saturate.getBits()), int64_t(*constant)))
      return SaturatedChoice{choice.getCondition(), other, int64_t(*constant), high};
  }
  return std::nullopt;
}

Value synfire::countedDown(Operation *op) {
  auto most = dyn_cast_or_null<arith::MaxSIOp>(op);
  auto zero = most ? sim::constantOf(most.getRhs()) : std::nullopt;
  auto less = zero == 0.0 ? most.getLhs().getDefiningOp<arith::SubIOp>() : arith::SubIOp();
  auto one = less ? sim::constantOf(less.getRhs()) : std::nullopt;
  return one == 1.0 ? less.getLhs() : Value();
}
