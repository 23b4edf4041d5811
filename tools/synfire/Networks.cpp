//===- Networks.cpp - an experiment about several networks ---===//
#include "tools/synfire/Networks.h"

#include "dialects/neuro/Neuro.h"

#include "llvm/ADT/SetVector.h"

using namespace mlir;
using namespace synfire;

namespace {

/// Leaves one circuit and its runs.
void keepNetwork(ModuleOp module, StringRef name) {
  for (auto circuit : llvm::make_early_inc_range(module.getOps<neuro::CircuitOp>()))
    if (circuit.getSymName() != name)
      circuit.erase();
  for (auto experiment : module.getOps<neuro::ExperimentOp>())
    for (auto run : llvm::make_early_inc_range(experiment.getBody().getOps<neuro::SimulateOp>()))
      if (run.getCircuit() != name)
        run.erase();
}

} // namespace

SmallVector<OwningOpRef<ModuleOp>> tool::splitNetworks(OwningOpRef<ModuleOp> module) {
  llvm::SetVector<StringAttr> names;
  StringAttr last;
  for (auto experiment : module->getOps<neuro::ExperimentOp>())
    for (auto run : experiment.getBody().getOps<neuro::SimulateOp>()) {
      last = run.getCircuitAttr().getAttr();
      names.insert(last);
    }
  SmallVector<OwningOpRef<ModuleOp>> networks;
  if (names.size() > 1) {
    names.remove(last);
    for (StringAttr name : names) {
      networks.push_back(module->clone());
      keepNetwork(*networks.back(), name);
    }
    keepNetwork(*module, last);
  }
  networks.push_back(std::move(module));
  return networks;
}
