//===- Show.h - Looking at a session ----------------------------*- C++ -*-===//
#ifndef SYNFIRE_TOOLS_SYNFIRE_REPL_SHOW_H
#define SYNFIRE_TOOLS_SYNFIRE_REPL_SHOW_H

#include "tools/synfire/repl/Session.h"

namespace synfire::repl {

/// Mean, standard deviation and range of some numbers.
struct Moments {
  explicit Moments(const std::vector<double> &values);
  double mean = 0, sd = 0, low = 0, high = 0;
};

/// Prints a population, or what a name was defined as; false if it is none.
bool showDefinition(Session &session, llvm::StringRef name);
void showValues(const LiveValues &values);
/// `:show E`, `:show E.v`, or, without a name, everything.
bool show(Session &session, llvm::StringRef what);
/// One line for each population: cells, spikes, rate, irregularity.
void showPopulations(Session &session);
/// Whether an expression speaks of values that there are only when the circuit runs.
bool namesWhatRuns(Session &session, const ast::Expr &expr);

/// `v of E[0]`, on the terminal or, with a path, in a picture.
bool plotTraces(Session &session, llvm::StringRef what, llvm::StringRef path);
bool plotRaster(Session &session, llvm::StringRef what, llvm::StringRef path);
bool plotHistogram(Session &session, llvm::StringRef what, llvm::StringRef path);

/// `:explain`, and `:ir neuro|sim|llvm|asm NAME`.
bool explain(Session &session);
bool showCode(Session &session, llvm::StringRef level, llvm::StringRef name);

} // namespace synfire::repl

#endif // SYNFIRE_TOOLS_SYNFIRE_REPL_SHOW_H
