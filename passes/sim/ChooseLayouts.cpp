//===- ChooseLayouts.cpp - sim-choose-layouts ---===//
#include "passes/sim/LiveArrays.h"
#include "passes/sim/Passes.h"

#include "llvm/ADT/StringSet.h"

namespace synfire::sim {
#define GEN_PASS_DEF_SIMCHOOSELAYOUTSPASS
#include "passes/sim/Passes.h.inc"
} // namespace synfire::sim

using namespace mlir;
using namespace synfire::sim;

namespace {

constexpr StringLiteral regular =
    "a regular rule with one amount and one delay: what a spike does follows from its number";
constexpr StringLiteral fixedAmounts =
    "every spike brings the same amounts; those due in a step go to sums of that step only";

struct SimChooseLayoutsPass : synfire::sim::impl::SimChooseLayoutsPassBase<SimChooseLayoutsPass> {
  void runOnOperation() override {
    for (ProgramOp program : getOperation().getOps<ProgramOp>())
      chooseIn(program);
  }

  void chooseIn(ProgramOp program) {
    SymbolTable symbols(program);
    LiveArrays live(program);
    // Connections on which events change something, or that act beside events, those with values of
    // their own or of which some are counted, and those of which a run writes down values, which
    // are found by source.
    llvm::StringSet<> handled, valued, recorded;
    for (auto handle : program.getBody().getOps<HandleOp>())
      handled.insert(handle.getOver());
    for (auto gather : program.getBody().getOps<GatherOp>())
      handled.insert(gather.getOver());
    for (auto array : program.getBody().getOps<ArrayOp>())
      if (auto over = array.getOver())
        valued.insert(*over);
    for (auto constraint : program.getBody().getOps<ConstrainOp>())
      if (constraint.getParts())
        for (auto name : constraint.getConnections().getAsRange<FlatSymbolRefAttr>())
          valued.insert(name.getValue());
    for (auto run : program.getBody().getOps<RunOp>())
      for (auto record : run.getBody().getOps<RecordOp>())
        recorded.insert(record.getDomain());
    llvm::StringMap<KernelOp> copies; // of kernels, for connections by source and delay
    for (auto deliver : program.getBody().getOps<DeliverOp>()) {
      auto connections = symbols.lookup<ConnectionsOp>(deliver.getOver());
      auto kernel = symbols.lookup<KernelOp>(deliver.getKernel());
      bool moves = llvm::any_of(deliver.getBind(), [&](Attribute bound) {
        auto symbol = dyn_cast<FlatSymbolRefAttr>(bound);
        return symbol && live.contains(symbol.getValue());
      });
      if (connections.getUndelayed() || moves || handled.contains(connections.getSymName()) ||
          recorded.contains(connections.getSymName()) || !kernel.sendsFixedAmount())
        continue;
      bool implicit = isRegular(connections.getRule()) && connections.getDelay() &&
                      !valued.contains(connections.getSymName());
      connections.setLayout(implicit ? Layout::Implicit : Layout::BySourceAndDelay);
      connections.setWhy(implicit ? regular : fixedAmounts);
      // Another projection may run the same kernel on rows by source.
      KernelOp &copy = copies[deliver.getKernel()];
      if (!copy) {
        OpBuilder b(kernel->getContext());
        b.setInsertionPointAfter(kernel);
        copy = cast<KernelOp>(b.clone(*kernel));
        copy.setSymName((kernel.getSymName() + "_amount").str());
        symbols.insert(copy);
      }
      deliver.setKernel(copy.getSymName());
    }
    eraseUnused(program, copies);
  }

  static void eraseUnused(ProgramOp program, llvm::StringMap<KernelOp> &copies) {
    llvm::StringSet<> used;
    for (auto launch : program.getBody().getOps<LaunchInterface>())
      used.insert(launch.kernelName());
    for (auto kernel : llvm::make_early_inc_range(program.getBody().getOps<KernelOp>()))
      if (copies.contains(kernel.getSymName()) && !used.contains(kernel.getSymName()))
        kernel.erase();
  }
};

} // namespace
