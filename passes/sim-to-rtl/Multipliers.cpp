//===- Multipliers.cpp ---===//
#include "passes/sim-to-rtl/Multipliers.h"

#include "passes/sim-to-rtl/Datapath.h"
#include "passes/sim-to-rtl/EngineRanges.h"

using namespace mlir;
using namespace synfire;

/// Multipliers for words of so many bits, sign included: parts below the highest have none.
static unsigned partsOf(unsigned bits) {
  constexpr unsigned below = multiplierBits - 1;
  return bits <= multiplierBits ? 1 : 1 + (bits - multiplierBits + below - 1) / below;
}

Multiplied synfire::chooseMultipliers(const Design &design, unsigned multipliers) {
  struct Candidate {
    Operation *op;
    size_t saved; ///< bits of sums
    size_t place = 0;
  };
  std::vector<Candidate> candidates;
  uint64_t taken = 0;
  for (const EnginePlan &engine : design.engines) {
    sim::KernelOp kernel = engine.kernel;
    Widths widths(kernel, [&](Operation *op) { return leafOf(engine, op); });
    for (auto op : kernel.getBody().getOps<arith::MulIOp>()) {
      unsigned left = widths.of(op.getLhs()), right = widths.of(op.getRhs());
      auto product = constantProduct(op);
      if (!product) {
        if (!widths.isBit(op.getLhs()) && !widths.isBit(op.getRhs()))
          taken += partsOf(left) * partsOf(right);
        continue;
      }
      // Its part that rounding does not add must be a factor.
      Multiplied all{op};
      bool fits = fitsMultiplier(product->constant);
      for (Operation *half : op->getUsers())
        for (Operation *shift : half->getUsers())
          if (auto rounding = roundingOf(shift, all); rounding && rounding->product)
            fits = fitsMultiplier(rounding->product->constant);
      size_t digits = digitsOf(product->constant).size();
      unsigned width = widths.of(product->factor);
      if (digits > mostDigits)
        taken += fits && width <= multiplierBits ? 0 : partsOf(left) * partsOf(right);
      if (fits && width <= multiplierBits && digits > 2)
        candidates.push_back({op, digits * width});
    }
    for (const SumPlan &sum : engine.sums)
      if (sum.rule) // of rows, and of columns
        for (auto op : sim::KernelOp(sum.rule->kernel).getBody().getOps<arith::MulIOp>())
          taken += constantProduct(op) ? 0 : 2 * sum.lanes;
  }
  // Of those that save as much, the first.
  for (auto [place, candidate] : llvm::enumerate(candidates))
    candidate.place = place;
  llvm::sort(candidates, [](const Candidate &a, const Candidate &b) {
    return std::pair(b.saved, a.place) < std::pair(a.saved, b.place);
  });
  Multiplied chosen;
  for (const Candidate &candidate : candidates) {
    if (taken >= multipliers)
      break;
    chosen.insert(candidate.op);
    ++taken;
  }
  return chosen;
}
