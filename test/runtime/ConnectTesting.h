//===- ConnectTesting.h - What the tests of connections share ---*- C++ -*-===//

#ifndef SYNFIRE_TEST_RUNTIME_CONNECTTESTING_H
#define SYNFIRE_TEST_RUNTIME_CONNECTTESTING_H

#include "runtime/connect/PairSource.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <tuple>

namespace synfire::runtime {

/// Pre, post, position.
using Connection = std::tuple<uint32_t, uint32_t, uint32_t>;

/// A rule from all of one population to all of another.
inline ConnectSpec specOf(RuleKind kind, uint32_t sources, uint32_t targets) {
  ConnectSpec spec;
  spec.rule.kind = kind;
  spec.sources = Selection::all(sources);
  spec.targets = Selection::all(targets);
  spec.seed = 42;
  spec.name = "Test.A->B";
  return spec;
}

/// A rule inside one population.
inline ConnectSpec recurrentSpecOf(RuleKind kind, uint32_t size) {
  ConnectSpec spec = specOf(kind, size, size);
  spec.samePopulation = true;
  return spec;
}

/// The connections onto [begin, end) in their order.
inline std::vector<Connection> connectionsOf(const PairSource &source, uint32_t begin,
                                             uint32_t end) {
  std::vector<Connection> all;
  source.enumerate(begin, end, [&](const PairBatch &batch) {
    EXPECT_LE(batch.size, maxBatchSize);
    for (size_t i = 0; i < batch.size; ++i)
      all.emplace_back(batch.pre[i], batch.post[i], batch.position[i]);
  });
  return all;
}

inline std::vector<Connection> connectionsOf(const ConnectSpec &spec) {
  auto source = PairSource::create(spec);
  EXPECT_TRUE(source.ok()) << source.status().message();
  if (!source.ok())
    return {};
  return connectionsOf(**source, 0, (*source)->targetSize());
}

/// The message of the user error that \p spec is refused with.
inline std::string refusalOf(const ConnectSpec &spec) {
  auto source = PairSource::create(spec);
  if (source.ok())
    return "accepted";
  EXPECT_EQ(source.status().fault(), Fault::User);
  return source.status().message();
}

inline std::vector<uint32_t> inDegrees(const std::vector<Connection> &all, uint32_t targets) {
  std::vector<uint32_t> degrees(targets, 0);
  for (auto [pre, post, position] : all)
    ++degrees[post];
  return degrees;
}

inline std::vector<uint32_t> outDegrees(const std::vector<Connection> &all, uint32_t sources) {
  std::vector<uint32_t> degrees(sources, 0);
  for (auto [pre, post, position] : all)
    ++degrees[pre];
  return degrees;
}

inline size_t countAutapses(const std::vector<Connection> &all) {
  return std::count_if(all.begin(), all.end(),
                       [](const Connection &c) { return std::get<0>(c) == std::get<1>(c); });
}

inline size_t countDifferentPairs(const std::vector<Connection> &all) {
  std::vector<std::pair<uint32_t, uint32_t>> pairs;
  for (auto [pre, post, position] : all)
    pairs.emplace_back(pre, post);
  std::sort(pairs.begin(), pairs.end());
  return std::unique(pairs.begin(), pairs.end()) - pairs.begin();
}

/// One spec of every rule, inside a population of \p size.
std::vector<ConnectSpec> everyRule(uint32_t size);

} // namespace synfire::runtime

#endif // SYNFIRE_TEST_RUNTIME_CONNECTTESTING_H
