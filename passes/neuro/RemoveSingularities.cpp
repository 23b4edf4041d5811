//===- RemoveSingularities.cpp - quotients at their limit (N3) ---===//
#include "passes/neuro/Passes.h"
#include "passes/neuro/analysis/Expression.h"
#include "passes/neuro/analysis/Model.h"
#include "passes/neuro/analysis/Rational.h"
#include "passes/neuro/analysis/Split.h"

#include "mlir/IR/Matchers.h"

namespace synfire::neuro {
#define GEN_PASS_DEF_NEUROREMOVESINGULARITIES
#include "passes/neuro/Passes.h.inc"
} // namespace synfire::neuro

using namespace mlir;
using namespace synfire::neuro;

namespace {

/// factor * (exp(exponent) - 1); a null factor is one.
struct ExpMinusOne {
  Value exponent, factor;
  bool negative = false;
};

bool isNumber(Value value, double number) {
  FloatAttr attr;
  return matchPattern(value, m_Constant(&attr)) && attr.getValueAsDouble() == number;
}

Value exponentOf(Value value) {
  auto exp = value.getDefiningOp<math::ExpOp>();
  return exp ? exp.getOperand() : Value();
}

/// A product or sum is matched in both orders.
std::optional<ExpMinusOne> match(OpBuilder &builder, Value value) {
  Operation *op = value.getDefiningOp();
  if (!op)
    return std::nullopt;
  if (isa<math::ExpM1Op>(op))
    return ExpMinusOne{op->getOperand(0), Value()};
  if (isa<arith::NegFOp>(op)) {
    auto inner = match(builder, op->getOperand(0));
    if (inner)
      inner->negative = !inner->negative;
    return inner;
  }
  if (isa<arith::SubFOp>(op)) {
    Value left = op->getOperand(0), right = op->getOperand(1);
    if (Value u = exponentOf(left); u && isNumber(right, 1.0))
      return ExpMinusOne{u, Value()};
    if (Value u = exponentOf(right); u && isNumber(left, 1.0))
      return ExpMinusOne{u, Value(), true};
  }
  for (unsigned i : {0u, 1u}) {
    if (op->getNumOperands() != 2)
      break;
    Value one = op->getOperand(i), other = op->getOperand(1 - i);
    if (isa<arith::AddFOp>(op)) {
      if (Value u = exponentOf(one); u && isNumber(other, -1.0))
        return ExpMinusOne{u, Value()};
      auto negated = one.getDefiningOp<arith::NegFOp>();
      if (Value u = negated ? exponentOf(negated.getOperand()) : Value(); u && isNumber(other, 1.0))
        return ExpMinusOne{u, Value(), true};
    }
    if (isa<arith::MulFOp>(op))
      if (auto inner = match(builder, one)) {
        inner->factor =
            inner->factor
                ? arith::MulFOp::create(builder, op->getLoc(), inner->factor, other).getResult()
                : other;
        return inner;
      }
  }
  if (isa<arith::DivFOp>(op))
    if (auto inner = match(builder, op->getOperand(0))) {
      Value above = inner->factor ? inner->factor
                                  : arith::ConstantOp::create(builder, op->getLoc(),
                                                              builder.getF64FloatAttr(1.0));
      inner->factor = arith::DivFOp::create(builder, op->getLoc(), above, op->getOperand(1));
      return inner;
    }
  return std::nullopt;
}

/// g(u) = u / (exp(u) - 1), by its series where |u| < 0.1.
///
/// The first term left out is u^8 / 1209600 < 8.3e-15. Beyond the threshold the subtraction loses
/// at most 1.1 / 0.095 units in the last place of exp for each unit of its error: 2.6e-15 each.
/// With an exp of 4 units the relative error is below 2e-14 everywhere.
Value emitLimit(OpBuilder &builder, Location loc, Value u) {
  auto number = [&](double value) {
    return arith::ConstantOp::create(builder, loc, builder.getF64FloatAttr(value)).getResult();
  };
  auto times = [&](Value a, Value b) {
    return arith::MulFOp::create(builder, loc, a, b).getResult();
  };
  auto plus = [&](Value a, Value b) {
    return arith::AddFOp::create(builder, loc, a, b).getResult();
  };
  Value square = times(u, u);
  Value series = number(1.0 / 30240.0);
  for (double coefficient : {-1.0 / 720.0, 1.0 / 12.0})
    series = plus(times(series, square), number(coefficient));
  series = plus(times(series, square), times(u, number(-0.5)));
  series = plus(series, number(1.0));
  Value exp = math::ExpOp::create(builder, loc, u);
  Value difference = arith::SubFOp::create(builder, loc, exp, number(1.0));
  Value direct = arith::DivFOp::create(builder, loc, u, difference);
  Value magnitude = math::AbsFOp::create(builder, loc, u);
  Value near =
      arith::CmpFOp::create(builder, loc, arith::CmpFPredicate::OLT, magnitude, number(0.1));
  return arith::SelectOp::create(builder, loc, near, series, direct);
}

struct NeuroRemoveSingularitiesPass
    : synfire::neuro::impl::NeuroRemoveSingularitiesBase<NeuroRemoveSingularitiesPass> {
  void runOnOperation() override {
    for (Operation &owner : getOperation().getOps()) {
      if (!isa<NeuronOp, SynapseOp, PlasticityOp>(owner))
        continue;
      SmallVector<arith::DivFOp> quotients;
      owner.walk([&](arith::DivFOp op) { quotients.push_back(op); });
      for (arith::DivFOp quotient : quotients)
        rewrite(&owner, quotient);
    }
  }

private:
  static void rewrite(Operation *owner, arith::DivFOp quotient) {
    OpBuilder builder(quotient);
    std::optional<ExpMinusOne> below = match(builder, quotient.getRhs());
    if (!below)
      return;
    if (Value limit = overLimit(owner, builder, quotient, quotient.getLhs(), *below)) {
      quotient.replaceAllUsesWith(limit);
      quotient.erase();
    }
  }

  /// above / below, where a factor of `above` vanishes together with `below`; else null.
  static Value overLimit(Operation *owner, OpBuilder &builder, arith::DivFOp quotient, Value above,
                         const ExpMinusOne &below) {
    if (Value limit = proportional(owner, builder, quotient, above, below))
      return limit;
    Operation *op = above.getDefiningOp();
    Location loc = quotient.getLoc();
    if (isa_and_nonnull<arith::NegFOp>(op)) {
      Value inner = overLimit(owner, builder, quotient, op->getOperand(0), below);
      return inner ? arith::NegFOp::create(builder, loc, inner).getResult() : Value();
    }
    if (isa_and_nonnull<arith::MulFOp>(op))
      for (unsigned i : {0u, 1u})
        if (Value inner = overLimit(owner, builder, quotient, op->getOperand(i), below))
          return arith::MulFOp::create(builder, loc, inner, op->getOperand(1 - i));
    if (isa_and_nonnull<arith::DivFOp>(op))
      if (Value inner = overLimit(owner, builder, quotient, op->getOperand(0), below))
        return arith::DivFOp::create(builder, loc, inner, op->getOperand(1));
    return Value();
  }

  /// The quotient as c g(u) where `top` = c u, c free of variables, for all parameters; else null.
  static Value proportional(Operation *owner, OpBuilder &builder, arith::DivFOp quotient, Value top,
                            const ExpMinusOne &below) {
    Location loc = quotient.getLoc();
    Value variable = onlyVariable(owner, {top, below.exponent});
    if (!variable)
      return Value();
    SmallVector<Value> reads = readsOf(variable, quotient->getBlock());
    auto above = splitReads(builder, top, reads);
    auto exponent = splitReads(builder, below.exponent, reads);
    if (!above || !exponent || !above->second || !exponent->second)
      return Value();
    // p = p0 + p1 x and u = u0 + u1 x vanish together where p0 u1 = p1 u0.
    auto orZero = [&](Value value) {
      return value ? value
                   : arith::ConstantOp::create(builder, loc, builder.getF64FloatAttr(0.0))
                         .getResult();
    };
    if (!equalProducts(orZero(above->first), exponent->second, above->second,
                       orZero(exponent->first)))
      return Value();
    Value factor = arith::DivFOp::create(builder, loc, above->second, exponent->second);
    if (below.factor)
      factor = arith::DivFOp::create(builder, loc, factor, below.factor);
    if (below.negative)
      factor = arith::NegFOp::create(builder, loc, factor);
    Value limit = emitLimit(builder, loc, below.exponent);
    return arith::MulFOp::create(builder, loc, factor, limit);
  }

  /// A read of the one variable (not a parameter) that the values depend on, or null.
  static Value onlyVariable(Operation *owner, ArrayRef<Value> roots) {
    Value only;
    bool several = false;
    SmallVector<Value> work(roots);
    while (!work.empty()) {
      Value value = work.pop_back_val();
      Operation *op = value.getDefiningOp();
      if (auto get = dyn_cast_or_null<GetOp>(op)) {
        bool parameter = get.getSide() == Side::Self &&
                         find<ParameterOp>(owner, variableName(get.getVariable()));
        if (parameter)
          continue;
        several |= only && !sameRead(only, value);
        only = value;
      } else if (op && isRead(op)) {
        several = true;
      } else if (op) {
        llvm::append_range(work, op->getOperands());
      }
    }
    return several ? Value() : only;
  }

  static bool sameRead(Value a, Value b) {
    auto first = a.getDefiningOp<GetOp>(), second = b.getDefiningOp<GetOp>();
    return first && second && first.getSide() == second.getSide() &&
           first.getVariable() == second.getVariable();
  }

  static SmallVector<Value> readsOf(Value variable, Block *block) {
    SmallVector<Value> reads;
    for (auto get : block->getOps<GetOp>())
      if (sameRead(get.getResult(), variable))
        reads.push_back(get.getResult());
    return reads;
  }

  /// Constant and coefficient of a value in several reads of one variable.
  static std::optional<std::pair<Value, Value>> splitReads(OpBuilder &builder, Value value,
                                                           ArrayRef<Value> reads) {
    std::optional<AffineParts> parts = splitAffine(builder, value, reads);
    if (!parts)
      return std::nullopt;
    Value sum;
    for (Value coefficient : parts->coefficients)
      if (coefficient)
        sum = sum ? arith::AddFOp::create(builder, value.getLoc(), sum, coefficient).getResult()
                  : coefficient;
    return std::pair(parts->constant, sum);
  }
};

} // namespace
