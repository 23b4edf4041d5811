//===- Lexing.cpp - Text to filtered tokens -------------------------------===//

#include "frontend/parse/Automaton.h"
#include "frontend/parse/ByteStream.h"
#include "frontend/parse/TokenFilter.h"
#include "frontend/source/SourceManager.h"

#include "SynfireLexer.h"

using namespace synfire;
using namespace synfire::parse;

/// All tokens of the lexer, comments and newlines included. Every byte belongs
/// to some token, so the lexer itself never fails.
static std::vector<RawToken> lex(llvm::StringRef text) {
  using grammar::SynfireLexer;
  ByteStream unread("");
  SynfireLexer lexer(&unread);
  Automaton automaton(lexer);
  std::vector<RawToken> raw;
  raw.reserve(text.size() / 4);
  for (size_t begin = 0; begin != text.size();) {
    auto [type, end] = automaton.read(text, begin);
    if (type != SynfireLexer::BLANK)
      raw.push_back({type, static_cast<uint32_t>(begin), static_cast<uint32_t>(end)});
    begin = end;
  }
  return raw;
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
