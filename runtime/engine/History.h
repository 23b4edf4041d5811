//===- History.h - The last spikes of targets -------------------*- C++ -*-===//
//
// Plastic connections follow the spikes of their targets when a spike of their
// source comes. Until then the spikes wait here, with what the target latched.
// Where too many wait, all connections follow them at once (`settle`), and
// what nobody needs any more is dropped.
//
// The newest spikes stand first, and those of all elements close together: they
// are what a connection mostly needs.
//
//===----------------------------------------------------------------------===//

#ifndef SYNFIRE_RUNTIME_ENGINE_HISTORY_H
#define SYNFIRE_RUNTIME_ENGINE_HISTORY_H

#include "runtime/connect/Buffer.h"
#include "runtime/synfire.h"

#include <vector>

namespace synfire::runtime {

struct SpikeList;

/// The last spikes of the elements of one partition of a population.
class History {
public:
  /// Steps, and what the longest delay adds to them, fit 32 bits.
  static constexpr int64_t lastStep = INT32_MAX - 65536;

  syn_history table = {};

  /// Makes room for `elements` with `values` remembered values for a spike. False: no memory.
  [[nodiscard]] bool allocate(uint32_t elements, uint32_t values, int64_t longestDelay);
  static uint64_t bytesFor(uint64_t elements, uint32_t values);

  /// Adds the spikes of a block of `steps` after `begin`; `first` is the number of element 0, and
  /// the remembered values are the last ones of the payload. False: there is no memory.
  [[nodiscard]] bool add(const SpikeList &list, uint32_t first, int64_t begin, int64_t steps);
  /// So many spikes of an element wait that it is time to settle.
  bool isFull() const { return most >= usualCapacity - 8; }
  /// All connections have followed what they saw up to `step`.
  void settle(int64_t step);

  /// The spikes that are kept of an element, for checkpoints: of each, the newest first, the step
  /// and the remembered values.
  /// @{
  int64_t kept(uint32_t element) const { return counts[element]; }
  void get(uint32_t element, int64_t *words);
  [[nodiscard]] bool set(uint32_t element, int64_t number, const int64_t *words);
  /// @}

private:
  static constexpr int64_t usualCapacity = 64;
  int32_t *stepsOf(uint32_t element) { return steps.as<int32_t>() + element * table.capacity; }
  double *valuesOf(uint32_t element) {
    return values.as<double>() + element * table.capacity * table.width;
  }
  bool makeRoom(int64_t wanted);
  void copyRecent(uint32_t element);

  Buffer recent, steps, values;
  std::vector<int64_t> counts;
  int64_t most = 0, longestDelay = 0;
  uint32_t elements = 0;
};

} // namespace synfire::runtime

#endif // SYNFIRE_RUNTIME_ENGINE_HISTORY_H
