//===- DegreeRules.cpp - fixed_indegree and small_world -------------------===//
//
// Rules that give every target the same number of sources. The position is the
// source's place 0..k-1 in the target's sequence.
//
//===----------------------------------------------------------------------===//

#include "runtime/connect/Draws.h"
#include "runtime/connect/RuleSources.h"
#include "runtime/random/Samplers.h"

#include <algorithm>

using namespace synfire::runtime;

namespace {

/// fixed_indegree(k).
class FixedIndegree : public PairSource {
public:
  explicit FixedIndegree(ConnectSpec given) : PairSource(std::move(given)), stream(spec()) {}

  void enumerate(uint32_t begin, uint32_t end, const PairSink &sink) const override;
  double expectedConnections() const override {
    return double(spec().rule.number) * spec().targets.count();
  }

private:
  RuleStream stream;
};

/// small_world(k, beta): Watts and Strogatz with the in-degree kept.
class SmallWorld : public PairSource {
public:
  explicit SmallWorld(ConnectSpec given) : PairSource(std::move(given)), stream(spec()) {}

  void enumerate(uint32_t begin, uint32_t end, const PairSink &sink) const override;
  double expectedConnections() const override {
    return double(spec().rule.number) * spec().targets.count();
  }

private:
  RuleStream stream;
};

/// No source is to be left out.
constexpr uint32_t noSelf = ~0u;

} // namespace

void FixedIndegree::enumerate(uint32_t begin, uint32_t end, const PairSink &sink) const {
  const Selection &sources = spec().sources, &targets = spec().targets;
  uint32_t k = uint32_t(spec().rule.number);
  bool skipSelf = spec().samePopulation && !allowsAutapses(spec());
  bool distinct = !allowsMultapses(spec());
  BatchWriter writer(sink);
  WordSequence words(stream);
  DistinctDraws draws(stream, distinct ? sources.count() : 0);
  uint32_t lastTarget = targets.ordinalAtOrAfter(end);
  for (uint32_t t = targets.ordinalAtOrAfter(begin); t < lastTarget; ++t) {
    uint32_t post = targets.element(t);
    uint32_t self = skipSelf && sources.contains(post) ? sources.ordinalAtOrAfter(post) : noSelf;
    uint32_t n = sources.count() - (self != noSelf);
    auto add = [&](uint32_t ordinal, uint32_t j) {
      writer.add(sources.element(ordinal + (ordinal >= self)), post, j);
    };
    if (distinct) {
      const std::vector<uint32_t> &drawn = draws.draw(post, k, n);
      for (uint32_t j = 0; j < k; ++j)
        add(drawn[j], j);
      continue;
    }
    words.start(post);
    for (uint32_t j = 0; j < k; ++j)
      add(wordBelow(words.at(j), n), j);
  }
}

void SmallWorld::enumerate(uint32_t begin, uint32_t end, const PairSink &sink) const {
  const Selection &sources = spec().sources, &targets = spec().targets;
  uint32_t n = targets.count(), k = uint32_t(spec().rule.number);
  double beta = spec().rule.p;
  BatchWriter writer(sink);
  std::vector<bool> taken(n), rewired(k);
  std::vector<uint32_t> chosen(k);
  uint32_t lastTarget = targets.ordinalAtOrAfter(end);
  for (uint32_t t = targets.ordinalAtOrAfter(begin); t < lastTarget; ++t) {
    uint32_t post = targets.element(t);
    taken[t] = true;
    for (uint32_t j = 0; j < k; ++j) {
      uint32_t distance = j / 2 + 1;
      uint64_t around = uint64_t(t) + (j & 1 ? distance : n - distance);
      chosen[j] = uint32_t(around % n);
      rewired[j] = uniform(stream.block(j, post)[0]) < beta;
      if (!rewired[j])
        taken[chosen[j]] = true;
    }
    for (uint32_t j = 0; j < k; ++j) {
      if (!rewired[j])
        continue;
      uint32_t attempt = 0;
      do
        chosen[j] = wordBelow(stream.block(j, post, attempt++)[1], n);
      while (taken[chosen[j]]);
      taken[chosen[j]] = true;
    }
    taken[t] = false;
    for (uint32_t j = 0; j < k; ++j) {
      taken[chosen[j]] = false;
      writer.add(sources.element(chosen[j]), post, j);
    }
  }
}

std::unique_ptr<PairSource> synfire::runtime::makeIndegreeSource(ConnectSpec spec) {
  return std::make_unique<FixedIndegree>(std::move(spec));
}

std::unique_ptr<PairSource> synfire::runtime::makeSmallWorldSource(ConnectSpec spec) {
  return std::make_unique<SmallWorld>(std::move(spec));
}
