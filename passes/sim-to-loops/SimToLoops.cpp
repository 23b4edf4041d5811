//===- SimToLoops.cpp - sim-to-loops ---===//
#include "passes/sim-to-loops/KernelBody.h"
#include "passes/sim/Rates.h"

namespace synfire::sim {
#define GEN_PASS_DEF_SIMTOLOOPSPASS
#include "passes/sim-to-loops/Passes.h.inc"
} // namespace synfire::sim

using namespace mlir;
using namespace synfire::sim;

namespace {

/// Whether the connections of a deliver have delays of their own: some `values` op computes them.
bool delaysVary(ProgramOp program, StringRef connections) {
  for (ValuesOp values : program.getBody().getOps<ValuesOp>())
    if (values.getOver() == connections && values.getRole() == "delay")
      return true;
  return false;
}

RowForm formOf(SymbolTable &symbols, ProgramOp program, StringRef connections) {
  auto op = symbols.lookup<ConnectionsOp>(connections);
  // Where the whole delay has passed when a spike is seen, nothing is left that differs.
  bool seenLast = op.getSight() != Sight::AtSource && op.getDendriticFraction() &&
                  op.getDendriticFraction()->isZero();
  return {delaysVary(program, connections) && !seenLast, op.getContinuous(), op.getSight()};
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

/// Operations for an element and a step; a random number is made of many.
int64_t workOf(KernelOp kernel) {
  constexpr int64_t randomNumber = 50;
  int64_t operations = 0;
  Rates rates(kernel);
  for (Operation &op : kernel.getBody().front())
    if (!isa<FieldOp, EndOp>(op) && rates.of(&op) == Rate::Element)
      operations += isa<NormalOp, CountOp, ChanceOp>(op) ? randomNumber : 1;
  return operations;
}

/// One vector of the machine for each value of a short kernel. A long one takes two: its chains of
/// dependent operations leave room for another between them, and its registers do not hold all of
/// its values anyway.
int64_t lanesFor(KernelOp kernel, int64_t vectorBits) {
  constexpr int64_t longKernel = 100;
  int64_t operations = 0;
  unsigned width = 32;
  Rates rates(kernel);
  for (Operation &op : kernel.getBody().front()) {
    if (rates.of(&op) != Rate::Element)
      continue;
    ++operations;
    for (Type type : op.getResultTypes())
      if (isa<FloatType>(type))
        width = std::max(width, type.getIntOrFloatBitWidth());
  }
  return std::min<int64_t>(16, vectorBits / width * (operations > longKernel ? 2 : 1));
}

/// The numbers of a connection are of 32 bits at least: one vector of those at a time.
int64_t lanesForConnections(int64_t vectorBits) { return vectorBits / 32; }

struct SimToLoopsPass : synfire::sim::impl::SimToLoopsPassBase<SimToLoopsPass> {
  using Base::Base;

  void runOnOperation() override {
    Emitter e(getOperation().getLoc(), &getContext());
    VectorOptions connections = {lanes ? lanes : lanesForConnections(vectorBits), convertsWide,
                                 compresses};
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
          kernel.setWork(workOf(kernel));
        if (isa<UpdateOp>(op))
          lowerUpdate(e, kernel,
                      {lanes ? lanes : lanesFor(kernel, vectorBits), convertsWide, compresses});
        else if (auto deliver = dyn_cast<DeliverOp>(op); deliver && isByDelay(symbols, deliver))
          lowerAmounts(e, kernel);
        else if (deliver)
          lowerDeliver(e, kernel, delaysVary(program, deliver.getOver()));
        else if (auto handle = dyn_cast<HandleOp>(op))
          lowerHandle(e, kernel, connections, formOf(symbols, program, handle.getOver()));
        else if (isa<SettleOp, AdvanceOp, TimerOp>(op))
          lowerEachConnection(e, kernel, connections, formOf(symbols, program, launch.overName()));
        else if (auto gather = dyn_cast<GatherOp>(op))
          lowerGather(e, kernel, formOf(symbols, program, gather.getOver()), gather.getAlike());
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
