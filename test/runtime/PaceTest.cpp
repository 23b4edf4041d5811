//===- PaceTest.cpp - Who does the blocks ---------------------------------===//

#include "runtime/engine/Pace.h"

#include <gtest/gtest.h>

using namespace synfire::runtime;

namespace {

/// Blocks of one step for so many seconds; the share of the time that the first thread worked
/// alone.
double shareAlone(Pace &pace, double seconds, double together, double alone, double busy) {
  double time = 0, byItself = 0;
  while (time < seconds) {
    double block = pace.isAlone() ? alone : together;
    time += block;
    byItself += pace.isAlone() ? block : 0;
    pace.add(block, pace.isAlone() ? alone : busy, 1, 1);
  }
  return byItself / time;
}

TEST(Pace, oneThreadIsNotAlone) {
  Pace pace(1);
  EXPECT_EQ(shareAlone(pace, 1, 1e-5, 2e-5, 1e-5), 0);
}

TEST(Pace, aTeamThatIsFasterWorks) {
  Pace pace(2);
  // Trials of 2 ms in stretches that grow to 400 ms.
  EXPECT_LT(shareAlone(pace, 5, 10e-6, 18e-6, 9e-6), 0.02);
}

TEST(Pace, oneThreadThatIsFasterWorks) {
  Pace pace(2);
  EXPECT_GT(shareAlone(pace, 5, 600e-6, 16e-6, 8e-6), 0.95);
}

TEST(Pace, whatIsFasterMayChange) {
  Pace pace(2);
  shareAlone(pace, 2, 600e-6, 16e-6, 8e-6);
  EXPECT_LT(shareAlone(pace, 4, 10e-6, 16e-6, 8e-6), 0.2);
  EXPECT_GT(shareAlone(pace, 4, 600e-6, 16e-6, 8e-6), 0.8);
}

TEST(Pace, longBlocksAreNotTried) {
  Pace pace(2);
  EXPECT_EQ(shareAlone(pace, 5, 1e-3, 2e-3, 1e-3), 0);
}

} // namespace
