//===- History.cpp - The last spikes of targets ---------------------------===//

#include "runtime/engine/History.h"
#include "runtime/engine/Instance.h"

#include <algorithm>
#include <cstring>

namespace synfire::runtime {

/// Rows begin on lines of the cache.
int64_t History::strideFor(int64_t capacity, int64_t width) {
  return (1 + capacity * width + 7) / 8 * 8;
}

uint64_t History::bytesFor(uint64_t elements, uint32_t values) {
  return elements * 8 * uint64_t(strideFor(usualCapacity, 1 + int64_t(values)));
}

bool History::allocate(uint32_t size, uint32_t values, int64_t longest) {
  elements = size;
  longestDelay = longest;
  capacity = usualCapacity;
  table.width = 1 + int64_t(values);
  table.stride = strideFor(capacity, table.width);
  if (!rows.allocate(size_t(size) * size_t(table.stride) * 8))
    return false;
  table.rows = rows.data();
  return true;
}

/// A burst within one block may need more than is usual.
bool History::grow(int64_t needed) {
  int64_t room = capacity;
  while (room < needed)
    room *= 2;
  if (room == capacity)
    return true;
  int64_t stride = strideFor(room, table.width);
  Buffer larger;
  if (!larger.allocate(size_t(elements) * size_t(stride) * 8))
    return false;
  for (uint32_t e = 0; e < elements; ++e)
    std::memcpy(larger.as<int64_t>() + e * stride, rowOf(e), size_t(1 + kept(e) * table.width) * 8);
  rows = std::move(larger);
  capacity = room;
  table.stride = stride;
  table.rows = rows.data();
  return true;
}

bool History::add(const SpikeList &list, uint32_t first, int64_t begin, int64_t steps) {
  size_t values = size_t(table.width - 1), from = list.payload.size() - values, spike = 0;
  for (int64_t s = 0; s < steps; ++s)
    for (int64_t i = 0; i < list.counts[size_t(s)]; ++i, ++spike) {
      uint32_t element = list.elements[spike] - first;
      int64_t *row = rowOf(element);
      if (row[0] == capacity) {
        if (!grow(capacity + 1))
          return false;
        row = rowOf(element);
      }
      std::memmove(row + 1 + table.width, row + 1, size_t(row[0] * table.width) * 8);
      row[1] = begin + s + 1;
      for (size_t v = 0; v < values; ++v)
        std::memcpy(row + 2 + v, &list.payload[from + v][spike], sizeof(double));
      most = std::max(most, ++row[0]);
    }
  return true;
}

void History::settle(int64_t step) {
  table.settled = step;
  most = 0;
  for (uint32_t e = 0; e < elements; ++e) {
    int64_t *row = rowOf(e), n = 0;
    // What is on its way on the longest delay stays, and one before: traces decay from it.
    while (n < row[0] && row[1 + n * table.width] + longestDelay > step)
      ++n;
    row[0] = std::min(row[0], n + 1);
    most = std::max(most, row[0]);
  }
}

bool History::set(uint32_t element, int64_t number, const int64_t *words) {
  if (!grow(number))
    return false;
  rowOf(element)[0] = number;
  std::memcpy(rowOf(element) + 1, words, size_t(number * table.width) * 8);
  most = std::max(most, number);
  return true;
}

} // namespace synfire::runtime
