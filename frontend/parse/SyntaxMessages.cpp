//===- SyntaxMessages.cpp - What is wrong, in words -----------------------===//

#include "frontend/parse/SyntaxMessages.h"
#include "frontend/diagnostics/Spelling.h"
#include "frontend/parse/TokenClasses.h"
#include "frontend/source/SourceManager.h"

#include "SynfireParser.h"

using namespace synfire;
using namespace synfire::parse;
using grammar::SynfireParser;
using llvm::StringRef;

using Expected = antlr4::misc::IntervalSet;

static bool has(const Expected &expected, size_t type) { return expected.contains(type); }

StringRef SyntaxMessages::spelling(size_t index) const {
  const Token &token = list.tokens[index];
  return sources.getText(list.file).slice(token.begin, token.end);
}

SourceRange SyntaxMessages::rangeOf(size_t index) const {
  const Token &token = list.tokens[index];
  return {list.file, token.begin, token.end};
}

/// The token at `index` as a message quotes it.
std::string SyntaxMessages::describeFound(size_t index) const {
  const Token &token = list.tokens[index];
  if (token.kind == TokenKind::EndOfFile)
    return "the end of the file";
  if (token.kind == TokenKind::Separator && token.begin == token.end) {
    // Put in by the filter: what is really there is what follows.
    TokenKind next = list.tokens[index + 1].kind;
    if (next == TokenKind::EndOfFile)
      return "the end of the file";
    if (next == TokenKind::CloseBlock)
      return "`}`";
    return "the end of the line";
  }
  StringRef text = spelling(index);
  if (text.empty())
    return describeType(token.type);
  if (text.size() > 40)
    return "`" + text.take_front(37).str() + "...`";
  return "`" + text.str() + "`";
}

/// What could stand there, in words; groups of tokens under one name.
static std::string describeExpected(const Expected &expected) {
  if (has(expected, SynfireParser::NEURON))
    return "a declaration or statement";
  if (has(expected, SynfireParser::NUMBER) && has(expected, SynfireParser::NOT))
    return "a value";
  if (has(expected, SynfireParser::LSET) && has(expected, SynfireParser::STAR))
    return "a population";
  if (has(expected, SynfireParser::NUMBER) && has(expected, SynfireParser::LUNIT))
    return "a unit";
  if (has(expected, SynfireParser::STRING) && has(expected, SynfireParser::NUMBER))
    return "a string, a number or a name";
  if (has(expected, SynfireParser::NAME) && has(expected, SynfireParser::DT))
    return "a name";
  if (has(expected, SynfireParser::PLUSEQ))
    return "`=` or another assignment";
  std::vector<std::string> words;
  for (ssize_t type : expected.toList())
    words.push_back(describeType(type));
  std::string result;
  for (size_t i = 0; i < words.size() && i < 5; ++i) {
    if (i != 0)
      result += i + 1 == words.size() ? " or " : ", ";
    result += words[i];
  }
  return result;
}

/// Whether the filter has reported something in the statement: then what the
/// parser makes of it is of no interest.
bool SyntaxMessages::wasReported(antlr4::Parser &parser, size_t found) const {
  antlr4::RuleContext *context = parser.getContext();
  while (context && context->getRuleIndex() != SynfireParser::RuleStatement)
    context = dynamic_cast<antlr4::RuleContext *>(context->parent);
  size_t first = found;
  if (context)
    first = static_cast<antlr4::ParserRuleContext *>(context)->start->getTokenIndex();
  uint32_t begin = list.tokens[first].begin;
  // Up to the end of the statement, if that comes before the next block.
  size_t last = found;
  while (last + 1 < list.tokens.size() && list.tokens[last].kind != TokenKind::Separator &&
         list.tokens[last].kind != TokenKind::OpenBlock)
    ++last;
  uint32_t end = list.tokens[last].end;
  for (uint32_t offset : list.errorOffsets)
    if (offset >= begin && offset <= end)
      return true;
  return false;
}

/// The reserved words in the spelling of the language.
static const std::vector<std::string> &reservedWords() {
  static const std::vector<std::string> words = [] {
    std::vector<std::string> result;
    for (size_t type = SynfireParser::NEURON; type <= SynfireParser::DT; ++type)
      result.push_back(StringRef(describeType(type)).trim('`').str());
    return result;
  }();
  return words;
}

static std::optional<StringRef> suggestWord(StringRef word) {
  std::vector<StringRef> candidates;
  for (const std::string &reserved : reservedWords())
    if (reserved.size() > 2)
      candidates.push_back(reserved);
  return suggestSpelling(word, candidates);
}

