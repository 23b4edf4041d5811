//===- SimVerifiers.cpp - the rules of single ops and of kernels ---===//
//
// Each rule has a label, `array_c1`, that its test repeats. Rules that need other parts of the
// program stand in SimProgramVerifiers.cpp.
//
//===----------------------------------------------------------------------===//
#include "dialects/sim/Sim.h"

#include "llvm/ADT/StringExtras.h"
#include "llvm/ADT/StringMap.h"
#include "llvm/Support/InterleavedRange.h"

using namespace mlir;
using namespace synfire::sim;

//===----------------------------------------------------------------------===//
// Data
//===----------------------------------------------------------------------===//

LogicalResult DomainOp::verify() {
  if (int64_t(getSize()) < 0) // domain_c1
    return emitOpError() << "has " << int64_t(getSize()) << " elements; a size is 0 or more";
  if (getNames() && getNames()->size() != getSize()) // domain_c2
    return emitOpError() << "has " << getSize() << " elements and " << getNames()->size()
                         << " names; each element has one name";
  if (getPayloads() && int64_t(*getPayloads()) < 0) // domain_c3
    return emitOpError() << "emits " << int64_t(*getPayloads())
                         << " values with a spike; a number of values is 0 or more";
  if (getRelays() && !getHidden()) // domain_c4
    return emitOpError() << "relays @" << *getRelays()
                         << "; a population of the model stands for itself, and relays are hidden";
  return success();
}

/// What an integer of 64 bits can hold after a multiplication, and a double without rounding.
static constexpr int64_t MaxFixedBits = 48, MaxFraction = 62;

static LogicalResult verifyFraction(Operation *op, int64_t fraction) {
  return std::abs(fraction) <= MaxFraction ? success()
                                           : op->emitOpError("has a fraction of ")
                                                 << fraction << " bits; there are " << -MaxFraction
                                                 << " to " << MaxFraction;
}

static LogicalResult verifyFormat(Operation *op, std::optional<ArrayRef<int64_t>> format) {
  if (!format)
    return success();
  if (format->size() != 2)
    return op->emitOpError("has a format of ")
           << format->size() << " numbers; it is [bits, fraction bits]";
  if ((*format)[0] < 1 || (*format)[0] > MaxFixedBits)
    return op->emitOpError("has a format of ")
           << (*format)[0] << " bits; there are 1 to " << MaxFixedBits;
  return verifyFraction(op, (*format)[1]);
}

LogicalResult ArrayOp::verify() {
  if (!getType().isF64() && !getType().isF32() && !getType().isInteger(32) &&
      !getType().isInteger(16)) // array_c1
    return emitOpError() << "holds " << getType() << "; values are f64, f32, i32 or i16";
  if (!getOver() && !getUniform() && !getValues()) // array_c2
    return emitOpError(
        "is over nothing; an array is `over` a domain or connections, `uniform`, or a "
        "table that lists its `values`");
  if (getPlacement() && !getWhy()) // array_c3
    return emitOpError() << "is placed at the " << stringifyPlacement(*getPlacement())
                         << " for no reason; a placement has a `why`";
  if (auto start = getStart(); start && (start->size() != 2 || !((*start)[0] <= (*start)[1])))
    return emitOpError("has a start that is no range: it is [least, largest]"); // array_c5
  return verifyFormat(*this, getFormat());                                      // array_c4
}

LogicalResult AccumulatorOp::verify() {
  if (!getType().isInteger(64) && !getType().isInteger(32)) // accumulator_c1
    return emitOpError() << "sums in " << getType() << "; sums are i64 or i32";
  if (auto range = getRange(); range && (range->size() != 3 || !((*range)[0] <= (*range)[1])))
    return emitOpError("has no range: it is [least, largest, amounts]"); // accumulator_c2
  return verifyFormat(*this, getFormat());                               // accumulator_c3
}

LogicalResult FixedOp::verify() { return verifyFraction(*this, getFraction()); } // fixed_c1

LogicalResult RealOp::verify() { return verifyFraction(*this, getFraction()); } // real_c1

LogicalResult SaturateOp::verify() { // saturate_c1
  int64_t bits = getBits(), most = getType().getIntOrFloatBitWidth();
  return bits >= 1 && bits <= most
             ? success()
             : emitOpError() << "keeps " << bits << " bits; there are 1 to " << most;
}

