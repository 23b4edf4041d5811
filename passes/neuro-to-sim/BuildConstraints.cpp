//===- BuildConstraints.cpp - what priors state of connections (R2) ---===//
#include "passes/neuro-to-sim/ProgramBuilder.h"

#include "passes/neuro/analysis/WeightLimits.h"
#include "runtime/random/Grid.h"

using namespace mlir;
using namespace synfire;
using namespace synfire::neuro;

namespace {

constexpr double defaultPeriod = 1000; // ms

sim::ConstraintKind kindOf(Predicate predicate) {
  switch (predicate) {
  case Predicate::Effect:
  case Predicate::Bound:
    return sim::ConstraintKind::Limits;
  case Predicate::Tied:
    return sim::ConstraintKind::Tied;
  case Predicate::Symmetric:
    return sim::ConstraintKind::Symmetric;
  case Predicate::Sum:
    return sim::ConstraintKind::Sum;
  case Predicate::Density:
    return sim::ConstraintKind::Density;
  case Predicate::NoAutapses:
    break;
  }
  return sim::ConstraintKind::NoAutapses;
}

/// `sum(weight) of E -> E == 20 nS (prior Cortical, line 12)`, each as code.
std::string describe(ConstrainOp constraint) {
  std::string text = constraint.getText().value_or("").str();
  if (text.empty())
    text = stringifyPredicate(constraint.getPredicate()).str();
  std::string where;
  if (auto name = constraint.getPrior())
    if (auto prior = find<PriorOp>(constraint->getParentOp(), *name))
      where =
          fmt::format("prior {}({})", prior.getDeclaration().str(), prior.getApplication().str());
  constraint.getLoc()->walk([&](Location loc) {
    auto place = dyn_cast<FileLineColLoc>(loc);
    if (!place)
      return WalkResult::advance();
    where += fmt::format("{}line {}", where.empty() ? "" : ", ", place.getLine());
    return WalkResult::interrupt();
  });
  text = "`" + text + "`";
  return where.empty() ? text : text + " (" + where + ")";
}

} // namespace

void ProgramBuilder::buildConstraints() {
  constexpr double most = std::numeric_limits<double>::max();
  for (auto constraint : circuit.getBody().getOps<ConstrainOp>()) {
    sim::ConstraintKind kind = kindOf(constraint.getPredicate());
    SmallVector<Attribute> connections, parts;
    SmallVector<double> limits;
    // One projection may be named twice, for two parts of it.
    for (auto [i, name] :
         llvm::enumerate(constraint.getProjections().getAsValueRange<StringAttr>())) {
      auto projection = find<ProjectionOp>(circuit, name);
      sim::ConnectionsOp built = connectionsOf.lookup(projection);
      if (!built)
        continue;
      connections.push_back(FlatSymbolRefAttr::get(built.getSymNameAttr()));
      Interval allowed = limitsOf(constraint, projection);
      if (auto known = constraint.getLimits(); known && kind != sim::ConstraintKind::Limits)
        allowed = {(*known)[2 * i], (*known)[2 * i + 1]};
      limits.push_back(std::fmax(allowed.low, -most));
      limits.push_back(std::fmin(allowed.high, most));
      ConnectionPart part = partOf(constraint, i);
      parts.append(
          {data.getDenseI64ArrayAttr(part.sources), data.getDenseI64ArrayAttr(part.targets)});
    }
    if (connections.empty())
      continue;
    bool compares = kind == sim::ConstraintKind::Sum || kind == sim::ConstraintKind::Density;
    // Weights that nothing moves are brought about once.
    bool moves = llvm::any_of(
        constraint.getProjections().getAsValueRange<StringAttr>(), [&](StringRef name) {
          return find<StateOp>(synapseOf(find<ProjectionOp>(circuit, name)), "weight");
        });
    bool lasts =
        moves && kind != sim::ConstraintKind::Limits && kind != sim::ConstraintKind::NoAutapses;
    double period =
        constraint.getPeriod() ? constraint.getPeriod()->convertToDouble() : defaultPeriod;
    int64_t steps = std::max<int64_t>(1, runtime::toSteps(period, stepMs()).steps);
    sim::ConstrainOp::create(
        data, constraint.getLoc(), kind, data.getArrayAttr(connections),
        data.getDenseF64ArrayAttr(limits),
        compares ? data.getStringAttr(constraint.getComparison().value_or("==")) : StringAttr(),
        compares ? data.getF64FloatAttr(numberOf(constraint)) : FloatAttr(), constraint.getByAttr(),
        lasts ? data.getI64IntegerAttr(steps) : IntegerAttr(),
        data.getStringAttr(describe(constraint)), constraint.getOutcomeAttr(),
        constraint.getParts() ? data.getArrayAttr(parts) : ArrayAttr());
  }
}
