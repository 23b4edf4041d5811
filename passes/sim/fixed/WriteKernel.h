//===- WriteKernel.h - a kernel in integers ---===//
#ifndef SYNFIRE_PASSES_SIM_FIXED_WRITEKERNEL_H
#define SYNFIRE_PASSES_SIM_FIXED_WRITEKERNEL_H

#include "passes/sim/fixed/KernelFormats.h"

namespace synfire::sim {

/// Whether an amount of events, in units of its sum, is rounded to nothing.
inline bool isLost(double amount) { return amount != 0 && std::nearbyint(amount) == 0; }

/// Rewrites \p kernel with the formats that were chosen for it: `arith` on integers between
/// `sim.fixed` and `sim.real`.
mlir::LogicalResult writeFixed(KernelOp kernel, const KernelFormats &formats);

} // namespace synfire::sim

#endif // SYNFIRE_PASSES_SIM_FIXED_WRITEKERNEL_H
