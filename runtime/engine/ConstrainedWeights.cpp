//===- ConstrainedWeights.cpp - The weights that a constraint is about ----===//

#include "runtime/engine/ConstrainedWeights.h"
#include "runtime/engine/Instance.h"

namespace synfire::runtime {

ConnectionValues::ConnectionValues(Instance &instance, uint32_t connections, uint32_t array)
    : built(instance.connections[connections]) {
  if (array == SYN_NONE)
    return;
  if (instance.model.arrays[array].connections == SYN_NONE) {
    uniform = instance.value(array, 0);
    return;
  }
  size_t column = 0;
  while (column < built.columnArrays.size() && built.columnArrays[column] != array)
    ++column;
  if (column == built.columnArrays.size())
    return;
  stored = true;
  isSingle = column == 0 && built.rows.weight == WeightStorage::F32;
  for (unsigned p = 0; p < built.rows.partitions.size(); ++p)
    bases.push_back(built.column(column, p));
}

const Rows &ConnectionValues::rows() const { return built.rows; }

ConnectionPart::ConnectionPart(const syn_model &model, const syn_constraint &constraint,
                               uint32_t i) {
  if (!constraint.parts)
    return;
  const uint64_t *ranges = constraint.parts;
  for (uint32_t list = 0; list < 2 * i; ++list)
    ranges += 2 * constraint.n_parts[list];
  const syn_connections &c = model.connections[constraint.connections[i]];
  auto read = [&](std::vector<bool> &elements, uint32_t domain, uint32_t count) {
    if (count)
      elements.assign(model.domains[domain].size, false);
    for (uint32_t k = 0; k < count; ++k, ranges += 2)
      std::fill(elements.begin() + ptrdiff_t(ranges[0]),
                elements.begin() + ptrdiff_t(ranges[1] + 1), true);
  };
  read(sources, c.source, constraint.n_parts[2 * i]);
  read(targets, c.target, constraint.n_parts[2 * i + 1]);
}

ConstrainedWeights::ConstrainedWeights(Instance &instance, const syn_constraint &constraint,
                                       uint32_t i)
    : weights(instance, constraint.connections[i], constraint.weights[i]),
      present(instance, constraint.connections[i], constraint.present[i]),
      part(instance.model, constraint, i),
      limits{constraint.limits[2 * i], constraint.limits[2 * i + 1]} {
  const syn_model &model = instance.model;
  numTargets = uint32_t(model.domains[model.connections[constraint.connections[i]].target].size);
  for (uint32_t k = 0; k < model.n_constraints; ++k) {
    const syn_constraint &other = model.constraints[k];
    for (uint32_t m = 0; m < other.n; ++m)
      if (other.kind == SYN_LIMITS && other.parts &&
          other.connections[m] == constraint.connections[i])
        partial.push_back(
            {ConnectionPart(model, other, m), {other.limits[2 * m], other.limits[2 * m + 1]}});
  }
}

OrderedConnections
ConstrainedWeights::inOrder(Shares &shares, bool byTarget,
                            const std::function<bool(unsigned, uint64_t)> &isMeant) const {
  OrderedConnections result;
  size_t keys = byTarget ? numTargets : rows().numSources;
  // Where the connections of each partition go, key by key: counted first.
  std::vector<std::vector<uint64_t>> places(partitions());
  shares.run(places.size(), [&](size_t p) {
    places[p].assign(keys, 0);
    forEach(unsigned(p), [&](uint32_t source, uint32_t target, uint64_t entry) {
      if (!isMeant || isMeant(unsigned(p), entry))
        ++places[p][byTarget ? target : source];
    });
  });
  uint64_t total = 0;
  for (size_t key = 0; key < keys; ++key) {
    result.begins.push_back(total);
    for (std::vector<uint64_t> &own : places) {
      uint64_t count = own[key];
      own[key] = total;
      total += count;
    }
  }
  result.begins.push_back(total);
  result.all.resize(total);
  shares.run(places.size(), [&](size_t p) {
    forEach(unsigned(p), [&](uint32_t source, uint32_t target, uint64_t entry) {
      if (!isMeant || isMeant(unsigned(p), entry))
        result.all[places[p][byTarget ? target : source]++] = {source, target, uint32_t(p), entry};
    });
  });
  auto comesFirst = [&](const ConstrainedConnection &a, const ConstrainedConnection &b) {
    uint32_t x = byTarget ? a.source : a.target, y = byTarget ? b.source : b.target;
    return x != y ? x < y : a.entry < b.entry;
  };
  shares.runRanges(keys, [&](size_t begin, size_t end) {
    for (size_t key = begin; key < end; ++key)
      std::sort(result.all.begin() + ptrdiff_t(result.begins[key]),
                result.all.begin() + ptrdiff_t(result.begins[key + 1]), comesFirst);
  });
  return result;
}

} // namespace synfire::runtime
