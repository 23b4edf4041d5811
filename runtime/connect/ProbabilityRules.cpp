//===- ProbabilityRules.cpp - probability and modular ---------------------===//
//
// A constant probability jumps from one connected source to the next by
// geometric gaps; a probability that depends on the pair tests every pair. The
// position is the source's index.
//
//===----------------------------------------------------------------------===//

#include "runtime/connect/Draws.h"
#include "runtime/connect/Log.h"
#include "runtime/connect/RuleSources.h"
#include "runtime/random/Samplers.h"

#include <algorithm>
#include <cmath>
#include <limits>

using namespace synfire::runtime;

namespace {

/// The gaps between connected sources of one target.
class GapSequence {
public:
  explicit GapSequence(const RuleStream &stream) : words(stream) {}

  void start(uint32_t target) {
    words.start(target);
    used = 0;
  }
  /// Sources to leave out before the next connection; \p perLog is
  /// 1 / ln(1 - p).
  double next(double perLog) {
    // One logarithm per word, made for a whole group so that it is vector code.
    if ((used & 63) == 0) {
      const uint32_t *group = words.groupWords(used >> 6);
      for (int i = 0; i < 64; ++i)
        logs[i] = portableLog(uniform(group[i]));
    }
    return std::floor(logs[used++ & 63] * perLog);
  }

private:
  WordSequence words;
  uint32_t used = 0;
  double logs[64];
};

/// Source ordinals [first, last) that share a probability.
struct Segment {
  uint32_t first, last;
  double p;
};

/// probability(p) and modular(...).
class ConstantProbability : public PairSource {
public:
  explicit ConstantProbability(ConnectSpec given) : PairSource(std::move(given)), stream(spec()) {}

  void enumerate(uint32_t begin, uint32_t end, const PairSink &sink) const override;
  double expectedConnections() const override;

private:
  /// The segments of target ordinal \p t, ascending.
  void segmentsOf(uint32_t t, std::vector<Segment> &segments) const;
  /// The first of \p count ordinals that is in group \p g.
  uint32_t groupBegin(uint64_t g, uint32_t count) const {
    uint64_t groups = spec().rule.number;
    return uint32_t((g * count + groups - 1) / groups);
  }

  RuleStream stream;
};

/// probability(expression of the pair).
class PairwiseProbability : public PairSource {
public:
  explicit PairwiseProbability(ConnectSpec given) : PairSource(std::move(given)), stream(spec()) {}

  void enumerate(uint32_t begin, uint32_t end, const PairSink &sink) const override;
  double expectedConnections() const override;

private:
  RuleStream stream;
};

} // namespace

void ConstantProbability::segmentsOf(uint32_t t, std::vector<Segment> &segments) const {
  const ConnectRule &rule = spec().rule;
  uint32_t sources = spec().sources.count();
  segments.clear();
  if (rule.kind == RuleKind::Probability) {
    segments.push_back({0, sources, rule.p});
    return;
  }
  uint64_t group = uint64_t(t) * rule.number / spec().targets.count();
  uint32_t first = groupBegin(group, sources);
  uint32_t last = groupBegin(group + 1, sources);
  segments.push_back({0, first, rule.pOut});
  segments.push_back({first, last, rule.p});
  segments.push_back({last, sources, rule.pOut});
}

void ConstantProbability::enumerate(uint32_t begin, uint32_t end, const PairSink &sink) const {
  const Selection &sources = spec().sources, &targets = spec().targets;
  bool skipSelf = spec().samePopulation && !allowsAutapses(spec());
  BatchWriter writer(sink);
  GapSequence gaps(stream);
  std::vector<Segment> segments;
  uint32_t lastTarget = targets.ordinalAtOrAfter(end);
  for (uint32_t t = targets.ordinalAtOrAfter(begin); t < lastTarget; ++t) {
    uint32_t post = targets.element(t);
    gaps.start(post);
    segmentsOf(t, segments);
    for (const Segment &segment : segments) {
      if (segment.p == 0)
        continue;
      // At p = 1 the factor is -0: every gap is 0.
      double perLog = segment.p == 1 ? -0.0 : 1.0 / portableLogOneMinus(segment.p);
      // Ordinals are below 2^32 and gaps below 2^33 / p: f64 adds them exactly
      // wherever the sum matters.
      double next = segment.first;
      while (true) {
        next += gaps.next(perLog);
        if (!(next < segment.last))
          break;
        uint32_t pre = sources.element(uint32_t(next));
        writer.addIf(!(skipSelf && pre == post), pre, post, pre);
        next += 1;
      }
    }
  }
}

