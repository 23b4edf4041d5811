//===- Interval.cpp - where the value of an expression lies ---===//
#include "passes/neuro/analysis/Interval.h"

#include "dialects/neuro/Neuro.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Math/IR/Math.h"
#include "llvm/ADT/TypeSwitch.h"

#include <algorithm>
#include <cmath>

using namespace mlir;
using namespace synfire::neuro;

Interval Interval::hull(const Interval &other) const {
  return {std::fmin(low, other.low), std::fmax(high, other.high)};
}

Interval Interval::meet(const Interval &other) const {
  return {std::fmax(low, other.low), std::fmin(high, other.high)};
}

std::string Interval::str() const {
  if (low == high)
    return fmt::format("{:g}", low);
  if (low == -infinity)
    return high == infinity ? "any number" : fmt::format("at most {:g}", high);
  if (high == infinity)
    return fmt::format("at least {:g}", low);
  return fmt::format("{:g} .. {:g}", low, high);
}

namespace {

/// Values are finite, so that nothing times something unbounded is nothing.
double times(double a, double b) { return a == 0 || b == 0 ? 0 : a * b; }

Interval product(const Interval &a, const Interval &b) {
  double ends[] = {times(a.low, b.low), times(a.low, b.high), times(a.high, b.low),
                   times(a.high, b.high)};
  return {*std::min_element(ends, ends + 4), *std::max_element(ends, ends + 4)};
}

Interval quotient(const Interval &a, const Interval &b) {
  if (b.low <= 0 && b.high >= 0) {
    // Division by 0 is an error of the model: what is left has one sign where b has.
    bool sign = b.low == 0 || b.high == 0;
    if (sign && b.low == 0 && a.low >= 0)
      return Interval::atLeast(0);
    if (sign && b.low == 0 && a.high <= 0)
      return Interval::atMost(0);
    return {};
  }
  return product(a, {1 / b.high, 1 / b.low});
}

template <typename Function> Interval rising(const Interval &a, Function f) {
  return {f(a.low), f(a.high)};
}

class Evaluator {
public:
  explicit Evaluator(llvm::function_ref<Interval(Value)> leaf) : leaf(leaf) {}

  Interval evaluate(Value value) {
    auto known = cache.find(value);
    if (known != cache.end())
      return known->second;
    Interval result = compute(value);
    if (std::isnan(result.low) || std::isnan(result.high))
      result = Interval();
    cache[value] = result;
    return result;
  }

private:
  Interval compute(Value value) {
    Operation *op = value.getDefiningOp();
    if (!op)
      return leaf(value);
    auto in = [&](unsigned i) { return evaluate(op->getOperand(i)); };
    return llvm::TypeSwitch<Operation *, Interval>(op)
        .Case([&](arith::ConstantOp constant) {
          if (auto number = dyn_cast<FloatAttr>(constant.getValue()))
            return Interval::point(number.getValueAsDouble());
          if (auto truth = dyn_cast<IntegerAttr>(constant.getValue()))
            return Interval::point(double(truth.getValue().getZExtValue()));
          return Interval();
        })
        .Case(
            [&](arith::AddFOp) { return Interval{in(0).low + in(1).low, in(0).high + in(1).high}; })
        .Case([&](arith::SubFOp) {
          if (op->getOperand(0) == op->getOperand(1))
            return Interval::point(0);
          return Interval{in(0).low - in(1).high, in(0).high - in(1).low};
        })
        .Case([&](arith::MulFOp) { return multiply(op, in(0), in(1)); })
        .Case([&](arith::DivFOp) { return quotient(in(0), in(1)); })
        .Case([&](arith::NegFOp) { return Interval{-in(0).high, -in(0).low}; })
        .Case<arith::MaximumFOp, arith::MaxNumFOp>([&](auto) {
          return Interval{std::fmax(in(0).low, in(1).low), std::fmax(in(0).high, in(1).high)};
        })
        .Case<arith::MinimumFOp, arith::MinNumFOp>([&](auto) {
          return Interval{std::fmin(in(0).low, in(1).low), std::fmin(in(0).high, in(1).high)};
        })
        .Case([&](arith::SelectOp) {
          Interval condition = in(0);
          return condition.low > 0 ? in(1) : condition.high <= 0 ? in(2) : in(1).hull(in(2));
        })
        .Case([&](math::ExpOp) { return rising(in(0), [](double x) { return std::exp(x); }); })
        .Case([&](math::TanhOp) { return rising(in(0), [](double x) { return std::tanh(x); }); })
        .Case([&](math::AbsFOp) {
          Interval a = in(0);
          if (a.low <= 0 && a.high >= 0)
            return Interval{0, std::fmax(-a.low, a.high)};
          return a.low > 0 ? a : Interval{-a.high, -a.low};
        })
        .Case([&](math::SqrtOp) {
          return rising(in(0), [](double x) { return std::sqrt(std::fmax(0, x)); });
        })
        .Case([&](math::LogOp) {
          return rising(in(0), [](double x) { return std::log(std::fmax(0, x)); });
        })
        .Case<math::FloorOp, math::CeilOp, math::RoundEvenOp, math::RoundOp>(
            [&](auto) { return Interval{std::floor(in(0).low), std::ceil(in(0).high)}; })
        .Case<math::SinOp, math::CosOp>([&](auto) { return Interval{-1, 1}; })
        .Case([&](math::PowFOp) { return power(in(0), in(1)); })
        .Case<arith::CmpFOp, arith::AndIOp, arith::OrIOp, arith::XOrIOp>(
            [&](auto) { return Interval{0, 1}; })
        .Case([&](DrawOp draw) { return drawn(draw); })
        .Default([&](Operation *) { return leaf(value); });
  }

