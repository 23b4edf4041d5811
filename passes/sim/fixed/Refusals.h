//===- Refusals.h - what fixed point cannot do, in words of the model ---===//
#ifndef SYNFIRE_PASSES_SIM_FIXED_REFUSALS_H
#define SYNFIRE_PASSES_SIM_FIXED_REFUSALS_H

#include "mlir/IR/Operation.h"

namespace synfire::sim {

/// Says at its place in the model why \p op, which computes in a kernel of a step, has no integer
/// form: by the function or the solver that it comes from.
mlir::LogicalResult refuseArithmetic(mlir::Operation *op);

} // namespace synfire::sim

#endif // SYNFIRE_PASSES_SIM_FIXED_REFUSALS_H
