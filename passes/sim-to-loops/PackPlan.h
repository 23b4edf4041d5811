//===- PackPlan.h - what is done when, where spikes are packed ---===//
//
// A vector of connections that follows the spikes of its targets waits for the one with most of
// them. Where spikes are packed, a block of connections goes through three phases: what comes
// before the spikes, which finds them and puts them in lists; the spikes, list by list; and what
// depends on them. This says which operation belongs to which.
//
//===----------------------------------------------------------------------===//
#ifndef SYNFIRE_PASSES_SIM_TO_LOOPS_PACKPLAN_H
#define SYNFIRE_PASSES_SIM_TO_LOOPS_PACKPLAN_H

#include "dialects/sim/Sim.h"

#include "llvm/ADT/SetVector.h"

namespace synfire::sim {

class PackPlan {
public:
  /// Nothing is packed.
  PackPlan() = default;
  /// `varying`: the operations whose results differ between the connections of a row.
  PackPlan(KernelOp kernel, const llvm::DenseSet<mlir::Operation *> &varying);

  /// The one whose spikes are packed; null: there is none, or its spikes need more than a list has.
  RecallOp recall() const { return packed; }
  /// Of the kernel's own block: whether it waits for the spikes.
  bool isAfter(mlir::Operation *op) const { return after.contains(op); }
  /// Reads of the block of spikes. They are the same for all spikes of a connection: the first
  /// phase has them.
  llvm::ArrayRef<GetOp> reads() const { return readsOfSpikes; }
  llvm::ArrayRef<LatestOp> latest() const { return latestSpikes; }
  bool isRead(mlir::Operation *op) const { return llvm::is_contained(readsOfSpikes, op); }
  /// What the first phase finds and the others need, for each connection.
  llvm::ArrayRef<mlir::Value> kept() const { return keptValues.getArrayRef(); }
  /// Whether the block of spikes needs the steps since the connection saw anything.
  bool needsElapsed() const;
  /// Whether it needs the steps since the connection saw a spike of its source.
  bool needsSince() const;
  /// Whether it needs what the target latched.
  bool needsRemembered() const { return remembers; }

private:
  bool canPack(const llvm::DenseSet<mlir::Operation *> &varying);
  void divide(mlir::Block &body, const llvm::DenseSet<mlir::Operation *> &varying);
  void keep(mlir::Block &body, const llvm::DenseSet<mlir::Operation *> &varying);

  RecallOp packed;
  bool remembers = false;
  llvm::DenseSet<mlir::Operation *> after;
  llvm::SmallVector<GetOp> readsOfSpikes;
  llvm::SmallVector<LatestOp> latestSpikes;
  llvm::SetVector<mlir::Value> keptValues;
};

} // namespace synfire::sim

#endif // SYNFIRE_PASSES_SIM_TO_LOOPS_PACKPLAN_H
