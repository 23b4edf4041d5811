//===- LowerStructure.cpp - neuro-lower-structure: connections that go and come ---===//
#include "passes/neuro/Passes.h"
#include "passes/neuro/analysis/Expression.h"
#include "passes/neuro/analysis/WeightLimits.h"

namespace synfire::neuro {
#define GEN_PASS_DEF_NEUROLOWERSTRUCTURE
#include "passes/neuro/Passes.h.inc"
} // namespace synfire::neuro

using namespace mlir;
using namespace synfire::neuro;

namespace {

/// The weight that a connection has when it grows.
constexpr StringLiteral startName = "#start";
constexpr double defaultPeriod = 1000; // ms, as for constraints (R2)

/// Makes a synapse type say whether a connection is there, and what prunes and grows it.
class StructuredType {
public:
  explicit StructuredType(SynapseOp synapse) : synapse(synapse) {}

  void rewrite() {
    auto weight = find<StateOp>(synapse, "weight");
    OpBuilder builder(weight);
    builder.setInsertionPointAfter(weight);
    auto present = StateOp::create(builder, synapse.getLoc(), builder.getStringAttr(presentName),
                                   builder.getF64FloatAttr(1.0), builder.getStringAttr("1"),
                                   UnitAttr(), StringAttr());
    for (StateOp state : {weight, present}) {
      state->setAttr("plastic", builder.getUnitAttr());
      state->setAttr("stored", builder.getUnitAttr());
    }
    guardWrites();
    SmallVector<Operation *> rules;
    for (Operation &op : synapse.getBody().front())
      if (isa<PruneOp, GrowOp>(op))
        rules.push_back(&op);
    for (Operation *op : rules) {
      if (auto prune = dyn_cast<PruneOp>(op))
        lowerPrune(prune);
      else
        lowerGrow(cast<GrowOp>(op), weight);
      op->erase();
    }
  }

private:
  Value read(OpBuilder &builder, Location loc, StringRef name) {
    return GetOp::create(builder, loc, builder.getF64Type(), Side::Self,
                         FlatSymbolRefAttr::get(builder.getContext(), name));
  }
  void write(OpBuilder &builder, Location loc, StringRef name, Value value) {
    SetOp::create(builder, loc, FlatSymbolRefAttr::get(builder.getContext(), name), value);
  }
  Value number(OpBuilder &builder, Location loc, double value) {
    return arith::ConstantOp::create(builder, loc, builder.getF64FloatAttr(value));
  }
  /// A flag is above one half.
  Value holds(OpBuilder &builder, Location loc, StringRef name, bool wanted = true) {
    return arith::CmpFOp::create(builder, loc,
                                 wanted ? arith::CmpFPredicate::OGT : arith::CmpFPredicate::OLT,
                                 read(builder, loc, name), number(builder, loc, 0.5));
  }

  /// The weight of a connection that is not there is 0, and stays.
  void guardWrites() {
    SmallVector<Operation *> statements;
    synapse.walk([&](Operation *op) {
      auto add = dyn_cast<AddOp>(op);
      auto set = dyn_cast<SetOp>(op);
      if ((add && add.getSide() == Side::Self && variableName(add.getVariable()) == "weight") ||
          (set && variableName(set.getVariable()) == "weight"))
        statements.push_back(op);
    });
    for (Operation *op : statements) {
      OpBuilder builder(op);
      Location loc = op->getLoc();
      auto add = dyn_cast<AddOp>(op);
      Value value = add ? add.getValue() : cast<SetOp>(op).getValue();
      if (add)
        value = arith::AddFOp::create(builder, loc, read(builder, loc, "weight"), value);
      write(builder, loc, "weight",
            arith::SelectOp::create(builder, loc, holds(builder, loc, presentName), value,
                                    number(builder, loc, 0.0)));
      op->erase();
    }
    if (EquationOp equation = findEquation(synapse, "weight")) {
      Operation *end = equation.getBody().front().getTerminator();
      OpBuilder builder(end);
      end->setOperand(0, arith::MulFOp::create(builder, equation.getLoc(),
                                               read(builder, equation.getLoc(), presentName),
                                               end->getOperand(0)));
    }
  }

  EveryOp makeTimer(Operation *rule, std::optional<APFloat> period, OpBuilder &builder) {
    builder.setInsertionPoint(rule);
    double ms = period ? period->convertToDouble() : defaultPeriod;
    auto timer =
        EveryOp::create(builder, rule->getLoc(), builder.getF64FloatAttr(ms), SymbolRefAttr());
    builder.setInsertionPointToStart(&timer.getBody().emplaceBlock());
    return timer;
  }

  /// What a rule's region yields, at the builder's place.
  SmallVector<Value> condition(OpBuilder &builder, Region &body) {
    return copyExpression(builder, body.front(),
                          [&](Operation *op) -> Value { return builder.clone(*op)->getResult(0); });
  }

  /// Frozen connections stay as they are (P6).
  Value unlessFrozen(OpBuilder &builder, Location loc, Value does) {
    if (!find<ParameterOp>(synapse, "#frozen"))
      return does;
    return arith::AndIOp::create(builder, loc, does, holds(builder, loc, "#frozen", false));
  }

