//===- History.h - The last spikes of targets -------------------*- C++ -*-===//
//
// Plastic connections follow the spikes of their targets when a spike of their
// source comes. Until then the spikes wait here, with what the target latched.
// Where too many wait, all connections follow them at once (`settle`).
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

  /// Makes room for `elements` with `values` remembered values for a spike. `blockSteps`: how many
  /// spikes one block can add to an element. False: there is no memory.
  [[nodiscard]] bool allocate(uint32_t elements, uint32_t values, int64_t blockSteps,
                              int64_t longestDelay);
  static uint64_t bytesFor(uint64_t elements, uint32_t values, int64_t blockSteps,
                           int64_t longestDelay);

  /// Adds the spikes of a block of `steps` after `begin`; `first` is the number of element 0, and
  /// the remembered values are the last ones of the payload.
  void add(const SpikeList &list, uint32_t first, int64_t begin, int64_t steps);
  /// The next two blocks might not fit.
  bool isFull() const { return most + 2 * blockSteps > table.capacity - 1; }
  /// All connections have followed what they saw up to `step`.
  void settle(int64_t step);

  /// For checkpoints: counts, then the words of all entries.
  std::vector<int64_t> words(uint32_t element) const;
  void setWords(uint32_t element, const int64_t *words);
  size_t wordsPerElement() const { return 1 + size_t(table.capacity * table.width); }

private:
  static int64_t capacityFor(int64_t blockSteps, int64_t longestDelay);
  int64_t *entry(uint32_t element, int64_t spike) {
    return entries.as<int64_t>() +
           (element * table.capacity + (spike & (table.capacity - 1))) * table.width;
  }

  Buffer counts, entries;
  std::vector<int64_t>
      open;         ///< per element: the first spike that some connection may not have seen
  int64_t most = 0; ///< spikes since then, of the element with most
  int64_t blockSteps = 1, longestDelay = 0;
  uint32_t elements = 0;
};

} // namespace synfire::runtime

#endif // SYNFIRE_RUNTIME_ENGINE_HISTORY_H
