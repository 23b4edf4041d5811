// Teams run everybody, and their barrier separates what is before from what is
// after, with fewer cores than threads too.

#include "runtime/team/Shares.h"

#include <gtest/gtest.h>

#include <chrono>

using namespace synfire::runtime;

namespace {

TEST(Team, EveryThreadRunsOncePerRun) {
  for (unsigned size : {1u, 2u, 5u}) {
    Team team(size);
    std::vector<int> runs(size, 0);
    for (int repeat = 0; repeat < 20; ++repeat)
      team.run([&](unsigned thread) { ++runs[thread]; });
    EXPECT_EQ(runs, std::vector<int>(size, 20));
  }
}

TEST(Team, ZeroTakesAllCores) { EXPECT_EQ(Team(0).size(), availableCores()); }

TEST(Team, BarrierPublishesWhatWasWritten) {
  for (unsigned size : {2u, 3u}) {
    Team team(size);
    std::vector<unsigned> values(size, 0);
    std::vector<int> faults(size, 0);
    team.run([&](unsigned thread) {
      for (unsigned step = 1; step <= 5000; ++step) {
        values[thread] = step;
        team.barrier();
        for (unsigned value : values)
          faults[thread] += value != step;
        team.barrier();
      }
    });
    EXPECT_EQ(faults, std::vector<int>(size, 0));
  }
}

TEST(Team, MoreThreadsThanCoresStillAdvance) {
  // Spinning through whole time slices would take minutes here.
  Team team(availableCores() + 1);
  auto start = std::chrono::steady_clock::now();
  team.run([&](unsigned) {
    for (int step = 0; step < 2000; ++step)
      team.barrier();
  });
  std::chrono::duration<double> seconds = std::chrono::steady_clock::now() - start;
  EXPECT_LT(seconds.count(), 20);
}

TEST(Team, TheFirstThreadActsWhileTheOthersWait) {
  for (unsigned size : {1u, 2u, 3u, availableCores() + 1}) {
    Team team(size);
    std::vector<unsigned> values(size, 0);
    unsigned plan = 0;
    std::vector<int> faults(size, 0);
    team.run([&](unsigned thread) {
      for (unsigned step = 1; step <= 2000; ++step) {
        values[thread] = step;
        if (thread == 0) {
          team.awaitOthers();
          for (unsigned value : values)
            faults[0] += value != step;
          plan = step;
          team.release();
        } else {
          team.arrive();
        }
        faults[thread] += plan != step;
        // Other meetings come in between.
        team.barrier();
      }
    });
    EXPECT_EQ(faults, std::vector<int>(size, 0));
  }
}

TEST(Shares, EachPieceIsDoneOnceAndBeforeTheNextStep) {
  for (unsigned size : {1u, 2u, 5u}) {
    Team team(size);
    Shares shares(team);
    for (bool alone : {false, true}) {
      std::vector<int> done(1001, 0);
      long sum = 0;
      auto lead = [&] {
        for (int repeat = 0; repeat < 20; ++repeat) {
          shares.run(done.size(), [&](size_t i) { ++done[i]; });
          for (int times : done)
            sum += times;
        }
        shares.runRanges(done.size(), [&](size_t begin, size_t end) {
          for (size_t i = begin; i < end; ++i)
            ++done[i];
        });
        shares.runRanges(0, [&](size_t begin, size_t end) { sum += long(end - begin); });
      };
      team.run([&](unsigned thread) {
        if (!alone || thread == 0)
          shares.lead(thread, alone, lead);
        if (!alone) // at once again
          shares.lead(thread, alone, [] {});
      });
      EXPECT_EQ(done, std::vector<int>(1001, 21));
      EXPECT_EQ(sum, 1001 * 210);
    }
  }
}

TEST(Team, UnusedTeamEnds) { Team team(4); }

} // namespace
