//===- Passes.h - from a program to hardware ---===//
#ifndef SYNFIRE_PASSES_SIM_TO_RTL_PASSES_H
#define SYNFIRE_PASSES_SIM_TO_RTL_PASSES_H

#include "mlir/Pass/Pass.h"

namespace synfire {
#define GEN_PASS_DECL
#include "passes/sim-to-rtl/Passes.h.inc"
#define GEN_PASS_REGISTRATION
#include "passes/sim-to-rtl/Passes.h.inc"
} // namespace synfire

#endif // SYNFIRE_PASSES_SIM_TO_RTL_PASSES_H
