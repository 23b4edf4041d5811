//===- Equations.cpp - (N1, N2) one equation a state ----------------------===//

#include "frontend/diagnostics/DiagnosticEngine.h"
#include "frontend/sema/checks/ModelChecks.h"

#include <map>

using namespace synfire;
using namespace synfire::sema;

void sema::checkEquations(const Model &model, DiagnosticEngine &diags) {
  std::map<std::string, SourceRange> seen;
  for (const Equation &equation : model.equations) {
    auto [it, isNew] = seen.try_emplace(equation.state, equation.range);
    if (!isNew)
      (diags.report(diag::err_second_equation, equation.range) << equation.state)
          .note(diag::note_first_here, it->second);
  }
  for (const Variable &variable : model.variables)
    if (variable.kind == VariableKind::State && variable.isSteady && !seen.count(variable.name))
      diags.report(diag::err_steady_without_equation, variable.range) << variable.name;
}
