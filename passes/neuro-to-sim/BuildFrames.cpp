//===- BuildFrames.cpp - frames, and what is read of them (C7) ---===//
#include "passes/neuro-to-sim/ProgramBuilder.h"

#include "passes/neuro/analysis/Expression.h"
#include "runtime/random/Grid.h"

using namespace mlir;
using namespace synfire;
using namespace synfire::neuro;
using sim::ArrayKind;
using sim::FieldKind;

void ProgramBuilder::declareFrames() {
  for (auto op : circuit.getBody().getOps<FramesOp>()) {
    FrameBuild &build = frames[op.getSymName()];
    build.op = op;
    // Which frame is present decides how a run goes on, so that checkpoints keep it.
    build.index = uniform((op.getSymName() + ".index").str(), ArrayKind::History, 0.0);
    build.index.setWide(true);
    if (!op.getLabels())
      continue;
    build.label = uniform((op.getSymName() + ".label").str(), ArrayKind::Derived, 0.0);
    build.label.setWide(true);
  }
}

Value ProgramBuilder::frameValue(KernelBuilder &b, FrameValueOp op, PopulationBuild *p) {
  FrameBuild &build = frames[op.getFrames()];
  if (op.getField() != "value")
    return b.get((op.getFrames() + "_" + op.getField()).str(), FieldKind::Uniform,
                 op.getField() == "label" ? build.label : build.index);
  std::string name = (p->op.getSymName() + "." + op.getFrames()).str();
  sim::ArrayOp values = arraysByName.lookup(name);
  if (!values) {
    values = array(name, ArrayKind::Derived, p->op.getSymName(), 0.0);
    build.values.push_back(values);
  }
  return b.get(op.getFrames(), FieldKind::Element, values);
}

int64_t ProgramBuilder::framePeriod(FramesOp op) {
  return std::max<int64_t>(1, runtime::toSteps(op.getPeriod().convertToDouble(), stepMs()).steps);
}

sim::AnswersOp ProgramBuilder::answersOf(RefAttr ref, StringRef frames, bool labels) {
  StringRef population = ref.getPopulation().getValue();
  AnswersBuild &build = answers[{population, frames}];
  std::string name = (population + "." + frames).str();
  // A frame may be interrupted by the end of a run, and labels serve later runs: both are kept.
  auto keep = [&](StringRef what, double start) {
    sim::ArrayOp made = array(name + what.str(), ArrayKind::History, population, start);
    made.setWide(true);
    return FlatSymbolRefAttr::get(made.getSymNameAttr());
  };
  if (!build.op)
    build.op = sim::AnswersOp::create(data, circuit.getLoc(), data.getStringAttr(name + "#answers"),
                                      FlatSymbolRefAttr::get(data.getContext(), population),
                                      FlatSymbolRefAttr::get(data.getContext(), frames),
                                      keep("#spikes", 0.0), FlatSymbolRefAttr());
  if (labels && !build.op.getLabels())
    build.op.setLabelsAttr(keep("#label", -1.0));
  build.labels |= labels;
  return build.op;
}

/// `repeat frame while condition { ... }`: the condition becomes an assignment of a flag, counts
/// are numbers that the runtime sets before.
LogicalResult ProgramBuilder::buildRepeat(RepeatOp repeat, OpBuilder &into) {
  StringRef name = repeat.getFrames();
  auto unused = [&](StringRef what) {
    unsigned number = 0;
    std::string wish;
    do
      wish = (name + "#" + what).str() + std::to_string(number++);
    while (arraysByName.contains(wish));
    sim::ArrayOp made = uniform(wish, ArrayKind::Derived, 0.0);
    made.setWide(true);
    return made;
  };
  KernelBuilder b(repeat.getLoc(), data.getContext());
  auto leaf = [&](Operation *op) -> Value {
    if (auto frame = dyn_cast<FrameValueOp>(op))
      return frameValue(b, frame, nullptr);
    auto count = dyn_cast<CountOp>(op);
    if (!count)
      return Value();
    RefAttr of = count.getSource();
    sim::ArrayOp total = unused("spikes");
    auto ranges = of.getElements().empty() ? DenseI64ArrayAttr()
                                           : data.getDenseI64ArrayAttr(of.getElements());
    sim::TotalOp::create(data, count.getLoc(), FlatSymbolRefAttr::get(total.getSymNameAttr()),
                         FlatSymbolRefAttr::get(answersOf(of, name, false).getSymNameAttr()),
                         ranges);
    return b.get("spikes", FieldKind::Uniform, total);
  };
  Value holds = copyExpression(b, repeat.getCondition().front(), leaf).front();
  sim::ArrayOp flag = unused("again");
  b.set("again", FieldKind::Uniform, flag, b.select(holds, b.number(1.0), b.number(0.0)));
  ArrayAttr bind = b.bindings();
  auto kernel = intern(b, "test_frame");
  auto op = sim::ShowAgainOp::create(into, repeat.getLoc(), name, flag.getSymName());
  OpBuilder test = OpBuilder::atBlockEnd(&op.getTest().emplaceBlock());
  sim::AssignOp::create(test, repeat.getLoc(), kernel.getValue(), populations.front().first, bind,
                        /*uniform=*/true, DenseI64ArrayAttr());
  return buildAssigns(repeat.getBody(), op.getBody());
}

/// When everything that reads frames is known.
void ProgramBuilder::finishFrames() {
  for (auto &[name, build] : frames) {
    SmallVector<Attribute> values;
    for (sim::ArrayOp array : build.values)
      values.push_back(FlatSymbolRefAttr::get(array.getSymNameAttr()));
    FlatSymbolRefAttr label;
    if (build.label)
      label = FlatSymbolRefAttr::get(build.label.getSymNameAttr());
    sim::FramesOp::create(data, build.op.getLoc(), build.op.getSymNameAttr(),
                          build.op.getFormatAttr(), build.op.getImagesAttr(),
                          build.op.getLabelsAttr(), data.getI64IntegerAttr(framePeriod(build.op)),
                          FlatSymbolRefAttr::get(build.index.getSymNameAttr()), label,
                          data.getArrayAttr(values));
  }
}
