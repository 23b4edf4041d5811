//===- EngineRanges.h - what the values of a neuron engine can be ---===//
#ifndef SYNFIRE_PASSES_SIM_TO_RTL_ENGINERANGES_H
#define SYNFIRE_PASSES_SIM_TO_RTL_ENGINERANGES_H

#include "passes/sim-to-rtl/Design.h"
#include "passes/sim/fixed/Bound.h"

namespace synfire {

/// The numbers that a draw is compared with; empty where they are not known.
std::vector<uint32_t> thresholdsOf(const EnginePlan &engine, sim::CountOp count);

/// What a field refers to for the cells of an engine.
mlir::Attribute boundTo(const EnginePlan &engine, llvm::StringRef field);

/// What a kernel reads, as integers.
sim::Bound leafOf(const EnginePlan &engine, mlir::Operation *op);

/// Finds where each state stays from its start values on, which may need fewer bits than its
/// format: a time that counts down is never negative.
void narrowStates(EnginePlan &engine);

} // namespace synfire

#endif // SYNFIRE_PASSES_SIM_TO_RTL_ENGINERANGES_H
