//===- Datapath.cpp ---===//
#include "passes/sim-to-rtl/Datapath.h"

#include "passes/sim/fixed/KernelFormats.h"

#include "llvm/ADT/TypeSwitch.h"

using namespace mlir;
using namespace synfire;
using namespace synfire::rtl;

Widths::Widths(sim::KernelOp kernel, const sim::Paths::Leaf &leaf) {
  sim::Paths paths(kernel);
  auto none = [](Operation *) { return std::nullopt; };
  auto constant = [](Operation *, unsigned, double value) { return sim::Bound::point(value); };
  auto round = [](Operation *, sim::Bound exact) { return exact; };
  paths.run(leaf, none, constant, round, [&](ArrayRef<sim::Bound> values) {
    for (Operation &op : kernel.getBody().front())
      if (op.getNumResults() == 1) {
        Value value = op.getResult(0);
        const sim::Bound &bound = values[paths.numberOf(value)];
        auto [known, isNew] = bounds.try_emplace(value, bound);
        if (!isNew)
          known->second = known->second.hull(bound);
      }
  });
}

unsigned Widths::of(Value value) const {
  if (value.getType().isInteger(1))
    return 1;
  auto found = bounds.find(value);
  if (found == bounds.end())
    return 1; // no path leads here
  return unsigned(sim::bitsFor(std::floor(found->second.low), std::ceil(found->second.high)));
}

Wire Datapath::fit(Wire wire, unsigned width) {
  return width > wire.width() ? wire.sext(width) : width < wire.width() ? wire.low(width) : wire;
}

/// The number of signed digits of an integer that are not zero, in the form that has the fewest.
static unsigned digitsOf(int64_t value) {
  unsigned digits = 0;
  for (uint64_t rest = uint64_t(std::abs(value)); rest; rest >>= 1)
    if (rest & 1) {
      ++digits;
      rest = rest & 2 ? rest + 1 : rest - 1;
    }
  return digits;
}

/// ns on an iCE40 UP5K, whose logic is the slowest that this is made for: a level of logic with its
/// wires takes about 3, a carry 0.28 a bit.
double Datapath::cost(Operation *op) {
  auto sum = [](unsigned bits) { return 3 + 0.28 * bits; };
  unsigned bits = op->getNumResults() ? widths.of(op->getResult(0)) : 0;
  if (isa<arith::AddIOp, arith::SubIOp>(op))
    return sum(bits);
  if (isa<arith::CmpIOp>(op))
    return sum(std::max(widths.of(op->getOperand(0)), widths.of(op->getOperand(1))));
  if (isa<arith::MaxSIOp, arith::MinSIOp, sim::SaturateOp>(op))
    return sum(bits) + 3;
  if (isa<arith::SelectOp, arith::AndIOp, arith::OrIOp, arith::XOrIOp>(op))
    return 3;
  if (auto product = dyn_cast<arith::MulIOp>(op)) {
    for (Value factor : product.getOperands())
      if (auto constant = sim::constantOf(factor))
        return llvm::Log2_32_Ceil(std::max(1u, digitsOf(int64_t(*constant)))) * sum(bits);
    return 14 + sum(bits);
  }
  return 0;
}

Wire Datapath::at(Value value, unsigned stage) {
  if (auto constant = sim::constantOf(value))
    return m.constant(value.getType().isInteger(1) ? 1 : widths.of(value), int64_t(*constant));
  const Placed from = placed.lookup(value);
  if (stage <= from.stage)
    return from.wire;
  Wire &known = later[{value, stage}];
  if (!known) {
    Wire before = at(value, stage - 1);
    std::string name = "s" + std::to_string(stage) + "_" + std::to_string(registers++);
    Register kept = m.reg(name, before.width());
    kept.set(before);
    later[{value, stage}] = kept;
    return kept;
  }
  return known;
}

