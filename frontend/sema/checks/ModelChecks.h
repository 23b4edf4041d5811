//===- ModelChecks.h - Rules that a whole declaration keeps -----*- C++ -*-===//
//
// One function a file. They run on a finished Model, so they see everything at
// once and need no order of declarations.
//
//===----------------------------------------------------------------------===//

#ifndef SYNFIRE_FRONTEND_SEMA_CHECKS_MODELCHECKS_H
#define SYNFIRE_FRONTEND_SEMA_CHECKS_MODELCHECKS_H

#include "frontend/sema/Model.h"

namespace synfire {
class DiagnosticEngine;

namespace sema {
struct Ends;

/// (N1, N2) Each state has at most one equation; a steady one needs it.
void checkEquations(const Model &model, DiagnosticEngine &diags);
/// (N4, N5) What a spike rule may do.
void checkSpike(const Model &model, DiagnosticEngine &diags);
/// (X1) Overrides of solvers name states and methods that exist.
void checkSolves(const Model &model, DiagnosticEngine &diags);
/// (N9) Formats name states and fit into 64 bits.
void checkFormats(const Model &model, DiagnosticEngine &diags);
/// (S6, P1) Triggers fit the use of a rule.
void checkHandlers(const Model &model, const Ends &ends, DiagnosticEngine &diags);

/// All of them.
void checkModel(const Model &model, const Ends &ends, DiagnosticEngine &diags);

} // namespace sema
} // namespace synfire

#endif // SYNFIRE_FRONTEND_SEMA_CHECKS_MODELCHECKS_H
