//===- Formats.cpp - (N9) fixed-point formats -----------------------------===//

#include "frontend/diagnostics/DiagnosticEngine.h"
#include "frontend/sema/checks/ModelChecks.h"

using namespace synfire;
using namespace synfire::sema;

void sema::checkFormats(const Model &model, DiagnosticEngine &diags) {
  for (const FixedFormat &format : model.formats) {
    const Variable *variable = model.find(format.state);
    bool isWeight = format.state == "weight" &&
                    (model.kind == Model::Kind::Synapse || model.kind == Model::Kind::Plasticity);
    if (!isWeight && (!variable || variable->kind != VariableKind::State))
      diags.report(diag::err_format_target, format.range) << format.state;
    unsigned bits = format.integerBits + format.fractionBits;
    if (bits < 2 || bits > 64)
      diags.report(diag::err_format_bits, format.range) << int64_t(bits);
  }
}
