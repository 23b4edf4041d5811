//===- SimToRtl.cpp - sim-to-rtl ---===//
#include "passes/sim-to-rtl/Description.h"
#include "passes/sim-to-rtl/Engines.h"
#include "passes/sim-to-rtl/Holds.h"
#include "passes/sim-to-rtl/Passes.h"
#include "passes/sim-to-rtl/wrappers/AxiTop.h"
#include "passes/sim-to-rtl/wrappers/UartTop.h"

#include "llvm/Support/xxhash.h"

namespace synfire {
#define GEN_PASS_DEF_SIMTORTLPASS
#include "passes/sim-to-rtl/Passes.h.inc"
} // namespace synfire

using namespace mlir;
using namespace synfire;

namespace {

struct SimToRtlPass : synfire::impl::SimToRtlPassBase<SimToRtlPass> {
  using SimToRtlPassBase::SimToRtlPassBase;

  void wrapDesign(OpBuilder &builder, const Design &design, rtl::ModuleOp top);

  void runOnOperation() override {
    HardwareOptions options;
    options.period = period;
    options.loadedAbove = loadedAbove;
    options.huge = huge;
    options.multipliers = multipliers;
    options.readable = readable && wrap == "uart";
    OpBuilder builder(&getContext());
    for (auto program : llvm::make_early_inc_range(getOperation().getOps<sim::ProgramOp>())) {
      builder.setInsertionPoint(program);
      FailureOr<Design> design = planDesign(program, options);
      if (failed(design))
        return signalPassFailure();
      for (EnginePlan &engine : design->engines)
        findResults(engine);
      auto top = buildDesign(builder, *design, options);
      if (failed(top))
        return signalPassFailure();
      describeDesign(*design, options, program, *top);
      wrapDesign(builder, *design, *top);
      program.erase();
    }
  }
};

/// Tells one design from another by everything in it.
uint32_t hashOf(mlir::ModuleOp module) {
  std::string text;
  llvm::raw_string_ostream stream(text);
  for (auto part : module.getOps<rtl::ModuleOp>())
    part.print(stream);
  return uint32_t(llvm::xxh3_64bits(text));
}

void SimToRtlPass::wrapDesign(OpBuilder &builder, const Design &design, rtl::ModuleOp top) {
  rtl::Core core{top, design.name, design.cells, design.inputs, hashOf(getOperation())};
  top.setHash(core.hash);
  if (wrap == "uart")
    rtl::buildUartTop(builder, top.getLoc(), core, {clocksPerBit});
  else if (wrap == "axi")
    rtl::buildAxiTop(builder, top.getLoc(), core);
}

} // namespace
