//===- ConnectionList.cpp ---===//

#include "runtime/engine/ConnectionList.h"

#include "runtime/random/Grid.h"

#include <algorithm>
#include <map>

namespace synfire::runtime {

std::vector<ListedConnection> listConnections(const Instance &instance, uint32_t connections) {
  const BuiltConnections &built = instance.connections[connections];
  std::vector<ListedConnection> all;
  if (built.rows.key != RowKey::Source)
    return all;
  all.reserve(built.rows.connections);
  for (uint32_t source = 0; source < built.rows.numSources; ++source)
    for (uint32_t p = 0; p < built.rows.partitions.size(); ++p) {
      const RowPartition &part = built.rows.partitions[p];
      for (uint64_t c = built.rows.offset(part, source); c < built.rows.offset(part, source + 1);
           ++c) {
        uint32_t steps = built.rows.delayBytes == 0   ? built.minDelay
                         : built.rows.delayBytes == 1 ? part.delays.as<uint8_t>()[c]
                                                      : part.delays.as<uint16_t>()[c];
        all.push_back({source, part.firstTarget + built.rows.index(part, c), steps, p, c});
      }
    }
  return all;
}

double valueOf(Instance &instance, uint32_t array, uint32_t connections,
               const ListedConnection &connection) {
  const syn_array &declared = instance.model.arrays[array];
  if (declared.connections == SYN_NONE && declared.domain != SYN_NONE && !declared.uniform) {
    // Of a recurrent projection it is the sources that have values for it.
    bool ofSource = declared.domain == instance.model.connections[connections].source;
    return instance.value(array, ofSource ? connection.source : connection.target);
  }
  if (declared.connections == SYN_NONE)
    return instance.value(array, 0);
  BuiltConnections &built = instance.connections[declared.connections];
  for (size_t column = 0; column < built.columnArrays.size(); ++column)
    if (built.columnArrays[column] == array) {
      const void *values = built.column(column, connection.partition);
      return declared.type == SYN_F32 ? double(static_cast<const float *>(values)[connection.entry])
                                      : static_cast<const double *>(values)[connection.entry];
    }
  return 0;
}

uint32_t mostEventsOfStep(const Instance &instance, uint32_t connections) {
  uint32_t most = 1;
  for (uint32_t i = 0; i < instance.model.n_spike_lists; ++i) {
    const syn_spike_list &list = instance.model.spike_lists[i];
    if (list.connections != connections)
      continue;
    std::map<std::pair<int64_t, uint32_t>, uint32_t> events;
    for (uint64_t k = 0; k < list.count; ++k)
      most =
          std::max(most, ++events[{toSteps(list.times[k], instance.dt).steps, list.elements[k]}]);
  }
  return most;
}

} // namespace synfire::runtime
