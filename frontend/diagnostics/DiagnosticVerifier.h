//===- DiagnosticVerifier.h - Expected messages in comments -----*- C++ -*-===//
//
// For tests: `# expected-error@-1 {{text}}` (also -warning, -note; `@+N`,
// `@-N`,
// `@N`, `@above`, `@below`, or nothing for the same line) says that a message
// containing the text is issued on that line. Every message must be expected
// and every expectation met.
//
//===----------------------------------------------------------------------===//

#ifndef SYNFIRE_FRONTEND_DIAGNOSTICS_DIAGNOSTICVERIFIER_H
#define SYNFIRE_FRONTEND_DIAGNOSTICS_DIAGNOSTICVERIFIER_H

#include "frontend/diagnostics/Diagnostic.h"

#include "llvm/ADT/ArrayRef.h"

namespace llvm {
class raw_ostream;
}

namespace synfire {
class SourceManager;

/// Compares what was issued with what the comments of `files` expect and
/// describes the differences on `os`. True if there are none. Hints count as
/// part of the text of their message, one line each.
bool verifyDiagnostics(const SourceManager &sources, llvm::ArrayRef<FileId> files,
                       llvm::ArrayRef<Diagnostic> diagnostics, llvm::raw_ostream &os);

} // namespace synfire

#endif // SYNFIRE_FRONTEND_DIAGNOSTICS_DIAGNOSTICVERIFIER_H
