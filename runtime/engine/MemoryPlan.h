//===- MemoryPlan.h - What a model will need, before it is built -*- C++ -*-===//

#ifndef SYNFIRE_RUNTIME_ENGINE_MEMORYPLAN_H
#define SYNFIRE_RUNTIME_ENGINE_MEMORYPLAN_H

#include "runtime/report/Status.h"

#include <cstdint>
#include <string>
#include <vector>

namespace synfire::runtime {

/// Bytes of a population or a projection; those of projections while they are built, which is when
/// a model needs most.
struct MemoryShare {
  std::string owner; ///< `population E`, `projection E->I`
  uint64_t bytes = 0;
  double connections = 0; ///< expected; 0 for a population
};

uint64_t totalBytes(const std::vector<MemoryShare> &shares);

/// The largest shares, one a line, and the sum of the others.
std::string memoryTable(std::vector<MemoryShare> shares, size_t most = 8);

/// Fails where `shares` need more than the machine, the cgroup and the limits of this process
/// leave.
Status checkMemoryPlan(const std::string &model, const std::vector<MemoryShare> &shares);

} // namespace synfire::runtime

#endif // SYNFIRE_RUNTIME_ENGINE_MEMORYPLAN_H
