//===- RoundTimes.cpp - warns where the grid changes a time ---===//
#include "passes/neuro/Passes.h"
#include "passes/neuro/analysis/Model.h"

#include "runtime/random/Grid.h"

namespace synfire::neuro {
#define GEN_PASS_DEF_NEUROROUNDTIMES
#include "passes/neuro/Passes.h.inc"
} // namespace synfire::neuro

using namespace mlir;
using namespace synfire;
using namespace synfire::neuro;

namespace {

struct NeuroRoundTimesPass : synfire::neuro::impl::NeuroRoundTimesBase<NeuroRoundTimesPass> {
  void runOnOperation() override {
    SimulateOp first;
    getOperation().walk([&](SimulateOp simulate) {
      step = simulate.getStep().convertToDouble();
      checkRun(simulate);
      first = first ? first : simulate;
    });
    CircuitOp circuit = findCircuit(getOperation());
    if (!first || !circuit)
      return;
    step = first.getStep().convertToDouble();
    for (auto frames : circuit.getBody().getOps<FramesOp>())
      check(frames, "a period", frames.getPeriod().convertToDouble());
    for (auto projection : circuit.getBody().getOps<ProjectionOp>())
      checkDelay(projection);
    for (auto stimulus : circuit.getBody().getOps<StimulusOp>())
      checkStimulus(stimulus);
  }

private:
  void check(Operation *op, StringRef what, double time) {
    runtime::StepCount rounded = runtime::toSteps(time, step);
    if (rounded.changed)
      op->emitWarning() << what << " of " << fmt::format("{} ms", time) << " is "
                        << fmt::format("{:.10g} steps of {} ms", time / step, step)
                        << "; rounded to " << rounded.steps
                        << (rounded.steps == 1 ? " step" : " steps");
  }

  void checkRun(SimulateOp simulate) {
    check(simulate, "a duration", simulate.getDuration().convertToDouble());
    simulate.walk([&](Operation *op) {
      if (auto at = dyn_cast<AtOp>(op))
        check(op, "a time", at.getTime().convertToDouble());
      if (auto every = dyn_cast<EveryOp>(op); every && every.getPeriod())
        check(op, "a period", every.getPeriod()->convertToDouble());
      if (auto record = dyn_cast<RecordOp>(op); record && record.getPeriod())
        check(op, "a period", record.getPeriod()->convertToDouble());
    });
  }

  void checkDelay(ProjectionOp projection) {
    auto delay = projection.getSet().getAs<FloatAttr>("delay");
    if (!delay)
      return;
    double value = delay.getValueAsDouble();
    SynapseOp synapse = synapseOf(projection);
    bool events = synapse && !synapse.getBody().getOps<OnOp>().empty();
    if (events && runtime::toSteps(value, step).steps < 1)
      projection.emitWarning() << "a delay of " << fmt::format("{} ms", value)
                               << " is less than one step; an event takes at least one step, "
                               << fmt::format("{} ms", step);
    else
      check(projection, "a delay", value);
  }

  void checkStimulus(StimulusOp stimulus) {
    if (stimulus.getStart())
      check(stimulus, "a start", stimulus.getStart()->convertToDouble());
    if (stimulus.getStop())
      check(stimulus, "an end", stimulus.getStop()->convertToDouble());
    if (auto during = stimulus.getDuring()) {
      check(stimulus, "a start", (*during)[0]);
      check(stimulus, "an end", (*during)[1]);
    }
    if (auto every = stimulus.getArguments().getAs<FloatAttr>("every"))
      check(stimulus, "a period", every.getValueAsDouble());
  }

  double step = 1;
};

} // namespace
