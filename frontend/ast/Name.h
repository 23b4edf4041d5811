//===- Name.h - Names and units as written ----------------------*- C++ -*-===//
//
// The two leaves that both expressions and declarations use: a word with its
// place, and a unit as it was written. Units are not resolved here; sema looks
// their factors up, because units have a namespace of their own (L3).
//
//===----------------------------------------------------------------------===//

#ifndef SYNFIRE_FRONTEND_AST_NAME_H
#define SYNFIRE_FRONTEND_AST_NAME_H

#include "frontend/source/SourceLocation.h"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace synfire::ast {

/// A word of the source and where it stands. An empty text means "absent".
struct Name {
  std::string text;
  SourceRange range;

  bool isPresent() const { return !text.empty(); }
  explicit operator bool() const { return isPresent(); }
};

/// One factor of a unit: `ms` in `[1/(ms*mV)]` has exponent -1/1.
struct UnitFactor {
  /// The name as written; `%` for percent. The pure number `1` is no factor.
  std::string name;
  /// Exponent as a fraction in lowest terms; `denominator` is positive.
  int32_t numerator = 1;
  int32_t denominator = 1;
  SourceRange range;
};

/// A unit as written: `ms`, `%`, `[mS/cm^2]`, `1`. An empty factor list is the
/// pure number. After `:` a single bare name may also be a quantity of the same
/// declaration (`e : weight = 0`, L4); sema tells them apart.
struct Unit {
  std::vector<UnitFactor> factors;
  /// Whether it was written in brackets (then it is certainly a unit).
  bool bracketed = false;
  /// The spelling, brackets included, blanks removed.
  std::string text;
  SourceRange range;
};

} // namespace synfire::ast

#endif // SYNFIRE_FRONTEND_AST_NAME_H
