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
  table.older = int64_t(size) * SYN_RECENT;
  counts.assign(size, 0);
  return makeRoom(usualCapacity);
}

int32_t *History::stepsOf(uint32_t element) const {
  return const_cast<int32_t *>(table.steps) + table.older + element * table.capacity;
}

double *History::valuesOf(uint32_t element) const {
  return const_cast<double *>(table.values) +
         (table.older + element * table.capacity) * table.width;
}

/// Rows for `wanted` spikes and the one that never was. A burst within one block may need more than
/// is usual.
bool History::makeRoom(int64_t wanted) {
  int64_t capacity = std::max(table.capacity, usualCapacity);
  while (capacity < wanted + 1)
    capacity *= 2;
  if (capacity == table.capacity)
    return true;
  // Generated code numbers the words in 32 bits.
  uint64_t places = uint64_t(elements) * uint64_t(SYN_RECENT + capacity);
  if (places > INT32_MAX)
    return false;
  Buffer newSteps, newValues;
  if (!newSteps.allocate(places * 4) || !newValues.allocate(places * size_t(table.width) * 8))
    return false;
  std::fill_n(newSteps.as<int32_t>(), places, SYN_NEVER);
  History before;
  std::swap(before.steps, steps);
  std::swap(before.values, values);
  before.table = table;
  steps = std::move(newSteps);
  values = std::move(newValues);
  table.steps = steps.as<int32_t>();
  table.values = values.as<double>();
  table.capacity = capacity;
  for (uint32_t e = 0; e < elements; ++e) {
    std::copy_n(before.stepsOf(e), counts[e], stepsOf(e));
    std::copy_n(before.valuesOf(e), counts[e] * table.width, valuesOf(e));
    copyRecent(e);
  }
  return true;
}

void History::copyRecent(uint32_t element) {
  size_t place = size_t(element) * SYN_RECENT, width = size_t(table.width);
  std::copy_n(stepsOf(element), SYN_RECENT, steps.as<int32_t>() + place);
  std::copy_n(valuesOf(element), SYN_RECENT * width, values.as<double>() + place * width);
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

void History::get(uint32_t element, int64_t *words) const {
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
