//===- ShareExponentials.cpp - sim-share-exponentials ---===//
#include "dialects/sim/Sim.h"
#include "passes/sim/Kernels.h"
#include "passes/sim/MathExpansion.h"
#include "passes/sim/Passes.h"
#include "passes/sim/Rates.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Math/IR/Math.h"
#include "mlir/IR/Matchers.h"
#include "mlir/Transforms/RegionUtils.h"

#include "llvm/ADT/MapVector.h"

#include <cmath>

namespace synfire::sim {
#define GEN_PASS_DEF_SIMSHAREEXPONENTIALSPASS
#include "passes/sim/Passes.h.inc"
} // namespace synfire::sim

using namespace mlir;
using namespace synfire::sim;

namespace {

/// Powers up to this one: the error of a power is as many times that of its base.
constexpr int64_t greatestPower = 16;
/// Exponents that differ by more after scaling are left alone, so that a power overflows or
/// vanishes only where the exponential is next to that itself.
constexpr double greatestShift = 8;

/// A value as constant + sum of coefficient * leaf.
struct Affine {
  llvm::MapVector<Value, double> coefficients;
  double constant = 0;

  bool isConstant() const { return coefficients.empty(); }
  Affine scaled(double factor) const {
    Affine result = *this;
    result.constant *= factor;
    for (auto &[leaf, coefficient] : result.coefficients)
      coefficient *= factor;
    return result;
  }
  Affine plus(const Affine &other) const {
    Affine result = *this;
    result.constant += other.constant;
    for (auto &[leaf, coefficient] : other.coefficients)
      result.coefficients[leaf] += coefficient;
    result.coefficients.remove_if([](const auto &term) { return term.second == 0; });
    return result;
  }
};

class AffineForms {
public:
  Affine of(Value value) {
    FloatAttr number;
    if (matchPattern(value, m_Constant(&number)))
      return {{}, number.getValueAsDouble()};
    Operation *op = value.getDefiningOp();
    if (isa_and_nonnull<arith::NegFOp>(op))
      return of(op->getOperand(0)).scaled(-1);
    if (isa_and_nonnull<arith::AddFOp>(op))
      return of(op->getOperand(0)).plus(of(op->getOperand(1)));
    if (isa_and_nonnull<arith::SubFOp>(op))
      return of(op->getOperand(0)).plus(of(op->getOperand(1)).scaled(-1));
    if (isa_and_nonnull<arith::MulFOp>(op)) {
      Affine left = of(op->getOperand(0)), right = of(op->getOperand(1));
      if (left.isConstant())
        return right.scaled(left.constant);
      if (right.isConstant())
        return left.scaled(right.constant);
    }
    if (isa_and_nonnull<arith::DivFOp>(op)) {
      Affine right = of(op->getOperand(1));
      if (right.isConstant() && right.constant != 0)
        return of(op->getOperand(0)).scaled(1 / right.constant);
    }
    Affine result;
    result.coefficients[leafOf(value)] = 1;
    return result;
  }

private:
  /// Every read of a field has the same value.
  Value leafOf(Value value) {
    auto get = value.getDefiningOp<GetOp>();
    return get ? reads.try_emplace(get.getFieldAttr().getAttr(), value).first->second : value;
  }

  llvm::DenseMap<Attribute, Value> reads;
};

struct Exponential {
  math::ExpOp op;
  Affine exponent;
  double steepness() const {
    double result = 0;
    for (auto &[leaf, coefficient] : exponent.coefficients)
      result = std::max(result, std::abs(coefficient));
    return result;
  }
};

/// exponent = power * (exponent of the base) + shift.
struct Relation {
  int64_t power;
  double shift;
};

std::optional<Relation> relate(const Affine &exponent, const Affine &base) {
  if (exponent.coefficients.size() != base.coefficients.size())
    return std::nullopt;
  std::optional<double> power;
  for (auto &[leaf, coefficient] : exponent.coefficients) {
    auto other = base.coefficients.find(leaf);
    if (other == base.coefficients.end())
      return std::nullopt;
    double ratio = coefficient / other->second, whole = std::round(ratio);
    // Scales are written in decimals: a few units in the last place are no difference.
    constexpr double tolerance = 8 * 0x1p-52;
    if (!(whole >= 1 && whole <= double(greatestPower)) ||
        std::abs(ratio - whole) > tolerance * whole || (power && *power != whole))
      return std::nullopt;
    power = whole;
  }
  double shift = exponent.constant - *power * base.constant;
  if (!(std::abs(shift) <= greatestShift))
    return std::nullopt;
  return Relation{int64_t(*power), shift};
}

void replace(Exponential &follower, Value base, Relation relation) {
  ImplicitLocOpBuilder b(follower.op.getLoc(), follower.op);
  Value result = base;
  if (relation.power != 1)
    result = math::FPowIOp::create(
        b, base, arith::ConstantOp::create(b, b.getI32IntegerAttr(int32_t(relation.power))));
  // Its own arithmetic, not the host's, makes a number of it.
  if (relation.shift != 0)
    result = arith::MulFOp::create(
        b, result, math::ExpOp::create(b, floatConstantLike(b, result, relation.shift)));
  follower.op.replaceAllUsesWith(result);
  follower.op.erase();
}

void shareExponentials(KernelOp kernel) {
  Rates rates(kernel);
  AffineForms forms;
  SmallVector<Exponential> rest;
  for (auto op : kernel.getBody().front().getOps<math::ExpOp>())
    if (!rates.isUniform(op.getResult()))
      if (Affine exponent = forms.of(op.getOperand()); !exponent.isConstant())
        rest.push_back({op, exponent});
  IRRewriter rewriter(kernel.getContext());
  DominanceInfo dominance;
  while (rest.size() > 1) {
    // The flattest is the only one that the others can be powers of.
    auto flattest = llvm::min_element(rest, [](const Exponential &x, const Exponential &y) {
      return x.steepness() < y.steepness();
    });
    Exponential base = *flattest;
    rest.erase(flattest);
    SmallVector<std::pair<Exponential, Relation>> followers;
    llvm::erase_if(rest, [&](Exponential &other) {
      std::optional<Relation> relation = relate(other.exponent, base.exponent);
      if (relation)
        followers.push_back({other, *relation});
      return relation.has_value();
    });
    if (followers.empty())
      continue;
    Operation *first = followers.front().first.op;
    if (first->isBeforeInBlock(base.op)) {
      if (failed(moveOperationDependencies(rewriter, base.op, first, dominance)))
        continue;
      rewriter.moveOpBefore(base.op, first);
    }
    for (auto &[follower, relation] : followers)
      replace(follower, base.op, relation);
  }
}

struct SimShareExponentialsPass
    : synfire::sim::impl::SimShareExponentialsPassBase<SimShareExponentialsPass> {
  void runOnOperation() override { forEachUpdateKernel(getOperation(), shareExponentials); }
};

} // namespace
