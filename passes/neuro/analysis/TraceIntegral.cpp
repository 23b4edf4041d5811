//===- TraceIntegral.cpp - weights that a decaying trace moves, scaled by a third factor ---===//
#include "passes/neuro/analysis/TraceIntegral.h"

#include "passes/neuro/analysis/AxonalDelay.h"
#include "passes/neuro/analysis/Expression.h"
#include "passes/neuro/analysis/Invariants.h"
#include "passes/neuro/analysis/NonNegative.h"
#include "passes/neuro/analysis/Split.h"
#include "passes/neuro/analysis/SynapseReads.h"

#include "llvm/ADT/bit.h"

using namespace mlir;
using namespace synfire::neuro;

std::optional<TraceSlope>
synfire::neuro::splitTraceSlope(OpBuilder &builder, SynapseOp synapse, EquationOp equation,
                                llvm::function_ref<Value(Operation *)> read) {
  // All reads of one variable are one value, or the two could not be told from their squares.
  TraceSlope slope;
  Value trace, factor;
  bool several = false;
  auto standIn = [&](GetOp get, GetOp &first, Value &value) {
    several |= first && first.getVariable() != get.getVariable();
    if (!first) {
      first = get;
      value = arith::ConstantOp::create(builder, get.getLoc(), builder.getF64FloatAttr(0.0));
    }
    return value;
  };
  Value root = copyExpression(builder, equation.getBody().front(), [&](Operation *op) -> Value {
                 auto get = dyn_cast<GetOp>(op);
                 if (get && get.getSide() == Side::Self) {
                   std::string name = variableName(get.getVariable());
                   if (find<StateOp>(synapse, name))
                     return standIn(get, slope.trace, trace);
                   if (find<InputOp>(synapse, name))
                     return standIn(get, slope.factor, factor);
                 }
                 return read(op);
               }).front();
  if (several || !trace || !factor ||
      slope.trace.getVariable().getLeafReference() == equation.getState())
    return std::nullopt;
  auto ofTrace = splitAffine(builder, root, {trace});
  if (!ofTrace || ofTrace->constant || !ofTrace->coefficients[0])
    return std::nullopt;
  auto ofFactor = splitAffine(builder, ofTrace->coefficients[0], {factor});
  if (!ofFactor || ofFactor->constant || !ofFactor->coefficients[0])
    return std::nullopt;
  slope.scale = ofFactor->coefficients[0];
  return slope;
}

namespace {

/// More steps are not worth the memory of the integral's past.
constexpr int64_t longestEpoch = 4096;
/// Shorter ones would bring all connections up to date too often.
constexpr int64_t shortestEpoch = 16;
/// Past values of all cells of the modulator's population together.
constexpr int64_t mostPastValues = int64_t(1) << 20;

class Finder {
public:
  Finder(const Lumping &lumping, StateOp state, std::string &why)
      : lumping(lumping), state(state), name(state.getSymName()), synapse(lumping.synapse()),
        why(why) {}

  std::optional<TraceIntegral> run() {
    auto projection = dyn_cast<ProjectionOp>(lumping.owner());
    EquationOp equation = findEquation(synapse, name);
    if (!projection || !equation)
      return no("it has no equation on connections");
    Block scratch;
    OpBuilder builder(state.getContext());
    builder.setInsertionPointToStart(&scratch);
    auto slope = splitTraceSlope(builder, synapse, equation, [](Operation *) { return Value(); });
    if (!slope)
      return no("its equation is no product of a trace of the connection and a third factor");
    if (!isConstant(slope->scale))
      return no("its equation reads what varies, beside the trace and the third factor");
    TraceIntegral result;
    result.trace = find<StateOp>(synapse, variableName(slope->trace.getVariable()));
    std::string factor = variableName(slope->factor.getVariable());
    for (BindOp bind : projection.getBody().getOps<BindOp>())
      if (bind.getInput() == factor)
        result.factor = bind;
    if (!result.factor)
      return no("its third factor is not bound");
    if (result.factor.getDelay() && !result.factor.getDelay()->isZero())
      return no(fmt::format("the third factor `{}` comes with a delay", factor));
    result.modulator =
        findPopulation(projection, result.factor.getSource().getPopulation().getValue());
    std::string variable = variableName(result.factor.getVariable());
    if (!find<StateOp>(neuronOf(result.modulator), variable))
      return no(fmt::format("the third factor `{}` is no state", factor));
    if (sightOf(projection) == Sight::Delayed || sightOf(projection) == Sight::First)
      return no("each connection sees the spikes of its source when they arrive");
    bool isChanged = llvm::any_of(constraintsOf(projection), [](ConstrainOp constraint) {
      return constraint.getPredicate() != Predicate::Effect &&
             constraint.getPredicate() != Predicate::Bound &&
             constraint.getPredicate() != Predicate::NoAutapses;
    });
    if (isChanged || find<StateOp>(synapse, presentName))
      return no("constraints or growth change its connections");
    for (StringRef moved : {name, StringRef(result.trace.getSymName())}) {
      if (lumping.sharing().isAssigned(moved))
        return no(fmt::format("a protocol assigns `{}`", moved.str()));
    }
    result.epoch = epochOf(result);
    if (!result.epoch || !keepsWall(projection, result, variable))
      return std::nullopt;
    return result;
  }

private:
  std::optional<TraceIntegral> no(std::string reason) {
    why = std::move(reason);
    return std::nullopt;
  }

