//===- SimProgramVerifiers.cpp - the rules that tie the parts of a program together ---===//
//
// Checked once per program, with one symbol table, so that a program of many populations stays
// cheap to verify.
//
//===----------------------------------------------------------------------===//
#include "dialects/sim/Sim.h"

#include "llvm/ADT/StringExtras.h"
#include "llvm/ADT/StringSet.h"
#include "llvm/ADT/TypeSwitch.h"

using namespace mlir;
using namespace synfire::sim;

namespace {

struct ProgramRules {
  ProgramOp program;
  DenseMap<StringAttr, Operation *> symbols;
  DenseMap<Operation *, SmallVector<FieldOp>> fields; // of kernels
  llvm::StringSet<> drawnDelays, drawnProbabilities;  // connections with a `values` of that role
  DenseSet<std::pair<Operation *, TypeID>> bodies;    // kernels seen, by the op that runs them

  explicit ProgramRules(ProgramOp program) : program(program) {
    for (Operation &op : program.getBody().front())
      if (auto symbol = dyn_cast<SymbolOpInterface>(op))
        symbols[symbol.getNameAttr()] = &op;
  }

  LogicalResult check();
  /// Names of data are there as attributes, which are faster to find than texts.
  template <typename Op> Op find(StringAttr name) {
    return dyn_cast_or_null<Op>(symbols.lookup(name));
  }
  template <typename Op> Op find(FlatSymbolRefAttr name) { return find<Op>(name.getAttr()); }
  template <typename Op> Op find(StringRef name) {
    return find<Op>(StringAttr::get(program.getContext(), name));
  }
  ArrayRef<FieldOp> fieldsOf(KernelOp kernel) {
    auto [known, isNew] = fields.try_emplace(kernel);
    if (isNew)
      llvm::append_range(known->second, kernel.getBody().getOps<FieldOp>());
    return known->second;
  }
  template <typename Op>
  LogicalResult need(Operation *user, FlatSymbolRefAttr name, StringRef what);
  LogicalResult needUniform(Operation *user, FlatSymbolRefAttr name, StringRef what);
  LogicalResult checkRanges(Operation *user, std::optional<ArrayRef<int64_t>> ranges,
                            StringRef domain);
  LogicalResult checkData(Operation *op);
  LogicalResult checkConnections(ConnectionsOp op);
  LogicalResult checkSpikeList(SpikeListOp op);
  LogicalResult checkFrames(FramesOp op);
  LogicalResult checkAnswers(Operation *user, FlatSymbolRefAttr name);
  LogicalResult checkProtocol(Operation &op);
  LogicalResult checkRun(RunOp run);

