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

/// Whether the events of connections are handled when they are due.
bool isByDelay(SymbolTable &symbols, DeliverOp deliver) {
  return symbols.lookup<ConnectionsOp>(deliver.getOver()).getLayout() != Layout::BySource;
}

/// The type of the sums that connections by source and delay add to; null: there are none.
Type sumsByDelay(SymbolTable &symbols, ProgramOp program) {
  for (auto deliver : program.getBody().getOps<DeliverOp>())
    if (isByDelay(symbols, deliver))
      for (Attribute bound : deliver.getBind())
        if (auto symbol = dyn_cast<FlatSymbolRefAttr>(bound))
          if (auto sum = symbols.lookup<AccumulatorOp>(symbol.getValue()))
            return sum.getType();
  return Type();
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
          lowerUpdate(e, kernel, {lanes, convertsWide});
        else if (auto deliver = dyn_cast<DeliverOp>(op); deliver && isByDelay(symbols, deliver))
          lowerAmounts(e, kernel);
        else if (deliver)
          lowerDeliver(e, kernel, delaysVary(symbols, program, deliver));
        else if (isa<GatherOp>(op))
          lowerGather(e, kernel);
        else if (isa<ValuesOp>(op))
          lowerValues(e, kernel);
        else
          lowerElementwise(e, kernel);
      });
      if (Type sum = sumsByDelay(symbols, program))
        emitDueFunctions(e, getOperation(), sum);
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
