//===- UpdateKernels.cpp ---===//
#include "passes/sim/UpdateKernels.h"

using namespace mlir;

void synfire::sim::forEachUpdateKernel(Operation *root, llvm::function_ref<void(KernelOp)> visit) {
  root->walk([&](ProgramOp program) {
    SymbolTable symbols(program);
    DenseSet<Operation *> done;
    program.walk([&](UpdateOp update) {
      auto kernel = symbols.lookup<KernelOp>(update.kernelName());
      if (kernel && done.insert(kernel).second)
        visit(kernel);
    });
  });
}
