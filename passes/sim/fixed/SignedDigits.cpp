//===- SignedDigits.cpp ---===//
#include "passes/sim/fixed/SignedDigits.h"

#include "llvm/ADT/bit.h"

#include <cmath>

using namespace synfire::sim;

/// x and 3x differ in the places of the digits, moved up by one.
unsigned synfire::sim::signedDigits(int64_t value) {
  auto x = uint64_t(value < 0 ? -value : value);
  return unsigned(llvm::popcount(x ^ (3 * x)));
}

int64_t synfire::sim::fewestDigits(double value, double allowed) {
  auto best = int64_t(std::nearbyint(value));
  unsigned fewest = signedDigits(best);
  auto consider = [&](double whole) {
    auto candidate = int64_t(whole);
    double distance = std::abs(whole - value), least = std::abs(double(best) - value);
    unsigned digits = signedDigits(candidate);
    if (distance <= allowed && (digits < fewest || (digits == fewest && distance < least))) {
      best = candidate;
      fewest = digits;
    }
  };
  // A digit that is not 0 goes where a lower place becomes 0. So the multiples of each power of two
  // around the number are looked at, up to powers that are larger than the interval.
  for (double unit = 1; unit <= 4 * allowed + 1; unit *= 2)
    for (int k = -4; k <= 5; ++k)
      consider((std::floor(value / unit) + k) * unit);
  return best;
}
