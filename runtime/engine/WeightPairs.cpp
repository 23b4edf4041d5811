//===- WeightPairs.cpp - Tied and symmetric weights (R2) ------------------===//

#include "runtime/engine/Constraints.h"
#include "runtime/engine/Instance.h"
#include "runtime/report/Format.h"

#include <algorithm>

namespace synfire::runtime {

namespace {

double between(double value, const double *limits) {
  return std::min(std::max(value, limits[0]), limits[1]);
}

} // namespace

/// Connection k of each projection, in the order of source and target, counted from the first
/// source and target of the projection, is the same connection.
Status Constraints::tie(const syn_constraint &constraint) {
  std::vector<std::vector<ConstrainedConnection>> lists;
  std::vector<ConnectionValues> weights;
  for (uint32_t i = 0; i < constraint.n; ++i) {
    weights.emplace_back(instance, constraint.connections[i], constraint.weights[i]);
    lists.push_back(canonicalConnections(weights[i].rows()));
    const syn_connections &first = model.connections[constraint.connections[0]];
    const syn_connections &c = model.connections[constraint.connections[i]];
    auto begin = [](const uint64_t *ranges) { return ranges ? uint32_t(ranges[0]) : 0; };
    bool same = lists[i].size() == lists[0].size();
    for (size_t k = 0; same && k < lists[i].size(); ++k)
      same = lists[i][k].source - begin(c.source_ranges) ==
                 lists[0][k].source - begin(first.source_ranges) &&
             lists[i][k].target - begin(c.target_ranges) ==
                 lists[0][k].target - begin(first.target_ranges);
    if (!same)
      return broken(constraint,
                    "`" + std::string(first.name) + "` (" +
                        formatCounted(lists[0].size(), "connection") + ") and `" + c.name + "` (" +
                        formatCount(lists[i].size()) +
                        ") do not have the same connections; give them one rule that draws "
                        "nothing, or one file");
  }
  for (size_t k = 0; k < lists[0].size(); ++k) {
    double mean = 0;
    for (uint32_t i = 0; i < constraint.n; ++i)
      mean += weights[i].get(lists[i][k].partition, lists[i][k].entry);
    mean /= constraint.n;
    for (uint32_t i = 0; i < constraint.n; ++i)
      if (weights[i].areStored())
        weights[i].set(lists[i][k].partition, lists[i][k].entry,
                       between(mean, constraint.limits + 2 * i));
  }
  return Status::success();
}

/// The n-th connection of a pair and the n-th of the opposite pair have one weight.
Status Constraints::symmetrize(const syn_constraint &constraint) {
  uint32_t last = constraint.n - 1; // both directions in one projection, or one in each of two
  ConnectionValues there(instance, constraint.connections[0], constraint.weights[0]);
  ConnectionValues back(instance, constraint.connections[last], constraint.weights[last]);
  if (!there.areStored() || !back.areStored())
    return Status::success();
  auto forward = canonicalConnections(there.rows()), backward = canonicalConnections(back.rows());
  std::stable_sort(backward.begin(), backward.end(),
                   [](const ConstrainedConnection &a, const ConstrainedConnection &b) {
                     return a.target != b.target ? a.target < b.target : a.source < b.source;
                   });
  // Both lists ascend by (source, target) of the forward direction now.
  auto key = [](uint32_t from, uint32_t to) { return (uint64_t(from) << 32) | to; };
  size_t k = 0;
  for (const ConstrainedConnection &at : forward) {
    uint64_t wanted = key(at.source, at.target);
    while (k < backward.size() && key(backward[k].target, backward[k].source) < wanted)
      ++k;
    if (k == backward.size() || key(backward[k].target, backward[k].source) != wanted)
      continue; // there is no way back
    const ConstrainedConnection &other = backward[k++];
    if (last == 0 && at.source >= at.target)
      continue; // each pair once
    double mean = (there.get(at.partition, at.entry) + back.get(other.partition, other.entry)) / 2;
    there.set(at.partition, at.entry, between(mean, constraint.limits));
    back.set(other.partition, other.entry, between(mean, constraint.limits + 2 * last));
  }
  return Status::success();
}

} // namespace synfire::runtime
