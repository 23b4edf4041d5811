//===- ResolveSteady.cpp - start values at rest (N2) ---===//
#include "passes/neuro/Passes.h"
#include "passes/neuro/analysis/Expression.h"
#include "passes/neuro/analysis/Model.h"
#include "passes/neuro/analysis/Split.h"

#include "llvm/ADT/StringSet.h"

namespace synfire::neuro {
#define GEN_PASS_DEF_NEURORESOLVESTEADY
#include "passes/neuro/Passes.h.inc"
} // namespace synfire::neuro

using namespace mlir;
using namespace synfire::neuro;

namespace {

struct NeuroResolveSteadyPass
    : synfire::neuro::impl::NeuroResolveSteadyBase<NeuroResolveSteadyPass> {
  void runOnOperation() override {
    for (Operation &op : getOperation().getOps())
      if (isa<NeuronOp, SynapseOp, PlasticityOp>(op) && failed(resolveIn(&op)))
        return signalPassFailure();
  }

private:
  LogicalResult resolveIn(Operation *owner) {
    SmallVector<StateOp> steady;
    for (auto state : owner->getRegion(0).getOps<StateOp>())
      if (state.getSteady())
        steady.push_back(state);
    for (StateOp state : steady)
      if (failed(resolve(owner, state)))
        return failure();
    for (StateOp state : steady) {
      llvm::StringSet<> open;
      if (failed(checkNoCycle(owner, state, state, open)))
        return failure();
    }
    return success();
  }

  // The root of a x + b.
  LogicalResult resolve(Operation *owner, StateOp state) {
    StringRef name = state.getSymName();
    EquationOp equation = findEquation(owner, name);
    if (!equation)
      return state.emitOpError() << "`" << name << "` is `steady` but has no equation; give it a "
                                 << "start value";
    OpBuilder builder(state.getContext());
    Block *body = builder.createBlock(&state.getBody());
    Location loc = equation.getLoc();
    auto constant = [&](double value) {
      return arith::ConstantOp::create(builder, loc, builder.getF64FloatAttr(value)).getResult();
    };
    Value self = constant(0.0);
    Value root = copyExpression(builder, equation.getBody().front(), [&](Operation *op) {
                   if (isa<NoiseOp, TimeOp>(op))
                     return constant(0.0);
                   auto get = dyn_cast<GetOp>(op);
                   if (!get || get.getSide() != Side::Self)
                     return Value();
                   std::string read = variableName(get.getVariable());
                   if (read == name)
                     return self;
                   return find<InputOp>(owner, read) ? constant(0.0) : Value();
                 }).front();
    std::optional<AffineParts> parts = splitAffine(builder, root, self);
    if (!parts)
      return state.emitOpError() << "the steady value of `" << name
                                 << "` is not unique, or not known: its equation is not linear in `"
                                 << name << "`; give it a start value";
    if (!parts->coefficients[0])
      return state.emitOpError() << "`" << name << "` has no steady value: its equation does not "
                                 << "depend on it; give it a start value";
    Value offset = parts->constant ? parts->constant : constant(0.0);
    Value negative = arith::NegFOp::create(builder, loc, offset);
    Value value = arith::DivFOp::create(builder, loc, negative, parts->coefficients[0]);
    YieldOp::create(builder, loc, value);
    eraseDead(*body);
    state.setSteady(false);
    return success();
  }

  static void eraseDead(Block &body) {
    SmallVector<Operation *> ops;
    for (Operation &op : body.without_terminator())
      ops.push_back(&op);
    for (Operation *op : llvm::reverse(ops)) // users come after what they use
      if (op->use_empty())
        op->erase();
  }

  LogicalResult checkNoCycle(Operation *owner, StateOp start, StateOp state,
                             llvm::StringSet<> &open) {
    if (!open.insert(state.getSymName()).second)
      return start.emitOpError()
             << "the steady values of `" << start.getSymName()
             << "` and of the states it depends on need each other; give one of "
             << "them a start value";
    WalkResult walked = state.getBody().walk([&](GetOp get) {
      auto other = find<StateOp>(owner, variableName(get.getVariable()));
      return other && get.getSide() == Side::Self && failed(checkNoCycle(owner, start, other, open))
                 ? WalkResult::interrupt()
                 : WalkResult::advance();
    });
    open.erase(state.getSymName());
    return failure(walked.wasInterrupted());
  }
};

} // namespace
