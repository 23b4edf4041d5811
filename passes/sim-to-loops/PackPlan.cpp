//===- PackPlan.cpp - what is done when, where spikes are packed ---===//
#include "passes/sim-to-loops/PackPlan.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Math/IR/Math.h"

#include "llvm/ADT/StringSet.h"

using namespace mlir;

namespace synfire::sim {

PackPlan::PackPlan(KernelOp kernel, const DenseSet<Operation *> &varying) {
  Block &body = kernel.getBody().front();
  SmallVector<RecallOp> recalls(body.getOps<RecallOp>());
  if (recalls.size() != 1)
    return;
  packed = recalls.front();
  divide(body, varying);
  if (!canPack(varying)) {
    *this = PackPlan();
    return;
  }
  keep(body, varying);
}

bool PackPlan::needsElapsed() const {
  RecallOp op = packed;
  return !op.getBody().getArgument(op.getStart().size()).use_empty();
}

bool PackPlan::needsSince() const {
  RecallOp op = packed;
  return !op.getBody().getArgument(op.getStart().size() + 1).use_empty();
}

/// What waits for the spikes: what depends on them, what others can see, and what was latched at
/// the last spike, whose place is known early and whose value is read where places are in memory.
void PackPlan::divide(Block &body, const DenseSet<Operation *> &varying) {
  DenseSet<Value> late;
  for (Value result : packed->getResults().drop_back()) // the age is found with the spikes
    late.insert(result);
  llvm::StringSet<> written;
  for (Operation &op : body) {
    if (!varying.count(&op) || &op == packed)
      continue;
    bool waits = isa<SetOp, SendOp, DeferOp, RoundOp, LatestOp>(op);
    if (auto get = dyn_cast<GetOp>(op))
      waits |= written.contains(get.getField());
    op.walk([&](Operation *inner) {
      for (Value operand : inner->getOperands())
        waits |= late.contains(operand);
    });
    if (auto set = dyn_cast<SetOp>(op))
      written.insert(set.getField());
    if (!waits)
      continue;
    after.insert(&op);
    if (auto latest = dyn_cast<LatestOp>(op))
      latestSpikes.push_back(latest);
    late.insert_range(op.getResults());
  }
}

/// Ages are looked up in the phase that finds their steps.
bool PackPlan::canPack(const DenseSet<Operation *> &varying) {
  for (Operation *op : after)
    if (auto lookup = dyn_cast<LookupOp>(op))
      if (Operation *made = lookup.getAge().getDefiningOp(); !made || !after.contains(made))
        return false;
  bool can = true;
  DenseSet<Value> late;
  for (Operation *op : after)
    late.insert_range(op->getResults());
  packed->walk([&](Operation *op) {
    can &= llvm::none_of(op->getOperands(), [&](Value operand) { return late.contains(operand); });
  });
  packed.getBody().walk([&](Operation *op) {
    if (!varying.count(op))
      return;
    bool isArithmetic =
        isa<arith::ArithDialect>(op->getDialect()) || isa<math::MathDialect>(op->getDialect());
    can &= isArithmetic || isa<GetOp, LookupOp, RememberedOp, YieldOp>(op);
    remembers |= isa<RememberedOp>(op);
    if (auto get = dyn_cast<GetOp>(op))
      readsOfSpikes.push_back(get);
  });
  return can;
}

void PackPlan::keep(Block &body, const DenseSet<Operation *> &varying) {
  DenseSet<Value> early;
  for (GetOp get : readsOfSpikes)
    early.insert(get.getResult());
  for (Operation &op : body)
    if (varying.count(&op) && !after.contains(&op) && &op != packed)
      early.insert_range(op.getResults());
  early.insert(packed.getAge());
  auto need = [&](Operation *op) {
    for (Value operand : op->getOperands())
      if (early.contains(operand))
        keptValues.insert(operand);
  };
  packed.getBody().walk(need);
  for (Operation &op : body)
    if (after.contains(&op))
      op.walk(need);
}

} // namespace synfire::sim
