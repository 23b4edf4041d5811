// Connections by source and delay: every connection of the merged rows once, at its delay, with
// its amount, and nothing lost on the way through the agenda.

#include "ConnectTesting.h"

#include "runtime/engine/Agenda.h"

#include <cmath>

using namespace synfire::runtime;

namespace {

/// Source, delay, index of the sum, amount.
using Event = std::tuple<uint32_t, uint32_t, uint32_t, int64_t>;

void testWeights(const uint32_t *pre, const uint32_t *post, const uint32_t *, size_t n,
                 double *out) {
  for (size_t i = 0; i < n; ++i)
    out[i] = double(pre[i]) - 3.0 * post[i];
}

/// Delays of 2 to 8 steps of 0.1 ms.
void testDelays(const uint32_t *pre, const uint32_t *post, const uint32_t *position, size_t n,
                double *out) {
  for (size_t i = 0; i < n; ++i)
    out[i] = 0.1 * double(2 + (5 * pre[i] + post[i] + position[i]) % 7);
}

/// Rows from 20 sources onto all of \p targets in one partition.
Rows rowsOnto(uint32_t targets, bool delays) {
  ConnectSpec spec = specOf(RuleKind::FixedIndegree, 20, targets);
  spec.rule.number = 15;
  RowsRequest request;
  request.bounds = {0, targets};
  request.weight = WeightStorage::F64;
  request.weights = testWeights;
  if (delays)
    request.delays = testDelays;
  request.dt = 0.1;
  auto source = PairSource::create(spec);
  Team team(1);
  auto rows = buildRows(team, **source, request);
  EXPECT_TRUE(rows.ok());
  return std::move(*rows);
}

/// Integers of 4 or 8 bytes in the order of the rows.
template <typename T> std::vector<T> amountsOf(const Rows &rows) {
  std::vector<T> amounts;
  for (uint64_t i = 0; i < rows.partitions[0].connections; ++i)
    amounts.push_back(T(2 * rows.weightOf(rows.partitions[0], i)));
  return amounts;
}

/// What two projections mean: the second, with a delay of 4 steps, onto the sums from 64 on.
std::vector<Event> expectedEvents(const Rows &a, const Rows &b) {
  std::vector<Event> events;
  for (uint32_t s = 0; s < 20; ++s) {
    const RowPartition &p = a.partitions[0], &q = b.partitions[0];
    for (uint64_t i = a.offset(p, s); i < a.offset(p, s + 1); ++i)
      events.emplace_back(s, p.delays.as<uint8_t>()[i], a.index(p, i), 2 * a.weightOf(p, i));
    for (uint64_t i = b.offset(q, s); i < b.offset(q, s + 1); ++i)
      events.emplace_back(s, 4, 64 + b.index(q, i), 2 * b.weightOf(q, i));
  }
  std::sort(events.begin(), events.end());
  return events;
}

struct Merged {
  Rows a = rowsOnto(50, true), b = rowsOnto(30, false);
  std::vector<DuePool> pools = std::vector<DuePool>(1);
  std::vector<DueTable> tables = std::vector<DueTable>(2); // the same from two populations
  std::vector<ImplicitTable> none;

  template <typename T> explicit Merged(SegmentFormat format, T) {
    std::vector<T> x = amountsOf<T>(a), y = amountsOf<T>(b);
    pools[0].format = format;
    SegmentPool &pool = pools[0].parts.emplace_back();
    EXPECT_TRUE(pool.allocate(format, 2 * (a.connections + b.connections)));
    for (DueTable &table : tables)
      table.parts.push_back(Segments::merge(
          {{&a, &a.partitions[0], x.data(), 0, 0}, {&b, &b.partitions[0], y.data(), 64, 4}}, format,
          20, pool));
  }

