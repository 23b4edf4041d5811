//===- Datapath.cpp ---===//
#include "passes/sim-to-rtl/Datapath.h"

#include "dialects/rtl/Multiplier.h"
#include "passes/sim-to-rtl/Products.h"
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

sim::Bound Widths::boundOf(Value value) const { return bounds.lookup(value); }

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

/// A comparison with a constant as `value >= limit`, or its opposite.
std::optional<Datapath::Limit> Datapath::limitOf(arith::CmpIOp compare) {
  using P = arith::CmpIPredicate;
  auto constant = sim::constantOf(compare.getRhs());
  P predicate = compare.getPredicate();
  if (!constant || !llvm::is_contained({P::sgt, P::sge, P::slt, P::sle}, predicate))
    return std::nullopt;
  bool isAbove = predicate == P::sgt || predicate == P::sle;
  return Limit{int64_t(*constant) + isAbove, predicate == P::slt || predicate == P::sle};
}

/// The exponent of a power of two that a comparison tells a value, which is never below 0, to
/// reach.
std::optional<unsigned> Datapath::powerLimit(arith::CmpIOp compare) {
  auto limit = limitOf(compare);
  if (!limit || limit->least <= 0 || !widths.isNatural(compare.getLhs()))
    return std::nullopt;
  auto least = uint64_t(limit->least);
  return llvm::isPowerOf2_64(least) ? std::optional(llvm::Log2_64(least)) : std::nullopt;
}

