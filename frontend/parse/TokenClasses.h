//===- TokenClasses.h - Groups of token types -------------------*- C++ -*-===//
//
// Questions about single token types of the generated lexer, and the words that
// messages use for them.
//
//===----------------------------------------------------------------------===//

#ifndef SYNFIRE_FRONTEND_PARSE_TOKENCLASSES_H
#define SYNFIRE_FRONTEND_PARSE_TOKENCLASSES_H

#include "frontend/parse/Token.h"

#include "llvm/ADT/StringRef.h"

namespace synfire::parse {

/// Any reserved word.
bool isKeyword(size_t type);
/// A word that begins a declaration or statement and nothing else.
bool beginsDeclaration(size_t type);
/// A word that begins a declaration that stands at file level only.
bool beginsFileDeclaration(size_t type);
/// Whether a line may not end here: the last token wants a continuation (L2).
bool isContinuedAfter(const std::vector<Token> &tokens);
/// Whether a line that begins with this goes on with the one before (L2).
bool continuesLine(size_t type);
/// Operators that make the tree deeper.
bool isNestingOperator(size_t type);

/// Kind of a token, given the type of the one before.
TokenKind kindOf(size_t type, size_t previous);

/// How a token type is called in a message: "a name", "`{`", "`connect`".
std::string describeType(size_t type);

/// A character as messages show it: itself, or its code if it has no picture.
std::string describeCharacter(llvm::StringRef bytes);
/// What to write instead of a character the language does not have; may be
/// empty.
llvm::StringRef hintForUnknown(llvm::StringRef bytes);

} // namespace synfire::parse

#endif // SYNFIRE_FRONTEND_PARSE_TOKENCLASSES_H
