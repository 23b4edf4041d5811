//===- RegularRules.cpp - one_to_one, all_to_all, all_but_one -------------===//

#include "runtime/connect/RuleSources.h"

using namespace synfire::runtime;

namespace {

/// Rules without random numbers. The position is the source's index.
class RegularSource : public PairSource {
public:
  explicit RegularSource(ConnectSpec given) : PairSource(std::move(given)) {}

  void enumerate(uint32_t begin, uint32_t end, const PairSink &sink) const override;
  double expectedConnections() const override;
};

} // namespace

void RegularSource::enumerate(uint32_t begin, uint32_t end, const PairSink &sink) const {
  const Selection &sources = spec().sources, &targets = spec().targets;
  RuleKind kind = spec().rule.kind;
  bool skipSelf = spec().samePopulation && !allowsAutapses(spec());
  BatchWriter writer(sink);
  uint32_t last = targets.ordinalAtOrAfter(end);
  for (uint32_t t = targets.ordinalAtOrAfter(begin); t < last; ++t) {
    uint32_t post = targets.element(t);
    if (kind == RuleKind::OneToOne) {
      uint32_t pre = sources.element(t);
      writer.addIf(!(skipSelf && pre == post), pre, post, pre);
      continue;
    }
    bool allButOne = kind == RuleKind::AllButOne;
    uint32_t s = 0;
    for (const ElementRange &range : sources.ranges())
      for (uint64_t pre = range.first; pre <= range.last; ++pre, ++s)
        writer.addIf(!(allButOne && s == t) && !(skipSelf && pre == post), uint32_t(pre), post,
                     uint32_t(pre));
  }
}

double RegularSource::expectedConnections() const {
  double targets = spec().targets.count();
  switch (spec().rule.kind) {
  case RuleKind::OneToOne:
    return targets;
  case RuleKind::AllButOne:
    return targets * (spec().sources.count() - 1.0);
  default:
    return targets * spec().sources.count();
  }
}

std::unique_ptr<PairSource> synfire::runtime::makeRegularSource(ConnectSpec spec) {
  return std::make_unique<RegularSource>(std::move(spec));
}
