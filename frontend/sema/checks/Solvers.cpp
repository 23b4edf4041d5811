//===- Solvers.cpp - (X1) overrides of solvers ----------------------------===//

#include "frontend/diagnostics/DiagnosticEngine.h"
#include "frontend/diagnostics/Spelling.h"
#include "frontend/sema/checks/ModelChecks.h"

#include "llvm/ADT/STLExtras.h"

#include <map>

using namespace synfire;
using namespace synfire::sema;

static void checkState(const Model &model, const std::string &name, SourceRange range,
                       DiagnosticEngine &diags) {
  bool found = llvm::any_of(model.equations,
                            [&](const Equation &equation) { return equation.state == name; });
  if (!found)
    diags.report(diag::err_solve_without_equation, range) << name;
}

void sema::checkSolves(const Model &model, DiagnosticEngine &diags) {
  static const llvm::StringRef methods[] = {"exact", "exponential_euler", "rk4", "euler",
                                            "implicit"};
  std::map<std::string, SourceRange> seen;
  for (const SolveOverride &solve : model.solves) {
    checkState(model, solve.state, solve.range, diags);
    if (!solve.after.empty())
      checkState(model, solve.after, solve.range, diags);
    if (solve.after == solve.state)
      diags.report(diag::err_solve_after_itself, solve.range) << solve.state;
    if (!llvm::is_contained(methods, solve.method)) {
      auto report = diags.report(diag::err_unknown_method, solve.range);
      report << solve.method;
      if (auto close = suggestSpelling(solve.method, methods))
        report.hint("did you mean `" + close->str() + "`?");
    }
    if (solve.substeps < 1)
      diags.report(diag::err_not_positive, solve.range) << "a number of steps";
    auto [it, isNew] = seen.try_emplace(solve.state, solve.range);
    if (!isNew)
      (diags.report(diag::err_second_solve, solve.range) << solve.state)
          .note(diag::note_first_here, it->second);
  }
}
