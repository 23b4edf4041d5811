//===- Draws.cpp ----------------------------------------------------------===//

#include "runtime/connect/Draws.h"

#include <algorithm>

using namespace synfire::runtime;

void WordSequence::refill(uint32_t g) {
  PhiloxGroup blocks;
  for (uint32_t i = 0; i < philoxGroupSize; ++i) {
    blocks.c0[i] = g * uint32_t(philoxGroupSize) + i;
    blocks.c1[i] = c1;
    blocks.c2[i] = 0;
    blocks.c3[i] = stream.hash;
  }
  philoxGroup(blocks, stream.seed);
  for (size_t i = 0; i < philoxGroupSize; ++i) {
    words[4 * i + 0] = blocks.c0[i];
    words[4 * i + 1] = blocks.c1[i];
    words[4 * i + 2] = blocks.c2[i];
    words[4 * i + 3] = blocks.c3[i];
  }
  group = g;
}

const std::vector<uint32_t> &DistinctDraws::draw(uint32_t c1, uint32_t k, uint32_t n) {
  bool complement = uint64_t(k) * 2 > n;
  uint32_t toDraw = complement ? n - k : k;
  if (++stamp == 0) { // after 2^32 calls old stamps would look new
    std::fill(stamps.begin(), stamps.end(), 0);
    stamp = 1;
  }
  drawn.clear();
  for (uint32_t j = 0; j < toDraw; ++j) {
    uint32_t number;
    uint32_t attempt = 0;
    do
      number = wordBelow(stream.word(j, c1, attempt++), n);
    while (stamps[number] == stamp);
    stamps[number] = stamp;
    drawn.push_back(number);
  }
  if (complement) {
    drawn.clear();
    for (uint32_t number = 0; number < n; ++number)
      if (stamps[number] != stamp)
        drawn.push_back(number);
  }
  return drawn;
}

RandomOrder::RandomOrder(const RuleStream &stream, uint64_t size)
    : stream(stream), size(size), halfBits(1) {
  while (halfBits < 32 && (uint64_t(1) << (2 * halfBits)) < size)
    ++halfBits;
}

uint64_t RandomOrder::at(uint64_t i) const {
  uint32_t mask = uint32_t((uint64_t(1) << halfBits) - 1);
  do {
    uint32_t left = uint32_t(i >> halfBits) & mask, right = uint32_t(i) & mask;
    for (uint32_t round = 0; round < numRounds; ++round) {
      uint32_t next = left ^ (stream.block(right, round)[0] & mask);
      left = right;
      right = next;
    }
    i = (uint64_t(left) << halfBits) | right;
  } while (i >= size);
  return i;
}
