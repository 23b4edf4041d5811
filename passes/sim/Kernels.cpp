//===- Kernels.cpp ---===//
#include "passes/sim/Kernels.h"

using namespace mlir;

void synfire::sim::forEachProgram(Operation *root, llvm::function_ref<void(ProgramOp)> visit) {
  root->walk<WalkOrder::PreOrder>([&](ProgramOp program) {
    visit(program);
    return WalkResult::skip();
  });
}

void synfire::sim::forEachKernel(Operation *root, llvm::function_ref<void(KernelOp)> visit) {
  forEachProgram(root, [&](ProgramOp program) {
    for (auto kernel : llvm::make_early_inc_range(program.getBody().getOps<KernelOp>()))
      visit(kernel);
  });
}

void synfire::sim::forEachUpdateKernel(Operation *root, llvm::function_ref<void(KernelOp)> visit) {
  forEachProgram(root, [&](ProgramOp program) {
    llvm::DenseSet<Attribute> updated;
    for (auto update : program.getBody().getOps<UpdateOp>())
      updated.insert(update.getKernelAttr().getAttr());
    for (auto kernel : program.getBody().getOps<KernelOp>())
      if (updated.contains(kernel.getSymNameAttr()))
        visit(kernel);
  });
}
