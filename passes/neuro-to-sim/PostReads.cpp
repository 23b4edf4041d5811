//===- PostReads.cpp - what connections remember of the spikes at both ends ---===//
#include "passes/neuro-to-sim/PostReads.h"

#include "passes/neuro-to-sim/Arrivals.h"

using namespace mlir;
using namespace synfire;
using namespace synfire::neuro;

bool synfire::isPostSide(const Lumping &lumping, StringRef state) {
  return lumping.placeOf(state) == neuro::Placement::Post;
}

PostReads::PostReads(const Lumping &lumping) {
  for (Operation &op : lumping.synapse().getBody().front()) {
    auto on = dyn_cast<OnOp>(op);
    if (!on && !isa<EveryOp>(op))
      continue;
    bool post = on && on.getTrigger() == Trigger::Post;
    op.walk<WalkOrder::PreOrder>([&](GetOp get) {
      if (get.getSide() != Side::Self)
        return;
      auto state = find<StateOp>(lumping.synapse(), variableName(get.getVariable()));
      if (!state)
        return;
      StringRef name = state.getSymName();
      if (post && isPostSide(lumping, name))
        remembered.push_back(get);
      else if (isPostSide(lumping, name))
        afterPost.insert(name);
      else if (post && isSourceSide(lumping, name))
        afterPre.insert(name);
    });
  }
}
