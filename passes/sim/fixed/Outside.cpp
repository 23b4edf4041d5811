//===- Outside.cpp ---===//
#include "passes/sim/fixed/Outside.h"

using namespace mlir;

namespace synfire::sim {

llvm::StringSet<> outsidePopulations(ProgramOp program) {
  llvm::StringSet<> ofFrames; // arrays
  for (auto frames : program.getBody().getOps<FramesOp>()) {
    ofFrames.insert(frames.getIndex());
    if (frames.getLabel())
      ofFrames.insert(*frames.getLabel());
    for (auto values : frames.getValues().getAsRange<FlatSymbolRefAttr>())
      ofFrames.insert(values.getValue());
  }
  llvm::StringSet<> updated;
  for (auto update : program.getBody().getOps<UpdateOp>())
    updated.insert(update.getOver());
  llvm::StringSet<> hears; // domains that others act on
  for (auto connections : program.getBody().getOps<ConnectionsOp>())
    if (updated.contains(connections.getSource()))
      hears.insert(connections.getTarget());
  llvm::StringSet<> outside;
  for (auto update : program.getBody().getOps<UpdateOp>()) {
    bool reads = llvm::any_of(update.getBind(), [&](Attribute to) {
      auto symbol = dyn_cast<FlatSymbolRefAttr>(to);
      return symbol && ofFrames.contains(symbol.getValue());
    });
    if (reads && !hears.contains(update.getOver()))
      outside.insert(update.getOver());
  }
  return outside;
}

} // namespace synfire::sim
