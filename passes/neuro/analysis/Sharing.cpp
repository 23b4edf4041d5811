//===- Sharing.cpp - which values all connections of a projection share ---===//
#include "passes/neuro/analysis/Sharing.h"

using namespace mlir;
using namespace synfire::neuro;

Sharing::Sharing(Operation *op, SynapseOp synapse) : owner(op), synapse(synapse) {
  for (auto attach : op->getRegion(0).getOps<AttachOp>())
    plastic.insert(attach.getParameter());
  auto module = op->getParentOfType<ModuleOp>();
  if (!module)
    return;
  // Walk only the experiments: circuits can be large, and protocols stand nowhere else.
  for (auto experiment : module.getOps<ExperimentOp>())
    experiment.walk([&](AssignOp assign) {
      auto projection = assign.getProjection();
      if (!projection || projection->getRootReference() != nameOf(op) ||
          !projection->getNestedReferences().empty())
        return;
      std::string name = variableName(assign.getVariable());
      assigned.insert(name);
      assign.getBody().walk([&](Operation *inner) {
        if (isa<DrawOp, IndexOp, ColumnOp, DistanceOp, WithinOp, GetOp>(inner))
          assignedSeparately.insert(name);
      });
    });
}

std::string Sharing::whyNotShared(StringRef name) const {
  if (plastic.contains(name))
    return fmt::format("a rule changes `{}`", name.str());
  if (assignedSeparately.contains(name))
    return fmt::format("a protocol may set `{}` differently on each connection", name.str());
  if (findInit(owner, name))
    return fmt::format("`{}` differs from connection to connection", name.str());
  if (auto set = owner->getAttrOfType<DictionaryAttr>("set"))
    if (set.contains(name))
      return "";
  auto parameter = find<ParameterOp>(synapse, name);
  if (!parameter || parameter.getValue())
    return "";
  std::string why;
  parameter.getBody().walk([&](Operation *op) {
    if (!why.empty())
      return;
    if (auto get = dyn_cast<GetOp>(op)) {
      std::string other = variableName(get.getVariable());
      if (get.getSide() != Side::Self || !isShared(other))
        why = fmt::format("the default of `{}` depends on `{}`, which differs from connection to "
                          "connection",
                          name.str(), other);
    } else if (isa<DrawOp, IndexOp, ColumnOp, DistanceOp, WithinOp>(op)) {
      why = fmt::format("the default of `{}` differs from connection to connection", name.str());
    }
  });
  return why;
}

bool Sharing::isShared(StringRef name) const { return whyNotShared(name).empty(); }

std::optional<double> Sharing::fixedValue(StringRef name) const {
  if (assigned.contains(name) || !isShared(name))
    return std::nullopt;
  return uniformParameter(owner, synapse, name);
}
