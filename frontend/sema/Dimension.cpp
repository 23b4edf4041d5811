//===- Dimension.cpp - Dimensions of quantities ---------------------------===//

#include "frontend/sema/Dimension.h"

#include <cmath>
#include <vector>

using namespace synfire::sema;

bool Rational::fromDouble(double value, Rational &result) {
  for (int64_t den = 1; den <= 100; ++den) {
    double scaled = value * den;
    if (std::fabs(scaled) > 1e6)
      return false;
    if (std::fabs(scaled - std::round(scaled)) <= 1e-12 * std::fabs(scaled)) {
      result = Rational(int64_t(std::round(scaled)), den);
      return true;
    }
  }
  return false;
}

Dimension::Dimension(int length, int mass, int time, int current, int temperature, int amount)
    : exponents{length, mass, time, current, temperature, amount} {}

Dimension Dimension::pow(Rational exponent) const {
  Dimension result;
  for (int i = 0; i != NumBases; ++i)
    result.exponents[i] = exponents[i] * exponent;
  return result;
}

Dimension synfire::sema::operator*(const Dimension &a, const Dimension &b) {
  Dimension result;
  for (int i = 0; i != Dimension::NumBases; ++i)
    result.exponents[i] = a.exponents[i] + b.exponents[i];
  return result;
}

Dimension synfire::sema::operator/(const Dimension &a, const Dimension &b) { return a * b.pow(-1); }

Rational Dimension::decimalShift() const {
  // m = 1e6 um, s = 1e3 ms, A = 1e12 pA; the mass follows from the energy,
  // V*A*s = 1e18 mV*pA*ms = kg*m^2/s^2, hence kg = 1e(18 + 2*3 - 2*6).
  static const int shifts[NumBases] = {6, 12, 3, 12, 0, 0};
  Rational sum;
  for (int i = 0; i != NumBases; ++i)
    sum = sum + exponents[i] * Rational(shifts[i]);
  return sum;
}

//===----------------------------------------------------------------------===//
// Spelling
//===----------------------------------------------------------------------===//

namespace {
struct NamedUnit {
  const char *name;
  Dimension dimension;
};
} // namespace

/// Units of the base system by which people read quantities of this field, the
/// most telling first.
static const std::vector<NamedUnit> &baseUnits() {
  static const std::vector<NamedUnit> units = {
      {"mV", Dimension::potential()},
      {"pA", Dimension::current()},
      {"nS", Dimension::conductance()},
      {"pF", {-2, -1, 4, 2, 0, 0}},
      {"Gohm", Dimension::conductance().pow(-1)},
      {"ms", Dimension::time()},
      {"um", Dimension::length()},
      {"mol", {0, 0, 0, 0, 0, 1}},
      {"K", {0, 0, 0, 0, 1, 0}},
  };
  return units;
}

static std::string power(const std::string &name, Rational exponent) {
  if (exponent == Rational(1))
    return name;
  return name + "^" + (exponent.isInteger() ? exponent.str() : "(" + exponent.str() + ")");
}

/// `a * b / (c * d)` from factors with exponents.
static std::string product(const std::vector<std::pair<std::string, Rational>> &factors) {
  std::string above, below;
  unsigned numBelow = 0;
  for (auto &[name, exponent] : factors) {
    if (exponent.isZero())
      continue;
    bool inverse = exponent.numerator() < 0;
    std::string &text = inverse ? below : above;
    numBelow += inverse;
    text += (text.empty() ? "" : "*") + power(name, inverse ? -exponent : exponent);
  }
  if (above.empty())
    above = "1";
  if (below.empty())
    return above;
  return above + "/" + (numBelow > 1 ? "(" + below + ")" : below);
}

/// The exponent that makes `unit^e == dimension`; false if there is none.
static bool asPower(const Dimension &dimension, const Dimension &unit, Rational &exponent) {
  for (int i = 0; i != Dimension::NumBases; ++i) {
    Rational base = unit.get(Dimension::Base(i));
    if (base.isZero())
      continue;
    exponent = dimension.get(Dimension::Base(i)) / base;
    return !exponent.isZero() && unit.pow(exponent) == dimension;
  }
  return false;
}

std::string Dimension::str() const {
  if (isNumber())
    return "1";
  const std::vector<NamedUnit> &units = baseUnits();
  for (const NamedUnit &unit : units)
    if (*this == unit.dimension)
      return unit.name;
  // Products that the search below would spell in a way nobody does.
  static const NamedUnit products[] = {{"pA*ms", {0, 0, 1, 1, 0, 0}},
                                       {"mV*pA*ms", {2, 1, -2, 0, 0, 0}},
                                       {"mV*pA", {2, 1, -3, 0, 0, 0}},
                                       {"mol/um^3", {-3, 0, 0, 0, 0, 1}}};
  for (const NamedUnit &unit : products)
    if (*this == unit.dimension)
      return unit.name;
  for (const NamedUnit &unit : units)
    if (Rational exponent; asPower(*this, unit.dimension, exponent))
      return product({{unit.name, exponent}});
  // Two factors, the first with a small exponent, the simplest first.
  for (int first : {1, -1, 2, -2, 3, -3})
    for (const NamedUnit &a : units)
      for (const NamedUnit &b : units) {
        Rational exponent;
        if (a.dimension != b.dimension &&
            asPower(*this / a.dimension.pow(first), b.dimension, exponent))
          return product({{a.name, first}, {b.name, exponent}});
      }
  // Solve for mV, pA, ms, um, K, mol: those span everything.
  Rational mass = exponents[Mass], potential = mass;
  Rational current = exponents[Current] + mass;
  Rational time = exponents[Time] + Rational(3) * mass;
  Rational length = exponents[Length] - Rational(2) * mass;
  return product({{"mV", potential},
                  {"pA", current},
                  {"um", length},
                  {"mol", exponents[Amount]},
                  {"K", exponents[Temperature]},
                  {"ms", time}});
}

std::string synfire::sema::inUnit(const std::string &unit) {
  return unit == "1" ? "a pure number" : "in `" + unit + "`";
}
