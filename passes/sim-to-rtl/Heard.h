//===- Heard.h - whose spikes an engine of synapses is told ---===//
#ifndef SYNFIRE_PASSES_SIM_TO_RTL_HEARD_H
#define SYNFIRE_PASSES_SIM_TO_RTL_HEARD_H

#include "passes/sim-to-rtl/Design.h"

#include "llvm/ADT/BitVector.h"

namespace synfire {

/// Spikes that are put into the queue of a sum: those of each engine that has a source of it, and
/// all inputs where one is a source.
struct Heard {
  llvm::SmallVector<bool> engines;
  bool inputs = false;
  /// The numbers that may come; of inputs all that a port can say, also beyond those that are.
  llvm::BitVector numbers;

  /// Whether nothing comes but a source among so many from the first one on.
  bool isWithin(uint32_t first, uint32_t count) const;
};

Heard heardBy(const Design &design, const SumPlan &sum);

} // namespace synfire

#endif // SYNFIRE_PASSES_SIM_TO_RTL_HEARD_H
