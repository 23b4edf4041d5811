//===- History.cpp - The last spikes of targets ---------------------------===//

#include "runtime/engine/History.h"
#include "runtime/engine/Instance.h"

#include <algorithm>
#include <cstring>

namespace synfire::runtime {

/// Room for what one settling leaves, the blocks that come before the next, and enough between
/// that settling is rare.
int64_t History::capacityFor(int64_t blockSteps, int64_t longestDelay) {
  int64_t capacity = 32;
  while (capacity < 4 * blockSteps + longestDelay + 2)
    capacity *= 2;
  return capacity;
}

uint64_t History::bytesFor(uint64_t elements, uint32_t values, int64_t blockSteps,
                           int64_t longestDelay) {
  return elements * 8 * (1 + uint64_t(capacityFor(blockSteps, longestDelay)) * (1 + values));
}

bool History::allocate(uint32_t size, uint32_t values, int64_t steps, int64_t longest) {
  elements = size;
  blockSteps = steps;
  longestDelay = longest;
  table.capacity = capacityFor(steps, longest);
  table.width = 1 + int64_t(values);
  open.assign(size, 0);
  if (!counts.allocate(size_t(size) * 8) ||
      !entries.allocate(size_t(size) * size_t(table.capacity * table.width) * 8))
    return false;
  table.counts = counts.as<int64_t>();
  table.entries = entries.data();
  return true;
}

void History::add(const SpikeList &list, uint32_t first, int64_t begin, int64_t steps) {
  size_t values = size_t(table.width - 1), from = list.payload.size() - values, spike = 0;
  for (int64_t s = 0; s < steps; ++s)
    for (int64_t i = 0; i < list.counts[size_t(s)]; ++i, ++spike) {
      uint32_t element = list.elements[spike] - first;
      int64_t number = counts.as<int64_t>()[element]++;
      int64_t *words = entry(element, number);
      words[0] = begin + s + 1;
      for (size_t v = 0; v < values; ++v)
        std::memcpy(words + 1 + v, &list.payload[from + v][spike], sizeof(double));
      most = std::max(most, number + 1 - open[element]);
    }
}

void History::settle(int64_t step) {
  table.settled = step;
  most = 0;
  for (uint32_t e = 0; e < elements; ++e) {
    int64_t count = counts.as<int64_t>()[e];
    // What is on its way on the longest delay stays.
    while (open[e] < count && entry(e, open[e])[0] + longestDelay <= step)
      ++open[e];
    most = std::max(most, count - open[e]);
  }
}

std::vector<int64_t> History::words(uint32_t element) const {
  std::vector<int64_t> result(wordsPerElement());
  result[0] = table.counts[element];
  std::memcpy(result.data() + 1,
              entries.as<int64_t>() + element * size_t(table.capacity * table.width),
              (result.size() - 1) * 8);
  return result;
}

void History::setWords(uint32_t element, const int64_t *words) {
  counts.as<int64_t>()[element] = words[0];
  std::memcpy(entry(element, 0), words + 1, (wordsPerElement() - 1) * 8);
  open[element] = std::max<int64_t>(0, words[0] - table.capacity + 1);
}

} // namespace synfire::runtime
