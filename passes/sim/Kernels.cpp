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

/// Calls \p visit once for each kernel of launches of these kinds.
template <typename... Launches>
static void forEachKernelOf(Operation *root,
                            llvm::function_ref<void(synfire::sim::KernelOp)> visit) {
  synfire::sim::forEachProgram(root, [&](synfire::sim::ProgramOp program) {
    llvm::DenseSet<StringRef> launched;
    for (Operation &op : program.getBody().front())
      if (isa<Launches...>(op))
        launched.insert(cast<synfire::sim::LaunchInterface>(op).kernelName());
    for (auto kernel : program.getBody().getOps<synfire::sim::KernelOp>())
      if (launched.contains(kernel.getSymName()))
        visit(kernel);
  });
}

void synfire::sim::forEachUpdateKernel(Operation *root, llvm::function_ref<void(KernelOp)> visit) {
  forEachKernelOf<UpdateOp>(root, visit);
}

void synfire::sim::forEachStepKernel(Operation *root, llvm::function_ref<void(KernelOp)> visit) {
  forEachKernelOf<UpdateOp, DeliverOp, HandleOp, SettleOp, AdvanceOp, TimerOp, GatherOp>(root,
                                                                                         visit);
}