  /// Everything that comes out of an agenda after one spike of each source.
  std::vector<Event> eventsThroughAgenda(size_t table) {
    std::vector<Event> events;
    for (uint32_t s = 0; s < 20; ++s) {
      Agenda agenda;
      agenda.prepare(pools, tables, none, 0, tables[table].parts[0].maxDelay, 2);
      std::vector<uint32_t> spikes = {s, 0, 0, 0, 0}; // lists are padded
      EXPECT_EQ(agenda.add(table, spikes.data(), 1, 100), tables[table].parts[0].connectionsOf(s));
      for (uint32_t delay = 1; delay < uint32_t(agenda.horizon()); ++delay)
        agenda.visit(100 + delay, [&](uint32_t index, int64_t amount) {
          events.emplace_back(s, delay, index, amount);
        });
    }
    std::sort(events.begin(), events.end());
    return events;
  }
};

} // namespace

TEST(Segments, PackedAmountsComeOutAsTheyWentIn) {
  SegmentFormat format;
  format.storage = AmountStorage::Packed;
  format.amountBytes = 4;
  format.shift = 1; // all amounts are even
  Merged merged(format, int32_t());
  for (size_t table : {0, 1})
    EXPECT_EQ(merged.eventsThroughAgenda(table), expectedEvents(merged.a, merged.b));
}

TEST(Segments, WideAmountsComeOutAsTheyWentIn) {
  SegmentFormat format;
  format.storage = AmountStorage::Wide;
  Merged merged(format, int64_t());
  for (size_t table : {0, 1})
    EXPECT_EQ(merged.eventsThroughAgenda(table), expectedEvents(merged.a, merged.b));
}

TEST(Segments, ASourceHasOneSegmentForEachDelay) {
  SegmentFormat format;
  format.storage = AmountStorage::Wide;
  Merged merged(format, int64_t());
  const Segments &part = merged.tables[0].parts[0];
  EXPECT_EQ(part.connections, 50u * 15 + 30u * 15);
  for (uint32_t s = 0; s < 20; ++s)
    for (uint32_t i = part.rows[s].segment; i + 1 < part.rows[s + 1].segment; ++i)
      EXPECT_LT(part.segments[i].delay, part.segments[i + 1].delay);
}

TEST(Agenda, WhatWasClearedIsNotDue) {
  SegmentFormat format;
  format.storage = AmountStorage::Wide;
  Merged merged(format, int64_t());
  std::vector<ImplicitTable> none;
  Agenda agenda;
  agenda.prepare(merged.pools, merged.tables, none, 0, 8, 2);
  std::vector<uint32_t> spikes = {3, 0, 0, 0, 0};
  agenda.add(0, spikes.data(), 1, 7);
  agenda.addAmount(9, 5, -40);
  agenda.clear();
  int due = 0;
  for (int64_t step = 0; step < agenda.horizon(); ++step)
    agenda.visit(7 + step, [&](uint32_t, int64_t) { ++due; });
  EXPECT_EQ(due, 0);
}

TEST(WeightGrid, TheLargestWeightFitsSixteenBitsAndNoFinerGridWould) {
  for (double largest : {1e-9, 0.1, 87.8, 127.99, 128.0, 133.5, 32767.0, 1e12}) {
    int m = weightGridExponent(largest);
    EXPECT_LE(std::ldexp(double(float(largest)), m), 32767) << largest;
    EXPECT_GT(std::ldexp(double(float(largest)), m + 1), 32767) << largest;
  }
  EXPECT_EQ(weightGridExponent(0), 0);
}

TEST(WeightGrid, WeightsBecomeTheNearestMultiples) {
  ConnectSpec spec = specOf(RuleKind::AllToAll, 10, 10);
  RowsRequest request;
  request.bounds = {0, 10};
  request.weight = WeightStorage::F32;
  request.weights = [](const uint32_t *pre, const uint32_t *post, const uint32_t *, size_t n,
                       double *out) {
    for (size_t i = 0; i < n; ++i)
      out[i] = 0.3 * pre[i] - 0.7 * post[i];
  };
  auto source = PairSource::create(spec);
  Team team(1);
  auto rows = buildRows(team, **source, request);
  ASSERT_TRUE(rows.ok());
  Rows exact = std::move(*rows);
  rows = buildRows(team, **source, request);
  roundWeights(team, *rows, 3);
  for (uint64_t i = 0; i < 100; ++i) {
    double weight = exact.weightOf(exact.partitions[0], i);
    EXPECT_EQ(rows->weightOf(rows->partitions[0], i), std::nearbyint(weight * 8) / 8);
  }
}
