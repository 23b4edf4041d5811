//===- Repl.h - `synfire repl` ----------------------------------*- C++ -*-===//
#ifndef SYNFIRE_TOOLS_SYNFIRE_REPL_REPL_H
#define SYNFIRE_TOOLS_SYNFIRE_REPL_REPL_H

#include <string>
#include <vector>

namespace synfire::repl {

struct ReplOptions {
  std::string model;                 ///< loaded first; empty: none
  std::vector<std::string> commands; ///< instead of what is typed
  bool quiet = false;
  unsigned threads = 0;
  std::string precision = "f64", cpu = "native";
};

/// Runs a session on standard input, or on commands; the exit code.
int runRepl(const ReplOptions &options);

} // namespace synfire::repl

#endif // SYNFIRE_TOOLS_SYNFIRE_REPL_REPL_H
