//===- ParserBase.h - What the generated parser derives from ----*- C++ -*-===//
//
// ANTLR asks what a child of the parse tree is, and where a rule returns to, by
// `dynamic_cast`, which took a quarter of the time of parsing. No type of a parse
// tree has subtypes, so it is enough to compare them; and whatever a rule is called
// from is a rule.
//
//===----------------------------------------------------------------------===//

#ifndef SYNFIRE_GRAMMAR_PARSERBASE_H
#define SYNFIRE_GRAMMAR_PARSERBASE_H

#include "antlr4-runtime.h"

#include <typeinfo>

namespace synfire::grammar {

/// A node for a rule; the names are those that generated accessors call.
class RuleNode : public antlr4::ParserRuleContext {
public:
  using Terminal = antlr4::tree::TerminalNode;

  RuleNode() = default;
  RuleNode(antlr4::ParserRuleContext *parent, size_t state)
      : antlr4::ParserRuleContext(parent, state) {
    children.reserve(4); // most have so many, and would grow three times
  }

  /// The child number `i` of those of a type, or null.
  template <class Node> Node *getRuleContext(size_t i) {
    for (antlr4::tree::ParseTree *child : children)
      if (is<Node>(child) && i-- == 0)
        return static_cast<Node *>(child);
    return nullptr;
  }

  template <class Node> std::vector<Node *> getRuleContexts() {
    std::vector<Node *> result;
    result.reserve(children.size());
    for (antlr4::tree::ParseTree *child : children)
      if (is<Node>(child))
        result.push_back(static_cast<Node *>(child));
    return result;
  }

  Terminal *getToken(size_t type, size_t i) override {
    for (antlr4::tree::ParseTree *child : children)
      if (Terminal *token = asTerminal(child); token && token->getSymbol()->getType() == type)
        if (i-- == 0)
          return token;
    return nullptr;
  }

  std::vector<Terminal *> getTokens(size_t type) override {
    std::vector<Terminal *> result;
    for (antlr4::tree::ParseTree *child : children)
      if (Terminal *token = asTerminal(child); token && token->getSymbol()->getType() == type)
        result.push_back(token);
    return result;
  }

private:
  template <class Node> static bool is(const antlr4::tree::ParseTree *tree) {
    return &typeid(*tree) == &typeid(Node);
  }
  static Terminal *asTerminal(antlr4::tree::ParseTree *tree) {
    return is<antlr4::tree::TerminalNodeImpl>(tree) || is<antlr4::tree::ErrorNodeImpl>(tree)
               ? static_cast<Terminal *>(tree)
               : nullptr;
  }
};

/// What ANTLR's parser does when a rule begins and ends.
class ParserBase : public antlr4::Parser {
public:
  using antlr4::Parser::Parser;

  /// Called by the generated rules.
  void exitRule() {
    _ctx->stop = _matchedEOF ? _input->LT(1) : _input->LT(-1);
    setState(_ctx->invokingState);
    setContext(static_cast<antlr4::ParserRuleContext *>(_ctx->parent));
  }

protected:
  void addContextToParseTree() override {
    if (_ctx->parent)
      static_cast<antlr4::ParserRuleContext *>(_ctx->parent)->addChild(_ctx);
  }
};

} // namespace synfire::grammar

#endif // SYNFIRE_GRAMMAR_PARSERBASE_H
