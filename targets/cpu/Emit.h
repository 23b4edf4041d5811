//===- Emit.h - a program in a file ---===//
#ifndef SYNFIRE_TARGETS_CPU_EMIT_H
#define SYNFIRE_TARGETS_CPU_EMIT_H

#include "targets/cpu/Codegen.h"

namespace synfire::cpu {

enum class OutputKind { LlvmIR, Assembly, Object, Header, Library, Executable };

/// Compiles the program of `module` to a file; the exit code. Executables and libraries contain the
/// runtime and are linked by the system's C++ compiler.
int emit(mlir::ModuleOp module, const CodegenOptions &options, OutputKind kind,
         llvm::StringRef path);

} // namespace synfire::cpu

#endif // SYNFIRE_TARGETS_CPU_EMIT_H
