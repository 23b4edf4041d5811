//===- ByteStream.h - Bytes as ANTLR characters -----------------*- C++ -*-===//
//
// Hands each byte to the lexer as one character, so that token positions are
// byte offsets and invalid UTF-8 is nothing special.
//
//===----------------------------------------------------------------------===//

#ifndef SYNFIRE_FRONTEND_PARSE_BYTESTREAM_H
#define SYNFIRE_FRONTEND_PARSE_BYTESTREAM_H

#include "antlr4-runtime.h"

#include "llvm/ADT/StringRef.h"

namespace synfire::parse {

/// A CharStream over text that someone else owns.
class ByteStream : public antlr4::CharStream {
public:
  explicit ByteStream(llvm::StringRef text) : text(text) {}

  void consume() override { ++position; }
  size_t LA(ssize_t i) override {
    if (i == 0)
      return 0;
    size_t at = position + (i < 0 ? i : i - 1);
    return at < text.size() ? static_cast<unsigned char>(text[at]) : static_cast<size_t>(EOF);
  }
  ssize_t mark() override { return -1; }
  void release(ssize_t) override {}
  size_t index() override { return position; }
  void seek(size_t index) override { position = index; }
  size_t size() override { return text.size(); }
  std::string getSourceName() const override { return "model"; }
  std::string getText(const antlr4::misc::Interval &interval) override {
    if (interval.a < 0 || interval.b < interval.a)
      return "";
    return text.substr(interval.a, interval.b - interval.a + 1).str();
  }
  std::string toString() const override { return text.str(); }

private:
  llvm::StringRef text;
  size_t position = 0;
};

} // namespace synfire::parse

#endif // SYNFIRE_FRONTEND_PARSE_BYTESTREAM_H
