//===- TokenFilter.cpp - What the lexer cannot know -----------------------===//

#include "frontend/parse/TokenFilter.h"
#include "frontend/parse/TokenClasses.h"

#include "SynfireLexer.h"

using namespace synfire;
using namespace synfire::parse;
using Lexer = synfire::grammar::SynfireLexer;
using llvm::StringRef;

/// Nesting of brackets and blocks.
static constexpr unsigned maxBrackets = 256;
/// Operators that may be nested in one another, counted generously.
static constexpr unsigned maxOperators = 1000;

size_t TokenFilter::nextType(size_t index) const {
  for (++index; index < raw.size(); ++index) {
    size_t type = raw[index].type;
    if (type != Lexer::COMMENT && type != Lexer::DOC_COMMENT && type != Lexer::NEWLINE)
      return type;
  }
  return 0;
}

bool TokenFilter::insideBrackets() const {
  return !stack.empty() && stack.back().type != Lexer::LBRACE;
}

bool TokenFilter::insideUnit() const {
  for (const Open &open : llvm::reverse(stack)) {
    if (open.type == Lexer::LUNIT)
      return true;
    if (open.type != Lexer::LPAREN)
      return false;
  }
  return false;
}

InFlightDiagnostic TokenFilter::error(diag::Id id, uint32_t begin, uint32_t end) {
  list.errorOffsets.push_back(begin);
  return diags.report(id, {list.file, begin, end});
}

void TokenFilter::emit(size_t type, uint32_t begin, uint32_t end) {
  list.tokens.push_back({type, kindOf(type, previousType()), begin, end});
}

void TokenFilter::endStatement(uint32_t begin, uint32_t end) {
  if (!inStatement)
    return;
  emit(Lexer::SEP, begin, end);
  inStatement = false;
  unsigned &operators = stack.empty() ? outerOperators : stack.back().operators;
  totalOperators -= operators;
  operators = 0;
}

TokenList TokenFilter::run() {
  list.tokens.reserve(raw.size() + 1); // some are put in, newlines are left out
  for (size_t i = 0; i < raw.size() && !list.isTooDeep; ++i) {
    switch (raw[i].type) {
    case Lexer::COMMENT:
      list.comments.push_back({raw[i].begin, raw[i].end});
      break;
    case Lexer::DOC_COMMENT:
      list.comments.push_back({raw[i].begin, raw[i].end});
      addDoc(raw[i]);
      break;
    case Lexer::NEWLINE:
      blankLineSeen = i != 0 && raw[i - 1].type == Lexer::NEWLINE;
      newlineSeen = true;
      if (blankLineSeen && list.tokens.empty() && list.fileDoc.empty())
        list.fileDoc = std::move(pendingDoc), pendingDoc.clear();
      break;
    default:
      significant(i);
    }
  }

  list.isOpenEnded = !stack.empty() || isContinuedAfter(list.tokens);
  // Only the innermost block is named: the brace that is missing is most likely
  // there, and one brace is missing, not one per level.
  if (!list.isTooDeep)
    closeMissingBrackets();
  for (bool report = !list.isTooDeep; !stack.empty(); report = false)
    closeMissing(report);
  uint32_t end = text.size();
  endStatement(previousEnd(), previousEnd());
  emit(antlr4::Token::EOF, end, end);
  llvm::sort(list.errorOffsets);
  return std::move(list);
}

void TokenFilter::addDoc(const RawToken &token) {
  StringRef line = spelling(token).drop_front(2);
  line.consume_front(" ");
  if (!pendingDoc.empty())
    pendingDoc += '\n';
  pendingDoc += line.rtrim();
}

/// Decides about the newlines before the token at `index` (L2).
void TokenFilter::finishLine(size_t index) {
  newlineSeen = false;
  size_t type = raw[index].type;
  if (insideBrackets()) {
    // Inside brackets newlines mean nothing, unless it is plain that a bracket
    // was forgotten: then the rest of the file should still make sense.
    size_t next = nextType(index);
    bool beginsStatement = beginsDeclaration(type) && next != Lexer::ASSIGN;
    bool beginsEquation = type == Lexer::NAME && next == Lexer::PRIME;
    if (!beginsStatement && !beginsEquation)
      return;
    closeMissingBrackets();
  }
  if (!isContinuedAfter(list.tokens) && !continuesLine(type))
    endStatement(previousEnd(), previousEnd());
}