  void lowerPrune(PruneOp prune) {
    Location loc = prune.getLoc();
    OpBuilder builder(prune);
    makeTimer(prune, prune.getPeriod(), builder);
    Value goes = unlessFrozen(builder, loc, condition(builder, prune.getBody())[0]);
    Value weight = read(builder, loc, "weight"), present = read(builder, loc, presentName);
    Value zero = number(builder, loc, 0.0);
    write(builder, loc, "weight", arith::SelectOp::create(builder, loc, goes, zero, weight));
    write(builder, loc, presentName, arith::SelectOp::create(builder, loc, goes, zero, present));
    YieldOp::create(builder, loc, ValueRange());
  }

  void lowerGrow(GrowOp grow, StateOp weight) {
    Location loc = grow.getLoc();
    OpBuilder builder(grow);
    if (!find<ParameterOp>(synapse, startName)) {
      builder.setInsertionPointToStart(&synapse.getBody().front());
      auto start = ParameterOp::create(builder, weight.getLoc(), builder.getStringAttr(startName),
                                       weight.getValueAttr(), weight.getUnitAttr(), StringAttr());
      IRMapping map;
      weight.getBody().cloneInto(&start.getBody(), map);
    }
    makeTimer(grow, grow.getPeriod(), builder);
    Value probability = condition(builder, grow.getBody())[0];
    auto release = ReleaseOp::create(builder, loc, probability);
    builder.setInsertionPointToStart(&release.getBody().emplaceBlock());
    Value grows = condition(builder, grow.getBody())[1];
    grows = arith::AndIOp::create(builder, loc, grows, holds(builder, loc, presentName, false));
    grows = unlessFrozen(builder, loc, grows);
    Value present = read(builder, loc, presentName), one = number(builder, loc, 1.0);
    Value start = read(builder, loc, startName), old = read(builder, loc, "weight");
    write(builder, loc, "weight", arith::SelectOp::create(builder, loc, grows, start, old));
    write(builder, loc, presentName, arith::SelectOp::create(builder, loc, grows, one, present));
    YieldOp::create(builder, loc, ValueRange());
    builder.setInsertionPointAfter(release);
    YieldOp::create(builder, loc, ValueRange());
  }

  SynapseOp synapse;
};

struct NeuroLowerStructurePass
    : synfire::neuro::impl::NeuroLowerStructureBase<NeuroLowerStructurePass> {
  void runOnOperation() override {
    for (auto circuit : getOperation().getOps<CircuitOp>()) {
      Constraints constraints(circuit);
      for (auto projection : circuit.getBody().getOps<ProjectionOp>()) {
        forbidAutapses(projection, constraints.on(projection));
        SynapseOp synapse = synapseOf(projection);
        bool rules = !synapse.getBody().getOps<PruneOp>().empty() ||
                     !synapse.getBody().getOps<GrowOp>().empty();
        if (rules || isThinned(projection, constraints.on(projection)))
          makeStructured(projection);
      }
    }
  }

private:
  static bool mayDrawAutapses(ProjectionOp projection) {
    ConnectRule rule = projection.getRule();
    return projection.getSource().getPopulation() == projection.getTarget().getPopulation() &&
           rule != ConnectRule::Table && rule != ConnectRule::OneToOne &&
           rule != ConnectRule::AllButOne;
  }

  /// `no_autapses` is what the rule of the projection draws (R2).
  static void forbidAutapses(ProjectionOp projection, ArrayRef<ConstrainOp> constraints) {
    for (ConstrainOp constraint : constraints)
      if (constraint.getPredicate() == Predicate::NoAutapses && isOfWhole(constraint, projection) &&
          mayDrawAutapses(projection)) {
        NamedAttrList arguments(projection.getArguments());
        arguments.set("autapses", BoolAttr::get(projection.getContext(), false));
        projection.setArgumentsAttr(arguments.getDictionary(projection.getContext()));
      }
  }

  /// A density takes connections away where rules move weights; else it is only checked.
  static bool isThinned(ProjectionOp projection, ArrayRef<ConstrainOp> constraints) {
    auto weight = find<StateOp>(synapseOf(projection), "weight");
    return weight && weight->hasAttr("plastic") &&
           llvm::any_of(constraints, [](ConstrainOp constraint) {
             return constraint.getPredicate() == Predicate::Density;
           });
  }

  void makeStructured(ProjectionOp projection) {
    std::string name = (projection.getSynapse() + presentName).str();
    SynapseOp &structured = types[name];
    if (!structured) {
      SynapseOp synapse = synapseOf(projection);
      OpBuilder builder(synapse);
      builder.setInsertionPointAfter(synapse);
      structured = cast<SynapseOp>(builder.clone(*synapse));
      structured.setSymName(name);
      StructuredType(structured).rewrite();
    }
    projection.setSynapse(name);
    if (find<ParameterOp>(structured, startName))
      giveStart(projection);
  }

  /// What grows gets the weight that the projection gives.
  static void giveStart(ProjectionOp projection) {
    if (InitOp init = findInit(projection, "weight")) {
      OpBuilder builder(init);
      builder.setInsertionPointAfter(init);
      cast<InitOp>(builder.clone(*init)).setVariable(startName);
      return;
    }
    NamedAttrList set(projection.getSet());
    if (Attribute weight = projection.getSet().get("weight"))
      set.set(startName, weight);
    projection.setSetAttr(set.getDictionary(projection.getContext()));
  }

  llvm::StringMap<SynapseOp> types;
};

} // namespace
