//===- Draws.h - Random words of a connect rule -----------------*- C++ -*-===//
//
// What the rules draw from: words in sequence, sets of different ordinals, and
// a random order of all pairs. random.md defines each.
//
//===----------------------------------------------------------------------===//

#ifndef SYNFIRE_RUNTIME_CONNECT_DRAWS_H
#define SYNFIRE_RUNTIME_CONNECT_DRAWS_H

#include "runtime/connect/Rule.h"
#include "runtime/random/Hash.h"
#include "runtime/random/Philox.h"

#include <vector>

namespace synfire::runtime {

/// The stream of a projection's rule.
struct RuleStream {
  explicit RuleStream(const ConnectSpec &spec)
      : seed(spec.seed), hash(streamHash(spec.name, "connect")) {}

  PhiloxWords block(uint32_t c0, uint32_t c1, uint32_t c2 = 0) const {
    return philox({c0, c1, c2, hash}, seed);
  }
  /// Word index & 3 of block {index >> 2, c1, attempt}.
  uint32_t word(uint32_t index, uint32_t c1, uint32_t attempt) const {
    return block(index >> 2, c1, attempt)[index & 3];
  }

  uint64_t seed;
  uint32_t hash;
};

/// The words of attempt 0 of one c1, made 64 at a time.
class WordSequence {
public:
  explicit WordSequence(const RuleStream &stream) : stream(stream) {}

  /// Goes to the sequence of \p c1.
  void start(uint32_t newC1) {
    c1 = newC1;
    group = noGroup;
  }
  /// Word \p index & 3 of block \p index >> 2. Cheap for neighbouring indices.
  uint32_t at(uint32_t index) {
    if (index >> 6 != group)
      refill(index >> 6);
    return words[index & 63];
  }
  /// Words 64 * \p g ... 64 * \p g + 63.
  const uint32_t *groupWords(uint32_t g) {
    if (g != group)
      refill(g);
    return words;
  }

private:
  static constexpr uint32_t noGroup = ~0u;
  void refill(uint32_t g);

  const RuleStream &stream;
  uint32_t c1 = 0, group = noGroup;
  alignas(64) uint32_t words[64];
};

/// Draws sets of different numbers below n by repeated draws.
class DistinctDraws {
public:
  DistinctDraws(const RuleStream &stream, uint32_t largestN)
      : stream(stream), stamps(largestN, 0) {}

  /// \p k different numbers below \p n from the words of \p c1. Where 2k > n
  /// the n - k numbers to be left out are drawn, and the others ascend.
  const std::vector<uint32_t> &draw(uint32_t c1, uint32_t k, uint32_t n);

private:
  const RuleStream &stream;
  std::vector<uint32_t> stamps; // the last call that drew the number
  uint32_t stamp = 0;
  std::vector<uint32_t> drawn;
};

/// A random permutation of 0..size-1 as a function: a Feistel network on the
/// next even number of bits, walked until the value is below size.
class RandomOrder {
public:
  RandomOrder(const RuleStream &stream, uint64_t size);
  uint64_t at(uint64_t i) const;

private:
  static constexpr uint32_t numRounds = 6;

  const RuleStream &stream;
  uint64_t size;
  unsigned halfBits;
};

} // namespace synfire::runtime

#endif // SYNFIRE_RUNTIME_CONNECT_DRAWS_H
