//===- SumWatch.h - amounts that are too large for their sums ---===//
//
// The grid of a sum follows from bounds on what is sent to it. Where such a bound is only an
// estimate, the amount is compared, as it is rounded, with the limit of the sum.
//
//===----------------------------------------------------------------------===//
#ifndef SYNFIRE_PASSES_SIM_TO_LOOPS_SUMWATCH_H
#define SYNFIRE_PASSES_SIM_TO_LOOPS_SUMWATCH_H

#include "passes/sim-to-loops/KernelBody.h"

namespace synfire::sim {

class SumWatch {
public:
  SumWatch(Emitter &e, LoweredKernel &k) : e(e), k(k) {}

  /// Loads what does not change; in the entry block.
  void prepare();
  bool watches(RoundOp round) const { return round.getWithin().has_value(); }
  /// `value` is about to be rounded, at the end of `step`: tells range->fault (synfire.h).
  /// `element` is one number, or one for each lane; `valid` masks the lanes that count; null: all.
  void rounded(RoundOp round, Value value, Value step, Value element, Value valid = Value());

private:
  Emitter &e;
  LoweredKernel &k;
  Value fault;
  llvm::StringMap<Value> limits;
};

/// The nearest integers of `value`.
Value nearestInteger(Emitter &e, RoundOp round, Value value);

} // namespace synfire::sim

#endif // SYNFIRE_PASSES_SIM_TO_LOOPS_SUMWATCH_H
