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
  /// Statements or equations that may break it, and of which connections.
  SmallVector<std::pair<const ConnectionClass *, Operation *>> breaks;

  void add(ArrayRef<ConnectionClass> connections, Operation *op) {
    for (const ConnectionClass &some : connections)
      breaks.push_back({&some, op});
  }
};

/// Connections of one type for which the same is proven: those of all projections of which nothing
/// is said of parts, and each class of the others.
struct Group {
  SmallVector<ConnectionClass> connections;
  std::shared_ptr<Invariants> invariants;
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
      std::vector<Group> &made = groups[synapse] = groupsOf(synapse, projections);
      proveStatements(synapse, made);
      proveWall(synapse, made);
    }
    for (auto circuit : getOperation().getOps<CircuitOp>())
      for (auto constraint : circuit.getBody().getOps<ConstrainOp>())
        tell(constraint);
  }

private:
  static std::vector<Group> groupsOf(SynapseOp synapse, ArrayRef<ProjectionOp> projections) {
    std::vector<Group> result(1);
    for (ProjectionOp projection : projections) {
      SmallVector<ConnectionClass> classes = classesOf(projection);
      if (classes.size() == 1)
        result[0].connections.push_back(classes[0]);
      else
        for (const ConnectionClass &one : classes)
          result.push_back({{one}, nullptr});
    }
    llvm::erase_if(result, [](const Group &group) { return group.connections.empty(); });
    for (Group &group : result)
      group.invariants = std::make_shared<Invariants>(synapse, group.connections);
    return result;
  }

  /// Removes clips that never act.
  void proveStatements(SynapseOp synapse, ArrayRef<Group> groups) {
    SmallVector<Operation *> proven;
    auto &found = findings[synapse];
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
      bool never = true;
      for (const Group &group : groups) {
        if (isLower ? group.invariants->isAtLeast(value, lowerLimitName, "weight")
                    : group.invariants->isAtMost(value, upperLimitName, "weight"))
          continue;
        never = false;
        (isLower ? found.first : found.second).add(group.connections, op);
      }
      if (never)
        proven.push_back(op);
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
  void proveWall(SynapseOp synapse, ArrayRef<Group> groups) {
    EquationOp equation = findEquation(synapse, "weight");
    if (!equation)
      return;
    auto &[lower, upper] = findings[synapse];
    bool above = true, below = true;
    for (const Group &group : groups) {
      if (find<ParameterOp>(synapse, lowerLimitName) &&
          !group.invariants->staysAbove(equation, lowerLimitName)) {
        above = false;
        lower.add(group.connections, equation);
      }
      if (find<ParameterOp>(synapse, upperLimitName) &&
          !group.invariants->staysBelow(equation, upperLimitName)) {
        below = false;
        upper.add(group.connections, equation);
      }
    }
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
    bool starts = llvm::all_of(classesOf(projection), [&](const ConnectionClass &some) {
      return !some.isIn(constraint) ||
             limits.contains(startOf(projection, synapse, "weight", &some));
    });
    if (!starts && readsFile(projection, "weight"))
      start = ", weights from the file are checked when the model is built";
    if (!find<StateOp>(synapse, "weight"))
      return "holds, nothing changes the weight" + start;
    auto found = findings.find(synapse);
    if (found == findings.end())
      return "holds, nothing changes the weight" + start;
    auto breaking = [&](const Finding &finding) -> Operation * {
      for (auto [some, op] : finding.breaks)
        if (ProjectionOp(some->projection) == projection && some->isIn(constraint))
          return op;
      return nullptr;
    };
    auto &[lower, upper] = found->second;
    Operation *breaks = limits.low != -Interval::infinity ? breaking(lower) : nullptr;
    if (!breaks && limits.high != Interval::infinity)
      breaks = breaking(upper);
    if (!breaks)
      return "proven, no rule can break it" + start;
    StringRef what = isa<EquationOp>(breaks) ? "an equation" : "a statement";
    return fmt::format("enforced after each update, {}{} could break it{}", what.str(),
                       lineOf(breaks), start);
  }

  llvm::DenseMap<Operation *, std::vector<Group>> groups;
  llvm::DenseMap<Operation *, std::pair<Finding, Finding>> findings; ///< lower and upper limit
};

} // namespace
