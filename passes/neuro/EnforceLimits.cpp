//===- EnforceLimits.cpp - neuro-enforce-limits: effect and bounds of priors ---===//
#include "passes/neuro/Passes.h"
#include "passes/neuro/analysis/Expression.h"
#include "passes/neuro/analysis/WeightLimits.h"

#include <cmath>

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

/// The limits that priors set the weights of a projection: numbers, or other ones for parts of it.
class Limits {
public:
  explicit Limits(ProjectionOp projection)
      : projection(projection), whole(limitsOf(projection)), classes(classesOf(projection)) {
    for (ConstrainOp constraint : constraintsOf(projection))
      if (Interval limits = limitsOf(constraint, projection);
          !limits.isAll() && !isOfWhole(constraint, projection))
        for (const ConnectionPart &part : partsOf(constraint, projection))
          partial.push_back({part, limits});
  }

  bool areNone() const { return whole.isAll() && partial.empty(); }
  bool differ() const { return !partial.empty(); }
  bool has(bool lower) const {
    return isEnd(whole, lower) ||
           llvm::any_of(partial, [&](auto &one) { return isEnd(one.second, lower); });
  }
  double number(bool lower) const { return lower ? whole.low : whole.high; }

  /// Whether all weights are inside; `of` tells where those of a class are.
  bool contain(llvm::function_ref<Interval(const ConnectionClass &)> of) const {
    return llvm::all_of(classes, [&](const ConnectionClass &connections) {
      return limitsOf(connections).contains(of(connections));
    });
  }

  /// The limit of a connection; of one without it, the largest number.
  Value emit(OpBuilder &b, Location loc, bool lower) const {
    auto numberOf = [&](double x) -> Value {
      constexpr double most = std::numeric_limits<double>::max();
      return arith::ConstantOp::create(b, loc,
                                       b.getF64FloatAttr(std::fmin(std::fmax(x, -most), most)));
    };
    Value value = numberOf(number(lower));
    for (auto &[part, limits] : partial) {
      if (!isEnd(limits, lower))
        continue;
      Value within = WithinOp::create(b, loc, b.getI1Type(), b.getDenseI64ArrayAttr(part.sources),
                                      b.getDenseI64ArrayAttr(part.targets));
      Value end = numberOf(lower ? limits.low : limits.high);
      Value inside = lower ? Value(arith::MaximumFOp::create(b, loc, value, end))
                           : Value(arith::MinimumFOp::create(b, loc, value, end));
      value = arith::SelectOp::create(b, loc, within, inside, value);
    }
    return value;
  }

private:
  static bool isEnd(const Interval &limits, bool lower) {
    return lower ? limits.low != -Interval::infinity : limits.high != Interval::infinity;
  }

  ProjectionOp projection;
  Interval whole;
  SmallVector<ConnectionClass> classes;
  SmallVector<std::pair<ConnectionPart, Interval>> partial;
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
        Limits limits(projection);
        if (limits.areNone() || !findDeclaration(synapseOf(projection), "weight"))
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

  void limitChanges(ProjectionOp projection, const Limits &limits) {
    bool lower = limits.has(true), upper = limits.has(false);
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
    for (auto [has, isLower, parameter] :
         {std::tuple(lower, true, lowerLimitName), std::tuple(upper, false, upperLimitName)})
      if (has)
        setParameter(projection, parameter, limits, isLower);
  }

  static void setParameter(ProjectionOp projection, StringRef name, const Limits &limits,
                           bool lower) {
    if (!limits.differ()) {
      NamedAttrList set(projection.getSet());
      set.set(name, Builder(projection.getContext()).getF64FloatAttr(limits.number(lower)));
      projection.setSetAttr(set.getDictionary(projection.getContext()));
      return;
    }
    OpBuilder builder = OpBuilder::atBlockBegin(&projection.getBody().front());
    auto init = InitOp::create(builder, projection.getLoc(), name);
    builder.setInsertionPointToStart(&init.getBody().emplaceBlock());
    Value limit = limits.emit(builder, projection.getLoc(), lower);
    YieldOp::create(builder, projection.getLoc(), limit);
  }

  /// What the block yields, moved to the nearest limit.
  static void limitYield(Block &body, const Limits &limits) {
    Operation *end = body.getTerminator();
    OpBuilder builder(end);
    Location loc = end->getLoc();
    Value value = end->getOperand(0);
    if (limits.has(true))
      value = arith::MaximumFOp::create(builder, loc, value, limits.emit(builder, loc, true));
    if (limits.has(false))
      value = arith::MinimumFOp::create(builder, loc, value, limits.emit(builder, loc, false));
    end->setOperand(0, value);
  }

  /// Draws are moved inside; what the user measured stays, and is checked when the model is built.
  void limitStart(ProjectionOp projection, const Limits &limits) {
    if (readsFile(projection, "weight") || limits.contain([&](const ConnectionClass &connections) {
          return startOf(projection, synapseOf(projection), "weight", &connections);
        }))
      return;
    if (InitOp init = findInit(projection, "weight"))
      return limitYield(init.getBody().front(), limits);
    // The default of the synapse, or one number: the projection takes it over for each connection.
    Operation *declared = findDeclaration(synapseOf(projection), "weight");
    OpBuilder builder = OpBuilder::atBlockBegin(&projection.getBody().front());
    auto init = InitOp::create(builder, declared->getLoc(), "weight");
    NamedAttrList set(projection.getSet());
    auto given = dyn_cast_or_null<FloatAttr>(set.erase("weight"));
    projection.setSetAttr(set.getDictionary(projection.getContext()));
    FloatAttr number = given ? given : declared->getAttrOfType<FloatAttr>("value");
    if (number) {
      builder.setInsertionPointToStart(&init.getBody().emplaceBlock());
      Value value = arith::ConstantOp::create(builder, declared->getLoc(), number);
      YieldOp::create(builder, declared->getLoc(), value);
    } else {
      IRMapping map;
      declared->getRegion(0).cloneInto(&init.getBody(), map);
    }
    limitYield(init.getBody().front(), limits);
  }

  void limitAssignments(ProjectionOp projection, const Limits &limits) {
    for (auto experiment : getOperation().getOps<ExperimentOp>())
      experiment.walk([&](AssignOp assign) {
        auto changed = assign.getProjection();
        bool isWeight = changed && changed->getRootReference() == projection.getSymName() &&
                        variableName(assign.getVariable()) == "weight";
        if (isWeight && !limits.contain([&](const ConnectionClass &connections) {
              return assignedTo(projection, "weight", &connections);
            }))
          limitYield(assign.getBody().front(), limits);
      });
  }

  llvm::StringMap<SynapseOp> types;
};

} // namespace
