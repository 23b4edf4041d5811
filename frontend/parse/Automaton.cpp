//===- Automaton.cpp - The lexer's automaton as a table -------------------===//

#include "frontend/parse/Automaton.h"

using namespace synfire::parse;
using antlr4::dfa::DFAState;

Automaton::Automaton(antlr4::atn::LexerATNSimulator &simulator)
    : LexerATNSimulator(simulator.atn, simulator._decisionToDFA,
                        simulator.getSharedContextCache()) {
  antlr4::atn::ATNState *first = atn.modeToStartState[0];
  start = stateOf(addDFAState(computeStartState(/*input=*/nullptr, first).release()));
}

Automaton::State *Automaton::stateOf(DFAState *origin) {
  if (origin == ERROR.get())
    return &none;
  size_t number = origin->stateNumber;
  if (byNumber.size() <= number)
    byNumber.resize(number + 1);
  State *&state = byNumber[number];
  if (!state) {
    state = &states.emplace_back();
    state->origin = origin;
    state->type = origin->isAcceptState ? origin->prediction : 0;
  }
  return state;
}

Automaton::State *Automaton::follow(State &from, unsigned char byte) {
  DFAState *target = getExistingTargetState(from.origin, byte);
  if (!target)
    target = computeTargetState(/*input=*/nullptr, from.origin, byte);
  return from.next[byte] = stateOf(target);
}

Automaton::Match Automaton::read(llvm::StringRef text, size_t begin) {
  Match best = {0, begin};
  State *state = start;
  for (size_t at = begin; at != text.size();) {
    unsigned char byte = text[at];
    State *next = state->next[byte];
    if (!next)
      next = follow(*state, byte);
    if (next == &none)
      break;
    state = next;
    ++at;
    if (state->type)
      best = {state->type, at};
  }
  return best;
}
