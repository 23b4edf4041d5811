//===- Datapath.cpp ---===//
#include "passes/sim-to-rtl/Datapath.h"

#include "passes/sim/fixed/KernelFormats.h"

#include "llvm/ADT/TypeSwitch.h"

#include <utility>

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

bool Widths::isBit(Value value) const {
  auto found = bounds.find(value);
  return found != bounds.end() && found->second.low >= 0 && found->second.high <= 1;
}

bool Widths::isNatural(Value value) const {
  auto found = bounds.find(value);
  return found != bounds.end() && found->second.low >= 0;
}

Wire Datapath::fit(Wire wire, unsigned width) {
  return width > wire.width() ? wire.sext(width) : width < wire.width() ? wire.low(width) : wire;
}

namespace {

/// The form of a number with the fewest digits that are not zero, lowest first.
SmallVector<Digit> digitsOf(int64_t value) {
  SmallVector<Digit> digits;
  bool flipped = value < 0;
  unsigned shift = 0;
  for (uint64_t rest = flipped ? -uint64_t(value) : uint64_t(value); rest; rest >>= 1, ++shift)
    if (rest & 1) {
      bool down = (rest & 2) != 0;
      digits.push_back({shift, down != flipped});
      rest = down ? rest + 1 : rest - 1;
    }
  return digits;
}

/// More digits than that are cheaper as a multiplier.
constexpr size_t mostDigits = 6;

} // namespace

/// The constant factor of a product that is made of sums, and the other factor.
static std::optional<std::pair<SmallVector<Digit>, Value>> asSums(Operation *op) {
  auto product = dyn_cast_or_null<arith::MulIOp>(op);
  if (!product)
    return std::nullopt;
  for (unsigned k : {0u, 1u})
    if (auto constant = sim::constantOf(product.getOperand(k))) {
      auto digits = digitsOf(int64_t(*constant));
      if (!digits.empty() && digits.size() <= mostDigits)
        return std::pair(digits, product.getOperand(1 - k));
    }
  return std::nullopt;
}

/// Where a shift to the right rounds to the nearest: what is rounded. Half a unit is then no sum,
/// but the carry into the bits that stay.
static Value roundedBy(arith::ShRSIOp shift) {
  auto sum = shift.getLhs().getDefiningOp<arith::AddIOp>();
  auto by = sim::constantOf(shift.getRhs());
  auto half = sum ? sim::constantOf(sum.getRhs()) : std::nullopt;
  return half && by && *by >= 1 && *half == std::exp2(*by - 1) ? sum.getLhs() : Value();
}

/// Where the product that is rounded adds whole units with its highest digit.
static std::optional<std::pair<SmallVector<Digit>, Value>> inOneSum(arith::ShRSIOp shift) {
  Value exact = roundedBy(shift);
  auto sums = exact ? asSums(exact.getDefiningOp()) : std::nullopt;
  if (!sums || sums->first.size() < 2 || sums->first.back().negative ||
      sums->first.back().shift != unsigned(*sim::constantOf(shift.getRhs())) ||
      !exact.getDefiningOp()->hasOneUse())
    return std::nullopt;
  return sums;
}

/// A product that is computed where it is rounded.
static bool isPartOfRounding(Operation *op) {
  if (!isa<arith::MulIOp>(op) || !op->hasOneUse())
    return false;
  Operation *half = *op->user_begin();
  return isa<arith::AddIOp>(half) && half->hasOneUse() &&
         isa<arith::ShRSIOp>(*half->user_begin()) &&
         inOneSum(cast<arith::ShRSIOp>(*half->user_begin()));
}

/// The sum of half a unit and something, which only roundings need.
static bool isHalf(Operation *op) {
  return isa<arith::AddIOp>(op) && !op->use_empty() &&
         llvm::all_of(op->getUsers(), [&](Operation *user) {
           auto shift = dyn_cast<arith::ShRSIOp>(user);
           return shift && shift.getLhs() == op->getResult(0) && roundedBy(shift);
         });
}

