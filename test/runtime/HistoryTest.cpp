// The last spikes of targets, which plastic connections follow later.

#include "runtime/engine/History.h"
#include "runtime/engine/Instance.h"

#include <gtest/gtest.h>

#include <cstring>

using namespace synfire::runtime;

namespace {

/// A block of two steps; the second of the elements 8 and 9 fires at its second step.
SpikeList oneSpike(double value) {
  SpikeList list;
  list.elements = {9};
  list.counts = {0, 1};
  list.payload = {{-1.0}, {value}};
  return list;
}

constexpr int64_t longestDelay = 3;

/// Spike i was fired at step 10 i + 2.
History historyWith(int spikes) {
  History history;
  EXPECT_TRUE(history.allocate(2, 1, longestDelay));
  for (int i = 0; i < spikes; ++i)
    EXPECT_TRUE(history.add(oneSpike(100 + i), 8, 10 * i, 2));
  return history;
}

int32_t stepOf(const char *recent, int k) {
  int32_t step;
  std::memcpy(&step, recent + 4 * k, 4);
  return step;
}

/// What syn_history says of the spikes of the second element.
void expectNewestFirst(const syn_history &table, int spikes, int kept) {
  auto expect = [&](int k, int32_t step, double value) {
    EXPECT_EQ(step, k < kept ? 10 * (spikes - 1 - k) + 2 : SYN_NEVER) << k;
    if (k < kept)
      EXPECT_EQ(value, 100 + spikes - 1 - k) << "the last payload is remembered";
  };
  const char *recent = static_cast<const char *>(table.recent) + table.stride;
  for (int k = 0; k < SYN_RECENT; ++k) {
    double value;
    std::memcpy(&value, recent + 4 * SYN_RECENT + 8 * k, 8);
    expect(k, stepOf(recent, k), value);
  }
  ASSERT_LT(kept, table.capacity) << "one that never was ends the row";
  for (int k = 0; k < table.capacity; ++k)
    expect(k, table.steps[table.capacity + k], table.values[table.capacity + k]);
}

TEST(History, NewestSpikesStandFirst) {
  for (int spikes : {0, 1, 3, 4, 9}) {
    History history = historyWith(spikes);
    EXPECT_EQ(history.kept(0), 0);
    EXPECT_EQ(history.kept(1), spikes);
    expectNewestFirst(history.table, spikes, spikes);
    for (int k = 0; k < SYN_RECENT; ++k)
      EXPECT_EQ(stepOf(static_cast<const char *>(history.table.recent), k), SYN_NEVER)
          << "element 0 never fired";
  }
}

TEST(History, GrowsWhereMoreSpikesComeThanUsual) {
  int usual = int(historyWith(0).table.capacity);
  for (int spikes : {usual - 1, usual, 5 * usual}) {
    History history = historyWith(spikes);
    EXPECT_EQ(history.table.capacity > usual, spikes >= usual);
    expectNewestFirst(history.table, spikes, spikes);
  }
}

TEST(History, KeepsWhatIsOnItsWayAndOneSpikeBefore) {
  History history = historyWith(20);
  // The last two spikes, of steps 182 and 192, are seen after 184 where the delay is the longest.
  history.settle(184);
  EXPECT_EQ(history.table.settled, 184);
  EXPECT_EQ(history.kept(1), 3);
  expectNewestFirst(history.table, 20, 3);
  history.settle(195);
  expectNewestFirst(history.table, 20, 1);
}

TEST(History, IsFullUntilItSettles) {
  History history = historyWith(0);
  int spikes = 0, usual = int(history.table.capacity);
  while (!history.isFull())
    ASSERT_TRUE(history.add(oneSpike(0), 8, 10 * spikes++, 2));
  EXPECT_LT(spikes, usual) << "it need not grow first";
  history.settle(10 * spikes);
  EXPECT_FALSE(history.isFull());
}

TEST(History, GoesOnFromWhatWasKept) {
  for (int spikes : {2, 100}) {
    History before = historyWith(spikes), after = historyWith(7);
    for (uint32_t element : {0, 1}) {
      std::vector<int64_t> words(size_t(before.kept(element)) * 2);
      before.get(element, words.data());
      ASSERT_TRUE(after.set(element, before.kept(element), words.data()));
    }
    for (History *history : {&before, &after}) {
      ASSERT_TRUE(history->add(oneSpike(100 + spikes), 8, 10 * spikes, 2));
      EXPECT_EQ(history->kept(0), 0);
      expectNewestFirst(history->table, spikes + 1, spikes + 1);
    }
  }
}

} // namespace
