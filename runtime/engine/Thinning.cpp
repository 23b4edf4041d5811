//===- Thinning.cpp - The density of a projection (R2) --------------------===//
//
// The weakest connections go; of equal ones the first in the order of source and
// target. How weak they are is found digit by digit of the magnitude, which takes
// no sorting of all connections, and no more memory than one thread's counts.
//
//===----------------------------------------------------------------------===//

#include "runtime/engine/Constraints.h"
#include "runtime/engine/Instance.h"
#include "runtime/report/Format.h"

#include <cmath>
#include <cstring>

namespace synfire::runtime {

namespace {

/// Numbers that are ordered as the magnitudes are.
uint64_t rankOf(double weight) {
  double magnitude = std::fabs(weight);
  uint64_t bits;
  std::memcpy(&bits, &magnitude, sizeof bits);
  return bits;
}

constexpr unsigned digitBits = 16;
constexpr size_t numDigits = size_t(1) << digitBits;

/// Those connections of a projection that are there.
class Weakest {
public:
  Weakest(ConstrainedWeights &weights, Shares &shares) : weights(weights), shares(shares) {}

  /// The rank of number `n`, counted from 0 in ascending order; `n` becomes its number among those
  /// of the same rank.
  uint64_t find(uint64_t &n) {
    uint64_t rank = 0;
    for (int shift = 64 - int(digitBits); shift >= 0; shift -= int(digitBits)) {
      std::vector<uint64_t> counts = count(rank, unsigned(shift));
      size_t digit = 0;
      for (; n >= counts[digit]; ++digit)
        n -= counts[digit];
      rank |= uint64_t(digit) << shift;
    }
    return rank;
  }

private:
  /// Of those whose digits above are those of `rank`: how many have each digit.
  std::vector<uint64_t> count(uint64_t rank, unsigned shift) {
    std::vector<std::vector<uint64_t>> own(weights.partitions());
    shares.run(own.size(), [&](size_t p) {
      own[p].assign(numDigits, 0);
      weights.forEach(unsigned(p), [&](uint32_t, uint32_t, uint64_t entry) {
        uint64_t bits = rankOf(weights.weights.get(unsigned(p), entry));
        bool same =
            shift + digitBits == 64 || bits >> (shift + digitBits) == rank >> (shift + digitBits);
        if (same && weights.isThere(unsigned(p), entry))
          ++own[p][bits >> shift & (numDigits - 1)];
      });
    });
    for (size_t p = 1; p < own.size(); ++p)
      for (size_t digit = 0; digit < numDigits; ++digit)
        own[0][digit] += own[p][digit];
    return std::move(own[0]);
  }

  ConstrainedWeights &weights;
  Shares &shares;
};

} // namespace

Status Constraints::thin(const syn_constraint &constraint, uint32_t member, Shares &shares) {
  uint32_t number = constraint.connections[member];
  const syn_connections &c = model.connections[number];
  ConstrainedWeights weights(instance, constraint, member);
  auto pairs = instance.possiblePairs(number, weights.part);
  if (!pairs)
    return pairs.status();
  std::vector<uint64_t> counts(weights.partitions());
  shares.run(counts.size(), [&](size_t p) {
    uint64_t count = 0;
    weights.forEach(unsigned(p), [&](uint32_t, uint32_t, uint64_t entry) {
      count += weights.isThere(unsigned(p), entry);
    });
    counts[p] = count;
  });
  uint64_t there = 0;
  for (uint64_t count : counts)
    there += count;
  if (weights.part.isWhole() && !weights.present.areStored())
    there = weights.rows().connections; // which are not all stored
  double wanted = constraint.value * double(*pairs);
  // A share of pairs is rarely a whole number of them.
  bool tooMany = constraint.comparison != SYN_AT_LEAST && double(there) >= wanted + 1;
  bool tooFew = constraint.comparison != SYN_AT_MOST && double(there) <= wanted - 1;
  if (!tooMany && !tooFew)
    return Status::success();
  if (tooFew || !weights.present.areStored())
    return broken(constraint,
                  "`" + std::string(c.name) + "` has " + formatCounted(there, "connection") +
                      " of " + formatCount(*pairs) + " possible ones, a density of " +
                      formatted("%.6g", double(there) / double(*pairs)) +
                      (tooFew ? "" : ", and no rule moves its weights, so that none can go"));

  uint64_t left = there - uint64_t(std::floor(wanted + 1e-9));
  // The rank of the first one that stays.
  uint64_t border = left == there ? UINT64_MAX : Weakest(weights, shares).find(left);
  OrderedConnections atBorder = weights.inOrder(shares, false, [&](unsigned p, uint64_t entry) {
    return weights.isThere(p, entry) && rankOf(weights.weights.get(p, entry)) == border;
  });
  auto remove = [&](unsigned p, uint64_t entry) {
    weights.weights.set(p, entry, 0);
    weights.present.set(p, entry, 0);
  };
  shares.run(counts.size(), [&](size_t p) {
    weights.forEach(unsigned(p), [&](uint32_t, uint32_t, uint64_t entry) {
      if (weights.isThere(unsigned(p), entry) &&
          rankOf(weights.weights.get(unsigned(p), entry)) < border)
        remove(unsigned(p), entry);
    });
  });
  for (uint64_t k = 0; border != UINT64_MAX && k < left; ++k)
    remove(atBorder.all[k].partition, atBorder.all[k].entry);
  return Status::success();
}

} // namespace synfire::runtime
