//===- WeightSums.cpp - Weights scaled until their sum is met (R2) --------===//
//
// All weights of a sum are multiplied by one factor; those that it would move
// beyond a limit stop there, and the others take over what they leave, until
// nothing changes. Sums are exact, so that no order of addition shows in them, nor
// who added what.
//
//===----------------------------------------------------------------------===//

#include "runtime/engine/Constraints.h"
#include "runtime/engine/Instance.h"
#include "runtime/engine/Relays.h"
#include "runtime/report/Format.h"

#include <algorithm>
#include <cmath>
#include <optional>

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

/// What was added up of the weights of one element, or of all.
struct Tally {
  Integer free = 0;    ///< of the weights that are scaled
  Integer stopped = 0; ///< of those at a limit
  uint64_t count = 0;  ///< connections
  uint64_t atLimit = 0;

  void add(const Tally &other) {
    free += other.free;
    stopped += other.stopped;
    count += other.count;
    atLimit += other.atLimit;
  }
};

struct Sum {
  Tally tally;
  uint64_t before = 0;         ///< `atLimit` of the pass before
  std::vector<double> factors; ///< of the passes
  bool active = false;

  /// The limit where a weight stopped: with weights of both signs factors may go up and down, and
  /// what has stopped stays there, or there might be no end.
  std::optional<double> stopOf(double weight, const WeightLimits &limits) const {
    for (double factor : factors) {
      double scaled = weight * factor;
      if (scaled > limits.high || scaled < limits.low)
        return scaled > limits.high ? limits.high : limits.low;
    }
    return std::nullopt;
  }
};

/// The weights of one sum for each element, in some projections.
class SumOfProjections {
public:
  SumOfProjections(Instance &instance, const syn_constraint &constraint,
                   const std::vector<uint32_t> &numbers, size_t elements, Shares &shares)
      : by(constraint.by), elements(elements), shares(shares) {
    for (uint32_t i : numbers)
      members.emplace_back(instance, constraint, i);
  }

  size_t partitions() const { return members[0].partitions(); }

  /// Calls `visit` with the projection, the place, the element and the limits of each connection of
  /// a partition that is there.
  template <typename Function> void forEach(size_t p, Function visit) {
    for (ConstrainedWeights &member : members)
      member.forEach(unsigned(p), [&](uint32_t source, uint32_t target, uint64_t entry) {
        if (member.isThere(unsigned(p), entry))
          visit(member, entry,
                by == SYN_OF_TARGET   ? target
                : by == SYN_OF_SOURCE ? source
                                      : 0,
                member.limitsOf(source, target));
      });
  }

  /// What `note` writes down of each connection, for each element. Those of one target are all in
  /// one partition, others in several.
  template <typename Function> std::vector<Tally> tally(Function note) {
    std::vector<Tally> all(elements);
    std::vector<std::vector<Tally>> parts(by == SYN_OF_TARGET ? 0 : partitions());
    shares.run(partitions(), [&](size_t p) {
      if (!parts.empty())
        parts[p].resize(elements);
      std::vector<Tally> &own = parts.empty() ? all : parts[p];
      forEach(p, [&](ConstrainedWeights &member, uint64_t entry, uint32_t element,
                     const WeightLimits &limits) {
        note(own[element], member.weights.get(unsigned(p), entry), element, limits);
      });
    });
    shares.runRanges(elements, [&](size_t begin, size_t end) {
      for (const std::vector<Tally> &part : parts)
        for (size_t element = begin; element < end; ++element)
          all[element].add(part[element]);
    });
    return all;
  }

private:
  uint32_t by;
  size_t elements;
  Shares &shares;
  std::vector<ConstrainedWeights> members;
};

} // namespace

Status Constraints::scaleSums(const syn_constraint &constraint, Shares &shares) {
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
    if (Status status = scaleSums(constraint, domain, members, shares); !status.ok())
      return status;
  }
  return Status::success();
}

