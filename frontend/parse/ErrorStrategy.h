//===- ErrorStrategy.h - Recovery at statements -----------------*- C++ -*-===//
//
// What the parser does at a syntax error. Every rule below `statement` gives
// up, `statement` skips to its end, and the next one is read as if nothing had
// happened: TokenFilter has balanced the brackets and marked every end.
//
//===----------------------------------------------------------------------===//

#ifndef SYNFIRE_FRONTEND_PARSE_ERRORSTRATEGY_H
#define SYNFIRE_FRONTEND_PARSE_ERRORSTRATEGY_H

#include "frontend/parse/SyntaxMessages.h"

#include "antlr4-runtime.h"

namespace synfire::parse {

/// Reports through SyntaxMessages, once for each wrong statement.
class StatementRecovery : public antlr4::DefaultErrorStrategy {
public:
  explicit StatementRecovery(SyntaxMessages &messages) : messages(messages) {}

  void reset(antlr4::Parser *) override { reported = false; }
  void sync(antlr4::Parser *) override {}
  void reportMatch(antlr4::Parser *) override {}
  void reportError(antlr4::Parser *parser, const antlr4::RecognitionException &e) override;
  void recover(antlr4::Parser *parser, std::exception_ptr e) override;
  antlr4::Token *recoverInline(antlr4::Parser *parser) override;

private:
  void skipStatement(antlr4::Parser *parser);

  SyntaxMessages &messages;
  /// Whether the error that is on its way to `statement` was reported.
  bool reported = false;
};

} // namespace synfire::parse

#endif // SYNFIRE_FRONTEND_PARSE_ERRORSTRATEGY_H
