//===- Sights.cpp - Spikes on their way to synapses -----------------------===//

#include "runtime/engine/Sights.h"

namespace synfire::runtime {

void Sights::prepare(const syn_connections &c, const Rows &r, const RowPartition &p, uint32_t most,
                     size_t payloads, int64_t blockSteps) {
  connections = &c;
  rows = &r;
  part = &p;
  longest = most;
  size_t room = 1;
  while (room < size_t(longest) + size_t(blockSteps) + 1)
    room *= 2;
  seen.resize(room);
  for (Seen &list : seen)
    list.payload.resize(payloads);
}

int64_t Sights::axonalPart(uint64_t entry) const {
  if (rows->delayBytes == 0)
    return longest;
  uint32_t steps = rows->delayBytes == 1 ? part->delays.as<uint8_t>()[entry]
                                         : part->delays.as<uint16_t>()[entry];
  return int64_t(steps - dendriticPart(*connections, steps));
}

// The connections of a row ascend by delay, and so do axonal parts.
void Sights::add(uint32_t source, int64_t stamp, const double *const *payload, size_t place,
                 int64_t done) {
  uint64_t end = rows->offset(*part, uint64_t(source) + 1);
  for (uint64_t begin = rows->offset(*part, source), next; begin < end; begin = next) {
    int64_t axonal = axonalPart(begin);
    for (next = begin + 1; next < end && axonalPart(next) == axonal;)
      ++next;
    if (stamp + axonal <= done)
      continue;
    Seen &list = at(stamp + axonal);
    list.sources.push_back(source);
    list.segments.push_back({uint32_t(begin), uint32_t(next)});
    list.connections += next - begin;
    for (size_t k = 0; k < list.payload.size(); ++k)
      list.payload[k].push_back(payload[k][place]);
  }
}

void Sights::forget(int64_t step) {
  Seen &list = at(step);
  list.sources.clear();
  list.segments.clear();
  list.connections = 0;
  for (std::vector<double> &values : list.payload)
    values.clear();
}

void Sights::clear() {
  for (size_t step = 0; step < seen.size(); ++step)
    forget(int64_t(step));
}

} // namespace synfire::runtime