Status Constraints::scaleSums(const syn_constraint &constraint, uint32_t domain,
                              const std::vector<uint32_t> &members, Shares &shares) {
  std::vector<Sum> sums(domain == SYN_NONE ? 1 : model.domains[domain].size);
  SumOfProjections weights(instance, constraint, members, sums.size(), shares);
  std::vector<double> largestOf(weights.partitions(), std::fabs(constraint.value));
  shares.run(weights.partitions(), [&](size_t p) {
    weights.forEach(
        p, [&](ConstrainedWeights &member, uint64_t entry, uint32_t, const WeightLimits &limits) {
          double &largest = largestOf[p];
          for (double x : {member.weights.get(unsigned(p), entry), limits.low, limits.high})
            if (std::fabs(x) < 1e300)
              largest = std::max(largest, std::fabs(x));
        });
  });
  ExactSums exact(*std::max_element(largestOf.begin(), largestOf.end()));
  auto found = weights.tally([&](Tally &tally, double weight, uint32_t, const WeightLimits &) {
    tally.free += exact.toInteger(weight);
    ++tally.count;
  });
  const double goal = constraint.value;
  bool any = false;
  for (size_t element = 0; element < sums.size(); ++element) {
    Sum &sum = sums[element];
    sum.tally = found[element];
    double now = exact.toNumber(sum.tally.free);
    // A sum of rounded weights is not met to the last digit; it is not scaled again and again.
    bool met = constraint.comparison == SYN_AT_MOST ? now <= goal
               : constraint.comparison == SYN_AT_LEAST
                   ? now >= goal
                   : std::fabs(now - goal) <= 1e-13 * std::fabs(goal);
    sum.active = sum.tally.count && !met;
    any |= sum.active;
  }
  if (!any)
    return Status::success();

  auto unreachable = [&](size_t element) {
    const Tally &tally = sums[element].tally;
    std::string whose = domain == SYN_NONE ? std::string("all connections")
                                           : "`" + nameOf(domain, uint32_t(element)) + "`";
    return broken(constraint, "the weights of " + whose + " cannot be scaled to the sum " +
                                  formatted("%.6g", goal) + ": " + formatCount(tally.atLimit) +
                                  " of its " + formatCounted(tally.count, "connection") +
                                  (tally.atLimit == 1 ? " is" : " are") +
                                  " at a limit, and the sum is " +
                                  formatted("%.6g", exact.toNumber(tally.free + tally.stopped)));
  };
  for (bool changes = true; changes;) {
    for (size_t element = 0; element < sums.size(); ++element) {
      Sum &sum = sums[element];
      if (!sum.active)
        continue;
      // A sum of nothing has no factor; one of the wrong sign would turn all weights around.
      const Tally &tally = sum.tally;
      double free = exact.toNumber(tally.free), rest = goal - exact.toNumber(tally.stopped);
      double factor = rest / free;
      if (tally.atLimit == tally.count && std::fabs(rest) <= 1e-9 * std::fabs(goal))
        factor = tally.count ? 1e300 : 1; // the limits meet it
      else if (!(factor >= 0) || !std::isfinite(factor))
        return unreachable(element);
      sum.factors.push_back(factor);
      sum.before = tally.atLimit;
    }
    found = weights.tally(
        [&](Tally &tally, double weight, uint32_t element, const WeightLimits &limits) {
          const Sum &sum = sums[element];
          if (!sum.active)
            return;
          ++tally.count;
          if (auto limit = sum.stopOf(weight, limits)) {
            tally.stopped += exact.toInteger(*limit);
            ++tally.atLimit;
          } else {
            tally.free += exact.toInteger(weight);
          }
        });
    changes = false;
    for (size_t element = 0; element < sums.size(); ++element) {
      Sum &sum = sums[element];
      if (!sum.active)
        continue;
      sum.tally = found[element];
      changes |= sum.tally.atLimit != sum.before;
    }
  }
  shares.run(weights.partitions(), [&](size_t p) {
    weights.forEach(p, [&](ConstrainedWeights &member, uint64_t entry, uint32_t element,
                           const WeightLimits &limits) {
      const Sum &sum = sums[element];
      if (!sum.active)
        return;
      double weight = member.weights.get(unsigned(p), entry);
      auto limit = sum.stopOf(weight, limits);
      member.weights.set(unsigned(p), entry, limit ? *limit : weight * sum.factors.back());
    });
  });
  return Status::success();
}

} // namespace synfire::runtime
