//===- WriteKernel.cpp ---===//
#include "passes/sim/fixed/WriteKernel.h"

#include "passes/sim/fixed/Exponential.h"
#include "passes/sim/fixed/Refusals.h"

#include "mlir/IR/Builders.h"
#include "mlir/IR/Matchers.h"
#include "llvm/ADT/StringSwitch.h"
#include "llvm/ADT/TypeSwitch.h"

using namespace mlir;
using namespace synfire::sim;

namespace {

class Writer {
public:
  Writer(KernelOp kernel, const KernelFormats &formats)
      : kernel(kernel), formats(formats), b(kernel) {}

  LogicalResult write();

private:
  Value whole(int64_t value) {
    return arith::ConstantOp::create(b, loc, b.getI64IntegerAttr(value));
  }
  Value shifted(Value value, int left);
  Value rounded(Value value, int from, int to);
  /// Operand \p number of an op in units of 2^-fraction, which is at least as fine as it has.
  Value term(Operation *op, unsigned number, int fraction);
  Value product(Operation *op);
  Value compared(arith::CmpFOp op);
  Value lower(Operation *op);
  LogicalResult set(SetOp op);
  bool isClock(Value value) const;
  void latch(EmitOp op);

  KernelOp kernel;
  const KernelFormats &formats;
  OpBuilder b;
  Location loc = b.getUnknownLoc();
  DenseMap<Value, Value> integers; ///< of values that were real
};

Value Writer::shifted(Value value, int left) {
  return left == 0 ? value : arith::ShLIOp::create(b, loc, value, whole(left)).getResult();
}

/// To the nearest multiple, halves up: one carry into the sum.
Value Writer::rounded(Value value, int from, int to) {
  if (from <= to)
    return shifted(value, to - from);
  Value half = arith::AddIOp::create(b, loc, value, whole(int64_t(1) << (from - to - 1)));
  return arith::ShRSIOp::create(b, loc, half, whole(from - to));
}

Value Writer::term(Operation *op, unsigned number, int fraction) {
  Value value = op->getOperand(number);
  if (auto constant = formats.constantOf(value))
    return whole(int64_t(std::nearbyint(std::ldexp(*constant, fraction))));
  return shifted(integers.lookup(value), fraction - formats.fractionOf(value));
}

Value Writer::product(Operation *op) {
  Value factors[2];
  for (unsigned k = 0; k < 2; ++k)
    if (formats.constantOf(op->getOperand(k)))
      factors[k] = whole(formats.coefficient(op, k).whole);
    else
      factors[k] = integers.lookup(op->getOperand(k));
  for (unsigned k = 0; k < 2; ++k)
    if (APInt one; matchPattern(factors[k], m_ConstantInt(&one)) && one.isOne())
      return factors[1 - k];
  return arith::MulIOp::create(b, loc, factors[0], factors[1]);
}

/// Exact, whatever the constant: no multiple of the unit lies between a border and the one taken.
Value Writer::compared(arith::CmpFOp op) {
  using P = arith::CmpFPredicate;
  P predicate = op.getPredicate();
  Value left = op.getLhs(), right = op.getRhs();
  if (auto a = formats.constantOf(left), c = formats.constantOf(right); a && c)
    return arith::ConstantOp::create(
        b, loc, b.getBoolAttr(arith::applyCmpPredicate(predicate, APFloat(*a), APFloat(*c))));
  static const std::pair<P, P> mirrored[] = {
      {P::OLT, P::OGT}, {P::OLE, P::OGE}, {P::ULT, P::UGT}, {P::ULE, P::UGE}};
  if (formats.constantOf(left)) {
    std::swap(left, right);
    for (auto [a, c] : mirrored)
      if (predicate == a || predicate == c) {
        predicate = predicate == a ? c : a;
        break;
      }
  }
  using I = arith::CmpIPredicate;
  I integer = llvm::StringSwitch<I>(arith::stringifyCmpFPredicate(predicate).drop_front())
                  .Case("lt", I::slt)
                  .Case("le", I::sle)
                  .Case("gt", I::sgt)
                  .Case("ge", I::sge)
                  .Case("eq", I::eq)
                  .Default(I::ne);
  int fraction = formats.fractionOf(left);
  if (auto border = formats.constantOf(right)) {
    double exact = std::ldexp(*border, fraction);
    if (exact != std::floor(exact) && (integer == I::eq || integer == I::ne))
      return arith::ConstantOp::create(b, loc, b.getBoolAttr(integer == I::ne));
    bool up = integer == I::slt || integer == I::sge;
    return arith::CmpIOp::create(b, loc, integer, integers.lookup(left),
                                 whole(int64_t(up ? std::ceil(exact) : std::floor(exact))));
  }
  int common = std::max(fraction, formats.fractionOf(right));
  return arith::CmpIOp::create(b, loc, integer, shifted(integers.lookup(left), common - fraction),
                               shifted(integers.lookup(right), common - formats.fractionOf(right)));
}

Value Writer::lower(Operation *op) {
  auto of = formats.plan.find(op);
  if (auto get = dyn_cast<GetOp>(op)) {
    int fraction = formats.fractionOf(get.getResult());
    return FixedOp::create(b, loc, b.getI64Type(), get.getResult(), fraction);
  }
  const FixedOperation &plan = of->second;
  if (isa<math::ExpOp>(op))
    return fixed::writeExponential(b, loc, integers.lookup(op->getOperand(0)),
                                   formats.fractionOf(op->getOperand(0)), plan.fraction);
  Value full =
      llvm::TypeSwitch<Operation *, Value>(op)
          .Case<arith::SIToFPOp>([&](auto) {
            Value value = op->getOperand(0);
            return value.getType().isInteger(64)
                       ? value
                       : arith::ExtSIOp::create(b, loc, b.getI64Type(), value).getResult();
          })
          .Case<arith::MulFOp>([&](auto) { return product(op); })
          .Case<math::FmaOp>([&](auto) {
            int fraction = formats.factorFraction(op, 0) + formats.factorFraction(op, 1);
            return arith::AddIOp::create(b, loc, shifted(product(op), plan.full - fraction),
                                         term(op, 2, plan.full))
                .getResult();
          })
          .Case<arith::AddFOp>([&](auto) {
            return arith::AddIOp::create(b, loc, term(op, 0, plan.full), term(op, 1, plan.full))
                .getResult();
          })
          .Case<arith::SubFOp>([&](auto) {
            return arith::SubIOp::create(b, loc, term(op, 0, plan.full), term(op, 1, plan.full))
                .getResult();
          })
          .Case<arith::NegFOp>([&](auto) {
            return arith::SubIOp::create(b, loc, whole(0), term(op, 0, plan.full)).getResult();
          })
          .Case<arith::MaximumFOp, arith::MaxNumFOp>([&](auto) {
            return arith::MaxSIOp::create(b, loc, term(op, 0, plan.full), term(op, 1, plan.full))
                .getResult();
          })
          .Case<arith::MinimumFOp, arith::MinNumFOp>([&](auto) {
            return arith::MinSIOp::create(b, loc, term(op, 0, plan.full), term(op, 1, plan.full))
                .getResult();
          })
          .Case<math::AbsFOp>([&](auto) {
            Value a = term(op, 0, plan.full);
            return arith::MaxSIOp::create(b, loc, a, arith::SubIOp::create(b, loc, whole(0), a))
                .getResult();
          })
          .Case<math::FloorOp>([&](auto) {
            int fraction = formats.fractionOf(op->getOperand(0));
            Value a = integers.lookup(op->getOperand(0));
            return fraction <= 0 ? shifted(a, -fraction)
                                 : arith::ShRSIOp::create(b, loc, a, whole(fraction)).getResult();
          })
          .Case<arith::SelectOp>([&](arith::SelectOp select) {
            return arith::SelectOp::create(b, loc, select.getCondition(), term(op, 1, plan.full),
                                           term(op, 2, plan.full))
                .getResult();
          })
          .Default([&](auto) { return Value(); });
  return full && plan.rounds ? rounded(full, plan.full, plan.fraction) : full;
}

LogicalResult Writer::set(SetOp op) {
  const FixedField &field = formats.fields.find(op.getField())->second;
  if (field.isWhole)
    return success();
  Value value;
  if (auto number = formats.constantOf(op.getValue()))
    value = whole(int64_t(std::nearbyint(std::ldexp(*number, field.fraction))));
  else
    value =
        rounded(integers.lookup(op.getValue()), formats.fractionOf(op.getValue()), field.fraction);
  if (field.given)
    value = SaturateOp::create(b, loc, value.getType(), value, field.bits);
  value = RealOp::create(b, loc, op.getValue().getType(), value, field.fraction);
  op.getValueMutable().assign(value);
  return success();
}

/// Whether a value is a number of steps or spikes, which stays as it is.
bool Writer::isClock(Value value) const {
  Operation *op = value.getDefiningOp();
  if (auto get = dyn_cast<GetOp>(op)) {
    auto field = formats.fields.find(get.getField());
    return field != formats.fields.end() && field->second.isClock;
  }
  if (isa<StepOp>(op))
    return true;
  return isa<arith::SIToFPOp, arith::AddFOp, arith::SubFOp, arith::AddIOp, arith::SelectOp>(op) &&
         llvm::any_of(op->getOperands(), [&](Value of) { return isClock(of); });
}

/// A spike carries values that are multiples of their units.
void Writer::latch(EmitOp op) {
  for (OpOperand &value : op.getPayloadMutable()) {
    if (formats.constantOf(value.get()) || value.get().getDefiningOp<GetOp>() ||
        isClock(value.get()))
      continue;
    value.set(RealOp::create(b, op.getLoc(), value.get().getType(), integers.lookup(value.get()),
                             formats.fractionOf(value.get())));
  }
}

LogicalResult Writer::write() {
  for (Operation &op : llvm::make_early_inc_range(kernel.getBody().front())) {
    loc = op.getLoc();
    b.setInsertionPointAfter(&op);
    if (auto assign = dyn_cast<SetOp>(op)) {
      b.setInsertionPoint(&op);
      if (failed(set(assign)))
        return failure();
      continue;
    }
    if (auto emit = dyn_cast<EmitOp>(op)) {
      b.setInsertionPoint(&op);
      latch(emit);
    }
    if (op.getNumResults() != 1 || isa<arith::ConstantOp>(op))
      continue;
    Value result = op.getResult(0);
    if (isa<FloatType>(result.getType())) {
      if (formats.constantOf(result))
        continue;
      integers[result] = lower(&op);
      if (!integers[result])
        return refuseArithmetic(&op);
    } else if (auto compare = dyn_cast<arith::CmpFOp>(op)) {
      result.replaceAllUsesWith(compared(compare));
    } else if (isa<RoundOp>(op)) {
      auto exact = formats.constantOf(op.getOperand(0));
      if (exact && isLost(*exact))
        return refuseLostWeight(&op);
      if (auto number = formats.constantOf(result)) {
        result.replaceAllUsesWith(whole(int64_t(*number)));
        continue;
      }
      return refuseArithmetic(&op);
    }
  }
  return success();
}

} // namespace

LogicalResult synfire::sim::writeFixed(KernelOp kernel, const KernelFormats &formats) {
  if (failed(Writer(kernel, formats).write()))
    return failure();
  // What computed in floating point is read by nobody now.
  for (Operation &op : llvm::make_early_inc_range(llvm::reverse(kernel.getBody().front())))
    if (op.use_empty() && !isa<FieldOp, EndOp, SetOp, EmitOp, CollectOp, CountOp>(op))
      op.erase();
  return success();
}
