//===- Rates.cpp - how often a value of a kernel changes ---===//
#include "passes/sim/Rates.h"

#include "llvm/ADT/StringSet.h"

using namespace mlir;

namespace synfire::sim {

Rates::Rates(KernelOp kernel) {
  llvm::StringSet<> uniform;
  for (FieldOp field : kernel.getBody().getOps<FieldOp>())
    if (field.getKind() == FieldKind::Uniform || field.getKind() == FieldKind::Key)
      uniform.insert(field.getSymName());
  for (Operation &op : kernel.getBody().front()) {
    Rate rate = Rate::Call;
    if (auto get = dyn_cast<GetOp>(op))
      rate = uniform.contains(get.getField()) ? Rate::Call : Rate::Element;
    else if (isa<StepOp>(op))
      rate = Rate::Step;
    else if (isa<SimDialect>(op.getDialect()) && !isa<RoundOp>(op))
      rate = Rate::Element;
    for (Value operand : op.getOperands())
      rate = std::max(rate, rates.lookup(operand.getDefiningOp()));
    rates[&op] = rate;
    // What is repeated for each event may differ between elements.
    for (Region &region : op.getRegions())
      region.walk([&](Operation *inner) {
        auto get = dyn_cast<GetOp>(inner);
        rates[inner] = get && uniform.contains(get.getField()) ? Rate::Call : Rate::Element;
      });
  }
}

} // namespace synfire::sim
