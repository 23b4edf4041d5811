//===- AxonalDelay.cpp - what of a delay lies before the synapse (G2, G3) ---===//
#include "passes/neuro/analysis/AxonalDelay.h"

#include "passes/neuro/analysis/SynapseReads.h"
#include "runtime/random/Grid.h"

#include <fmt/format.h>

#include <cmath>

using namespace mlir;
using namespace synfire;
using namespace synfire::neuro;

std::optional<DelayParts> synfire::neuro::delayParts(ProjectionOp projection) {
  if (findInit(projection, "delay"))
    return std::nullopt;
  DelayParts parts;
  for (auto experiment : projection->getParentOfType<ModuleOp>().getOps<ExperimentOp>())
    for (auto simulate : experiment.getBody().getOps<SimulateOp>()) {
      parts.step = simulate.getStep().convertToDouble();
      break;
    }
  auto given = projection.getSet().getAs<FloatAttr>("delay");
  double delay = given ? given.getValueAsDouble() : parts.step;
  int64_t steps = std::max<int64_t>(1, runtime::toSteps(delay, parts.step).steps);
  auto fraction = projection.getDendriticFraction();
  double share = fraction ? fraction->convertToDouble() : 1.0;
  parts.dendritic = int64_t(std::floor(share * double(steps) + 0.5));
  parts.axonal = steps - parts.dendritic;
  return parts;
}

bool synfire::neuro::hasEvents(ProjectionOp projection) {
  return !synapseOf(projection).getBody().getOps<OnOp>().empty();
}

Sight synfire::neuro::sightOf(ProjectionOp projection) {
  auto fraction = projection.getDendriticFraction();
  if (!fraction || fraction->isExactlyValue(1.0) || !hasEvents(projection))
    return Sight::AtOnce;
  auto parts = delayParts(projection);
  if (!parts)
    return fraction->isZero() ? Sight::First : Sight::Delayed;
  return !parts->axonal ? Sight::AtOnce : parts->dendritic ? Sight::Relayed : Sight::First;
}

bool synfire::neuro::seesApart(ProjectionOp projection) {
  Sight sight = sightOf(projection);
  return sight == Sight::Delayed || sight == Sight::First;
}

namespace {

/// Whether the handlers of pre spikes mix what changes when the synapse sees a spike with what
/// changes at the arrival, though both are at one time: what comes at the arrival is not known yet.
std::string whyNotAtOneTime(SynapseOp type, const llvm::SetVector<StringRef> &targetSide) {
  std::string why;
  for (auto handler : type.getBody().getOps<OnOp>())
    handler.walk([&](Operation *inner) {
      auto change = selfChange(inner);
      if (change && !targetSide.contains(change->name))
        for (Operation *read : readsOf(change->amount))
          if (auto get = dyn_cast<GetOp>(read);
              get && get.getSide() == Side::Self &&
              targetSide.contains(variableName(get.getVariable())))
            why = fmt::format("a handler changes `{}` by `{}`, which changes at the arrival",
                              change->name, variableName(get.getVariable()));
    });
  return why;
}

} // namespace

// Everything must belong to the time at which the spikes arrive.
std::string synfire::neuro::whyNotArriving(ProjectionOp projection, const Sharing &sharing,
                                           const llvm::SetVector<StringRef> &targetSide) {
  SynapseOp type = synapseOf(projection);
  std::string why;
  for (StateOp state : type.getBody().getOps<StateOp>())
    if (EquationOp equation = findEquation(type, state.getSymName()))
      equation.walk([&](NoiseOp) { why = "its equation has noise"; });
  if (sightOf(projection) == Sight::First)
    return why.empty() ? whyNotAtOneTime(type, targetSide) : why;
  for (auto handler : type.getBody().getOps<OnOp>())
    handler.walk([&](Operation *inner) {
      auto add = dyn_cast<AddOp>(inner);
      auto change = selfChange(inner);
      auto get = dyn_cast<GetOp>(inner);
      std::string read = get ? variableName(get.getVariable()) : "";
      if (handler.getTrigger() == Trigger::Post)
        why = "handlers of both spikes are there";
      else if (add && add.getSide() == Side::Post)
        why = "the same handler acts on the target";
      else if (change && !targetSide.contains(change->name))
        why = fmt::format("a handler changes `{}` when the synapse sees the spike", change->name);
      else if (get && get.getSide() != Side::Self)
        why = fmt::format("a handler reads `{}.{}`", get.getSide() == Side::Pre ? "pre" : "post",
                          read);
      else if (get && ((find<StateOp>(type, read) && !targetSide.contains(read)) ||
                       (find<ParameterOp>(type, read) && sharing.isAssigned(read))))
        why = fmt::format("a handler reads `{}` as it was when the synapse saw the spike", read);
    });
  return why;
}
