//===- Handlers.cpp - (S6, P1) triggers -----------------------------------===//

#include "frontend/diagnostics/DiagnosticEngine.h"
#include "frontend/sema/ModelBuilder.h"
#include "frontend/sema/checks/ModelChecks.h"

using namespace synfire;
using namespace synfire::sema;

void sema::checkHandlers(const Model &model, const Ends &ends, DiagnosticEngine &diags) {
  if (model.kind != Model::Kind::Plasticity)
    return;
  for (const Handler &handler : model.handlers) {
    bool onSpike = handler.trigger == Handler::Trigger::Spike;
    bool onEnd =
        handler.trigger == Handler::Trigger::Pre || handler.trigger == Handler::Trigger::Post;
    if (ends.intrinsic && onEnd)
      diags.report(diag::err_handler_of_connection, handler.range);
    if (!ends.intrinsic && ends.post && onSpike)
      diags.report(diag::err_handler_of_cell, handler.range);
  }
}

void sema::checkModel(const Model &model, const Ends &ends, DiagnosticEngine &diags) {
  checkEquations(model, diags);
  checkSpike(model, diags);
  checkSolves(model, diags);
  checkFormats(model, diags);
  checkHandlers(model, ends, diags);
}