  LogicalResult checkLaunch(LaunchInterface launch);
  LogicalResult checkBody(LaunchInterface launch, KernelOp kernel);
  LogicalResult checkBinding(LaunchInterface launch, FieldOp field, Attribute bound);
  LogicalResult checkArray(LaunchInterface launch, FieldOp field, Attribute bound);
};

/// The symbol must be an op of this kind.
template <typename Op>
LogicalResult ProgramRules::need(Operation *user, FlatSymbolRefAttr name, StringRef what) {
  if (find<Op>(name))
    return success();
  return user->emitOpError() << "names " << name << ", which is no " << what
                             << " of the program"; // symbol_c1
}

LogicalResult ProgramRules::needUniform(Operation *user, FlatSymbolRefAttr name, StringRef what) {
  if (failed(need<ArrayOp>(user, name, "array")))
    return failure();
  if (!find<ArrayOp>(name).getUniform()) // symbol_c2
    return user->emitOpError() << "takes " << name << " as its " << what
                               << ", which must be a `uniform` array: it is one number";
  return success();
}

LogicalResult ProgramRules::checkRanges(Operation *user, std::optional<ArrayRef<int64_t>> ranges,
                                        StringRef domain) {
  if (!ranges)
    return success();
  int64_t size = find<DomainOp>(domain).getSize();
  if (ranges->size() % 2) // ranges_c1
    return user->emitOpError(
        "has an odd number of ends of ranges; each range has a first and a last");
  for (size_t i = 0; i < ranges->size(); i += 2)
    if ((*ranges)[i] < 0 || (*ranges)[i] > (*ranges)[i + 1] ||
        (*ranges)[i + 1] >= size) // ranges_c2
      return user->emitOpError() << "selects " << (*ranges)[i] << " to " << (*ranges)[i + 1]
                                 << " of @" << domain << ", which has " << size << " elements";
  return success();
}

//===----------------------------------------------------------------------===//
// Data and experiment
//===----------------------------------------------------------------------===//

LogicalResult ProgramRules::checkConnections(ConnectionsOp op) {
  if (failed(need<DomainOp>(op, op.getSourceAttr(), "domain")) ||
      failed(need<DomainOp>(op, op.getTargetAttr(), "domain")) ||
      failed(checkRanges(op, op.getSourceRanges(), op.getSource())) ||
      failed(checkRanges(op, op.getTargetRanges(), op.getTarget())))
    return failure();
  bool drawn = drawnDelays.contains(op.getSymName());
  if (!op.getSteps() && // where connections are written down, so are their delays
      int(op.getDelay().has_value()) + int(op.getUndelayed()) + int(drawn) != 1) // connections_c8
    return op.emitOpError(
        "has its delay from one of: a number, a `sim.values` with the role \"delay\", "
        "or none (`undelayed`)");
  bool number = op.getArguments().contains("p");
  if (op.getRule() == Rule::Probability &&
      number == drawnProbabilities.contains(op.getSymName())) // connections_c9
    return op.emitOpError(
        "has its probability from one of: the argument `p`, or a `sim.values` with the "
        "role \"probability\"");
  return success();
}

LogicalResult ProgramRules::checkSpikeList(SpikeListOp op) {
  if (failed(need<ConnectionsOp>(op, op.getConnectionsAttr(), "connections")))
    return failure();
  if (auto delays = op.getDelays()) {
    auto array = find<ArrayOp>(*delays);
    if (!array || array.getOver() != find<ConnectionsOp>(op.getConnections()).getTarget())
      return op.emitOpError() << "has its delays from @" << *delays // spike_list_c4
                              << ", which is no array over the elements that get the spikes";
  }
  auto source = find<DomainOp>(find<ConnectionsOp>(op.getConnections()).getSource());
  if (!source)
    return success(); // told of the connections
  for (int32_t element : op.getElements().getValues<int32_t>())
    if (element < 0 || element >= int64_t(source.getSize())) // spike_list_c3
      return op.emitOpError() << "has a spike of element " << element << "; @"
                              << source.getSymName() << " has " << source.getSize() << " elements";
  return success();
}

LogicalResult ProgramRules::checkFrames(FramesOp op) {
  if (failed(needUniform(op, op.getIndexAttr(), "index")) ||
      (op.getLabel() && failed(needUniform(op, op.getLabelAttr(), "label"))))
    return failure();
  for (auto name : op.getValues().getAsRange<FlatSymbolRefAttr>()) {
    if (failed(need<ArrayOp>(op, name, "array")))
      return failure();
    auto array = find<ArrayOp>(name);
    if (array.getUniform() || !array.getOver() || !find<DomainOp>(*array.getOver())) // frames_c3
      return op.emitOpError() << "sets @" << name.getValue()
                              << ", which must have a value for each element of a domain";
  }
  return success();
}

LogicalResult ProgramRules::checkData(Operation *op) {
  if (auto array = dyn_cast<ArrayOp>(op)) {
    if (array.getPending() &&
        !(array.getOver() && find<ConnectionsOp>(*array.getOver()))) // array_c6
      return op->emitOpError("is pending, but no array over connections");
    if (!array.getOver())
      return success();
    auto domain = find<DomainOp>(array.getOverAttr());
    if (!domain)
      return need<ConnectionsOp>(op, array.getOverAttr(), "domain and no connections");
    if (array.getValues() &&
        array.getValues()->getNumElements() != int64_t(domain.getSize())) // array_c4
      return op->emitOpError() << "lists " << array.getValues()->getNumElements() << " values; @"
                               << domain.getSymName() << " has " << domain.getSize() << " elements";
    if (auto name = array.getPastOf()) {
      auto present = find<ArrayOp>(*name);
      if (!present || present.getOver() != array.getOver() || present.getUniform() ||
          present.getType() != array.getType() || array.getKind() != ArrayKind::History) // array_c5
        return op->emitOpError() << "keeps the past of @" << *name
                                 << "; it must be a history, and that an array of the same domain "
                                    "and type with a value for each element";
    }
    return success();
  }
  if (auto accumulator = dyn_cast<AccumulatorOp>(op)) {
    if (failed(need<DomainOp>(op, accumulator.getOverAttr(), "domain")) ||
        failed(needUniform(op, accumulator.getScaleAttr(), "scale")) ||
        failed(needUniform(op, accumulator.getInverseAttr(), "inverse")))
      return failure();
    return accumulator.getLimit() ? needUniform(op, accumulator.getLimitAttr(), "limit")
                                  : success();
  }
  if (auto drive = dyn_cast<PoissonOp>(op)) {
    if (failed(needUniform(op, drive.getMeanAttr(), "mean")))
      return failure();
    return needUniform(op, drive.getExpMeanAttr(), "exp_mean");
  }
  if (auto cap = dyn_cast<CapOp>(op)) {
    if (failed(need<AccumulatorOp>(op, cap.getAccumulatorAttr(), "accumulator")) ||
        (cap.getConnections() &&
         failed(need<ConnectionsOp>(op, cap.getConnectionsAttr(), "connections"))) ||
        (cap.getDrive() && failed(need<PoissonOp>(op, cap.getDriveAttr(), "drive"))) ||
        (cap.getArray() && failed(need<ArrayOp>(op, cap.getArrayAttr(), "array"))))
      return failure();
    return success();
  }
  if (auto frames = dyn_cast<FramesOp>(op))
    return checkFrames(frames);
  if (auto answers = dyn_cast<AnswersOp>(op)) {
    if (failed(need<FramesOp>(op, answers.getFramesAttr(), "frames")) ||
        failed(need<DomainOp>(op, answers.getDomainAttr(), "domain")))
      return failure();
    if (!find<DomainOp>(answers.getDomain()).emits()) // answers_c1
      return op->emitOpError() << "counts spikes of @" << answers.getDomain()
                               << ", whose elements do not spike";
    for (std::optional<StringRef> name : {std::optional(answers.getCounts()), answers.getLabels()})
      if (name && (!find<ArrayOp>(*name) ||
                   find<ArrayOp>(*name).getOver() != answers.getDomain())) // answers_c2
        return op->emitOpError() << "needs @" << *name << " to be an array over @"
                                 << answers.getDomain();
    return success();
  }
  if (auto total = dyn_cast<TotalOp>(op)) {
    if (failed(checkAnswers(op, total.getAnswersAttr())) ||
        failed(needUniform(op, total.getIntoAttr(), "total")))
      return failure();
    return checkRanges(op, total.getRanges(), find<AnswersOp>(total.getAnswers()).getDomain());
  }
  if (auto domain = dyn_cast<DomainOp>(op); domain && domain.getRelays())
    return need<DomainOp>(op, domain.getRelaysAttr(), "domain");
  if (auto connections = dyn_cast<ConnectionsOp>(op))
    return checkConnections(connections);
  if (auto constraint = dyn_cast<ConstrainOp>(op)) {
    for (auto [i, attr] :
         llvm::enumerate(constraint.getConnections().getAsRange<FlatSymbolRefAttr>())) {
      if (failed(need<ConnectionsOp>(op, attr, "connections")))
        return failure();
      if (!constraint.getParts())
        continue;
      auto connections = find<ConnectionsOp>(attr);
      for (auto [end, domain] :
           {std::pair(0, connections.getSource()), std::pair(1, connections.getTarget())}) {
        auto ranges = cast<DenseI64ArrayAttr>((*constraint.getParts())[2 * i + end]);
        if (failed(checkRanges(op, ranges.asArrayRef(), domain)))
          return failure();
      }
    }
    return success();
  }
  if (auto list = dyn_cast<SpikeListOp>(op))
    return checkSpikeList(list);
  return success();
}

LogicalResult ProgramRules::checkAnswers(Operation *user, FlatSymbolRefAttr name) {
  return need<AnswersOp>(user, name, "answers");
}

/// Actions, and what is done with answers to frames.
LogicalResult ProgramRules::checkProtocol(Operation &op) {
  if (auto label = dyn_cast<LabelOp>(op))
    return checkAnswers(label, label.getAnswersAttr());
  if (auto report = dyn_cast<ReportOp>(op))
    return checkAnswers(report, report.getAnswersAttr());
  if (auto each = dyn_cast<EachFrameOp>(op))
    if (failed(need<FramesOp>(each, each.getFramesAttr(), "frames")))
      return failure();
  if (auto again = dyn_cast<ShowAgainOp>(op))
    if (failed(need<FramesOp>(again, again.getFramesAttr(), "frames")) ||
        failed(needUniform(again, again.getFlagAttr(), "flag")))
      return failure();
  for (Region &region : op.getRegions())
    for (auto assign : region.getOps<AssignOp>())
      if (failed(checkLaunch(cast<LaunchInterface>(assign.getOperation()))))
        return failure();
  return success();
}

LogicalResult ProgramRules::checkRun(RunOp run) {
  for (Operation &op : run.getBody().front()) {
    if (!isa<RecordOp>(op)) {
      if (failed(checkProtocol(op)))
        return failure();
      continue;
    }
    auto record = cast<RecordOp>(op);
    if (find<ConnectionsOp>(record.getDomain())) {
      auto array = record.getArray() ? find<ArrayOp>(*record.getArray()) : ArrayOp();
      if (!array || array.getOver() != record.getDomain()) // record_c4
        return record.emitOpError() << "writes values of the connections @" << record.getDomain()
                                    << ", which needs an array over them";
      continue;
    }
    if (failed(need<DomainOp>(record, record.getDomainAttr(), "domain")) ||
        failed(checkRanges(record, record.getRanges(), record.getDomain())))
      return failure();
    if (!record.getArray()) {
      if (!find<DomainOp>(record.getDomain()).emits()) // record_c2
        return record.emitOpError()
               << "writes spikes of @" << record.getDomain() << ", whose elements do not spike";
      continue;
    }
    if (failed(need<ArrayOp>(record, record.getArrayAttr(), "array")))
      return failure();
    auto array = find<ArrayOp>(*record.getArray());
    if (!array.getUniform() && array.getOver() != record.getDomain()) // record_c3
      return record.emitOpError() << "writes @" << array.getSymName() << " of @"
                                  << record.getDomain()
                                  << ", but the array is not over that domain";
  }
  return success();
}

//===----------------------------------------------------------------------===//
// Structured ops
//===----------------------------------------------------------------------===//

bool overConnections(Operation *op) {
  return isa<ValuesOp, DeliverOp, HandleOp, SettleOp, AdvanceOp, TimerOp, GatherOp>(op);
}

bool isUniformLaunch(Operation *op) {
  return llvm::TypeSwitch<Operation *, bool>(op)
      .Case<DeriveOp, InitOp, AssignOp, UpdateOp>([](auto launch) { return launch.getUniform(); })
      .Default(false);
}

/// Whether a kernel that `launch` runs may contain the op.
bool mayRun(Operation *launch, Operation *op) {
  if (!isa<SimDialect>(op->getDialect()) || isa<FieldOp, EndOp, FixedOp, RealOp, SaturateOp>(op))
    return true;
  if (isa<UpdateOp>(launch))
    return isa<GetOp, SetOp, StepOp, ElementOp, NormalOp, CountOp, CollectOp, RoundOp, EmitOp,
               RepeatOp, ChanceOp>(op);
  if (isa<ValuesOp>(launch))
    return isa<GetOp, SetOp, ElementOp, DrawOp>(op);
  if (isa<DeliverOp>(launch))
    return isa<GetOp, RoundOp, SendOp, PayloadOp>(op);
  if (isa<HandleOp>(launch))
    return isa<GetOp, SetOp, RoundOp, SendOp, PayloadOp, ChanceOp, RecallOp, LatestOp, LookupOp,
               PeekOp, StepOp, DeferOp>(op);
  if (isa<SettleOp>(launch))
    return isa<GetOp, SetOp, RecallOp, LookupOp, PeekOp, StepOp>(op);
  if (isa<TimerOp>(launch))
    return isa<GetOp, SetOp, RecallOp, LatestOp, LookupOp, PeekOp, StepOp, ChanceOp>(op);
  if (isa<AdvanceOp>(launch))
    return isa<GetOp, SetOp, RecallOp, LookupOp, PeekOp, StepOp, DueOp>(op);
  if (isa<GatherOp>(launch))
    return isa<GetOp, AccumulateOp, StepOp>(op);
  return isa<GetOp, SetOp, StepOp, ElementOp, RoundOp, DrawOp, PropagatorOp>(op);
}

/// The kinds of field that there is something for where `launch` runs.
bool mayBind(Operation *launch, FieldKind kind) {
  switch (kind) {
  case FieldKind::Uniform:
    return true;
  case FieldKind::Element:
    return !isa<DeliverOp, HandleOp, SettleOp, AdvanceOp, TimerOp>(launch);
  case FieldKind::Key:
    return !isa<DeliverOp, GatherOp, SettleOp, AdvanceOp>(launch);
  case FieldKind::Ring:
    return isa<UpdateOp, DeliverOp, HandleOp>(launch);
  case FieldKind::Poisson:
  case FieldKind::Emit:
    return isa<UpdateOp>(launch);
  case FieldKind::Source:
  case FieldKind::Target:
  case FieldKind::Connection:
    return overConnections(launch);
  case FieldKind::Rows:
    return isa<DeliverOp, HandleOp, SettleOp, AdvanceOp, TimerOp, GatherOp>(launch);
  case FieldKind::History:
    return isa<HandleOp, SettleOp, AdvanceOp, TimerOp>(launch);
  case FieldKind::Whole:
    return isa<HandleOp, SettleOp, AdvanceOp, TimerOp>(launch);
  case FieldKind::Pending:
    return isa<HandleOp, AdvanceOp>(launch);
  case FieldKind::Past:
    return isa<HandleOp, SettleOp, AdvanceOp, TimerOp, GatherOp>(launch);
  }
  return false;
}

LogicalResult ProgramRules::checkBody(LaunchInterface launch, KernelOp kernel) {
  Operation *runs = launch.getOperation();
  if (!bodies.insert({kernel, runs->getName().getTypeID()}).second)
    return success();
  for (Operation &op : kernel.getBody().front())
    if (!mayRun(runs, &op)) { // launch_c4
      InFlightDiagnostic message = op.emitOpError() << "has no meaning in a kernel that `"
                                                    << runs->getName() << "` runs";
      message.attachNote(runs->getLoc()) << "it is run here";
      return failure();
    }
  return success();
}

/// An array bound to a field of values: present where the launch runs, of the field's type.
LogicalResult ProgramRules::checkArray(LaunchInterface launch, FieldOp field, Attribute bound) {
  Operation *op = launch.getOperation();
  StringRef name = field.getSymName();
  if (auto number = dyn_cast<IntegerAttr>(bound); number && field.getKind() == FieldKind::Uniform) {
    if (number.getType() != field.getType()) // launch_c7
      return op->emitOpError() << "binds " << number.getType() << " to `" << name << "`, which is "
                               << field.getType();
    return success();
  }
  if (isa<UnitAttr>(bound) && isa<ValuesOp>(op) && field.getKind() == FieldKind::Element)
    return success(); // the value of the connection itself
  auto symbol = dyn_cast<FlatSymbolRefAttr>(bound);
  auto array = symbol ? find<ArrayOp>(symbol) : ArrayOp();
  if (!array) // launch_c6
    return op->emitOpError() << "binds " << bound << " to `" << name << "`, a field of the kind "
                             << stringifyFieldKind(field.getKind()) << ", which takes an array";
  if (array.getType() != field.getType()) // launch_c7
    return op->emitOpError() << "binds @" << array.getSymName() << " of " << array.getType()
                             << " to `" << name << "`, which is " << field.getType();
  if ((field.getKind() == FieldKind::Past) != array.getPastOf().has_value()) // launch_c13
    return op->emitOpError() << "binds @" << array.getSymName() << " to `" << name
                             << "`; a field of the kind past, and no other, reads an array that "
                                "keeps the past of another";
  if ((field.getKind() == FieldKind::Pending) != array.getPending() &&
      !isa<ValuesOp>(op)) // launch_c14
    return op->emitOpError() << "binds @" << array.getSymName() << " to `" << name
                             << "`; a field of the kind pending, and no other, is one of a pending "
                                "array";
  if (field.getKind() == FieldKind::Uniform) {
    if (!array.getUniform()) // launch_c8
      return op->emitOpError() << "binds @" << array.getSymName() << " to the uniform field `"
                               << name << "`, but the array has a value for each element";
    return success();
  }
  if (array.getUniform()) // launch_c9
    return op->emitOpError() << "binds the uniform array @" << array.getSymName() << " to `" << name
                             << "`, which differs between elements";
  if (field.getKind() == FieldKind::Whole)
    return success();
  if (!array.getOver())
    return success(); // a table, whose rows are those of whoever reads it
  StringRef expected = launch.overName();
  if (overConnections(op)) {
    auto connections = find<ConnectionsOp>(expected);
    if (field.getKind() == FieldKind::Past && !isa<GatherOp>(op))
      return success(); // a third factor may be of any domain
    if (field.getKind() == FieldKind::Source || field.getKind() == FieldKind::Past)
      expected = connections.getSource();
    else if (!llvm::is_contained({FieldKind::Connection, FieldKind::Pending}, field.getKind()))
      expected = connections.getTarget();
  }
  // A relay is one of each element that it passes spikes of on.
  if (auto source = find<DomainOp>(expected); source && field.getKind() == FieldKind::Source)
    if (source.getRelays() == *array.getOver())
      return success();
  if (*array.getOver() != expected) // launch_c10
    return op->emitOpError() << "binds @" << array.getSymName() << ", an array over @"
                             << *array.getOver() << ", to `" << name << "`, which needs one over @"
                             << expected;
  return success();
}

LogicalResult ProgramRules::checkBinding(LaunchInterface launch, FieldOp field, Attribute bound) {
  Operation *op = launch.getOperation();
  FieldKind kind = field.getKind();
  if (!mayBind(op, kind)) // launch_c5
    return op->emitOpError() << "has nothing for `" << field.getSymName()
                             << "`, a field of the kind " << stringifyFieldKind(kind);
  auto symbol = dyn_cast<FlatSymbolRefAttr>(bound);
  auto refuse = [&](StringRef what) -> LogicalResult { // launch_c6
    return op->emitOpError() << "binds " << bound << " to `" << field.getSymName()
                             << "`, a field of the kind " << stringifyFieldKind(kind)
                             << ", which takes " << what;
  };
  switch (kind) {
  case FieldKind::Key: {
    auto number = dyn_cast<IntegerAttr>(bound);
    return number && number.getType().isInteger(32) ? success() : refuse("an i32 constant");
  }
  case FieldKind::Ring: {
    auto ring = symbol ? find<AccumulatorOp>(symbol) : AccumulatorOp();
    if (!ring)
      return refuse("an accumulator");
    StringRef domain = launch.overName();
    if (overConnections(op))
      domain = find<ConnectionsOp>(domain).getTarget();
    if (ring.getType() != field.getType()) // launch_c7
      return op->emitOpError() << "binds @" << ring.getSymName() << " of " << ring.getType()
                               << " to `" << field.getSymName() << "`, which is "
                               << field.getType();
    if (ring.getOver() != domain) // launch_c10
      return op->emitOpError() << "binds @" << ring.getSymName() << ", sums over @"
                               << ring.getOver() << ", to `" << field.getSymName()
                               << "`, which needs sums over @" << domain;
    return success();
  }
  case FieldKind::Poisson:
    return symbol && find<PoissonOp>(symbol) ? success() : refuse("a drive");
  case FieldKind::Rows:
    return symbol && symbol.getValue() == launch.overName()
               ? success()
               : refuse("the connections it runs over");
  case FieldKind::History: {
    auto domain = symbol ? find<DomainOp>(symbol) : DomainOp();
    if (!domain || !domain.getRemembers() ||
        find<ConnectionsOp>(launch.overName()).getTarget() != domain.getSymName())
      return refuse("the domain of the targets, which remembers its spikes");
    return success();
  }
  case FieldKind::Emit: {
    if (!symbol || symbol.getValue() != launch.overName())
      return refuse("the domain it runs over");
    if (!find<DomainOp>(symbol).emits()) // launch_c11
      return op->emitOpError() << "binds " << bound << " to `" << field.getSymName()
                               << "`, but its elements do not spike";
    return success();
  }
  default:
    if (kind == FieldKind::Element && isUniformLaunch(op)) // launch_c12
      return op->emitOpError() << "is uniform, but `" << field.getSymName()
                               << "` has a value for each element; a uniform kernel runs once";
    return checkArray(launch, field, bound);
  }
}

LogicalResult ProgramRules::checkLaunch(LaunchInterface launch) {
  Operation *op = launch.getOperation();
  auto kernel = find<KernelOp>(launch.kernelName());
  if (!kernel) // launch_c1
    return op->emitOpError() << "runs @" << launch.kernelName()
                             << ", which is no kernel of the program";
  bool there = overConnections(op) ? bool(find<ConnectionsOp>(launch.overName()))
                                   : bool(find<DomainOp>(launch.overName()));
  if (!there) // launch_c2
    return op->emitOpError() << "runs over @" << launch.overName() << ", which is no "
                             << (overConnections(op) ? "connections" : "domain")
                             << " of the program";
  ArrayRef<FieldOp> fields = fieldsOf(kernel);
  if (fields.size() != launch.bindings().size()) { // launch_c3
    InFlightDiagnostic message = op->emitOpError()
                                 << "binds " << launch.bindings().size() << " things; `"
                                 << kernel.getSymName() << "` has " << fields.size() << " fields";
    message.attachNote(kernel.getLoc()) << "the kernel is here";
    return failure();
  }
  for (auto [field, bound] : llvm::zip(fields, launch.bindings()))
    if (failed(checkBinding(launch, field, bound)))
      return failure();
  if (isa<DeliverOp>(op)) {
    auto connections = find<ConnectionsOp>(launch.overName());
    if (connections.getLayout() != Layout::BySource && !kernel.sendsFixedAmount()) // launch_c14
      return op->emitOpError() << "runs over @" << connections.getSymName() << ", stored `"
                               << stringifyLayout(connections.getLayout())
                               << "`, but its kernel does not send one amount that is the same at "
                                  "every spike";
  }
  if (auto assign = dyn_cast<AssignOp>(op))
    if (failed(checkRanges(op, assign.getRanges(), assign.getOver())))
      return failure();
  if (auto values = dyn_cast<ValuesOp>(op)) {
    StringRef role = values.getRole();
    auto array = find<ArrayOp>(role);
    bool own = array && array.getOver() == values.getOver();
    if (role != "delay" && role != "probability" && !own) // values_c1
      return op->emitOpError() << "has the role \"" << role
                               << "\"; it is `delay`, `probability`, or an array over @"
                               << values.getOver();
  }
  return checkBody(launch, kernel);
}

LogicalResult ProgramRules::check() {
  for (auto values : program.getBody().getOps<ValuesOp>()) {
    if (values.getRole() == "delay")
      drawnDelays.insert(values.getOver());
    else if (values.getRole() == "probability")
      drawnProbabilities.insert(values.getOver());
  }
  // What data refer to is checked before the ops that use the data.
  for (Operation &op : program.getBody().front())
    if (failed(checkData(&op)))
      return failure();
  for (Operation &op : program.getBody().front()) {
    if (isa<DeriveOp, InitOp, ValuesOp, DeliverOp, HandleOp, SettleOp, AdvanceOp, TimerOp, GatherOp,
            UpdateOp>(op)) {
      if (failed(checkLaunch(cast<LaunchInterface>(op))))
        return failure();
    } else if (auto run = dyn_cast<RunOp>(op)) {
      if (failed(checkRun(run)))
        return failure();
    } else if (!isa<DomainOp, ArrayOp, AccumulatorOp, PoissonOp, ConnectionsOp, SpikeListOp,
                    FramesOp, AnswersOp, TotalOp, CapOp, ConstrainOp, KernelOp>(op)) { // program_c1
      return op.emitOpError() << "has no place in the program `" << program.getSymName()
                              << "`, which holds data, kernels, structured ops and runs";
    }
  }
  return success();
}

} // namespace

LogicalResult ProgramOp::verifyRegions() { return ProgramRules(*this).check(); }
