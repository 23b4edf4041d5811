//===- RuleFormats.cpp ---===//
#include "passes/sim/fixed/RuleFormats.h"

#include "passes/sim/fixed/WriteKernel.h"

#include "mlir/IR/Builders.h"
#include <fmt/format.h>

using namespace mlir;

namespace synfire::sim {

/// Of a weight that changes without a format of the model: no tolerance says how many, since its
/// errors add up.
static constexpr int64_t WeightBits = 18;
/// A weight is rounded once at each event, not in each term of what it changes by.
static constexpr int GuardBits = 3;

static Bound rangeOf(const RuleInput &decay) {
  Bound all = Bound::point(decay.beyond);
  for (double value : decay.table)
    all = all.hull(Bound::point(value));
  return all;
}

ArrayOp RuleFormats::weight() {
  return cast<ArrayOp>(SymbolTable::lookupSymbolIn(program, rule.weight));
}

/// Formats are chosen for kernels with launches: this one has arrays that say what its inputs can
/// be.
void RuleFormats::bind(llvm::function_ref<LatchedFormat(const RuleInput &)> range) {
  OpBuilder b(rule.kernel);
  Location loc = rule.kernel.getLoc();
  SmallVector<Attribute> bound;
  for (auto field : rule.kernel.getBody().getOps<FieldOp>()) {
    const RuleInput *input = rule.input(field.getSymName());
    if (!input) {
      bound.push_back(FlatSymbolRefAttr::get(b.getContext(), rule.weight));
      continue;
    }
    LatchedFormat of = range(*input);
    auto values = DenseElementsAttr::get(RankedTensorType::get({2}, b.getF64Type()),
                                         ArrayRef<double>{of.range.low, of.range.high});
    auto array = cast<ArrayOp>(b.clone(*weight().getOperation()));
    array.setSymName((rule.kernel.getSymName() + "." + field.getSymName()).str());
    array.removeFormatAttr();
    array.setValuesAttr(values);
    if (!input->isDecay())
      array.setFormatAttr(
          b.getDenseI64ArrayAttr({bitsFor(std::floor(std::ldexp(of.range.low, of.fraction)),
                                          std::ceil(std::ldexp(of.range.high, of.fraction))),
                                  of.fraction}));
    places.push_back(array);
    bound.push_back(FlatSymbolRefAttr::get(array.getSymNameAttr()));
  }
  b.setInsertionPoint(program.getBody().front().getTerminator());
  launch = UpdateOp::create(b, loc, rule.kernel.getSymName(), *weight().getOver(),
                            b.getArrayAttr(bound), false, DenseI64ArrayAttr());
}

void RuleFormats::unbind() {
  launch.erase();
  launch = {};
  for (ArrayOp place : places)
    place.erase();
  places.clear();
}

/// Where weights begin, if that is known or follows from numbers.
std::optional<Bound> RuleFormats::startOfWeight() {
  if (auto start = weight().getStart())
    return Bound{(*start)[0], (*start)[1], 0};
  for (auto values : program.getBody().getOps<ValuesOp>()) {
    if (values.getRole() != rule.weight)
      continue;
    auto kernel = cast<KernelOp>(SymbolTable::lookupSymbolIn(program, values.getKernel()));
    for (auto set : kernel.getBody().getOps<SetOp>()) {
      if (auto number = constantOf(set.getValue()))
        return Bound::point(*number);
      auto draw = set.getValue().getDefiningOp<DrawOp>();
      if (!draw)
        return std::nullopt;
      bool isUniform = draw.getDistribution() == Distribution::Uniform;
      ValueRange ends = isUniform ? draw.getArguments() : draw.getInterval();
      auto low = ends.size() == 2 ? constantOf(ends[0]) : std::nullopt;
      auto high = ends.size() == 2 ? constantOf(ends[1]) : std::nullopt;
      return low && high ? std::optional(Bound{*low, *high, 0}) : std::nullopt;
    }
  }
  return weight().getValue() ? std::optional(Bound::point(weight().getValue()->convertToDouble()))
                             : std::nullopt;
}

FailureOr<int> RuleFormats::chooseWeight(const FixedSettings &settings, Bound &range) {
  ArrayOp array = weight();
  // Whatever traces are, what a rule clips has a range.
  bind([](const RuleInput &input) {
    return LatchedFormat{input.isDecay() ? rangeOf(input) : Bound{-1e6, 1e6, 0}, 0};
  });
  KernelFormats formats(rule.kernel, program, LaunchInterface(launch), settings);
  bool known = formats.findOnlyRanges();
  range = known ? formats.fields.find(FlatRule::weightField)->second.range : Bound{-1, 1, 0};
  unbind();
  auto start = startOfWeight();
  if (auto given = array.getFormat()) {
    double unit = power(-int((*given)[1])), most = power(int((*given)[0] - 1)) * unit;
    if (start && (start->low < -most - unit / 2 || start->high >= most + unit / 2))
      return SymbolTable::lookupSymbolIn(program, *array.getOver())->emitError() << fmt::format(
                 "`{}` starts between {:.6g} and {:.6g}, which its format cannot hold: it "
                 "goes from {:.6g} to {:.6g}",
                 array.getSymName().str(), start->low, start->high, -most, most - unit);
    if (!known)
      range = {-most, most, 0};
    return int((*given)[1]);
  }
  if (!known)
    return SymbolTable::lookupSymbolIn(program, *array.getOver())->emitError()
           << "`" << array.getSymName()
           << "` can grow without end; give its rule a bound, such as `bound "
              "weight in 0 .. w_max`, or a format, at which it saturates";
  if (!start)
    return SymbolTable::lookupSymbolIn(program, *array.getOver())->emitError()
           << "`" << array.getSymName()
           << "` starts anywhere; give its rule a format, such as `format weight = Q1.8`";
  range = range.hull(*start);
  int fraction = int(WeightBits) - 1 - exponentAbove(range.magnitude());
  array.setFormatAttr(
      Builder(program.getContext()).getDenseI64ArrayAttr({WeightBits + 1, fraction}));
  return fraction;
}

llvm::StringMap<int> RuleFormats::demandsOfLatched(const FixedSettings &settings) {
  bind([](const RuleInput &input) {
    return LatchedFormat{input.isDecay() ? rangeOf(input) : Bound{0, 1, 0}, 0};
  });
  KernelFormats formats(rule.kernel, program, LaunchInterface(launch), finer(settings));
  llvm::StringMap<int> demands;
  if (formats.findOnlyRanges())
    for (const RuleInput &input : rule.inputs)
      if (!input.isDecay())
        demands[input.field] = formats.demandOf(input.field);
  unbind();
  return demands;
}

FixedSettings RuleFormats::finer(FixedSettings settings) {
  // Sums of multiples of the unit are exact.
  bool scales = !rule.kernel.getBody().getOps<arith::MulFOp>().empty();
  settings.guardBits = scales ? GuardBits : 0;
  return settings;
}

/// Values of tables become multiples of their unit; the last must be what those after it are.
LogicalResult RuleFormats::roundTables(const KernelFormats &formats) {
  for (RuleInput &input : rule.inputs) {
    if (!input.isDecay())
      continue;
    int fraction = formats.fields.find(input.field)->second.fraction;
    auto round = [&](double &value) {
      value = std::ldexp(std::nearbyint(std::ldexp(value, fraction)), -fraction);
    };
    llvm::for_each(input.table, round);
    round(input.beyond);
    if (input.table.back() != input.beyond)
      return SymbolTable::lookupSymbolIn(program, *weight().getOver())->emitError()
             << "a trace of `" << *weight().getOver() << "` still acts after " << input.table.size()
             << " steps, which is as far as fixed point follows it; take a "
                "shorter time constant, or longer steps";
    double unit = std::ldexp(1.0, fraction);
    auto [low, high] = std::minmax_element(input.table.begin(), input.table.end());
    input.format = {bitsFor(*low * unit, *high * unit), fraction};
  }
  return success();
}

/// Weights begin as multiples of their unit.
void RuleFormats::roundDraws() {
  ArrayOp array = weight();
  auto format = *array.getFormat();
  for (auto values : program.getBody().getOps<ValuesOp>()) {
    if (values.getRole() != array.getSymName())
      continue;
    auto original = cast<KernelOp>(SymbolTable::lookupSymbolIn(program, values.getKernel()));
    OpBuilder b(original);
    auto kernel = cast<KernelOp>(b.clone(*original));
    kernel.setSymName((array.getSymName() + ".start").str());
    values.setKernel(kernel.getSymName());
    for (auto set : kernel.getBody().getOps<SetOp>()) {
      b.setInsertionPoint(set);
      Location loc = set.getLoc();
      auto number = [&](double value) -> Value {
        return arith::ConstantOp::create(b, loc, b.getF64FloatAttr(value));
      };
      // Numbers from here on have no fraction, so that the sum rounds to the nearest unit.
      double unit = power(-int(format[1])), most = power(int(format[0] - 1)) * unit;
      Value shift = number(1.5 * power(52) * unit);
      Value value = arith::AddFOp::create(b, loc, set.getValue(), shift);
      value = arith::SubFOp::create(b, loc, value, shift);
      value = arith::MaximumFOp::create(b, loc, value, number(-most));
      value = arith::MinimumFOp::create(b, loc, value, number(most - unit));
      set.getValueMutable().assign(value);
    }
  }
}

LogicalResult RuleFormats::choose(ConnectionsOp connections, const LatchedFormats &latched,
                                  const FixedSettings &settings) {
  auto first = [&](const RuleInput &input) {
    return input.ofSource()
               ? connections.getFirstPayload().value_or(0)
               : cast<DomainOp>(SymbolTable::lookupSymbolIn(program, connections.getTarget()))
                         .getPayloads()
                         .value_or(0) -
                     cast<DomainOp>(SymbolTable::lookupSymbolIn(program, connections.getTarget()))
                         .getRemembers()
                         .value_or(0) +
                     connections.getFirstRemembered().value_or(0);
  };
  auto formatOf = [&](const RuleInput &input) {
    StringRef end = input.ofSource() ? connections.getSource() : connections.getTarget();
    return latched.find({end.str(), int64_t(first(input)) + input.number});
  };
  for (const RuleInput &input : rule.inputs)
    if (!input.isDecay() && formatOf(input) == latched.end())
      return connections.emitError("has a trace of its sources that adds up over spikes, which "
                                   "has no fixed-point form where these come from outside; take "
                                   "one that each spike sets to a number (`x = 1`)");
  bind([&](const RuleInput &input) {
    if (input.isDecay())
      return LatchedFormat{rangeOf(input), 0};
    LatchedFormat of = formatOf(input)->second;
    of.range = of.range.hull(Bound::point(0)); // before the first spike
    return of;
  });
  KernelFormats formats(rule.kernel, program, LaunchInterface(launch), finer(settings));
  for (const RuleInput &input : rule.inputs)
    if (input.isDecay())
      formats.tables.insert(input.field);
  if (failed(formats.choose()) || failed(roundTables(formats)) ||
      failed(writeFixed(rule.kernel, formats)))
    return failure();
  roundDraws();
  unbind();
  return success();
}

void RuleFormats::finish() { rule.kernel.erase(); }

} // namespace synfire::sim
