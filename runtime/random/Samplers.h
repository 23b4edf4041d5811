//===- Samplers.h - Distributions from random words -------------*- C++ -*-===//
//
// The formulas of random.md. `uniform` and `poissonTable` are exact arithmetic
// and the same everywhere. The others call the C library: they are for the
// reference interpreter, whose draws are compared within a bound. Compiled
// programs expand log, exp, sin and cos themselves.
//
//===----------------------------------------------------------------------===//

#ifndef SYNFIRE_RUNTIME_RANDOM_SAMPLERS_H
#define SYNFIRE_RUNTIME_RANDOM_SAMPLERS_H

#include "runtime/random/Philox.h"

#include <cmath>
#include <cstdint>
#include <utility>
#include <vector>

namespace synfire::runtime {

/// A number in (0, 1), exact: the word's cell has its centre.
inline double uniform(uint32_t word) { return (double(word) + 0.5) * 0x1p-32; }

/// Two independent standard normal numbers (Box-Muller): the first belongs to
/// the element of the even word, the second to that of the odd word.
inline std::pair<double, double> normalPair(uint32_t evenWord, uint32_t oddWord) {
  double radius = std::sqrt(-2.0 * std::log(uniform(evenWord)));
  double angle = 6.283185307179586476925 * uniform(oddWord);
  return {radius * std::cos(angle), radius * std::sin(angle)};
}

/// The standard normal number of word \p word of a block.
inline double normal(const PhiloxWords &block, unsigned word) {
  auto [even, odd] = normalPair(block[word & ~1u], block[word | 1u]);
  return word & 1 ? odd : even;
}

inline double exponential(double mean, double u) { return -mean * std::log(u); }

/// \p z is a standard normal number, \p cv the standard deviation over the
/// mean of the result.
inline double lognormal(double mean, double cv, double z) {
  double variance = std::log(1.0 + cv * cv);
  return std::exp(std::log(mean) - 0.5 * variance + std::sqrt(variance) * z);
}

/// One attempt of Marsaglia and Tsang for gamma(mean, cv), with words 0 and 1
/// for the normal number, 2 for the test, 3 for shapes below one. False: the
/// attempt is rejected, the next block is to be tried.
inline bool gammaAttempt(double mean, double cv, const PhiloxWords &block, double &result) {
  double shape = 1.0 / (cv * cv), scale = mean * cv * cv;
  bool boosted = shape < 1.0;
  double d = (boosted ? shape + 1.0 : shape) - 1.0 / 3.0;
  double z = normal(block, 0);
  double root = 1.0 + z / std::sqrt(9.0 * d);
  if (root <= 0.0)
    return false;
  double v = root * root * root;
  if (!(std::log(uniform(block[2])) < 0.5 * z * z + d - d * v + d * std::log(v)))
    return false;
  result = scale * d * v;
  if (boosted)
    result *= std::pow(uniform(block[3]), 1.0 / shape);
  return true;
}

/// The largest mean per step for which a table can be made: above it exp(-mean)
/// leaves the range of normal numbers.
constexpr double maxPoissonMean = 700.0;

/// Thresholds T_0 <= T_1 <= ... of a Poisson count: the count of a word u is
/// the number of k with u >= T_k, so the table's length is the largest count.
/// \p expMinusMean is exp(-mean), from whoever owns the exponential function;
/// everything else is arithmetic. 0 <= mean <= maxPoissonMean.
inline std::vector<uint32_t> poissonTable(double mean, double expMinusMean) {
#ifdef __clang__
#pragma clang fp contract(off)
#endif
  std::vector<uint32_t> thresholds;
  double term = expMinusMean, sum = term;
  for (unsigned k = 1;; ++k) {
    double threshold = std::ceil(sum * 0x1p32);
    if (!(threshold < 0x1p32))
      break;
    thresholds.push_back(uint32_t(threshold));
    term = term * mean / double(k);
    double next = sum + term;
    // Past the mode a term that no longer moves the sum ends the table.
    if (next == sum && double(k) > mean)
      break;
    sum = next;
  }
  return thresholds;
}

/// The count of one word.
inline unsigned poissonCount(const std::vector<uint32_t> &thresholds, uint32_t word) {
  unsigned count = 0;
  while (count < thresholds.size() && word >= thresholds[count])
    ++count;
  return count;
}

} // namespace synfire::runtime

#endif // SYNFIRE_RUNTIME_RANDOM_SAMPLERS_H
