//===- Grid.h - Time and event amounts as integers --------------*- C++ -*-===//
//
// Two rules of rounding that all programs share: times become steps once, and
// amounts of events that act on one state are summed as integers (D2).
//
//===----------------------------------------------------------------------===//

#ifndef SYNFIRE_RUNTIME_RANDOM_GRID_H
#define SYNFIRE_RUNTIME_RANDOM_GRID_H

#include <cmath>
#include <cstdint>

namespace synfire::runtime {

/// A time on the grid.
struct StepCount {
  int64_t steps;
  /// The time was not a multiple of the step (beyond the noise of f64).
  bool changed;
};

/// Rounds \p time to whole steps of \p dt (same unit), halves away from zero.
inline StepCount toSteps(double time, double dt) {
  double exact = time / dt;
  int64_t steps = std::llround(exact);
  double error = std::fabs(exact - double(steps));
  return {steps, error > 1e-9 * std::fmax(1.0, std::fabs(exact))};
}

/// k for accumulators of \p bits (64 or 32): the largest k with
/// maxInEvents * weightCap * 2^k <= 2^(bits-2), so that no sum can wrap. The
/// product is formed in f64. k stays in [-1022, 1022], where 2^k and 2^-k are
/// normal numbers; it is 0 where nothing can arrive.
inline int eventGridExponent(double maxInEvents, double weightCap, int bits) {
  double largestSum = maxInEvents * std::fabs(weightCap);
  if (!(largestSum > 0))
    return 0;
  if (std::isinf(largestSum))
    return -1022;
  int exponent; // largestSum = fraction * 2^exponent, fraction in [0.5, 1)
  double fraction = std::frexp(largestSum, &exponent);
  int k = bits - 2 - (fraction == 0.5 ? exponent - 1 : exponent);
  return k < -1022 ? -1022 : k > 1022 ? 1022 : k;
}

/// \p amount as a multiple of 2^-k, halves to even. |amount * 2^k| must be
/// below 2^63.
inline int64_t toEventGrid(double amount, int k) { return std::llrint(std::ldexp(amount, k)); }

/// The value of an integer sum.
inline double fromEventGrid(int64_t sum, int k) { return std::ldexp(double(sum), -k); }

} // namespace synfire::runtime

#endif // SYNFIRE_RUNTIME_RANDOM_GRID_H
