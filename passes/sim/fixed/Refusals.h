//===- Refusals.h - what fixed point cannot do, in words of the model ---===//
//
// Each function reports one refusal at its place in the model, and fails.
//
//===----------------------------------------------------------------------===//
#ifndef SYNFIRE_PASSES_SIM_FIXED_REFUSALS_H
#define SYNFIRE_PASSES_SIM_FIXED_REFUSALS_H

#include "dialects/sim/Sim.h"

namespace synfire::sim {

/// Succeeds for an op of a program that may have a fixed-point form.
mlir::LogicalResult checkFixedForm(mlir::Operation *op);

/// \p op computes in the kernel of a step, but not in a way that integers can follow; said by the
/// function or the solver that it comes from.
mlir::LogicalResult refuseArithmetic(mlir::Operation *op);

/// A state that no step is proven to keep inside a range, and that has no format.
mlir::LogicalResult refuseUnbounded(ArrayOp array);

/// A state that is inside a range until its steps are rounded.
mlir::LogicalResult refuseUnsettled(ArrayOp array);

/// A state that is too far from the unquantised program with as many as \p bits.
mlir::LogicalResult refuseTolerance(ArrayOp array, int64_t bits, double tolerance);

/// Events that together need more bits than a sum can have.
mlir::LogicalResult refuseWideSum(AccumulatorOp sum, int64_t bits, int64_t most);

/// A value in between that is too long.
mlir::LogicalResult refuseWide(mlir::Operation *op, int64_t bits, int64_t most);

/// A weight that is rounded to nothing, where \p op is located.
mlir::LogicalResult refuseLostWeight(mlir::Operation *op);

} // namespace synfire::sim

#endif // SYNFIRE_PASSES_SIM_FIXED_REFUSALS_H