  static Interval multiply(Operation *op, const Interval &a, const Interval &b) {
    Interval result = product(a, b);
    if (op->getOperand(0) == op->getOperand(1)) // a square
      result.low = std::fmax(result.low, a.low <= 0 && a.high >= 0 ? 0 : result.low);
    return result;
  }

  static Interval power(const Interval &base, const Interval &exponent) {
    if (exponent.low == exponent.high && exponent.low == 2)
      return Interval{base.low <= 0 && base.high >= 0
                          ? 0
                          : std::fmin(base.low * base.low, base.high * base.high),
                      std::fmax(base.low * base.low, base.high * base.high)};
    if (base.low < 0)
      return {};
    double ends[] = {std::pow(base.low, exponent.low), std::pow(base.low, exponent.high),
                     std::pow(base.high, exponent.low), std::pow(base.high, exponent.high)};
    for (double end : ends)
      if (std::isnan(end))
        return Interval::atLeast(0);
    double high = *std::max_element(ends, ends + 4);
    return {*std::min_element(ends, ends + 4),
            base.low == 0 && exponent.low < 0 ? Interval::infinity : high};
  }

  Interval drawn(DrawOp draw) {
    auto argument = [&](unsigned i) { return evaluate(draw.getArguments()[i]); };
    Interval result;
    switch (draw.getDistribution()) {
    case Distribution::Uniform:
      result = argument(0).hull(argument(1));
      break;
    case Distribution::Lognormal:
    case Distribution::Gamma:
    case Distribution::Exponential:
      if (argument(0).low >= 0)
        result = Interval::atLeast(0);
      else if (argument(0).high <= 0)
        result = Interval::atMost(0);
      break;
    default:
      break;
    }
    if (draw.getLimit() != Limit::None)
      result =
          result.meet({evaluate(draw.getInterval()[0]).low, evaluate(draw.getInterval()[1]).high});
    return result;
  }

  llvm::function_ref<Interval(Value)> leaf;
  llvm::DenseMap<Value, Interval> cache;
};

} // namespace

Interval synfire::neuro::intervalOf(Value root, llvm::function_ref<Interval(Value)> leaf) {
  return Evaluator(leaf).evaluate(root);
}
