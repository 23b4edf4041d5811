//===- Model.h - finding the declarations of a neuro model ---===//
//
// Small look-ups that every neuro pass and analysis needs: from a population to its neuron, from a
// state to its equation, from a parameter to the value that a projection gives it.
//
//===----------------------------------------------------------------------===//
#ifndef SYNFIRE_PASSES_NEURO_ANALYSIS_MODEL_H
#define SYNFIRE_PASSES_NEURO_ANALYSIS_MODEL_H

#include "dialects/neuro/Neuro.h"

#include "llvm/ADT/StringRef.h"

#include <optional>
#include <string>

namespace synfire::neuro {

/// The name of a variable as one string: `v`, or `soma.v` for `@soma::@v`.
std::string variableName(mlir::SymbolRefAttr variable);

/// Whether this is the name of a population or projection that a pass made and the model does not
/// have. No name of a model begins with `#`.
bool isHiddenName(llvm::StringRef name);

/// The same for the qualified name of a variable, whose own part may have a `#` anywhere.
bool isHiddenVariable(llvm::StringRef name);

/// The declaration called `name` directly inside `owner` (a neuron, synapse or rule), or null.
mlir::Operation *findDeclaration(mlir::Operation *owner, llvm::StringRef name);

/// The declaration of `name` in `owner` if it is a `DeclT`, else null.
template <typename DeclT> DeclT find(mlir::Operation *owner, llvm::StringRef name) {
  for (auto declaration : owner->getRegion(0).getOps<DeclT>())
    if (declaration.getSymName() == name)
      return declaration;
  return nullptr;
}

/// The equation of a state of `owner`, or null where the state has none.
EquationOp findEquation(mlir::Operation *owner, llvm::StringRef state);

/// The circuit that the module holds, or null.
CircuitOp findCircuit(mlir::ModuleOp module);

/// The population called `name` in the circuit around `op`.
PopulationOp findPopulation(mlir::Operation *op, llvm::StringRef name);

/// The neuron type of a population.
NeuronOp neuronOf(PopulationOp population);

/// The synapse type of a projection or of a stimulus that acts through one; else null.
SynapseOp synapseOf(mlir::Operation *projectionOrStimulus);

/// The population that a projection or stimulus acts on.
PopulationOp targetOf(mlir::Operation *projectionOrStimulus);

/// The population that a projection comes from; null for a stimulus.
PopulationOp sourceOf(mlir::Operation *projectionOrStimulus);

/// The name of a population, projection or stimulus.
llvm::StringRef nameOf(mlir::Operation *op);

/// The one value that all elements (connections) of `owner` have for a parameter of `type`: from
/// its `set`, else the type's default number. None where an `init` gives it per element, or where
/// the default depends on other parameters.
std::optional<double> uniformParameter(mlir::Operation *owner, mlir::Operation *type,
                                       llvm::StringRef name);

/// The `init` of a variable in the body of a population, projection or attachment, or null.
InitOp findInit(mlir::Operation *owner, llvm::StringRef name);

} // namespace synfire::neuro

#endif // SYNFIRE_PASSES_NEURO_ANALYSIS_MODEL_H
