//===- Rational.cpp - expressions as quotients of polynomials ---===//
#include "passes/neuro/analysis/Rational.h"

#include "passes/neuro/analysis/Model.h"

#include "mlir/IR/Matchers.h"

#include <cmath>

using namespace mlir;
using namespace synfire::neuro;

Polynomial synfire::neuro::operator*(const Polynomial &left, const Polynomial &right) {
  Polynomial result;
  for (auto &[a, x] : left)
    for (auto &[b, y] : right) {
      std::vector<std::string> symbols = a;
      symbols.insert(symbols.end(), b.begin(), b.end());
      llvm::sort(symbols);
      result[symbols] += x * y;
    }
  return result;
}

Polynomial synfire::neuro::plus(const Polynomial &left, const Polynomial &right, double factor) {
  Polynomial result = left;
  for (auto &[symbols, x] : right)
    result[symbols] += factor * x;
  return result;
}

double synfire::neuro::largest(const Polynomial &polynomial) {
  double result = 0;
  for (auto &[symbols, x] : polynomial)
    result = std::fmax(result, std::fabs(x));
  return result;
}

bool synfire::neuro::vanishes(const Polynomial &polynomial, double scale) {
  return largest(polynomial) <= 1e-12 * scale;
}

Rational synfire::neuro::rationalOf(Value value) {
  const Polynomial one = {{{}, 1.0}};
  Operation *op = value.getDefiningOp();
  FloatAttr constant;
  if (matchPattern(value, m_Constant(&constant)))
    return {{{{}, constant.getValueAsDouble()}}, one};
  auto operand = [&](unsigned i) { return rationalOf(op->getOperand(i)); };
  if (isa_and_nonnull<arith::AddFOp, arith::SubFOp>(op)) {
    Rational l = operand(0), r = operand(1);
    return {plus(l.numerator * r.denominator, r.numerator * l.denominator,
                 isa<arith::SubFOp>(op) ? -1.0 : 1.0),
            l.denominator * r.denominator};
  }
  if (isa_and_nonnull<arith::NegFOp>(op)) {
    Rational r = operand(0);
    return {plus({}, r.numerator, -1.0), r.denominator};
  }
  if (isa_and_nonnull<arith::MulFOp>(op)) {
    Rational l = operand(0), r = operand(1);
    return {l.numerator * r.numerator, l.denominator * r.denominator};
  }
  if (isa_and_nonnull<arith::DivFOp>(op)) {
    Rational l = operand(0), r = operand(1);
    return {l.numerator * r.denominator, l.denominator * r.numerator};
  }
  // Two reads of one variable are one symbol; any other value is a symbol by itself.
  std::string symbol = fmt::format("#{}", value.getAsOpaquePointer());
  if (auto get = dyn_cast_or_null<GetOp>(op))
    symbol = fmt::format("{}.{}", unsigned(get.getSide()), variableName(get.getVariable()));
  return {{{{symbol}, 1.0}}, one};
}

bool synfire::neuro::equalProducts(Value first, Value fourth, Value second, Value third) {
  Rational a = rationalOf(first), d = rationalOf(fourth), b = rationalOf(second),
           c = rationalOf(third);
  Polynomial left = a.numerator * d.numerator * b.denominator * c.denominator;
  Polynomial right = b.numerator * c.numerator * a.denominator * d.denominator;
  return vanishes(plus(left, right, -1.0), std::fmax(largest(left), largest(right)));
}
