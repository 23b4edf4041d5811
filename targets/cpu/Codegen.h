//===- Codegen.h - from a program to machine code ---===//
#ifndef SYNFIRE_TARGETS_CPU_CODEGEN_H
#define SYNFIRE_TARGETS_CPU_CODEGEN_H

#include "dialects/sim/Sim.h"
#include "targets/cpu/Tables.h"

#include "mlir/IR/BuiltinOps.h"
#include "llvm/IR/LLVMContext.h"
#include "llvm/IR/Module.h"
#include "llvm/Target/TargetMachine.h"

#include <future>
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

/// What a program becomes.
struct Code {
  std::unique_ptr<llvm::Module> functions; ///< null after a diagnostic
  /// Made on a thread of their own, as LLVM need not know them: a circuit of many populations has
  /// large ones. Nothing else may use the program's context until they are taken.
  std::future<mlir::FailureOr<Tables>> tables;
};

/// The code of a module with a sim.program, optimised for `machine`.
Code generateCode(mlir::ModuleOp module, llvm::LLVMContext &context, llvm::TargetMachine &machine,
                  const CodegenOptions &options);

/// Only the functions, and not optimised; null after a diagnostic.
std::unique_ptr<llvm::Module> generateFunctions(mlir::ModuleOp module, llvm::LLVMContext &context,
                                                llvm::TargetMachine &machine,
                                                const CodegenOptions &options);
/// LLVM's attributes of all functions that run on `machine`.
void setFunctionAttributes(llvm::Module &module, llvm::TargetMachine &machine);
/// Runs few passes, for code that is wanted at once: a sixth of the time of all of them.
void optimizeLightly(llvm::Module &module, llvm::TargetMachine &machine);

} // namespace synfire::cpu

#endif // SYNFIRE_TARGETS_CPU_CODEGEN_H
