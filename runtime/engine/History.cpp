//===- History.cpp - The last spikes of targets ---------------------------===//

#include "runtime/engine/History.h"
#include "runtime/engine/Instance.h"

#include <algorithm>
#include <cstring>

namespace synfire::runtime {

uint64_t History::bytesFor(uint64_t elements, uint32_t values) {
  return elements * (SYN_RECENT + usualCapacity) * (4 + 8 * uint64_t(values));
}

bool History::allocate(uint32_t size, uint32_t width, int64_t longest) {
  elements = size;
  longestDelay = longest;
  table.width = width;
  table.stride = SYN_RECENT * (4 + 8 * int64_t(width));
  counts.assign(size, 0);
  if (!recent.allocate(size * size_t(table.stride)) || !makeRoom(usualCapacity - 1))
    return false;
  table.recent = recent.data();
  for (uint32_t e = 0; e < elements; ++e)
    copyRecent(e);
  return true;
}

/// Rows for `wanted` spikes and the one that never was. A burst within one block may need more than
/// is usual.
bool History::makeRoom(int64_t wanted) {
  int64_t capacity = std::max(table.capacity, usualCapacity);
  while (capacity < wanted + 1)
    capacity *= 2;
  if (capacity == table.capacity)
    return true;
  // Generated code counts the bytes in 32 bits.
  size_t spikes = elements * size_t(capacity), wide = size_t(table.width) * 8;
  if (spikes * std::max<size_t>(wide, 4) > UINT32_MAX)
    return false;
  Buffer newSteps, newValues;
  if (!newSteps.allocate(spikes * 4) || !newValues.allocate(spikes * wide))
    return false;
  std::fill_n(newSteps.as<int32_t>(), spikes, SYN_NEVER);
  for (size_t e = 0; e < elements; ++e) {
    size_t from = e * size_t(table.capacity), to = e * size_t(capacity), count = size_t(counts[e]);
    std::copy_n(table.steps + from, count, newSteps.as<int32_t>() + to);
    std::copy_n(table.values + from * size_t(table.width), count * size_t(table.width),
                newValues.as<double>() + to * size_t(table.width));
  }
  steps = std::move(newSteps);
  values = std::move(newValues);
  table.steps = steps.as<int32_t>();
  table.values = values.as<double>();
  table.capacity = capacity;
  return true;
}

void History::copyRecent(uint32_t element) {
  char *row = recent.as<char>() + element * size_t(table.stride);
  std::memcpy(row, stepsOf(element), SYN_RECENT * sizeof(int32_t));
  std::memcpy(row + SYN_RECENT * sizeof(int32_t), valuesOf(element),
              SYN_RECENT * size_t(table.width) * sizeof(double));
}

bool History::add(const SpikeList &list, uint32_t first, int64_t begin, int64_t length) {
  size_t width = size_t(table.width), from = list.payload.size() - width, spike = 0;
  for (int64_t s = 0; s < length; ++s)
    for (int64_t i = 0; i < list.counts[size_t(s)]; ++i, ++spike) {
      uint32_t element = list.elements[spike] - first;
      int64_t count = counts[element];
      if (!makeRoom(count + 1))
        return false;
      int32_t *fired = stepsOf(element);
      double *latched = valuesOf(element);
      std::copy_backward(fired, fired + count, fired + count + 1);
      std::copy_backward(latched, latched + size_t(count) * width,
                         latched + size_t(count + 1) * width);
      fired[0] = int32_t(begin + s + 1);
      for (size_t v = 0; v < width; ++v)
        latched[v] = list.payload[from + v][spike];
      copyRecent(element);
      most = std::max(most, ++counts[element]);
    }
  return true;
}

void History::settle(int64_t step) {
  table.settled = step;
  most = 0;
  for (uint32_t e = 0; e < elements; ++e) {
    int32_t *fired = stepsOf(e);
    int64_t &count = counts[e], n = 0;
    // What is on its way on the longest delay stays, and one before: traces decay from it.
    while (n < count && fired[n] + longestDelay > step)
      ++n;
    if (n + 1 < count) {
      std::fill(fired + n + 1, fired + count, SYN_NEVER);
      count = n + 1;
      copyRecent(e);
    }
    most = std::max(most, count);
  }
}

void History::get(uint32_t element, int64_t *words) {
  for (int64_t i = 0; i < counts[element]; ++i) {
    *words++ = stepsOf(element)[i];
    std::memcpy(words, valuesOf(element) + i * table.width, size_t(table.width) * 8);
    words += table.width;
  }
}

bool History::set(uint32_t element, int64_t number, const int64_t *words) {
  if (!makeRoom(number))
    return false;
  std::fill_n(stepsOf(element), table.capacity, SYN_NEVER);
  for (int64_t i = 0; i < number; ++i) {
    stepsOf(element)[i] = int32_t(*words++);
    std::memcpy(valuesOf(element) + i * table.width, words, size_t(table.width) * 8);
    words += table.width;
  }
  counts[element] = number;
  copyRecent(element);
  most = std::max(most, number);
  return true;
}

} // namespace synfire::runtime
