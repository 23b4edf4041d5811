// Rounding of times to steps and of event amounts to the grid (D2).

#include "runtime/random/Grid.h"

#include <gtest/gtest.h>

using namespace synfire::runtime;

namespace {

TEST(TimeGrid, MultiplesOfTheStepAreNotChanged) {
  for (int steps : {0, 1, 3, 15, 7001}) {
    StepCount count = toSteps(steps * 0.1, 0.1);
    EXPECT_EQ(count.steps, steps);
    EXPECT_FALSE(count.changed);
  }
}

TEST(TimeGrid, OtherTimesAreRoundedAndReported) {
  EXPECT_EQ(toSteps(1.54, 0.1).steps, 15);
  EXPECT_TRUE(toSteps(1.54, 0.1).changed);
  EXPECT_EQ(toSteps(0.25, 0.5).steps, 1) << "halves go away from zero";
  EXPECT_TRUE(toSteps(1e6 + 0.04, 0.1).changed) << "far from the start too";
}

TEST(EventGrid, LargestExponentThatCannotWrap) {
  for (int bits : {32, 64})
    for (double events : {1.0, 2.0, 3.0, 1000.0, 12345.0})
      for (double cap : {1e-12, 0.1, 0.25, 1.0, 7.3, 1e9}) {
        int k = eventGridExponent(events, cap, bits);
        EXPECT_LE(std::ldexp(events * cap, k), std::ldexp(1.0, bits - 2));
        EXPECT_GT(std::ldexp(events * cap, k + 1), std::ldexp(1.0, bits - 2));
      }
}

TEST(EventGrid, PowersOfTwoUseTheWholeRange) {
  EXPECT_EQ(eventGridExponent(4, 0.5, 32), 29);
  EXPECT_EQ(eventGridExponent(1, 1, 64), 62);
}

TEST(EventGrid, NothingArrivesOrAnythingMay) {
  EXPECT_EQ(eventGridExponent(0, 1, 64), 0);
  EXPECT_EQ(eventGridExponent(10, 0, 64), 0);
  EXPECT_EQ(eventGridExponent(1, 1e-320, 64), 1022);
  EXPECT_EQ(eventGridExponent(1e300, 1e300, 64), -1022);
}

TEST(EventGrid, AmountsGoToTheNearestHalvesToEven) {
  EXPECT_EQ(toEventGrid(2.5, 0), 2);
  EXPECT_EQ(toEventGrid(3.5, 0), 4);
  EXPECT_EQ(toEventGrid(-2.5, 0), -2);
  EXPECT_EQ(toEventGrid(0.3, 2), 1);
  EXPECT_EQ(fromEventGrid(5, 2), 1.25);
}

} // namespace
