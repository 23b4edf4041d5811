//===- Passes.h - passes on sim programs ---===//
#ifndef SYNFIRE_PASSES_SIM_PASSES_H
#define SYNFIRE_PASSES_SIM_PASSES_H

#include "mlir/Pass/Pass.h"

namespace synfire::sim {
#define GEN_PASS_DECL
#include "passes/sim/Passes.h.inc"
#define GEN_PASS_REGISTRATION
#include "passes/sim/Passes.h.inc"
} // namespace synfire::sim

#endif // SYNFIRE_PASSES_SIM_PASSES_H
