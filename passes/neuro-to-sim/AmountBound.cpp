//===- AmountBound.cpp - how large what an event brings can be ---===//
#include "passes/neuro-to-sim/AmountBound.h"

#include "passes/neuro-to-sim/Arrivals.h"
#include "passes/neuro/analysis/Evaluate.h"
#include "passes/neuro/analysis/Expression.h"

#include <cmath>

using namespace mlir;
using namespace synfire;
using namespace synfire::neuro;

namespace {

/// How much larger than at the start an amount may become before the run ends.
constexpr double roomToGrow = 16;
/// The bound of an amount of which nothing is known.
constexpr double anything = 1e3;

/// The largest number that a protocol assigns to a parameter or state of a projection.
double largestAssigned(ExperimentOp experiment, Operation *owner, StringRef variable) {
  double most = 0;
  experiment.walk([&](AssignOp assign) {
    if (assign.getProjection() && assign.getProjection()->getRootReference() == nameOf(owner) &&
        variableName(assign.getVariable()) == variable) {
      double value = evaluateExpression(yieldedValues(assign.getBody().front())[0],
                                        [](Value) { return std::nan(""); });
      most = std::isfinite(value) ? std::fmax(most, std::fabs(value)) : most;
    }
  });
  return most;
}

/// The interval that a value stays in, as far as its last operations tell.
std::pair<double, double> rangeOf(Value value, StringRef state, const Sharing &sharing) {
  constexpr double all = std::numeric_limits<double>::infinity();
  Operation *op = value.getDefiningOp();
  if (isa_and_nonnull<arith::MaximumFOp, arith::MinimumFOp, arith::SelectOp>(op)) {
    bool select = isa<arith::SelectOp>(op);
    auto [low, high] = rangeOf(op->getOperand(select ? 1 : 0), state, sharing);
    auto [low2, high2] = rangeOf(op->getOperand(select ? 2 : 1), state, sharing);
    if (isa<arith::MaximumFOp>(op))
      return {std::fmax(low, low2), std::fmax(high, high2)};
    if (isa<arith::MinimumFOp>(op))
      return {std::fmin(low, low2), std::fmin(high, high2)};
    return {std::fmin(low, low2), std::fmax(high, high2)};
  }
  if (auto get = dyn_cast_or_null<GetOp>(op);
      get && get.getSide() == Side::Self && variableName(get.getVariable()) == state)
    return {all, -all}; // as it was: within the others' interval
  double number = evaluateExpression(value, [&](Value leaf) {
    auto get = leaf.getDefiningOp<GetOp>();
    return get && get.getSide() == Side::Self
               ? sharing.fixedValue(variableName(get.getVariable())).value_or(std::nan(""))
               : std::nan("");
  });
  return std::isnan(number) ? std::pair(-all, all) : std::pair(number, number);
}

/// Where constraints move weights to, if there are any.
std::optional<Interval> movedBetween(ProjectionOp projection, StringRef state,
                                     ArrayRef<ConstrainOp> constraints) {
  std::optional<Interval> result;
  for (ConstrainOp constraint : constraints) {
    Predicate predicate = constraint.getPredicate();
    if (state != "weight" || !constraint.getLimits() ||
        (predicate != Predicate::Sum && predicate != Predicate::Tied &&
         predicate != Predicate::Symmetric))
      continue;
    unsigned i = numberIn(constraint, projection);
    ArrayRef<double> limits = *constraint.getLimits();
    result = {limits[2 * i], limits[2 * i + 1]};
  }
  return result;
}

/// The largest magnitude of a state of connections that all statements keep inside numbers; none
/// where one does not.
std::optional<double> largestBound(const Lumping &lumping, StringRef state,
                                   const Constraints &constraints) {
  // Inside what priors state, whether that is enforced or proven.
  if (Interval limits = constraints.limitsOf(cast<ProjectionOp>(lumping.owner()));
      state == "weight" && std::isfinite(limits.low) && std::isfinite(limits.high))
    return std::fmax(std::fabs(limits.low), std::fabs(limits.high));
  double low = 0, high = 0;
  bool bounded = !findEquation(lumping.synapse(), state);
  // What has an equation stays within its walls after every step (P3).
  for (BoundOp wall : lumping.synapse().getBody().getOps<BoundOp>()) {
    if (wall.getVariable() != state)
      continue;
    Operation *yield = wall.getBody().front().getTerminator();
    low = std::fmin(low, rangeOf(yield->getOperand(0), state, lumping.sharing()).first);
    high = std::fmax(high, rangeOf(yield->getOperand(1), state, lumping.sharing()).second);
    bounded = true;
  }
  for (OnOp on : lumping.synapse().getBody().getOps<OnOp>())
    on.walk([&](Operation *op) {
      auto set = dyn_cast<SetOp>(op);
      auto add = dyn_cast<AddOp>(op);
      if (add && add.getSide() == Side::Self && variableName(add.getVariable()) == state)
        bounded = false;
      if (!set || variableName(set.getVariable()) != state)
        return;
      auto [least, most] = rangeOf(set.getValue(), state, lumping.sharing());
      low = std::fmin(low, least);
      high = std::fmax(high, most);
    });
  auto projection = cast<ProjectionOp>(lumping.owner());
  constexpr double most = std::numeric_limits<double>::max();
  if (auto moved = movedBetween(projection, state, constraints.on(projection))) {
    bounded &= moved->low != -most && moved->high != most;
    low = std::fmin(low, moved->low);
    high = std::fmax(high, moved->high);
  }
  double bound = std::fmax(-low, high);
  if (!bounded || !(bound < most)) // a wall without an end is at `most`
    return std::nullopt;
  if (auto set = projection.getSet().getAs<FloatAttr>(state))
    return std::fmax(bound, std::fabs(set.getValueAsDouble()));
  auto declared = find<StateOp>(lumping.synapse(), state);
  return declared.getValue() ? std::fmax(bound, std::fabs(declared.getValue()->convertToDouble()))
                             : bound;
}

/// The magnitude of a value of the source, or the neuron's parameter or state, at the start.
double startOfSource(Operation *owner, StringRef name) {
  PopulationOp source = sourceOf(owner);
  NeuronOp neuron = source ? neuronOf(source) : NeuronOp();
  if (!neuron)
    return 1.0;
  double start = 1.0;
  if (auto number = uniformParameter(source, neuron, name))
    start = *number;
  else if (auto state = find<StateOp>(neuron, name); state && state.getValue())
    start = state.getValue()->convertToDouble();
  return std::fmax(1.0, std::fabs(start));
}

/// The value of an amount with every read known; NaN where it is not.
double evaluateAmount(Value value, llvm::function_ref<double(Operation *)> leaf) {
  Operation *op = value.getDefiningOp();
  if (!op)
    return NAN;
  if (auto constant = dyn_cast<arith::ConstantOp>(op)) {
    if (auto number = dyn_cast<FloatAttr>(constant.getValue()))
      return number.getValueAsDouble();
    return NAN;
  }
  if (isRead(op))
    return leaf(op);
  auto in = [&](unsigned i) { return evaluateAmount(op->getOperand(i), leaf); };
  if (isa<arith::AddFOp>(op))
    return in(0) + in(1);
  if (isa<arith::SubFOp>(op))
    return in(0) - in(1);
  if (isa<arith::MulFOp>(op))
    return in(0) * in(1);
  if (isa<arith::DivFOp>(op))
    return in(0) / in(1);
  if (isa<arith::NegFOp>(op))
    return -in(0);
  if (isa<math::AbsFOp>(op))
    return std::fabs(in(0));
  if (isa<math::ExpOp>(op))
    return std::exp(in(0));
  if (isa<math::LogOp>(op))
    return std::log(in(0));
  if (isa<math::SqrtOp>(op))
    return std::sqrt(in(0));
  if (isa<math::PowFOp>(op))
    return std::pow(in(0), in(1));
  return NAN;
}

/// Reads of an amount as numbers, with the one that is left as the variable of the bound.
class AmountReader {
public:
  AmountReader(const Lumping &lumping, const Constraints &constraints, AmountBound &bound)
      : lumping(lumping), constraints(constraints), bound(bound) {}

