//===- Spikes.cpp - (N4, N5) what a spike rule may do ---------------------===//

#include "frontend/diagnostics/DiagnosticEngine.h"
#include "frontend/sema/checks/ModelChecks.h"

using namespace synfire;
using namespace synfire::sema;

void sema::checkSpike(const Model &model, DiagnosticEngine &diags) {
  if (!model.spike)
    return;
  // A test of constants fires always or never.
  auto moves = [&](const Node &node) {
    if (node.op == NodeOp::Time || node.op == NodeOp::Noise)
      return true;
    if (node.op != NodeOp::Get)
      return false;
    const Variable *variable = model.find(node.name);
    return variable && variable->kind != VariableKind::Parameter;
  };
  if (!findNode(*model.spike->lhs, moves) && !findNode(*model.spike->rhs, moves))
    diags.report(diag::err_spike_condition_constant, model.spike->range);
}