void SyntaxMessages::addHint(InFlightDiagnostic &diagnostic, size_t found, size_t first,
                             const Expected &expected) const {
  const Token &token = list.tokens[found];
  size_t previous = found ? list.tokens[found - 1].type : 0;
  size_t start = list.tokens[first].type;

  // The usual slips, most specific first.
  if (token.type == SynfireParser::ASSIGN &&
      (start == SynfireParser::SPIKE || start == SynfireParser::CONSTRAIN ||
       start == SynfireParser::PRUNE || start == SynfireParser::REPEAT ||
       has(expected, SynfireParser::THEN) || has(expected, SynfireParser::RPAREN))) {
    diagnostic.hint("`==` compares, `=` assigns");
    return;
  }
  if (token.type == SynfireParser::EQ && has(expected, SynfireParser::ASSIGN)) {
    diagnostic.hint("`=` assigns, `==` compares");
    return;
  }
  if (token.type == SynfireParser::ASSIGN && has(expected, SynfireParser::ARROW)) {
    diagnostic.hint("a projection is written `A -> B`");
    return;
  }
  if (token.type == SynfireParser::LPAREN && start == SynfireParser::POPULATION) {
    diagnostic.hint("the size of a population stands in brackets: `name : Model[10]`");
    return;
  }
  if (token.type == SynfireParser::STAR && previous == SynfireParser::STAR) {
    diagnostic.hint("`^` raises to a power");
    return;
  }
  if (token.type == SynfireParser::SLASH && previous == SynfireParser::SLASH) {
    diagnostic.hint("`#` begins a comment");
    return;
  }
  if (found && list.tokens[found - 1].kind == TokenKind::Unit && spelling(found - 1) == "%") {
    diagnostic.hint("`%` is the unit percent, never an operator");
    return;
  }
  if (token.type == SynfireParser::LBRACE && first == found) {
    diagnostic.hint("the `{` of a block stands on the line of its head");
    return;
  }
  if (token.type == SynfireParser::IF && first == found) {
    diagnostic.hint("`if` is an expression: `x = if c then a else b`");
    return;
  }
  if (token.type == SynfireParser::WHERE) {
    diagnostic.hint("a selection stands in parentheses: `(N where sign > 0)`");
    return;
  }
  if (token.type == SynfireParser::DOTDOT) {
    diagnostic.hint("a range `a .. b` stands after `in`, `during` and `=`, in "
                    "brackets and as an argument");
    return;
  }
  // A statement that begins with a misspelt word reads like a name.
  if (found == first + 1 && list.tokens[first].type == SynfireParser::NAME) {
    if (auto word = suggestWord(spelling(first))) {
      diagnostic.hint("did you mean `" + *word + "`?");
      return;
    }
  }
  if (token.type == SynfireParser::NAME) {
    if (auto word = suggestWord(spelling(found))) {
      diagnostic.hint("did you mean `" + *word + "`?");
      return;
    }
  }
  if (isKeyword(token.type) && has(expected, SynfireParser::NAME) &&
      !has(expected, SynfireParser::NOT))
    diagnostic.hint("`" + spelling(found) + "` is a reserved word and cannot be a name");
}

void SyntaxMessages::report(antlr4::Parser &parser, const antlr4::RecognitionException &e) {
  size_t found = e.getOffendingToken()->getTokenIndex();
  if (wasReported(parser, found))
    return;
  antlr4::RuleContext *context = parser.getContext();
  while (context && context->getRuleIndex() != SynfireParser::RuleStatement)
    context = dynamic_cast<antlr4::RuleContext *>(context->parent);
  size_t first =
      context ? static_cast<antlr4::ParserRuleContext *>(context)->start->getTokenIndex() : found;

  Expected expected = e.getExpectedTokens();
  SourceRange range = rangeOf(found);
  if (found == first || found == 0) {
    auto diagnostic = diags.report(diag::err_expected_first, range);
    diagnostic << describeExpected(expected) << describeFound(found);
    addHint(diagnostic, found, first, expected);
    return;
  }
  if (expected.size() == 1 && has(expected, SynfireParser::SEP)) {
    auto diagnostic = diags.report(diag::err_after_statement, range);
    diagnostic << describeFound(found) << describeFound(found - 1);
    addHint(diagnostic, found, first, expected);
    return;
  }
  auto diagnostic = diags.report(diag::err_expected, range);
  diagnostic << describeExpected(expected) << describeFound(found - 1) << describeFound(found);
  addHint(diagnostic, found, first, expected);
}
