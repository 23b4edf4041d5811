//===- BuildJumps.cpp - the sums that events go through, and what is sent to them ---===//
#include "passes/neuro-to-sim/ProgramBuilder.h"

#include "passes/neuro-to-sim/Arrivals.h"
#include "passes/neuro/analysis/Evaluate.h"
#include "passes/neuro/analysis/Expression.h"
#include "passes/neuro/analysis/WeightLimits.h"

#include <cmath>

using namespace mlir;
using namespace synfire;
using namespace synfire::neuro;
using sim::FieldKind;

/// The side and the variable that a statement changes.
static std::pair<Side, SymbolRefAttr> variableOf(Operation *statement) {
  if (auto add = dyn_cast<AddOp>(statement))
    return {add.getSide(), add.getVariable()};
  return {Side::Self, cast<SetOp>(statement).getVariable()};
}

Jump &ProgramBuilder::jumpFor(PopulationBuild &p, const Lumping &lumping, Arrival arrival) {
  std::string state, label;
  Operation *statement = arrival.statement;
  auto add = dyn_cast<AddOp>(statement);
  if (add && add.getSide() == Side::Post) {
    state = label = variableName(add.getVariable());
  } else {
    int receptor = p.system->receptorOf(lumping.owner());
    SymbolRefAttr variable = add ? add.getVariable() : cast<SetOp>(statement).getVariable();
    std::string own = variableName(variable);
    state = (receptor < 0 ? nameOf(lumping.owner()).str() : p.system->receptors[receptor].name) +
            "." + own;
    label = state;
  }
  // An amount with a target factor has a sum of its own: the factor differs between synapse types.
  auto [known, isNew] = factored.try_emplace({lumping.kind(), statement});
  if (isNew) {
    KernelBuilder scratch(statement->getLoc(), data.getContext());
    known->second =
        bool(targetPart(scratch, lumping, arrival, [&](GetOp) { return scratch.number(2.0); }));
  }
  bool own = known->second;
  if (own) {
    label += "*" + nameOf(lumping.owner()).str();
    // Statements that act on one state may have different factors.
    unsigned number = 0;
    for (const Arrival &other : lumping.arrivals()) {
      if (other.statement == statement)
        break;
      number += variableOf(other.statement) == variableOf(statement);
    }
    if (number)
      label += "*" + std::to_string(number + 1);
  }
  return jumpTo(p, state, own ? statement : nullptr, own ? &lumping : nullptr, label);
}

SmallVector<GetOp> &ProgramBuilder::latchedReads(ProjectionOp projection) {
  const Lumping &lumping = lumpingOf(projection);
  auto [found, isNew] = latched.try_emplace(lumping.kind());
  SmallVector<GetOp> &reads = found->second;
  if (!isNew)
    return reads;
  SynapseOp synapse = synapseOf(projection);
  DenseSet<Operation *> needed;
  std::function<void(Value)> visit = [&](Value value) {
    Operation *op = value.getDefiningOp();
    if (!op || !needed.insert(op).second)
      return;
    for (Value operand : op->getOperands())
      visit(operand);
  };
  for (const Arrival &arrival : lumping.arrivals())
    visit(arrivalAmount(arrival));
  bool all = actsByItself(lumping); // its handlers run away from the source
  for (OnOp on : synapse.getBody().getOps<OnOp>()) {
    if (on.getTrigger() != Trigger::Pre)
      continue;
    on.getBody().walk<WalkOrder::PreOrder>([&](GetOp get) {
      bool source =
          get.getSide() == Side::Pre ||
          (get.getSide() == Side::Self && isSourceSide(lumping, variableName(get.getVariable())));
      if (source && (all || needed.contains(get)))
        reads.push_back(get);
    });
  }
  return reads;
}

