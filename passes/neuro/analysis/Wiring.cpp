//===- Wiring.cpp - what acts on each population ---===//
#include "passes/neuro/analysis/Wiring.h"

using namespace mlir;
using namespace synfire::neuro;

Wiring::Wiring(CircuitOp circuit) {
  for (Operation &op : circuit.getBody().front())
    if (auto projection = dyn_cast<ProjectionOp>(op))
      byTarget[projection.getTarget().getPopulation().getAttr()].push_back(&op);
    else if (auto stimulus = dyn_cast<StimulusOp>(op))
      byTarget[stimulus.getTarget().getPopulation().getAttr()].push_back(&op);
}

ArrayRef<Operation *> Wiring::onto(PopulationOp population) const {
  auto found = byTarget.find(population.getSymNameAttr());
  return found == byTarget.end() ? ArrayRef<Operation *>() : ArrayRef(found->second);
}
