//===- Paths.cpp ---===//
#include "passes/sim/fixed/Paths.h"

#include "passes/sim/fixed/Exponential.h"

#include "llvm/ADT/TypeSwitch.h"

using namespace mlir;

namespace synfire::sim {

std::optional<double> constantOf(Value value) {
  Operation *op = value.getDefiningOp();
  if (!op)
    return std::nullopt;
  if (auto constant = dyn_cast<arith::ConstantOp>(op)) {
    if (auto number = dyn_cast<FloatAttr>(constant.getValue()))
      return number.getValueAsDouble();
    auto number = cast<IntegerAttr>(constant.getValue());
    return number.getType().isInteger(1) ? double(number.getValue().getBoolValue())
                                         : double(number.getInt());
  }
  if (!isa<RoundOp, math::FloorOp, arith::TruncIOp, arith::SIToFPOp, arith::NegFOp, arith::MulFOp,
           arith::AddFOp>(op))
    return std::nullopt;
  SmallVector<double, 2> of;
  for (Value operand : op->getOperands())
    if (auto number = constantOf(operand))
      of.push_back(*number);
    else
      return std::nullopt;
  return llvm::TypeSwitch<Operation *, double>(op)
      .Case<RoundOp>([&](auto) { return std::nearbyint(of[0]); })
      .Case<math::FloorOp>([&](auto) { return std::floor(of[0]); })
      .Case<arith::NegFOp>([&](auto) { return -of[0]; })
      .Case<arith::MulFOp>([&](auto) { return of[0] * of[1]; })
      .Case<arith::AddFOp>([&](auto) { return of[0] + of[1]; })
      .Default([&](auto) { return of[0]; });
}

namespace {

/// Paths through more comparisons than this are not told apart: what a later comparison decides is
/// then both.
constexpr unsigned MostSplits = 12;

bool isLeaf(Operation *op) { return isa<GetOp, CollectOp, CountOp, ElementOp, StepOp>(op); }

bool isOrdering(Operation *op);

bool isFollowed(Operation *op) {
  if (isa<arith::CmpFOp, arith::CmpIOp>(op))
    return isOrdering(op);
  return isLeaf(op) ||
         isa<arith::ConstantOp, arith::AddFOp, arith::SubFOp, arith::MulFOp, arith::NegFOp,
             math::FmaOp, math::AbsFOp, math::ExpOp, math::FloorOp, arith::MaximumFOp,
             arith::MinimumFOp, arith::MaxNumFOp, arith::MinNumFOp, arith::SelectOp, arith::AndIOp,
             arith::OrIOp, arith::XOrIOp, arith::AddIOp, arith::SubIOp, arith::MulIOp,
             arith::MaxSIOp, arith::MinSIOp, arith::ExtUIOp, arith::ExtSIOp, arith::TruncIOp,
             arith::SIToFPOp, RoundOp, FixedOp, RealOp, SaturateOp, arith::ShLIOp, arith::ShRSIOp>(
             op);
}

/// How two numbers compare, so that floats and integers are one case.
enum class Order { Less, LessEqual, Greater, GreaterEqual, Equal, NotEqual, Unknown };

Order orderOf(Operation *op) {
  if (auto real = dyn_cast<arith::CmpFOp>(op))
    switch (real.getPredicate()) {
    case arith::CmpFPredicate::OLT:
    case arith::CmpFPredicate::ULT:
      return Order::Less;
    case arith::CmpFPredicate::OLE:
    case arith::CmpFPredicate::ULE:
      return Order::LessEqual;
    case arith::CmpFPredicate::OGT:
    case arith::CmpFPredicate::UGT:
      return Order::Greater;
    case arith::CmpFPredicate::OGE:
    case arith::CmpFPredicate::UGE:
      return Order::GreaterEqual;
    case arith::CmpFPredicate::OEQ:
    case arith::CmpFPredicate::UEQ:
      return Order::Equal;
    case arith::CmpFPredicate::ONE:
    case arith::CmpFPredicate::UNE:
      return Order::NotEqual;
    default:
      return Order::Unknown;
    }
  switch (cast<arith::CmpIOp>(op).getPredicate()) {
  case arith::CmpIPredicate::slt:
    return Order::Less;
  case arith::CmpIPredicate::sle:
    return Order::LessEqual;
  case arith::CmpIPredicate::sgt:
    return Order::Greater;
  case arith::CmpIPredicate::sge:
    return Order::GreaterEqual;
  case arith::CmpIPredicate::eq:
    return Order::Equal;
  case arith::CmpIPredicate::ne:
    return Order::NotEqual;
  default:
    return Order::Unknown;
  }
}

/// Comparisons for NaN, of which there are none, and of integers without a sign.
bool isOrdering(Operation *op) { return orderOf(op) != Order::Unknown; }

/// Narrows what was compared to what the outcome says; false where it cannot be. Integers that are
/// not at a border are a whole step away from it.
bool narrow(Order order, bool outcome, Bound &a, Bound &b, bool integers) {
  double apart = integers ? 1 : 0;
  auto atMost = [&](Bound &low, Bound &high, double gap) {
    low.high = std::min(low.high, high.high - gap);
    high.low = std::max(high.low, low.low + gap);
  };
  switch (order) {
  case Order::Less:
    outcome ? atMost(a, b, apart) : atMost(b, a, 0);
    break;
  case Order::LessEqual:
    outcome ? atMost(a, b, 0) : atMost(b, a, apart);
    break;
  case Order::Greater:
    outcome ? atMost(b, a, apart) : atMost(a, b, 0);
    break;
  case Order::GreaterEqual:
    outcome ? atMost(b, a, 0) : atMost(a, b, apart);
    break;
  case Order::Equal:
  case Order::NotEqual:
    if ((order == Order::Equal) == outcome) {
      a.low = b.low = std::max(a.low, b.low);
      a.high = b.high = std::min(a.high, b.high);
    } else if (a.isPoint() && b.isPoint() && a.low == b.low) {
      return false;
    }
    break;
  case Order::Unknown:
    break;
  }
  return a.low <= a.high && b.low <= b.high;
}

} // namespace

Paths::Paths(KernelOp kernel) {
  for (Operation &op : kernel.getBody().front()) {
    if (op.getNumResults() == 0)
      continue; // sets and emits are looked at by whoever runs it
    if (!isFollowed(&op) || op.getNumResults() != 1) {
      unknown = &op;
      return;
    }
    Instruction instruction{&op, {}, unsigned(numbers.size())};
    for (Value operand : op.getOperands())
      instruction.operands.push_back(numbers.lookup(operand));
    numbers[op.getResult(0)] = instruction.result;
    code.push_back(instruction);
  }
}

struct Paths::Walk {
  const Leaf &leaf;
  const Known &known;
  const Constant &constant;
  const Round &round;
  llvm::function_ref<void(ArrayRef<Bound>)> visit;
};

/// A constant is as exact as what uses it takes it to be.
bool Paths::isConstant(const Walk &walk, const Instruction &at, unsigned number) const {
  Operation *op = at.op->getOperand(number).getDefiningOp();
  return isa<arith::ConstantOp>(op) || walk.known(op);
}

void Paths::run(const Leaf &leaf, const Known &known, const Constant &constant, const Round &round,
                llvm::function_ref<void(ArrayRef<Bound>)> visit) const {
  Walk walk{leaf, known, constant, round, visit};
  follow(walk, 0, 0, SmallVector<Bound>(numbers.size()));
}

void Paths::follow(Walk &walk, size_t begin, unsigned splits, SmallVector<Bound> values) const {
  for (size_t i = begin; i < code.size(); ++i) {
    const Instruction &at = code[i];
    auto operand = [&](unsigned k) {
      const Bound &value = values[at.operands[k]];
      return isConstant(walk, at, k) ? walk.constant(at.op, k, value.low) : value;
    };
    Bound &result = values[at.result];
    if (auto known = walk.known(at.op)) {
      result = Bound::point(*known);
      continue;
    }
    if (isLeaf(at.op)) {
      result = walk.leaf(at.op);
      continue;
    }
    if (isa<arith::ConstantOp>(at.op)) {
      result = Bound::point(*constantOf(at.op->getResult(0)));
      continue;
    }
    if (isa<arith::CmpFOp, arith::CmpIOp>(at.op) && splits == MostSplits) {
      result = {0, 1, 0};
      continue;
    }
    if (isa<arith::CmpFOp, arith::CmpIOp>(at.op)) {
      bool integers = isa<arith::CmpIOp>(at.op);
      Order order = orderOf(at.op);
      SmallVector<SmallVector<Bound>, 2> sides;
      for (bool outcome : {false, true}) {
        SmallVector<Bound> side = values;
        Bound a = operand(0), b = operand(1);
        if (!narrow(order, outcome, a, b, integers))
          continue;
        for (auto [k, bound] : {std::pair(0u, a), std::pair(1u, b)})
          if (!isConstant(walk, at, k))
            side[at.operands[k]] = bound;
        side[at.result] = Bound::point(outcome);
        sides.push_back(side);
      }
      splits += sides.size() == 2;
      for (SmallVector<Bound> &side : llvm::drop_begin(sides))
        follow(walk, i + 1, splits, side);
      if (sides.empty())
        return; // nothing comes here
      values = sides.front();
      continue;
    }
    if (isa<arith::SelectOp>(at.op)) {
      const Bound &condition = values[at.operands[0]];
      result = !condition.isPoint() ? operand(1).hull(operand(2))
               : condition.low != 0 ? operand(1)
                                    : operand(2);
      result = walk.round(at.op, result);
      continue;
    }
    Bound exact =
        llvm::TypeSwitch<Operation *, Bound>(at.op)
            .Case<arith::AddFOp, arith::AddIOp>([&](auto) { return operand(0) + operand(1); })
            .Case<arith::SubFOp, arith::SubIOp>([&](auto) { return operand(0) - operand(1); })
            .Case<arith::MulFOp, arith::MulIOp>([&](auto) {
              return at.operands[0] == at.operands[1] ? operand(0).squared()
                                                      : operand(0) * operand(1);
            })
            .Case<math::FmaOp>([&](auto) {
              Bound product =
                  at.operands[0] == at.operands[1] ? operand(0).squared() : operand(0) * operand(1);
              return product + operand(2);
            })
            .Case<arith::NegFOp>([&](auto) { return -operand(0); })
            .Case<math::AbsFOp>([&](auto) {
              Bound a = operand(0), square = a.squared();
              return Bound{std::sqrt(square.low), a.magnitude(), a.error};
            })
            .Case<arith::MaximumFOp, arith::MaxNumFOp, arith::MaxSIOp>([&](auto) {
              Bound a = operand(0), b = operand(1);
              return Bound{std::max(a.low, b.low), std::max(a.high, b.high),
                           std::max(a.error, b.error)};
            })
            .Case<arith::MinimumFOp, arith::MinNumFOp, arith::MinSIOp>([&](auto) {
              Bound a = operand(0), b = operand(1);
              return Bound{std::min(a.low, b.low), std::min(a.high, b.high),
                           std::max(a.error, b.error)};
            })
            .Case<arith::AndIOp, arith::OrIOp, arith::XOrIOp>([&](auto op) {
              Bound a = operand(0), b = operand(1);
              if (isa<arith::AndIOp>(op) && !op.getType().isInteger(1) && b.isPoint() && b.low >= 0)
                return a.isPoint() && a.low == 0 ? a : Bound{0, b.high, 0}; // bits of a mask
              if (!op.getType().isInteger(1) || !a.isPoint() || !b.isPoint())
                return Bound{std::min({a.low, b.low, 0.0}),
                             2 * std::max(a.magnitude(), b.magnitude()) + 1, 0};
              bool x = a.low != 0, y = b.low != 0;
              return Bound::point(isa<arith::AndIOp>(op)  ? x && y
                                  : isa<arith::OrIOp>(op) ? x || y
                                                          : x != y);
            })
            .Case<arith::ShLIOp>([&](auto) {
              Bound by = operand(1);
              return operand(0) * Bound{std::exp2(by.low), std::exp2(by.high), 0};
            })
            .Case<math::ExpOp>([&](auto) { return fixed::exponential(operand(0)); })
            .Case<arith::ShRSIOp>([&](auto) {
              double unit = std::exp2(-operand(1).low);
              Bound a = operand(0);
              return Bound{std::floor(a.low * unit), std::floor(a.high * unit), a.error * unit + 1};
            })
            .Case<SaturateOp>([&](SaturateOp op) {
              double most = std::exp2(double(op.getBits()) - 1);
              Bound a = operand(0);
              return Bound{std::clamp(a.low, -most, most - 1), std::clamp(a.high, -most, most - 1),
                           a.error};
            })
            .Case<math::FloorOp>([&](auto) {
              Bound a = operand(0);
              return Bound{std::floor(a.low), std::floor(a.high), a.error ? a.error + 1 : 0};
            })
            .Case<RoundOp>([&](auto) {
              Bound a = operand(0);
              return Bound{std::nearbyint(a.low), std::nearbyint(a.high),
                           a.error ? a.error + 1 : 0};
            })
            .Case<arith::ExtSIOp>([&](arith::ExtSIOp op) {
              return op.getIn().getType().isInteger(1) ? -operand(0) : operand(0); // true is -1
            })
            .Default([&](auto) { return operand(0); });
    result = walk.round(at.op, exact);
  }
  walk.visit(values);
}

} // namespace synfire::sim
