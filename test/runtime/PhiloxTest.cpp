// The generator is Random123's Philox4x32-10, and places are those of
// random.md.

#include "runtime/random/Philox.h"
#include "runtime/random/Hash.h"

#include <Random123/philox.h>
#include <gtest/gtest.h>

#include <set>

using namespace synfire::runtime;

namespace {

PhiloxWords reference(PhiloxWords counter, uint64_t seed) {
  r123::Philox4x32 generator;
  r123::Philox4x32::ctr_type c = {{counter[0], counter[1], counter[2], counter[3]}};
  r123::Philox4x32::key_type k = {{uint32_t(seed), uint32_t(seed >> 32)}};
  auto block = generator(c, k);
  return {block[0], block[1], block[2], block[3]};
}

/// Counters without a pattern.
PhiloxWords counterNumber(uint64_t i) {
  uint64_t a = splitmix64(2 * i), b = splitmix64(2 * i + 1);
  return {uint32_t(a), uint32_t(a >> 32), uint32_t(b), uint32_t(b >> 32)};
}

TEST(Philox, OneBlockIsRandom123s) {
  for (uint64_t i = 0; i < 1000; ++i)
    EXPECT_EQ(philox(counterNumber(i), splitmix64(~i)),
              reference(counterNumber(i), splitmix64(~i)));
}

TEST(Philox, PublishedAnswerOfZeroCounterAndKey) {
  PhiloxWords expected = {0x6627e8d5u, 0xe169c58du, 0xbc57ac4cu, 0x9b00dbd8u};
  EXPECT_EQ(philox({0, 0, 0, 0}, 0), expected);
}

TEST(Philox, GroupIsSixteenBlocks) {
  for (uint64_t repeat = 0; repeat < 50; ++repeat) {
    uint64_t seed = splitmix64(repeat);
    PhiloxGroup group;
    for (size_t i = 0; i < philoxGroupSize; ++i) {
      PhiloxWords c = counterNumber(repeat * 16 + i);
      group.c0[i] = c[0];
      group.c1[i] = c[1];
      group.c2[i] = c[2];
      group.c3[i] = c[3];
    }
    philoxGroup(group, seed);
    for (size_t i = 0; i < philoxGroupSize; ++i) {
      PhiloxWords block = {group.c0[i], group.c1[i], group.c2[i], group.c3[i]};
      EXPECT_EQ(block, reference(counterNumber(repeat * 16 + i), seed));
    }
  }
}

TEST(Philox, SixtyFourElementsShareSixteenBlocks) {
  std::set<std::pair<uint64_t, unsigned>> places;
  std::set<uint64_t> blocks;
  for (uint64_t e = 128; e < 192; ++e) {
    ElementPlace place = elementPlace(e);
    places.insert({place.block, place.word});
    blocks.insert(place.block);
  }
  EXPECT_EQ(places.size(), 64u);
  EXPECT_EQ(blocks.size(), 16u);
  EXPECT_EQ(*blocks.begin(), 32u);
  // Sixteen neighbours are the same word of sixteen blocks.
  EXPECT_EQ(elementPlace(17).block, 1u);
  EXPECT_EQ(elementPlace(17).word, 1u);
}

TEST(Philox, CounterKeepsFortyEightBitsOfBlockAndDraw) {
  PhiloxWords c = elementCounter(0x1234'5678'9abcu, 0x4321'8765'cba9u, 7);
  PhiloxWords expected = {0x56789abcu, 0x43211234u, 0x8765cba9u, 7};
  EXPECT_EQ(c, expected);
}

TEST(Philox, WordBelowStaysBelow) {
  EXPECT_EQ(wordBelow(0xffffffffu, 10), 9u);
  EXPECT_EQ(wordBelow(0, 10), 0u);
  EXPECT_EQ(wordBelow(0xffffffffu, 0xffffffffu), 0xfffffffeu);
  EXPECT_EQ(wordBelow(0xffffffffu, 1), 0u);
}

} // namespace
