//===- Philox.h - The random generator, one block or many -------*- C++ -*-===//
//
// Philox4x32-10 and the places of random.md: which block and word belong to an
// element of a population or to a connection. A block is a pure function of
// counter and key, so any part of a stream can be made by any thread.
//
//===----------------------------------------------------------------------===//

#ifndef SYNFIRE_RUNTIME_RANDOM_PHILOX_H
#define SYNFIRE_RUNTIME_RANDOM_PHILOX_H

#include <array>
#include <cstddef>
#include <cstdint>

namespace synfire::runtime {

/// The four words c0..c3 of a counter, or of the block made from it.
using PhiloxWords = std::array<uint32_t, 4>;

namespace philox_detail {
constexpr uint32_t multiplier0 = 0xD2511F53u, multiplier1 = 0xCD9E8D57u;
constexpr uint32_t weyl0 = 0x9E3779B9u, weyl1 = 0xBB67AE85u;
constexpr int numRounds = 10;
} // namespace philox_detail

/// One block of the stream keyed by \p seed.
inline PhiloxWords philox(PhiloxWords counter, uint64_t seed) {
  using namespace philox_detail;
  uint32_t key0 = uint32_t(seed), key1 = uint32_t(seed >> 32);
  auto [c0, c1, c2, c3] = counter;
  for (int round = 0; round < numRounds; ++round) {
    uint64_t product0 = uint64_t(multiplier0) * c0;
    uint64_t product1 = uint64_t(multiplier1) * c2;
    c0 = uint32_t(product1 >> 32) ^ c1 ^ key0;
    c1 = uint32_t(product1);
    c2 = uint32_t(product0 >> 32) ^ c3 ^ key1;
    c3 = uint32_t(product0);
    key0 += weyl0;
    key1 += weyl1;
  }
  return {c0, c1, c2, c3};
}

/// Blocks in a group of philoxGroup.
constexpr size_t philoxGroupSize = 16;

/// Counters on entry, blocks on return, as a structure of arrays.
struct PhiloxGroup {
  alignas(64) uint32_t c0[philoxGroupSize];
  alignas(64) uint32_t c1[philoxGroupSize];
  alignas(64) uint32_t c2[philoxGroupSize];
  alignas(64) uint32_t c3[philoxGroupSize];
};

namespace philox_detail {
// Eight words, each in 64 bits: the product of two 32-bit words is then one
// instruction. The upper halves may hold anything, products do not see them.
constexpr size_t lanes = 8;
typedef uint32_t Words __attribute__((vector_size(4 * lanes)));
typedef uint64_t Lanes __attribute__((vector_size(8 * lanes)));

// By reference: how such vectors are passed depends on the machine.
inline void load(Lanes &wide, const uint32_t *words) {
  Words narrow;
  __builtin_memcpy(&narrow, words, sizeof(narrow));
  wide = __builtin_convertvector(narrow, Lanes);
}
inline void store(uint32_t *words, const Lanes &wide) {
  Words narrow = __builtin_convertvector(wide, Words);
  __builtin_memcpy(words, &narrow, sizeof(narrow));
}
} // namespace philox_detail

/// Replaces 16 counters by their blocks, in vector code on any machine.
inline void philoxGroup(PhiloxGroup &g, uint64_t seed) {
  using namespace philox_detail;
  for (size_t i = 0; i < philoxGroupSize; i += lanes) {
    uint32_t key0 = uint32_t(seed), key1 = uint32_t(seed >> 32);
    Lanes c0, c1, c2, c3;
    load(c0, g.c0 + i);
    load(c1, g.c1 + i);
    load(c2, g.c2 + i);
    load(c3, g.c3 + i);
    for (int round = 0; round < numRounds; ++round) {
      Lanes product0 = (c0 & 0xffffffffu) * uint64_t(multiplier0);
      Lanes product1 = (c2 & 0xffffffffu) * uint64_t(multiplier1);
      c0 = (product1 >> 32) ^ c1 ^ uint64_t(key0);
      c1 = product1;
      c2 = (product0 >> 32) ^ c3 ^ uint64_t(key1);
      c3 = product0;
      key0 += weyl0;
      key1 += weyl1;
    }
    store(g.c0 + i, c0);
    store(g.c1 + i, c1);
    store(g.c2 + i, c2);
    store(g.c3 + i, c3);
  }
}

/// Block and word of an element of a population.
struct ElementPlace {
  uint64_t block;
  unsigned word;
};

/// 64 elements share 16 blocks: 16 neighbours take one word each of 16 blocks,
/// so that vectors of elements are vectors of blocks.
inline ElementPlace elementPlace(uint64_t element) {
  return {(element >> 6) * 16 + (element & 15), unsigned(element >> 4) & 3};
}

/// The counter of an element's block. \p draw is the step for draws made every
/// step, the number of the attempt (from 0) for start values; \p stream is
/// streamHash(population, purpose). Both have 48 significant bits.
inline PhiloxWords elementCounter(uint64_t block, uint64_t draw, uint32_t stream) {
  return {uint32_t(block),
          (uint32_t(block >> 32) & 0xffffu) | ((uint32_t(draw >> 32) & 0xffffu) << 16),
          uint32_t(draw), stream};
}

/// The counter of a connection's block. \p target is the index in the target
/// population, \p position the connection's place in the rule's sequence.
inline PhiloxWords connectionCounter(uint32_t target, uint32_t position, uint32_t draw,
                                     uint32_t stream) {
  return {position, target, draw, stream};
}

/// The word of an element for one draw.
inline uint32_t elementWord(uint64_t element, uint64_t draw, uint32_t stream, uint64_t seed) {
  ElementPlace place = elementPlace(element);
  return philox(elementCounter(place.block, draw, stream), seed)[place.word];
}

/// An integer in [0, n) from a word, by multiply and shift.
inline uint32_t wordBelow(uint32_t word, uint32_t n) {
  return uint32_t((uint64_t(word) * n) >> 32);
}

} // namespace synfire::runtime

#endif // SYNFIRE_RUNTIME_RANDOM_PHILOX_H