  double operator()(Operation *op) {
    auto get = dyn_cast<GetOp>(op);
    // What the target multiplies by is no part of what is sent.
    if (!get || get.getSide() == Side::Post || lumping.belongsToTarget(get))
      return 1.0;
    std::string name = variableName(get.getVariable());
    if (get.getSide() == Side::Pre)
      return source(name);
    return find<ParameterOp>(lumping.synapse(), name) ? parameter(name) : state(name);
  }

  /// The largest magnitude of the state `clipped`.
  double most = 0;
  /// A state of connections that every handler clips, or empty.
  std::string clipped;

private:
  double source(StringRef name) {
    bound.readsSource = true;
    PopulationOp population = sourceOf(lumping.owner());
    bool differs = isa<ProjectionOp>(lumping.owner()) &&
                   find<ParameterOp>(neuronOf(population), name) &&
                   !uniformParameter(population, neuronOf(population), name);
    if (!differs)
      return startOfSource(lumping.owner(), name);
    bound.ofSource = name.str();
    return 1.0;
  }

  double parameter(StringRef name) {
    auto number = lumping.sharing().fixedValue(name);
    if (number && name != "weight")
      return *number;
    return isVariable(name) ? 1.0 : number.value_or(1.0);
  }

  double state(StringRef name) {
    auto declared = find<StateOp>(lumping.synapse(), name);
    if (declared && lumping.placeOf(name) == neuro::Placement::Connection) {
      if (auto largest = largestBound(lumping, name, constraints)) {
        clipped = name.str();
        return most = *largest;
      }
      if (isVariable(name))
        return 1.0;
    }
    return declared && declared.getValue() ? declared.getValue()->convertToDouble() : 1.0;
  }

  /// There is one variable in a bound; the first takes the place.
  bool isVariable(StringRef name) {
    if (bound.variable.empty())
      bound.variable = name.str();
    return bound.variable == name;
  }

  const Lumping &lumping;
  const Constraints &constraints;
  AmountBound &bound;
};

} // namespace

AmountBound synfire::boundAmount(Arrival arrival, const Lumping &lumping,
                                 const Constraints &constraints, ExperimentOp experiment) {
  AmountBound bound;
  AmountReader reader(lumping, constraints, bound);
  Value amount = arrivalAmount(arrival);
  double others = evaluateAmount(amount, [&](Operation *op) { return reader(op); });
  bool isPlain = bool(amount.getDefiningOp<GetOp>());
  bool isStill = find<ParameterOp>(lumping.synapse(), bound.variable) &&
                 !lumping.sharing().isAssigned(bound.variable);
  bound.isSure = isPlain && (!reader.clipped.empty() || isStill);
  bound.factor = bound.isSure                           ? std::fabs(others)
                 : std::isfinite(others) && others != 0 ? roomToGrow * std::fabs(others)
                                                        : anything;
  if (!reader.clipped.empty() && findInit(lumping.owner(), reader.clipped)) {
    bound.started = reader.clipped;
    bound.startFactor = bound.factor / reader.most;
  }
  // What a protocol sets the variable to counts from the start.
  if (!bound.variable.empty())
    bound.assigned = bound.factor * largestAssigned(experiment, lumping.owner(), bound.variable);
  return bound;
}
