//===- Input.h - Where the lines of a session come from ---------*- C++ -*-===//
#ifndef SYNFIRE_TOOLS_SYNFIRE_REPL_INPUT_H
#define SYNFIRE_TOOLS_SYNFIRE_REPL_INPUT_H

#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace synfire::repl {

class Session;

/// A source of lines.
class Input {
public:
  virtual ~Input() = default;
  /// The next line; `number` counts lines, `isContinued` says that it goes on with the one before.
  virtual std::optional<std::string> next(unsigned number, bool isContinued) = 0;
  /// Whether the line that was taken last was given up (Ctrl-C).
  virtual bool wasCancelled() { return false; }
  /// A line that can be seen before it is taken; nothing at a terminal.
  virtual std::optional<std::string> peek() { return std::nullopt; }
};

/// Lines of a pipe or of a text.
std::unique_ptr<Input> makePipeInput();
std::unique_ptr<Input> makeTextInput(const std::vector<std::string> &texts);
/// Lines that are edited on a terminal, with history and completion (Editor.cpp).
std::unique_ptr<Input> makeEditor(Session &session);

} // namespace synfire::repl

#endif // SYNFIRE_TOOLS_SYNFIRE_REPL_INPUT_H
