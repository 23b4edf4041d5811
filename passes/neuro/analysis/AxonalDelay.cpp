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

std::string synfire::neuro::whyNotLate(ProjectionOp projection) {
  auto fraction = projection.getDendriticFraction();
  if (!fraction || fraction->isExactlyValue(1.0) || !hasEvents(projection))
    return "";
  auto parts = delayParts(projection);
  if (!parts)
    return "the delay has an axonal part that differs from connection to connection";
  if (parts->axonal > 0 && parts->dendritic == 0)
    return "the delay has no dendritic part";
  return "";
}

// Everything must belong to the time at which the spikes arrive.
std::string synfire::neuro::whyNotArriving(ProjectionOp projection, const Sharing &sharing,
                                           const llvm::SetVector<StringRef> &targetSide) {
  SynapseOp type = synapseOf(projection);
  if (findInit(projection, "delay"))
    return "delays differ from connection to connection";
  std::string why;
  for (StateOp state : type.getBody().getOps<StateOp>())
    if (EquationOp equation = findEquation(type, state.getSymName()))
      equation.walk([&](NoiseOp) { why = "its equation has noise"; });
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
