//===- SolverChoice.h - which solver advances which state (X1) ---===//
#ifndef SYNFIRE_PASSES_NEURO_ANALYSIS_SOLVERCHOICE_H
#define SYNFIRE_PASSES_NEURO_ANALYSIS_SOLVERCHOICE_H

#include "passes/neuro/analysis/PopulationSystem.h"

namespace synfire::neuro {

/// What was found for populations that are alike: the choice itself names their own states.
struct SolverAnalyses {
  explicit SolverAnalyses(CircuitOp circuit) : wiring(circuit) {}

  Wiring wiring;
  LumpingCache places;
  llvm::StringMap<SystemForms> forms;                ///< by the structure of a system
  llvm::StringMap<std::optional<double>> stiffRates; ///< by structure and numbers
};

/// The solutions of all states of a population's system, then those of synapse states that are not
/// lumped; the rules are those of `neuro-choose-solvers`. Emits an error where an override asks
/// for what the equation does not allow.
mlir::FailureOr<llvm::SmallVector<SolutionAttr>> chooseSolvers(PopulationOp population,
                                                               SolverAnalyses &known);

/// The name in `solve` of a state that is not lumped.
std::string connectionStateName(llvm::StringRef projection, llvm::StringRef state);

/// The spike rule's wall for the stages of an rk4 state: where the rule is `at_or_above`, its left
/// side is one state alone and its right side reads no state, stages of that state are clamped to
/// the right side, because the equation need not make sense above it.
struct UpstrokeWall {
  llvm::StringRef state;
  mlir::Value threshold; ///< in the spike's condition
};
std::optional<UpstrokeWall> upstrokeWall(NeuronOp neuron);

} // namespace synfire::neuro

#endif // SYNFIRE_PASSES_NEURO_ANALYSIS_SOLVERCHOICE_H
