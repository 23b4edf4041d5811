//===- SequenceRules.cpp - fixed_outdegree, fixed_number, tables ----------===//
//
// Rules whose sequence is not ordered by target: every thread walks all of it
// and keeps what is its own. The position is the place in that sequence.
//
//===----------------------------------------------------------------------===//

#include "runtime/connect/Draws.h"
#include "runtime/connect/RuleSources.h"

#include <algorithm>

using namespace synfire::runtime;

namespace {

/// fixed_outdegree(k).
class FixedOutdegree : public PairSource {
public:
  explicit FixedOutdegree(ConnectSpec given) : PairSource(std::move(given)), stream(spec()) {}

  void enumerate(uint32_t begin, uint32_t end, const PairSink &sink) const override;
  double expectedConnections() const override {
    return double(spec().rule.number) * spec().sources.count();
  }

private:
  RuleStream stream;
};

/// fixed_number(n).
class FixedNumber : public PairSource {
public:
  explicit FixedNumber(ConnectSpec given) : PairSource(std::move(given)), stream(spec()) {}

  void enumerate(uint32_t begin, uint32_t end, const PairSink &sink) const override;
  double expectedConnections() const override { return double(spec().rule.number); }

private:
  void enumerateDraws(uint32_t begin, uint32_t end, BatchWriter &writer) const;
  void enumerateWithoutAutapses(uint32_t begin, uint32_t end, BatchWriter &writer) const;
  void enumerateDistinct(uint32_t begin, uint32_t end, BatchWriter &writer) const;
  bool skipsSelf() const { return spec().samePopulation && !allowsAutapses(spec()); }

  RuleStream stream;
};

/// The rows of a file.
class TableSource : public PairSource {
public:
  explicit TableSource(ConnectSpec given) : PairSource(std::move(given)) {}

  void enumerate(uint32_t begin, uint32_t end, const PairSink &sink) const override;
  double expectedConnections() const override { return double(spec().rule.tablePre.size()); }
};

constexpr uint32_t noSelf = ~0u;

} // namespace

void FixedOutdegree::enumerate(uint32_t begin, uint32_t end, const PairSink &sink) const {
  const Selection &sources = spec().sources, &targets = spec().targets;
  uint32_t k = uint32_t(spec().rule.number);
  bool skipSelf = spec().samePopulation && !allowsAutapses(spec());
  bool distinct = !allowsMultapses(spec());
  BatchWriter writer(sink);
  WordSequence words(stream);
  DistinctDraws draws(stream, distinct ? targets.count() : 0);
  for (uint32_t s = 0; s < sources.count(); ++s) {
    uint32_t pre = sources.element(s);
    uint32_t self = skipSelf && targets.contains(pre) ? targets.ordinalAtOrAfter(pre) : noSelf;
    uint32_t n = targets.count() - (self != noSelf);
    auto add = [&](uint32_t ordinal, uint32_t j) {
      uint32_t post = targets.element(ordinal + (ordinal >= self));
      writer.addIf(post >= begin && post < end, pre, post, s * k + j);
    };
    if (distinct) {
      const std::vector<uint32_t> &drawn = draws.draw(pre, k, n);
      for (uint32_t j = 0; j < k; ++j)
        add(drawn[j], j);
      continue;
    }
    words.start(pre);
    for (uint32_t j = 0; j < k; ++j)
      add(wordBelow(words.at(j), n), j);
  }
}

