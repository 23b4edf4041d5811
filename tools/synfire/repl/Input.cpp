//===- Input.cpp - Lines of a pipe or of a text ---------------------------===//
#include "tools/synfire/repl/Input.h"

#include <cstdio>
#include <deque>

using namespace synfire::repl;

namespace {

class PipeInput final : public Input {
public:
  std::optional<std::string> next(unsigned, bool) override {
    auto line = peek();
    seen.reset();
    return line;
  }
  std::optional<std::string> peek() override {
    if (!seen)
      seen = read();
    return seen;
  }

private:
  static std::optional<std::string> read() {
    std::string line;
    int c;
    while ((c = std::getc(stdin)) != EOF && c != '\n')
      line += char(c);
    return c == EOF && line.empty() ? std::nullopt : std::optional<std::string>(line);
  }
  std::optional<std::string> seen;
};

class TextInput final : public Input {
public:
  explicit TextInput(const std::vector<std::string> &texts) {
    for (const std::string &text : texts)
      split(text);
  }
  std::optional<std::string> next(unsigned, bool) override {
    auto line = peek();
    if (line)
      lines.pop_front();
    return line;
  }
  std::optional<std::string> peek() override {
    return lines.empty() ? std::nullopt : std::optional<std::string>(lines.front());
  }

private:
  /// At newlines, and at a `;` before a command: `population E : Cell[9]; :run 1 s`. After a
  /// command every `;` ends it.
  void split(const std::string &text) {
    std::string line;
    bool isString = false;
    for (size_t i = 0; i < text.size(); ++i) {
      isString ^= text[i] == '"';
      size_t next = text.find_first_not_of(" \t", i + 1);
      bool endsCommand = !line.empty() && line[line.find_first_not_of(" \t")] == ':';
      bool ends =
          text[i] == '\n' || (text[i] == ';' && !isString &&
                              (endsCommand || (next != std::string::npos && text[next] == ':')));
      if (!ends) {
        if (!line.empty() || (text[i] != ' ' && text[i] != '\t'))
          line += text[i];
        continue;
      }
      lines.push_back(line);
      line.clear();
    }
    lines.push_back(line);
  }
  std::deque<std::string> lines;
};

} // namespace

std::unique_ptr<Input> synfire::repl::makePipeInput() { return std::make_unique<PipeInput>(); }

std::unique_ptr<Input> synfire::repl::makeTextInput(const std::vector<std::string> &texts) {
  return std::make_unique<TextInput>(texts);
}
