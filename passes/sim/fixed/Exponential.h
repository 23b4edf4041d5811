//===- Exponential.h - exp in integers ---===//
//
// e^x = 2^k 2^f with k whole and f in [0, 1): a polynomial of f, shifted by k. Everything is
// `arith` on integers, so that a CPU and hardware agree without a table.
//
//===----------------------------------------------------------------------===//
#ifndef SYNFIRE_PASSES_SIM_FIXED_EXPONENTIAL_H
#define SYNFIRE_PASSES_SIM_FIXED_EXPONENTIAL_H

#include "passes/sim/fixed/Bound.h"

#include "mlir/IR/Builders.h"

namespace synfire::sim::fixed {

/// Beyond this argument e^x is e^11, about 60,000: where it moves a potential, more than leaves any
/// format. Without that, an upstroke would need a hundred bits.
constexpr double mostArgument = 11;
/// As fine as the argument and the result can be.
constexpr int argumentFraction = 16, mostFraction = 12;
/// The relative error of the polynomial and of the rounded argument.
constexpr double relativeError = 1.1e-4;

/// e^x of what lies within a bound, before the result is rounded. Where the argument leaves the
/// range, the error has no bound.
Bound exponential(const Bound &argument);

/// e^(x 2^-from) in units of 2^-to, both i64, to at most `mostFraction`.
mlir::Value writeExponential(mlir::OpBuilder &b, mlir::Location loc, mlir::Value x, int from,
                             int to);

} // namespace synfire::sim::fixed

#endif // SYNFIRE_PASSES_SIM_FIXED_EXPONENTIAL_H
