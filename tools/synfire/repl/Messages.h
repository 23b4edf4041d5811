//===- Messages.h - What a session says is wrong ----------------*- C++ -*-===//
//
// Messages of the front end and of passes, with the line that was typed. A
// warning is given once in a session, for every change checks the whole model.
//
//===----------------------------------------------------------------------===//
#ifndef SYNFIRE_TOOLS_SYNFIRE_REPL_MESSAGES_H
#define SYNFIRE_TOOLS_SYNFIRE_REPL_MESSAGES_H

#include "frontend/diagnostics/DiagnosticEngine.h"
#include "frontend/diagnostics/DiagnosticPrinter.h"
#include "frontend/source/SourceManager.h"

#include "mlir/IR/Diagnostics.h"
#include "llvm/ADT/StringSet.h"

namespace synfire::repl {

class Messages {
public:
  Messages(SourceManager &sources, llvm::raw_ostream &os)
      : sources(sources), printer(sources, os), os(os) {}

  /// A consumer of front-end messages.
  DiagnosticEngine makeEngine();
  /// A message of a pass.
  void print(mlir::Diagnostic &diagnostic);
  /// A message without a place.
  void error(const llvm::Twine &text);

private:
  void printOne(mlir::Diagnostic &diagnostic);
  bool isNew(const std::string &warning) { return warnings.insert(warning).second; }

  SourceManager &sources;
  DiagnosticPrinter printer;
  llvm::raw_ostream &os;
  llvm::StringSet<> warnings;
};

} // namespace synfire::repl

#endif // SYNFIRE_TOOLS_SYNFIRE_REPL_MESSAGES_H
