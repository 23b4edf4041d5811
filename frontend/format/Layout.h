//===- Layout.h - Lines from tokens -----------------------------*- C++ -*-===//
//
// What decides about a line: the tokens; whether a block was written on one
// line (it stays so while it fits); comments; blank lines between statements
// (one is kept). Nothing else of the old layout matters, so formatting is
// idempotent.
//
//===----------------------------------------------------------------------===//

#ifndef SYNFIRE_FRONTEND_FORMAT_LAYOUT_H
#define SYNFIRE_FRONTEND_FORMAT_LAYOUT_H

#include "frontend/parse/Token.h"

#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringRef.h"

#include <set>

namespace synfire::format {

/// Writes the tokens and comments of one file.
class Layout {
public:
  static constexpr unsigned noBreak = ~0u;

  /// A piece of a line: a token, or a comment, which ends its line.
  struct Atom {
    std::string text;
    bool spaceBefore = false;
    bool isComment = false;
    /// A comment that had a line of its own.
    bool ownLine = false;
    /// How good a line break before this is, 0 best; noBreak: not allowed.
    unsigned breakCost = noBreak;
  };

  Layout(llvm::StringRef text, const parse::TokenList &list) : text(text), list(list) {}

  std::string run();

private:
  using Kind = parse::TokenKind;

  llvm::StringRef spelling(const parse::Token &token) const {
    return text.slice(token.begin, token.end);
  }
  bool hasNewline(uint32_t begin, uint32_t end) const {
    return text.slice(begin, end).contains('\n');
  }
  bool hasBlankLine(uint32_t begin, uint32_t end) const;

  // Layout.cpp: walking the tokens.
  void statements(unsigned indent);
  void statement(unsigned indent);
  void ownLineComments(uint32_t before, unsigned indent, bool &first);
  void trailingComment(uint32_t after);
  bool commentBefore(uint32_t offset) const {
    return comment < list.comments.size() && list.comments[comment].begin < offset;
  }
  std::vector<Atom> takeAtoms(size_t end);
  std::set<size_t> chooseExpanded(size_t end, unsigned indent) const;
  size_t flatWidth(size_t begin, size_t end) const;
  size_t statementEnd() const;
  size_t matchingBrace(size_t open) const;
  bool staysInline(size_t open) const;

  // Spacing.cpp
  bool needsSpace(size_t index) const;
  bool isTightRange(size_t dots) const;
  bool isInsideUnit(size_t index) const;
  unsigned costOfBreak(size_t index, unsigned depth) const;

  // Lines.cpp
  void writeLines(const std::vector<Atom> &atoms, unsigned indent);
  void writeRun(llvm::ArrayRef<Atom> atoms, unsigned first, unsigned rest);
  void writeAtoms(llvm::ArrayRef<Atom> atoms, unsigned indent);

  llvm::StringRef text;
  const parse::TokenList &list;
  std::string out;
  /// The next token and the next comment.
  size_t token = 0;
  size_t comment = 0;
  /// End of what was written last, to see blank lines.
  uint32_t lastEnd = 0;
};

} // namespace synfire::format

#endif // SYNFIRE_FRONTEND_FORMAT_LAYOUT_H
