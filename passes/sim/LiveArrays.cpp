//===- LiveArrays.cpp - data that change while a program runs ---===//
#include "passes/sim/LiveArrays.h"

using namespace mlir;
using namespace synfire::sim;

LiveArrays::LiveArrays(ProgramOp program) : symbols(program) {
  for (auto run : program.getBody().getOps<RunOp>())
    run.walk([&](AssignOp op) { follow(op, /*all=*/true); });
  for (Operation &op : program.getBody().front()) // what the runtime sets
    if (isa<FramesOp, TotalOp, AnswersOp>(op))
      op.getAttrDictionary().walk([&](FlatSymbolRefAttr name) { live.insert(name.getValue()); });
  // A derived value may feed another that stands before it.
  for (bool changed = true; changed;) {
    changed = false;
    for (auto derive : program.getBody().getOps<DeriveOp>())
      changed |= follow(derive, /*all=*/false);
  }
}

bool LiveArrays::follow(LaunchInterface launch, bool all) {
  auto kernel = symbols.lookup<KernelOp>(launch.kernelName());
  llvm::StringMap<StringRef> bound;
  for (auto [field, to] : llvm::zip(kernel.getBody().getOps<FieldOp>(), launch.bindings()))
    if (auto symbol = dyn_cast<FlatSymbolRefAttr>(to))
      bound[field.getSymName()] = symbol.getValue();
  bool reads = all;
  kernel.walk([&](GetOp get) { reads |= live.contains(bound.lookup(get.getField())); });
  bool added = false;
  if (reads)
    kernel.walk([&](SetOp set) { added |= live.insert(bound.lookup(set.getField())).second; });
  return added;
}
