//===- ConnectionPlaces.cpp - The values of connections in one order ------===//

#include "runtime/engine/Instance.h"

#include <algorithm>

namespace synfire::runtime {

std::vector<Instance::ConnectionPlace> Instance::connectionPlaces(uint32_t array) {
  std::vector<ConnectionPlace> places;
  BuiltConnections &built = connections[model.arrays[array].connections];
  size_t column = 0, size = sizeOfType(model.arrays[array].type);
  while (column < built.columnArrays.size() && built.columnArrays[column] != array)
    ++column;
  if (column == built.columnArrays.size())
    return places;
  places.reserve(built.rows.connections);
  std::vector<ConnectionPlace> row;
  if (built.rows.key == RowKey::Target) {
    for (size_t p = 0; p < built.rows.partitions.size(); ++p) {
      const RowPartition &part = built.rows.partitions[p];
      char *base = const_cast<char *>(static_cast<const char *>(built.values[column][p].base));
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
      char *base = const_cast<char *>(static_cast<const char *>(built.values[column][p].base));
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