void FixedNumber::enumerateDraws(uint32_t begin, uint32_t end, BatchWriter &writer) const {
  const Selection &sources = spec().sources, &targets = spec().targets;
  uint32_t n = uint32_t(spec().rule.number);
  uint32_t numSources = sources.count(), numTargets = targets.count();
  // A group of 16 blocks is 32 pairs, two of each block.
  constexpr uint32_t groupPairs = 2 * uint32_t(philoxGroupSize);
  PhiloxGroup group;
  uint32_t pre[groupPairs], post[groupPairs];
  for (uint64_t first = 0; first < n; first += groupPairs) {
    for (uint32_t b = 0; b < philoxGroupSize; ++b) {
      group.c0[b] = uint32_t(first / 2) + b;
      group.c1[b] = group.c2[b] = 0;
      group.c3[b] = stream.hash;
    }
    philoxGroup(group, stream.seed);
    for (uint32_t b = 0; b < philoxGroupSize; ++b) {
      pre[2 * b] = wordBelow(group.c0[b], numSources);
      post[2 * b] = wordBelow(group.c1[b], numTargets);
      pre[2 * b + 1] = wordBelow(group.c2[b], numSources);
      post[2 * b + 1] = wordBelow(group.c3[b], numTargets);
    }
    uint32_t pairs = uint32_t(std::min<uint64_t>(groupPairs, n - first));
    for (uint32_t i = 0; i < pairs; ++i) {
      uint32_t target = targets.element(post[i]);
      writer.addIf(target - begin < end - begin, sources.element(pre[i]), target,
                   uint32_t(first) + i);
    }
  }
}

void FixedNumber::enumerateWithoutAutapses(uint32_t begin, uint32_t end,
                                           BatchWriter &writer) const {
  const Selection &sources = spec().sources, &targets = spec().targets;
  uint32_t n = uint32_t(spec().rule.number);
  for (uint32_t i = 0; i < n; ++i) {
    uint32_t pre, post, attempt = 0;
    do {
      PhiloxWords block = stream.block(i >> 1, 0, attempt++);
      pre = sources.element(wordBelow(block[2 * (i & 1)], sources.count()));
      post = targets.element(wordBelow(block[2 * (i & 1) + 1], targets.count()));
    } while (pre == post);
    writer.addIf(post >= begin && post < end, pre, post, i);
  }
}

void FixedNumber::enumerateDistinct(uint32_t begin, uint32_t end, BatchWriter &writer) const {
  const Selection &sources = spec().sources, &targets = spec().targets;
  uint32_t n = uint32_t(spec().rule.number);
  bool skipSelf = skipsSelf();
  RandomOrder order(stream, uint64_t(sources.count()) * targets.count());
  uint64_t next = 0;
  for (uint32_t i = 0; i < n; ++next) {
    uint64_t pair = order.at(next);
    uint32_t pre = sources.element(uint32_t(pair / targets.count()));
    uint32_t post = targets.element(uint32_t(pair % targets.count()));
    if (skipSelf && pre == post)
      continue;
    writer.addIf(post >= begin && post < end, pre, post, i++);
  }
}

void FixedNumber::enumerate(uint32_t begin, uint32_t end, const PairSink &sink) const {
  if (begin >= end)
    return;
  BatchWriter writer(sink);
  if (!allowsMultapses(spec()))
    enumerateDistinct(begin, end, writer);
  else if (skipsSelf())
    enumerateWithoutAutapses(begin, end, writer);
  else
    enumerateDraws(begin, end, writer);
}

void TableSource::enumerate(uint32_t begin, uint32_t end, const PairSink &sink) const {
  const ConnectRule &rule = spec().rule;
  bool skipSelf = spec().samePopulation && !allowsAutapses(spec());
  BatchWriter writer(sink);
  for (size_t i = 0; i < rule.tablePre.size(); ++i) {
    uint32_t pre = rule.tablePre[i], post = rule.tablePost[i];
    writer.addIf(post >= begin && post < end && !(skipSelf && pre == post), pre, post, uint32_t(i));
  }
}

std::unique_ptr<PairSource> synfire::runtime::makeSequenceSource(ConnectSpec spec) {
  if (spec.rule.kind == RuleKind::FixedOutdegree)
    return std::make_unique<FixedOutdegree>(std::move(spec));
  if (spec.rule.kind == RuleKind::FixedNumber)
    return std::make_unique<FixedNumber>(std::move(spec));
  return std::make_unique<TableSource>(std::move(spec));
}
