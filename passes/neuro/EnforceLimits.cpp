//===- EnforceLimits.cpp - neuro-enforce-limits: effect and bounds of priors ---===//
#include "passes/neuro/Passes.h"
#include "passes/neuro/analysis/Expression.h"
#include "passes/neuro/analysis/WeightLimits.h"

namespace synfire::neuro {
#define GEN_PASS_DEF_NEUROENFORCELIMITS
#include "passes/neuro/Passes.h.inc"
} // namespace synfire::neuro

using namespace mlir;
using namespace synfire::neuro;

namespace {

/// Gives a synapse type limits of its weight: parameters that each projection sets.
class LimitedType {
public:
  LimitedType(SynapseOp synapse, bool lower, bool upper)
      : synapse(synapse), lower(lower), upper(upper) {
    OpBuilder builder = OpBuilder::atBlockBegin(&synapse.getBody().front());
    auto weight = find<StateOp>(synapse, "weight");
    for (auto [has, name] : {std::pair(lower, lowerLimitName), std::pair(upper, upperLimitName)})
      if (has)
        ParameterOp::create(builder, synapse.getLoc(), name, builder.getF64FloatAttr(0.0),
                            weight.getUnit(), StringAttr());
    SmallVector<Operation *> statements;
    synapse.walk([&](Operation *op) {
      if (auto add = dyn_cast<AddOp>(op);
          add && add.getSide() == Side::Self && variableName(add.getVariable()) == "weight")
        statements.push_back(op);
      else if (auto set = dyn_cast<SetOp>(op); set && variableName(set.getVariable()) == "weight")
        statements.push_back(op);
    });
    for (Operation *op : statements)
      limitStatement(op);
    if (EquationOp equation = findEquation(synapse, "weight"))
      addWall(equation);
  }

private:
  Value read(OpBuilder &builder, Location loc, StringRef name) {
    return GetOp::create(builder, loc, builder.getF64Type(), Side::Self,
                         FlatSymbolRefAttr::get(builder.getContext(), name));
  }

  Value limit(OpBuilder &builder, Location loc, Value value) {
    if (lower)
      value = arith::MaximumFOp::create(builder, loc, value, read(builder, loc, lowerLimitName));
    if (upper)
      value = arith::MinimumFOp::create(builder, loc, value, read(builder, loc, upperLimitName));
    return value;
  }

  void limitStatement(Operation *op) {
    OpBuilder builder(op);
    Location loc = op->getLoc();
    auto add = dyn_cast<AddOp>(op);
    Value value = add ? add.getValue() : cast<SetOp>(op).getValue();
    if (add)
      value = arith::AddFOp::create(builder, loc, read(builder, loc, "weight"), value);
    SetOp::create(builder, loc, FlatSymbolRefAttr::get(op->getContext(), "weight"),
                  limit(builder, loc, value));
    op->erase();
  }

  /// What an equation moves stays inside as well: one wall at what is inside of all bounds.
  void addWall(EquationOp equation) {
    constexpr double most = std::numeric_limits<double>::max();
    Location loc = equation.getLoc();
    for (auto bound : synapse.getBody().getOps<BoundOp>())
      if (bound.getVariable() == "weight") {
        Operation *end = bound.getBody().front().getTerminator();
        OpBuilder builder(end);
        for (unsigned i = 0; i < 2; ++i)
          end->setOperand(i, limit(builder, loc, end->getOperand(i)));
        return;
      }
    OpBuilder builder(equation);
    auto bound =
        BoundOp::create(builder, loc, FlatSymbolRefAttr::get(builder.getContext(), "weight"));
    builder.setInsertionPointToStart(&bound.getBody().emplaceBlock());
    SmallVector<Value> ends;
    for (auto [has, name, none] :
         {std::tuple(lower, lowerLimitName, -most), std::tuple(upper, upperLimitName, most)})
      ends.push_back(
          has ? read(builder, loc, name)
              : Value(arith::ConstantOp::create(builder, loc, builder.getF64FloatAttr(none))));
    YieldOp::create(builder, loc, ends);
  }

