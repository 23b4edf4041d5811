//===- NaNWatch.h - the first step at which an update stores a NaN ---===//
//
// NaN spreads within an element and, through events and couplings, between the blocks of a run. So
// the first one is told best by the loop that stores it: an addition for each value it
// stores, and code that runs only where there is something to tell.
//
//===----------------------------------------------------------------------===//
#ifndef SYNFIRE_PASSES_SIM_TO_LOOPS_NANWATCH_H
#define SYNFIRE_PASSES_SIM_TO_LOOPS_NANWATCH_H

#include "passes/sim-to-loops/KernelBody.h"

namespace synfire::sim {

class NaNWatch {
public:
  NaNWatch(Emitter &e, LoweredKernel &k, int64_t lanes) : e(e), k(k), lanes(lanes) {}

  /// Loads what does not change; in the entry block.
  void prepare();
  /// `value` was stored to a field of the present vector of elements.
  void stored(llvm::StringRef field, Value value);
  /// Behind the stores of a vector: tells range->fault (synfire.h). `valid` masks the elements that
  /// are no padding.
  void tell(Value step, Value element, llvm::function_ref<Value()> valid);

private:
  Value suspicion();
  Value unordered(Value x, Value y);
  Value bits(Value mask);

  Emitter &e;
  LoweredKernel &k;
  int64_t lanes;
  Value fault, first;
  llvm::SmallVector<std::pair<int64_t, Value>> values; // slot, value
};

} // namespace synfire::sim

#endif // SYNFIRE_PASSES_SIM_TO_LOOPS_NANWATCH_H
