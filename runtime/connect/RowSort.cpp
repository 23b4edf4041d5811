//===- RowSort.cpp --------------------------------------------------------===//

#include "runtime/connect/RowSort.h"

#include <algorithm>
#include <cstring>
#include <numeric>

using namespace synfire::runtime;

/// Below this length std::sort is faster than passes over 256 counters.
static constexpr size_t radixThreshold = 96;
/// Rows up to this length have their entry numbers in the low bits of the key.
static constexpr size_t packedLimit = 65536;

uint64_t *RowSorter::keys(size_t n) {
  if (keyed.size() < n)
    keyed.resize(n);
  return keyed.data();
}

const uint32_t *RowSorter::sort(size_t n) {
  if (std::is_sorted(keyed.begin(), keyed.begin() + n))
    return nullptr;
  if (order.size() < n)
    order.resize(n);
  if (n <= packedLimit)
    sortPacked(n);
  else
    sortLong(n);
  return order.data();
}

void RowSorter::sortPacked(size_t n) {
  if (packed.size() < n) {
    packed.resize(n);
    spare.resize(n);
  }
  uint64_t differing = 0;
  for (size_t i = 0; i < n; ++i) {
    differing |= keyed[i] ^ keyed[0];
    packed[i] = keyed[i] << 16 | i;
  }
  if (n < radixThreshold) {
    std::sort(packed.begin(), packed.begin() + n);
  } else {
    // Bytes in which no two keys differ need no pass.
    for (unsigned shift = 0; shift < 48; shift += 8) {
      if (((differing >> shift) & 0xff) == 0)
        continue;
      uint32_t starts[257] = {};
      for (size_t i = 0; i < n; ++i)
        ++starts[((packed[i] >> (shift + 16)) & 0xff) + 1];
      std::partial_sum(starts, starts + 257, starts);
      for (size_t i = 0; i < n; ++i)
        spare[starts[(packed[i] >> (shift + 16)) & 0xff]++] = packed[i];
      packed.swap(spare);
    }
  }
  for (size_t i = 0; i < n; ++i)
    order[i] = packed[i] & 0xffff;
}

void RowSorter::sortLong(size_t n) {
  std::iota(order.begin(), order.begin() + n, 0u);
  std::sort(order.begin(), order.begin() + n, [this](uint32_t a, uint32_t b) {
    return keyed[a] != keyed[b] ? keyed[a] < keyed[b] : a < b;
  });
}

template <typename T>
static void permuteAs(T *data, size_t n, const uint32_t *order, std::vector<uint64_t> &scratch) {
  if (scratch.size() < n)
    scratch.resize(n);
  T *moved = reinterpret_cast<T *>(scratch.data());
  for (size_t i = 0; i < n; ++i)
    moved[i] = data[order[i]];
  std::memcpy(data, moved, n * sizeof(T));
}

void RowSorter::permute(const RowArray &array, uint64_t begin, size_t n,
                        const uint32_t *permutation) {
  switch (array.elementBytes) {
  case 1:
    return permuteAs(static_cast<uint8_t *>(array.data) + begin, n, permutation, moved);
  case 2:
    return permuteAs(static_cast<uint16_t *>(array.data) + begin, n, permutation, moved);
  case 4:
    return permuteAs(static_cast<uint32_t *>(array.data) + begin, n, permutation, moved);
  default:
    return permuteAs(static_cast<uint64_t *>(array.data) + begin, n, permutation, moved);
  }
}
