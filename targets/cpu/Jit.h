//===- Jit.h - a program in memory, ready to run ---===//
#ifndef SYNFIRE_TARGETS_CPU_JIT_H
#define SYNFIRE_TARGETS_CPU_JIT_H

#include "runtime/synfire.h"
#include "targets/cpu/Codegen.h"

namespace synfire::cpu {

/// Owns the code of one program.
class Jit {
public:
  /// Compiles the program of `module`; null after a diagnostic.
  static std::unique_ptr<Jit> compile(mlir::ModuleOp module, const CodegenOptions &options);
  ~Jit();

  /// The compiled model; valid as long as this object.
  const syn_model *model() const { return table; }

private:
  Jit();
  struct Implementation;
  std::unique_ptr<Implementation> implementation;
  const syn_model *table = nullptr;
};

} // namespace synfire::cpu

#endif // SYNFIRE_TARGETS_CPU_JIT_H
