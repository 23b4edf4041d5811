//===- FilteredStream.h - Tokens as ANTLR's parser wants them ---*- C++ -*-===//
//
// Hands the tokens that the filter made to the parser. They are all there, and on
// one channel, so that looking ahead is an index into an array.
//
//===----------------------------------------------------------------------===//

#ifndef SYNFIRE_FRONTEND_PARSE_FILTEREDSTREAM_H
#define SYNFIRE_FRONTEND_PARSE_FILTEREDSTREAM_H

#include "frontend/parse/Token.h"

#include "antlr4-runtime.h"

namespace synfire::parse {

/// A TokenStream over a list that ends in an EndOfFile token.
class FilteredStream : public antlr4::TokenStream {
public:
  /// ANTLR wants lines; nobody asks for them.
  FilteredStream(const TokenList &list, antlr4::CharStream *text) : text(text) {
    tokens.reserve(list.tokens.size());
    for (const Token &token : list.tokens)
      tokens
          .emplace_back(std::pair<antlr4::TokenSource *, antlr4::CharStream *>(nullptr, text),
                        token.type, antlr4::Token::DEFAULT_CHANNEL, token.begin,
                        size_t(token.end) - 1)
          .setTokenIndex(tokens.size() - 1);
  }

  antlr4::Token *LT(ssize_t k) override {
    if (k == 0 || (k < 0 && size_t(-k) > position))
      return nullptr;
    size_t at = position + size_t(k < 0 ? k : k - 1);
    return &tokens[std::min(at, tokens.size() - 1)];
  }
  size_t LA(ssize_t k) override {
    antlr4::Token *token = LT(k);
    return token ? token->getType() : size_t(antlr4::Token::INVALID_TYPE);
  }
  antlr4::Token *get(size_t index) const override {
    return const_cast<antlr4::CommonToken *>(&tokens[index]);
  }
  void consume() override { position = std::min(position + 1, tokens.size() - 1); }
  ssize_t mark() override { return 0; }
  void release(ssize_t) override {}
  size_t index() override { return position; }
  void seek(size_t index) override { position = std::min(index, tokens.size() - 1); }
  size_t size() override { return tokens.size(); }
  std::string getSourceName() const override { return text->getSourceName(); }
  antlr4::TokenSource *getTokenSource() const override { return nullptr; }

  std::string getText(const antlr4::misc::Interval &interval) override {
    return getText(get(interval.a), get(interval.b));
  }
  std::string getText() override { return text->toString(); }
  std::string getText(antlr4::RuleContext *context) override {
    return getText(context->getSourceInterval());
  }
  std::string getText(antlr4::Token *start, antlr4::Token *stop) override {
    return text->getText(antlr4::misc::Interval(start->getStartIndex(), stop->getStopIndex()));
  }

private:
  antlr4::CharStream *text;
  std::vector<antlr4::CommonToken> tokens;
  size_t position = 0;
};

} // namespace synfire::parse

#endif // SYNFIRE_FRONTEND_PARSE_FILTEREDSTREAM_H
