//===- WeightSums.cpp - Weights scaled until their sum is met (R2) --------===//
//
// All weights of a sum are multiplied by one factor; those that it would move
// beyond a limit stop there, and the others take over what they leave, until
// nothing changes. Sums are exact, so that no order of addition shows in them.
//
//===----------------------------------------------------------------------===//

#include "runtime/engine/Constraints.h"
#include "runtime/engine/Instance.h"
#include "runtime/engine/Relays.h"
#include "runtime/report/Format.h"

#include <algorithm>
#include <cmath>

namespace synfire::runtime {

namespace {

__extension__ typedef __int128 Integer;

/// Sums of numbers of at most a magnitude, as integers: the grid is so fine that numbers within a
/// factor of 2^37 of the largest keep all their digits, and 2^32 of them fit.
class ExactSums {
public:
  explicit ExactSums(double largest) {
    int exponent = 0;
    std::frexp(largest, &exponent);
    scale = std::ldexp(1.0, 90 - exponent);
    inverse = std::ldexp(1.0, exponent - 90);
  }
  Integer toInteger(double x) const { return Integer(x * scale); }
  double toNumber(Integer sum) const { return double(sum) * inverse; }

private:
  double scale, inverse;
};

/// The weights of one element, or of all.
struct Sum {
  Integer free = 0;    ///< of the weights that are scaled
  Integer stopped = 0; ///< of those at a limit
  uint64_t count = 0;  ///< connections
  uint64_t atLimit = 0;
  uint64_t before = 0; ///< `atLimit` of the pass before
  double factor = 1;
  bool active = false;
};

} // namespace

Status Constraints::scaleSums(const syn_constraint &constraint) {
  // One sum goes over all projections onto (from) the same population.
  std::vector<uint32_t> domains;
  auto domainOf = [&](uint32_t i) {
    const syn_connections &c = model.connections[constraint.connections[i]];
    return constraint.by == SYN_OF_TARGET   ? c.target
           : constraint.by == SYN_OF_SOURCE ? sourceOf(model, c.source)
                                            : SYN_NONE;
  };
  for (uint32_t i = 0; i < constraint.n; ++i)
    if (std::find(domains.begin(), domains.end(), domainOf(i)) == domains.end())
      domains.push_back(domainOf(i));
  for (uint32_t domain : domains) {
    std::vector<uint32_t> members;
    for (uint32_t i = 0; i < constraint.n; ++i)
      if (domainOf(i) == domain)
        members.push_back(i);
    if (Status status = scaleSums(constraint, domain, members); !status.ok())
      return status;
  }
  return Status::success();
}

Status Constraints::scaleSums(const syn_constraint &constraint, uint32_t domain,
                              const std::vector<uint32_t> &members) {
  std::vector<ConnectionValues> weights, present;
  for (uint32_t i : members) {
    weights.emplace_back(instance, constraint.connections[i], constraint.weights[i]);
    present.emplace_back(instance, constraint.connections[i], constraint.present[i]);
  }
  // Calls `visit` with each connection that is there, its weight and its limits.
  auto forEach = [&](auto visit) {
    for (size_t m = 0; m < members.size(); ++m) {
      const Rows &rows = weights[m].rows();
      const double *limits = constraint.limits + 2 * members[m];
      for (unsigned p = 0; p < rows.partitions.size(); ++p) {
        const RowPartition &part = rows.partitions[p];
        bool bySource = rows.key == RowKey::Source;
        uint32_t numRows = bySource ? rows.numSources : part.numTargets;
        for (uint32_t row = 0; row < numRows; ++row)
          for (uint64_t c = rows.offset(part, row); c < rows.offset(part, row + 1); ++c) {
            if (present[m].areStored() && present[m].get(p, c) < 0.5)
              continue;
            uint32_t column = rows.index(part, c);
            uint32_t element = constraint.by == SYN_OF_TARGET
                                   ? part.firstTarget + (bySource ? column : row)
                               : constraint.by == SYN_OF_SOURCE ? (bySource ? row : column)
                                                                : 0;
            visit(weights[m], p, c, element, limits);
          }
      }
    }
  };

  double largest = std::fabs(constraint.value);
  forEach([&](ConnectionValues &w, unsigned p, uint64_t c, uint32_t, const double *) {
    largest = std::max(largest, std::fabs(w.get(p, c)));
  });
  for (uint32_t i : members)
    for (double limit : {constraint.limits[2 * i], constraint.limits[2 * i + 1]})
      if (std::fabs(limit) < 1e300)
        largest = std::max(largest, std::fabs(limit));
  ExactSums exact(largest);
  std::vector<Sum> sums(domain == SYN_NONE ? 1 : model.domains[domain].size);
  forEach([&](ConnectionValues &w, unsigned p, uint64_t c, uint32_t element, const double *) {
    sums[element].free += exact.toInteger(w.get(p, c));
    ++sums[element].count;
  });
  const double goal = constraint.value;
  bool any = false;
  for (Sum &sum : sums) {
    double now = exact.toNumber(sum.free);
    // A sum of rounded weights is not met to the last digit; it is not scaled again and again.
    bool met = constraint.comparison == SYN_AT_MOST ? now <= goal
               : constraint.comparison == SYN_AT_LEAST
                   ? now >= goal
                   : std::fabs(now - goal) <= 1e-13 * std::fabs(goal);
    sum.active = sum.count && !met;
    any |= sum.active;
  }
  if (!any)
    return Status::success();

  auto unreachable = [&](size_t element) {
    const Sum &sum = sums[element];
    std::string whose = domain == SYN_NONE ? std::string("all connections")
                                           : "`" + nameOf(domain, uint32_t(element)) + "`";
    return broken(constraint, "the weights of " + whose + " cannot be scaled to the sum " +
                                  formatted("%.6g", goal) + ": " + formatCount(sum.atLimit) +
                                  " of its " + formatCounted(sum.count, "connection") +
                                  (sum.atLimit == 1 ? " is" : " are") +
                                  " at a limit, and the sum is " +
                                  formatted("%.6g", exact.toNumber(sum.free + sum.stopped)));
  };
  for (bool changes = true; changes;) {
    for (size_t element = 0; element < sums.size(); ++element) {
      Sum &sum = sums[element];
      if (!sum.active)
        continue;
      // A sum of nothing has no factor; one of the wrong sign would turn all weights around.
      double free = exact.toNumber(sum.free), rest = goal - exact.toNumber(sum.stopped);
      sum.factor = rest / free;
      if (sum.atLimit == sum.count && std::fabs(rest) <= 1e-9 * std::fabs(goal))
        sum.factor = sum.count ? 1e300 : 1; // the limits meet it
      else if (!(sum.factor >= 0) || !std::isfinite(sum.factor))
        return unreachable(element);
      sum.before = sum.atLimit;
      sum.free = sum.stopped = 0;
      sum.atLimit = 0;
    }
    forEach(
        [&](ConnectionValues &w, unsigned p, uint64_t c, uint32_t element, const double *limits) {
          Sum &sum = sums[element];
          if (!sum.active)
            return;
          double weight = w.get(p, c), scaled = weight * sum.factor;
          if (scaled > limits[1] || scaled < limits[0]) {
            sum.stopped += exact.toInteger(scaled > limits[1] ? limits[1] : limits[0]);
            ++sum.atLimit;
          } else {
            sum.free += exact.toInteger(weight);
          }
        });
    changes = false;
    for (Sum &sum : sums)
      changes |= sum.active && sum.atLimit != sum.before;
  }
  forEach([&](ConnectionValues &w, unsigned p, uint64_t c, uint32_t element, const double *limits) {
    if (sums[element].active)
      w.set(p, c, std::min(std::max(w.get(p, c) * sums[element].factor, limits[0]), limits[1]));
  });
  return Status::success();
}

} // namespace synfire::runtime
