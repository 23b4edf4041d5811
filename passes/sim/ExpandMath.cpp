//===- ExpandMath.cpp - sim-expand-math ---===//
#include "dialects/sim/Origin.h"
#include "dialects/sim/Sim.h"
#include "passes/sim/Kernels.h"
#include "passes/sim/MathExpansion.h"
#include "passes/sim/Passes.h"
#include "passes/sim/Rates.h"

#include "mlir/IR/Matchers.h"

namespace synfire::sim {
#define GEN_PASS_DEF_SIMEXPANDMATHPASS
#include "passes/sim/Passes.h.inc"
} // namespace synfire::sim

using namespace mlir;
using namespace synfire::sim;

namespace {

/// The z of `z == 0 ? 1 : expm1(z) / z`, which exponential integrators ask for; null for other
/// selects.
Value argumentOfPhi1(arith::SelectOp select) {
  auto ratio = select.getFalseValue().getDefiningOp<arith::DivFOp>();
  auto above = ratio ? ratio.getLhs().getDefiningOp<math::ExpM1Op>() : nullptr;
  auto isZero = select.getCondition().getDefiningOp<arith::CmpFOp>();
  if (!above || above.getOperand() != ratio.getRhs() || !isZero)
    return nullptr;
  Value z = ratio.getRhs();
  bool matches = isZero.getPredicate() == arith::CmpFPredicate::OEQ && isZero.getLhs() == z &&
                 matchPattern(isZero.getRhs(), m_AnyZeroFloat()) &&
                 matchPattern(select.getTrueValue(), m_OneFloat());
  return matches ? z : nullptr;
}

/// Whether a value is the same for all elements.
bool isUniform(const Rates &rates, Value value) {
  Operation *op = value.getDefiningOp();
  if (!op || isa<SimDialect>(op->getDialect()))
    return op && isa<GetOp>(op) && rates.of(op) == Rate::Call;
  return op->getNumRegions() == 0 &&
         llvm::all_of(op->getOperands(), [&](Value operand) { return isUniform(rates, operand); });
}

/// The nearest value on the right side of a bound: NaN stays NaN, and of equal zeros the value.
Value emitBound(ImplicitLocOpBuilder &b, Operation *op) {
  Value x = op->getOperand(0), bound = op->getOperand(1);
  auto outside = isa<arith::MaximumFOp>(op) ? arith::CmpFPredicate::OLT : arith::CmpFPredicate::OGT;
  return arith::SelectOp::create(b, arith::CmpFOp::create(b, outside, x, bound), bound, x);
}

/// The value that replaces a math op, or null where the op is plain arithmetic already.
Value expand(ImplicitLocOpBuilder &b, Operation *op) {
  if (auto select = dyn_cast<arith::SelectOp>(op))
    return emitPhi1(b, argumentOfPhi1(select));
  if (isa<arith::MaximumFOp, arith::MinimumFOp>(op))
    return emitBound(b, op);
  Value x = op->getNumOperands() ? op->getOperand(0) : Value();
  if (isa<math::ExpOp>(op))
    return emitExp(b, x);
  if (isa<math::ExpM1Op>(op))
    return emitExpm1(b, x);
  if (isa<math::LogOp>(op))
    return emitLog(b, x);
  if (isa<math::Log10Op>(op))
    return arith::MulFOp::create(b, emitLog(b, x), floatConstantLike(b, x, 0.43429448190325182765));
  if (isa<math::SinOp>(op))
    return emitSin(b, x);
  if (isa<math::CosOp>(op))
    return emitCos(b, x);
  if (isa<math::TanOp>(op))
    return arith::DivFOp::create(b, emitSin(b, x), emitCos(b, x));
  if (isa<math::TanhOp>(op))
    return emitTanh(b, x);
  if (isa<math::PowFOp>(op))
    return emitPow(b, x, op->getOperand(1));
  if (auto power = dyn_cast<math::FPowIOp>(op)) {
    APInt n;
    if (matchPattern(power.getRhs(), m_ConstantInt(&n)))
      return emitIntegerPower(b, x, n.getSExtValue());
  }
  if (isa<math::RoundOp>(op)) {
    // Halves go away from zero. |x| + 0.5 would round up below a half and beyond 2^52.
    Value magnitude = math::AbsFOp::create(b, x);
    Value whole = math::FloorOp::create(b, magnitude);
    Value rest = arith::SubFOp::create(b, magnitude, whole);
    Value up =
        arith::CmpFOp::create(b, arith::CmpFPredicate::OGE, rest, floatConstantLike(b, x, 0.5));
    Value next = arith::AddFOp::create(b, whole, floatConstantLike(b, x, 1.0));
    return math::CopySignOp::create(b, arith::SelectOp::create(b, up, next, whole), x);
  }
  return nullptr;
}

/// Where a function stands, with its name.
Location named(Operation *op) {
  StringRef name = op->getName().getStringRef();
  if (!name.consume_front("math."))
    return op->getLoc();
  return ofFunction(op->getLoc(), isa<math::FPowIOp, math::PowFOp>(op) ? "^" : name);
}

struct SimExpandMathPass : synfire::sim::impl::SimExpandMathPassBase<SimExpandMathPass> {
  using SimExpandMathPassBase::SimExpandMathPassBase;
  void runOnOperation() override {
    llvm::SmallPtrSet<Operation *, 8> left;
    if (!exponentials)
      forEachUpdateKernel(getOperation(), [&](KernelOp kernel) { left.insert(kernel); });
    forEachKernel(getOperation(), [&](KernelOp kernel) {
      Rates rates(kernel);
      SmallVector<Operation *> ops;
      kernel.walk([&](Operation *op) {
        auto select = dyn_cast<arith::SelectOp>(op);
        bool bounds =
            isa<arith::MaximumFOp, arith::MinimumFOp>(op) && isUniform(rates, op->getOperand(1));
        if (isa<math::ExpOp>(op) && left.contains(kernel))
          return;
        if (isa<math::MathDialect>(op->getDialect()) || (select && argumentOfPhi1(select)) ||
            bounds)
          ops.push_back(op);
      });
      // From the last to the first: where a quotient was recognised, its expm1 is not needed any
      // more.
      std::reverse(ops.begin(), ops.end());
      for (Operation *op : ops) {
        if (isa<math::ExpM1Op>(op) && op->use_empty()) {
          op->erase();
          continue;
        }
        ImplicitLocOpBuilder b(named(op), op);
        if (Value value = expand(b, op)) {
          SmallVector<Value> operands(op->getOperands());
          op->getResult(0).replaceAllUsesWith(value);
          op->erase();
          for (Value operand : operands)
            if (Operation *unused = operand.getDefiningOp();
                unused && isa<arith::DivFOp, arith::CmpFOp>(unused) && unused->use_empty())
              unused->erase();
        }
      }
    });
  }
};

} // namespace
