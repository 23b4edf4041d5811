//===- Passes.h - from what a model says to how it advances ---===//
#ifndef SYNFIRE_PASSES_NEURO_TO_SIM_PASSES_H
#define SYNFIRE_PASSES_NEURO_TO_SIM_PASSES_H

#include "dialects/sim/Sim.h"

#include "mlir/Pass/Pass.h"

namespace synfire {
#define GEN_PASS_DECL
#include "passes/neuro-to-sim/Passes.h.inc"
#define GEN_PASS_REGISTRATION
#include "passes/neuro-to-sim/Passes.h.inc"
} // namespace synfire

#endif // SYNFIRE_PASSES_NEURO_TO_SIM_PASSES_H
