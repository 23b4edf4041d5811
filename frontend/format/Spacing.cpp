//===- Spacing.cpp - Lines from tokens: blanks and breaks -----------------===//

#include "frontend/format/Layout.h"

#include "llvm/ADT/StringSwitch.h"

using namespace synfire;
using namespace synfire::format;
using llvm::StringRef;
using parse::Token;

/// Whether a token stands inside `[...]` of a unit.
bool Layout::isInsideUnit(size_t index) const {
  for (size_t i = index; i-- > 0;) {
    switch (list.tokens[i].kind) {
    case Kind::OpenUnit:
      return true;
    case Kind::Open:
      if (spelling(list.tokens[i]) == "[")
        return false;
      break;
    case Kind::Word:
    case Kind::Number:
    case Kind::Operator:
    case Kind::Prefix:
      break;
    case Kind::Close:
      if (spelling(list.tokens[i]) == "]")
        return false;
      break;
    default:
      return false;
    }
  }
  return false;
}

/// `0..9` between plain ends in an index or a loop; ` .. ` elsewhere.
bool Layout::isTightRange(size_t dots) const {
  auto plain = [&](size_t i) {
    Kind kind = list.tokens[i].kind;
    return kind == Kind::Number || kind == Kind::Word;
  };
  if (dots < 2 || !plain(dots - 1) || !plain(dots + 1))
    return false;
  Kind after = list.tokens[dots + 2].kind;
  if (after == Kind::Unit || after == Kind::OpenUnit || after == Kind::Dot || after == Kind::Open ||
      after == Kind::Operator)
    return false;
  const Token &before = list.tokens[dots - 2];
  if (before.kind == Kind::Open)
    return spelling(before) == "[";
  return dots >= 4 && spelling(before) == "in" && spelling(list.tokens[dots - 4]) == "for";
}

/// Whether a blank stands before the token at `index` on the same line.
bool Layout::needsSpace(size_t index) const {
  const Token &left = list.tokens[index - 1], &right = list.tokens[index];
  switch (right.kind) {
  case Kind::Close:
  case Kind::CloseSet:
  case Kind::Comma:
  case Kind::Dot:
  case Kind::Prime:
  case Kind::Separator:
    return false;
  case Kind::CloseBlock:
    return left.kind != Kind::OpenBlock;
  case Kind::DotDot:
    return !isTightRange(index);
  default:
    break;
  }
  switch (left.kind) {
  case Kind::Open:
  case Kind::OpenUnit:
  case Kind::OpenSet:
  case Kind::Dot:
    return false;
  case Kind::Prefix:
    return spelling(left) == "*";
  case Kind::DotDot:
    return !isTightRange(index - 1);
  default:
    break;
  }
  bool isOperator = left.kind == Kind::Operator || right.kind == Kind::Operator;
  if (isOperator && (spelling(left) == "^" || spelling(right) == "^" || isInsideUnit(index)))
    return false;
  if (right.kind != Kind::Open)
    return true;
  // A call, an index, a size, or a parenthesis.
  if (left.kind == Kind::Word)
    return false;
  if (left.kind == Kind::Close)
    return spelling(right) == "(";
  return spelling(left) != "release" && spelling(left) != "bound";
}

/// How bad a break before the token at `index` is inside `depth` brackets;
/// noBreak where a newline would end the statement.
unsigned Layout::costOfBreak(size_t index, unsigned depth) const {
  const Token &left = list.tokens[index - (index != 0)];
  const Token &right = list.tokens[index];
  unsigned base = 10 * depth;
  if (right.kind == Kind::Keyword && index != 0 && left.kind != Kind::Separator) {
    unsigned cost = llvm::StringSwitch<unsigned>(spelling(right))
                        .Cases({"connect", "with", "through", "during"}, 0)
                        .Cases({"then", "else"}, 2)
                        .Default(noBreak);
    if (cost != noBreak)
      return base + cost;
  }
  if (left.kind == Kind::Comma)
    return base + 1;
  if (left.kind == Kind::Colon || left.kind == Kind::DotDot)
    return base + 35;
  bool logical = spelling(left) == "and" || spelling(left) == "or";
  if (logical && left.kind == Kind::Keyword)
    return base + 3;
  if (left.kind != Kind::Operator || isInsideUnit(index))
    return noBreak;
  return llvm::StringSwitch<unsigned>(spelling(left))
      .Cases({"==", "!=", "<", "<=", ">", ">="}, base + 4)
      .Cases({"+", "-"}, base + 5)
      .Cases({"*", "/"}, base + 6)
      .Cases({"=", "+=", "-=", "*=", "/=", "~"}, base + 35)
      .Case("->", base + 35)
      .Default(noBreak);
}
