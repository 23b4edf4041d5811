//===- KernelFormats.cpp ---===//
#include "passes/sim/fixed/KernelFormats.h"
#include "passes/sim/fixed/Decisions.h"
#include "passes/sim/fixed/Refusals.h"

#include <fmt/format.h>

using namespace mlir;

namespace synfire::sim {

/// Of products and sums in between: some are doubled, and 64-bit integers have a sign.
static constexpr int64_t MostBetween = 62;

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
  auto add = [&](double value) {
    all = all ? all->hull(Bound::point(value)) : Bound::point(value);
  };
  if (isa<FloatType>(values.getElementType()))
    for (const APFloat &value : values.getValues<APFloat>())
      add(value.convertToDouble());
  else
    for (const APInt &value : values.getValues<APInt>())
      add(double(value.getSExtValue()));
  return all.value_or(Bound{});
}

LogicalResult KernelFormats::collectArrays(FieldOp field, ArrayRef<Operation *> bound) {
  FixedField &into = fields[field.getSymName()];
  into.field = field;
  into.isState = llvm::any_of(kernel.getBody().getOps<SetOp>(),
                              [&](SetOp set) { return set.getField() == field.getSymName(); });
  into.isWhole = field.getType().isInteger();
  into.isTable = tables.contains(field.getSymName());
  for (auto [i, op] : llvm::enumerate(bound)) {
    auto array = cast<ArrayOp>(op);
    into.arrays.push_back(array);
    Bound start = startOf(array);
    into.range = i == 0 ? start : into.range.hull(start);
    auto format = array.getFormat();
    if (!format || into.isWhole)
      continue;
    into.given = std::pair((*format)[0], (*format)[1]);
    double unit = power(int((*format)[1])), most = power(int((*format)[0]) - 1);
    for (double end : {start.low, start.high})
      if (double whole = std::nearbyint(end * unit); whole < -most || whole > most - 1)
        return array.emitError() << fmt::format(
                   "`{}` starts at {:.6g}, which its format cannot hold: it goes from {:.6g} to "
                   "{:.6g}",
                   array.getSymName().str(), end, -most / unit, (most - 1) / unit);
  }
  return success();
}

LogicalResult KernelFormats::collectSums(FieldOp field, ArrayRef<Operation *> bound) {
  FixedSum &into = sums[field.getSymName()];
  into.field = field;
  for (Operation *op : bound) {
    auto sum = cast<AccumulatorOp>(op);
    if (!sum.getRange())
      return sum.emitOpError("has no `range`; fixed point takes programs whose network was built "
                             "(sim-freeze)");
    into.accumulators.push_back(sum);
  }
  return success();
}

/// The factors of a sum's units are chosen here, and what an amount may be follows from its range;
/// every other number was frozen. Where random events are all that comes to a sum, the kernel takes
/// no sum, but has its units.
LogicalResult KernelFormats::collectScale(FieldOp field, ArrayRef<Operation *> bound) {
  auto is = [&](Operation *op, std::optional<StringRef> role) {
    return role && cast<ArrayOp>(op).getSymName() == *role;
  };
  for (auto sum : program.getBody().getOps<AccumulatorOp>()) {
    if (is(bound[0], sum.getLimit()))
      return success();
    bool inverse = is(bound[0], sum.getInverse());
    if (!inverse && !is(bound[0], sum.getScale()))
      continue;
    std::string key = "#" + sum.getSymName().str();
    for (auto [ring, to] : llvm::zip(kernel.getBody().getOps<FieldOp>(), launches[0].bindings()))
      if (auto symbol = dyn_cast<FlatSymbolRefAttr>(to);
          symbol && ring.getKind() == FieldKind::Ring && symbol.getValue() == sum.getSymName())
        key = ring.getSymName().str();
    if (key.front() == '#')
      for (Operation *op : bound)
        for (auto other : program.getBody().getOps<AccumulatorOp>())
          if (is(op, inverse ? other.getInverse() : other.getScale()) &&
              !llvm::is_contained(sums[key].accumulators, other))
            sums[key].accumulators.push_back(other);
    scales[field.getSymName()] = {key, inverse};
    return success();
  }
  auto array = cast<ArrayOp>(bound[0]);
  return array.emitError() << "`" << array.getSymName()
                           << "` changes in the run; hardware keeps parameters as constants, so "
                              "give it one value, or make it a state";
}

