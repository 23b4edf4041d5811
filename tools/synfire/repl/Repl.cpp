//===- Repl.cpp - `synfire repl` ------------------------------------------===//
#include "tools/synfire/repl/Repl.h"

#include "targets/cpu/OutputFile.h"
#include "tools/synfire/repl/Input.h"
#include "tools/synfire/repl/Session.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/Support/raw_ostream.h"

#include <unistd.h>

using namespace synfire;
using namespace synfire::repl;
using llvm::StringRef;

/// Whether a line goes on with the one before, which is complete without it (L2).
static bool continuesLine(StringRef line) {
  line = line.ltrim();
  for (StringRef word : {"connect", "with", "through", "during", "then", "else"})
    if (StringRef rest = line;
        rest.consume_front(word) && (rest.empty() || !llvm::isAlnum(rest[0])))
      return true;
  return false;
}

/// Whether a statement is seldom meant to end here: at a terminal a line that follows may say how
/// to connect. An empty line ends it.
static bool mayGoOn(StringRef text) {
  StringRef first = text.ltrim();
  return (first.starts_with("project ") && !text.contains("connect")) ||
         (first.starts_with("stimulate ") && !text.contains("through") &&
          (text.contains("poisson") || text.contains("spikes")));
}

/// Reads and carries out everything; whether all of it went well.
static bool runAll(Session &session, Input &input) {
  bool isGood = true;
  unsigned number = 0;
  std::optional<std::string> pending; // a command that came where a block was open
  while (!session.isDone()) {
    unsigned first = pending ? number : number + 1;
    auto line = pending ? pending : input.next(first, false);
    if (!line)
      break;
    number = first;
    bool wasRead = !pending;
    pending.reset();
    if (wasRead && input.wasCancelled())
      continue;
    std::string text = *line;
    bool isCommand = StringRef(text).ltrim().starts_with(":");
    bool isCancelled = false;
    while (!isCommand) {
      auto following = input.peek();
      bool isOpen = Session::isIncomplete(text);
      bool wants = isOpen || (following ? continuesLine(*following) : mayGoOn(text));
      if (!wants)
        break;
      auto more = input.next(number + 1, true);
      if (!more)
        break;
      ++number;
      isCancelled = input.wasCancelled();
      if (isCancelled || (!isOpen && StringRef(*more).trim().empty()))
        break;
      if (StringRef(*more).ltrim().starts_with(":")) { // no statement goes on like that
        pending = more;
        break;
      }
      text += "\n" + *more;
    }
    if (!isCancelled)
      isGood &= session.enter(text, first);
    llvm::outs().flush();
  }
  return isGood;
}

int repl::runRepl(const ReplOptions &options) {
  llvm::errs().tie(&llvm::outs()); // in the order in which it happens
  bool isTerminal = options.commands.empty() && isatty(STDIN_FILENO) && isatty(STDOUT_FILENO);
  SessionOptions session;
  session.precision = options.precision;
  session.cpu = options.cpu;
  session.threads = options.threads;
  session.quiet = options.quiet;
  session.isTerminal = isTerminal;
  catchInterrupts();
  Session live(session);
  bool isGood = true;
  if (isTerminal)
    live.say("Synfire: type a neuron, or `:help start` to be shown how.");
  if (!options.model.empty())
    isGood = live.load(options.model);
  auto input = !options.commands.empty() ? makeTextInput(options.commands)
               : isTerminal              ? makeEditor(live)
                                         : makePipeInput();
  isGood &= runAll(live, *input);
  int code = cpu::finishStandardOutput();
  // Who types sees what goes wrong, and goes on.
  return code ? code : isGood || isTerminal ? 0 : 1;
}