namespace {

/// The arguments that a rule of connections takes.
struct RuleArguments {
  SmallVector<StringRef, 2> integers, probabilities;
};
RuleArguments argumentsOf(Rule rule) {
  switch (rule) {
  case Rule::OneToOne:
  case Rule::AllToAll:
  case Rule::AllButOne:
  case Rule::Table:
  case Rule::Probability: // a number `p`, or a `sim.values`: see the program's rules
    return {};
  case Rule::FixedIndegree:
  case Rule::FixedOutdegree:
    return {{"k"}, {}};
  case Rule::FixedNumber:
    return {{"n"}, {}};
  case Rule::SmallWorld:
    return {{"k"}, {"beta"}};
  case Rule::Modular:
    return {{"groups"}, {"p_in", "p_out"}};
  }
  return {};
}

} // namespace

bool synfire::sim::isRegular(Rule rule) {
  return rule == Rule::OneToOne || rule == Rule::AllToAll || rule == Rule::AllButOne;
}

LogicalResult ConnectionsOp::verify() {
  StringRef rule = stringifyRule(getRule());
  RuleArguments taken = argumentsOf(getRule());
  for (StringRef name : taken.integers) { // connections_c1
    auto value = getArguments().getAs<IntegerAttr>(name);
    if (!value || value.getInt() < 0)
      return emitOpError() << "`" << rule << "` needs the argument `" << name
                           << "`, an integer of 0 or more";
  }
  for (StringRef name : taken.probabilities) { // connections_c2
    auto value = getArguments().getAs<FloatAttr>(name);
    if (!value || !(value.getValueAsDouble() >= 0 && value.getValueAsDouble() <= 1))
      return emitOpError() << "`" << rule << "` needs the argument `" << name
                           << "`, a number from 0 to 1";
  }
  if ((getRule() == Rule::Table) != getPairs().has_value()) // connections_c3
    return emitOpError() << (getPairs()
                                 ? "lists `pairs`, but its rule is `" + rule.str() +
                                       "`; only `table` takes them from a list"
                                 : "has no `pairs`; the rule `table` takes them from a list");
  if (auto pairs = getPairs()) { // connections_c4
    auto type = dyn_cast<RankedTensorType>(pairs->getType());
    if (!type || type.getRank() != 2 || type.getDimSize(0) != 2 ||
        !type.getElementType().isInteger(32))
      return emitOpError() << "lists pairs as " << pairs->getType()
                           << "; they are a tensor<2xNxi32> of sources and targets";
  }
  if (getUndelayed() && getDelay()) // connections_c5
    return emitOpError("has a delay and is `undelayed`; it can be one of them");
  if ((getUndelayed() || getContinuous()) && getLayout() != Layout::BySource) // connections_c10
    return emitOpError() << "is stored `" << stringifyLayout(getLayout())
                         << "`, which only events with a delay can be";
  if (getLayout() == Layout::Implicit && (!isRegular(getRule()) || !getDelay())) // connections_c11
    return emitOpError("is `implicit`; only `one_to_one`, `all_to_all` and `all_but_one` with one "
                       "delay for all connections can be");
  if (getSight() != Sight::AtSource &&
      (getUndelayed() || getContinuous() || getLayout() != Layout::BySource)) // connections_c12
    return emitOpError() << "has the sight `" << stringifySight(getSight())
                         << "`, which only events with a delay that are stored `by_source` have";
  if (auto fraction = getDendriticFraction()) // connections_c6
    if (!(fraction->convertToDouble() >= 0 && fraction->convertToDouble() <= 1))
      return emitOpError() << "has a dendritic fraction of " << fraction->convertToDouble()
                           << "; it is a part of the delay, from 0 to 1";
  return success();
}

LogicalResult SpikeListOp::verify() {
  if (!getTimes().getElementType().isF64() ||
      !getElements().getElementType().isInteger(32)) // spike_list_c1
    return emitOpError("gives times as f64 and elements as i32");
  if (getTimes().getNumElements() != getElements().getNumElements()) // spike_list_c2
    return emitOpError() << "has " << getTimes().getNumElements() << " times and "
                         << getElements().getNumElements()
                         << " elements; each spike has one of both";
  return success();
}

