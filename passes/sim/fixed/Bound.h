//===- Bound.h - what is known of a value of a quantised kernel ---===//
#ifndef SYNFIRE_PASSES_SIM_FIXED_BOUND_H
#define SYNFIRE_PASSES_SIM_FIXED_BOUND_H

#include <algorithm>
#include <cmath>

namespace synfire::sim {

/// Where a value lies, and how far it can be from the value in the program that was quantised, as
/// long as both took the same side of every comparison.
struct Bound {
  double low = 0, high = 0, error = 0;

  static Bound point(double value) { return {value, value, 0}; }

  bool isPoint() const { return low == high; }
  double magnitude() const { return std::max(std::abs(low), std::abs(high)); }
  /// The smallest with both.
  Bound hull(const Bound &other) const {
    return {std::min(low, other.low), std::max(high, other.high), std::max(error, other.error)};
  }
  bool contains(const Bound &other) const {
    return low <= other.low && other.high <= high && other.error <= error;
  }
  /// After a rounding that moves it by at most \p amount.
  Bound moved(double amount) const { return {low - amount, high + amount, error + amount}; }

  Bound operator+(const Bound &b) const { return {low + b.low, high + b.high, error + b.error}; }
  Bound operator-() const { return {-high, -low, error}; }
  Bound operator-(const Bound &b) const { return *this + -b; }
  Bound operator*(const Bound &b) const {
    auto [least, most] = std::minmax({low * b.low, low * b.high, high * b.low, high * b.high});
    return {least, most, magnitude() * b.error + b.magnitude() * error + error * b.error};
  }
  /// The product with itself, which has no sign.
  Bound squared() const {
    double most = magnitude(),
           least = low <= 0 && high >= 0 ? 0 : std::min(std::abs(low), std::abs(high));
    return {least * least, most * most, 2 * most * error + error * error};
  }
};

} // namespace synfire::sim

#endif // SYNFIRE_PASSES_SIM_FIXED_BOUND_H
