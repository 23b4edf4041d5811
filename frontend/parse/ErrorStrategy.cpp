//===- ErrorStrategy.cpp - Recovery at statements -------------------------===//

#include "frontend/parse/ErrorStrategy.h"
#include "frontend/parse/TokenClasses.h"

#include "SynfireParser.h"

using namespace synfire;
using namespace synfire::parse;
using grammar::SynfireParser;

/// A state of the parser's automaton in which `callee` is called, in the rule
/// `caller` if it calls it. A rule that is called by hand must believe that it
/// was called from such a state: prediction follows it back.
static size_t findInvokingState(const antlr4::atn::ATN &atn, size_t caller, size_t callee) {
  size_t result = 0;
  for (const antlr4::atn::ATNState *state : atn.states) {
    if (state->transitions.size() != 1 ||
        state->transitions[0]->getSerializationType() != antlr4::atn::Transition::RULE ||
        state->transitions[0]->target != atn.ruleToStartState[callee])
      continue;
    if (state->ruleIndex == caller)
      return state->stateNumber;
    result = state->stateNumber;
  }
  return result;
}

/// Calls a rule of the grammar from outside of it.
template <class Context>
static void call(antlr4::Parser *parser, size_t callee, Context *(SynfireParser::*rule)()) {
  size_t state = parser->getState();
  parser->setState(
      findInvokingState(parser->getATN(), parser->getContext()->getRuleIndex(), callee));
  (static_cast<SynfireParser *>(parser)->*rule)();
  parser->setState(state);
}

void StatementRecovery::reportError(antlr4::Parser *parser, const antlr4::RecognitionException &e) {
  if (reported)
    return;
  reported = true;
  messages.report(*parser, e);
}

void StatementRecovery::recover(antlr4::Parser *parser, std::exception_ptr e) {
  if (parser->getContext()->getRuleIndex() != SynfireParser::RuleStatement)
    std::rethrow_exception(e);
  reported = false;
  skipStatement(parser);
}

/// Called where a token does not match. In a list of statements that means that
/// none begins with it: let `statement` say so and go on.
antlr4::Token *StatementRecovery::recoverInline(antlr4::Parser *parser) {
  size_t rule = parser->getContext()->getRuleIndex();
  antlr4::TokenStream *input = parser->getTokenStream();
  if (rule != SynfireParser::RuleBlock && rule != SynfireParser::RuleFile)
    throw antlr4::InputMismatchException(parser);
  size_t closer = rule == SynfireParser::RuleBlock ? static_cast<size_t>(SynfireParser::RBRACE)
                                                   : antlr4::Token::EOF;
  if (rule == SynfireParser::RuleBlock &&
      parser->getCurrentToken() ==
          static_cast<antlr4::ParserRuleContext *>(parser->getContext())->start)
    throw antlr4::InputMismatchException(parser);
  while (input->LA(1) != closer && input->LA(1) != antlr4::Token::EOF)
    call(parser, SynfireParser::RuleStatement, &SynfireParser::statement);
  antlr4::Token *token = parser->getCurrentToken();
  parser->consume();
  return token;
}

void StatementRecovery::skipStatement(antlr4::Parser *parser) {
  antlr4::TokenStream *input = parser->getTokenStream();
  antlr4::Token *start = parser->getContext()->start;
  size_t first = start->getTokenIndex(), error = input->index();
  bool hasBlock = beginsDeclaration(start->getType()) || start->getType() == SynfireParser::FOR ||
                  start->getType() == SynfireParser::AT || start->getType() == SynfireParser::EVERY;
  unsigned depth = 0;
  for (size_t i = first; i < input->size(); ++i) {
    switch (input->get(i)->getType()) {
    case SynfireParser::LBRACE:
      // A block after the error may hold errors of its own.
      if (depth == 0 && i >= error && hasBlock) {
        input->seek(i);
        call(parser, SynfireParser::RuleBlock, &SynfireParser::block);
        i = input->index() - 1;
        break;
      }
      ++depth;
      break;
    case SynfireParser::LPAREN:
    case SynfireParser::LBRACK:
    case SynfireParser::LUNIT:
    case SynfireParser::LSET:
      ++depth;
      break;
    case SynfireParser::RPAREN:
    case SynfireParser::RBRACK:
    case SynfireParser::RBRACE:
      if (depth != 0)
        --depth;
      break;
    case SynfireParser::SEP:
      if (depth != 0 || i < error)
        break;
      input->seek(i + 1);
      return;
    case antlr4::Token::EOF:
      input->seek(i);
      return;
    default:
      break;
    }
  }
}