LogicalResult ConstrainOp::verify() {
  if (getLimits().size() != 2 * getConnections().size()) // constrain_c1
    return emitOpError() << "has " << getLimits().size() << " limits for "
                         << getConnections().size()
                         << " connections; each has a lower and an upper one";
  bool compares = getKind() == ConstraintKind::Sum || getKind() == ConstraintKind::Density;
  if (compares != getComparison().has_value() || compares != getValue().has_value()) // constrain_c2
    return emitOpError("compares with a value if it is a sum or a density, and else does not");
  if (getComparison() && !llvm::is_contained({"==", "<=", ">="}, *getComparison())) // constrain_c3
    return emitOpError() << "compares by `" << *getComparison() << "`; it is `==`, `<=` or `>=`";
  if (getBy() && *getBy() != "pre" && *getBy() != "post") // constrain_c4
    return emitOpError() << "sums by `" << *getBy() << "`; it is `pre` or `post`";
  if (getParts() && getParts()->size() != 2 * getConnections().size()) // constrain_c6
    return emitOpError() << "has " << getParts()->size() << " lists of ranges for "
                         << getConnections().size()
                         << " connections; each has those of its sources and of its targets";
  return success();
}

LogicalResult CapOp::verify() {
  if (getConnections() && getDrive()) // cap_c1
    return emitOpError(
        "bounds amounts of connections (`from`) and of a Poisson `drive`; each has a cap "
        "of its own");
  if (!(getHeadroom().convertToDouble() > 0)) // cap_c2
    return emitOpError() << "has a headroom of " << getHeadroom().convertToDouble()
                         << "; amounts grow by a factor above 0";
  return success();
}

//===----------------------------------------------------------------------===//
// The experiment
//===----------------------------------------------------------------------===//

LogicalResult RunOp::verify() {
  if (int64_t(getSteps()) < 0) // run_c1
    return emitOpError() << "takes " << int64_t(getSteps())
                         << " steps; a number of steps is 0 or more";
  if (!(getStep().convertToDouble() > 0)) // run_c2
    return emitOpError("has a step that is not positive");
  for (Operation &op : getBody().getOps())
    if (!isa<RecordOp, ActionOp, EachFrameOp, ShowAgainOp, LabelOp, ReportOp>(op)) // run_c3
      return op.emitOpError("has no place in `sim.run`, which holds records and actions");
  return success();
}

LogicalResult RecordOp::verify() {
  if (int64_t(getPeriod()) < 1) // record_c1
    return emitOpError() << "writes every " << int64_t(getPeriod())
                         << " steps; a period is 1 or more";
  return success();
}

static LogicalResult holdsAssignments(Operation *owner, Region &body) {
  for (Operation &op : body.getOps())
    if (!isa<AssignOp>(op))
      return op.emitOpError() << "has no place in `" << owner->getName()
                              << "`, which holds assignments";
  return success();
}

LogicalResult FramesOp::verify() {
  if (int64_t(getPeriod()) < 1) // frames_c1
    return emitOpError() << "shows a frame for " << int64_t(getPeriod())
                         << " steps; a period is 1 or more";
  if (getLabel() && !getLabels()) // frames_c2
    return emitOpError("sets a label, and names no file of labels");
  return success();
}

LogicalResult ActionOp::verify() {
  if (int64_t(getStep()) < 0) // action_c1
    return emitOpError() << "stands at step " << int64_t(getStep()) << "; steps count from 0";
  if (getPeriod() && int64_t(*getPeriod()) < 1) // action_c2
    return emitOpError() << "acts every " << int64_t(*getPeriod())
                         << " steps; a period is 1 or more";
  return holdsAssignments(*this, getBody()); // action_c3
}

LogicalResult EachFrameOp::verify() {
  return holdsAssignments(*this, getBody()); // each_frame_c1
}

LogicalResult ShowAgainOp::verify() {
  if (!llvm::hasSingleElement(getTest().front())) // show_again_c1
    return emitOpError("needs one assignment that tells whether the frame is shown again");
  if (failed(holdsAssignments(*this, getTest()))) // show_again_c2
    return failure();
  return holdsAssignments(*this, getBody()); // show_again_c2
}

//===----------------------------------------------------------------------===//
// Values
//===----------------------------------------------------------------------===//

