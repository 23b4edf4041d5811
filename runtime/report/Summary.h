//===- Summary.h - What a run reports at its end ----------------*- C++ -*-===//
//
// The numbers of a finished run, printed as a table for people or as one JSON
// object for programs.
//
//===----------------------------------------------------------------------===//

#ifndef SYNFIRE_RUNTIME_REPORT_SUMMARY_H
#define SYNFIRE_RUNTIME_REPORT_SUMMARY_H

#include "runtime/frames/Responses.h"

#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <vector>

namespace synfire::runtime {

/// A population after a run.
struct PopulationSummary {
  std::string name;
  uint64_t size = 0;
  uint64_t spikes = 0;
  /// Spikes per element and second.
  double rateHz = 0;
  /// The mean over elements of the coefficient of variation of their intervals;
  /// not a number where no element has three spikes.
  double cvIsi = std::numeric_limits<double>::quiet_NaN();
  uint64_t spikeHash = 0;
  bool isGraded = false; ///< its neurons have no spike rule
};

/// A projection after a run.
struct ProjectionSummary {
  /// `E->E`, or the name that the model gives it.
  std::string name;
  uint64_t synapses = 0;
  uint64_t bytes = 0;
  uint64_t weightHash = 0;
};

/// How values were spread at one time: a mean, a median, and what 5 and 95 of 100 stay below.
struct Spread {
  double atMs = 0;
  double mean = 0, least = 0, low = 0, median = 0, high = 0, most = 0;
};

/// What was recorded of connections, at the first and at the last record.
struct RecordedValues {
  std::string name; ///< `ee.weight`
  std::string unit; ///< `1` for pure numbers
  uint64_t count = 0;
  Spread first, last;
};

/// Where the time of a run went, in seconds for each thread.
struct PhaseSeconds {
  double deliver = 0, gather = 0, update = 0, wait = 0;
};

/// Everything that is reported of a run.
struct RunSummary {
  std::string model;
  std::string target;
  unsigned threads = 1;
  uint64_t seed = 0;
  double stepSeconds = 0;
  double durationSeconds = 0;
  std::vector<PopulationSummary> populations;
  std::vector<ProjectionSummary> projections;
  std::vector<RecordedValues> recorded;
  std::vector<Accuracy> accuracies; ///< of all runs that report one
  uint64_t synapticEvents = 0;
  double compileSeconds = 0, buildSeconds = 0, simulateSeconds = 0;
  uint64_t peakRssBytes = 0;
  std::optional<PhaseSeconds> phases; ///< if asked for

  /// Wall time over biological time; 0 for a run of no duration.
  double realTimeFactor() const {
    return durationSeconds > 0 ? simulateSeconds / durationSeconds : 0;
  }
};

/// The table at the end of a run, with a newline at its end. Of more than
/// \p maxProjections projections the largest are shown and the others added up.
std::string summaryTable(const RunSummary &run, size_t maxProjections = 16);

/// One JSON object on one line, without a newline.
std::string summaryJson(const RunSummary &run);

/// \p values, of which there is at least one, at a time; their order changes.
Spread spreadOf(std::vector<double> &values, double atMs);

/// The most memory that this process has had, in bytes.
uint64_t peakRss();

} // namespace synfire::runtime

#endif // SYNFIRE_RUNTIME_REPORT_SUMMARY_H
