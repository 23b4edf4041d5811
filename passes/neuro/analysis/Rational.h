//===- Rational.h - expressions as quotients of polynomials ---===//
//
// A proof that two expressions are proportional, or equal, for all values of the parameters needs a
// normal form. This one covers + - * / and constants; every other op is a symbol of its own.
//
//===----------------------------------------------------------------------===//
#ifndef SYNFIRE_PASSES_NEURO_ANALYSIS_RATIONAL_H
#define SYNFIRE_PASSES_NEURO_ANALYSIS_RATIONAL_H

#include "mlir/IR/Value.h"

#include <map>
#include <string>
#include <vector>

namespace synfire::neuro {

/// A polynomial: monomial (sorted symbols, with repetition) to coefficient.
using Polynomial = std::map<std::vector<std::string>, double>;

Polynomial operator*(const Polynomial &left, const Polynomial &right);
/// left + factor * right.
Polynomial plus(const Polynomial &left, const Polynomial &right, double factor);
/// True where all coefficients vanish against `scale`, up to the rounding of their computation.
bool vanishes(const Polynomial &polynomial, double scale);
/// The largest absolute coefficient.
double largest(const Polynomial &polynomial);

/// numerator / denominator.
struct Rational {
  Polynomial numerator, denominator;
};

/// The normal form of an expression of `arith` ops over reads.
Rational rationalOf(mlir::Value value);

/// True where first * fourth == second * third for all values of all symbols.
bool equalProducts(mlir::Value first, mlir::Value fourth, mlir::Value second, mlir::Value third);

} // namespace synfire::neuro

#endif // SYNFIRE_PASSES_NEURO_ANALYSIS_RATIONAL_H