Wire Datapath::compute(Operation *op, unsigned stage) {
  unsigned width = op->getNumResults() ? widths.of(op->getResult(0)) : 1;
  auto operand = [&](unsigned k) { return at(op->getOperand(k), stage); };
  auto both = [&](unsigned first) {
    Wire a = operand(first), b = operand(first + 1);
    unsigned most = std::max(a.width(), b.width());
    return std::pair(fit(a, most), fit(b, most));
  };
  return llvm::TypeSwitch<Operation *, Wire>(op)
      .Case<arith::AddIOp>([&](auto) { return fit(operand(0), width) + fit(operand(1), width); })
      .Case<arith::SubIOp>([&](auto) { return fit(operand(0), width) - fit(operand(1), width); })
      .Case<arith::MulIOp>([&](auto) { return fit(operand(0), width) * fit(operand(1), width); })
      .Case<arith::ShLIOp>([&](auto shift) {
        return fit(operand(0), width).shl(unsigned(*sim::constantOf(shift.getRhs())));
      })
      .Case<arith::ShRSIOp>([&](auto shift) {
        unsigned by = unsigned(*sim::constantOf(shift.getRhs()));
        Wire a = operand(0);
        if (by >= a.width())
          return fit(a.msb(), width);
        return fit(a.bits(by, a.width() - by), width);
      })
      .Case<arith::CmpIOp>([&](arith::CmpIOp compare) {
        auto [a, b] = both(0);
        return a.compare(compare.getPredicate(), b);
      })
      .Case<arith::SelectOp>(
          [&](auto) { return operand(0).select(fit(operand(1), width), fit(operand(2), width)); })
      .Case<arith::AndIOp>([&](auto) { return fit(operand(0), width) & fit(operand(1), width); })
      .Case<arith::OrIOp>([&](auto) { return fit(operand(0), width) | fit(operand(1), width); })
      .Case<arith::XOrIOp>([&](auto) { return fit(operand(0), width) ^ fit(operand(1), width); })
      .Case<arith::MaxSIOp>([&](auto) {
        auto [a, b] = both(0);
        return fit(a.slt(b).select(b, a), width);
      })
      .Case<arith::MinSIOp>([&](auto) {
        auto [a, b] = both(0);
        return fit(a.slt(b).select(a, b), width);
      })
      .Case<sim::SaturateOp>([&](sim::SaturateOp saturate) {
        Wire a = operand(0);
        auto bits = unsigned(saturate.getBits());
        if (a.width() <= bits)
          return fit(a, width);
        // In range where all bits above are the sign.
        Wire above = a.bits(bits - 1, a.width() - bits + 1);
        Wire fits = ~above.any() | above.all();
        Wire most = m.concat({a.msb(), fit(~a.msb(), bits - 1)});
        return fit(fits.select(a.low(bits), most), width);
      })
      .Case<arith::ExtUIOp, arith::ExtSIOp, arith::TruncIOp, sim::FixedOp, sim::RealOp>(
          [&](auto) { return fit(operand(0), width); })
      .Default([&](auto) { return Wire(); });
}

/// As early as its operands are there; in the next stage where the clock has no room for it.
void Datapath::place(Operation *op) {
  unsigned stage = 0;
  double time = 0;
  for (Value operand : op->getOperands()) {
    if (sim::constantOf(operand))
      continue;
    const Placed &from = placed[operand];
    if (from.stage > stage) {
      stage = from.stage;
      time = 0;
    }
    if (from.stage == stage)
      time = std::max(time, from.time);
  }
  double needed = cost(op);
  if (time + needed > period && time > 1) {
    ++stage;
    time = 1;
  }
  placed[op->getResult(0)] = {compute(op, stage), stage, time + needed};
  last = std::max(last, stage);
}

void Datapath::build() {
  for (Operation &op : kernel.getBody().front())
    if (op.getNumResults() == 1 && !placed.count(op.getResult(0)) &&
        !sim::constantOf(op.getResult(0)))
      place(&op);
}

Wire Datapath::delayed(Wire wire, StringRef name, Wire reset) {
  for (unsigned stage = 1; stage <= last; ++stage) {
    Register kept = m.reg((name + "_s" + Twine(stage)).str(), wire.width(), {.reset = reset});
    kept.set(wire);
    wire = kept;
  }
  return wire;
}
