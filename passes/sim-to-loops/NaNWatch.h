//===- NaNWatch.h - the first step at which an update stores a NaN ---===//
//
// NaN spreads within an element and, through events and couplings, between the blocks of a run. So
// the first one is told best by the loop that stores it: all that it stores is added up, and only
// where the sum is a NaN are the values looked at again.
//
//===----------------------------------------------------------------------===//
#ifndef SYNFIRE_PASSES_SIM_TO_LOOPS_NANWATCH_H
#define SYNFIRE_PASSES_SIM_TO_LOOPS_NANWATCH_H

#include "passes/sim-to-loops/KernelBody.h"

namespace synfire::sim {

class NaNWatch {
public:
  NaNWatch(Emitter &e, LoweredKernel &k, int64_t lanes) : e(e), k(k), lanes(lanes) {}

  /// Loads what does not change, and makes room for the sums; in the entry block.
  void prepare();
  /// Before the elements of a block.
  void begin();
  /// `value` was stored to a field of the present vector of elements.
  void stored(llvm::StringRef field, Value value);
  /// Behind the stores of a vector.
  void add();
  /// Behind the elements of a block, from `begin` to `end`: tells range->fault (synfire.h).
  /// `valid` masks those of the vector at an element that are no padding.
  void tell(Value step, Value begin, Value end, llvm::function_ref<Value(Value)> valid);

private:
  struct Sum {
    Type type;
    Value place;   ///< on the stack
    Value present; ///< of the vector that is being stored
  };
  struct Stored {
    int64_t slot;
    llvm::StringRef field;
  };
  Value suspicion();
  Value unordered(Value x, Value y);
  Value bits(Value mask);
  void look(Value step, Value element, Value valid);

  Emitter &e;
  LoweredKernel &k;
  int64_t lanes;
  Value fault, first;
  llvm::SmallVector<Sum> sums; ///< one for each type
  llvm::SmallVector<Stored> fields;
};

} // namespace synfire::sim

#endif // SYNFIRE_PASSES_SIM_TO_LOOPS_NANWATCH_H
