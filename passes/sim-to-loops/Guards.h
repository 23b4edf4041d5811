//===- Guards.h - code that only some elements need ---===//
//
// A select that carries `sim.usually` says which of its sides nearly all elements take. What only
// the other side needs is put under a branch that runs it where some lane takes it. Every lane
// still gets the value of its own side: this is exact, for any number of lanes.
//
//===----------------------------------------------------------------------===//
#ifndef SYNFIRE_PASSES_SIM_TO_LOOPS_GUARDS_H
#define SYNFIRE_PASSES_SIM_TO_LOOPS_GUARDS_H

#include "passes/sim-to-loops/Emitter.h"

namespace synfire::sim {

/// Which ops of a kernel stand under which select.
class Guards {
public:
  /// Finds those of a block, whose nested blocks are looked at by themselves.
  void find(mlir::Block &block);
  bool isGuard(mlir::Operation *op) const { return guards.contains(op); }
  bool usualSide(mlir::Operation *guard) const { return guards.lookup(guard); }
  /// The innermost select that `op` is needed for alone, or null.
  mlir::Operation *guardOf(mlir::Operation *op) const { return owners.lookup(op); }

private:
  llvm::DenseMap<mlir::Operation *, bool> guards;
  llvm::DenseMap<mlir::Operation *, mlir::Operation *> owners;
};

/// Makes the select with what its unusual side needs, which \p emitUnusual makes, under a branch.
void emitGuarded(Emitter &e, mlir::arith::SelectOp select, bool usual, int64_t lanes,
                 mlir::IRMapping &map, llvm::function_ref<void()> emitUnusual);

} // namespace synfire::sim

#endif // SYNFIRE_PASSES_SIM_TO_LOOPS_GUARDS_H
