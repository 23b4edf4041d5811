//===- Passes.h - from kernels over one element to functions over slices ---===//
#ifndef SYNFIRE_PASSES_SIM_TO_LOOPS_PASSES_H
#define SYNFIRE_PASSES_SIM_TO_LOOPS_PASSES_H

#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/LLVMIR/LLVMDialect.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/Dialect/Vector/IR/VectorOps.h"
#include "mlir/Pass/Pass.h"

namespace synfire::sim {
#define GEN_PASS_DECL
#include "passes/sim-to-loops/Passes.h.inc"
#define GEN_PASS_REGISTRATION
#include "passes/sim-to-loops/Passes.h.inc"
} // namespace synfire::sim

#endif // SYNFIRE_PASSES_SIM_TO_LOOPS_PASSES_H
