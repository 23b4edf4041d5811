//===- Diagnostic.h - One message with its places ---------------*- C++ -*-===//
//
// Every message is registered in a .def file under a name, with severity and
// text; `{0}`, `{1}` stand for its arguments. Wording: lower case, no final
// period, code in backticks; what was observed, then the rule, then a hint.
//
//===----------------------------------------------------------------------===//

#ifndef SYNFIRE_FRONTEND_DIAGNOSTICS_DIAGNOSTIC_H
#define SYNFIRE_FRONTEND_DIAGNOSTICS_DIAGNOSTIC_H

#include "frontend/source/SourceLocation.h"

#include <string>
#include <vector>

namespace synfire {

enum class Severity { Error, Warning, Note };

/// The registered messages.
namespace diag {
enum Id : unsigned {
#define DIAG(id, severity, text) id,
#include "frontend/diagnostics/Diagnostics.def"
#undef DIAG
  NumDiagnostics
};
} // namespace diag

/// The severity a message is registered with.
Severity getSeverity(diag::Id id);
/// The text a message is registered with.
const char *getFormat(diag::Id id);
/// The name a message is registered under.
const char *getName(diag::Id id);

/// A message as it was issued: text complete, notes attached.
struct Diagnostic {
  diag::Id id = diag::NumDiagnostics;
  Severity severity = Severity::Error;
  /// Invalid for a message without a place.
  SourceRange range;
  std::string text;
  /// What to write instead: `did you mean ...`; shown as `help:` lines.
  std::vector<std::string> hints;
  /// Notes at second places.
  std::vector<Diagnostic> notes;
};

} // namespace synfire

#endif // SYNFIRE_FRONTEND_DIAGNOSTICS_DIAGNOSTIC_H
