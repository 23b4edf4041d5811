//===- RegularConnections.cpp ---------------------------------------------===//

#include "runtime/connect/RegularConnections.h"

#include "runtime/connect/RuleSources.h"

#include <algorithm>

using namespace synfire::runtime;

Result<RegularConnections> RegularConnections::create(ConnectSpec given) {
  if (Status status = checkRule(given); !status.ok())
    return status;
  RegularConnections made(std::move(given));
  made.skipSelf = made.theSpec.samePopulation && !allowsAutapses(made.theSpec);
  for (uint32_t t = 0; t < made.theSpec.targets.count(); ++t) {
    uint32_t degree = made.inDegree(t);
    made.total += degree;
    made.mostOnOne = std::max(made.mostOnOne, degree);
  }
  return made;
}

uint32_t RegularConnections::inDegree(uint32_t t) const {
  uint32_t post = theSpec.targets.element(t), n = theSpec.sources.count();
  bool hasPartner = t < n;
  uint32_t partner = hasPartner ? theSpec.sources.element(t) : 0;
  if (theSpec.rule.kind == RuleKind::OneToOne)
    return hasPartner && !(skipSelf && partner == post);
  bool leavesPartner = theSpec.rule.kind == RuleKind::AllButOne && hasPartner;
  bool leavesSelf =
      skipSelf && theSpec.sources.contains(post) && !(leavesPartner && partner == post);
  return n - leavesPartner - leavesSelf;
}

unsigned RegularConnections::leftOut(uint32_t source, uint32_t out[2]) const {
  unsigned n = 0;
  if (theSpec.rule.kind == RuleKind::AllButOne) {
    uint32_t ordinal = theSpec.sources.ordinalAtOrAfter(source);
    if (ordinal < theSpec.targets.count())
      out[n++] = theSpec.targets.element(ordinal);
  }
  if (skipSelf && theSpec.targets.contains(source) && !(n && out[0] == source))
    out[n++] = source;
  return n;
}

uint64_t RegularConnections::connectionsOf(uint32_t source, uint32_t begin, uint32_t end) const {
  if (!theSpec.sources.contains(source))
    return 0;
  auto inside = [&](uint32_t target) { return target >= begin && target < end; };
  if (theSpec.rule.kind == RuleKind::OneToOne) {
    uint32_t target = theSpec.targets.element(theSpec.sources.ordinalAtOrAfter(source));
    return inside(target) && !(skipSelf && target == source);
  }
  uint64_t n = theSpec.targets.ordinalAtOrAfter(end) - theSpec.targets.ordinalAtOrAfter(begin);
  uint32_t out[2];
  for (unsigned i = leftOut(source, out); i-- > 0;)
    n -= inside(out[i]);
  return n;
}

template <typename Sum>
void RegularConnections::add(const uint32_t *sources, size_t n, Sum amount, uint32_t begin,
                             uint32_t end, Sum *sums) const {
  auto addTo = [&](uint32_t target, Sum what) {
    if (target >= begin && target < end)
      sums[target - begin] += what;
  };
  Sum senders = 0;
  for (size_t i = 0; i < n; ++i) {
    uint32_t source = sources[i];
    if (!theSpec.sources.contains(source))
      continue;
    if (theSpec.rule.kind == RuleKind::OneToOne) {
      uint32_t target = theSpec.targets.element(theSpec.sources.ordinalAtOrAfter(source));
      if (!(skipSelf && target == source))
        addTo(target, amount);
      continue;
    }
    ++senders;
    uint32_t out[2];
    for (unsigned j = leftOut(source, out); j-- > 0;)
      addTo(out[j], Sum(-amount));
  }
  if (!senders)
    return;
  Sum all = senders * amount;
  for (const ElementRange &range : theSpec.targets.ranges()) {
    uint32_t first = std::max(range.first, begin);
    uint64_t last = std::min<uint64_t>(uint64_t(range.last) + 1, end);
    for (uint64_t target = first; target < last; ++target)
      sums[target - begin] += all;
  }
}

template void RegularConnections::add(const uint32_t *, size_t, int32_t, uint32_t, uint32_t,
                                      int32_t *) const;
template void RegularConnections::add(const uint32_t *, size_t, int64_t, uint32_t, uint32_t,
                                      int64_t *) const;
