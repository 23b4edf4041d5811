//===- DiagnosticEngine.h - Collects and passes on messages -----*- C++ -*-===//
//
// Phases report here. The engine fills in arguments, drops repetitions, stops
// passing on after a limit of errors, and counts. What happens to a message
// (printing, verifying) is the consumer's business.
//
//===----------------------------------------------------------------------===//

#ifndef SYNFIRE_FRONTEND_DIAGNOSTICS_DIAGNOSTICENGINE_H
#define SYNFIRE_FRONTEND_DIAGNOSTICS_DIAGNOSTICENGINE_H

#include "frontend/diagnostics/Diagnostic.h"

#include "llvm/ADT/StringRef.h"
#include "llvm/ADT/Twine.h"

#include <functional>
#include <set>
#include <tuple>

namespace synfire {

class DiagnosticEngine;

/// A message that is being put together; it is issued when this goes away.
/// `diags.report(diag::err_unknown, range) << name` fills `{0}`; after note(),
/// `<<` fills the arguments of the note.
class InFlightDiagnostic {
public:
  InFlightDiagnostic(InFlightDiagnostic &&other);
  ~InFlightDiagnostic();

  InFlightDiagnostic &operator<<(const llvm::Twine &argument);
  InFlightDiagnostic &operator<<(int64_t argument);
  /// Adds a note at a second place.
  InFlightDiagnostic &note(diag::Id id, SourceRange range);
  /// Adds a `help:` line.
  InFlightDiagnostic &hint(const llvm::Twine &text);

private:
  friend class DiagnosticEngine;
  InFlightDiagnostic(DiagnosticEngine &engine, diag::Id id, SourceRange range);
  void finishArguments();

  DiagnosticEngine *engine;
  Diagnostic diagnostic;
  std::vector<std::string> arguments;
};

/// Receives the messages of all phases.
class DiagnosticEngine {
public:
  using Consumer = std::function<void(const Diagnostic &)>;

  /// Without a consumer messages are only kept and counted.
  explicit DiagnosticEngine(Consumer consumer = {}) : consumer(std::move(consumer)) {}

  InFlightDiagnostic report(diag::Id id, SourceRange range) {
    return InFlightDiagnostic(*this, id, range);
  }
  /// Issues a finished message.
  void emit(Diagnostic diagnostic);

  /// Errors beyond this many are counted and not passed on; 0: no limit.
  void setErrorLimit(unsigned limit) { errorLimit = limit; }

  bool hasErrors() const { return numErrors != 0; }
  unsigned getNumErrors() const { return numErrors; }
  unsigned getNumWarnings() const { return numWarnings; }
  /// The messages that were passed on, in the order of their issue.
  const std::vector<Diagnostic> &getDiagnostics() const { return diagnostics; }

private:
  Consumer consumer;
  unsigned errorLimit = 50;
  unsigned numErrors = 0;
  unsigned numWarnings = 0;
  std::vector<Diagnostic> diagnostics;
  /// File, offset and text of what was issued, to drop repetitions.
  std::set<std::tuple<uint32_t, uint32_t, std::string>> issued;
};

} // namespace synfire

#endif // SYNFIRE_FRONTEND_DIAGNOSTICS_DIAGNOSTICENGINE_H