double ProgramBuilder::largestAssigned(Operation *owner, StringRef variable) {
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

namespace {

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

} // namespace

/// Where constraints move weights to, if there are any.
static std::optional<Interval> movedBetween(ProjectionOp projection, StringRef state) {
  std::optional<Interval> result;
  for (ConstrainOp constraint : constraintsOf(projection)) {
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

std::optional<double> ProgramBuilder::largestBound(const Lumping &lumping, StringRef state) {
  // Inside what priors state, whether that is enforced or proven.
  if (Interval limits = limitsOf(cast<ProjectionOp>(lumping.owner()));
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
  if (auto moved = movedBetween(projection, state)) {
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
static double startOfSource(Operation *owner, StringRef name) {
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

Value ProgramBuilder::wholeAmount(KernelBuilder &b, Jump &jump, Operation *owner, Arrival arrival,
                                  const Lumping &lumping, Value amount, StringRef drive) {
  bool sure = isa<ProjectionOp>(owner) ? capOnce(jump, owner, arrival, lumping)
                                       : capAmount(jump, owner, arrival, lumping, drive);
  sim::AccumulatorOp &sum = jump.accumulator;
  Value scaled =
      b.mul(amount, b.get("scale", FieldKind::Uniform, arraysByName.lookup(sum.getScale())));
  FlatSymbolRefAttr within;
  if (!sure) {
    sim::ArrayOp limit = arraysByName.lookup(*sum.getLimit());
    within = FlatSymbolRefAttr::get(data.getContext(),
                                    b.field("limit", FieldKind::Uniform, limit.getType(),
                                            FlatSymbolRefAttr::get(limit.getSymNameAttr())));
  }
  return sim::RoundOp::create(b, b.getI64Type(), scaled, within);
}

bool ProgramBuilder::capOnce(Jump &jump, Operation *owner, Arrival arrival,
                             const Lumping &lumping) {
  auto [known, isNew] = capped.try_emplace({owner, arrival.statement});
  if (isNew)
    known->second = capAmount(jump, owner, arrival, lumping, "");
  return known->second;
}

// Where the amount is the weight itself, its values are the bound. Otherwise the amount is
// estimated from start values, with room to grow sixteenfold; a larger one ends the run.
bool ProgramBuilder::capAmount(Jump &jump, Operation *owner, Arrival arrival,
                               const Lumping &lumping, StringRef drive) {
  std::string variable;
  bool bounded = false; // a state of connections, by every handler that changes it
  std::string plastic;
  sim::ArrayOp ofSource; // a parameter that differs from source to source
  double most = 0;
  double others =
      evaluateNumber(*arrival.statement->getBlock(), arrivalAmount(arrival), [&](Operation *op) {
        auto get = dyn_cast<GetOp>(op);
        if (!get)
          return 1.0;
        std::string name = variableName(get.getVariable());
        if (get.getSide() == Side::Post || lumping.belongsToTarget(get))
          return 1.0;
        if (get.getSide() == Side::Pre) {
          auto projection = dyn_cast<ProjectionOp>(owner);
          PopulationOp source = sourceOf(owner);
          if (!projection || !find<ParameterOp>(neuronOf(source), name) ||
              uniformParameter(source, neuronOf(source), name))
            return startOfSource(owner, name);
          ofSource = sourceBuild(projection).arrays.lookup(name);
          return 1.0;
        }
        if (get.getSide() == Side::Self && find<ParameterOp>(lumping.synapse(), name)) {
          auto number = lumping.sharing().fixedValue(name);
          if (number && name != "weight")
            return *number;
          if (variable.empty() || variable == name) {
            variable = name;
            return 1.0;
          }
          return number.value_or(1.0);
        }
        auto state = find<StateOp>(lumping.synapse(), name);
        if (state && lumping.placeOf(name) == neuro::Placement::Connection) {
          if (auto bound = largestBound(lumping, name)) {
            bounded = true;
            plastic = name;
            most = *bound;
            return *bound;
          }
          if (variable.empty() || variable == name) {
            variable = name;
            return 1.0;
          }
        }
        return state && state.getValue() ? state.getValue()->convertToDouble() : 1.0;
      });
  GetOp plain = arrivalAmount(arrival).getDefiningOp<GetOp>();
  bool exact = plain && (bounded || (find<ParameterOp>(lumping.synapse(), variable) &&
                                     !lumping.sharing().isAssigned(variable)));
  double headroom = exact                                  ? std::fabs(others)
                    : std::isfinite(others) && others != 0 ? 16 * std::fabs(others)
                                                           : 1e3;
  auto symbol = [&](StringRef name) {
    return name.empty() ? FlatSymbolRefAttr() : FlatSymbolRefAttr::get(data.getContext(), name);
  };
  auto connections = connectionsOf.lookup(owner);
  StringRef array;
  if (!variable.empty())
    array =
        find<StateOp>(lumping.synapse(), variable)
            ? StringRef(arraysByName.lookup((nameOf(owner) + "." + variable).str()).getSymName())
            : ownedParameter(owner, variable).getSymName();
  else if (ofSource)
    array = ofSource.getSymName();
  auto cap = [&](FlatSymbolRefAttr magnitude, double times) {
    sim::CapOp::create(data, owner->getLoc(),
                       FlatSymbolRefAttr::get(jump.accumulator.getSymNameAttr()),
                       symbol(connections ? connections.getSymName() : StringRef()), symbol(drive),
                       magnitude, data.getF64FloatAttr(times));
  };
  cap(symbol(array), headroom);
  if (bounded && findInit(owner, plastic)) // its start values may lie outside
    cap(symbol((nameOf(owner) + "." + plastic).str()), headroom / most);
  // What a protocol sets the weight to counts from the start.
  if (double most = variable.empty() ? 0.0 : largestAssigned(owner, variable))
    cap(FlatSymbolRefAttr(), most * headroom);
  if (sim::AccumulatorOp &sum = jump.accumulator; !exact && !sum.getLimit()) {
    sim::ArrayOp limit = uniform((sum.getSymName() + ".limit").str(), sim::ArrayKind::Derived, 1.0);
    limit->setAttr("wide", data.getUnitAttr());
    sum.setLimit(limit.getSymName());
  }
  return exact;
}

Value ProgramBuilder::connectionRead(KernelBuilder &b, Operation *owner, StringRef name) {
  sim::ArrayOp array = ownedParameter(owner, name);
  FieldKind each = isa<StimulusOp>(owner) ? FieldKind::Target : FieldKind::Connection;
  return b.get(name, array.getUniform() ? FieldKind::Uniform : each, array);
}

void ProgramBuilder::send(KernelBuilder &b, PopulationBuild &p, Operation *owner, Arrival arrival,
                          const Lumping &lumping, Value amount) {
  Jump &jump = jumpFor(p, lumping, arrival);
  sentTo.insert(jump.accumulator);
  Value whole = wholeAmount(b, jump, owner, arrival, lumping, amount);
  StringRef ring = b.field("ring", FieldKind::Ring, b.getI64Type(),
                           FlatSymbolRefAttr::get(jump.accumulator.getSymNameAttr()));
  sim::SendOp::create(b, ring, whole);
}

/// The kernel that sends the amounts of a spike along its connections.
LogicalResult ProgramBuilder::deliver(sim::ConnectionsOp connections, PopulationBuild &p,
                                      const Lumping &lumping) {
  Operation *owner = lumping.owner();
  auto arrivals = lumping.arrivals();
  if (arrivals.empty())
    return success();
  KernelBuilder b(owner->getLoc(), data.getContext());
  bool delaysVary = isa<ProjectionOp>(owner) && findInit(owner, "delay");
  // The name keeps kernels apart whose rows have delays of their own.
  b.field(delaysVary ? "delayed_rows" : "rows", FieldKind::Rows, b.getI32Type(),
          FlatSymbolRefAttr::get(connections.getSymNameAttr()));
  ArrayRef<GetOp> carried;
  if (auto projection = dyn_cast<ProjectionOp>(owner))
    carried = latchedReads(projection);
  for (const Arrival &arrival : arrivals) {
    if (!arrival.factors)
      return arrival.statement->emitError(
          "this amount mixes values of the connection and of the target so that it does not "
          "separate "
          "into a product of both; write it as one, such as `weight * (E - post.v)`");
    Value amount = connectionPart(b, lumping, arrival, [&](Operation *op) -> Value {
      auto get = dyn_cast<GetOp>(op);
      if (!get)
        return Value();
      if (auto place = llvm::find(carried, get); place != carried.end())
        return sim::PayloadOp::create(b, b.getF64Type(), place - carried.begin());
      return connectionRead(b, owner, variableName(get.getVariable()));
    });
    send(b, p, owner, arrival, lumping, amount);
  }
  ArrayAttr bind = b.bindings();
  auto kernel = intern(b, (delaysVary ? "deliver_delayed_" : "deliver_") +
                              SynapseOp(lumping.synapse()).getSymName().str());
  sim::DeliverOp::create(delivers, owner->getLoc(), kernel.getValue(), connections.getSymName(),
                         bind);
  return success();
}
