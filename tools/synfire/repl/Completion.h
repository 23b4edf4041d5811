//===- Completion.h - What a word may become --------------------*- C++ -*-===//
#ifndef SYNFIRE_TOOLS_SYNFIRE_REPL_COMPLETION_H
#define SYNFIRE_TOOLS_SYNFIRE_REPL_COMPLETION_H

#include "tools/synfire/repl/Session.h"

namespace synfire::repl {

struct Completion {
  std::string typed;                   ///< the word so far
  std::vector<std::string> candidates; ///< whole words, sorted
  std::string behind = " ";            ///< what follows the only one

  std::string commonStart() const;
  std::string inColumns() const;
};

/// The words that the end of a line may become: commands, keywords, names, units, fields.
Completion completionsOf(Session &session, llvm::StringRef before);

} // namespace synfire::repl

#endif // SYNFIRE_TOOLS_SYNFIRE_REPL_COMPLETION_H
