//===- Deferred.cpp - what waits at connections for the delay to pass (S2) ---===//
#include "passes/neuro/analysis/Deferred.h"

#include "passes/neuro/analysis/SynapseReads.h"

#include <fmt/format.h>

using namespace mlir;
using namespace synfire::neuro;

/// The state among `states` that is read, or none.
static std::string readOf(Operation *op, const llvm::SetVector<StringRef> &states) {
  auto get = dyn_cast<GetOp>(op);
  std::string name = get ? variableName(get.getVariable()) : "";
  return get && get.getSide() == Side::Self && states.contains(name) ? name : "";
}

SmallVector<Deferred> synfire::neuro::deferredStatements(SynapseOp synapse,
                                                         const llvm::SetVector<StringRef> &states) {
  SmallVector<Deferred> result;
  for (auto handler : synapse.getBody().getOps<OnOp>()) {
    if (handler.getTrigger() != Trigger::Pre)
      continue;
    handler.walk([&](Operation *op) {
      auto change = selfChange(op);
      if (!change || !states.contains(change->name))
        return;
      Deferred deferred{op, change->adds, {}};
      for (Operation *read : readsOf(change->amount)) {
        if (!readOf(read, states).empty())
          deferred.isSum = false;
        else if (!isa<TimestepOp>(read))
          deferred.latched.push_back(read);
      }
      result.push_back(deferred);
    });
  }
  return result;
}

std::string synfire::neuro::whyNotDeferred(SynapseOp synapse,
                                           const llvm::SetVector<StringRef> &states) {
  std::string why;
  for (StringRef state : states)
    if (EquationOp equation = findEquation(synapse, state))
      equation.walk([&](NoiseOp) { why = "its equation has noise"; });
  for (auto handler : synapse.getBody().getOps<OnOp>()) {
    bool post = handler.getTrigger() == Trigger::Post;
    handler.walk([&](Operation *op) {
      auto change = selfChange(op);
      auto add = dyn_cast<AddOp>(op);
      auto release = dyn_cast<ReleaseOp>(op);
      bool waits = change && states.contains(change->name);
      bool arrives = add && add.getSide() == Side::Post;
      if (post && !readOf(op, states).empty())
        why = fmt::format("`on post` reads `{}`, which changes at the arrival", readOf(op, states));
      if (post && waits)
        why = fmt::format("`on post` changes `{}`, which changes at the arrival", change->name);
      Value value = release            ? release.getProbability()
                    : waits            ? change->amount
                    : arrives && !post ? add.getValue()
                                       : Value();
      for (Operation *read : value ? readsOf(value) : SmallVector<Operation *>()) {
        auto get = dyn_cast<GetOp>(read);
        if (waits && get && get.getSide() == Side::Post)
          why = fmt::format("a handler reads `post.{}` at the arrival",
                            variableName(get.getVariable()));
        else if (!waits && !readOf(read, states).empty())
          why = fmt::format("a handler {} `{}`, as it is at the arrival",
                            release ? "has a chance that depends on" : "acts on the target with",
                            readOf(read, states));
      }
    });
  }
  return why;
}
