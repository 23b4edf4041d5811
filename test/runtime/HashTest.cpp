// Hashes are compared between programs and machines, so their values are fixed.

#include "runtime/random/Hash.h"

#include <gtest/gtest.h>

using namespace synfire::runtime;

namespace {

TEST(Hash, Fnv1aIsThePublishedOne) {
  EXPECT_EQ(fnv1a32(""), 0x811c9dc5u);
  EXPECT_EQ(fnv1a32("a"), 0xe40c292cu);
  EXPECT_EQ(fnv1a32("foobar"), 0xbf9cf968u);
}

TEST(Hash, StreamIsNameSignPurpose) {
  EXPECT_EQ(streamHash("Brunel.E", "v"), fnv1a32("Brunel.E#v"));
  EXPECT_NE(streamHash("E", "Iv"), streamHash("EI", "v"));
}

TEST(Hash, Splitmix64IsThePublishedOne) {
  // The first two outputs of the generator with seed 0.
  EXPECT_EQ(splitmix64(0), 0xe220a8397b1dcdafu);
  EXPECT_EQ(splitmix64(0x9e3779b97f4a7c15u), 0x6e789e6aa1b965f4u);
}

TEST(Hash, SpikeHashTellsStepAndNeuronApart) {
  EXPECT_EQ(spikeHash(3, 5), splitmix64((uint64_t(3) << 32) + 5));
  EXPECT_NE(spikeHash(3, 5), spikeHash(5, 3));
}

TEST(Hash, WeightHashSeesEveryBitAndTheDirection) {
  EXPECT_NE(weightHash(1, 2, 0.5), weightHash(2, 1, 0.5));
  EXPECT_NE(weightHash(1, 2, 1.0), weightHash(1, 2, 1.0 + 0x1p-52));
}

TEST(Hash, TextHasSixteenDigits) {
  EXPECT_EQ(hashText(0xab), "00000000000000ab");
  EXPECT_EQ(hashText(0xfedcba9876543210u), "fedcba9876543210");
}

} // namespace
