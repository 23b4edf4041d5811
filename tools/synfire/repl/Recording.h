//===- Recording.h - What a session remembers of its runs -------*- C++ -*-===//
//
// Spikes and traces in memory, bounded: where there are too many the oldest
// half goes. Counts and hashes are of all spikes since the start.
//
//===----------------------------------------------------------------------===//
#ifndef SYNFIRE_TOOLS_SYNFIRE_REPL_RECORDING_H
#define SYNFIRE_TOOLS_SYNFIRE_REPL_RECORDING_H

#include "runtime/record/Recorder.h"

#include <map>

namespace synfire::repl {

/// The spikes of one population, in the order of time.
struct SpikeLog {
  struct Spike {
    int64_t step;
    uint32_t element;
  };
  std::vector<Spike> spikes;
  uint64_t count = 0, hash = 0;
  int64_t from = 0; ///< all spikes after this step are there
};

/// The values of one variable of one element.
struct TraceLog {
  struct Sample {
    int64_t step;
    double value;
  };
  std::string unit;
  std::vector<Sample> samples;
};

/// Everything that was recorded since the circuit started.
class Recording {
public:
  Recording(double dtMs, int64_t begin) : dtMs(dtMs), beginStep(begin) {}

  void addSpikes(const std::string &population, int64_t step, uint32_t element);
  void addSample(const std::string &variable, uint32_t element, const std::string &unit,
                 int64_t step, double value);
  /// Forgets what came after a step.
  void truncate(int64_t step);

  /// Null where nothing was recorded.
  const SpikeLog *findSpikes(const std::string &population) const;
  const TraceLog *findTrace(const std::string &variable, uint32_t element) const;
  double dt() const { return dtMs; }
  /// All spikes of a population after this step are there.
  int64_t firstStep(const SpikeLog *log) const {
    return log && log->from > beginStep ? log->from : beginStep;
  }

private:
  double dtMs;
  int64_t beginStep;
  std::map<std::string, SpikeLog> spikeLogs;
  std::map<std::pair<std::string, uint32_t>, TraceLog> traceLogs;
};

/// Hands what a simulator records to a Recording.
std::unique_ptr<runtime::Recorder> makeRecorder(Recording &recording);

/// Mean rate in Hz of a population of `size` cells, and the mean CV of the intervals of its cells
/// (those with three spikes or more), after step `from` and up to step `to`.
double rateOf(const SpikeLog *log, uint64_t size, int64_t from, int64_t to, double dtMs);
double cvOf(const SpikeLog *log, uint64_t size, int64_t from, int64_t to);

} // namespace synfire::repl

#endif // SYNFIRE_TOOLS_SYNFIRE_REPL_RECORDING_H
