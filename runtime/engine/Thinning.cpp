//===- Thinning.cpp - The density of a projection (R2) --------------------===//

#include "runtime/engine/Constraints.h"
#include "runtime/engine/Instance.h"
#include "runtime/report/Format.h"

#include <algorithm>
#include <cmath>

namespace synfire::runtime {

Status Constraints::thin(const syn_constraint &constraint, uint32_t member) {
  uint32_t number = constraint.connections[member];
  const syn_connections &c = model.connections[number];
  ConnectionValues weights(instance, number, constraint.weights[member]);
  ConnectionValues present(instance, number, constraint.present[member]);
  const Rows &rows = weights.rows();
  auto pairs = instance.possiblePairs(number);
  if (!pairs)
    return pairs.status();
  uint64_t there = rows.connections;
  if (present.areStored()) {
    there = 0;
    for (unsigned p = 0; p < rows.partitions.size(); ++p)
      for (uint64_t k = 0; k < rows.partitions[p].connections; ++k)
        there += present.get(p, k) > 0.5;
  }
  double wanted = constraint.value * double(*pairs);
  // A share of pairs is rarely a whole number of them.
  bool tooMany = constraint.comparison != SYN_AT_LEAST && double(there) >= wanted + 1;
  bool tooFew = constraint.comparison != SYN_AT_MOST && double(there) <= wanted - 1;
  if (!tooMany && !tooFew)
    return Status::success();
  if (tooFew || !present.areStored())
    return broken(constraint,
                  "`" + std::string(c.name) + "` has " + formatCounted(there, "connection") +
                      " of " + formatCount(*pairs) + " possible ones, a density of " +
                      formatted("%.6g", double(there) / double(*pairs)) +
                      (tooFew ? "" : ", and no rule moves its weights, so that none can go"));

  struct Candidate {
    double magnitude;
    ConstrainedConnection at;
  };
  std::vector<Candidate> candidates;
  for (const ConstrainedConnection &at : canonicalConnections(rows))
    if (present.get(at.partition, at.entry) > 0.5)
      candidates.push_back({std::fabs(weights.get(at.partition, at.entry)), at});
  uint64_t excess = there - uint64_t(std::floor(wanted + 1e-9));
  // Of equal ones the first in the order of source and target goes.
  std::stable_sort(
      candidates.begin(), candidates.end(),
      [](const Candidate &a, const Candidate &b) { return a.magnitude < b.magnitude; });
  for (uint64_t k = 0; k < excess; ++k) {
    weights.set(candidates[k].at.partition, candidates[k].at.entry, 0);
    present.set(candidates[k].at.partition, candidates[k].at.entry, 0);
  }
  return Status::success();
}

} // namespace synfire::runtime
