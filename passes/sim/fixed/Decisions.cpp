//===- Decisions.cpp ---===//
#include "passes/sim/fixed/Decisions.h"
#include "passes/sim/fixed/Paths.h"

#include "llvm/ADT/DenseSet.h"

using namespace mlir;
using namespace synfire::sim;

namespace {

/// Whether an integer or a flag follows from spikes, steps, random numbers and constants alone.
/// What a whole field holds does, because only such values are ever set (below).
bool followsFromSpikes(Value value, const llvm::DenseSet<Value> &spikes) {
  Operation *op = value.getDefiningOp();
  if (spikes.contains(value) || constantOf(value))
    return true;
  if (!op || isa<FloatType>(value.getType()) || isa<arith::CmpFOp, CollectOp, RoundOp>(op))
    return false;
  return llvm::all_of(op->getOperands(),
                      [&](Value operand) { return followsFromSpikes(operand, spikes); });
}

bool isSame(Value a, Value b) {
  auto x = constantOf(a), y = constantOf(b);
  return a == b || (x && y && *x == *y);
}

/// The larger or the smaller of two.
bool isBetweenCompared(arith::SelectOp select) {
  auto compare = select.getCondition().getDefiningOp<arith::CmpFOp>();
  if (!compare)
    return false;
  Value left = compare.getLhs(), right = compare.getRhs();
  Value a = select.getTrueValue(), b = select.getFalseValue();
  return (isSame(left, a) && isSame(right, b)) || (isSame(left, b) && isSame(right, a));
}

} // namespace

bool synfire::sim::spikesDecideAll(KernelOp kernel) {
  llvm::DenseSet<Value> spikes;
  for (auto emit : kernel.getBody().getOps<EmitOp>())
    spikes.insert(emit.getFires());
  for (Operation &op : kernel.getBody().front()) {
    if (auto select = dyn_cast<arith::SelectOp>(op);
        select && !isBetweenCompared(select) && isa<FloatType>(select.getType()) &&
        !followsFromSpikes(select.getCondition(), spikes))
      return false;
    if (auto set = dyn_cast<SetOp>(op); set && !isa<FloatType>(set.getValue().getType()) &&
                                        !followsFromSpikes(set.getValue(), spikes))
      return false;
  }
  return true;
}
