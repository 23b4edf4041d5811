//===- NeuroToSim.cpp - neuro-to-sim ---===//
#include "passes/neuro-to-sim/Passes.h"
#include "passes/neuro-to-sim/ProgramBuilder.h"
#include "passes/neuro-to-sim/RelayAxons.h"

namespace synfire {
#define GEN_PASS_DEF_NEUROTOSIMPASS
#include "passes/neuro-to-sim/Passes.h.inc"
} // namespace synfire

using namespace mlir;
using namespace synfire;

namespace {

struct NeuroToSimPass : synfire::impl::NeuroToSimPassBase<NeuroToSimPass> {
  using NeuroToSimPassBase::NeuroToSimPassBase;
  void runOnOperation() override {
    ModuleOp module = getOperation();
    neuro::ExperimentOp experiment;
    for (auto op : module.getOps<neuro::ExperimentOp>())
      experiment = op;
    SmallVector<neuro::CircuitOp> circuits(module.getOps<neuro::CircuitOp>());
    if (!experiment) {
      emitError(module.getLoc(), "the model has no experiment; add `experiment { simulate ... }`");
      return signalPassFailure();
    }
    // A program is one network.
    StringRef first;
    for (auto run : experiment.getBody().getOps<neuro::SimulateOp>()) {
      if (first.empty())
        first = run.getCircuit();
      if (run.getCircuit() == first)
        continue;
      run.emitError() << "an experiment about two networks, `" << first << "` and `"
                      << run.getCircuit()
                      << "`, is no single program; give each an experiment of its own";
      return signalPassFailure();
    }
    OpBuilder at = OpBuilder::atBlockEnd(module.getBody());
    for (auto circuit : circuits) {
      bool simulated = false;
      experiment.walk(
          [&](neuro::SimulateOp run) { simulated |= run.getCircuit() == circuit.getSymName(); });
      if (simulated)
        relayAxons(circuit);
      if (simulated && failed(ProgramBuilder(circuit, experiment, at, share).build()))
        return signalPassFailure();
    }
    for (Operation &op : llvm::make_early_inc_range(*module.getBody()))
      if (isa<neuro::NeuroDialect>(op.getDialect()))
        op.erase();
  }
};

} // namespace
