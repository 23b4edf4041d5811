//===- BuildExperiment.cpp - runs, records, protocol actions (C8) ---===//
#include "passes/neuro-to-sim/ProgramBuilder.h"

#include "passes/neuro/analysis/Expression.h"
#include "runtime/random/Grid.h"

using namespace mlir;
using namespace synfire;
using namespace synfire::neuro;
using sim::FieldKind;

double ProgramBuilder::stepMs() {
  for (auto run : experiment.getBody().getOps<SimulateOp>())
    return run.getStep().convertToDouble();
  return 0.1;
}

int64_t ProgramBuilder::recordPeriod(RecordOp record) {
  double step = record->getParentOfType<SimulateOp>().getStep().convertToDouble();
  return record.getPeriod()
             ? std::max<int64_t>(
                   1, runtime::toSteps(record.getPeriod()->convertToDouble(), step).steps)
             : 1;
}

LogicalResult ProgramBuilder::buildAssign(AssignOp assign, OpBuilder &into) {
  Location loc = assign.getLoc();
  std::string name = variableName(assign.getVariable());
  KernelBuilder b(loc, data.getContext());
  sim::ArrayOp home;
  Operation *owner;
  DenseI64ArrayAttr ranges;
  if (assign.getTarget()) {
    PopulationBuild &p = *populations[assign.getTarget()->getPopulation().getValue()];
    owner = p.op;
    home = p.arrays.lookup(name);
    if (!assign.getTarget()->getElements().empty())
      ranges = b.getDenseI64ArrayAttr(assign.getTarget()->getElements());
  } else {
    StringRef projection = assign.getProjection()->getRootReference().getValue();
    owner = SymbolTable::lookupSymbolIn(circuit, projection);
    if (!isa_and_nonnull<ProjectionOp, StimulusOp>(owner))
      return assign.emitError() << "`" << projection << "` is not a projection";
    home = ownedParameter(owner, name);
    if (!home.getUniform())
      return assign.emitError()
             << "`" << projection << "." << name
             << "` differs from connection to connection; a protocol can set it only "
                "where it is one number";
  }
  if (!home)
    return assign.emitError() << "there is no `" << name << "` to set";
  bool one = home.getUniform();
  Value value =
      evaluate(b, assign.getBody().front(), owner, name + ":assign", [&](Operation *op) -> Value {
        auto get = dyn_cast<GetOp>(op);
        if (isa<TimeOp>(op)) {
          Value step = sim::StepOp::create(b, b.getI64Type());
          return b.mul(arith::SIToFPOp::create(b, b.getF64Type(), step),
                       b.get("dt", FieldKind::Uniform, dt));
        }
        if (auto frame = dyn_cast<FrameValueOp>(op))
          return frameValue(b, frame,
                            assign.getTarget() ? populations[nameOf(owner)].get() : nullptr);
        if (!get)
          return Value();
        std::string other = variableName(get.getVariable());
        sim::ArrayOp array = isa<PopulationOp>(owner)
                                 ? populations[nameOf(owner)]->arrays.lookup(other)
                                 : ownedParameter(owner, other);
        return b.get(other, array.getUniform() ? FieldKind::Uniform : FieldKind::Element, array);
      });
  b.set(name, one ? FieldKind::Uniform : FieldKind::Element, home, value);
  StringRef domain = isa<PopulationOp>(owner) ? nameOf(owner) : targetBuild(owner).op.getSymName();
  ArrayAttr bind = b.bindings();
  auto kernel = intern(b, "assign_" + name);
  sim::AssignOp::create(into, loc, kernel.getValue(), domain, bind, one, ranges);
  return success();
}

LogicalResult ProgramBuilder::buildAssigns(Region &statements, Region &action) {
  OpBuilder into = OpBuilder::atBlockEnd(&action.emplaceBlock());
  for (auto assign : statements.getOps<AssignOp>())
    if (failed(buildAssign(assign, into)))
      return failure();
  return success();
}