/// ns on an iCE40 UP5K, whose logic is the slowest that this is made for: a level of logic with its
/// wires takes about 3, a carry 0.28 a bit.
double Datapath::cost(Operation *op) {
  auto sum = [](unsigned bits) { return 3 + 0.28 * bits; };
  unsigned bits = op->getNumResults() ? widths.of(op->getResult(0)) : 0;
  if (isa<arith::AddIOp, arith::SubIOp>(op))
    return sum(bits);
  if (auto compare = dyn_cast<arith::CmpIOp>(op)) {
    if (auto limit = limitOf(compare)) {
      unsigned width = widths.of(compare.getLhs());
      bool isFew = limit->least == 0 || powerLimit(compare);
      return isFew ? 3 : sum(width - std::min(width, limit->below()));
    }
    return sum(std::max(widths.of(op->getOperand(0)), widths.of(op->getOperand(1))));
  }
  if (auto shift = dyn_cast<arith::ShLIOp>(op)) // a choice for each bit of the amount
    return sim::constantOf(shift.getRhs()) ? 0 : 3.0 * widths.of(shift.getRhs());
  if (Value value = countedDown(op); value && widths.isNatural(value))
    return sum(bits);
  if (isa<arith::MaxSIOp, arith::MinSIOp, sim::SaturateOp>(op))
    return sum(bits) + 3;
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

/// A product with a constant by a multiplier of the target.
Wire Datapath::multiply(int64_t constant, Value value, Moment &now) {
  Wire factor = at(value, now.stage);
  unsigned bits = unsigned(
      sim::bitsFor(double(std::min<int64_t>(constant, 0)), double(std::max<int64_t>(constant, 0))));
  if (now.time + multiplierTime > period && now.time > 1)
    now = {now.stage + 1, 1};
  factor = at(value, now.stage);
  now.time += multiplierTime;
  unsigned width = factor.width() + bits;
  Wire product = factor.sext(width) * m.constant(width, constant);
  product.get().getDefiningOp()->setAttr(rtl::multiplierAttribute, m.getBuilder().getUnitAttr());
  return product;
}

Wire Datapath::kept(Wire wire, unsigned stages, unsigned from) {
  for (unsigned stage = from + 1; stage <= from + stages; ++stage) {
    Register next =
        m.reg("s" + std::to_string(stage) + "_" + std::to_string(registers++), wire.width());
    next.set(wire);
    wire = next;
  }
  return wire;
}

/// Something rounded to units of 2^by, and another value or none added: the carry of the rounding
/// is a bit below both terms of that sum. So are whole units of a product.
Wire Datapath::rounded(const Rounding &rounding, Value other, unsigned width, Moment &now) {
  unsigned by = rounding.by;
  auto sumTime = [](unsigned bits) { return 3 + 0.28 * bits; };
  const Moment begin = now;
  Moment others = other ? momentOf(other) : now;
  Value factor = rounding.addsFactor ? rounding.product->factor : Value();
  // What comes early is added while the product is made.
  bool isEarly = factor && other &&
                 (others.stage < begin.stage ||
                  (others.stage == begin.stage && others.time <= begin.time + 4));
  Wire early;
  Moment added = isEarly ? momentOf({factor, other}) : now;
  if (isEarly) {
    early = fit(at(other, added.stage), width) + fit(at(factor, added.stage), width);
    added.time += sumTime(width);
  }
  Wire low;
  bool multiplies = rounding.product && multiplied.contains(rounding.exact.getDefiningOp());
  if (multiplies) {
    low = multiply(rounding.product->constant, rounding.product->factor, now);
  } else if (rounding.product) {
    auto digits = digitsOf(rounding.product->constant);
    low = sumOf(digits, rounding.product->factor,
                widths.of(rounding.product->factor) + digits.back().shift + 2, now);
  } else {
    low = at(rounding.exact, now.stage);
    if (by >= low.width()) // less than half a unit
      low = m.constant(by + 1, 0);
  }
  if (by >= low.width())
    low = low.sext(by + 1);
  auto addAndRound = [&](llvm::function_ref<Wire(unsigned)> addend) {
    Wire high = m.concat({fit(low.bits(by, low.width() - by), width), low.bit(by - 1)});
    return (high + m.concat({fit(addend(now.stage), width), m.constant(1, 1)})).bits(1, width);
  };
  auto begins = [&](const Moment &from) {
    if (from.stage > now.stage)
      low = kept(low, from.stage - now.stage, now.stage), now = from;
    else if (from.stage == now.stage)
      now.time = std::max(now.time, from.time);
  };
  // The carries of sums of digits run side by side.
  double needed = rounding.product && !multiplies ? 5 : sumTime(width);
  if (isEarly) {
    begins(added);
    makeRoom(now, needed, low);
    return addAndRound(
        [&](unsigned stage) { return kept(early, stage - added.stage, added.stage); });
  }
  if (other && !factor) {
    begins(others);
    makeRoom(now, needed, low);
    return addAndRound([&](unsigned stage) { return at(other, stage); });
  }
  makeRoom(now, needed, low);
  Wire result = addAndRound(
      [&](unsigned stage) { return factor ? at(factor, stage) : m.constant(width, 0); });
  if (!other)
    return result;
  low = result;
  begins(others);
  makeRoom(now, sumTime(width), low);
  return low + fit(at(other, now.stage), width);
}

/// Whether a value reaches a constant. Below the lowest bit of that nothing matters; a value that
/// is never below 0 is at least a power of two if any bit is high from there on.
Wire Datapath::reaches(arith::CmpIOp compare, Wire value) {
  auto limit = limitOf(compare);
  Wire reached;
  if (auto from = powerLimit(compare); from && *from < value.width()) {
    reached = value.bits(*from, value.width() - *from).any();
  } else if (limit->least == 0) {
    reached = ~value.msb();
  } else {
    unsigned below = std::min(limit->below(), value.width() - 1);
    int64_t least = limit->least >> below;
    unsigned bits = unsigned(
        sim::bitsFor(double(std::min<int64_t>(least, 0)), double(std::max<int64_t>(least, 0))));
    unsigned width = std::max(value.width() - below, bits);
    Wire high = fit(value.bits(below, value.width() - below), width);
    reached = high.compare(arith::CmpIPredicate::sge, m.constant(width, least));
  }
  return limit->negated ? ~reached : reached;
}

/// x - (x != 0). Of few bits each is logic of all; a sum would need carries.
Wire Datapath::countDown(Wire x) {
  if (x.width() > 4)
    return x + x.any().sext(x.width());
  SmallVector<Wire> bits; // highest first
  for (unsigned i = x.width(); i-- > 0;) {
    Wire borrows = i == 0 ? m.constant(1, 1) : ~x.low(i).any();
    bits.push_back(x.any() & (x.bit(i) ^ borrows));
  }
  return m.concat(bits);
}

/// Where a value is in range, its lowest bits; else the nearest number. \p bound is what it can be
/// wherever that matters.
Wire Datapath::saturated(Wire a, unsigned bits, sim::Bound bound) {
  double least = -std::exp2(bits - 1), most = std::exp2(bits - 1) - 1;
  if (a.width() <= bits || (bound.low >= least && bound.high <= most))
    return fit(a, bits);
  Wire above = a.bits(bits - 1, a.width() - bits + 1); // all are the sign where it is in range
  Wire lowest = m.concat({m.constant(1, 1), m.constant(bits - 1, 0)});
  Wire wideLowest = a.same(int64_t(least)), wideHighest = a.same(int64_t(most));
  Wire isBelow = a.slt(wideLowest), isAbove = wideHighest.slt(a);
  Wire result, promised = m.constant(1, 1);
  if (bound.high <= most) {
    result = (a.msb() & ~above.all()).select(lowest, a.low(bits));
    promised = ~isAbove;
  } else if (bound.low >= least) {
    result = (~a.msb() & above.any()).select(~lowest, a.low(bits));
    promised = ~isBelow;
  } else {
    Wire nearest = m.concat({a.msb(), fit(~a.msb(), bits - 1)});
    result = (~above.any() | above.all()).select(a.low(bits), nearest);
  }
  Wire clamped = isBelow.select(wideLowest, isAbove.select(wideHighest, a));
  m.assertThat(~promised | result.sext(a.width()) == clamped,
               "a word is the nearest of its format");
  return result;
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
        Wire a = operand(0);
        if (by >= a.width())
          return fit(a.msb(), width);
        return fit(a.bits(by, a.width() - by), width);
      })
      .Case<arith::CmpIOp>([&](arith::CmpIOp compare) {
        if (limitOf(compare))
          return reaches(compare, operand(0));
        auto [a, b] = both(0);
        return a.compare(compare.getPredicate(), b);
      })
      .Case<arith::SelectOp>(
          [&](auto) { return operand(0).select(fit(operand(1), width), fit(operand(2), width)); })
      .Case<arith::AndIOp>([&](auto) { return fit(operand(0), width) & fit(operand(1), width); })
      .Case<arith::OrIOp>([&](auto) { return fit(operand(0), width) | fit(operand(1), width); })
      .Case<arith::XOrIOp>([&](auto) { return fit(operand(0), width) ^ fit(operand(1), width); })
      .Case<arith::MaxSIOp>([&](auto) {
        if (Value value = countedDown(op); value && widths.isNatural(value)) {
          Wire x = at(value, stage);
          x = x.width() > 1 ? x.low(x.width() - 1) : x; // without its sign
          return countDown(x).zext(std::max(width, x.width())).low(width);
        }
        auto [a, b] = both(0);
        return fit(a.slt(b).select(b, a), width);
      })
      .Case<arith::MinSIOp>([&](auto) {
        auto [a, b] = both(0);
        return fit(a.slt(b).select(a, b), width);
      })
      .Case<sim::SaturateOp>([&](sim::SaturateOp saturate) {
        auto bits = unsigned(saturate.getBits());
        sim::Bound bound = widths.boundOf(saturate.getValue());
        auto choice = saturatedChoice(op);
        if (!choice)
          return fit(saturated(operand(0), bits, bound), width);
        Wire constant = m.constant(width, choice->constant);
        Wire other = fit(saturated(at(choice->other, stage), bits, bound), width);
        Wire condition = at(choice->condition, stage);
        return choice->constantIfHigh ? condition.select(constant, other)
                                      : condition.select(other, constant);
      })
      .Case<arith::ExtUIOp, arith::ExtSIOp, arith::TruncIOp, sim::FixedOp, sim::RealOp>(
          [&](auto) { return fit(operand(0), width); })
      .Default([&](auto) { return Wire(); });
}

