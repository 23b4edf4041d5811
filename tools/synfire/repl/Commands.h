//===- Commands.h - What begins with a colon --------------------*- C++ -*-===//
#ifndef SYNFIRE_TOOLS_SYNFIRE_REPL_COMMANDS_H
#define SYNFIRE_TOOLS_SYNFIRE_REPL_COMMANDS_H

#include "tools/synfire/repl/Session.h"

namespace synfire::repl {

struct Command {
  const char *name, *arguments, *help;
  bool (*run)(Session &session, llvm::StringRef arguments);
};

/// All commands, in the order of `:help`.
llvm::ArrayRef<Command> allCommands();
/// What `:help`, or `:help TOPIC`, says; false if there is no such topic.
bool printHelp(llvm::StringRef topic);
/// Names of topics, for completion.
std::vector<std::string> helpTopics();

} // namespace synfire::repl

#endif // SYNFIRE_TOOLS_SYNFIRE_REPL_COMMANDS_H
