//===- MathExpansion.h - elementary functions in arith and fma ---===//
//
// exp, log, sin, cos, tanh, pow as plain arithmetic, so that every target, lane count and machine
// computes the same bits: nothing is left to a math library. Each function works on f64 and f32,
// scalars and vectors alike. Bounds (relative, f64 / f32, against the exact value) are tested by
// test/passes/sim/expand-math-accuracy.test.
//
//===----------------------------------------------------------------------===//
#ifndef SYNFIRE_PASSES_SIM_MATHEXPANSION_H
#define SYNFIRE_PASSES_SIM_MATHEXPANSION_H

#include "mlir/IR/ImplicitLocOpBuilder.h"

namespace synfire::sim {

/// e^x: 1.1 ulp; 0 below -708.7 (f32: -87.6), inf above 709.4 (88.3).
mlir::Value emitExp(mlir::ImplicitLocOpBuilder &b, mlir::Value x);
/// e^x - 1 without cancellation: 2 ulp.
mlir::Value emitExpm1(mlir::ImplicitLocOpBuilder &b, mlir::Value x);
/// (e^x - 1) / x, and 1 at 0, which exponential integrators call phi1: 3 ulp. A polynomial for |x|
/// <= 1, marked as the usual case (see passes/sim-to-loops/Guards.h).
mlir::Value emitPhi1(mlir::ImplicitLocOpBuilder &b, mlir::Value x);
/// ln x: 2 ulp; -inf at 0, NaN below.
mlir::Value emitLog(mlir::ImplicitLocOpBuilder &b, mlir::Value x);
/// The same for numbers that are known to be positive and normal.
mlir::Value emitLogOfNormal(mlir::ImplicitLocOpBuilder &b, mlir::Value x);
/// sin x and cos x: 2 ulp of the larger of result and 1e-3, for |x| up to 1e5.
mlir::Value emitSin(mlir::ImplicitLocOpBuilder &b, mlir::Value x);
mlir::Value emitCos(mlir::ImplicitLocOpBuilder &b, mlir::Value x);
/// tanh x: 4 ulp.
mlir::Value emitTanh(mlir::ImplicitLocOpBuilder &b, mlir::Value x);
/// x^y = exp(y ln x) for x > 0: (2 + 2 |y ln x|) ulp. 0^y is 0 for y > 0; NaN for negative x.
mlir::Value emitPow(mlir::ImplicitLocOpBuilder &b, mlir::Value x, mlir::Value y);
/// x^n by squaring from the lowest bit of n: exact order of products, as the language defines it.
mlir::Value emitIntegerPower(mlir::ImplicitLocOpBuilder &b, mlir::Value x, int64_t n);

/// A float constant of x's type (splat for vectors).
mlir::Value floatConstantLike(mlir::ImplicitLocOpBuilder &b, mlir::Value x, double value);

} // namespace synfire::sim

#endif // SYNFIRE_PASSES_SIM_MATHEXPANSION_H
