//===- History.h - The last spikes of targets -------------------*- C++ -*-===//
//
// Plastic connections follow the spikes of their targets when a spike of their
// source comes. Until then the spikes wait here, with what the target latched.
// Where too many wait, all connections follow them at once (`settle`), and
// what nobody needs any more is dropped.
//
// The newest spikes stand first: what a connection mostly needs is in one line
// of the cache.
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

  /// The spikes that are kept of an element, as in its row.
  /// @{
  int64_t kept(uint32_t element) const { return rowOf(element)[0]; }
  const int64_t *spikes(uint32_t element) const { return rowOf(element) + 1; }
  [[nodiscard]] bool set(uint32_t element, int64_t number, const int64_t *words);
  /// @}

private:
  static constexpr int64_t usualCapacity = 64;
  static int64_t strideFor(int64_t capacity, int64_t width);
  int64_t *rowOf(uint32_t element) { return rows.as<int64_t>() + element * table.stride; }
  const int64_t *rowOf(uint32_t element) const {
    return rows.as<int64_t>() + element * table.stride;
  }
  bool grow(int64_t needed);

  Buffer rows;
  int64_t capacity = 0, most = 0, longestDelay = 0;
  uint32_t elements = 0;
};

} // namespace synfire::runtime

#endif // SYNFIRE_RUNTIME_ENGINE_HISTORY_H