LogicalResult FieldOp::verify() {
  Type type = getType();
  auto is = [&](std::initializer_list<unsigned> widths) {
    return llvm::any_of(widths, [&](unsigned width) { return type.isInteger(width); });
  };
  bool fits = true;
  switch (getKind()) {
  case FieldKind::Key:
  case FieldKind::Poisson:
  case FieldKind::Emit:
  case FieldKind::Rows:
  case FieldKind::History:
    fits = is({32});
    break;
  case FieldKind::Ring:
    fits = is({64, 32});
    break;
  case FieldKind::Uniform:
  case FieldKind::Element:
  case FieldKind::Source:
  case FieldKind::Target:
  case FieldKind::Connection:
  case FieldKind::Past:
  case FieldKind::Whole:
  case FieldKind::Pending:
    fits = type.isF64() || type.isF32() || is({64, 32, 16});
    break;
  }
  if (!fits) // field_c1
    return emitOpError()
           << "is a " << stringifyFieldKind(getKind()) << " of type " << type
           << "; keys, tables, rows and spikes are i32, rings i64 or i32, values floats "
              "or integers";
  return success();
}

LogicalResult CountOp::verify() {
  if (getTable().has_value() == bool(getMean())) // count_c1
    return emitOpError("counts with either a `table` or a `mean`");
  return success();
}

LogicalResult RepeatOp::verify() {
  auto types = getResultTypes();
  Block &block = getBody().front();
  auto yield = dyn_cast<YieldOp>(block.back());
  if (!yield || getStart().getTypes() != types || block.getArgumentTypes() != types ||
      yield.getValues().getTypes() != types) // repeat_c1
    return emitOpError("starts from, passes on and yields values of other types than its results");
  return success();
}

LogicalResult RecallOp::verify() {
  auto types = getResults().getTypes();
  Block &block = getBody().front();
  auto yield = dyn_cast<YieldOp>(block.back());
  SmallVector<Type> arguments(types);
  arguments.append(2, getAge().getType());
  if (!yield || getStart().getTypes() != types ||
      block.getArgumentTypes() != TypeRange(arguments) ||
      yield.getValues().getTypes() != types) // recall_c1
    return emitOpError(
        "starts from and yields values of other types than its results, or passes on "
        "other things than these and two ages");
  if (getPayload().has_value() == getLast().has_value()) // recall_c2
    return emitOpError("knows when the source fired before from either a `payload` or a field");
  return success();
}

LogicalResult LookupOp::verify() {
  auto yield = dyn_cast<YieldOp>(getOtherwise().front().back());
  if (!yield || yield.getValues().getTypes() != TypeRange(getResult().getType())) // lookup_c1
    return emitOpError("yields another thing than its result for ages beyond the table");
  return success();
}

LogicalResult DrawOp::verify() {
  unsigned needed = getDistribution() == Distribution::Exponential ? 1 : 2;
  if (getArguments().size() != needed) // draw_c1
    return emitOpError() << "has " << getArguments().size() << " arguments; `"
                         << stringifyDistribution(getDistribution()) << "` takes " << needed;
  unsigned ends = getLimit() == Limit::None ? 0 : 2;
  if (getInterval().size() != ends) // draw_c2
    return emitOpError() << "has " << getInterval().size() << " ends of an interval; `"
                         << stringifyLimit(getLimit()) << "` takes " << ends;
  return success();
}

LogicalResult PayloadOp::verify() {
  if (int64_t(getNumber()) < 0) // payload_c1
    return emitOpError("has a negative number; the values of a spike count from 0");
  return success();
}

