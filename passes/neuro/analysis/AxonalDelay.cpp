//===- AxonalDelay.cpp - what of a delay lies before the synapse (G2, G3) ---===//
#include "passes/neuro/analysis/AxonalDelay.h"

#include "runtime/random/Grid.h"

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
  bool distance = false;
  projection.walk([&](DistanceOp) { distance = true; });
  if (parts->axonal > 0 && distance)
    return "the delay has an axonal part and values depend on the distance";
  return "";
}
