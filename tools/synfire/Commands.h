//===- Commands.h - parts of commands that have files of their own ---===//
#ifndef SYNFIRE_TOOLS_SYNFIRE_COMMANDS_H
#define SYNFIRE_TOOLS_SYNFIRE_COMMANDS_H

#include "passes/Pipelines.h"
#include "passes/sim-to-rtl/Design.h"
#include "runtime/synfire.h"
#include "targets/cpu/Codegen.h"
#include "targets/verilog/Golden.h"
#include "tools/synfire/Driver.h"

#include "llvm/Support/raw_ostream.h"

namespace synfire::tool {

/// Runs a prepared model on the reference interpreter and reports as other targets do.
int runOnReference(mlir::ModuleOp module, const RunCommand &command);

/// Emits LLVM IR, assembly, an object, a library or an executable of a sim program.
int buildBinary(mlir::ModuleOp module, const BuildCommand &command,
                const cpu::CodegenOptions &options);

/// Builds the network of a program once and writes the values of its arrays on it, for
/// `sim-freeze`; for `sim-quantize` also the ranges of its sums, whose units stay open. Returns the
/// exit code.
int attachInstance(mlir::ModuleOp module, const cpu::CodegenOptions &options, bool quantized);

/// Builds the network of a program and writes down each of its connections, for `sim-to-rtl`.
/// Returns the exit code.
int attachConnections(mlir::ModuleOp module, const cpu::CodegenOptions &options);
/// Runs a quantised program, for so many steps or those of its run, but not many: what its design
/// must do, which is that of \p planned, where the connections are written down. Returns the exit
/// code.
int recordGolden(mlir::ModuleOp quantised, mlir::ModuleOp planned,
                 const cpu::CodegenOptions &options, const HardwareOptions &hardware,
                 std::optional<int64_t> steps, verilog::Golden &golden);
/// Writes a design of `rtl` modules as files of Verilog into a folder, and what compares it with
/// the golden run into its folder `test`. Returns the exit code.
int buildVerilog(mlir::ModuleOp design, verilog::Golden golden, const BuildCommand &command);

/// Writes down the decisions of the neuro passes: solver per state, with the reason.
void explainNeuro(mlir::ModuleOp module, llvm::raw_ostream &os);
/// Writes down those of the sim passes: places, layouts, kernels, memory.
void explainSim(mlir::ModuleOp module, llvm::raw_ostream &os);
/// Writes down the formats of a quantised program, its errors, and what becomes of weights.
void explainFixed(mlir::ModuleOp module, double tolerance, llvm::raw_ostream &os);
/// Writes down what a compiled model will need, by the plan that is checked before it is built
/// (X4). Returns the exit code.
int explainMemory(const syn_model &model, llvm::raw_ostream &os);
/// Writes down the passes that define the arithmetic of a program (numeric passes), those that
/// quantise it included.
void explainArithmetic(const SimOptions &options, bool quantized, llvm::raw_ostream &os);

} // namespace synfire::tool

#endif // SYNFIRE_TOOLS_SYNFIRE_COMMANDS_H
