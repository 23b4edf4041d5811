//===- DimensionSolver.cpp - Inference of dimensions ----------------------===//

#include "frontend/sema/DimensionSolver.h"

using namespace synfire::sema;

DimExpr DimExpr::pow(Rational exponent) const {
  DimExpr result(known.pow(exponent));
  if (!exponent.isZero())
    for (auto &[id, power] : unknowns)
      result.unknowns[id] = power * exponent;
  return result;
}

DimExpr synfire::sema::operator*(const DimExpr &a, const DimExpr &b) {
  DimExpr result = a;
  result.known = a.known * b.known;
  for (auto &[id, power] : b.unknowns) {
    Rational sum = result.unknowns[id] + power;
    if (sum.isZero())
      result.unknowns.erase(id);
    else
      result.unknowns[id] = sum;
  }
  return result;
}

DimExpr synfire::sema::operator/(const DimExpr &a, const DimExpr &b) { return a * b.pow(-1); }

DimExpr DimensionSolver::fresh() {
  DimExpr result;
  result.unknowns[solutions.size()] = 1;
  solutions.emplace_back();
  return result;
}

DimExpr DimensionSolver::resolve(const DimExpr &dim) const {
  DimExpr result(dim.known);
  for (auto &[id, power] : dim.unknowns) {
    DimExpr factor;
    if (id < solutions.size() && solutions[id])
      factor = resolve(*solutions[id]);
    else
      factor.unknowns[id] = 1;
    result = result * factor.pow(power);
  }
  return result;
}

bool DimensionSolver::unify(const DimExpr &a, const DimExpr &b) {
  DimExpr ratio = resolve(a / b);
  if (ratio.isKnown())
    return ratio.known.isNumber();
  // x^p * rest = 1, hence x = rest^(-1/p).
  auto [id, power] = *ratio.unknowns.rbegin();
  ratio.unknowns.erase(id);
  solutions[id] = ratio.pow(Rational(-1) / power);
  return true;
}

std::string DimensionSolver::str(const DimExpr &dim) const {
  DimExpr resolved = resolve(dim);
  return resolved.isKnown() ? resolved.known.str() : "?";
}