LogicalResult PropagatorOp::verify() {
  int64_t size = getSize();
  if (size < 1) // propagator_c1
    return emitOpError() << "has " << size << " states; a system has at least one";
  auto inside = [&](int64_t i) { return i >= 0 && i < size; };
  ArrayRef<int64_t> entries = getEntries(), wanted = getWanted();
  if (entries.size() != 2 * getValues().size()) // propagator_c2
    return emitOpError() << "has " << getValues().size() << " values and " << entries.size()
                         << " numbers in `entries`; each value has a row and a column";
  if (!llvm::all_of(entries, inside)) // propagator_c3
    return emitOpError() << "has an entry outside the matrix; rows and columns count from 0 to "
                         << size - 1;
  if (wanted.size() != 3 * getNumResults()) // propagator_c4
    return emitOpError() << "has " << getNumResults() << " results and " << wanted.size()
                         << " numbers in `wanted`; each result has a matrix, a row and a column";
  for (size_t i = 0; i + 2 < wanted.size(); i += 3)
    if (wanted[i] < 0 || wanted[i] > 1 || !inside(wanted[i + 1]) ||
        !inside(wanted[i + 2])) // propagator_c5
      return emitOpError()
             << "wants (" << wanted[i] << ", " << wanted[i + 1] << ", " << wanted[i + 2]
             << "); the matrix is 0 for P or 1 for F, rows and columns count from 0 to "
             << size - 1;
  return success();
}

//===----------------------------------------------------------------------===//
// Kernels
//===----------------------------------------------------------------------===//

namespace {

/// What the fields of one kernel are, and whether its ops use them accordingly.
struct KernelRules {
  KernelOp kernel;
  llvm::StringMap<FieldOp> fields;

