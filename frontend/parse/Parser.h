//===- Parser.h - Text to AST -----------------------------------*- C++ -*-===//
//
// The only way into the parser. ANTLR and its exceptions stay behind it.
//
//===----------------------------------------------------------------------===//

#ifndef SYNFIRE_FRONTEND_PARSE_PARSER_H
#define SYNFIRE_FRONTEND_PARSE_PARSER_H

#include "frontend/ast/AST.h"

namespace synfire {
class DiagnosticEngine;
class SourceManager;

/// Parses a whole file. Never null: statements that are wrong are reported and
/// left out, so the result is complete only if no error was added to `diags`.
std::unique_ptr<ast::File> parseFile(const SourceManager &sources, FileId file,
                                     DiagnosticEngine &diags);

/// The outcome of reading what was typed so far.
enum class FragmentStatus {
  /// Every statement was read.
  Complete,
  /// A block, bracket or string is open, or the last line ends in an operator:
  /// more lines can make it right. Nothing was reported.
  Incomplete,
  /// Reported to the engine.
  Wrong,
};

/// Statements of any kind, as typed into the REPL, or an expression.
struct Fragment {
  FragmentStatus status = FragmentStatus::Complete;
  std::vector<ast::StmtPtr> stmts;
  /// Set where the fragment is one expression and no statement.
  ast::ExprPtr expression;
};

/// Parses statements as they may stand at file level, in a circuit or in a
/// protocol.
Fragment parseFragment(const SourceManager &sources, FileId file, DiagnosticEngine &diags);

/// Parses a lone value such as the `5 mV` of `--set`; null if it is none, which
/// is reported.
ast::ExprPtr parseExpression(const SourceManager &sources, FileId file, DiagnosticEngine &diags);

} // namespace synfire

#endif // SYNFIRE_FRONTEND_PARSE_PARSER_H