  SynapseOp synapse;
  bool lower, upper;
};

struct NeuroEnforceLimitsPass
    : synfire::neuro::impl::NeuroEnforceLimitsBase<NeuroEnforceLimitsPass> {
  void runOnOperation() override {
    for (auto circuit : getOperation().getOps<CircuitOp>()) {
      Constraints constraints(circuit);
      for (auto projection : circuit.getBody().getOps<ProjectionOp>()) {
        if (constraints.on(projection).empty())
          continue;
        storeWeight(projection, constraints.on(projection));
        Interval limits = constraints.limitsOf(projection);
        if (limits.isAll() || !findDeclaration(synapseOf(projection), "weight"))
          continue;
        limitStart(projection, limits);
        limitAssignments(projection, limits);
        if (find<StateOp>(synapseOf(projection), "weight"))
          limitChanges(projection, limits);
      }
    }
  }

private:
  /// What constraints change at the start differs from connection to connection from then on.
  static void storeWeight(ProjectionOp projection, ArrayRef<ConstrainOp> constraints) {
    bool moved = llvm::any_of(constraints, [](ConstrainOp constraint) {
      Predicate predicate = constraint.getPredicate();
      return predicate == Predicate::Sum || predicate == Predicate::Tied ||
             predicate == Predicate::Symmetric;
    });
    auto weight = find<ParameterOp>(synapseOf(projection), "weight");
    if (!moved || !weight || findInit(projection, "weight"))
      return;
    OpBuilder builder = OpBuilder::atBlockBegin(&projection.getBody().front());
    auto init = InitOp::create(builder, projection.getLoc(), "weight");
    NamedAttrList set(projection.getSet());
    auto given = dyn_cast_or_null<FloatAttr>(set.erase("weight"));
    projection.setSetAttr(set.getDictionary(projection.getContext()));
    FloatAttr number = given ? given : weight.getValueAttr();
    if (!number) {
      IRMapping map;
      weight.getBody().cloneInto(&init.getBody(), map);
      return;
    }
    builder.setInsertionPointToStart(&init.getBody().emplaceBlock());
    Value value = arith::ConstantOp::create(builder, projection.getLoc(), number);
    YieldOp::create(builder, projection.getLoc(), value);
  }

  void limitChanges(ProjectionOp projection, const Interval &limits) {
    bool lower = limits.low != -Interval::infinity, upper = limits.high != Interval::infinity;
    std::string name = projection.getSynapse().str();
    name += lower ? lowerLimitName : "";
    name += upper ? upperLimitName : "";
    SynapseOp &limited = types[name];
    if (!limited) {
      SynapseOp synapse = synapseOf(projection);
      OpBuilder builder(synapse);
      builder.setInsertionPointAfter(synapse);
      limited = cast<SynapseOp>(builder.clone(*synapse));
      limited.setSymName(name);
      LimitedType(limited, lower, upper);
    }
    projection.setSynapse(name);
    NamedAttrList set(projection.getSet());
    Builder builder(projection.getContext());
    if (lower)
      set.set(lowerLimitName, builder.getF64FloatAttr(limits.low));
    if (upper)
      set.set(upperLimitName, builder.getF64FloatAttr(limits.high));
    projection.setSetAttr(set.getDictionary(projection.getContext()));
  }

  /// What the block yields, moved to the nearest limit.
  static void limitYield(Block &body, const Interval &limits) {
    Operation *end = body.getTerminator();
    OpBuilder builder(end);
    Value value = end->getOperand(0);
    auto number = [&](double x) {
      return arith::ConstantOp::create(builder, end->getLoc(), builder.getF64FloatAttr(x));
    };
    if (limits.low != -Interval::infinity)
      value = arith::MaximumFOp::create(builder, end->getLoc(), value, number(limits.low));
    if (limits.high != Interval::infinity)
      value = arith::MinimumFOp::create(builder, end->getLoc(), value, number(limits.high));
    end->setOperand(0, value);
  }

  /// Draws are moved inside; what the user measured stays, and is checked when the model is built.
  void limitStart(ProjectionOp projection, const Interval &limits) {
    if (limits.contains(startOf(projection, synapseOf(projection), "weight")) ||
        readsFile(projection, "weight"))
      return;
    if (InitOp init = findInit(projection, "weight"))
      return limitYield(init.getBody().front(), limits);
    // The default of the synapse draws: the projection takes it over.
    Operation *declared = findDeclaration(synapseOf(projection), "weight");
    OpBuilder builder = OpBuilder::atBlockBegin(&projection.getBody().front());
    auto init = InitOp::create(builder, declared->getLoc(), "weight");
    IRMapping map;
    declared->getRegion(0).cloneInto(&init.getBody(), map);
    limitYield(init.getBody().front(), limits);
  }

  void limitAssignments(ProjectionOp projection, const Interval &limits) {
    for (auto experiment : getOperation().getOps<ExperimentOp>())
      experiment.walk([&](AssignOp assign) {
        auto changed = assign.getProjection();
        if (changed && changed->getRootReference() == projection.getSymName() &&
            variableName(assign.getVariable()) == "weight" &&
            !limits.contains(assignedTo(projection, "weight")))
          limitYield(assign.getBody().front(), limits);
      });
  }

  llvm::StringMap<SynapseOp> types;
};

} // namespace