LogicalResult ProgramBuilder::buildExperiment() {
  OpBuilder end = OpBuilder::atBlockEnd(&program.getBody().front());
  // A report is of everything that has labels.
  experiment.walk([&](LabelOp label) { answersOf(label.getTarget(), label.getFrames(), true); });
  for (auto run : experiment.getBody().getOps<SimulateOp>()) {
    double step = run.getStep().convertToDouble();
    auto toSteps = [&](APFloat ms) { return runtime::toSteps(ms.convertToDouble(), step).steps; };
    int64_t steps = toSteps(run.getDuration());
    auto op =
        sim::RunOp::create(end, run.getLoc(), run.getRunAttr(), run.getOriginAttr(),
                           end.getI64IntegerAttr(steps), run.getStepAttr(), run.getSeedAttr());
    OpBuilder inside = OpBuilder::atBlockBegin(&op.getBody().emplaceBlock());
    for (Operation &statement : run.getBody().front()) {
      if (auto atOp = dyn_cast<AtOp>(statement)) {
        auto action =
            sim::ActionOp::create(inside, atOp.getLoc(), toSteps(atOp.getTime()), IntegerAttr());
        if (failed(buildAssigns(atOp.getBody(), action.getBody())))
          return failure();
      } else if (auto every = dyn_cast<EveryOp>(statement)) {
        if (!every.getPeriod()) {
          auto each = sim::EachFrameOp::create(inside, every.getLoc(),
                                               every.getFrames()->getRootReference().getValue());
          if (failed(buildAssigns(every.getBody(), each.getBody())))
            return failure();
          continue;
        }
        int64_t period = std::max<int64_t>(1, toSteps(*every.getPeriod()));
        auto action =
            sim::ActionOp::create(inside, every.getLoc(), period, inside.getI64IntegerAttr(period));
        if (failed(buildAssigns(every.getBody(), action.getBody())))
          return failure();
      } else if (auto repeat = dyn_cast<RepeatOp>(statement)) {
        if (failed(buildRepeat(repeat, inside)))
          return failure();
      } else if (auto label = dyn_cast<LabelOp>(statement)) {
        sim::LabelOp::create(inside, label.getLoc(),
                             answersOf(label.getTarget(), label.getFrames(), true).getSymName());
      } else if (auto report = dyn_cast<ReportOp>(statement)) {
        for (auto &[key, build] : answers)
          if (build.labels)
            sim::ReportOp::create(inside, report.getLoc(), build.op.getSymName());
      } else if (auto record = dyn_cast<RecordOp>(statement)) {
        int64_t period = recordPeriod(record);
        if (record.getProjection() && record.getVariable()) {
          StringRef owner = *record.getProjection();
          std::string name = variableName(*record.getVariable());
          sim::ArrayOp home = arraysByName.lookup((owner + "." + name + "#now").str());
          if (!home)
            home = arraysByName.lookup((owner + "." + name).str());
          if (!home || home.getUniform() || home.getOver() != owner)
            return record.emitError()
                   << "`" << name << "` of `" << owner << "` cannot be recorded: "
                   << (home && home.getPlacement()
                           ? "there is one value for all connections of a cell"
                           : "it is not a value that connections keep");
          sim::RecordOp::create(inside, record.getLoc(),
                                FlatSymbolRefAttr::get(home.getSymNameAttr()),
                                FlatSymbolRefAttr::get(inside.getContext(), owner),
                                DenseI64ArrayAttr(), inside.getI64IntegerAttr(period));
        }
        for (Attribute source : record.getSources()) {
          auto ref = cast<RefAttr>(source);
          StringRef population = ref.getPopulation().getValue();
          FlatSymbolRefAttr array;
          if (record.getKind() == RecordKind::Value) {
            sim::ArrayOp home =
                populations[population]->arrays.lookup(variableName(*record.getVariable()));
            if (!home)
              return record.emitError() << "`" << variableName(*record.getVariable()) << "` of `"
                                        << population << "` cannot be recorded";
            array = FlatSymbolRefAttr::get(home.getSymNameAttr());
          }
          auto ranges = ref.getElements().empty() ? DenseI64ArrayAttr()
                                                  : inside.getDenseI64ArrayAttr(ref.getElements());
          sim::RecordOp::create(inside, record.getLoc(), array,
                                FlatSymbolRefAttr::get(inside.getContext(), population), ranges,
                                inside.getI64IntegerAttr(period));
        }
      }
    }
  }
  return success();
}