  LogicalResult check();
  LogicalResult checkOp(Operation *op);
  FailureOr<FieldOp> find(Operation *op, StringRef name);
  LogicalResult need(Operation *op, StringRef name, ArrayRef<FieldKind> kinds);
  LogicalResult sameType(Operation *op, StringRef name, Type type);
};

FailureOr<FieldOp> KernelRules::find(Operation *op, StringRef name) {
  FieldOp field = fields.lookup(name);
  if (!field) // kernel_c3
    return op->emitOpError() << "names @" << name << ", which is no field of `"
                             << kernel.getSymName() << "`";
  return field;
}

LogicalResult KernelRules::need(Operation *op, StringRef name, ArrayRef<FieldKind> kinds) {
  FailureOr<FieldOp> field = find(op, name);
  if (failed(field))
    return failure();
  if (llvm::is_contained(kinds, field->getKind()))
    return success();
  std::string wanted = llvm::join(llvm::map_range(kinds, stringifyFieldKind), " or ");
  InFlightDiagnostic message = op->emitOpError() // kernel_c4
                               << "takes a field of the kind " << wanted << "; @" << name
                               << " is of the kind " << stringifyFieldKind(field->getKind());
  message.attachNote(field->getLoc()) << "the field is here";
  return failure();
}

/// Floats convert where a field is read or written, since kernels may be narrower than parameters;
/// stored 16-bit weights are read as floats.
LogicalResult KernelRules::sameType(Operation *op, StringRef name, Type type) {
  FieldOp field = fields.lookup(name);
  Type stored = field.getType();
  bool converts =
      isa<FloatType>(type) && (isa<FloatType>(stored) || (stored.isInteger(16) && isa<GetOp>(op)));
  if (stored == type || converts)
    return success();
  InFlightDiagnostic message = op->emitOpError()
                               << "has " << type << " for @" << name << ", which is " << stored
                               << "; only floats convert"; // kernel_c5
  message.attachNote(field->getLoc()) << "the field is here";
  return failure();
}

LogicalResult KernelRules::checkOp(Operation *op) {
  auto typed = [&](StringRef name, ArrayRef<FieldKind> kinds, Type type) {
    return success(succeeded(need(op, name, kinds)) && succeeded(sameType(op, name, type)));
  };
  if (auto get = dyn_cast<GetOp>(op))
    return typed(get.getField(),
                 {FieldKind::Uniform, FieldKind::Element, FieldKind::Source, FieldKind::Target,
                  FieldKind::Connection, FieldKind::Past},
                 get.getType());
  if (auto set = dyn_cast<SetOp>(op))
    return typed(set.getField(), {FieldKind::Uniform, FieldKind::Element, FieldKind::Connection},
                 set.getValue().getType());
  if (auto sum = dyn_cast<AccumulateOp>(op))
    return typed(sum.getField(), {FieldKind::Element}, sum.getValue().getType());
  if (auto collect = dyn_cast<CollectOp>(op))
    return typed(collect.getRing(), {FieldKind::Ring}, collect.getType());
  if (auto round = dyn_cast<RoundOp>(op)) // round_c1
    return round.getWithin() ? need(op, *round.getWithin(), {FieldKind::Uniform}) : success();
  if (auto send = dyn_cast<SendOp>(op))
    return typed(send.getRing(), {FieldKind::Ring}, send.getAmount().getType());
  if (auto defer = dyn_cast<DeferOp>(op))
    return typed(defer.getPending(), {FieldKind::Pending}, defer.getValue().getType());
  if (auto due = dyn_cast<DueOp>(op))
    return typed(due.getPending(), {FieldKind::Pending}, due.getType());
  if (auto emit = dyn_cast<EmitOp>(op))
    return need(op, emit.getEmit(), {FieldKind::Emit});
  if (auto normal = dyn_cast<NormalOp>(op))
    return need(op, normal.getKey(), {FieldKind::Key});
  if (auto chance = dyn_cast<ChanceOp>(op))
    return need(op, chance.getKey(), {FieldKind::Key});
  if (auto recall = dyn_cast<RecallOp>(op)) {
    if (failed(need(op, recall.getHistory(), {FieldKind::History})))
      return failure();
    return recall.getLast()
               ? need(op, *recall.getLast(), {FieldKind::Source, FieldKind::Connection})
               : success();
  }
  if (auto peek = dyn_cast<PeekOp>(op))
    return need(op, peek.getField(), {peek.getAgo() ? FieldKind::Past : FieldKind::Whole});
  if (auto lookup = dyn_cast<LookupOp>(op))
    return need(op, lookup.getField(), {FieldKind::Whole});
  if (auto remembered = dyn_cast<RememberedOp>(op))
    return need(op, remembered.getHistory(), {FieldKind::History});
  if (auto latest = dyn_cast<LatestOp>(op))
    return need(op, latest.getHistory(), {FieldKind::History});
  if (auto draw = dyn_cast<DrawOp>(op))
    return need(op, draw.getKey(), {FieldKind::Key});
  if (auto count = dyn_cast<CountOp>(op)) {
    if (failed(need(op, count.getKey(), {FieldKind::Key})))
      return failure();
    return count.getTable() ? need(op, *count.getTable(), {FieldKind::Poisson}) : success();
  }
  return success();
}

LogicalResult KernelRules::check() {
  bool begun = false;
  for (Operation &op : kernel.getBody().front()) {
    if (auto field = dyn_cast<FieldOp>(op)) {
      if (begun) // kernel_c1
        return op.emitOpError() << "stands after the code of `" << kernel.getSymName()
                                << "`; a kernel begins with its fields";
      fields[field.getSymName()] = field;
      continue;
    }
    begun = true;
    bool value =
        isa<GetOp, SetOp, StepOp, ElementOp, NormalOp, CountOp, DrawOp, CollectOp, RoundOp, SendOp,
            EmitOp, PayloadOp, AccumulateOp, PropagatorOp, RepeatOp, ChanceOp, RecallOp, LatestOp,
            LookupOp, PeekOp, DeferOp, DueOp, FixedOp, RealOp, SaturateOp, EndOp>(op);
    if (isa<SimDialect>(op.getDialect()) && !value) // kernel_c2
      return op.emitOpError() << "has no place in the kernel `" << kernel.getSymName()
                              << "`, which computes the values of one element";
    WalkResult walked = op.walk([&](Operation *part) {
      return failed(checkOp(part)) ? WalkResult::interrupt() : WalkResult::advance();
    });
    if (walked.wasInterrupted())
      return failure();
  }
  return success();
}

} // namespace

LogicalResult KernelOp::verifyRegions() { return KernelRules{*this, {}}.check(); }

bool KernelOp::sendsFixedAmount() {
  unsigned sends = 0, ownValues = 0;
  for (FieldOp field : getBody().getOps<FieldOp>()) {
    switch (field.getKind()) {
    case FieldKind::Connection:
      ++ownValues;
      break;
    case FieldKind::Uniform:
    case FieldKind::Ring:
    case FieldKind::Rows:
      break;
    default:
      return false;
    }
  }
  for (Operation &op : getBody().front()) {
    if (isa<SendOp>(op))
      ++sends;
    else if (isa<SimDialect>(op.getDialect()) && !isa<FieldOp, GetOp, RoundOp, EndOp>(op))
      return false;
  }
  return sends <= 1 && ownValues <= 1; // none: the body has been lowered
}
