//===- Passes.h - passes on modules of registers and wires ---===//
#ifndef SYNFIRE_PASSES_RTL_PASSES_H
#define SYNFIRE_PASSES_RTL_PASSES_H

#include "mlir/IR/BuiltinOps.h"
#include "mlir/Pass/Pass.h"

namespace synfire::rtl {
#define GEN_PASS_DECL
#include "passes/rtl/Passes.h.inc"
#define GEN_PASS_REGISTRATION
#include "passes/rtl/Passes.h.inc"
} // namespace synfire::rtl

#endif // SYNFIRE_PASSES_RTL_PASSES_H
