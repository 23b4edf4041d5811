//===- Wiring.h - what acts on each population ---===//
#ifndef SYNFIRE_PASSES_NEURO_ANALYSIS_WIRING_H
#define SYNFIRE_PASSES_NEURO_ANALYSIS_WIRING_H

#include "passes/neuro/analysis/Model.h"

#include "llvm/ADT/DenseMap.h"

namespace synfire::neuro {

/// The projections and stimuli of a circuit by the population that they act on: found in one walk,
/// because a circuit can have thousands of them.
class Wiring {
public:
  explicit Wiring(CircuitOp circuit);

  /// In the order of their declaration.
  llvm::ArrayRef<mlir::Operation *> onto(PopulationOp population) const;

private:
  llvm::DenseMap<mlir::StringAttr, llvm::SmallVector<mlir::Operation *>> byTarget;
};

} // namespace synfire::neuro

#endif // SYNFIRE_PASSES_NEURO_ANALYSIS_WIRING_H