void TokenFilter::significant(size_t &index) {
  const RawToken &token = raw[index];
  if (newlineSeen)
    finishLine(index);

  if (!pendingDoc.empty() && token.type != Lexer::SEMI) {
    list.docs[token.begin] = std::move(pendingDoc);
    pendingDoc.clear();
  }

  // A declaration of a file inside a block: the block was never closed.
  if (!inStatement && !stack.empty() && beginsFileDeclaration(token.type))
    for (bool first = true; !stack.empty(); first = false)
      closeMissing(first), endStatement(previousEnd(), previousEnd());

  switch (token.type) {
  case Lexer::SEMI:
    if (!insideBrackets())
      return endStatement(token.begin, token.end);
    error(diag::err_semicolon_in_brackets, token.begin, token.end)
            .note(diag::note_opened_here, {list.file, stack.back().begin, stack.back().begin + 1})
        << text.substr(stack.back().begin, 1);
    while (insideBrackets())
      closeMissing(/*report=*/false);
    return endStatement(token.begin, token.end);
  case Lexer::UNKNOWN:
    return unknown(token);
  case Lexer::OPEN_STRING:
    error(diag::err_string_open, token.begin, token.end);
    inStatement = true;
    return emit(Lexer::STRING, token.begin, token.end);
  case Lexer::PRIME:
    if (classifyQuote(index))
      return;
    break;
  case Lexer::DOT:
    if (checkDot(index))
      return;
    break;
  case Lexer::RPAREN:
  case Lexer::RBRACK:
  case Lexer::RBRACE:
    return close(token);
  default:
    break;
  }

  size_t type = classify(index);
  if (type == Lexer::LPAREN || type == Lexer::LBRACK || type == Lexer::LUNIT ||
      type == Lexer::LSET || type == Lexer::LBRACE)
    return open(token, type);
  count(type);
  inStatement = true;
  emit(type, token.begin, token.end);
}

/// The type a token has where it stands.
size_t TokenFilter::classify(size_t index) {
  const RawToken &token = raw[index];
  size_t previous = previousType();
  size_t type = token.type;

  if (isKeyword(type)) {
    if (previous == Lexer::DOT)
      return Lexer::NAME;
    if (!stack.empty() && stack.back().type == Lexer::LPAREN && nextType(index) == Lexer::ASSIGN)
      return Lexer::NAME;
    return type;
  }
  switch (type) {
  case Lexer::NAME: {
    StringRef word = spelling(token);
    if (previous == Lexer::NUMBER && !insideUnit() && word != "steps" && word != "times")
      return Lexer::UNIT;
    if (word == "frames" && nextType(index) == Lexer::NAME)
      return Lexer::FRAMES;
    return type;
  }
  case Lexer::PERCENT:
    if (insideUnit() || previous == Lexer::COLON || previous == Lexer::IN)
      return type;
    if (previous != Lexer::NUMBER)
      error(diag::err_percent_operator, token.begin, token.end);
    return Lexer::UNIT;
  case Lexer::CARET:
    if (previous == Lexer::UNIT) {
      const Token &unit = list.tokens.back();
      StringRef name = text.slice(unit.begin, unit.end);
      StringRef number = text.slice(list.tokens[list.tokens.size() - 2].begin,
                                    list.tokens[list.tokens.size() - 2].end);
      std::string power = "2";
      if (index + 1 < raw.size() && raw[index + 1].type == Lexer::NUMBER)
        power = spelling(raw[index + 1]).str();
      error(diag::err_power_of_unit, unit.begin, token.end)
          .hint("write `" + number + " [" + name + "^" + power + "]` or `(" + number + " " + name +
                ")^" + power + "`");
    }
    return type;
  case Lexer::LBRACK: {
    bool loop = list.tokens.size() >= 3 && list.tokens[list.tokens.size() - 3].type == Lexer::FOR;
    bool unit = previous == Lexer::NUMBER || previous == Lexer::COLON || previous == Lexer::ARROW ||
                (previous == Lexer::IN && !loop);
    return unit ? static_cast<size_t>(Lexer::LUNIT) : type;
  }
  case Lexer::LBRACE:
    return classifyBrace();
  default:
    return type;
  }
}

/// `{` opens a set where only a set makes sense, else a block (L2).
size_t TokenFilter::classifyBrace() const {
  switch (previousType()) {
  case Lexer::PROJECT:
  case Lexer::STIMULATE:
  case Lexer::ARROW:
  case Lexer::OF:
  case Lexer::LPAREN:
  case Lexer::COMMA:
  case Lexer::LSET:
  case Lexer::ASSIGN:
  case Lexer::CONSTRAIN:
  case Lexer::DRAW:
  case Lexer::FREEZE:
  case Lexer::THAW:
    return Lexer::LSET;
  case Lexer::IN:
    return list.tokens.size() >= 3 && list.tokens[list.tokens.size() - 3].type == Lexer::FOR
               ? Lexer::LSET
               : Lexer::LBRACE;
  default:
    return Lexer::LBRACE;
  }
}

