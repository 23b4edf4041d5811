//===- ReadFrames.cpp - checks the files of frames (C7) ---===//
#include "passes/neuro/Passes.h"
#include "passes/neuro/analysis/Model.h"

#include "runtime/frames/FrameData.h"

namespace synfire::neuro {
#define GEN_PASS_DEF_NEUROREADFRAMES
#include "passes/neuro/Passes.h.inc"
} // namespace synfire::neuro

using namespace mlir;
using namespace synfire;
using namespace synfire::neuro;

namespace {

struct NeuroReadFramesPass : synfire::neuro::impl::NeuroReadFramesBase<NeuroReadFramesPass> {
  void runOnOperation() override {
    for (auto circuit : getOperation().getOps<CircuitOp>())
      for (auto frames : circuit.getBody().getOps<FramesOp>())
        read(frames);
    // Without the files nothing is known that the rest could be checked against.
    if (failed)
      return signalPassFailure();
    if (layouts.empty())
      return;
    for (auto circuit : getOperation().getOps<CircuitOp>())
      for (auto stimulus : circuit.getBody().getOps<StimulusOp>())
        checkValues(stimulus, circuit, targetOf(stimulus));
    getOperation().walk([&](SimulateOp run) { checkRun(run); });
    if (failed)
      signalPassFailure();
  }

private:
  struct Layout {
    uint64_t size;
    std::string text;
  };

  void read(FramesOp frames) {
    std::string labels = frames.getLabels() ? frames.getLabels()->str() : std::string();
    auto data = runtime::readFrames(frames.getImages().str(), labels);
    if (!data) {
      frames.emitError() << data.status().message();
      failed = true;
      return;
    }
    layouts[frames] = {data->size(), data->layout()};
  }

  /// Each element has a value in a frame.
  void checkValues(Operation *reader, CircuitOp circuit, PopulationOp population) {
    reader->walk([&](FrameValueOp value) {
      if (value.getField() != "value")
        return;
      const Layout &layout = layouts[find<FramesOp>(circuit, value.getFrames())];
      if (int64_t(layout.size) == int64_t(population.getSize()))
        return;
      value.emitError() << "a frame of `" << value.getFrames() << "` has " << layout.size
                        << " values (" << layout.text << "), and `" << population.getSymName()
                        << "` has " << population.getSize()
                        << (population.getSize() == 1 ? " element" : " elements");
      failed = true;
    });
  }

  void checkRun(SimulateOp run) {
    auto circuit = getOperation().lookupSymbol<CircuitOp>(run.getCircuit());
    run.walk([&](Operation *op) {
      auto assign = dyn_cast<AssignOp>(op);
      if (assign && assign.getTarget()) {
        StringRef name = assign.getTarget()->getPopulation().getValue();
        if (auto population = find<PopulationOp>(circuit, name))
          checkValues(assign, circuit, population);
      } else if (assign) {
        refuseValues(assign.getBody(), "a connection");
      } else if (auto repeat = dyn_cast<RepeatOp>(op)) {
        refuseValues(repeat.getCondition(), "a condition");
      }
    });
  }

  void refuseValues(Region &region, StringRef reader) {
    region.walk([&](FrameValueOp value) {
      if (value.getField() != "value")
        return;
      value.emitError() << "`" << value.getFrames() << "` has a value for each element, and "
                        << reader << " is none; `" << value.getFrames() << ".label` and `"
                        << value.getFrames() << ".index` are one number";
      failed = true;
    });
  }

  DenseMap<Operation *, Layout> layouts;
  bool failed = false;
};

} // namespace
