//===- Evaluate.cpp - the value of an expression whose leaves are known ---===//
#include "passes/neuro/analysis/Evaluate.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Math/IR/Math.h"
#include "mlir/IR/Matchers.h"

#include "llvm/ADT/DenseMap.h"
#include "llvm/ADT/TypeSwitch.h"

#include <cmath>

using namespace mlir;

namespace {

bool compare(arith::CmpFPredicate predicate, double x, double y) {
  using P = arith::CmpFPredicate;
  switch (predicate) {
  case P::OEQ:
  case P::UEQ:
    return x == y;
  case P::ONE:
  case P::UNE:
    return x != y;
  case P::OGT:
  case P::UGT:
    return x > y;
  case P::OGE:
  case P::UGE:
    return x >= y;
  case P::OLT:
  case P::ULT:
    return x < y;
  default:
    return x <= y;
  }
}

class Evaluator {
public:
  explicit Evaluator(llvm::function_ref<double(Value)> leaf) : leaf(leaf) {}

  double of(Value value) {
    auto known = memo.find(value);
    if (known != memo.end())
      return known->second;
    double result = compute(value);
    return memo[value] = result;
  }

private:
  double compute(Value value) {
    Operation *op = value.getDefiningOp();
    Attribute constant;
    if (op && matchPattern(op, m_Constant(&constant))) {
      if (auto number = dyn_cast<FloatAttr>(constant))
        return number.getValueAsDouble();
      auto whole = cast<IntegerAttr>(constant);
      return whole.getType().isInteger(1) ? double(!whole.getValue().isZero())
                                          : double(whole.getInt());
    }
    if (!op || !isa<arith::ArithDialect, math::MathDialect>(op->getDialect()))
      return leaf(value);
    auto in = [&](unsigned i) { return of(op->getOperand(i)); };
    return llvm::TypeSwitch<Operation *, double>(op)
        .Case([&](arith::AddFOp) { return in(0) + in(1); })
        .Case([&](arith::SubFOp) { return in(0) - in(1); })
        .Case([&](arith::MulFOp) { return in(0) * in(1); })
        .Case([&](arith::DivFOp) { return in(0) / in(1); })
        .Case([&](arith::RemFOp) { return std::fmod(in(0), in(1)); })
        .Case([&](arith::NegFOp) { return -in(0); })
        .Case<arith::MaximumFOp, arith::MaxNumFOp>([&](auto) { return std::fmax(in(0), in(1)); })
        .Case<arith::MinimumFOp, arith::MinNumFOp>([&](auto) { return std::fmin(in(0), in(1)); })
        .Case([&](arith::CmpFOp cmp) { return double(compare(cmp.getPredicate(), in(0), in(1))); })
        .Case([&](arith::SelectOp) { return in(0) != 0 ? in(1) : in(2); })
        .Case([&](arith::AndIOp) { return double(in(0) != 0 && in(1) != 0); })
        .Case([&](arith::OrIOp) { return double(in(0) != 0 || in(1) != 0); })
        .Case([&](arith::XOrIOp) { return double((in(0) != 0) != (in(1) != 0)); })
        .Case<arith::UIToFPOp, arith::SIToFPOp>([&](auto) { return in(0); })
        .Case([&](math::ExpOp) { return std::exp(in(0)); })
        .Case([&](math::ExpM1Op) { return std::expm1(in(0)); })
        .Case([&](math::LogOp) { return std::log(in(0)); })
        .Case([&](math::Log10Op) { return std::log10(in(0)); })
        .Case([&](math::SqrtOp) { return std::sqrt(in(0)); })
        .Case([&](math::AbsFOp) { return std::fabs(in(0)); })
        .Case([&](math::FloorOp) { return std::floor(in(0)); })
        .Case([&](math::CeilOp) { return std::ceil(in(0)); })
        .Case<math::RoundOp>([&](auto) { return std::round(in(0)); })
        .Case([&](math::RoundEvenOp) { return std::nearbyint(in(0)); })
        .Case([&](math::SinOp) { return std::sin(in(0)); })
        .Case([&](math::CosOp) { return std::cos(in(0)); })
        .Case([&](math::TanOp) { return std::tan(in(0)); })
        .Case([&](math::TanhOp) { return std::tanh(in(0)); })
        .Case<math::PowFOp, math::FPowIOp>([&](auto) { return std::pow(in(0), in(1)); })
        .Case([&](math::FmaOp) { return std::fma(in(0), in(1), in(2)); })
        .Default([](Operation *) { return std::nan(""); });
  }

  llvm::function_ref<double(Value)> leaf;
  llvm::SmallDenseMap<Value, double, 8> memo; // most expressions are short
};

} // namespace

double synfire::neuro::evaluateExpression(Value root, llvm::function_ref<double(Value)> leaf) {
  return Evaluator(leaf).of(root);
}
