//===- Split.cpp - taking expressions apart ---===//
#include "passes/neuro/analysis/Split.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Math/IR/Math.h"

#include "llvm/ADT/DenseMap.h"

using namespace mlir;
using namespace synfire::neuro;

namespace {

bool isArithmetic(Operation *op) {
  return op && isa<arith::ArithDialect, math::MathDialect>(op->getDialect());
}

class AffineSplitter {
public:
  AffineSplitter(OpBuilder &builder, ArrayRef<Value> variables)
      : builder(builder), variables(variables) {}

  std::optional<AffineParts> split(Value value) {
    AffineParts parts;
    parts.coefficients.resize(variables.size());
    if (!depends(value)) {
      parts.constant = value;
      return parts;
    }
    for (auto [i, variable] : llvm::enumerate(variables))
      if (value == variable) {
        parts.coefficients[i] = one(value.getLoc());
        return parts;
      }
    Operation *op = value.getDefiningOp();
    if (isa<arith::AddFOp, arith::SubFOp>(op))
      return sum(op);
    if (isa<arith::NegFOp>(op))
      return mapped(op->getOperand(0), [&](Value v) -> Value {
        return arith::NegFOp::create(builder, op->getLoc(), v);
      });
    if (isa<arith::MulFOp>(op))
      return product(op);
    if (isa<arith::DivFOp>(op) && !depends(op->getOperand(1)))
      return mapped(op->getOperand(0), [&](Value v) -> Value {
        return arith::DivFOp::create(builder, op->getLoc(), v, op->getOperand(1));
      });
    if (isa<arith::SelectOp>(op) && !depends(op->getOperand(0)))
      return choice(op);
    return std::nullopt;
  }

private:
  bool depends(Value value) {
    auto known = dependent.find(value);
    if (known != dependent.end())
      return known->second;
    bool result = llvm::is_contained(variables, value);
    Operation *op = value.getDefiningOp();
    if (!result && isArithmetic(op))
      for (Value operand : op->getOperands())
        result |= depends(operand);
    return dependent[value] = result;
  }

  Value one(Location loc) {
    return arith::ConstantOp::create(builder, loc, builder.getF64FloatAttr(1.0));
  }

  Value zero(Location loc) {
    return arith::ConstantOp::create(builder, loc, builder.getF64FloatAttr(0.0));
  }

  std::optional<AffineParts> mapped(Value operand, llvm::function_ref<Value(Value)> fn) {
    std::optional<AffineParts> parts = split(operand);
    if (!parts)
      return std::nullopt;
    if (parts->constant)
      parts->constant = fn(parts->constant);
    for (Value &c : parts->coefficients)
      if (c)
        c = fn(c);
    return parts;
  }

  std::optional<AffineParts> sum(Operation *op) {
    auto left = split(op->getOperand(0)), right = split(op->getOperand(1));
    if (!left || !right)
      return std::nullopt;
    bool minus = isa<arith::SubFOp>(op);
    auto combine = [&](Value l, Value r) -> Value {
      if (!r)
        return l;
      if (!l)
        return minus ? arith::NegFOp::create(builder, op->getLoc(), r).getResult() : r;
      if (minus)
        return arith::SubFOp::create(builder, op->getLoc(), l, r);
      return arith::AddFOp::create(builder, op->getLoc(), l, r);
    };
    left->constant = combine(left->constant, right->constant);
    for (auto [l, r] : llvm::zip(left->coefficients, right->coefficients))
      l = combine(l, r);
    return left;
  }

  std::optional<AffineParts> product(Operation *op) {
    Value left = op->getOperand(0), right = op->getOperand(1);
    if (depends(left) && depends(right))
      return std::nullopt;
    Value factor = depends(left) ? right : left;
    return mapped(depends(left) ? left : right, [&](Value v) -> Value {
      return arith::MulFOp::create(builder, op->getLoc(), v, factor);
    });
  }

  std::optional<AffineParts> choice(Operation *op) {
    auto yes = split(op->getOperand(1)), no = split(op->getOperand(2));
    if (!yes || !no)
      return std::nullopt;
    auto combine = [&](Value a, Value b) -> Value {
      if (!a && !b)
        return Value();
      a = a ? a : zero(op->getLoc());
      b = b ? b : zero(op->getLoc());
      return arith::SelectOp::create(builder, op->getLoc(), op->getOperand(0), a, b);
    };
    yes->constant = combine(yes->constant, no->constant);
    for (auto [a, b] : llvm::zip(yes->coefficients, no->coefficients))
      a = combine(a, b);
    return yes;
  }

  OpBuilder &builder;
  ArrayRef<Value> variables;
  llvm::DenseMap<Value, bool> dependent;
};

class FactorSplitter {
public:
  FactorSplitter(OpBuilder &builder, llvm::function_ref<std::optional<Part>(Value)> leaf)
      : builder(builder), leaf(leaf) {}

  std::optional<Factors> split(Value value) {
    auto [connection, target] = sides(value);
    if (!target)
      return Factors{value, Value()};
    if (!connection)
      return Factors{Value(), value};
    Operation *op = value.getDefiningOp();
    if (isa<arith::NegFOp>(op)) {
      auto inner = split(op->getOperand(0));
      if (inner && inner->connection)
        inner->connection = arith::NegFOp::create(builder, op->getLoc(), inner->connection);
      return inner;
    }
    bool divide = isa<arith::DivFOp>(op);
    if (!divide && !isa<arith::MulFOp>(op))
      return std::nullopt;
    auto left = split(op->getOperand(0)), right = split(op->getOperand(1));
    if (!left || !right)
      return std::nullopt;
    // A part that belongs to neither stays with the connection, where it is computed once.
    return Factors{combine(op, divide, left->connection, right->connection),
                   combine(op, divide, left->target, right->target)};
  }

private:
  // Whether a value depends on the connection, and on the target.
  std::pair<bool, bool> sides(Value value) {
    auto known = memo.find(value);
    if (known != memo.end())
      return known->second;
    std::pair<bool, bool> result{false, false};
    Operation *op = value.getDefiningOp();
    // Who asks knows which values stand for reads: constants, or results of arithmetic.
    if (std::optional<Part> part = leaf(value)) {
      result = {*part == Part::Connection, *part == Part::Target};
    } else if (isArithmetic(op)) {
      for (Value operand : op->getOperands()) {
        auto [c, t] = sides(operand);
        result.first |= c;
        result.second |= t;
      }
    }
    return memo[value] = result;
  }

  Value combine(Operation *op, bool divide, Value left, Value right) {
    if (!right)
      return left;
    if (!divide) {
      if (!left)
        return right;
      return arith::MulFOp::create(builder, op->getLoc(), left, right);
    }
    if (!left)
      left = arith::ConstantOp::create(builder, op->getLoc(), builder.getF64FloatAttr(1.0));
    return arith::DivFOp::create(builder, op->getLoc(), left, right);
  }

  OpBuilder &builder;
  llvm::function_ref<std::optional<Part>(Value)> leaf;
  llvm::DenseMap<Value, std::pair<bool, bool>> memo;
};

} // namespace

std::optional<AffineParts> synfire::neuro::splitAffine(OpBuilder &builder, Value root,
                                                       ArrayRef<Value> variables) {
  return AffineSplitter(builder, variables).split(root);
}

std::optional<Factors>
synfire::neuro::splitFactors(OpBuilder &builder, Value amount,
                             llvm::function_ref<std::optional<Part>(Value)> part) {
  return FactorSplitter(builder, part).split(amount);
}
