// The final layout of connections: complete, ordered, with the storage asked
// for, and the same for any number of threads and partitions.

#include "ConnectTesting.h"

#include "runtime/connect/Rows.h"
#include "runtime/random/Hash.h"

#include <cmath>
#include <cstring>

using namespace synfire::runtime;

namespace {

/// A weight that depends on everything a callback sees.
void testWeights(const uint32_t *pre, const uint32_t *post, const uint32_t *position, size_t n,
                 double *out) {
  for (size_t i = 0; i < n; ++i)
    out[i] = pre[i] - 0.25 * post[i] + 1e-3 * position[i];
}

/// Delays of 1 to 20 steps of 0.1 ms.
void testDelays(const uint32_t *pre, const uint32_t *post, const uint32_t *position, size_t n,
                double *out) {
  for (size_t i = 0; i < n; ++i)
    out[i] = 0.1 * double(1 + (7 * pre[i] + post[i] + position[i]) % 20);
}

RowsRequest fullRequest(uint32_t targets, unsigned partitions) {
  RowsRequest request;
  request.bounds = evenBounds(targets, partitions);
  request.weight = WeightStorage::F64;
  request.weights = testWeights;
  request.delays = testDelays;
  request.dt = 0.1;
  request.positions = true;
  request.columns = {testWeights};
  return request;
}

Rows build(const ConnectSpec &spec, const RowsRequest &request, unsigned threads = 2) {
  auto source = PairSource::create(spec);
  EXPECT_TRUE(source.ok()) << source.status().message();
  Team team(threads);
  auto rows = buildRows(team, **source, request);
  EXPECT_TRUE(rows.ok()) << rows.status().message();
  return rows.ok() ? std::move(*rows) : Rows();
}

/// Pre, post, position read back from rows with stored positions.
std::vector<Connection> readBack(const Rows &rows) {
  std::vector<Connection> all;
  for (const RowPartition &part : rows.partitions) {
    bool bySource = rows.key == RowKey::Source;
    uint32_t numRows = bySource ? rows.numSources : part.numTargets;
    for (uint32_t row = 0; row < numRows; ++row)
      for (uint64_t i = rows.offset(part, row); i < rows.offset(part, row + 1); ++i) {
        uint32_t index = rows.index(part, i);
        uint32_t post = part.firstTarget + (bySource ? index : row);
        all.emplace_back(bySource ? row : index, post, part.positions.as<uint32_t>()[i]);
      }
  }
  std::sort(all.begin(), all.end());
  return all;
}

TEST(Rows, HoldExactlyTheConnectionsOfEveryRule) {
  for (const ConnectSpec &spec : everyRule(150)) {
    std::vector<Connection> expected = connectionsOf(spec);
    std::sort(expected.begin(), expected.end());
    for (RowKey key : {RowKey::Source, RowKey::Target})
      for (unsigned partitions : {1u, 2u, 3u}) {
        RowsRequest request = fullRequest(150, partitions);
        request.key = key;
        Rows rows = build(spec, request);
        EXPECT_EQ(readBack(rows), expected) << ruleName(spec.rule.kind);
        EXPECT_EQ(rows.connections, expected.size());
      }
  }
}

TEST(Rows, ValuesStayWithTheirConnection) {
  ConnectSpec spec = specOf(RuleKind::FixedNumber, 90, 150);
  spec.rule.number = 20000;
  Rows rows = build(spec, fullRequest(150, 2));
  for (const RowPartition &part : rows.partitions)
    for (uint32_t pre = 0; pre < 90; ++pre)
      for (uint64_t i = rows.offset(part, pre); i < rows.offset(part, pre + 1); ++i) {
        uint32_t post = part.firstTarget + rows.index(part, i);
        uint32_t position = part.positions.as<uint32_t>()[i];
        double weight, delay;
        testWeights(&pre, &post, &position, 1, &weight);
        testDelays(&pre, &post, &position, 1, &delay);
        EXPECT_EQ(rows.weightOf(part, i), weight);
        EXPECT_EQ(part.columns[0].as<double>()[i], weight);
        EXPECT_EQ(part.delays.as<uint8_t>()[i], std::lround(delay / 0.1));
      }
}

TEST(Rows, EntriesAscendByDelayThenTarget) {
  ConnectSpec spec = specOf(RuleKind::FixedNumber, 40, 300);
  spec.rule.number = 30000; // rows of all lengths around the radix threshold
  Rows rows = build(spec, fullRequest(300, 3));
  for (const RowPartition &part : rows.partitions)
    for (uint32_t row = 0; row < 40; ++row)
      for (uint64_t i = rows.offset(part, row) + 1; i < rows.offset(part, row + 1); ++i) {
        auto key = [&](uint64_t entry) {
          return std::make_tuple(part.delays.as<uint8_t>()[entry], rows.index(part, entry),
                                 part.positions.as<uint32_t>()[entry]);
        };
        EXPECT_LT(key(i - 1), key(i));
      }
}

TEST(Rows, EntriesAscendByIndexThenPositionWithoutDelays) {
  ConnectSpec spec = specOf(RuleKind::FixedIndegree, 40, 30);
  spec.rule.number = 200;
  for (RowKey key : {RowKey::Source, RowKey::Target}) {
    RowsRequest request = fullRequest(30, 2);
    request.key = key;
    request.delays = nullptr;
    Rows rows = build(spec, request);
    EXPECT_EQ(rows.delayBytes, 0);
    for (const RowPartition &part : rows.partitions) {
      uint32_t numRows = key == RowKey::Source ? 40 : part.numTargets;
      for (uint32_t row = 0; row < numRows; ++row)
        for (uint64_t i = rows.offset(part, row) + 1; i < rows.offset(part, row + 1); ++i)
          EXPECT_LT(std::make_pair(rows.index(part, i - 1), part.positions.as<uint32_t>()[i - 1]),
                    std::make_pair(rows.index(part, i), part.positions.as<uint32_t>()[i]));
    }
  }
}

TEST(Rows, BytesDoNotDependOnThreads) {
  ConnectSpec spec = specOf(RuleKind::FixedNumber, 200, 500);
  spec.rule.number = 30000;
  Rows one = build(spec, fullRequest(500, 3), 1);
  for (unsigned threads : {2u, 3u}) {
    Rows other = build(spec, fullRequest(500, 3), threads);
    for (int p = 0; p < 3; ++p) {
      auto same = [](const Buffer &a, const Buffer &b) {
        return a.size() == b.size() && std::memcmp(a.data(), b.data(), a.size()) == 0;
      };
      EXPECT_TRUE(same(one.partitions[p].offsets, other.partitions[p].offsets));
      EXPECT_TRUE(same(one.partitions[p].indices, other.partitions[p].indices));
      EXPECT_TRUE(same(one.partitions[p].weights, other.partitions[p].weights));
      EXPECT_TRUE(same(one.partitions[p].delays, other.partitions[p].delays));
    }
  }
}

TEST(Rows, RowsLongerThanSixteenBitsAreSortedToo) {
  ConnectSpec spec = specOf(RuleKind::FixedNumber, 1, 500);
  spec.rule.number = 70000;
  RowsRequest request = fullRequest(500, 1);
  Rows rows = build(spec, request);
  const RowPartition &part = rows.partitions[0];
  for (uint64_t i = 1; i < 70000; ++i)
    EXPECT_LE(std::make_pair(part.delays.as<uint8_t>()[i - 1], rows.index(part, i - 1)),
              std::make_pair(part.delays.as<uint8_t>()[i], rows.index(part, i)));
}

TEST(Rows, SinglePrecisionWeights) {
  ConnectSpec spec = specOf(RuleKind::AllToAll, 10, 10);
  RowsRequest request = fullRequest(10, 1);
  request.weight = WeightStorage::F32;
  Rows rows = build(spec, request);
  EXPECT_EQ(rows.partitions[0].weights.size(), 400u);
  EXPECT_EQ(rows.maxAbsWeight, 9 + 9e-3);
}

TEST(Rows, WidthsFollowFromSizes) {
  ConnectSpec small = specOf(RuleKind::OneToOne, 65536, 65536);
  RowsRequest request;
  request.bounds = evenBounds(65536, 1);
  EXPECT_EQ(build(small, request).indexBytes, 2);
  ConnectSpec large = specOf(RuleKind::OneToOne, 65537, 65537);
  request.bounds = evenBounds(65537, 1);
  Rows wide = build(large, request);
  EXPECT_EQ(wide.indexBytes, 4);
  EXPECT_EQ(wide.index(wide.partitions[0], 65536), 65536u);
  request.bounds = evenBounds(65537, 2);
  EXPECT_EQ(build(large, request).indexBytes, 2);
}

TEST(Rows, LongDelaysTakeSixteenBits) {
  ConnectSpec spec = specOf(RuleKind::AllToAll, 20, 20);
  RowsRequest request = fullRequest(20, 2);
  request.dt = 0.005;
  Rows rows = build(spec, request);
  EXPECT_EQ(rows.delayBytes, 2);
  EXPECT_EQ(rows.maxDelay, 400u);
  EXPECT_EQ(rows.minDelay, 20u);
  EXPECT_EQ(rows.changedDelays, 0u);
}

TEST(Rows, DelaysAreRoundedHeldAtTheMinimumAndCounted) {
  ConnectSpec spec = specOf(RuleKind::OneToOne, 5, 5);
  RowsRequest request;
  request.bounds = {0, 5};
  request.dt = 0.1;
  request.delays = [](const uint32_t *pre, const uint32_t *, const uint32_t *, size_t n,
                      double *out) {
    const double delays[] = {0.0, 0.3, 0.32, 0.45, -7.0};
    for (size_t i = 0; i < n; ++i)
      out[i] = delays[pre[i]];
  };
  Rows rows = build(spec, request);
  const uint8_t *steps = rows.partitions[0].delays.as<uint8_t>();
  EXPECT_EQ(std::vector<int>(steps, steps + 5), (std::vector<int>{1, 3, 3, 5, 1}));
  EXPECT_EQ(rows.changedDelays, 4u);
  request.minDelay = 4;
  EXPECT_EQ(build(spec, request).minDelay, 4u);
}

TEST(Rows, DelaysThatCannotBeStoredAreRefused) {
  ConnectSpec spec = specOf(RuleKind::OneToOne, 1, 1);
  auto source = PairSource::create(spec);
  Team team(1);
  for (double delay : {6553.6, std::numeric_limits<double>::infinity(),
                       std::numeric_limits<double>::quiet_NaN()}) {
    RowsRequest request;
    request.bounds = {0, 1};
    request.dt = 0.1;
    request.delays = [=](const uint32_t *, const uint32_t *, const uint32_t *, size_t,
                         double *out) { *out = delay; };
    auto rows = buildRows(team, **source, request);
    ASSERT_FALSE(rows.ok());
    EXPECT_EQ(rows.status().fault(), Fault::User);
  }
}

TEST(Rows, WeightsThatAreNotFiniteAreNamed) {
  ConnectSpec spec = specOf(RuleKind::OneToOne, 4, 4);
  auto source = PairSource::create(spec);
  Team team(1);
  RowsRequest request;
  request.bounds = {0, 4};
  request.weight = WeightStorage::F64;
  request.weights = [](const uint32_t *pre, const uint32_t *, const uint32_t *, size_t n,
                       double *out) {
    for (size_t i = 0; i < n; ++i)
      out[i] = 1.0 / (2.0 - pre[i]);
  };
  auto rows = buildRows(team, **source, request);
  ASSERT_FALSE(rows.ok());
  EXPECT_EQ(rows.status().message(), "the weight of the connection 2 -> 2 of "
                                     "`Test.A->B` is not a finite number");
}

TEST(Rows, TooLittleMemoryIsAnErrorBeforeAnythingIsFilled) {
  ConnectSpec spec = specOf(RuleKind::AllToAll, 20000, 10000);
  auto source = PairSource::create(spec);
  Team team(2);
  RowsRequest request;
  request.bounds = evenBounds(10000, 2);
  // 200 million connections with enough columns for more than any memory.
  request.columns.assign(availableMemory() / (200000000ull * 8) + 1, testWeights);
  auto rows = buildRows(team, **source, request);
  ASSERT_FALSE(rows.ok());
  EXPECT_EQ(rows.status().fault(), Fault::Machine);
  EXPECT_NE(rows.status().message().find("not enough memory for the 200000000 connections of "
                                         "`Test.A->B`: needs "),
            std::string::npos);
}

TEST(Rows, InDegreesForTheEventGrid) {
  ConnectSpec spec = specOf(RuleKind::FixedNumber, 50, 40);
  spec.rule.number = 900;
  std::vector<uint32_t> expected = inDegrees(connectionsOf(spec), 40);
  RowsRequest request;
  request.bounds = evenBounds(40, 3);
  Rows rows = build(spec, request);
  EXPECT_EQ(rows.maxInDegree, *std::max_element(expected.begin(), expected.end()));
  for (const RowPartition &part : rows.partitions)
    for (uint32_t t = 0; t < part.numTargets; ++t)
      EXPECT_EQ(part.inDegree[t], expected[part.firstTarget + t]);
}

TEST(Rows, WeightHashIsOneForAllLayouts) {
  ConnectSpec spec = specOf(RuleKind::FixedNumber, 50, 80);
  spec.rule.number = 3000;
  Team team(2);
  RowsRequest request = fullRequest(80, 1);
  uint64_t expected = hashOfWeights(team, build(spec, request), 0);
  request.bounds = evenBounds(80, 3);
  request.delays = nullptr;
  EXPECT_EQ(hashOfWeights(team, build(spec, request), 0), expected);
  request.key = RowKey::Target;
  EXPECT_EQ(hashOfWeights(team, build(spec, request), 0), expected);
  spec.seed = 1;
  EXPECT_NE(hashOfWeights(team, build(spec, request), 0), expected);
}

TEST(Rows, WeightHashOfAConstant) {
  ConnectSpec spec = specOf(RuleKind::OneToOne, 2, 2);
  RowsRequest request;
  request.bounds = {0, 2};
  Team team(2);
  EXPECT_EQ(hashOfWeights(team, build(spec, request), 0.5),
            weightHash(0, 0, 0.5) + weightHash(1, 1, 0.5));
}

TEST(Rows, EmptyProjections) {
  for (uint32_t targets : {0u, 5u}) {
    Rows rows = build(specOf(RuleKind::Probability, 5, targets), fullRequest(targets, 2));
    EXPECT_EQ(rows.connections, 0u);
    EXPECT_EQ(rows.maxInDegree, 0u);
    EXPECT_EQ(rows.offset(rows.partitions[1], 5), 0u);
  }
}

TEST(Rows, ArraysAreAlignedAndReadablePastTheEnd) {
  for (size_t bytes : {size_t(1), size_t(5000), size_t(5) << 20}) {
    Buffer buffer;
    ASSERT_TRUE(buffer.allocate(bytes));
    EXPECT_EQ(reinterpret_cast<uintptr_t>(buffer.data()) % 64, 0u);
    int sum = 0;
    for (size_t i = 0; i < bytes + Buffer::padding; ++i)
      sum += buffer.as<uint8_t>()[i];
    EXPECT_EQ(sum, 0);
  }
}

TEST(Rows, BoundsDivideAllTargets) {
  EXPECT_EQ(evenBounds(1000, 3), (std::vector<uint32_t>{0, 320, 640, 1000}));
  EXPECT_EQ(evenBounds(5, 2), (std::vector<uint32_t>{0, 2, 5}));
  EXPECT_EQ(evenBounds(0, 2), (std::vector<uint32_t>{0, 0, 0}));
}

} // namespace
