//===- DiagnosticPrinter.h - Messages for people ----------------*- C++ -*-===//
//
// `file:line:col: error: text`, the line, and a caret with `~` under the rest
// of the range; then hints and notes.
//
//===----------------------------------------------------------------------===//

#ifndef SYNFIRE_FRONTEND_DIAGNOSTICS_DIAGNOSTICPRINTER_H
#define SYNFIRE_FRONTEND_DIAGNOSTICS_DIAGNOSTICPRINTER_H

#include "frontend/diagnostics/Diagnostic.h"

namespace llvm {
class raw_ostream;
}

namespace synfire {
class SourceManager;

/// Prints to a stream; coloured only where the stream is a terminal.
class DiagnosticPrinter {
public:
  DiagnosticPrinter(const SourceManager &sources, llvm::raw_ostream &os)
      : sources(sources), os(os) {}

  void print(const Diagnostic &diagnostic);

private:
  void printHeader(const Diagnostic &diagnostic);
  void printSnippet(SourceRange range);

  const SourceManager &sources;
  llvm::raw_ostream &os;
};

} // namespace synfire

#endif // SYNFIRE_FRONTEND_DIAGNOSTICS_DIAGNOSTICPRINTER_H
