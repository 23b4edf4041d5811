//===- Guards.cpp - code that only some elements need ---===//
#include "passes/sim-to-loops/Guards.h"

using namespace mlir;

namespace synfire::sim {

Guards findGuards(KernelOp kernel) {
  Guards result;
  // From the last op to the first: all users of an op have been seen, and a select is known to be a
  // guard before what it guards. An op is guarded if all its users are within one guard, or are the
  // select itself, by its unusual side.
  for (Operation &op : llvm::reverse(kernel.getBody().front())) {
    bool plain = isa<arith::ArithDialect, math::MathDialect>(op.getDialect());
    Operation *owner = nullptr;
    bool first = true, one = plain;
    for (OpOperand &use : op.getUses()) {
      Operation *user = use.getOwner();
      Operation *place = result.owners.lookup(user);
      auto guard = result.guards.find(user);
      if (guard != result.guards.end() && use.getOperandNumber() == (guard->second ? 2u : 1u))
        place = user;
      one &= place && (first || place == owner);
      owner = place;
      first = false;
    }
    if (one && owner)
      result.owners[&op] = owner;
    if (auto select = dyn_cast<arith::SelectOp>(op))
      if (auto usually = select->getAttrOfType<BoolAttr>("sim.usually"))
        result.guards[&op] = usually.getValue();
  }
  return result;
}

} // namespace synfire::sim
