//===- TokenClasses.cpp - Groups of token types ---------------------------===//

#include "frontend/parse/TokenClasses.h"

#include "SynfireLexer.h"

#include "llvm/ADT/StringExtras.h"
#include "llvm/ADT/StringSwitch.h"
#include "llvm/Support/ConvertUTF.h"
#include "llvm/Support/Unicode.h"

using namespace synfire;
using namespace synfire::parse;
using Lexer = synfire::grammar::SynfireLexer;
using llvm::StringRef;

// The grammar lists the reserved words in two runs, statements first.
bool parse::isKeyword(size_t type) { return type >= Lexer::NEURON && type <= Lexer::DT; }

bool parse::beginsDeclaration(size_t type) {
  return (type >= Lexer::NEURON && type <= Lexer::THAW) || type == Lexer::ON;
}

bool parse::beginsFileDeclaration(size_t type) {
  return (type >= Lexer::NEURON && type <= Lexer::USE);
}

bool parse::isContinuedAfter(const std::vector<Token> &tokens) {
  if (tokens.empty())
    return false;
  switch (tokens.back().type) {
  case Lexer::COMMA:
  case Lexer::PLUS:
  case Lexer::MINUS:
  case Lexer::SLASH:
  case Lexer::CARET:
  case Lexer::ASSIGN:
  case Lexer::PLUSEQ:
  case Lexer::MINUSEQ:
  case Lexer::STAREQ:
  case Lexer::SLASHEQ:
  case Lexer::EQ:
  case Lexer::NE:
  case Lexer::LT:
  case Lexer::LE:
  case Lexer::GT:
  case Lexer::GE:
  case Lexer::TILDE:
  case Lexer::COLON:
  case Lexer::ARROW:
  case Lexer::DOTDOT:
  case Lexer::AND:
  case Lexer::OR:
  case Lexer::NOT:
  case Lexer::THEN:
  case Lexer::ELSE:
    return true;
  case Lexer::STAR:
    // `project A -> *` is complete: this star is an operand.
    return tokens.back().kind == TokenKind::Operator;
  default:
    return false;
  }
}

bool parse::continuesLine(size_t type) {
  switch (type) {
  case Lexer::CONNECT:
  case Lexer::WITH:
  case Lexer::THROUGH:
  case Lexer::DURING:
  case Lexer::THEN:
  case Lexer::ELSE:
    return true;
  default:
    return false;
  }
}

bool parse::isNestingOperator(size_t type) {
  switch (type) {
  case Lexer::PLUS:
  case Lexer::MINUS:
  case Lexer::STAR:
  case Lexer::SLASH:
  case Lexer::CARET:
  case Lexer::EQ:
  case Lexer::NE:
  case Lexer::LT:
  case Lexer::LE:
  case Lexer::GT:
  case Lexer::GE:
  case Lexer::CROSSES:
  case Lexer::AND:
  case Lexer::OR:
  case Lexer::NOT:
  case Lexer::IF:
  case Lexer::DOT:
    return true;
  default:
    return false;
  }
}

/// Whether a sign after this token type is a prefix.
static bool wantsOperand(size_t previous) {
  switch (previous) {
  case 0:
  case Lexer::NAME:
  case Lexer::NUMBER:
  case Lexer::UNIT:
  case Lexer::STRING:
  case Lexer::RPAREN:
  case Lexer::RBRACK:
  case Lexer::RBRACE:
  case Lexer::PRE:
  case Lexer::POST:
  case Lexer::STEADY:
  case Lexer::INF:
  case Lexer::PI:
  case Lexer::T:
  case Lexer::DT:
    return false;
  default:
    return true;
  }
}

