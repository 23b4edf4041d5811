//===- CheckConstraints.cpp - neuro-check-constraints: priors that contradict each other ---===//
#include "passes/neuro/Passes.h"
#include "passes/neuro/analysis/WeightLimits.h"

#include <cmath>

namespace synfire::neuro {
#define GEN_PASS_DEF_NEUROCHECKCONSTRAINTS
#include "passes/neuro/Passes.h.inc"
} // namespace synfire::neuro

using namespace mlir;
using namespace synfire::neuro;

namespace {

/// How a constraint is called in messages: as the model says it.
std::string spell(ConstrainOp constraint) {
  if (auto text = constraint.getText())
    return fmt::format("`{}`", text->str());
  return fmt::format("`{}`", stringifyPredicate(constraint.getPredicate()).str());
}

/// No weight is left, or only 0 where one side excludes it by its sign.
bool excludes(const Interval &a, const Interval &b) {
  Interval both = a.meet(b);
  bool signs = both.low == 0 && both.high == 0 && a.low != a.high && b.low != b.high;
  return both.isEmpty() || signs;
}

struct NeuroCheckConstraintsPass
    : synfire::neuro::impl::NeuroCheckConstraintsBase<NeuroCheckConstraintsPass> {
  void runOnOperation() override {
    for (auto circuit : getOperation().getOps<CircuitOp>()) {
      for (auto constraint : circuit.getBody().getOps<ConstrainOp>())
        checkAlone(constraint);
      Constraints constraints(circuit);
      for (auto projection : circuit.getBody().getOps<ProjectionOp>())
        checkProjection(projection, constraints.on(projection));
      if (!failed)
        for (auto constraint : circuit.getBody().getOps<ConstrainOp>())
          writeLimits(constraint, constraints);
    }
    if (failed)
      signalPassFailure();
  }

private:
  InFlightDiagnostic refuse(Operation *op) {
    failed = true;
    return op->emitError();
  }

  /// Tells where the priors were applied that the constraints come from.
  static void noteApplications(InFlightDiagnostic &error, ArrayRef<ConstrainOp> constraints) {
    for (ConstrainOp constraint : constraints)
      if (auto name = constraint.getPrior())
        if (auto prior = find<PriorOp>(constraint->getParentOp(), *name))
          error.attachNote(prior.getLoc())
              << fmt::format("`{}({})` is applied here", prior.getDeclaration().str(),
                             prior.getApplication().str());
  }

  static ProjectionOp projectionCalled(ConstrainOp constraint, StringRef name) {
    return find<ProjectionOp>(constraint->getParentOp(), name);
  }

  void checkAlone(ConstrainOp constraint) {
    if (constraint.getEveryFrame())
      settleFrames(constraint);
    Predicate predicate = constraint.getPredicate();
    if (predicate == Predicate::Effect && std::fabs(numberOf(constraint)) != 1)
      refuse(constraint) << "an effect is 1 (excitatory) or -1 (inhibitory), not "
                         << fmt::format("{:g}", numberOf(constraint)) << " (R2)";
    if (predicate == Predicate::Density && !(numberOf(constraint) >= 0))
      refuse(constraint) << "a density is a share of all pairs, from 0 to 1 (R2)";
    if (predicate == Predicate::NoAutapses || predicate == Predicate::Density)
      return;
    for (StringRef name : constraint.getProjections().getAsValueRange<StringAttr>()) {
      ProjectionOp projection = projectionCalled(constraint, name);
      bool stated = false;
      if (predicate == Predicate::Effect) {
        checkEffect(constraint, projection);
        stated = synapseOf(projection).getEffect() != Effect::Unstated;
      }
      if (stated || find<ParameterOp>(synapseOf(projection), "weight"))
        continue;
      InFlightDiagnostic error = refuse(constraint);
      error << spell(constraint) << " is about the weight, and the synapse `"
            << synapseOf(projection).getSymName() << "` of `" << name
            << "` has no parameter `weight`";
      error.attachNote(projection.getLoc()) << "the projection is here";
    }
    if (predicate == Predicate::Symmetric)
      checkSymmetric(constraint);
    if (predicate == Predicate::Tied)
      checkTied(constraint);
  }

  /// A connection has one partner in each part: parts of one projection have none in common.
  void checkTied(ConstrainOp constraint) {
    auto names = llvm::to_vector(constraint.getProjections().getAsValueRange<StringAttr>());
    if (names.size() < 2)
      refuse(constraint) << spell(constraint)
                         << " names one thing, which is tied to nothing; name two projections, as "
                            "in `of {a, b}`, or two parts of one, as in `of {A[0..4], A[5..9]} -> "
                            "B` (R2)";
    for (size_t i = 0; i < names.size(); ++i)
      for (size_t k = 0; k < i; ++k) {
        if (names[i] != names[k])
          continue;
        ProjectionOp projection = projectionCalled(constraint, names[i]);
        if (llvm::any_of(classesOf(projection), [&](const ConnectionClass &connections) {
              return connections.isIn(partOf(constraint, i)) &&
                     connections.isIn(partOf(constraint, k));
            }))
          refuse(constraint) << spell(constraint) << " ties parts of `" << names[i]
                             << "` that have connections in common; name parts without any (R2)";
      }
  }

  /// Every frame lasts as long as the others, shown again or not.
  void settleFrames(ConstrainOp constraint) {
    SmallVector<FramesOp> frames(constraint->getBlock()->getOps<FramesOp>());
    if (frames.size() != 1) {
      refuse(constraint) << "`every frame` needs one sequence of frames, and the circuit has "
                         << frames.size() << "; give a time";
      return;
    }
    constraint.setPeriodAttr(frames[0].getPeriodAttr());
    constraint.setEveryFrame(false);
  }

  /// A synapse with a stated effect has that effect, whatever its weight (S4).
  void checkEffect(ConstrainOp constraint, ProjectionOp projection) {
    Effect stated = synapseOf(projection).getEffect();
    if (stated == Effect::Unstated || (numberOf(constraint) > 0) == (stated == Effect::Excitatory))
      return;
    InFlightDiagnostic error = refuse(constraint);
    error << spell(constraint) << " does not fit `" << projection.getSymName() << "`: its synapse `"
          << synapseOf(projection).getSymName() << "` is " << stringifyEffect(stated) << " (R2)";
    error.attachNote(projection.getLoc()) << "the projection is here";
    noteApplications(error, constraint);
  }

  void checkSymmetric(ConstrainOp constraint) {
    SmallVector<ProjectionOp> ends;
    for (StringRef name : constraint.getProjections().getAsValueRange<StringAttr>())
      ends.push_back(projectionCalled(constraint, name));
    auto from = [](ProjectionOp p) { return p.getSource().getPopulation(); };
    auto to = [](ProjectionOp p) { return p.getTarget().getPopulation(); };
    bool fits = ends.size() == 1   ? from(ends[0]) == to(ends[0])
                : ends.size() == 2 ? from(ends[0]) == to(ends[1]) && to(ends[0]) == from(ends[1])
                                   : false;
    if (!fits)
      refuse(constraint) << "`symmetric` is about a projection inside one population, or two "
                            "projections in opposite directions (R2)";
  }

  void checkProjection(ProjectionOp projection, ArrayRef<ConstrainOp> constraints) {
    if (constraints.empty())
      return;
    SmallVector<ConnectionClass> classes = classesOf(projection);
    for (size_t i = 0; i != constraints.size(); ++i) {
      ConstrainOp one = constraints[i];
      for (ConstrainOp other : constraints.take_front(i))
        checkPair(projection, classes, other, one);
      if (one.getPredicate() == Predicate::NoAutapses && isOfWhole(one, projection))
        checkAutapses(one, projection);
    }
    checkRules(projection, constraints);
    checkStart(projection, classes, constraints);
  }

  /// Whether a connection is in both, and whether all those of `first` are in `second`.
  static std::pair<bool, bool> compareParts(ArrayRef<ConnectionClass> classes, ConstrainOp first,
                                            ConstrainOp second) {
    bool meet = false, covers = true;
    for (const ConnectionClass &connections : classes)
      if (connections.isIn(first)) {
        meet |= connections.isIn(second);
        covers &= connections.isIn(second);
      }
    return {meet, covers};
  }

  /// Two constraints that leave nothing.
  void checkPair(ProjectionOp projection, ArrayRef<ConnectionClass> classes, ConstrainOp first,
                 ConstrainOp second) {
    Interval a = limitsOf(first, projection), b = limitsOf(second, projection);
    bool contradict = excludes(a, b) && compareParts(classes, first, second).first;
    Predicate p = first.getPredicate();
    if (p == second.getPredicate() && (p == Predicate::Sum || p == Predicate::Density) &&
        first.getBy() == second.getBy() &&
        partsOf(first, projection) == partsOf(second, projection))
      contradict |= compared(first).meet(compared(second)).isEmpty();
    for (auto [sum, limiting, limits] :
         {std::tuple(first, second, b), std::tuple(second, first, a)})
      if (sum.getPredicate() == Predicate::Sum && compareParts(classes, sum, limiting).second)
        contradict |= (limits.high <= 0 && compared(sum).low > 0) ||
                      (limits.low >= 0 && compared(sum).high < 0);
    if (!contradict)
      return;
    InFlightDiagnostic error = refuse(second);
    error << spell(second) << " contradicts " << spell(first) << " for `" << projection.getSymName()
          << "` (R3)";
    error.attachNote(first.getLoc()) << "the other constraint is here";
    noteApplications(error, {first, second});
  }

  /// The values that a comparison allows.
  static Interval compared(ConstrainOp constraint) {
    double value = numberOf(constraint);
    StringRef comparison = constraint.getComparison().value_or("==");
    return {comparison == "<=" ? -Interval::infinity : value,
            comparison == ">=" ? Interval::infinity : value};
  }

  void checkAutapses(ConstrainOp constraint, ProjectionOp projection) {
    auto allowed = projection.getArguments().getAs<BoolAttr>("autapses");
    if (!allowed || !allowed.getValue())
      return;
    InFlightDiagnostic error = refuse(constraint);
    error << spell(constraint) << " contradicts `autapses = true` of `" << projection.getSymName()
          << "` (R3)";
    error.attachNote(projection.getLoc()) << "the projection is here";
  }

  /// A rule whose bound leaves no weight that the constraint allows.
  void checkRules(ProjectionOp projection, ArrayRef<ConstrainOp> constraints) {
    for (auto attach : projection.getBody().getOps<AttachOp>())
      for (ConstrainOp constraint : constraints) {
        Interval limits = limitsOf(constraint, projection), bound = boundOf(attach);
        if (limits.isAll() || !excludes(limits, bound))
          continue;
        InFlightDiagnostic error = refuse(constraint);
        error << spell(constraint) << " contradicts the bound of `" << attach.getRule() << "` on `"
              << projection.getSymName() << "`, which keeps the weight in " << bound.str()
              << " (R3)";
        auto rule = getOperation().lookupSymbol<PlasticityOp>(attach.getRule());
        for (auto op : rule.getBody().getOps<BoundOp>())
          error.attachNote(op.getLoc()) << "the bound is here";
        error.attachNote(attach.getLoc()) << "the rule is attached here";
        noteApplications(error, constraint);
      }
  }

  /// Start values, and what protocols assign, of which nothing is allowed.
  void checkStart(ProjectionOp projection, ArrayRef<ConnectionClass> classes,
                  ArrayRef<ConstrainOp> constraints) {
    for (ConstrainOp constraint : constraints) {
      Interval limits = limitsOf(constraint, projection);
      std::optional<Interval> start, assigned; // of which nothing is allowed
      for (const ConnectionClass &connections : classes) {
        if (!connections.isIn(constraint))
          continue;
        Interval given = startOf(projection, synapseOf(projection), "weight", &connections);
        if (limits.meet(given).isEmpty())
          start = given;
        given = assignedTo(projection, "weight", &connections);
        if (!given.isEmpty() && limits.meet(given).isEmpty())
          assigned = given;
      }
      if (start) {
        InFlightDiagnostic error = refuse(constraint);
        error << spell(constraint) << " contradicts the weight of `" << projection.getSymName()
              << "`, which is " << start->str() << " (R3)";
        error.attachNote(projection.getLoc()) << "the projection is here";
        noteApplications(error, constraint);
      }
      if (assigned)
        refuse(constraint) << spell(constraint) << " contradicts what the experiment assigns to "
                           << "the weight of `" << projection.getSymName() << "`, "
                           << assigned->str() << " (R3)";
    }
  }

  /// Where weights may be scaled or moved to: inside constraints and the bounds of rules. What is
  /// said of parts only is added connection by connection.
  void writeLimits(ConstrainOp constraint, const Constraints &all) {
    SmallVector<double> limits;
    constexpr double most = std::numeric_limits<double>::max();
    for (StringRef name : constraint.getProjections().getAsValueRange<StringAttr>()) {
      ProjectionOp projection = projectionCalled(constraint, name);
      Interval allowed = all.limitsOf(projection);
      for (auto attach : projection.getBody().getOps<AttachOp>())
        allowed = allowed.meet(boundOf(attach));
      limits.push_back(std::fmax(allowed.low, -most));
      limits.push_back(std::fmin(allowed.high, most));
    }
    constraint.setLimits(limits);
  }

  bool failed = false;
};

} // namespace
