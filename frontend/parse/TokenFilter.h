//===- TokenFilter.h - What the lexer cannot know ---------------*- C++ -*-===//
//
// Walks the raw tokens once and decides what depends on their neighbours: which
// newlines end a statement (L2), which names are units (L3), what `{` and `[`
// open, where a reserved word is an ordinary name (L7). It balances brackets,
// so that the parser can recover from an error by looking for the next SEP, and
// limits nesting, so that nothing after it can run out of stack.
//
//===----------------------------------------------------------------------===//

#ifndef SYNFIRE_FRONTEND_PARSE_TOKENFILTER_H
#define SYNFIRE_FRONTEND_PARSE_TOKENFILTER_H

#include "frontend/diagnostics/DiagnosticEngine.h"
#include "frontend/parse/Token.h"

#include "llvm/ADT/SmallVector.h"

namespace synfire::parse {

/// A token as the lexer sees it.
struct RawToken {
  size_t type;
  uint32_t begin;
  uint32_t end;
};

/// Turns the raw tokens of one file into the list the parser reads.
class TokenFilter {
public:
  TokenFilter(llvm::StringRef text, FileId file, const std::vector<RawToken> &raw,
              DiagnosticEngine &diags)
      : text(text), raw(raw), diags(diags) {
    list.file = file;
  }

  TokenList run();

private:
  /// An open bracket.
  struct Open {
    size_t type;
    uint32_t begin;
    /// Operators since the last comma or statement end at this level: together
    /// with the brackets they bound the depth of the tree.
    unsigned operators = 0;
  };

  llvm::StringRef spelling(const RawToken &token) const {
    return text.slice(token.begin, token.end);
  }
  SourceRange rangeOf(const RawToken &token) const { return {list.file, token.begin, token.end}; }
  size_t previousType() const { return list.tokens.empty() ? 0 : list.tokens.back().type; }
  uint32_t previousEnd() const { return list.tokens.empty() ? 0 : list.tokens.back().end; }
  /// Type of the next token that is no comment and no newline; 0 at the end.
  size_t nextType(size_t index) const;
  /// Whether the innermost bracket is `(`, `[` or the `{` of a set.
  bool insideBrackets() const;
  bool insideUnit() const;

  InFlightDiagnostic error(diag::Id id, uint32_t begin, uint32_t end);
  void emit(size_t type, uint32_t begin, uint32_t end);
  void endStatement(uint32_t begin, uint32_t end);

  void addDoc(const RawToken &token);
  void finishLine(size_t index);
  void significant(size_t &index);
  size_t classify(size_t index);
  size_t classifyBrace() const;
  bool classifyQuote(size_t &index);
  bool checkDot(size_t index);
  void unknown(const RawToken &token);
  void count(size_t type);

  void open(const RawToken &token, size_t type);
  void close(const RawToken &token);
  /// Closes the innermost bracket, which its file did not; says so if `report`.
  void closeMissing(bool report);
  void closeMissingBrackets();

  llvm::StringRef text;
  const std::vector<RawToken> &raw;
  DiagnosticEngine &diags;
  TokenList list;
  llvm::SmallVector<Open, 16> stack;
  unsigned outerOperators = 0;
  /// Sum of the operators of all open levels.
  unsigned totalOperators = 0;
  /// Whether a statement was begun and not ended.
  bool inStatement = false;
  bool newlineSeen = false;
  bool blankLineSeen = false;
  std::string pendingDoc;
};

} // namespace synfire::parse

#endif // SYNFIRE_FRONTEND_PARSE_TOKENFILTER_H