  /// Whether a value follows from parameters that nothing changes.
  bool isConstant(Value value) {
    return llvm::all_of(readsOf(value), [&](Operation *op) {
      auto get = dyn_cast<GetOp>(op);
      if (!get)
        return isa<TimestepOp>(op);
      std::string read = variableName(get.getVariable());
      return get.getSide() == Side::Self && find<ParameterOp>(synapse, read) &&
             !isHiddenVariable(read) && !lumping.sharing().isAssigned(read);
    });
  }

  /// The steps of an epoch; 0 where the trace does not decay as it must.
  int64_t epochOf(TraceIntegral integral) {
    StringRef trace = StateOp(integral.trace).getSymName();
    if (lumping.placeOf(trace) != Placement::Connection) {
      why = fmt::format("`{}` is not kept on the connection", trace.str());
      return 0;
    }
    int64_t epoch = longestEpoch;
    if (EquationOp equation = findEquation(synapse, trace)) {
      Block scratch;
      OpBuilder builder(state.getContext());
      builder.setInsertionPointToStart(&scratch);
      Value self = arith::ConstantOp::create(builder, state.getLoc(), builder.getF64FloatAttr(0.0));
      Value root =
          copyExpression(builder, equation.getBody().front(), [&](Operation *op) {
            auto get = dyn_cast<GetOp>(op);
            return get && get.getSide() == Side::Self && variableName(get.getVariable()) == trace
                       ? self
                       : Value();
          }).front();
      auto parts = splitAffine(builder, root, {self});
      if (!parts || parts->constant || !parts->coefficients[0] ||
          !isConstant(parts->coefficients[0])) {
        why = fmt::format("`{}` does not decay with a constant rate towards 0", trace.str());
        return 0;
      }
      double dt = stepMs();
      Interval rate = intervalOf(parts->coefficients[0], [&](Value value) {
        auto get = value.getDefiningOp<GetOp>();
        auto number = get ? lumping.sharing().fixedValue(variableName(get.getVariable()))
                          : std::optional<double>(dt);
        return number ? Interval::point(*number) : Interval();
      });
      if (!(rate.low == rate.high && rate.high <= 0)) {
        why = fmt::format("how fast `{}` decays is no number that all connections share",
                          trace.str());
        return 0;
      }
      double steps = -1 / (rate.low * dt);
      epoch = steps < double(epoch) ? int64_t(steps) : epoch;
    }
    epoch = std::min(epoch, mostPastValues / int64_t(integral.modulator.getSize()));
    if (epoch < shortestEpoch) {
      why = fmt::format("`{}` decays within a few steps, or its third factor has too long a past",
                        trace.str());
      return 0;
    }
    return int64_t(llvm::bit_floor(uint64_t(epoch)));
  }

  double stepMs() {
    for (auto experiment : state->getParentOfType<ModuleOp>().getOps<ExperimentOp>())
      for (auto simulate : experiment.getBody().getOps<SimulateOp>())
        return simulate.getStep().convertToDouble();
    return 0.1;
  }

  /// Whether clipping at events is clipping at every step.
  bool keepsWall(ProjectionOp projection, const TraceIntegral &integral, StringRef variable) {
    for (BoundOp bound : synapse.getBody().getOps<BoundOp>()) {
      if (bound.getVariable() != name)
        continue;
      if (std::string reason = whyMaybeNegative(integral.modulator, variable); !reason.empty()) {
        why = fmt::format("its bound may act between events: `{}.{}` is not proven to keep its "
                          "sign ({})",
                          PopulationOp(integral.modulator).getSymName().str(), variable.str(),
                          reason);
        return false;
      }
      SmallVector<ConnectionClass> classes = classesOf(projection);
      for (const ConnectionClass &some : classes) {
        Interval start = startOf(projection, synapse, name, &some);
        auto end = [&](unsigned i) {
          return intervalOf(yieldedValues(bound.getBody().front())[i], [&](Value value) {
            auto get = value.getDefiningOp<GetOp>();
            return get && get.getSide() == Side::Self &&
                           find<ParameterOp>(synapse, variableName(get.getVariable()))
                       ? startOf(projection, synapse, variableName(get.getVariable()), &some)
                       : Interval();
          });
        };
        if (!isConstantWall(bound) || !(start.low >= end(0).high && start.high <= end(1).low)) {
          why = "its bound may act between events: it is not proven to start inside";
          return false;
        }
      }
    }
    return true;
  }

  bool isConstantWall(BoundOp bound) {
    bool constant = true;
    bound.walk([&](GetOp get) {
      std::string read = variableName(get.getVariable());
      constant &= get.getSide() == Side::Self && find<ParameterOp>(synapse, read) &&
                  !lumping.sharing().isAssigned(read);
    });
    return constant;
  }

  const Lumping &lumping;
  StateOp state;
  StringRef name;
  SynapseOp synapse;
  std::string &why;
};

} // namespace

std::optional<TraceIntegral> synfire::neuro::findTraceIntegral(const Lumping &lumping,
                                                               StateOp state, std::string &why) {
  return Finder(lumping, state, why).run();
}
