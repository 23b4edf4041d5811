//===- SyntaxMessages.h - What is wrong, in words ---------------*- C++ -*-===//
//
// Turns what ANTLR knows about a syntax error (the token, the set of tokens
// that could stand there) into a message in the words of the language, with a
// hint for common slips.
//
//===----------------------------------------------------------------------===//

#ifndef SYNFIRE_FRONTEND_PARSE_SYNTAXMESSAGES_H
#define SYNFIRE_FRONTEND_PARSE_SYNTAXMESSAGES_H

#include "frontend/diagnostics/DiagnosticEngine.h"
#include "frontend/parse/Token.h"

#include "antlr4-runtime.h"

namespace synfire::parse {

/// Reports the syntax errors of one file.
class SyntaxMessages {
public:
  SyntaxMessages(const SourceManager &sources, const TokenList &list, DiagnosticEngine &diags)
      : sources(sources), list(list), diags(diags) {}

  void report(antlr4::Parser &parser, const antlr4::RecognitionException &e);

private:
  using Expected = antlr4::misc::IntervalSet;

  llvm::StringRef spelling(size_t index) const;
  std::string describeFound(size_t index) const;
  SourceRange rangeOf(size_t index) const;
  bool wasReported(antlr4::Parser &parser, size_t found) const;
  void addHint(InFlightDiagnostic &diagnostic, size_t found, size_t first,
               const Expected &expected) const;

  const SourceManager &sources;
  const TokenList &list;
  DiagnosticEngine &diags;
};

} // namespace synfire::parse

#endif // SYNFIRE_FRONTEND_PARSE_SYNTAXMESSAGES_H
