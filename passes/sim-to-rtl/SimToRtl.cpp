//===- SimToRtl.cpp - sim-to-rtl ---===//
#include "passes/sim-to-rtl/Engines.h"
#include "passes/sim-to-rtl/Passes.h"

namespace synfire {
#define GEN_PASS_DEF_SIMTORTLPASS
#include "passes/sim-to-rtl/Passes.h.inc"
} // namespace synfire

using namespace mlir;
using namespace synfire;

namespace {

struct SimToRtlPass : synfire::impl::SimToRtlPassBase<SimToRtlPass> {
  using SimToRtlPassBase::SimToRtlPassBase;

  void runOnOperation() override {
    HardwareOptions options;
    options.period = period;
    options.loadedAbove = loadedAbove;
    OpBuilder builder(&getContext());
    for (auto program : llvm::make_early_inc_range(getOperation().getOps<sim::ProgramOp>())) {
      builder.setInsertionPoint(program);
      FailureOr<Design> design = planDesign(program, options);
      if (failed(design) || failed(buildDesign(builder, *design, options)))
        return signalPassFailure();
      program.erase();
    }
  }
};

} // namespace
