//===- Units.h - Units with SI prefixes -------------------------*- C++ -*-===//
//
// Resolves units as written to a dimension and a factor (L3), and turns numbers
// into the base system of the IR, rounded once: the decimal point is moved in
// the text before it becomes a double, so `0.1 mV` is the double 0.1.
//
//===----------------------------------------------------------------------===//

#ifndef SYNFIRE_FRONTEND_SEMA_UNITS_H
#define SYNFIRE_FRONTEND_SEMA_UNITS_H

#include "frontend/ast/Name.h"
#include "frontend/sema/Dimension.h"

#include "llvm/ADT/StringRef.h"

#include <optional>

namespace synfire {
class DiagnosticEngine;

namespace sema {

/// What a unit as written means.
struct ResolvedUnit {
  Dimension dimension;
  /// The unit is 10^decimal * 60^sixties in the base system.
  Rational decimal;
  Rational sixties;
  /// `degC` alone: 273.15 is added on reading.
  bool isCelsius = false;
};

/// Looks one name up: exact names win over prefixed ones.
std::optional<ResolvedUnit> lookupUnit(llvm::StringRef name);

/// Resolves a whole unit; reports names it does not know, with a proposal.
std::optional<ResolvedUnit> resolveUnit(const ast::Unit &unit, DiagnosticEngine &diags);

/// The number with these digits in this unit, in the base system.
double toBase(llvm::StringRef digits, const ResolvedUnit &unit, bool negative = false);
/// The same for a number that is a double already, such as a table's.
double toBase(double value, const ResolvedUnit &unit);

} // namespace sema
} // namespace synfire

#endif // SYNFIRE_FRONTEND_SEMA_UNITS_H