/// What has to be there before an op is built.
SmallVector<Value> Datapath::inputsOf(Operation *op) {
  if (auto sum = roundedSum(op, multiplied))
    return {sum->rounding.input(), sum->other};
  if (auto rounding = roundingOf(op, multiplied))
    return {rounding->input()};
  if (auto choice = saturatedChoice(op))
    return {choice->condition, choice->other};
  if (Value value = countedDown(op); value && widths.isNatural(value))
    return {value};
  return llvm::to_vector(op->getOperands());
}

/// When all of some values are there.
Datapath::Moment Datapath::momentOf(ArrayRef<Value> values) {
  Moment now{0, 0};
  for (Value value : values) {
    if (sim::constantOf(value))
      continue;
    const Placed &from = placed[value];
    if (from.stage > now.stage)
      now = {from.stage, 0};
    if (from.stage == now.stage)
      now.time = std::max(now.time, from.time);
  }
  return now;
}

/// As early as its operands are there; in the next stage where the clock has no room for it.
void Datapath::place(Operation *op) {
  unsigned width = widths.of(op->getResult(0));
  auto sum = roundedSum(op, multiplied);
  auto rounding = sum ? sum->rounding : roundingOf(op, multiplied);
  Moment now = momentOf(rounding ? ArrayRef(rounding->input()) : ArrayRef(inputsOf(op)));
  Wire built;
  if (rounding) {
    built = rounded(*rounding, sum ? sum->other : Value(), width, now);
  } else if (auto product = constantProduct(op)) {
    auto digits = digitsOf(product->constant);
    if (multiplied.contains(op))
      built = fit(multiply(product->constant, product->factor, now), width);
    else if (digits.size() <= mostDigits)
      built = sumOf(digits, product->factor, width, now);
  }
  if (!built) {
    double needed = cost(op);
    if (now.time + needed > period && now.time > 1)
      now = {now.stage + 1, 1};
    built = compute(op, now.stage);
    now.time += needed;
  }
  placed[op->getResult(0)] = {built, now.stage, now.time};
  last = std::max(last, now.stage);
}

