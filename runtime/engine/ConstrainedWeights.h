//===- ConstrainedWeights.h - The weights that a constraint is about -*- C++ -*-===//
//
// What constraints see of a projection: the values of its connections where they
// are stored, which connections are meant, and in which order they count.
//
//===----------------------------------------------------------------------===//

#ifndef SYNFIRE_RUNTIME_ENGINE_CONSTRAINEDWEIGHTS_H
#define SYNFIRE_RUNTIME_ENGINE_CONSTRAINEDWEIGHTS_H

#include "runtime/connect/Rows.h"
#include "runtime/synfire.h"
#include "runtime/team/Shares.h"

#include <algorithm>
#include <vector>

namespace synfire::runtime {

class Instance;
struct BuiltConnections;

/// The values of one array over connections while a constraint works on them.
class ConnectionValues {
public:
  /// No values where `array` is SYN_NONE, and one for all where it is uniform.
  ConnectionValues(Instance &instance, uint32_t connections, uint32_t array);

  bool areStored() const { return stored; }
  const Rows &rows() const;
  /// The value of entry `c` of partition `p`.
  double get(unsigned p, uint64_t c) const {
    return !stored    ? uniform
           : isSingle ? double(static_cast<const float *>(bases[p])[c])
                      : static_cast<const double *>(bases[p])[c];
  }
  /// A number as it would be kept.
  double rounded(double value) const { return isSingle ? double(float(value)) : value; }
  void set(unsigned p, uint64_t c, double value) {
    if (isSingle)
      static_cast<float *>(bases[p])[c] = float(value);
    else
      static_cast<double *>(bases[p])[c] = value;
  }

private:
  BuiltConnections &built;
  bool stored = false, isSingle = false;
  double uniform = 0;
  std::vector<void *> bases; ///< per partition
};

/// Some connections of a projection: those from and onto some elements.
class ConnectionPart {
public:
  /// What member \p i of a constraint means.
  ConnectionPart(const syn_model &model, const syn_constraint &constraint, uint32_t i);

  bool isWhole() const { return sources.empty() && targets.empty(); }
  bool hasSource(uint32_t source) const { return sources.empty() || sources[source]; }
  bool hasTarget(uint32_t target) const { return targets.empty() || targets[target]; }
  bool contains(uint32_t source, uint32_t target) const {
    return hasSource(source) && hasTarget(target);
  }
  /// The first source and the first target that are meant.
  uint32_t firstSource() const { return first(sources); }
  uint32_t firstTarget() const { return first(targets); }

private:
  static uint32_t first(const std::vector<bool> &elements) {
    return uint32_t(std::find(elements.begin(), elements.end(), true) - elements.begin());
  }
  std::vector<bool> sources, targets; ///< empty: all
};

/// The lower and the upper limit of a weight.
struct WeightLimits {
  double low, high;
  double clamp(double weight) const { return std::min(std::max(weight, low), high); }
};

/// One connection as constraints see it: where its values are.
struct ConstrainedConnection {
  uint32_t source, target;
  uint32_t partition;
  uint64_t entry;
};

/// Connections by source and target; those of one pair in the order of delay and position.
struct OrderedConnections {
  std::vector<ConstrainedConnection> all;
  std::vector<uint64_t> begins; ///< of the connections of each source, and one more
};

/// The connections of one projection that a constraint is about.
class ConstrainedWeights {
public:
  ConstrainedWeights(Instance &instance, const syn_constraint &constraint, uint32_t i);

  ConnectionValues weights, present;
  ConnectionPart part;

  const Rows &rows() const { return weights.rows(); }
  unsigned partitions() const { return unsigned(rows().partitions.size()); }
  bool isThere(unsigned p, uint64_t entry) const {
    return !present.areStored() || present.get(p, entry) > 0.5;
  }
  /// What other constraints say of one connection, too.
  WeightLimits limitsOf(uint32_t source, uint32_t target) const {
    WeightLimits result = limits;
    for (const auto &[where, more] : partial)
      if (where.contains(source, target))
        result = {std::max(result.low, more.low), std::min(result.high, more.high)};
    return result;
  }

  /// Calls \p visit with source, target and entry of each connection of a partition.
  template <typename Function> void forEach(unsigned p, Function visit) const {
    const Rows &all = rows();
    const RowPartition &slice = all.partitions[p];
    bool bySource = all.key == RowKey::Source;
    uint32_t count = bySource ? all.numSources : slice.numTargets;
    for (uint32_t row = 0; row < count; ++row) {
      if (!(bySource ? part.hasSource(row) : part.hasTarget(slice.firstTarget + row)))
        continue;
      for (uint64_t c = all.offset(slice, row); c < all.offset(slice, row + 1); ++c) {
        uint32_t column = all.index(slice, c);
        uint32_t source = bySource ? row : column;
        uint32_t target = slice.firstTarget + (bySource ? column : row);
        if (bySource ? part.hasTarget(target) : part.hasSource(source))
          visit(source, target, c);
      }
    }
  }

  /// In the order of sources; with \p byTarget first of targets, then of sources. Those for which
  /// \p isMeant(partition, entry) holds.
  OrderedConnections inOrder(Shares &shares, bool byTarget,
                             const std::function<bool(unsigned, uint64_t)> &isMeant = {}) const;

private:
  WeightLimits limits;
  std::vector<std::pair<ConnectionPart, WeightLimits>> partial;
  uint32_t numTargets;
};

} // namespace synfire::runtime

#endif // SYNFIRE_RUNTIME_ENGINE_CONSTRAINEDWEIGHTS_H
