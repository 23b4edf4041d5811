//===- Sights.h - Spikes on their way to synapses ---------------*- C++ -*-===//
//
// Where an axonal part of the delay differs from connection to connection, each
// sees a spike of its source at a time of its own (G3). Until then the spike
// waits here, once for each segment of connections that see it together, with
// what it carries.
//
//===----------------------------------------------------------------------===//

#ifndef SYNFIRE_RUNTIME_ENGINE_SIGHTS_H
#define SYNFIRE_RUNTIME_ENGINE_SIGHTS_H

#include "runtime/connect/Rows.h"
#include "runtime/synfire.h"

#include <vector>

namespace synfire::runtime {

/// The part of a delay that follows the synapse, in steps (G2).
inline uint32_t dendriticPart(const syn_connections &connections, uint32_t steps) {
  return uint32_t(connections.dendritic_fraction * double(steps) + 0.5);
}

/// The spikes that wait for connections of one projection onto one partition.
class Sights {
public:
  /// What the connections see at one step.
  struct Seen {
    std::vector<uint32_t> sources;
    std::vector<syn_segment> segments;
    std::vector<std::vector<double>> payload; ///< by value
    std::vector<double *> payloadPointers;
    uint64_t connections = 0;
  };

  /// For rows whose axonal parts are up to `longest` steps, and `payloads` values of each spike;
  /// where the delays are not stored, all are `longest`.
  void prepare(const syn_connections &connections, const Rows &rows, const RowPartition &part,
               uint32_t longest, size_t payloads, int64_t blockSteps);

  /// Puts down a spike that was fired at `stamp`, for what sees it after `done`.
  void add(uint32_t source, int64_t stamp, const double *const *payload, size_t place,
           int64_t done);
  /// What is seen at a step; `forget` it before the next one that shares its room.
  Seen &at(int64_t step) { return seen[size_t(step) & (seen.size() - 1)]; }
  void forget(int64_t step);
  void clear();

  /// Passes each spike that is seen after `done`, once: source, when it was fired, and where in
  /// `Seen` what it carries is.
  template <typename Function> void visit(int64_t done, Function function) {
    for (int64_t step = done + 1; step <= done + int64_t(seen.size()); ++step) {
      Seen &list = at(step);
      for (size_t i = 0; i < list.sources.size(); ++i)
        function(list.sources[i], step - axonalPart(list.segments[i].begin), list, i);
    }
  }

private:
  /// Of the delay of connection number `entry`.
  int64_t axonalPart(uint64_t entry) const;

  const syn_connections *connections = nullptr;
  const Rows *rows = nullptr;
  const RowPartition *part = nullptr;
  uint32_t longest = 0;
  std::vector<Seen> seen; ///< by step, modulo their number, a power of two
};

} // namespace synfire::runtime

#endif // SYNFIRE_RUNTIME_ENGINE_SIGHTS_H
