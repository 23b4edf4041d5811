//===- Differentiate.h - partial derivatives of an expression ---===//
//
// Solvers that solve a linear system in each step (X1) need the Jacobian of the equations. It is
// emitted as an expression, op by op, beside the equation.
//
//===----------------------------------------------------------------------===//
#ifndef SYNFIRE_PASSES_NEURO_ANALYSIS_DIFFERENTIATE_H
#define SYNFIRE_PASSES_NEURO_ANALYSIS_DIFFERENTIATE_H

#include "mlir/IR/Builders.h"

namespace synfire::neuro {

/// The derivative of `root` with respect to `variable`, a value that it is computed from, emitted
/// at the builder; null where it does not depend on it. Where an expression has a kink or a jump,
/// the derivative is that of the branch taken.
mlir::Value differentiate(mlir::OpBuilder &builder, mlir::Value root, mlir::Value variable);

} // namespace synfire::neuro

#endif // SYNFIRE_PASSES_NEURO_ANALYSIS_DIFFERENTIATE_H
