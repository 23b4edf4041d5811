//===- Snapshot.h - The state of an instance, by names ----------*- C++ -*-===//
//
// Everything that decides how a model goes on, by the names of the model and in
// the order of its elements: independent of threads, lanes and layout. What the
// seed gives again, connections above all, is not part of it.
//
//===----------------------------------------------------------------------===//

#ifndef SYNFIRE_RUNTIME_ENGINE_SNAPSHOT_H
#define SYNFIRE_RUNTIME_ENGINE_SNAPSHOT_H

#include "runtime/engine/Instance.h"

#include <string>
#include <vector>

namespace synfire::runtime {

/// The state of a model at the end of a step.
struct Snapshot {
  /// The values of one array.
  struct Array {
    std::string name, unit;
    uint32_t type = SYN_F64;
    uint64_t length = 0;
    bool hidden = false; ///< the model has no such variable
    /// Hash of the values that the model declares: a parameter declared anew is noticed.
    uint64_t declared = 0;
    /// Of values of connections a hash of their ends, of remembered spikes the words of each and
    /// the cells; not part of a file. Values are of the same things only where it is the same.
    uint64_t shape = 0;
    std::vector<char> values; ///< `length` of `type`
  };
  /// The pending input of one accumulator, in units of 2^-exponent.
  struct Sums {
    std::string name;
    int exponent = 0;
    uint64_t ahead = 0, elements = 0;
    /// [ahead][elements]: row i arrives at the end of step `step` + i.
    std::vector<int64_t> values;
  };
  /// Spikes that have left their population but reached no synapse yet; or, named after a
  /// projection, those that not all of its synapses have seen.
  struct Spikes {
    std::string population;
    uint64_t payloads = 0;
    std::vector<int64_t> stamps; ///< ascending
    std::vector<uint32_t> elements;
    std::vector<double> payload; ///< [spike][payloads]: what the synapses latched
  };
  /// What must come out again when connections are made.
  struct Projection {
    std::string name;
    uint64_t connections = 0, maxDelay = 0;
  };

  std::string model, run;
  uint64_t seed = 0;
  double stepMs = 0;
  int64_t step = 0;       ///< values are those of step * stepMs
  int64_t origin = 0;     ///< the step at which the run began: its protocol counts from here
  int64_t lastLength = 0; ///< steps of the block whose spikes are not delivered
  std::vector<Array> arrays;
  std::vector<Sums> pending;
  std::vector<Spikes> spikes;
  std::vector<Projection> projections;
};

/// The state of \p instance, which is in the run named \p run. Fails where connections change: what
/// is made again from the seed would not be the same.
Result<Snapshot> takeSnapshot(Instance &instance, const std::string &run);

/// Puts \p instance, made with the snapshot's seed, into the state of \p snapshot. Fails, naming
/// what differs, where they are not of the same model; \p from names the snapshot in messages.
Status restoreSnapshot(Instance &instance, const Snapshot &snapshot, const std::string &from);

/// Checks what can be known before an instance is made: model, step.
Status checkSnapshot(const syn_model &model, const syn_run &run, const Snapshot &snapshot,
                     const std::string &from);

/// A snapshot as an HDF5 file, which appears complete or not at all.
/// @{
Status writeCheckpoint(const Snapshot &snapshot, const std::string &path);
Result<Snapshot> readCheckpoint(const std::string &path);
/// @}

} // namespace synfire::runtime

#endif // SYNFIRE_RUNTIME_ENGINE_SNAPSHOT_H
