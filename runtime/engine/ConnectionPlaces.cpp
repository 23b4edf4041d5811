//===- ConnectionPlaces.cpp - The values of connections in one order ------===//

#include "runtime/engine/Instance.h"

#include <algorithm>

namespace synfire::runtime {

std::vector<Instance::ConnectionPlace> Instance::connectionPlaces(uint32_t array) {
  std::vector<ConnectionPlace> places;
  if (!model.arrays[array].pending)
    return placesInRow(array, 0);
  for (int64_t i = 0; i < pendingSteps(array); ++i) {
    auto due = placesInRow(array, step + 1 + i);
    places.insert(places.end(), due.begin(), due.end());
  }
  return places;
}

int64_t Instance::pendingSteps(uint32_t array) const {
  for (const auto &rings : connections[model.arrays[array].connections].pending)
    for (const syn_ring &ring : rings)
      if (ring.slots)
        return ring.slots;
  return 0;
}

std::vector<Instance::ConnectionPlace> Instance::placesInRow(uint32_t array, int64_t due) {
  std::vector<ConnectionPlace> places;
  BuiltConnections &built = connections[model.arrays[array].connections];
  size_t column = 0, size = sizeOfType(model.arrays[array].type);
  while (column < built.columnArrays.size() && built.columnArrays[column] != array)
    ++column;
  if (column == built.columnArrays.size())
    return places;
  auto begin = [&](size_t p) {
    const syn_ring &ring = built.pending[column][p];
    size_t row = model.arrays[array].pending ? size_t((due & (ring.slots - 1)) * ring.stride) : 0;
    return const_cast<char *>(static_cast<const char *>(built.values[column][p].base)) + row * size;
  };
  places.reserve(built.rows.connections);
  std::vector<ConnectionPlace> row;
  if (built.rows.key == RowKey::Target) {
    for (size_t p = 0; p < built.rows.partitions.size(); ++p) {
      const RowPartition &part = built.rows.partitions[p];
      char *base = begin(p);
      for (uint32_t target = 0; target < part.numTargets; ++target)
        for (uint64_t c = built.rows.offset(part, target); c < built.rows.offset(part, target + 1);
             ++c)
          places.push_back({built.rows.index(part, c), part.firstTarget + target, base + c * size});
    }
    // Those of one pair ascend by delay and position.
    std::stable_sort(places.begin(), places.end(),
                     [](const ConnectionPlace &a, const ConnectionPlace &b) {
                       return std::pair(a.source, a.target) < std::pair(b.source, b.target);
                     });
    return places;
  }
  for (uint32_t source = 0; source < built.rows.numSources; ++source)
    for (size_t p = 0; p < built.rows.partitions.size(); ++p) {
      const RowPartition &part = built.rows.partitions[p];
      char *base = begin(p);
      row.clear();
      for (uint64_t c = built.rows.offset(part, source); c < built.rows.offset(part, source + 1);
           ++c)
        row.push_back({source, part.firstTarget + built.rows.index(part, c), base + c * size});
      // Rows ascend by delay and position.
      std::stable_sort(
          row.begin(), row.end(),
          [](const ConnectionPlace &a, const ConnectionPlace &b) { return a.target < b.target; });
      places.insert(places.end(), row.begin(), row.end());
    }
  return places;
}

} // namespace synfire::runtime
