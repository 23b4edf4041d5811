//===- Live.h - what of a module is hardware, and what is for proofs only ---===//
#ifndef SYNFIRE_TARGETS_VERILOG_LIVE_H
#define SYNFIRE_TARGETS_VERILOG_LIVE_H

#include "dialects/rtl/Rtl.h"

#include "llvm/ADT/DenseSet.h"

namespace synfire::verilog {

/// Which ops of a module are written, and where.
class Live {
public:
  explicit Live(rtl::ModuleOp module);

  /// What outputs, instances and written memories depend on.
  bool isHardware(mlir::Operation *op) const { return hardware.contains(op); }
  /// What only properties depend on.
  bool isProof(mlir::Operation *op) const { return proof.contains(op); }
  bool isWritten(mlir::Operation *op) const { return isHardware(op) || isProof(op); }

  /// Whether exactly one op that is written uses the value, and once.
  bool hasOneUse(mlir::Value value) const;
  /// The bits of a value that hardware depends on.
  llvm::APInt usedBits(mlir::Value value) const;

private:
  void mark(llvm::SmallVector<mlir::Operation *> open, llvm::DenseSet<mlir::Operation *> &set);

  llvm::DenseSet<mlir::Operation *> hardware, proof;
};

} // namespace synfire::verilog

#endif // SYNFIRE_TARGETS_VERILOG_LIVE_H
