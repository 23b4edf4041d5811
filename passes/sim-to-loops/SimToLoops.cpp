//===- SimToLoops.cpp - sim-to-loops ---===//
#include "passes/sim-to-loops/KernelBody.h"

namespace synfire::sim {
#define GEN_PASS_DEF_SIMTOLOOPSPASS
#include "passes/sim-to-loops/Passes.h.inc"
} // namespace synfire::sim

using namespace mlir;
using namespace synfire::sim;

namespace {

/// Whether the connections of a deliver have delays of their own: some `values` op computes them.
bool delaysVary(SymbolTable &symbols, ProgramOp program, DeliverOp deliver) {
  for (ValuesOp values : program.getBody().getOps<ValuesOp>())
    if (values.getOver() == deliver.getOver() && values.getRole() == "delay")
      return true;
  return false;
}

struct SimToLoopsPass : synfire::sim::impl::SimToLoopsPassBase<SimToLoopsPass> {
  using Base::Base;

  void runOnOperation() override {
    Emitter e(getOperation().getLoc(), &getContext());
    SmallVector<ProgramOp> programs(getOperation().getOps<ProgramOp>());
    for (ProgramOp program : programs) {
      SymbolTable symbols(program);
      DenseSet<Operation *> done;
      program.walk([&](LaunchInterface launch) {
        auto kernel = symbols.lookup<KernelOp>(launch.kernelName());
        if (!kernel || !done.insert(kernel).second)
          return;
        Operation *op = launch.getOperation();
        if (isa<UpdateOp>(op))
          lowerUpdate(e, kernel, lanes);
        else if (auto deliver = dyn_cast<DeliverOp>(op))
          lowerDeliver(e, kernel, delaysVary(symbols, program, deliver));
        else if (isa<GatherOp>(op))
          lowerGather(e, kernel);
        else if (isa<ValuesOp>(op))
          lowerValues(e, kernel);
        else
          lowerElementwise(e, kernel);
      });
      // The fields stay: the tables of the model are made from them.
      for (Operation *kernel : done)
        for (Operation &op :
             llvm::make_early_inc_range(llvm::reverse(kernel->getRegion(0).front())))
          if (!isa<FieldOp, EndOp>(op))
            op.erase();
    }
  }
};

} // namespace
