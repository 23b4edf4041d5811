//===- Holds.cpp ---===//
#include "passes/sim-to-rtl/Holds.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Interfaces/SideEffectInterfaces.h"

using namespace mlir;
using namespace synfire;

namespace {

/// Copies what a value is computed from, with some values in the place of others.
class Rewriter {
public:
  /// What to put in the place of a value, if anything; may call of().
  using Replace = std::function<Value(Rewriter &, Operation *)>;
  Rewriter(std::vector<Operation *> &created, Replace replace)
      : created(created), replace(std::move(replace)) {}

  Value of(Value value) {
    Operation *op = value.getDefiningOp();
    if (!op)
      return value;
    auto [known, isNew] = results.try_emplace(value, value);
    if (!isNew)
      return known->second;
    Value result = compute(op);
    results[value] = result;
    return result;
  }

private:
  Value compute(Operation *op) {
    if (Value other = replace(*this, op))
      return other;
    SmallVector<Value> operands;
    for (Value operand : op->getOperands())
      operands.push_back(of(operand));
    if (llvm::equal(operands, op->getOperands()))
      return op->getResult(0);
    OpBuilder builder(op);
    Operation *copy = builder.clone(*op);
    copy->setOperands(operands);
    created.push_back(copy);
    SmallVector<Value> folded;
    if (succeeded(builder.tryFold(copy, folded)) && folded.size() == 1) {
      if (auto constant = folded.front().getDefiningOp<arith::ConstantOp>())
        created.push_back(constant);
      return folded.front();
    }
    return copy->getResult(0);
  }

  std::vector<Operation *> &created;
  Replace replace;
  DenseMap<Value, Value> results;
};

class Results {
public:
  explicit Results(EnginePlan &engine) : engine(engine), kernel(engine.kernel) {}
  void find();

private:
  /// A value where a condition is known.
  Value assuming(Value value, Value condition, bool high);
  bool isUnchanged(Value next, const StateWord &state);
  bool findHold(StateWord &state);

  EnginePlan &engine;
  sim::KernelOp kernel;
  std::vector<Operation *> created;
  llvm::SetVector<Value> writes; ///< conditions under which states are written
};

Value Results::assuming(Value value, Value condition, bool high) {
  Rewriter rewriter(created, [&](Rewriter &self, Operation *op) -> Value {
    if (op->getResult(0) == condition) {
      OpBuilder builder(op);
      auto constant = arith::ConstantOp::create(builder, op->getLoc(), builder.getBoolAttr(high));
      created.push_back(constant);
      return constant;
    }
    if (auto select = dyn_cast<arith::SelectOp>(op); select && select.getCondition() == condition)
      return self.of(high ? select.getTrueValue() : select.getFalseValue());
    return {};
  });
  return rewriter.of(value);
}

/// Whether a value is that of the state, which saturation leaves as it is.
bool Results::isUnchanged(Value next, const StateWord &state) {
  while (Operation *op = next.getDefiningOp()) {
    if (auto get = dyn_cast<sim::GetOp>(op))
      return get.getField() == state.field;
    auto saturate = dyn_cast<sim::SaturateOp>(op);
    double most = std::exp2(saturate ? double(saturate.getBits()) - 1 : 0);
    if (!isa<sim::RealOp, sim::FixedOp>(op) &&
        !(saturate && double(state.low) >= -most && double(state.high) < most))
      return false;
    next = op->getOperand(0);
  }
  return false;
}

bool Results::findHold(StateWord &state) {
  llvm::SetVector<Value> conditions;
  for (auto select : kernel.getBody().getOps<arith::SelectOp>())
    conditions.insert(select.getCondition());
  for (Value condition : conditions)
    for (bool holds : {false, true}) {
      if (!condition.getDefiningOp() || !isUnchanged(assuming(state.next, condition, holds), state))
        continue;
      state.next = assuming(state.next, condition, !holds);
      if (holds) {
        OpBuilder builder(condition.getContext());
        builder.setInsertionPointAfterValue(condition);
        Location loc = condition.getLoc();
        Value one = arith::ConstantOp::create(builder, loc, builder.getBoolAttr(true));
        condition = arith::XOrIOp::create(builder, loc, condition, one);
      }
      state.writes = condition;
      return true;
    }
  return false;
}

void Results::find() {
  for (auto emit : kernel.getBody().getOps<sim::EmitOp>())
    engine.fires = emit.getFires();
  SmallVector<StateWord *> changing;
  for (auto set : kernel.getBody().getOps<sim::SetOp>())
    for (StateWord &state : engine.states)
      if (state.field == set.getField()) {
        state.next = set.getValue();
        changing.push_back(&state);
      }
  for (StateWord *state : changing)
    if (findHold(*state))
      writes.insert(state->writes);
  // What such a condition must hold for anyway is as it is where the condition holds.
  for (Value condition : writes) {
    Rewriter rewriter(created, [&](Rewriter &, Operation *op) -> Value {
      auto both = dyn_cast<arith::AndIOp>(op);
      if (!both || (both.getLhs() != condition && both.getRhs() != condition))
        return {};
      bool isLeft = both.getLhs() == condition;
      Value other = isLeft ? both.getRhs() : both.getLhs();
      Value then = assuming(other, condition, true);
      if (then == other)
        return {};
      OpBuilder builder(op);
      auto made = arith::AndIOp::create(builder, op->getLoc(), then, condition);
      created.push_back(made);
      return made;
    });
    if (engine.fires)
      engine.fires = rewriter.of(engine.fires);
    for (StateWord *state : changing)
      state->next = rewriter.of(state->next);
  }
  // Attempts that led nowhere would make the kernel longer to follow.
  llvm::SmallPtrSet<Operation *, 8> used;
  auto uses = [&](Value value) {
    if (value && value.getDefiningOp())
      used.insert(value.getDefiningOp());
  };
  uses(engine.fires);
  for (StateWord *state : changing)
    uses(state->next), uses(state->writes);
  llvm::SetVector<Operation *> all(created.begin(), created.end());
  for (bool erased = true; erased;) {
    erased = false;
    for (Operation *op : llvm::to_vector(all))
      if (!used.contains(op) && isOpTriviallyDead(op)) {
        all.remove(op);
        op->erase();
        erased = true;
      }
  }
}

} // namespace

void synfire::findResults(EnginePlan &engine) { Results(engine).find(); }
