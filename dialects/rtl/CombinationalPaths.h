//===- CombinationalPaths.h - what a value depends on between two edges of the clock ---===//
#ifndef SYNFIRE_DIALECTS_RTL_COMBINATIONALPATHS_H
#define SYNFIRE_DIALECTS_RTL_COMBINATIONALPATHS_H

#include "dialects/rtl/Rtl.h"

#include "llvm/ADT/BitVector.h"

namespace synfire::rtl {

/// Which inputs of an instance its output of the given number depends on at once.
using InstancePaths = llvm::function_ref<llvm::BitVector(InstanceOp, unsigned output)>;

/// Values of which each depends on the next, and the last on the first; empty if there is no such
/// cycle. `paths` says what goes through instances.
llvm::SmallVector<mlir::Value> findCombinationalCycle(ModuleOp module, InstancePaths paths);

/// Says in an error that, and through what, a value depends on itself.
mlir::LogicalResult refuseCombinationalCycle(ModuleOp module, InstancePaths paths);

/// For each output of a module without cycles, the inputs that it depends on at once.
llvm::SmallVector<llvm::BitVector> combinationalPaths(ModuleOp module, InstancePaths paths);

} // namespace synfire::rtl

#endif // SYNFIRE_DIALECTS_RTL_COMBINATIONALPATHS_H
