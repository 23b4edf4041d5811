//===- WriteKernel.h - a kernel in integers ---===//
#ifndef SYNFIRE_PASSES_SIM_FIXED_WRITEKERNEL_H
#define SYNFIRE_PASSES_SIM_FIXED_WRITEKERNEL_H

#include "passes/sim/fixed/KernelFormats.h"

namespace synfire::sim {

/// Rewrites \p kernel with the formats that were chosen for it: `arith` on integers between
/// `sim.fixed` and `sim.real`.
mlir::LogicalResult writeFixed(KernelOp kernel, const KernelFormats &formats);

} // namespace synfire::sim

#endif // SYNFIRE_PASSES_SIM_FIXED_WRITEKERNEL_H
