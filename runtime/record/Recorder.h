//===- Recorder.h - Spikes and traces into files ----------------*- C++ -*-===//
//
// Streams what a run records into its output: SONATA HDF5 for a path that ends
// in `.h5`, text for `.csv`. Records are appended while the run goes on, and at
// least every second they are on disk: what was recorded before a failure stays
// readable.
//
// SONATA: `/spikes/<population>/{timestamps,node_ids}` sorted by time, and
// `/report/<name>/{data,mapping}` for traces, where the name is the population
// for its first trace and `<population>.<variable>` for further ones. Values of
// connections are a report of the projection, whose columns are its edges in
// `/edges/<projection>`; the values of the last record are an attribute there.
//
// CSV: spikes in the file itself, `population,element,time [ms]`, sorted by time; a trace in
// `<stem>.<population>.<variable>.csv` beside it, a column per element.
//
//===----------------------------------------------------------------------===//

#ifndef SYNFIRE_RUNTIME_RECORD_RECORDER_H
#define SYNFIRE_RUNTIME_RECORD_RECORDER_H

#include "runtime/report/Status.h"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace synfire::runtime {

/// A recorded variable.
struct TraceSpec {
  std::string population;
  std::string variable;
  /// For people and for the file: `mV`; `1` for pure numbers.
  std::string unit;
  /// The recorded elements, one column each.
  std::vector<uint32_t> elements;
  /// The step of the first record, and steps between records.
  uint64_t firstStep = 0, everySteps = 1;
  /// What the elements are called in the model; nothing where they have numbers only.
  std::vector<std::string> names = {};
  /// For values of connections, whose projection stands in place of the population: source and
  /// target cell of each, and the names of their populations.
  std::vector<std::pair<uint32_t, uint32_t>> ends = {};
  std::string source = {}, target = {};
};

/// The output of a run. Not thread-safe: one thread records.
class Recorder {
public:
  virtual ~Recorder();

  /// Creates the file(s) of \p path, whose suffix names the format; \p dtMs is
  /// the step. A path that cannot be written is a machine error, an unknown
  /// suffix a user error.
  static Result<std::unique_ptr<Recorder>> open(const std::string &path, double dtMs);

  /// Whether the suffix of \p path names a format; otherwise a user error.
  static Status checkFormat(const std::string &path);

  /// Declares that spikes of \p population will come; its number in spikes().
  Result<size_t> addSpikes(const std::string &population);
  /// Declares a trace; its number in trace().
  Result<size_t> addTrace(TraceSpec spec);

  /// Records that elements \p ids fired at \p step. Steps must not decrease;
  /// ids of one step may come in any order and in one call.
  Status spikes(size_t stream, uint64_t step, const uint32_t *ids, size_t n);
  /// Records one value per element of the trace's spec.
  Status trace(size_t stream, const double *values);

  /// Says that all spikes and records up to some time have been handed over: what is written when
  /// it is time to write is in order across populations.
  Status endBlock();
  /// Brings everything to the file.
  Status flush();
  /// Flushes and closes; nothing can be recorded afterwards. Called by the
  /// destructor, which cannot report.
  Status close();

protected:
  Recorder(std::string path, double dtMs);

  struct SpikeStream {
    std::string population;
    std::vector<double> times;   // ms
    std::vector<uint64_t> nodes; // buffered, not yet written
  };
  struct TraceStream {
    TraceSpec spec;
    std::vector<double> rows; // buffered
    uint64_t written = 0;     // rows in the file
  };

  virtual Status createSpikes(size_t stream) = 0;
  virtual Status createTrace(size_t stream) = 0;
  /// Writes the buffered spikes of all streams.
  virtual Status writeSpikes() = 0;
  /// \p numRows rows are buffered.
  virtual Status writeTrace(size_t stream, size_t numRows) = 0;
  /// Hands what was written to the system.
  virtual Status sync() = 0;
  virtual Status closeFiles() = 0;
  /// `cannot write ...` with the system's reason, \p error an errno or 0.
  Status writeError(const std::string &file, int error) const;

  const std::string path;
  const double dtMs;
  std::vector<SpikeStream> spikeStreams;
  std::vector<TraceStream> traceStreams;

private:
  using Clock = std::chrono::steady_clock;
  Status writeBuffers();

  size_t buffered = 0; // values of all streams
  Clock::time_point nextFlush;
  unsigned untilClock = 0;
  bool open_ = true;
};

/// The backends of Recorder::open.
/// @{
Result<std::unique_ptr<Recorder>> openSonataRecorder(const std::string &path, double dtMs);
Result<std::unique_ptr<Recorder>> openCsvRecorder(const std::string &path, double dtMs);
/// @}

} // namespace synfire::runtime

#endif // SYNFIRE_RUNTIME_RECORD_RECORDER_H
