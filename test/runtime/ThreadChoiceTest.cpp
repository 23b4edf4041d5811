//===- ThreadChoiceTest.cpp - How many threads a circuit gains from -------===//

#include "runtime/engine/ThreadChoice.h"

#include <gtest/gtest.h>

#include <cmath>

using namespace synfire::runtime;

namespace {

TEST(ThreadChoice, whatIsSharedOutMustBeMoreThanAMeetingTakes) {
  EXPECT_TRUE(isBetterAlone(2e-6, 3e-6, 2));
  EXPECT_FALSE(isBetterAlone(20e-6, 3e-6, 2));
  // Half of the work is gained by two threads, and three quarters by four.
  EXPECT_TRUE(isBetterAlone(5e-6, 3e-6, 2));
  EXPECT_FALSE(isBetterAlone(5e-6, 3e-6, 4));
  EXPECT_FALSE(isBetterAlone(INFINITY, 3e-6, 2));
}

TEST(ThreadChoice, aMeetingTakesSomeTime) {
  Team team(2);
  double seconds = measureMeeting(team);
  EXPECT_GT(seconds, 0);
  EXPECT_LE(seconds, 1e-5);
}

} // namespace
