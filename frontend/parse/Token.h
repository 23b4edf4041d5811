//===- Token.h - Tokens after filtering -------------------------*- C++ -*-===//
//
// The token list that the parser and the formatter work on. `type` is a number
// of the generated SynfireLexer; everyone but the parser uses `kind`.
//
//===----------------------------------------------------------------------===//

#ifndef SYNFIRE_FRONTEND_PARSE_TOKEN_H
#define SYNFIRE_FRONTEND_PARSE_TOKEN_H

#include "frontend/source/SourceLocation.h"

#include "llvm/ADT/DenseMap.h"

#include <string>
#include <vector>

namespace synfire {
class DiagnosticEngine;
class SourceManager;

namespace parse {

/// What a token is, as far as its neighbours and its spacing are concerned.
enum class TokenKind : uint8_t {
  Word,    ///< a name, or a keyword that stands for a value
  Keyword, ///< any other reserved word
  Number,
  Unit, ///< a unit directly after a number
  String,
  Open,      ///< `(` or `[`
  OpenUnit,  ///< `[` of a unit
  OpenSet,   ///< `{` of a set
  OpenBlock, ///< `{` of a block
  Close,     ///< `)` or `]`
  CloseSet,
  CloseBlock,
  Comma,
  Colon,
  Dot,
  DotDot,
  Prime,
  Prefix,    ///< `-` or `+` before an operand, `*` for "all"
  Operator,  ///< any other operator
  Separator, ///< end of a statement
  EndOfFile,
};

/// One token; SEP and brackets put in by the filter have an empty range.
struct Token {
  size_t type = 0;
  TokenKind kind = TokenKind::EndOfFile;
  uint32_t begin = 0;
  uint32_t end = 0;
};

/// A comment with its `#` signs, without the line end.
struct Comment {
  uint32_t begin = 0;
  uint32_t end = 0;
};

/// What the filter makes of a file.
struct TokenList {
  FileId file;
  /// Ends in an EndOfFile token. Brackets are balanced.
  std::vector<Token> tokens;
  std::vector<Comment> comments;
  /// Doc comments by the offset of the token that they stand before.
  llvm::DenseMap<uint32_t, std::string> docs;
  /// Doc comment of the file.
  std::string fileDoc;
  /// Offsets of what was reported, in ascending order.
  std::vector<uint32_t> errorOffsets;
  /// Whether more text could complete it: something is open at the end.
  bool isOpenEnded = false;
  /// Too deep to be parsed; reported.
  bool isTooDeep = false;
};

/// Reads, classifies and balances the tokens of a file.
TokenList readTokens(const SourceManager &sources, FileId file, DiagnosticEngine &diags);

} // namespace parse
} // namespace synfire

#endif // SYNFIRE_FRONTEND_PARSE_TOKEN_H
