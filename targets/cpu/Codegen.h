//===- Codegen.h - from a program to machine code ---===//
#ifndef SYNFIRE_TARGETS_CPU_CODEGEN_H
#define SYNFIRE_TARGETS_CPU_CODEGEN_H

#include "dialects/sim/Sim.h"

#include "mlir/IR/BuiltinOps.h"
#include "llvm/IR/LLVMContext.h"
#include "llvm/IR/Module.h"
#include "llvm/Target/TargetMachine.h"

#include <memory>
#include <string>

namespace synfire::cpu {

/// How code is made.
struct CodegenOptions {
  std::string cpu = "native"; ///< `native` or a name that LLVM knows; at least x86-64-v3
  int64_t lanes = 0;          ///< elements per vector; 0: what suits each kernel
  bool optimize = true;       ///< -O0 turns LLVM's passes off
  bool position = false;      ///< position-independent, for libraries
};

/// The machine that code is made for; null, with `error` set, if LLVM does not know it.
std::unique_ptr<llvm::TargetMachine> makeTargetMachine(const CodegenOptions &options,
                                                       std::string &error);

/// The LLVM module of a module with a sim.program: the program's functions, optimised for
/// `machine`. `addTables` puts the tables where they belong, when the functions are there. Null
/// after a diagnostic.
std::unique_ptr<llvm::Module>
generateCode(mlir::ModuleOp module, llvm::LLVMContext &context, llvm::TargetMachine &machine,
             const CodegenOptions &options,
             llvm::function_ref<mlir::LogicalResult(sim::ProgramOp, llvm::Module &)> addTables);

/// The same without the tables, and not optimised.
std::unique_ptr<llvm::Module> generateFunctions(mlir::ModuleOp module, llvm::LLVMContext &context,
                                                llvm::TargetMachine &machine,
                                                const CodegenOptions &options);
/// Runs few passes, for code that is wanted at once: a sixth of the time of all of them.
void optimizeLightly(llvm::Module &module, llvm::TargetMachine &machine);

} // namespace synfire::cpu

#endif // SYNFIRE_TARGETS_CPU_CODEGEN_H
