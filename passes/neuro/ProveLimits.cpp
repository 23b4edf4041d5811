//===- ProveLimits.cpp - neuro-prove-limits: limits that no rule can break ---===//
#include "passes/neuro/Passes.h"
#include "passes/neuro/analysis/Expression.h"
#include "passes/neuro/analysis/Invariants.h"

namespace synfire::neuro {
#define GEN_PASS_DEF_NEUROPROVELIMITS
#include "passes/neuro/Passes.h.inc"
} // namespace synfire::neuro

using namespace mlir;
using namespace synfire::neuro;

namespace {

bool reads(Value value, StringRef parameter) {
  auto get = value.getDefiningOp<GetOp>();
  return get && get.getSide() == Side::Self && variableName(get.getVariable()) == parameter;
}

/// What was found out about one limit of a type.
struct Finding {
  bool has = false;            ///< the type has this limit
  Operation *breaks = nullptr; ///< a statement or equation that may break it
};

struct NeuroProveLimitsPass : synfire::neuro::impl::NeuroProveLimitsBase<NeuroProveLimitsPass> {
  void runOnOperation() override {
    llvm::MapVector<Operation *, SmallVector<ProjectionOp>> users;
    for (auto circuit : getOperation().getOps<CircuitOp>())
      for (auto projection : circuit.getBody().getOps<ProjectionOp>())
        if (SynapseOp synapse = synapseOf(projection); find<ParameterOp>(synapse, lowerLimitName) ||
                                                       find<ParameterOp>(synapse, upperLimitName))
          users[synapse].push_back(projection);
    for (auto &[type, projections] : users) {
      auto synapse = cast<SynapseOp>(type);
      Invariants invariants(synapse, projections);
      proveStatements(synapse, invariants);
      proveWall(synapse, invariants);
    }
    for (auto circuit : getOperation().getOps<CircuitOp>())
      for (auto constraint : circuit.getBody().getOps<ConstrainOp>())
        tell(constraint);
  }

private:
  /// Removes clips that never act.
  void proveStatements(SynapseOp synapse, const Invariants &invariants) {
    SmallVector<Operation *> proven;
    auto &[lower, upper] = findings[synapse];
    lower.has = bool(find<ParameterOp>(synapse, lowerLimitName));
    upper.has = bool(find<ParameterOp>(synapse, upperLimitName));
    synapse.walk([&](Operation *op) {
      if (op->getParentOfType<BoundOp>())
        return;
      bool isLower = isa<arith::MaximumFOp>(op) && reads(op->getOperand(1), lowerLimitName);
      bool isUpper = isa<arith::MinimumFOp>(op) && reads(op->getOperand(1), upperLimitName);
      if (!isLower && !isUpper)
        return;
      Value value = op->getOperand(0);
      // A clip to the lower limit does not matter to the upper one.
      if (isUpper)
        if (auto max = value.getDefiningOp<arith::MaximumFOp>();
            max && reads(max.getRhs(), lowerLimitName))
          value = max.getLhs();
      if (isLower ? invariants.isAtLeast(value, lowerLimitName, "weight")
                  : invariants.isAtMost(value, upperLimitName, "weight"))
        proven.push_back(op);
      else if (Operation *&breaks = (isLower ? lower : upper).breaks; !breaks)
        breaks = op;
    });
    for (Operation *op : proven) {
      op->getResult(0).replaceAllUsesWith(op->getOperand(0));
      Operation *limit = op->getOperand(1).getDefiningOp();
      op->erase();
      if (limit->use_empty())
        limit->erase();
    }
  }

  /// A wall that an equation never reaches need not be watched at every step.
  void proveWall(SynapseOp synapse, const Invariants &invariants) {
    EquationOp equation = findEquation(synapse, "weight");
    if (!equation)
      return;
    auto &[lower, upper] = findings[synapse];
    bool above = !lower.has || invariants.staysAbove(equation, lowerLimitName);
    bool below = !upper.has || invariants.staysBelow(equation, upperLimitName);
    if (!above && !lower.breaks)
      lower.breaks = equation;
    if (!below && !upper.breaks)
      upper.breaks = equation;
    for (auto bound : llvm::make_early_inc_range(synapse.getBody().getOps<BoundOp>()))
      if (bound.getVariable() == "weight" && above && below && isOnlyLimits(bound))
        bound.erase();
  }

  /// A bound of priors alone, not of a rule.
  static bool isOnlyLimits(BoundOp bound) {
    for (Value end : yieldedValues(bound.getBody().front()))
      if (!end.getDefiningOp<arith::ConstantOp>() && !reads(end, lowerLimitName) &&
          !reads(end, upperLimitName))
        return false;
    return true;
  }

  static std::string lineOf(Operation *op) {
    std::string line;
    op->getLoc()->walk([&](Location loc) {
      if (auto place = dyn_cast<FileLineColLoc>(loc); place && line.empty())
        line = fmt::format(" (line {})", place.getLine());
      return WalkResult::advance();
    });
    return line;
  }

  /// Writes what becomes of a constraint on each projection, for people.
  void tell(ConstrainOp constraint) {
    Predicate predicate = constraint.getPredicate();
    if (predicate != Predicate::Effect && predicate != Predicate::Bound)
      return;
    std::string outcome;
    for (StringRef name : constraint.getProjections().getAsValueRange<StringAttr>()) {
      auto projection = find<ProjectionOp>(constraint->getParentOp(), name);
      outcome += outcome.empty() ? "" : "; ";
      outcome += fmt::format("{}: {}", name.str(), outcomeOn(constraint, projection));
    }
    constraint.setOutcome(outcome);
  }

  std::string outcomeOn(ConstrainOp constraint, ProjectionOp projection) {
    SynapseOp synapse = synapseOf(projection);
    std::string start;
    Interval limits = limitsOf(constraint, projection);
    if (!findDeclaration(synapse, "weight"))
      return "holds, the synapse states its effect";
    if (!limits.contains(startOf(projection, synapse, "weight")) && readsFile(projection, "weight"))
      start = ", weights from the file are checked when the model is built";
    if (!find<StateOp>(synapse, "weight"))
      return "holds, nothing changes the weight" + start;
    auto found = findings.find(synapse);
    if (found == findings.end())
      return "holds, nothing changes the weight" + start;
    auto &[lower, upper] = found->second;
    Operation *breaks = limits.low != -Interval::infinity ? lower.breaks : nullptr;
    if (!breaks && limits.high != Interval::infinity)
      breaks = upper.breaks;
    if (!breaks)
      return "proven, no rule can break it" + start;
    StringRef what = isa<EquationOp>(breaks) ? "an equation" : "a statement";
    return fmt::format("enforced after each update, {}{} could break it{}", what.str(),
                       lineOf(breaks), start);
  }

  llvm::DenseMap<Operation *, std::pair<Finding, Finding>> findings; ///< lower and upper limit
};

} // namespace
