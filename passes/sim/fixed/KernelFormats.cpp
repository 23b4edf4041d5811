//===- KernelFormats.cpp ---===//
#include "passes/sim/fixed/KernelFormats.h"

#include "llvm/ADT/StringSet.h"

using namespace mlir;

namespace synfire::sim {

/// States longer than this would need products that no 64-bit integer holds.
static constexpr int64_t MostBits = 32;
static constexpr int MostSteps = 200000;

int64_t bitsFor(double low, double high) {
  int64_t bits = 1;
  while (bits < 63 && (low < -power(int(bits) - 1) || high > power(int(bits) - 1) - 1))
    ++bits;
  return bits;
}

KernelFormats::KernelFormats(KernelOp kernel, ProgramOp program, ArrayRef<LaunchInterface> launches,
                             const FixedSettings &settings)
    : kernel(kernel), program(program), launches(launches), settings(settings), paths(kernel) {}

std::optional<double> KernelFormats::constantOf(Value value) const {
  if (auto get = value.getDefiningOp<GetOp>()) {
    auto scale = scales.find(get.getField());
    if (scale == scales.end())
      return std::nullopt;
    int fraction = sums.find(scale->second.first)->second.fraction;
    return power(scale->second.second ? -fraction : fraction);
  }
  if (auto product = value.getDefiningOp<arith::MulFOp>()) {
    auto a = constantOf(product.getLhs()), b = constantOf(product.getRhs());
    return a && b ? std::optional(*a * *b) : std::nullopt;
  }
  if (auto round = value.getDefiningOp<RoundOp>()) {
    auto a = constantOf(round.getValue());
    return a ? std::optional(std::nearbyint(*a)) : std::nullopt;
  }
  return sim::constantOf(value);
}

//===----------------------------------------------------------------------===//
// What the kernel works on
//===----------------------------------------------------------------------===//

/// Where an array begins, over all elements.
static Bound startOf(ArrayOp array) {
  auto values = dyn_cast_or_null<DenseElementsAttr>(array.getValuesAttr());
  if (!values)
    return Bound::point(array.getValue() ? array.getValue()->convertToDouble() : 0);
  std::optional<Bound> all;
  for (const APFloat &value : values.getValues<APFloat>()) {
    Bound one = Bound::point(value.convertToDouble());
    all = all ? all->hull(one) : one;
  }
  return all.value_or(Bound{});
}

LogicalResult KernelFormats::collectFields() {
  SymbolTable symbols(program);
  llvm::StringSet<> set;
  for (auto op : kernel.getBody().getOps<SetOp>())
    set.insert(op.getField());
  SmallVector<FieldOp> all(kernel.getBody().getOps<FieldOp>());
  for (auto [number, field] : llvm::enumerate(all)) {
    SmallVector<Operation *> bound;
    for (LaunchInterface launch : launches)
      if (auto symbol = dyn_cast<FlatSymbolRefAttr>(launch.bindings()[number]))
        bound.push_back(symbols.lookup(symbol.getValue()));
    StringRef name = field.getSymName();
    switch (field.getKind()) {
    case FieldKind::Element: {
      FixedField &into = fields[name];
      into.field = field;
      into.isState = set.contains(name);
      into.isWhole = field.getType().isInteger();
      for (auto [i, op] : llvm::enumerate(bound)) {
        auto array = cast<ArrayOp>(op);
        into.arrays.push_back(array);
        if (auto format = array.getFormat())
          into.given = std::pair((*format)[0], (*format)[1]);
        Bound start = startOf(array);
        into.range = i == 0 ? start : into.range.hull(start);
      }
      break;
    }
    case FieldKind::Ring: {
      FixedSum &into = sums[name];
      into.field = field;
      for (Operation *op : bound)
        into.accumulators.push_back(cast<AccumulatorOp>(op));
      break;
    }
    case FieldKind::Uniform: {
      // The factors of a sum's units are chosen here; every other number was frozen.
      bool found = false;
      for (auto [other, ring] : llvm::enumerate(all))
        if (ring.getKind() == FieldKind::Ring)
          if (auto sum = dyn_cast_or_null<AccumulatorOp>(symbols.lookup(
                  cast<FlatSymbolRefAttr>(launches[0].bindings()[other]).getValue())))
            for (bool inverse : {false, true})
              if (cast<ArrayOp>(bound[0]).getSymName() ==
                  (inverse ? sum.getInverse() : sum.getScale())) {
                scales[name] = {ring.getSymName().str(), inverse};
                found = true;
              }
      if (!found)
        return cast<ArrayOp>(bound[0]).emitOpError(
            "changes in the run; hardware keeps parameters as constants, so give it "
            "one value, or make it a state");
      break;
    }
    case FieldKind::Poisson:
    case FieldKind::Key:
    case FieldKind::Emit:
      break;
    default:
      return field.emitOpError("reads values of other cells, which a neuron engine does not see; "
                               "fixed point takes models whose cells meet by spikes");
    }
  }
  return success();
}

Bound KernelFormats::leaf(Operation *op) {
  if (auto get = dyn_cast<GetOp>(op)) {
    if (auto number = constantOf(get.getResult()))
      return Bound::point(*number);
    return fields.find(get.getField())->second.range;
  }
  if (auto collect = dyn_cast<CollectOp>(op)) {
    const FixedSum &sum = sums.find(collect.getRing())->second;
    Bound all;
    for (AccumulatorOp accumulator : sum.accumulators) {
      ArrayRef<double> range = accumulator.getRange().value_or(ArrayRef<double>{0, 0, 0});
      // Each amount is rounded by itself, and none becomes one of the other sign.
      double unit = power(sum.fraction), rounding = range[2] / 2;
      all = all.hull({range[0] < 0 ? range[0] * unit - rounding : 0,
                      range[1] > 0 ? range[1] * unit + rounding : 0, 0});
    }
    return all;
  }
  if (auto count = dyn_cast<CountOp>(op)) {
    SymbolTable symbols(program);
    double most = 0;
    for (LaunchInterface launch : launches)
      for (auto [field, bound] : llvm::zip(kernel.getBody().getOps<FieldOp>(), launch.bindings()))
        if (field.getSymName() == count.getTable().value_or(""))
          most = std::max<double>(
              most, symbols.lookup<PoissonOp>(cast<FlatSymbolRefAttr>(bound).getValue())
                        .getThresholdsAttr()
                        .size());
    return {0, most, 0};
  }
  return {0, power(40), 0}; // steps
}

//===----------------------------------------------------------------------===//
// Fractions
//===----------------------------------------------------------------------===//

void KernelFormats::demand(Value value, int fraction) {
  if (!value.getDefiningOp() || fraction == FixedOperation::nothing)
    return;
  int &known = plan[value.getDefiningOp()].demand;
  known = std::max(known, fraction);
}

/// Backwards from the states: how fine each value has to be so that what is computed from it is as
/// fine as the state.
void KernelFormats::demandAll() {
  for (Operation &op : llvm::reverse(kernel.getBody().front())) {
    if (auto set = dyn_cast<SetOp>(op)) {
      demand(set.getValue(), fields[set.getField()].fraction);
      continue;
    }
    if (op.getNumResults() != 1)
      continue;
    int wanted = plan[&op].demand;
    auto factor = [&](Value value, Value other) {
      if (wanted == FixedOperation::nothing)
        return;
      auto number = constantOf(other);
      double size = number ? std::abs(*number) : hull[paths.numberOf(other)].magnitude();
      // A sum in units of its own has a fraction, which the factor gives back.
      demand(value, size == 0 ? wanted : wanted + exponentAbove(size));
    };
    if (isa<arith::MulFOp, math::FmaOp>(op)) {
      factor(op.getOperand(0), op.getOperand(1));
      factor(op.getOperand(1), op.getOperand(0));
      if (isa<math::FmaOp>(op))
        demand(op.getOperand(2), wanted);
    } else if (auto select = dyn_cast<arith::SelectOp>(op)) {
      demand(select.getTrueValue(), wanted);
      demand(select.getFalseValue(), wanted);
    } else if (isa<FloatType>(op.getResult(0).getType())) {
      for (Value operand : op.getOperands())
        demand(operand, wanted);
    }
  }
}

int KernelFormats::fractionOf(Value value) const {
  if (auto get = value.getDefiningOp<GetOp>()) {
    auto field = fields.find(get.getField());
    return field == fields.end() ? 0 : field->second.fraction;
  }
  auto found = plan.find(value.getDefiningOp());
  return found == plan.end() ? 0 : found->second.fraction;
}

/// The mantissa and exponent of a number that is a few bits long, or nothing.
static std::optional<std::pair<int64_t, int>> shortNumber(double value) {
  if (value == 0)
    return std::pair<int64_t, int>(0, 0);
  int exponent;
  double mantissa = std::frexp(value, &exponent); // in [0.5, 1)
  auto whole = int64_t(std::ldexp(mantissa, 53));
  int zeros = llvm::countr_zero(uint64_t(whole));
  if (53 - zeros > 8)
    return std::nullopt;
  return std::pair(whole >> zeros, 53 - zeros - exponent);
}

std::pair<int64_t, int> KernelFormats::coefficient(Operation *op, unsigned number,
                                                   double value) const {
  if (auto exact = shortNumber(value))
    return *exact;
  Value other = op->getOperand(1 - number);
  int wanted = plan.find(op)->second.demand;
  double size = hull[paths.numberOf(other)].magnitude();
  int fraction = std::clamp(wanted + 1 + exponentAbove(size), -60, 60);
  // Not more bits than a number of any use has, however small its partner is.
  fraction = std::min(fraction, int(MostBits) - 1 - exponentAbove(value));
  auto whole = int64_t(std::nearbyint(std::ldexp(value, fraction)));
  while (whole != 0 && whole % 2 == 0) {
    whole /= 2;
    --fraction;
  }
  return {whole, fraction};
}

/// Forwards: the fraction that each value has, and where it is rounded to what is wanted.
void KernelFormats::planForward() {
  for (Operation &op : kernel.getBody().front()) {
    if (op.getNumResults() != 1 || !isa<FloatType>(op.getResult(0).getType()) ||
        isa<arith::ConstantOp, GetOp>(op))
      continue;
    FixedOperation &of = plan[&op];
    auto ofFactor = [&](unsigned number) {
      auto value = constantOf(op.getOperand(number));
      return value ? coefficient(&op, number, *value).second : fractionOf(op.getOperand(number));
    };
    // A constant term is as fine as what it is added to, or as is wanted.
    auto ofTerms = [&](ArrayRef<Value> terms, int finest) {
      for (Value term : terms)
        if (auto number = constantOf(term)) {
          bool fits = finest != FixedOperation::nothing &&
                      std::ldexp(*number, finest) == std::floor(std::ldexp(*number, finest));
          if (!fits && of.demand != FixedOperation::nothing)
            finest = std::max(finest, of.demand);
        } else {
          finest = std::max(finest, fractionOf(term));
        }
      return finest == FixedOperation::nothing ? 0 : finest;
    };
    if (isa<arith::SIToFPOp, math::FloorOp>(op))
      of.full = 0;
    else if (isa<arith::MulFOp>(op))
      of.full = ofFactor(0) + ofFactor(1);
    else if (isa<math::FmaOp>(op))
      of.full = ofTerms({op.getOperand(2)}, ofFactor(0) + ofFactor(1));
    else if (auto select = dyn_cast<arith::SelectOp>(op))
      of.full = ofTerms({select.getTrueValue(), select.getFalseValue()}, FixedOperation::nothing);
    else
      of.full = ofTerms(llvm::to_vector(op.getOperands()), FixedOperation::nothing);
    of.rounds = of.demand != FixedOperation::nothing && of.full > of.demand;
    of.fraction = of.rounds ? of.demand : of.full;
  }
}

/// Each state gets so many bits, unless the model says how many.
void KernelFormats::setFractions(int64_t bits) {
  for (auto &entry : fields) {
    FixedField &field = entry.second;
    if (field.isWhole)
      field.fraction = 0;
    else if (field.given)
      field.fraction = int(field.given->second);
    else
      field.fraction = int(bits) - 1 - exponentAbove(field.range.magnitude());
  }
  plan.clear();
  // The units of a sum are those of what it is added to.
  for (auto &entry : sums)
    entry.second.fraction = 0;
  demandAll();
  for (auto &entry : sums) {
    FixedSum &sum = entry.second;
    int finest = FixedOperation::nothing;
    for (Operation &op : kernel.getBody().front())
      if (isa<arith::MulFOp, math::FmaOp>(op))
        for (Value operand : op.getOperands().take_front(2))
          if (auto get = operand.getDefiningOp<GetOp>())
            if (auto scale = scales.find(get.getField()); scale != scales.end() &&
                                                          scale->second.second &&
                                                          scale->second.first == entry.first())
              finest = std::max(finest, plan[&op].demand);
    for (AccumulatorOp accumulator : sum.accumulators)
      if (auto format = accumulator.getFormat())
        finest = int((*format)[1]);
    sum.fraction = finest == FixedOperation::nothing ? 0 : finest;
  }
  findConstants();
  plan.clear();
  demandAll();
  planForward();
}

void KernelFormats::findConstants() {
  constants.clear();
  for (Operation &op : kernel.getBody().front())
    if (op.getNumResults() == 1 && !isa<arith::ConstantOp>(op))
      if (auto number = constantOf(op.getResult(0)))
        constants[&op] = number;
}

//===----------------------------------------------------------------------===//
// Ranges and errors
//===----------------------------------------------------------------------===//

void KernelFormats::step(llvm::StringMap<Bound> &next, bool rounded, bool hulls) {
  if (hulls)
    hull.assign(paths.size(), Bound{1, -1, 0});
  auto constant = [&](Operation *op, unsigned number, double value) {
    if (!rounded || isa<arith::CmpFOp, arith::CmpIOp>(op) ||
        !isa<FloatType>(op->getResult(0).getType()))
      return Bound::point(value);
    double used;
    if (isa<arith::MulFOp>(op) || (isa<math::FmaOp>(op) && number < 2)) {
      auto [whole, fraction] = coefficient(op, number, value);
      used = std::ldexp(double(whole), -fraction);
    } else {
      used = std::ldexp(std::nearbyint(std::ldexp(value, plan[op].full)), -plan[op].full);
    }
    return Bound{used, used, std::abs(used - value)};
  };
  auto round = [&](Operation *op, Bound exact) {
    auto of = plan.find(op);
    return rounded && of != plan.end() && of->second.rounds
               ? exact.moved(power(-of->second.fraction - 1))
               : exact;
  };
  auto known = [&](Operation *op) { return constants.lookup(op); };
  paths.run([&](Operation *op) { return leaf(op); }, known, constant, round,
            [&](ArrayRef<Bound> values) {
              if (hulls)
                for (auto [all, one] : llvm::zip(hull, values))
                  all = all.low > all.high ? one : all.hull(one);
              for (auto set : kernel.getBody().getOps<SetOp>()) {
                FixedField &field = fields[set.getField()];
                Bound value = values[paths.numberOf(set.getValue())];
                if (auto number = constantOf(set.getValue()))
                  value = Bound::point(*number);
                if (rounded && !field.isWhole && fractionOf(set.getValue()) > field.fraction)
                  value = value.moved(power(-field.fraction - 1));
                if (field.given) {
                  double most = power(int(field.given->first - 1 - field.given->second));
                  value.low = std::clamp(value.low, -most, most);
                  value.high = std::clamp(value.high, -most, most);
                }
                auto [known, isNew] = next.try_emplace(set.getField(), value);
                if (!isNew)
                  known->second = known->second.hull(value);
              }
            });
}

/// Ranges that hold from step to step: those of all states grow until a step leads out of none. A
/// contracting state comes nearer to its border by the same factor each step, which is gone ahead
/// of; the result is checked, so that a guess can only be too wide. Gives the state that grows
/// beyond \p most, if one does.
const FixedField *KernelFormats::findRanges(bool rounded, double most) {
  llvm::StringMap<double> grownBefore;
  const FixedField *last = nullptr;
  for (int i = 0; i < MostSteps; ++i) {
    llvm::StringMap<Bound> next;
    step(next, rounded);
    bool changed = false;
    for (auto &entry : next) {
      Bound &range = fields[entry.first()].range;
      Bound all = range.hull(entry.second);
      double grown[] = {range.low - all.low, all.high - range.high};
      range.low = all.low;
      range.high = all.high;
      if (grown[0] > 0 || grown[1] > 0) {
        changed = true;
        last = &fields[entry.first()];
      }
      if (!(range.magnitude() < most))
        return last;
      for (int end : {0, 1}) {
        double &before = grownBefore[(entry.first() + (end ? "+" : "-")).str()];
        double ratio = before > 0 ? grown[end] / before : 0;
        before = grown[end];
        if (i % 8 != 7 || !(ratio > 0 && ratio < 1))
          continue;
        double ahead = grown[end] * ratio / (1 - ratio) * 1.01 + range.magnitude() * 1e-6;
        (end ? range.high : range.low) += end ? ahead : -ahead;
      }
    }
    if (!changed) {
      step(next, rounded, /*hulls=*/true);
      return nullptr;
    }
  }
  return last;
}

/// Errors that hold from step to step; false where they grow without end.
bool KernelFormats::findErrors() {
  for (auto &entry : fields)
    entry.second.range.error =
        entry.second.isWhole ? 0 : power(-entry.second.fraction - 1); // of the start
  llvm::StringMap<double> grownBefore;
  for (int i = 0; i < MostSteps; ++i) {
    llvm::StringMap<Bound> next;
    step(next, /*rounded=*/true);
    bool changed = false;
    for (auto &entry : next) {
      double &error = fields[entry.first()].range.error;
      double grown = entry.second.error - error;
      if (!(entry.second.error < 1e12))
        return false;
      if (grown <= 0)
        continue;
      changed = true;
      double before = grownBefore.lookup(entry.first()), ratio = before > 0 ? grown / before : 0;
      grownBefore[entry.first()] = grown;
      error += grown;
      if (i % 8 == 7 && ratio > 0 && ratio < 1)
        error += grown * ratio / (1 - ratio) * 1.01 + error * 1e-6;
    }
    if (!changed)
      return true;
  }
  return false;
}

static bool isPotential(const FixedField &field) {
  return !field.arrays.empty() && ArrayOp(field.arrays.front()).getUnit().value_or("") == "mV";
}

bool KernelFormats::keepsTolerance() const {
  bool potentials = llvm::any_of(fields, [](auto &entry) { return isPotential(entry.second); });
  return llvm::all_of(fields, [&](auto &entry) {
    const FixedField &field = entry.second;
    if (field.isWhole || !field.isState || field.given)
      return true;
    if (potentials)
      return !isPotential(field) || field.range.error <= settings.tolerance;
    return field.range.error <= field.range.magnitude() / 256;
  });
}

LogicalResult KernelFormats::chooseBits() {
  llvm::StringMap<Bound> unrounded;
  double most = 1;
  for (auto &entry : fields) {
    unrounded[entry.first()] = entry.second.range;
    most = std::max(most, entry.second.range.magnitude());
  }
  bool bounded = false;
  for (int64_t bits = settings.bits ? settings.bits : 6; bits <= MostBits; ++bits) {
    for (auto &entry : fields)
      entry.second.range = unrounded[entry.first()];
    setFractions(bits);
    // With few bits a decay may be rounded to none.
    bool settles = !findRanges(/*rounded=*/true, 4 * most);
    if (!settles && bits < MostBits && !settings.bits)
      continue;
    if (!settles)
      return kernel.emitOpError("has states whose ranges do not settle in fixed point; give them "
                                "formats, such as `format v = Q8.8`, at which they saturate");
    bounded = findErrors();
    if (!bounded && !settings.bits && bits < 18)
      continue; // nothing to choose by: what peers take for such neurons
    if (!bounded || settings.bits || keepsTolerance())
      break;
    if (bits == MostBits)
      return kernel.emitOpError("needs states of more than ")
             << MostBits << " bits for a tolerance of " << settings.tolerance
             << " mV; allow more with --tolerance";
  }
  for (auto &entry : fields)
    entry.second.hasError = bounded && !entry.second.isWhole;
  return success();
}

LogicalResult KernelFormats::choose() {
  if (Operation *op = paths.unsupported())
    return op->emitOpError("has no fixed-point form yet");
  if (failed(collectFields()))
    return failure();
  for (auto &entry : sums) // any unit that keeps small weights
    entry.second.fraction = 40;
  findConstants();
  if (const FixedField *endless = findRanges(/*rounded=*/false, 1e15))
    return ArrayOp(endless->arrays.front())
        .emitOpError("has no bound that holds from step to step; say how large it can be by a "
                     "format, such as `format v = Q8.8`, at which it saturates");
  if (failed(chooseBits()))
    return failure();
  for (auto &entry : fields) {
    FixedField &field = entry.second;
    double unit = power(field.fraction);
    field.bits = field.given ? field.given->first
                             : bitsFor(std::floor(field.range.low * unit + 0.5),
                                       std::ceil(field.range.high * unit - 0.5));
  }
  for (auto &entry : sums)
    kernel.walk([&](CollectOp collect) {
      if (collect.getRing() == entry.first()) {
        Bound range = leaf(collect);
        entry.second.bits = bitsFor(std::floor(range.low), std::ceil(range.high));
      }
    });
  return success();
}

} // namespace synfire::sim
