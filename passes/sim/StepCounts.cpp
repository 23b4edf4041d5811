//===- StepCounts.cpp - values that are numbers of steps ---===//
#include "passes/sim/StepCounts.h"

#include "mlir/Dialect/Arith/IR/Arith.h"

using namespace mlir;

namespace synfire::sim {

/// Whether a value is the present step, or may be.
static bool isStep(Value value) {
  Operation *op = value.getDefiningOp();
  if (isa_and_nonnull<StepOp>(op))
    return true;
  if (auto select = dyn_cast_or_null<arith::SelectOp>(op))
    return isStep(select.getTrueValue()) || isStep(select.getFalseValue());
  return isa_and_nonnull<arith::SIToFPOp, arith::AddIOp>(op) &&
         llvm::any_of(op->getOperands(), isStep);
}

/// What it can be made of.
static bool isCounting(Operation *op) {
  return isa_and_nonnull<arith::SIToFPOp, arith::SelectOp, arith::AddFOp, arith::SubFOp>(op);
}

StepCounts::StepCounts(ProgramOp program) {
  SymbolTable symbols(program);
  llvm::DenseMap<Operation *, llvm::StringSet<>> keeping; // fields that are set to a step
  for (auto kernel : program.getBody().getOps<KernelOp>())
    kernel.walk([&](SetOp set) {
      if (isStep(set.getValue()))
        keeping[kernel].insert(set.getField());
    });
  if (keeping.empty())
    return;
  auto eachBound = [&](llvm::function_ref<void(KernelOp, StringRef field, StringRef array)> fn) {
    program.walk([&](LaunchInterface launch) {
      auto kernel = symbols.lookup<KernelOp>(launch.kernelName());
      if (!kernel)
        return;
      for (auto [field, bound] : llvm::zip(kernel.getBody().getOps<FieldOp>(), launch.bindings()))
        if (auto name = dyn_cast<FlatSymbolRefAttr>(bound))
          fn(kernel, field.getSymName(), name.getValue());
    });
  };
  eachBound([&](KernelOp kernel, StringRef field, StringRef array) {
    if (auto found = keeping.find(kernel); found != keeping.end() && found->second.contains(field))
      arrays.insert(array);
  });
  eachBound([&](KernelOp kernel, StringRef field, StringRef array) {
    if (arrays.contains(array))
      fields[kernel].insert(field);
  });
}

bool StepCounts::isKept(KernelOp kernel, StringRef field) const {
  auto found = fields.find(kernel);
  return found != fields.end() && found->second.contains(field);
}

llvm::SetVector<Value> StepCounts::find(KernelOp kernel) const {
  llvm::SetVector<Value> counts;
  kernel.walk([&](Operation *op) {
    if (auto get = dyn_cast<GetOp>(op); get && isKept(kernel, get.getField()))
      counts.insert(get.getResult());
    if (auto set = dyn_cast<SetOp>(op); set && isKept(kernel, set.getField()))
      counts.insert(set.getValue());
    // Where a spike says how many steps ago the one before was, that is taken from the present.
    if (auto payload = dyn_cast<PayloadOp>(op);
        payload && llvm::any_of(payload->getUsers(),
                                [](Operation *user) { return isa<arith::FPToSIOp>(user); }))
      counts.insert(payload.getResult());
  });
  for (size_t i = 0; i < counts.size(); ++i) {
    Operation *op = counts[i].getDefiningOp();
    if (isCounting(op))
      for (Value operand : op->getOperands())
        if (isa<FloatType>(operand.getType()) && isCounting(operand.getDefiningOp()))
          counts.insert(operand);
    for (Operation *user : counts[i].getUsers())
      if (isCounting(user))
        counts.insert(user->getResult(0));
  }
  return counts;
}

} // namespace synfire::sim
