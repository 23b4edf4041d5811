//===- WeightPairs.cpp - Tied and symmetric weights (R2) ------------------===//

#include "runtime/engine/Constraints.h"
#include "runtime/engine/Instance.h"
#include "runtime/report/Format.h"

#include <algorithm>

namespace synfire::runtime {

/// Connection k of each projection, in the order of source and target, counted from the first
/// source and target that are meant, is the same connection.
Status Constraints::tie(const syn_constraint &constraint, Shares &shares) {
  std::vector<OrderedConnections> lists;
  std::vector<ConstrainedWeights> members;
  for (uint32_t i = 0; i < constraint.n; ++i) {
    members.emplace_back(instance, constraint, i);
    lists.push_back(members[i].inOrder(shares, false));
    const syn_connections &first = model.connections[constraint.connections[0]];
    const syn_connections &c = model.connections[constraint.connections[i]];
    auto begin = [](uint32_t ofPart, const uint64_t *ranges) {
      return std::max(ofPart, ranges ? uint32_t(ranges[0]) : 0);
    };
    uint32_t source = begin(members[i].part.firstSource(), c.source_ranges),
             target = begin(members[i].part.firstTarget(), c.target_ranges),
             firstSource = begin(members[0].part.firstSource(), first.source_ranges),
             firstTarget = begin(members[0].part.firstTarget(), first.target_ranges);
    const auto &own = lists[i].all, &other = lists[0].all;
    bool same = own.size() == other.size();
    for (size_t k = 0; same && k < own.size(); ++k)
      same = own[k].source - source == other[k].source - firstSource &&
             own[k].target - target == other[k].target - firstTarget;
    if (!same)
      return broken(constraint,
                    "`" + std::string(first.name) + "` (" +
                        formatCounted(other.size(), "connection") + ") and `" + c.name + "` (" +
                        formatCount(own.size()) +
                        ") do not have the same connections; give them one rule that draws "
                        "nothing, or one file");
  }
  shares.runRanges(lists[0].all.size(), [&](size_t begin, size_t end) {
    for (size_t k = begin; k < end; ++k) {
      double mean = 0;
      for (uint32_t i = 0; i < constraint.n; ++i)
        mean += members[i].weights.get(lists[i].all[k].partition, lists[i].all[k].entry);
      mean /= constraint.n;
      for (uint32_t i = 0; i < constraint.n; ++i) {
        const ConstrainedConnection &at = lists[i].all[k];
        if (members[i].weights.areStored())
          members[i].weights.set(at.partition, at.entry,
                                 members[i].limitsOf(at.source, at.target).clamp(mean));
      }
    }
  });
  return Status::success();
}

/// The n-th connection of a pair and the n-th of the opposite pair have one weight.
Status Constraints::symmetrize(const syn_constraint &constraint, Shares &shares) {
  uint32_t last = constraint.n - 1; // both directions in one projection, or one in each of two
  ConstrainedWeights there(instance, constraint, 0), back(instance, constraint, last);
  if (!there.weights.areStored() || !back.weights.areStored())
    return Status::success();
  // Both lists ascend by (source, target) of the forward direction.
  OrderedConnections forward = there.inOrder(shares, false), backward = back.inOrder(shares, true);
  auto key = [](uint32_t from, uint32_t to) { return (uint64_t(from) << 32) | to; };
  size_t sources = std::min(forward.begins.size(), backward.begins.size()) - 1;
  shares.runRanges(sources, [&](size_t begin, size_t end) {
    uint64_t k = backward.begins[begin], stop = backward.begins[end];
    for (uint64_t i = forward.begins[begin]; i < forward.begins[end]; ++i) {
      const ConstrainedConnection &at = forward.all[i];
      uint64_t wanted = key(at.source, at.target);
      while (k < stop && key(backward.all[k].target, backward.all[k].source) < wanted)
        ++k;
      if (k == stop || key(backward.all[k].target, backward.all[k].source) != wanted)
        continue; // there is no way back
      const ConstrainedConnection &other = backward.all[k++];
      if (last == 0 && at.source >= at.target)
        continue; // each pair once
      double mean = (there.weights.get(at.partition, at.entry) +
                     back.weights.get(other.partition, other.entry)) /
                    2;
      there.weights.set(at.partition, at.entry, there.limitsOf(at.source, at.target).clamp(mean));
      back.weights.set(other.partition, other.entry,
                       back.limitsOf(other.source, other.target).clamp(mean));
    }
  });
  return Status::success();
}

} // namespace synfire::runtime