/// A choice of a constant before a register costs nothing on most targets: it resets that. So one
/// more stage is less logic where more bits are chosen so at the end than others would wait.
bool Datapath::endsInResets(ArrayRef<Value> results) {
  unsigned chosen = 0, others = 1;
  for (Value result : results) {
    while (isa_and_nonnull<sim::RealOp, sim::FixedOp>(result.getDefiningOp()))
      result = result.getDefiningOp()->getOperand(0);
    auto select = result.getDefiningOp<arith::SelectOp>();
    bool chooses = saturatedChoice(result.getDefiningOp()) ||
                   (select && (sim::constantOf(select.getTrueValue()) ||
                               sim::constantOf(select.getFalseValue())));
    (chooses && placed[result].stage == last ? chosen : others) += widths.of(result);
  }
  return chosen > others;
}

void Datapath::build(ArrayRef<Value> results) {
  llvm::DenseSet<Operation *> needed;
  SmallVector<Operation *> work;
  auto need = [&](Value value) {
    Operation *op = value.getDefiningOp();
    if (op && !placed.count(value) && !sim::constantOf(value) && needed.insert(op).second)
      work.push_back(op);
  };
  for (Value result : results)
    need(result);
  while (!work.empty())
    for (Value operand : inputsOf(work.pop_back_val()))
      need(operand);
  for (Operation &op : kernel.getBody().front())
    if (needed.contains(&op))
      place(&op);
  last += endsInResets(results);
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