LogicalResult KernelFormats::collectCounts() {
  SymbolTable symbols(program);
  for (auto count : kernel.getBody().getOps<CountOp>()) {
    if (!count.getTable())
      return count.emitError("a `poisson` rate that differs between cells, or changes, has no "
                             "fixed-point form yet");
    double &most = mostCounted[count];
    for (LaunchInterface launch : launches)
      for (auto [field, bound] : llvm::zip(kernel.getBody().getOps<FieldOp>(), launch.bindings())) {
        if (field.getSymName() != *count.getTable())
          continue;
        auto drive = symbols.lookup<PoissonOp>(cast<FlatSymbolRefAttr>(bound).getValue());
        if (!drive.getThresholds())
          return drive.emitOpError("has no `thresholds`; fixed point takes programs whose network "
                                   "was built (sim-freeze)");
        most = std::max(most, double(drive.getThresholdsAttr().size()));
      }
  }
  return success();
}

LogicalResult KernelFormats::collectFields() {
  SymbolTable symbols(program);
  for (auto [number, field] : llvm::enumerate(kernel.getBody().getOps<FieldOp>())) {
    SmallVector<Operation *> bound;
    for (LaunchInterface launch : launches)
      if (auto symbol = dyn_cast<FlatSymbolRefAttr>(launch.bindings()[number]))
        bound.push_back(symbols.lookup(symbol.getValue()));
    LogicalResult known = success();
    switch (field.getKind()) {
    case FieldKind::Element:
      known = collectArrays(field, bound);
      break;
    case FieldKind::Ring:
      known = collectSums(field, bound);
      break;
    case FieldKind::Uniform:
      known = collectScale(field, bound);
      break;
    default: // tables, keys and where spikes go (launch_c5)
      break;
    }
    if (failed(known))
      return failure();
  }
  findClocks();
  return collectCounts();
}

/// What a population keeps of its spikes for the connections from it: their number, and the step of
/// the last one. They are whole numbers already, whose ranges grow with time.
void KernelFormats::findClocks() {
  for (auto &entry : fields) {
    FixedField &field = entry.second;
    bool kept = field.isState && !field.isWhole && llvm::all_of(field.arrays, [](ArrayOp array) {
                  return array.getKind() == ArrayKind::History && !array.getUnit();
                });
    if (!kept)
      continue;
    field.isWhole = field.isClock = true;
    field.range = {0, power(40), 0};
  }
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
      ArrayRef<double> range = *accumulator.getRange();
      // Each amount is rounded by itself, and none becomes one of the other sign. That is not
      // counted as an error: the weights of the quantised program are those that were rounded.
      double unit = power(sum.fraction), rounding = range[2] / 2;
      all = all.hull({range[0] < 0 ? range[0] * unit - rounding : 0,
                      range[1] > 0 ? range[1] * unit + rounding : 0, 0});
    }
    return all;
  }
  if (isa<CountOp>(op))
    return {0, mostCounted.lookup(op), 0};
  if (isa<ElementOp>(op)) {
    uint64_t most = 1;
    for (LaunchInterface launch : launches)
      if (auto domain =
              dyn_cast_or_null<DomainOp>(SymbolTable::lookupSymbolIn(program, launch.overName())))
        most = std::max<uint64_t>(most, domain.getSize());
    return {0, double(most - 1), 0};
  }
  return {0, power(40), 0}; // steps
}

//===----------------------------------------------------------------------===//
// The choice
//===----------------------------------------------------------------------===//

/// Where no error has a bound, a tolerance chooses nothing: as many as peers take for such neurons.
static constexpr int64_t BitsWithoutBound = 18;

static bool isPotential(const FixedField &field) {
  return !field.arrays.empty() && ArrayOp(field.arrays.front()).getUnit().value_or("") == "mV";
}

std::pair<const FixedField *, double> KernelFormats::outsideTolerance() const {
  std::pair<const FixedField *, double> worst{nullptr, 1};
  auto look = [&](const FixedField &field, double most) {
    if (field.range.error > most * worst.second)
      worst = {&field, field.range.error / most};
  };
  bool potentials = llvm::any_of(fields, [](auto &entry) { return isPotential(entry.second); });
  for (auto &entry : fields) {
    const FixedField &field = entry.second;
    if (field.isWhole || !field.isState || field.given)
      continue;
    for (ArrayOp array : field.arrays)
      if (auto rule = settings.errors.find(array.getSymName()); rule != settings.errors.end())
        look(field, rule->second);
    double most = !potentials          ? field.range.magnitude() / 256
                  : isPotential(field) ? settings.tolerance
                                       : std::numeric_limits<double>::infinity();
    // A state that is always 0 is as it should be.
    if (field.range.magnitude() != 0)
      look(field, most);
  }
  return worst;
}

