//===- Dimension.h - Dimensions of quantities -------------------*- C++ -*-===//
//
// A dimension is a product of powers of six base dimensions (L4). The IR holds
// every number in one coherent system (ms, mV, pA, um, mol, K); its relation to
// the SI is a power of ten for every dimension, kept here.
//
//===----------------------------------------------------------------------===//

#ifndef SYNFIRE_FRONTEND_SEMA_DIMENSION_H
#define SYNFIRE_FRONTEND_SEMA_DIMENSION_H

#include "frontend/sema/Rational.h"

#include <array>
#include <string>

namespace synfire::sema {

/// A product of powers of the base dimensions of the SI.
class Dimension {
public:
  enum Base { Length, Mass, Time, Current, Temperature, Amount, NumBases };

  /// The pure number.
  Dimension() = default;
  /// From integer exponents, in the order of Base.
  Dimension(int length, int mass, int time, int current, int temperature, int amount);

  static Dimension time() { return {0, 0, 1, 0, 0, 0}; }
  static Dimension length() { return {1, 0, 0, 0, 0, 0}; }
  static Dimension rate() { return {0, 0, -1, 0, 0, 0}; }
  static Dimension potential() { return {2, 1, -3, -1, 0, 0}; }
  static Dimension current() { return {0, 0, 0, 1, 0, 0}; }
  static Dimension conductance() { return {-2, -1, 3, 2, 0, 0}; }

  bool isNumber() const { return *this == Dimension(); }
  Rational get(Base base) const { return exponents[base]; }
  Dimension pow(Rational exponent) const;

  /// Exponent of ten of the coherent SI unit expressed in the base system: 3 for
  /// the volt, because the IR counts potentials in mV.
  Rational decimalShift() const;

  /// The unit of the base system in which the IR holds such a quantity, spelled
  /// so that the language reads it: `mV`, `pA/um^2`, `1`.
  std::string str() const;

  friend Dimension operator*(const Dimension &a, const Dimension &b);
  friend Dimension operator/(const Dimension &a, const Dimension &b);
  friend bool operator==(const Dimension &a, const Dimension &b) {
    return a.exponents == b.exponents;
  }
  friend bool operator!=(const Dimension &a, const Dimension &b) { return !(a == b); }

private:
  std::array<Rational, NumBases> exponents;
};

/// For messages: "in `mV`", or "a pure number" for the unit `1`.
std::string inUnit(const std::string &unit);

} // namespace synfire::sema

#endif // SYNFIRE_FRONTEND_SEMA_DIMENSION_H
