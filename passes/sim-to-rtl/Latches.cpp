//===- Latches.cpp - which engines compute what spikes carry to rules ---===//
#include "passes/sim-to-rtl/Design.h"

using namespace mlir;
using namespace synfire;
using namespace synfire::sim;

LogicalResult synfire::findLatches(Design &design) {
  for (EnginePlan &engine : design.engines)
    for (SumPlan &sum : engine.sums) {
      if (!sum.rule)
        continue;
      for (PlasticRule::Input &input : sum.rule->inputs) {
        if (!input.bits || input.left)
          continue;
        auto kernel = input.latched.getDefiningOp()->getParentOfType<KernelOp>();
        uint32_t source = input.ofSource ? sum.firstSource : engine.shares.front().source;
        bool found = false;
        for (auto [e, other] : llvm::enumerate(design.engines))
          for (const EngineShare &share : other.shares) {
            if (share.source != source || other.kernel != kernel)
              continue;
            auto known = llvm::find_if(other.latches,
                                       [&](auto &latch) { return latch.first == input.latched; });
            input.engine = e;
            input.latch = size_t(known - other.latches.begin());
            if (known == other.latches.end())
              other.latches.push_back({input.latched, input.bits});
            found = true;
          }
        if (!found)
          return sim::UpdateOp(engine.shares.front().update).emitError()
                 << "`" << sum.port
                 << "` has a trace of its sources that adds up over spikes, and these are given: "
                    "hardware takes traces that each spike sets to a number (`x = 1`)";
      }
    }
  return success();
}