LogicalResult KernelFormats::chooseBits() {
  llvm::StringMap<Bound> unrounded;
  double most = 1;
  for (auto &entry : fields) {
    unrounded[entry.first()] = entry.second.range;
    most = std::max(most, entry.second.range.magnitude());
    if (auto given = entry.second.given)
      most = std::max(most, power(int(given->first - 1 - given->second)));
  }
  const SmallVector<Bound> unroundedHull = hull;
  bool bounded = false;
  bool hasFree = llvm::any_of(fields, [](auto &entry) {
    const FixedField &field = entry.second;
    return field.isState && !field.isWhole && !field.given;
  });
  for (int64_t bits = settings.bits ? settings.bits : 6; bits <= MostBits; ++bits) {
    for (auto &entry : fields)
      entry.second.range = unrounded[entry.first()];
    hull = unroundedHull;
    setFractions(bits);
    // With few bits a decay may be rounded to none.
    const FixedField *unsettled = findRanges(/*rounded=*/true, 4 * most);
    if (unsettled && bits < MostBits && !settings.bits)
      continue;
    if (unsettled)
      return refuseUnsettled(unsettled->arrays.front());
    bounded = findErrors();
    if (!bounded && !settings.bits && bits < BitsWithoutBound) {
      if (!hasFree) // nothing changes until then
        bits = BitsWithoutBound - 1;
      continue;
    }
    if (!bounded || settings.bits)
      break;
    auto [outside, times] = outsideTolerance();
    if (!outside)
      break;
    if (bits == MostBits)
      return refuseTolerance(outside->arrays.front(), MostBits, settings.tolerance);
    // A bit halves an error, or a little more than that where coefficients are finer, too.
    bits = std::min<int64_t>(MostBits - 1, bits + std::max(0, int(std::log2(times)) - 2));
  }
  bool decided = spikesDecideAll(kernel);
  for (auto &entry : fields)
    entry.second.hasError = bounded && decided && !entry.second.isWhole;
  return success();
}

/// The bits of states and sums, and whether everything in between fits.
LogicalResult KernelFormats::setWidths() {
  for (auto &entry : fields) {
    FixedField &field = entry.second;
    double unit = power(field.fraction);
    field.bits = field.given ? field.given->first
                             : bitsFor(std::floor(field.range.low * unit + 0.5),
                                       std::ceil(field.range.high * unit - 0.5));
    if (field.isWhole && field.bits > int64_t(field.field.getType().getIntOrFloatBitWidth()))
      return refuseUnbounded(field.arrays.front());
  }
  for (auto collect : kernel.getBody().getOps<CollectOp>()) {
    FixedSum &sum = sums.find(collect.getRing())->second;
    Bound range = leaf(collect);
    sum.bits = bitsFor(std::floor(range.low), std::ceil(range.high));
    int64_t most = std::min<int64_t>(48, sum.field.getType().getIntOrFloatBitWidth());
    if (sum.bits > most)
      return refuseWideSum(sum.accumulators.front(), sum.bits, most);
  }
  auto [op, bits] = widest();
  if (bits > MostBetween)
    return refuseWide(op, bits, MostBetween);
  return success();
}

const FixedField *KernelFormats::findOnlyRanges() {
  if (paths.unsupported() || failed(collectFields()))
    return nullptr;
  for (auto &entry : sums)
    entry.second.fraction = 40;
  findConstants();
  return findRanges(/*rounded=*/false, 1e15) ? nullptr : &fields.begin()->second;
}

LogicalResult KernelFormats::choose() {
  if (Operation *op = paths.unsupported())
    return refuseArithmetic(op);
  if (failed(collectFields()))
    return failure();
  for (auto &entry : sums) // any unit that keeps small weights
    entry.second.fraction = 40;
  findConstants();
  if (const FixedField *endless = findRanges(/*rounded=*/false, 1e15))
    return refuseUnbounded(endless->arrays.front());
  if (failed(chooseBits()))
    return failure();
  return setWidths();
}

} // namespace synfire::sim
