//===- Log.h - A logarithm that is the same everywhere ----------*- C++ -*-===//
//
// The gaps of `probability` decide which connections exist, so they must not
// depend on a C library. This logarithm is plain f64 arithmetic (random.md
// gives the formula) and is exact to about two units in the last place.
//
//===----------------------------------------------------------------------===//

#ifndef SYNFIRE_RUNTIME_CONNECT_LOG_H
#define SYNFIRE_RUNTIME_CONNECT_LOG_H

#include <cstdint>
#include <cstring>

namespace synfire::runtime {

/// 2 atanh(z) by its series, for |z| <= 0.1716.
inline double twiceAtanh(double z) {
#ifdef __clang__
#pragma clang fp contract(off)
#endif
  double s = z * z;
  double sum = 1.0 / 21.0;
  sum = sum * s + 1.0 / 19.0;
  sum = sum * s + 1.0 / 17.0;
  sum = sum * s + 1.0 / 15.0;
  sum = sum * s + 1.0 / 13.0;
  sum = sum * s + 1.0 / 11.0;
  sum = sum * s + 1.0 / 9.0;
  sum = sum * s + 1.0 / 7.0;
  sum = sum * s + 1.0 / 5.0;
  sum = sum * s + 1.0 / 3.0;
  sum = sum * s + 1.0;
  return 2.0 * z * sum;
}

/// The natural logarithm of a positive normal number.
inline double portableLog(double x) {
#ifdef __clang__
#pragma clang fp contract(off)
#endif
  uint64_t bits;
  std::memcpy(&bits, &x, sizeof(bits));
  int32_t exponent = int32_t(bits >> 52) - 1023;
  bits = (bits & 0x000fffffffffffffu) | 0x3ff0000000000000u;
  double mantissa; // in [1, 2), then in [sqrt(1/2), sqrt(2))
  std::memcpy(&mantissa, &bits, sizeof(bits));
  bool high = mantissa >= 1.4142135623730951;
  mantissa = high ? 0.5 * mantissa : mantissa;
  exponent += high;
  double series = twiceAtanh((mantissa - 1.0) / (mantissa + 1.0));
  return double(exponent) * 0.6931471805599453 + series;
}

/// ln(1 - p) for 0 < p < 1, without the cancellation for small p.
inline double portableLogOneMinus(double p) {
#ifdef __clang__
#pragma clang fp contract(off)
#endif
  return p < 0.25 ? twiceAtanh(-p / (2.0 - p)) : portableLog(1.0 - p);
}

} // namespace synfire::runtime

#endif // SYNFIRE_RUNTIME_CONNECT_LOG_H