/// `'` after anything but a name is a string in the wrong quotes; it is read as
/// the string it was meant to be.
bool TokenFilter::classifyQuote(size_t &index) {
  const RawToken &token = raw[index];
  size_t previous = previousType();
  if (previous == Lexer::NAME || previous == Lexer::PRIME ||
      (isKeyword(previous) && previousEnd() == token.begin))
    return false;
  size_t last = index;
  for (size_t i = index + 1; i < raw.size(); ++i) {
    if (raw[i].type == Lexer::NEWLINE)
      break;
    if (raw[i].type != Lexer::PRIME)
      continue;
    last = i;
    break;
  }
  auto diagnostic = error(diag::err_single_quote, token.begin, raw[last].end);
  if (last != index)
    diagnostic.hint("write `\"" + text.slice(token.end, raw[last].begin) + "\"`");
  emit(Lexer::STRING, token.begin, raw[last].end);
  inStatement = true;
  index = last;
  return true;
}

/// Reports and drops the dot of `.5` and `5.`.
bool TokenFilter::checkDot(size_t index) {
  const RawToken &token = raw[index];
  bool after = index + 1 < raw.size() && raw[index + 1].begin == token.end &&
               raw[index + 1].type == Lexer::NUMBER;
  bool before = previousType() == Lexer::NUMBER && previousEnd() == token.begin;
  size_t previous = previousType();
  bool afterOperand = previous == Lexer::NAME || previous == Lexer::RBRACK ||
                      previous == Lexer::RPAREN || isKeyword(previous);
  if (before) {
    const Token &number = list.tokens.back();
    error(diag::err_number_dot, number.begin, token.end)
        .hint("write `" + text.slice(number.begin, token.begin) + ".0`");
    return true;
  }
  if (after && !afterOperand) {
    error(diag::err_number_dot, token.begin, raw[index + 1].end)
        .hint("write `0" + text.slice(token.begin, raw[index + 1].end) + "`");
    return true;
  }
  return false;
}

void TokenFilter::unknown(const RawToken &token) {
  StringRef character = spelling(token);
  StringRef hint = hintForUnknown(character);
  std::string shown = describeCharacter(character);
  auto diagnostic = error(diag::err_unknown_character, token.begin, token.end);
  diagnostic << shown;
  if (!hint.empty())
    diagnostic.hint(hint);
}

/// Keeps the depth of the expression that is being read bounded.
void TokenFilter::count(size_t type) {
  unsigned &operators = stack.empty() ? outerOperators : stack.back().operators;
  if (type == Lexer::COMMA) {
    totalOperators -= operators;
    operators = 0;
    return;
  }
  if (!isNestingOperator(type))
    return;
  ++operators;
  if (++totalOperators <= maxOperators)
    return;
  list.isTooDeep = true;
  error(diag::err_too_many_operators, previousEnd(), previousEnd()) << maxOperators;
}

void TokenFilter::open(const RawToken &token, size_t type) {
  if (stack.size() == maxBrackets) {
    list.isTooDeep = true;
    error(diag::err_too_deep, token.begin, token.end) << maxBrackets;
    return;
  }
  emit(type, token.begin, token.end);
  stack.push_back({type, token.begin});
  inStatement = type != Lexer::LBRACE;
}

/// What an open bracket is closed by.
static size_t closerOf(size_t opener) {
  if (opener == Lexer::LPAREN)
    return Lexer::RPAREN;
  return opener == Lexer::LBRACK || opener == Lexer::LUNIT ? Lexer::RBRACK : Lexer::RBRACE;
}

void TokenFilter::close(const RawToken &token) {
  // Which open bracket is meant? Brackets never reach across the block they
  // stand in; a brace may close a block over forgotten brackets.
  size_t match = stack.size();
  while (match != 0) {
    --match;
    if (closerOf(stack[match].type) == token.type)
      break;
    if (stack[match].type == Lexer::LBRACE || match == 0) {
      match = stack.size();
      break;
    }
  }
  if (match == stack.size()) {
    error(diag::err_unmatched_closer, token.begin, token.end) << spelling(token);
    return;
  }
  while (stack.size() > match + 1)
    closeMissing(/*report=*/true);
  if (stack.back().type == Lexer::LBRACE)
    endStatement(previousEnd(), previousEnd());
  Open opener = stack.back();
  totalOperators -= opener.operators;
  stack.pop_back();
  emit(token.type, token.begin, token.end);
  if (opener.type == Lexer::LSET)
    list.tokens.back().kind = TokenKind::CloseSet;
  inStatement = true;
}

void TokenFilter::closeMissing(bool report) {
  Open open = stack.back();
  uint32_t end = previousEnd();
  if (report)
    error(diag::err_never_closed, open.begin, open.begin + 1)
        << text.substr(open.begin, 1)
        << (open.type == Lexer::LPAREN                                ? ")"
            : open.type == Lexer::LUNIT || open.type == Lexer::LBRACK ? "]"
                                                                      : "}");
  if (open.type == Lexer::LBRACE)
    endStatement(end, end);
  totalOperators -= open.operators;
  stack.pop_back();
  emit(closerOf(open.type), end, end);
  if (open.type == Lexer::LSET)
    list.tokens.back().kind = TokenKind::CloseSet;
  inStatement = true;
}

void TokenFilter::closeMissingBrackets() {
  while (insideBrackets())
    closeMissing(/*report=*/true);
}
