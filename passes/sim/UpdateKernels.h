//===- UpdateKernels.h - the kernels that advance elements ---===//
#ifndef SYNFIRE_PASSES_SIM_UPDATEKERNELS_H
#define SYNFIRE_PASSES_SIM_UPDATEKERNELS_H

#include "dialects/sim/Sim.h"

namespace synfire::sim {

/// Calls \p visit once for each kernel of an update: what runs for every element in every step.
void forEachUpdateKernel(mlir::Operation *root, llvm::function_ref<void(KernelOp)> visit);

} // namespace synfire::sim

#endif // SYNFIRE_PASSES_SIM_UPDATEKERNELS_H