TokenKind parse::kindOf(size_t type, size_t previous) {
  switch (type) {
  case Lexer::NAME:
  case Lexer::FRAMES:
  case Lexer::PRE:
  case Lexer::POST:
  case Lexer::STEADY:
  case Lexer::INF:
  case Lexer::PI:
  case Lexer::T:
  case Lexer::DT:
    return TokenKind::Word;
  case Lexer::NUMBER:
  case Lexer::QFORMAT:
    return TokenKind::Number;
  case Lexer::UNIT:
    return TokenKind::Unit;
  case Lexer::PERCENT:
    return TokenKind::Word;
  case Lexer::STRING:
    return TokenKind::String;
  case Lexer::LPAREN:
  case Lexer::LBRACK:
    return TokenKind::Open;
  case Lexer::LUNIT:
    return TokenKind::OpenUnit;
  case Lexer::LSET:
    return TokenKind::OpenSet;
  case Lexer::LBRACE:
    return TokenKind::OpenBlock;
  case Lexer::RPAREN:
  case Lexer::RBRACK:
    return TokenKind::Close;
  case Lexer::RBRACE:
    return TokenKind::CloseBlock;
  case Lexer::COMMA:
    return TokenKind::Comma;
  case Lexer::COLON:
    return TokenKind::Colon;
  case Lexer::DOT:
    return TokenKind::Dot;
  case Lexer::DOTDOT:
    return TokenKind::DotDot;
  case Lexer::PRIME:
    return TokenKind::Prime;
  case Lexer::PLUS:
  case Lexer::MINUS:
  case Lexer::STAR:
    return wantsOperand(previous) ? TokenKind::Prefix : TokenKind::Operator;
  case Lexer::SEP:
    return TokenKind::Separator;
  case antlr4::Token::EOF:
    return TokenKind::EndOfFile;
  default:
    return isKeyword(type) ? TokenKind::Keyword : TokenKind::Operator;
  }
}

std::string parse::describeType(size_t type) {
  switch (type) {
  case antlr4::Token::EOF:
    return "the end of the file";
  case Lexer::SEP:
    return "the end of the statement";
  case Lexer::NAME:
    return "a name";
  case Lexer::NUMBER:
    return "a number";
  case Lexer::UNIT:
    return "a unit";
  case Lexer::STRING:
    return "a string";
  case Lexer::QFORMAT:
    return "a format such as `Q6.10`";
  case Lexer::LUNIT:
    return "a unit in brackets";
  case Lexer::LSET:
    return "a set in braces";
  case Lexer::FRAMES:
    return "`frames`";
  default:
    break;
  }
  static Lexer lexer(nullptr);
  std::string literal = lexer.getVocabulary().getLiteralName(type);
  if (literal.size() < 2)
    return lexer.getVocabulary().getSymbolicName(type);
  std::string content = literal.substr(1, literal.size() - 2);
  return "`" + (content == "\\'" ? "'" : content) + "`";
}

std::string parse::describeCharacter(StringRef bytes) {
  if (bytes.size() == 1 && !llvm::isASCII(bytes[0]))
    return "byte 0x" + llvm::utohexstr(static_cast<unsigned char>(bytes[0]));
  if (bytes.size() == 1 && !llvm::isPrint(bytes[0]))
    return "character with code " + std::to_string(static_cast<unsigned char>(bytes[0]));
  auto *begin = reinterpret_cast<const llvm::UTF8 *>(bytes.data());
  if (bytes.size() > 16 || !llvm::isLegalUTF8String(&begin, begin + bytes.size()))
    return "text that is no ASCII";
  return "character `" + bytes.str() + "`";
}

StringRef parse::hintForUnknown(StringRef bytes) {
  return llvm::StringSwitch<StringRef>(bytes)
      .Case("&", "the logical operators are `and`, `or` and `not`")
      .Case("|", "the logical operators are `and`, `or` and `not`")
      .Case("!", "the logical operators are `and`, `or` and `not`")
      .Case("?", "write `if c then a else b`")
      .Case("`", "strings stand in double quotes")
      .Case("\\", "a line goes on where it ends in an operator or a comma")
      .Cases({"µ", "μ"}, "write `u` for micro")
      .Case("Ω", "write `ohm`")
      .Cases({"−", "–"}, "write `-`")
      .Cases({"·", "×"}, "write `*`")
      .Case("°", "write `degC`")
      .Case("²", "write `^2`")
      .Case("→", "write `->`")
      .Cases({"“", "”", "„"}, "strings stand in plain double quotes")
      .Cases({"≤", "≥", "≠"}, "write `<=`, `>=`, `!=`")
      .Default("");
}
