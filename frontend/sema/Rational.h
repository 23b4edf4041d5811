//===- Rational.h - Exact exponents -----------------------------*- C++ -*-===//
//
// Exponents of dimensions are fractions, so that sqrt and noise work (L4).
//
//===----------------------------------------------------------------------===//

#ifndef SYNFIRE_FRONTEND_SEMA_RATIONAL_H
#define SYNFIRE_FRONTEND_SEMA_RATIONAL_H

#include <cstdint>
#include <numeric>
#include <string>

namespace synfire::sema {

/// A fraction in lowest terms with a positive denominator.
class Rational {
public:
  Rational(int64_t numerator = 0, int64_t denominator = 1) : num(numerator), den(denominator) {
    if (den == 0)
      den = 1;
    if (den < 0) {
      num = -num;
      den = -den;
    }
    if (int64_t divisor = std::gcd(num, den); divisor > 1) {
      num /= divisor;
      den /= divisor;
    }
  }

  int64_t numerator() const { return num; }
  int64_t denominator() const { return den; }
  bool isZero() const { return num == 0; }
  bool isInteger() const { return den == 1; }
  double toDouble() const { return double(num) / double(den); }
  std::string str() const {
    return isInteger() ? std::to_string(num) : std::to_string(num) + "/" + std::to_string(den);
  }

  Rational operator-() const { return {-num, den}; }
  friend Rational operator+(Rational a, Rational b) {
    return {a.num * b.den + b.num * a.den, a.den * b.den};
  }
  friend Rational operator-(Rational a, Rational b) { return a + -b; }
  friend Rational operator*(Rational a, Rational b) { return {a.num * b.num, a.den * b.den}; }
  friend Rational operator/(Rational a, Rational b) { return {a.num * b.den, a.den * b.num}; }
  friend bool operator==(Rational a, Rational b) { return a.num == b.num && a.den == b.den; }
  friend bool operator!=(Rational a, Rational b) { return !(a == b); }

  /// The fraction with a denominator of at most 100 that a double stands for;
  /// false if there is none.
  static bool fromDouble(double value, Rational &result);

private:
  int64_t num;
  int64_t den;
};

} // namespace synfire::sema

#endif // SYNFIRE_FRONTEND_SEMA_RATIONAL_H