double ConstantProbability::expectedConnections() const {
  double sources = spec().sources.count(), targets = spec().targets.count();
  const ConnectRule &rule = spec().rule;
  if (rule.kind == RuleKind::Probability)
    return sources * targets * rule.p;
  double inside = 0;
  for (uint64_t g = 0; g < rule.number; ++g)
    inside +=
        double(groupBegin(g + 1, spec().sources.count()) - groupBegin(g, spec().sources.count())) *
        double(groupBegin(g + 1, spec().targets.count()) - groupBegin(g, spec().targets.count()));
  return inside * rule.p + (sources * targets - inside) * rule.pOut;
}

void PairwiseProbability::enumerate(uint32_t begin, uint32_t end, const PairSink &sink) const {
  const Selection &sources = spec().sources, &targets = spec().targets;
  bool skipSelf = spec().samePopulation && !allowsAutapses(spec());
  BatchWriter writer(sink);
  WordSequence words(stream);
  uint32_t pre[maxBatchSize], post[maxBatchSize];
  double p[maxBatchSize];
  uint32_t lastTarget = targets.ordinalAtOrAfter(end);
  for (uint32_t t = targets.ordinalAtOrAfter(begin); t < lastTarget; ++t) {
    uint32_t target = targets.element(t);
    words.start(target);
    std::fill_n(post, maxBatchSize, target);
    for (const ElementRange &range : sources.ranges()) {
      for (uint64_t first = range.first; first <= range.last; first += maxBatchSize) {
        size_t n = std::min<uint64_t>(maxBatchSize, range.last - first + 1);
        for (size_t i = 0; i < n; ++i)
          pre[i] = uint32_t(first + i);
        spec().rule.probabilityOf(pre, post, n, p);
        for (size_t i = 0; i < n; ++i) {
          bool connected = uniform(words.at(pre[i])) < p[i];
          writer.addIf(connected && !(skipSelf && pre[i] == target), pre[i], target, pre[i]);
        }
      }
    }
  }
}

double PairwiseProbability::expectedConnections() const {
  const Selection &sources = spec().sources, &targets = spec().targets;
  double pairs = double(sources.count()) * targets.count();
  if (pairs == 0)
    return 0;
  // The mean over a lattice of at most 64 x 64 pairs.
  uint32_t rows = std::min(64u, targets.count());
  uint32_t columns = std::min(64u, sources.count());
  std::vector<uint32_t> pre(columns), post(columns);
  std::vector<double> p(columns);
  double sum = 0;
  for (uint32_t row = 0; row < rows; ++row) {
    for (uint32_t i = 0; i < columns; ++i) {
      pre[i] = sources.element(uint64_t(i) * sources.count() / columns);
      post[i] = targets.element(uint64_t(row) * targets.count() / rows);
    }
    spec().rule.probabilityOf(pre.data(), post.data(), columns, p.data());
    for (double value : p)
      sum += value > 0 ? std::min(value, 1.0) : 0;
  }
  return pairs * sum / (double(rows) * columns);
}

std::unique_ptr<PairSource> synfire::runtime::makeProbabilitySource(ConnectSpec spec) {
  if (spec.rule.kind == RuleKind::ProbabilityOf)
    return std::make_unique<PairwiseProbability>(std::move(spec));
  return std::make_unique<ConstantProbability>(std::move(spec));
}
