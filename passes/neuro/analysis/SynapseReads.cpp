//===- SynapseReads.cpp - what expressions of a synapse read, and statements change ---===//
#include "passes/neuro/analysis/SynapseReads.h"

#include "passes/neuro/analysis/Expression.h"

using namespace mlir;
using namespace synfire::neuro;

void synfire::neuro::forEachRead(SynapseOp synapse, Block &body,
                                 llvm::function_ref<void(Operation *)> fn) {
  body.walk([&](Operation *op) {
    auto get = dyn_cast<GetOp>(op);
    if (get && get.getSide() == Side::Self)
      if (auto let = find<LetOp>(synapse, variableName(get.getVariable())))
        return forEachRead(synapse, let.getBody().front(), fn);
    if (isRead(op))
      fn(op);
  });
}

bool synfire::neuro::readsAny(SynapseOp synapse, Block &body,
                              const llvm::SetVector<StringRef> &names) {
  bool found = false;
  forEachRead(synapse, body, [&](Operation *op) {
    auto get = dyn_cast<GetOp>(op);
    found |= get && get.getSide() == Side::Self && names.contains(variableName(get.getVariable()));
  });
  return found;
}

std::optional<Change> synfire::neuro::selfChange(Operation *op) {
  if (auto add = dyn_cast<AddOp>(op); add && add.getSide() == Side::Self)
    return Change{op, variableName(add.getVariable()), add.getValue(), true};
  if (auto set = dyn_cast<SetOp>(op))
    return Change{op, variableName(set.getVariable()), set.getValue(), false};
  return std::nullopt;
}

SmallVector<Operation *> synfire::neuro::readsOf(Value root) {
  SmallVector<Operation *> reads;
  llvm::SetVector<Operation *> seen;
  SmallVector<Value> work{root};
  while (!work.empty()) {
    Operation *op = work.pop_back_val().getDefiningOp();
    if (!op || !seen.insert(op))
      continue;
    if (isRead(op))
      reads.push_back(op);
    llvm::append_range(work, op->getOperands());
  }
  return reads;
}
