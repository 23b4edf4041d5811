//===- Units.cpp - Units with SI prefixes ---------------------------------===//

#include "frontend/sema/Units.h"

#include "frontend/diagnostics/DiagnosticEngine.h"
#include "frontend/diagnostics/Spelling.h"

#include <cmath>
#include <cstdlib>
#include <vector>

using namespace synfire;
using namespace synfire::sema;
using llvm::StringRef;

namespace {
struct UnitEntry {
  const char *name;
  Dimension dimension;
  /// Power of ten over the coherent SI unit.
  int decimal;
  int sixties;
  bool takesPrefix;
};

struct PrefixEntry {
  char letter;
  int decimal;
};
} // namespace

static const std::vector<UnitEntry> &unitTable() {
  static const std::vector<UnitEntry> table = {
      {"V", Dimension::potential(), 0, 0, true},   {"A", Dimension::current(), 0, 0, true},
      {"S", Dimension::conductance(), 0, 0, true}, {"F", {-2, -1, 4, 2, 0, 0}, 0, 0, true},
      {"ohm", {2, 1, -3, -2, 0, 0}, 0, 0, true},   {"s", Dimension::time(), 0, 0, true},
      {"Hz", Dimension::rate(), 0, 0, true},       {"m", Dimension::length(), 0, 0, true},
      {"L", {3, 0, 0, 0, 0, 0}, -3, 0, true},      {"M", {-3, 0, 0, 0, 0, 1}, 3, 0, true},
      {"mol", {0, 0, 0, 0, 0, 1}, 0, 0, true},     {"C", {0, 0, 1, 1, 0, 0}, 0, 0, true},
      {"J", {2, 1, -2, 0, 0, 0}, 0, 0, true},      {"W", {2, 1, -3, 0, 0, 0}, 0, 0, true},
      {"K", {0, 0, 0, 0, 1, 0}, 0, 0, true},       {"kg", {0, 1, 0, 0, 0, 0}, 0, 0, false},
      {"degC", {0, 0, 0, 0, 1, 0}, 0, 0, false},   {"%", {}, -2, 0, false},
      {"min", Dimension::time(), 0, 1, false},     {"h", Dimension::time(), 0, 2, false},
  };
  return table;
}

static const PrefixEntry prefixes[] = {{'a', -18}, {'f', -15}, {'p', -12}, {'n', -9},
                                       {'u', -6},  {'m', -3},  {'c', -2},  {'d', -1},
                                       {'k', 3},   {'M', 6},   {'G', 9},   {'T', 12}};

static ResolvedUnit resolve(const UnitEntry &entry, int prefix) {
  ResolvedUnit unit;
  unit.dimension = entry.dimension;
  unit.decimal = Rational(entry.decimal + prefix) + entry.dimension.decimalShift();
  unit.sixties = entry.sixties;
  return unit;
}

std::optional<ResolvedUnit> sema::lookupUnit(StringRef name) {
  for (const UnitEntry &entry : unitTable())
    if (name == entry.name)
      return resolve(entry, 0);
  for (const PrefixEntry &prefix : prefixes)
    if (name.size() > 1 && name.front() == prefix.letter)
      for (const UnitEntry &entry : unitTable())
        if (entry.takesPrefix && name.drop_front() == entry.name)
          return resolve(entry, prefix.decimal);
  return std::nullopt;
}

/// The units people write, for proposals.
static std::vector<StringRef> commonUnits() {
  return {"ms", "s",  "us", "min", "mV", "V",   "uV",  "pA",   "nA",   "uA",   "nS", "uS",
          "mS", "pF", "nF", "uF",  "Hz", "kHz", "ohm", "kohm", "Mohm", "Gohm", "um", "mm",
          "cm", "nm", "m",  "mM",  "uM", "nM",  "mol", "degC", "K",    "C",    "L",  "h"};
}

std::optional<ResolvedUnit> sema::resolveUnit(const ast::Unit &unit, DiagnosticEngine &diags) {
  ResolvedUnit result;
  bool known = true;
  for (const ast::UnitFactor &factor : unit.factors) {
    std::optional<ResolvedUnit> part = lookupUnit(factor.name);
    if (!part) {
      auto report = diags.report(diag::err_unknown_unit, factor.range);
      report << factor.name;
      if (auto close = suggestSpelling(factor.name, commonUnits()))
        report.hint("did you mean `" + close->str() + "`?");
      known = false;
      continue;
    }
    if (unit.factors.size() == 1 && factor.numerator == 1 && factor.denominator == 1) {
      result = *part; // as most units are
      result.isCelsius = factor.name == "degC";
      return result;
    }
    Rational exponent(factor.numerator, factor.denominator);
    result.dimension = result.dimension * part->dimension.pow(exponent);
    result.decimal = result.decimal + part->decimal * exponent;
    result.sixties = result.sixties + part->sixties * exponent;
  }
  if (!known)
    return std::nullopt;
  return result;
}

/// Applies what is no power of ten.
static double applySixties(double value, Rational sixties) {
  if (sixties.isZero())
    return value;
  double factor = std::pow(60.0, std::fabs(sixties.toDouble()));
  return sixties.numerator() > 0 ? value * factor : value / factor;
}

double sema::toBase(StringRef digits, const ResolvedUnit &unit, bool negative) {
  std::string text = digits.str();
  if (unit.isCelsius) {
    long double value = std::strtold(text.c_str(), nullptr);
    return double((negative ? -value : value) + 273.15L);
  }
  double scale = 1;
  if (unit.decimal.isInteger()) {
    auto [mantissa, exponent] = digits.split(digits.contains('e') ? 'e' : 'E');
    long long shift = unit.decimal.numerator();
    if (!exponent.empty())
      shift += std::strtoll(exponent.str().c_str(), nullptr, 10);
    text = mantissa.str() + "e" + std::to_string(shift);
  } else {
    scale = std::pow(10.0, unit.decimal.toDouble());
  }
  double value = std::strtod(text.c_str(), nullptr) * scale;
  value = applySixties(value, unit.sixties);
  return negative ? -value : value;
}

double sema::toBase(double value, const ResolvedUnit &unit) {
  if (unit.isCelsius)
    return double((long double)(value) + 273.15L);
  double factor = std::pow(10.0, std::fabs(unit.decimal.toDouble()));
  value = unit.decimal.numerator() < 0 ? value / factor : value * factor;
  return applySixties(value, unit.sixties);
}
