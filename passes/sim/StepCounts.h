//===- StepCounts.h - values that are numbers of steps ---===//
//
// Single precision holds whole numbers up to 2^24 only, which is half an hour in steps of 0.1 ms:
// what remembers the step of a spike, and the difference of two steps, need more.
//
//===----------------------------------------------------------------------===//
#ifndef SYNFIRE_PASSES_SIM_STEPCOUNTS_H
#define SYNFIRE_PASSES_SIM_STEPCOUNTS_H

#include "dialects/sim/Sim.h"

#include "llvm/ADT/SetVector.h"
#include "llvm/ADT/StringSet.h"

namespace synfire::sim {

/// The arrays of a program that keep steps, and what kernels compute with them.
class StepCounts {
public:
  explicit StepCounts(ProgramOp program);
  /// The floats of a kernel that are numbers of steps, in no order: they need 53 bits.
  llvm::SetVector<mlir::Value> find(KernelOp kernel) const;

private:
  bool isKept(KernelOp kernel, llvm::StringRef field) const;

  llvm::StringSet<> arrays;
  llvm::DenseMap<mlir::Operation *, llvm::StringSet<>>
      fields; ///< of kernels, bound to these arrays
};

} // namespace synfire::sim

#endif // SYNFIRE_PASSES_SIM_STEPCOUNTS_H
