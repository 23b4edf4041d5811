//===- NonNegative.h - states of cells that are never negative ---===//
#ifndef SYNFIRE_PASSES_NEURO_ANALYSIS_NONNEGATIVE_H
#define SYNFIRE_PASSES_NEURO_ANALYSIS_NONNEGATIVE_H

#include "passes/neuro/analysis/Model.h"

namespace synfire::neuro {

/// Why a state of a population may be negative; empty where it is proven that it never is: it
/// starts at 0 or above, decays towards such a value, and nothing that acts on it takes away.
std::string whyMaybeNegative(PopulationOp population, llvm::StringRef state);

} // namespace synfire::neuro

#endif // SYNFIRE_PASSES_NEURO_ANALYSIS_NONNEGATIVE_H
