//===- Lexing.cpp - Text to filtered tokens -------------------------------===//

#include "frontend/parse/ByteStream.h"
#include "frontend/parse/TokenFilter.h"
#include "frontend/source/SourceManager.h"

#include "SynfireLexer.h"

using namespace synfire;
using namespace synfire::parse;

/// All tokens of the lexer, comments and newlines included. Every byte belongs
/// to some token, so the lexer itself never fails.
static std::vector<RawToken> lex(llvm::StringRef text) {
  ByteStream stream(text);
  grammar::SynfireLexer lexer(&stream);
  lexer.removeErrorListeners();
  std::vector<RawToken> raw;
  raw.reserve(text.size() / 4);
  while (true) {
    std::unique_ptr<antlr4::Token> token = lexer.nextToken();
    if (token->getType() == antlr4::Token::EOF)
      return raw;
    raw.push_back({token->getType(), static_cast<uint32_t>(token->getStartIndex()),
                   static_cast<uint32_t>(token->getStopIndex() + 1)});
  }
}

TokenList parse::readTokens(const SourceManager &sources, FileId file, DiagnosticEngine &diags) {
  llvm::StringRef text = sources.getText(file);
  std::vector<RawToken> raw;
  // A byte order mark is no part of the text.
  bool marked = text.starts_with("\xEF\xBB\xBF");
  raw = lex(marked ? text.drop_front(3) : text);
  if (marked)
    for (RawToken &token : raw)
      token.begin += 3, token.end += 3;
  return TokenFilter(text, file, raw, diags).run();
}
