//===- Model.cpp - finding the declarations of a neuro model ---===//
#include "passes/neuro/analysis/Model.h"

using namespace mlir;
using namespace synfire::neuro;

std::string synfire::neuro::variableName(SymbolRefAttr variable) {
  std::string name = variable.getRootReference().str();
  for (FlatSymbolRefAttr nested : variable.getNestedReferences())
    name += "." + nested.getValue().str();
  return name;
}

bool synfire::neuro::isHiddenName(StringRef name) { return name.starts_with("#"); }

bool synfire::neuro::isHiddenVariable(StringRef name) {
  StringRef own = name.contains('.') ? name.rsplit('.').second : name;
  return isHiddenName(name) || own.contains('#');
}

Operation *synfire::neuro::findDeclaration(Operation *owner, StringRef name) {
  return SymbolTable::lookupSymbolIn(owner, StringAttr::get(owner->getContext(), name));
}

EquationOp synfire::neuro::findEquation(Operation *owner, StringRef state) {
  for (auto equation : owner->getRegion(0).getOps<EquationOp>())
    if (equation.getState() == state)
      return equation;
  return nullptr;
}

CircuitOp synfire::neuro::findCircuit(ModuleOp module) {
  auto circuits = module.getOps<CircuitOp>();
  return circuits.empty() ? CircuitOp() : *circuits.begin();
}

PopulationOp synfire::neuro::findPopulation(Operation *op, StringRef name) {
  auto circuit = isa<CircuitOp>(op) ? cast<CircuitOp>(op) : op->getParentOfType<CircuitOp>();
  return circuit ? find<PopulationOp>(circuit, name) : PopulationOp();
}

NeuronOp synfire::neuro::neuronOf(PopulationOp population) {
  auto module = population->getParentOfType<ModuleOp>();
  return module ? find<NeuronOp>(module, population.getNeuron()) : NeuronOp();
}

SynapseOp synfire::neuro::synapseOf(Operation *op) {
  std::optional<StringRef> name;
  if (auto projection = dyn_cast<ProjectionOp>(op))
    name = projection.getSynapse();
  else if (auto stimulus = dyn_cast<StimulusOp>(op))
    name = stimulus.getSynapse();
  auto module = op->getParentOfType<ModuleOp>();
  return name && module ? find<SynapseOp>(module, *name) : SynapseOp();
}

PopulationOp synfire::neuro::targetOf(Operation *op) {
  if (auto projection = dyn_cast<ProjectionOp>(op))
    return findPopulation(op, projection.getTarget().getPopulation().getValue());
  if (auto stimulus = dyn_cast<StimulusOp>(op))
    return findPopulation(op, stimulus.getTarget().getPopulation().getValue());
  return nullptr;
}

PopulationOp synfire::neuro::sourceOf(Operation *op) {
  auto projection = dyn_cast<ProjectionOp>(op);
  return projection ? findPopulation(op, projection.getSource().getPopulation().getValue())
                    : PopulationOp();
}

StringRef synfire::neuro::nameOf(Operation *op) {
  return SymbolTable::getSymbolName(op).getValue();
}

InitOp synfire::neuro::findInit(Operation *owner, StringRef name) {
  for (auto init : owner->getRegion(0).getOps<InitOp>())
    if (init.getVariable() == name)
      return init;
  return nullptr;
}

std::optional<double> synfire::neuro::uniformParameter(Operation *owner, Operation *type,
                                                       StringRef name) {
  if (findInit(owner, name))
    return std::nullopt;
  if (auto set = owner->getAttrOfType<DictionaryAttr>("set"))
    if (auto value = set.getAs<FloatAttr>(name))
      return value.getValueAsDouble();
  auto parameter = find<ParameterOp>(type, name);
  if (!parameter || !parameter.getValue())
    return std::nullopt;
  return parameter.getValue()->convertToDouble();
}