/// The exponent of a power of two that a comparison tells a value, which is never below 0, to
/// reach.
std::optional<unsigned> Datapath::powerLimit(arith::CmpIOp compare) {
  auto limit = sim::constantOf(compare.getRhs());
  bool isAbove = compare.getPredicate() == arith::CmpIPredicate::sgt;
  if (!limit || *limit < 0 || !widths.isNatural(compare.getLhs()) ||
      (!isAbove && compare.getPredicate() != arith::CmpIPredicate::sge))
    return std::nullopt;
  auto least = uint64_t(*limit) + isAbove;
  return llvm::isPowerOf2_64(least) ? std::optional(llvm::Log2_64(least)) : std::nullopt;
}

/// ns on an iCE40 UP5K, whose logic is the slowest that this is made for: a level of logic with its
/// wires takes about 3, a carry 0.28 a bit.
double Datapath::cost(Operation *op) {
  auto sum = [](unsigned bits) { return 3 + 0.28 * bits; };
  unsigned bits = op->getNumResults() ? widths.of(op->getResult(0)) : 0;
  if (isa<arith::AddIOp, arith::SubIOp>(op))
    return sum(bits);
  if (auto compare = dyn_cast<arith::CmpIOp>(op); compare && powerLimit(compare))
    return 3;
  if (isa<arith::CmpIOp>(op))
    return sum(std::max(widths.of(op->getOperand(0)), widths.of(op->getOperand(1))));
  if (auto shift = dyn_cast<arith::ShLIOp>(op)) // a choice for each bit of the amount
    return sim::constantOf(shift.getRhs()) ? 0 : 3.0 * widths.of(shift.getRhs());
  if (isa<arith::MaxSIOp, arith::MinSIOp, sim::SaturateOp>(op))
    return sum(bits) + 3;
  if (auto shift = dyn_cast<arith::ShRSIOp>(op)) {
    return roundedBy(shift) ? sum(bits) : 0;
  }
  if (isa<arith::SelectOp, arith::AndIOp, arith::OrIOp, arith::XOrIOp>(op))
    return 3;
  if (isa<arith::MulIOp>(op))
    return 14 + sum(bits);
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

/// Room for logic of so many ns: in the present stage, or in one more, where \p waits then goes
/// through a register.
void Datapath::makeRoom(Moment &now, double needed, Wire &waits) {
  if (now.time + needed > period && now.time > 1) {
    Register kept =
        m.reg("s" + std::to_string(++now.stage) + "_" + std::to_string(registers++), waits.width());
    kept.set(waits);
    waits = kept;
    now.time = 1;
  }
  now.time += needed;
}

/// A product with a constant, from its lowest digit: what lies below the next one takes no part in
/// its sum.
Wire Datapath::sumOf(ArrayRef<Digit> digits, Value value, unsigned width, Moment &now) {
  Wire factor = at(value, now.stage), all = factor;
  double first = 3 + 0.28 * factor.width(), further = 5; // the carries of all sums run side by side
  bool isFirst = true;
  auto needed = [&] { return std::exchange(isFirst, false) ? first : further; };
  if (digits.front().negative) {
    makeRoom(now, needed(), all);
    all = m.constant(factor.width() + 1, 0) - all.sext(factor.width() + 1);
  }
  unsigned lowest = digits.front().shift;
  for (const Digit &digit : digits.drop_front()) {
    makeRoom(now, needed(), all);
    factor = at(value, now.stage);
    unsigned below = digit.shift - lowest;
    Wire above = all.width() > below ? all.bits(below, all.width() - below) : all.msb();
    Wire rest = fit(all, below);
    unsigned most = std::max(above.width(), factor.width()) + 1;
    Wire sum = digit.negative ? above.sext(most) - factor.sext(most)
                              : above.sext(most) + factor.sext(most);
    all = m.concat({sum, rest});
  }
  return fit(lowest ? m.concat({all, m.constant(lowest, 0)}) : all, width);
}

/// A product with a constant, rounded to units of 2^by. Its highest digit adds whole units, in the
/// same sum as the carry of the rounding.
Wire Datapath::roundedProduct(ArrayRef<Digit> digits, Value value, unsigned by, unsigned width,
                              Moment &now) {
  unsigned bits = widths.of(value) + digits.back().shift + 1;
  Wire low = sumOf(digits.drop_back(), value, bits, now);
  makeRoom(now, 5, low);
  Wire high = m.concat({fit(low.bits(by, bits - by), width), low.bit(by - 1)});
  Wire sum = high + m.concat({fit(at(value, now.stage), width), m.constant(1, 1)});
  return sum.bits(1, width);
}

/// Whether a value that is never below 0 is at least a power of two: any bit from there on.
Wire Datapath::beyondPower(arith::CmpIOp compare, Wire value) {
  auto from = powerLimit(compare);
  if (!from || *from >= value.width())
    return {};
  return value.bits(*from, value.width() - *from).any();
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
      .Case<arith::MulIOp>([&](auto) {
        for (unsigned k : {0u, 1u})
          if (widths.isBit(op->getOperand(k))) // nothing, or the other
            return operand(k).bit(0).select(fit(operand(1 - k), width), 0);
        return fit(operand(0), width) * fit(operand(1), width);
      })
      .Case<arith::ShLIOp>([&](auto shift) {
        if (auto by = sim::constantOf(shift.getRhs()))
          return *by < width ? fit(operand(0), width).shl(unsigned(*by)) : m.constant(width, 0);
        Wire by = operand(1);
        unsigned most = std::max(width, by.width());
        return fit(fit(operand(0), most).shl(by.zext(most)), width);
      })
      .Case<arith::ShRSIOp>([&](auto shift) {
        unsigned by = unsigned(*sim::constantOf(shift.getRhs()));
        if (Value exact = roundedBy(shift)) {
          Wire a = at(exact, stage);
          if (by >= a.width()) // less than half a unit
            return m.constant(width, 0);
          // The carry is a bit below both terms.
          Wire high = fit(a.bits(by, a.width() - by), width), carry = a.bit(by - 1);
          Wire sum = m.concat({high, carry}) + m.constant(width + 1, 1);
          return sum.bits(1, width);
        }
        Wire a = operand(0);
        if (by >= a.width())
          return fit(a.msb(), width);
        return fit(a.bits(by, a.width() - by), width);
      })
      .Case<arith::CmpIOp>([&](arith::CmpIOp compare) {
        auto [a, b] = both(0);
        if (Wire limit = beyondPower(compare, a))
          return limit;
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
  auto shift = dyn_cast<arith::ShRSIOp>(op);
  Value exact = shift ? roundedBy(shift) : Value();
  if (auto sums = shift ? inOneSum(shift) : std::nullopt)
    exact = sums->second;
  for (Value operand : exact ? ValueRange(exact) : ValueRange(op->getOperands())) {
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
  unsigned width = widths.of(op->getResult(0));
  Moment now{stage, time};
  Wire chain;
  if (auto sums = shift ? inOneSum(shift) : std::nullopt)
    chain = roundedProduct(sums->first, sums->second, unsigned(*sim::constantOf(shift.getRhs())),
                           width, now);
  else if (auto sums = asSums(op))
    chain = sumOf(sums->first, sums->second, width, now);
  if (chain) {
    placed[op->getResult(0)] = {chain, now.stage, now.time};
    last = std::max(last, now.stage);
    return;
  }
  double needed = cost(op);
  if (time + needed > period && time > 1) {
    ++stage;
    time = 1;
  }
  placed[op->getResult(0)] = {compute(op, stage), stage, time + needed};
  last = std::max(last, stage);
}

void Datapath::build(ArrayRef<Value> results) {
  llvm::DenseSet<Operation *> needed;
  SmallVector<Operation *> work;
  auto need = [&](Value value) {
    Operation *op = value.getDefiningOp();
    if (op && !placed.count(value) && needed.insert(op).second)
      work.push_back(op);
  };
  for (Value result : results)
    need(result);
  while (!work.empty())
    for (Value operand : work.pop_back_val()->getOperands())
      need(operand);
  for (Operation &op : kernel.getBody().front())
    if (needed.contains(&op) && op.getNumResults() == 1 && !placed.count(op.getResult(0)) &&
        !sim::constantOf(op.getResult(0)) && !isHalf(&op) && !isPartOfRounding(&op))
      place(&op);
}

Wire Datapath::delayed(Wire wire, StringRef name, Wire reset) {
  Wire first = wire;
  for (unsigned stage = 1; stage <= last; ++stage) {
    Register kept = m.reg((name + "_s" + Twine(stage)).str(), wire.width(), {.reset = reset});
    kept.set(wire);
    stagesOfWire[first.get()].push_back(kept);
    wire = kept;
  }
  return wire;
}
