//===- SharedReceptor.cpp - projections that may add to one set of lumped states ---===//
#include "passes/neuro/analysis/Expression.h"
#include "passes/neuro/analysis/Lumping.h"
#include "passes/neuro/analysis/SynapseReads.h"

using namespace mlir;
using namespace synfire::neuro;

bool synfire::neuro::mayShareReceptor(const Lumping &first, const Lumping &second) {
  if (first.synapse() != second.synapse() || first.lumped().empty() ||
      first.lumped().size() != second.lumped().size())
    return false;
  for (auto [a, b] : llvm::zip(first.lumped(), second.lumped()))
    if (a != b)
      return false;
  bool equal = true;
  auto check = [&](Operation *read) {
    auto get = dyn_cast<GetOp>(read);
    if (!get || get.getSide() != Side::Self)
      return;
    std::string name = variableName(get.getVariable());
    SynapseOp synapse = first.synapse();
    std::function<void(StringRef)> compare = [&](StringRef parameter) {
      auto declaration = find<ParameterOp>(synapse, parameter);
      if (!declaration)
        return;
      auto a = first.sharing().fixedValue(parameter), b = second.sharing().fixedValue(parameter);
      bool assigned =
          first.sharing().isAssigned(parameter) || second.sharing().isAssigned(parameter);
      if (a && b && *a == *b)
        return;
      if (a || b || assigned || declaration.getBody().empty()) {
        equal = false;
        return;
      }
      // Both have the default that is computed from other parameters.
      declaration.getBody().walk([&](GetOp inner) { compare(variableName(inner.getVariable())); });
    };
    compare(name);
  };
  for (StateOp state : first.lumped())
    if (EquationOp equation = findEquation(first.synapse(), state.getSymName()))
      forEachRead(first.synapse(), equation.getBody().front(), check);
  for (auto contribution : first.synapse().getBody().getOps<ContributeOp>())
    if (first.isSubstituted(contribution))
      forEachRead(first.synapse(), contribution.getBody().front(), check);
  return equal;
}
