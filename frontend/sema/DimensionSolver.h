//===- DimensionSolver.h - Inference of dimensions --------------*- C++ -*-===//
//
// Dimensions that are not known yet are variables: a bare `0`, a parameter
// without a value, what a synapse reads of its two ends. Equating two
// dimensions is a linear equation in exponents, solved as it comes.
//
//===----------------------------------------------------------------------===//

#ifndef SYNFIRE_FRONTEND_SEMA_DIMENSIONSOLVER_H
#define SYNFIRE_FRONTEND_SEMA_DIMENSIONSOLVER_H

#include "frontend/sema/Dimension.h"

#include <map>
#include <optional>
#include <vector>

namespace synfire::sema {

/// A known dimension times powers of unknown ones.
struct DimExpr {
  Dimension known;
  std::map<unsigned, Rational> unknowns;

  DimExpr() = default;
  DimExpr(Dimension known) : known(known) {}

  bool isKnown() const { return unknowns.empty(); }
  DimExpr pow(Rational exponent) const;
  friend DimExpr operator*(const DimExpr &a, const DimExpr &b);
  friend DimExpr operator/(const DimExpr &a, const DimExpr &b);
};

/// Keeps what is known about the unknowns of one declaration.
class DimensionSolver {
public:
  /// A new unknown dimension.
  DimExpr fresh();
  /// With everything known so far put in.
  DimExpr resolve(const DimExpr &dim) const;
  /// Makes both equal; false if they cannot be (then nothing changes).
  bool unify(const DimExpr &a, const DimExpr &b);
  /// The dimension; unknowns that are left are pure numbers.
  Dimension settle(const DimExpr &dim) const { return resolve(dim).known; }
  /// For messages; `?` where it is not known.
  std::string str(const DimExpr &dim) const;

private:
  std::vector<std::optional<DimExpr>> solutions;
};

} // namespace synfire::sema

#endif // SYNFIRE_FRONTEND_SEMA_DIMENSIONSOLVER_H
