//===- Automaton.h - The lexer's automaton as a table -----------*- C++ -*-===//
//
// ANTLR works out the automaton of a lexer grammar while it reads: each edge is
// computed once and kept. But it looks an edge up behind a lock and in a hash
// table, and does bookkeeping of lines for each character, which is more work
// than all of parsing. Here the edges are rows of a table, filled from
// ANTLR's as the text needs them.
//
//===----------------------------------------------------------------------===//

#ifndef SYNFIRE_FRONTEND_PARSE_AUTOMATON_H
#define SYNFIRE_FRONTEND_PARSE_AUTOMATON_H

#include "antlr4-runtime.h"

#include "llvm/ADT/StringRef.h"

#include <array>
#include <deque>

namespace synfire::parse {

/// Reads tokens of a lexer whose grammar has one mode, no predicates and no
/// actions but `skip`, which is left to the caller.
class Automaton : private antlr4::atn::LexerATNSimulator {
public:
  /// What begins at some place of a text.
  struct Match {
    size_t type; ///< 0: no token begins there
    size_t end;
  };

  explicit Automaton(antlr4::Lexer &lexer)
      : Automaton(*lexer.getInterpreter<antlr4::atn::LexerATNSimulator>()) {}

  /// The longest token that begins at `begin`; of those the first in the grammar.
  Match read(llvm::StringRef text, size_t begin);

private:
  struct State {
    antlr4::dfa::DFAState *origin = nullptr;
    size_t type = 0; ///< of the token that may end here, or 0
    /// By the next byte; null where nobody asked yet, `none` where there is none.
    std::array<State *, 256> next = {};
  };

  explicit Automaton(antlr4::atn::LexerATNSimulator &simulator);
  State *stateOf(antlr4::dfa::DFAState *origin);
  State *follow(State &from, unsigned char byte);

  std::deque<State> states; ///< they stay where they are
  std::vector<State *> byNumber;
  State none;
  State *start = nullptr;
};

} // namespace synfire::parse

#endif // SYNFIRE_FRONTEND_PARSE_AUTOMATON_H
