//===- Guards.cpp - code that only some elements need ---===//
#include "passes/sim-to-loops/Guards.h"

using namespace mlir;

namespace synfire::sim {

void Guards::find(Block &block) {
  // From the last op to the first: all users of an op have been seen, and a select is known to be a
  // guard before what it guards. An op is guarded if all its users are within one guard, or are the
  // select itself, by its unusual side.
  for (Operation &op : llvm::reverse(block)) {
    bool plain = isa<arith::ArithDialect, math::MathDialect>(op.getDialect());
    Operation *owner = nullptr;
    bool first = true, one = plain;
    for (OpOperand &use : op.getUses()) {
      Operation *user = use.getOwner();
      Operation *place = owners.lookup(user);
      auto guard = guards.find(user);
      if (guard != guards.end() && use.getOperandNumber() == (guard->second ? 2u : 1u))
        place = user;
      one &= place && (first || place == owner);
      owner = place;
      first = false;
    }
    if (one && owner)
      owners[&op] = owner;
    if (auto select = dyn_cast<arith::SelectOp>(op))
      if (auto usually = select->getAttrOfType<BoolAttr>("sim.usually"))
        guards[&op] = usually.getValue();
  }
}

void emitGuarded(Emitter &e, arith::SelectOp select, bool usual, int64_t lanes, IRMapping &map,
                 llvm::function_ref<void()> emitUnusual) {
  Value condition = e.splat(map.lookup(select.getCondition()), lanes);
  Value needed = condition;
  if (usual)
    needed = arith::XOrIOp::create(
        e, condition, e.splat(arith::ConstantOp::create(e, e.getBoolAttr(true)), lanes));
  if (lanes > 1)
    needed = vector::ReductionOp::create(e, vector::CombiningKind::OR, needed);
  Value common = e.splat(map.lookup(usual ? select.getTrueValue() : select.getFalseValue()), lanes);
  auto branch = scf::IfOp::create(e, TypeRange{common.getType()}, needed, /*withElseRegion=*/true);
  OpBuilder::InsertionGuard guard(e);
  e.setInsertionPointToStart(branch.elseBlock());
  scf::YieldOp::create(e, common);
  e.setInsertionPointToStart(branch.thenBlock());
  emitUnusual();
  Value other = e.splat(map.lookup(usual ? select.getFalseValue() : select.getTrueValue()), lanes);
  Value chosen =
      arith::SelectOp::create(e, condition, usual ? common : other, usual ? other : common);
  scf::YieldOp::create(e, chosen);
  map.map(select.getResult(), branch.getResult(0));
}

} // namespace synfire::sim
