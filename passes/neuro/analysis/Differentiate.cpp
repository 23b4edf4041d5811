//===- Differentiate.cpp - partial derivatives of an expression ---===//
#include "passes/neuro/analysis/Differentiate.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Math/IR/Math.h"
#include "mlir/IR/Matchers.h"

#include "llvm/ADT/DenseMap.h"
#include "llvm/ADT/TypeSwitch.h"

using namespace mlir;
using namespace synfire::neuro;

namespace {

/// Forward, each value once; a null value is zero.
class Differentiator {
public:
  Differentiator(OpBuilder &builder, Value variable) : b(builder), variable(variable) {}

  Value of(Value value) {
    auto known = memo.find(value);
    if (known != memo.end())
      return known->second;
    return memo[value] = compute(value);
  }

private:
  Value compute(Value value) {
    if (value == variable)
      return number(1.0);
    Operation *op = value.getDefiningOp();
    if (!op || !isa<arith::ArithDialect, math::MathDialect>(op->getDialect()))
      return Value();
    loc = op->getLoc();
    return llvm::TypeSwitch<Operation *, Value>(op)
        .Case([&](arith::AddFOp) { return add(of(op->getOperand(0)), of(op->getOperand(1))); })
        .Case([&](arith::SubFOp) {
          return add(of(op->getOperand(0)), negate(of(op->getOperand(1))));
        })
        .Case([&](arith::NegFOp) { return negate(of(op->getOperand(0))); })
        .Case([&](arith::MulFOp mul) { return product(mul); })
        .Case([&](arith::DivFOp div) { return quotient(div); })
        .Case([&](arith::SelectOp select) { return choice(select); })
        .Case<arith::MaximumFOp, arith::MaxNumFOp>(
            [&](auto) { return extreme(op, arith::CmpFPredicate::OGT); })
        .Case<arith::MinimumFOp, arith::MinNumFOp>(
            [&](auto) { return extreme(op, arith::CmpFPredicate::OLT); })
        .Case([&](math::PowFOp pow) { return power(pow); })
        .Default([&](Operation *) { return chain(op, value); });
  }

  // f(x)' = f'(x) x'. Steps (floor, round) have the derivative 0.
  Value chain(Operation *op, Value value) {
    if (op->getNumOperands() == 0)
      return Value();
    Value x = op->getOperand(0), inner = of(x);
    if (!inner)
      return Value();
    Value outer =
        llvm::TypeSwitch<Operation *, Value>(op)
            .Case([&](math::ExpOp) { return value; })
            .Case([&](math::ExpM1Op) { return add(value, number(1.0)); })
            .Case([&](math::LogOp) { return divide(number(1.0), x); })
            .Case([&](math::Log10Op) {
              return divide(number(0.43429448190325182765), x); // 1 / ln 10
            })
            .Case([&](math::SqrtOp) { return divide(number(0.5), value); })
            .Case([&](math::SinOp) { return math::CosOp::create(b, loc, x); })
            .Case([&](math::CosOp) { return negate(math::SinOp::create(b, loc, x)); })
            .Case([&](math::TanOp) { return add(number(1.0), multiply(value, value)); })
            .Case([&](math::TanhOp) { return add(number(1.0), negate(multiply(value, value))); })
            .Case([&](math::AbsFOp) {
              Value below =
                  arith::CmpFOp::create(b, loc, arith::CmpFPredicate::OLT, x, number(0.0));
              return arith::SelectOp::create(b, loc, below, number(-1.0), number(1.0));
            })
            .Case([&](math::FPowIOp pow) {
              APInt n(64, 0); // always a constant: whole exponents are written
              matchPattern(pow.getRhs(), m_ConstantInt(&n));
              Value less = arith::ConstantOp::create(
                  b, loc,
                  cast<TypedAttr>(b.getIntegerAttr(pow.getRhs().getType(), n.getSExtValue() - 1)));
              return multiply(number(double(n.getSExtValue())),
                              math::FPowIOp::create(b, loc, x, less));
            })
            .Default([](Operation *) { return Value(); });
    return outer ? multiply(outer, inner) : Value();
  }

  Value product(arith::MulFOp op) {
    Value left = of(op.getLhs()), right = of(op.getRhs());
    return add(left ? multiply(left, op.getRhs()) : Value(),
               right ? multiply(op.getLhs(), right) : Value());
  }

  // (u / v)' = (u' - (u / v) v') / v
  Value quotient(arith::DivFOp op) {
    Value left = of(op.getLhs()), right = of(op.getRhs());
    if (!left && !right)
      return Value();
    Value above = add(left, right ? negate(multiply(op.getResult(), right)) : Value());
    return divide(above, op.getRhs());
  }

  Value choice(arith::SelectOp op) {
    Value yes = of(op.getTrueValue()), no = of(op.getFalseValue());
    if (!yes && !no)
      return Value();
    return arith::SelectOp::create(b, loc, op.getCondition(), orZero(yes), orZero(no));
  }

  Value extreme(Operation *op, arith::CmpFPredicate first) {
    Value left = of(op->getOperand(0)), right = of(op->getOperand(1));
    if (!left && !right)
      return Value();
    Value takes = arith::CmpFOp::create(b, loc, first, op->getOperand(0), op->getOperand(1));
    return arith::SelectOp::create(b, loc, takes, orZero(left), orZero(right));
  }

  // (x^y)' = y x^(y - 1) x' + x^y ln(x) y'
  Value power(math::PowFOp op) {
    Value base = of(op.getLhs()), exponent = of(op.getRhs());
    Value byBase, byExponent;
    if (base) {
      Value less = add(op.getRhs(), number(-1.0));
      Value slope = multiply(op.getRhs(), math::PowFOp::create(b, loc, op.getLhs(), less));
      byBase = multiply(slope, base);
    }
    if (exponent) {
      Value slope = multiply(op.getResult(), math::LogOp::create(b, loc, op.getLhs()));
      byExponent = multiply(slope, exponent);
    }
    return add(byBase, byExponent);
  }

  Value number(double x) {
    return arith::ConstantOp::create(b, loc,
                                     cast<TypedAttr>(b.getFloatAttr(variable.getType(), x)));
  }
  Value orZero(Value x) { return x ? x : number(0.0); }
  Value negate(Value x) { return x ? arith::NegFOp::create(b, loc, x) : Value(); }
  Value multiply(Value x, Value y) {
    if (matchPattern(x, m_OneFloat()) || matchPattern(y, m_OneFloat()))
      return matchPattern(x, m_OneFloat()) ? y : x;
    return arith::MulFOp::create(b, loc, x, y);
  }
  Value divide(Value x, Value y) { return arith::DivFOp::create(b, loc, x, y); }
  Value add(Value x, Value y) {
    if (!x || !y)
      return x ? x : y;
    return arith::AddFOp::create(b, loc, x, y);
  }

  OpBuilder &b;
  Value variable;
  Location loc = variable.getLoc();
  llvm::DenseMap<Value, Value> memo;
};

} // namespace

Value synfire::neuro::differentiate(OpBuilder &builder, Value root, Value variable) {
  return Differentiator(builder, variable).of(root);
}
