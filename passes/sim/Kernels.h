//===- Kernels.h - the kernels of programs ---===//
//
// A program of hundreds of populations has thousands of data ops and few kernels, all in one
// block: who only wants kernels need not walk into everything.
//
//===----------------------------------------------------------------------===//
#ifndef SYNFIRE_PASSES_SIM_KERNELS_H
#define SYNFIRE_PASSES_SIM_KERNELS_H

#include "dialects/sim/Sim.h"

namespace synfire::sim {

/// Calls \p visit for each program in \p root, which may be one itself.
void forEachProgram(mlir::Operation *root, llvm::function_ref<void(ProgramOp)> visit);

/// Calls \p visit for each kernel of the programs in \p root.
void forEachKernel(mlir::Operation *root, llvm::function_ref<void(KernelOp)> visit);

/// Calls \p visit once for each kernel of an update: what runs for every element in every step.
void forEachUpdateKernel(mlir::Operation *root, llvm::function_ref<void(KernelOp)> visit);

/// The same of updates and of what runs for connections, at events or in steps.
void forEachStepKernel(mlir::Operation *root, llvm::function_ref<void(KernelOp)> visit);

} // namespace synfire::sim

#endif // SYNFIRE_PASSES_SIM_KERNELS_H
