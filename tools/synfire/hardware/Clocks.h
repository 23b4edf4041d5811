//===- Clocks.h - how long a step takes ---===//
#ifndef SYNFIRE_TOOLS_SYNFIRE_HARDWARE_CLOCKS_H
#define SYNFIRE_TOOLS_SYNFIRE_HARDWARE_CLOCKS_H

#include "llvm/Support/JSON.h"

namespace synfire::tool {

/// Of a step without events.
struct StepClocks {
  /// Of control, around the turns of the neuron engines; see Control.cpp.
  static constexpr int64_t control = 2;
  int64_t cells = 0; ///< that the neuron engines take
  /// Before them, rules follow spikes of earlier steps, which takes more clocks.
  bool followsSpikes = false;

  /// Of a design that is described (`describedDesign`).
  explicit StepClocks(const llvm::json::Object &described);
  int64_t all() const { return cells + control; }
};

/// A neuron engine's, as it is described.
int64_t clocksOfEngine(const llvm::json::Object &engine);

} // namespace synfire::tool

#endif // SYNFIRE_TOOLS_SYNFIRE_HARDWARE_CLOCKS_H
