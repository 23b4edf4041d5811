//===- Interval.h - where the value of an expression lies ---===//
//
// Interval arithmetic over the bodies of equations, handlers and start values. It proves that a
// rule cannot break what a prior says (R3), and finds priors that contradict each other. Its ends
// are computed in floating point without directed rounding: whoever proves something with an end
// that is not a sign leaves room for that (`contains` of a wider interval).
//
//===----------------------------------------------------------------------===//
#ifndef SYNFIRE_PASSES_NEURO_ANALYSIS_INTERVAL_H
#define SYNFIRE_PASSES_NEURO_ANALYSIS_INTERVAL_H

#include "mlir/IR/Value.h"

#include "llvm/ADT/STLFunctionalExtras.h"

#include <limits>
#include <string>

namespace synfire::neuro {

/// The numbers from `low` to `high`, ends included; either may be infinite. Without a member where
/// low > high.
struct Interval {
  static constexpr double infinity = std::numeric_limits<double>::infinity();
  double low = -infinity, high = infinity;

  static Interval point(double value) { return {value, value}; }
  static Interval atLeast(double low) { return {low, infinity}; }
  static Interval atMost(double high) { return {-infinity, high}; }

  bool isEmpty() const { return !(low <= high); }
  bool isAll() const { return low == -infinity && high == infinity; }
  bool contains(const Interval &other) const { return low <= other.low && other.high <= high; }
  /// The smallest interval with both.
  Interval hull(const Interval &other) const;
  /// What is in both.
  Interval meet(const Interval &other) const;
  /// `0 .. 2`, `at least 0`, `1.5`: for people.
  std::string str() const;
};

/// Where the value of `root` lies. `leaf` gives the intervals of what is not computed by `arith`,
/// `math` or a draw; a truth value is within 0 .. 1.
Interval intervalOf(mlir::Value root, llvm::function_ref<Interval(mlir::Value)> leaf);

} // namespace synfire::neuro

#endif // SYNFIRE_PASSES_NEURO_ANALYSIS_INTERVAL_H
