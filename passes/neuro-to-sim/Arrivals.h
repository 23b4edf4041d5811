//===- Arrivals.h - what a connection sends, and what the target makes of it ---===//
#ifndef SYNFIRE_PASSES_NEURO_TO_SIM_ARRIVALS_H
#define SYNFIRE_PASSES_NEURO_TO_SIM_ARRIVALS_H

#include "passes/neuro-to-sim/KernelBuilder.h"
#include "passes/neuro/analysis/Lumping.h"

namespace synfire {

/// The connection's factor of an arrival's amount; `read` gives the connection's reads.
mlir::Value connectionPart(KernelBuilder &b, const neuro::Lumping &lumping, neuro::Arrival arrival,
                           llvm::function_ref<mlir::Value(mlir::Operation *)> read);

/// The target's factor, or null where it is one.
mlir::Value targetPart(KernelBuilder &b, const neuro::Lumping &lumping, neuro::Arrival arrival,
                       llvm::function_ref<mlir::Value(neuro::GetOp)> read);

/// The statement's amount.
mlir::Value arrivalAmount(neuro::Arrival arrival);

/// True for a synapse state of which the source has the one copy.
bool isSourceSide(const neuro::Lumping &lumping, llvm::StringRef state);

} // namespace synfire

#endif // SYNFIRE_PASSES_NEURO_TO_SIM_ARRIVALS_H
