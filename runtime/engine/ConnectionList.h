//===- ConnectionList.h - the connections of a projection, one by one ---===//
#ifndef SYNFIRE_RUNTIME_ENGINE_CONNECTIONLIST_H
#define SYNFIRE_RUNTIME_ENGINE_CONNECTIONLIST_H

#include "runtime/engine/Instance.h"

#include <vector>

namespace synfire::runtime {

struct ListedConnection {
  uint32_t source, target, steps; ///< the delay in steps of the grid
  uint32_t partition;             ///< where it is stored,
  uint64_t entry;                 ///< and as which one
};

/// All connections of a projection that are stored by source, in the order of the sources. For use
/// before they are laid out (Instance::create).
std::vector<ListedConnection> listConnections(const Instance &instance, uint32_t connections);

/// The value of an array over connections, over their sources or targets, or of a uniform array,
/// for one connection of a projection.
double valueOf(Instance &instance, uint32_t array, uint32_t connections,
               const ListedConnection &connection);

/// The most events that one connection of a projection brings in one step: 1, or more where given
/// spikes of one source fall into the same step.
uint32_t mostEventsOfStep(const Instance &instance, uint32_t connections);

} // namespace synfire::runtime

#endif // SYNFIRE_RUNTIME_ENGINE_CONNECTIONLIST_H
