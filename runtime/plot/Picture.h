//===- Picture.h - A run at a glance ----------------------------*- C++ -*-===//
//
// One figure of a run: the spikes of all populations, their rates, and what was
// recorded, over one axis of time. Fed during the run like a Recorder, drawn by
// gnuplot at its end.
//
//===----------------------------------------------------------------------===//

#ifndef SYNFIRE_RUNTIME_PLOT_PICTURE_H
#define SYNFIRE_RUNTIME_PLOT_PICTURE_H

#include "runtime/plot/Samples.h"
#include "runtime/record/Recorder.h"
#include "runtime/report/Status.h"

#include <string>
#include <vector>

namespace synfire::runtime {

/// What is to be drawn. Not thread-safe.
class Picture {
public:
  /// A population with its spikes.
  struct Population {
    std::string name;
    uint32_t size;
    std::vector<RasterSample> raster; // made when all populations are known
    RateSample rate;
  };
  /// A recorded variable.
  struct Trace {
    TraceSpec spec;
    std::vector<TraceSample> elements;
  };

  /// The values of many connections, at the beginning and at the end.
  struct Distribution {
    TraceSpec spec;
    std::vector<double> first, last;
  };

  /// A picture of [\p beginMs, \p beginMs + \p durationMs] in steps of \p dtMs.
  Picture(std::string title, double beginMs, double durationMs, double dtMs);

  /// Adds a population whose spikes are to be shown; all populations come
  /// before the first spike.
  size_t addPopulation(const std::string &name, uint32_t size);
  size_t addTrace(TraceSpec spec);
  size_t addDistribution(TraceSpec spec);

  /// As in Recorder.
  /// @{
  void spikes(size_t population, uint64_t step, const uint32_t *ids, size_t n);
  void trace(size_t number, const double *values);
  void distribution(size_t number, const std::vector<double> &values);
  /// @}

  /// Whether the suffix of \p path names a format; otherwise a user error.
  static Status checkFormat(const std::string &path);

  /// Draws to \p path, whose suffix (`.png` or `.svg`) names the format. A user
  /// error for other suffixes; a machine error where gnuplot is missing or the
  /// file cannot be written.
  Status draw(const std::string &path) const;

  const std::string &getTitle() const { return title; }
  const std::vector<Population> &getPopulations() const { return populations; }
  const std::vector<Trace> &getTraces() const { return traces; }
  const std::vector<Distribution> &getDistributions() const { return distributions; }
  double begin() const { return beginMs; }
  double duration() const { return durationMs; }
  double dt() const { return dtMs; }
  double binMs() const { return double(binSteps) * dtMs; }
  /// The share of the raster's height that each population has.
  std::vector<double> bandHeights() const;

private:
  void makeRasters();
  void thinRasters();

  std::string title;
  double beginMs, durationMs, dtMs;
  uint64_t firstStep, binSteps;
  size_t numBins;
  size_t numPoints = 0; // in all rasters
  size_t nextThinning = 20000;
  std::vector<Population> populations;
  std::vector<Trace> traces;
  std::vector<Distribution> distributions;
};

} // namespace synfire::runtime

#endif // SYNFIRE_RUNTIME_PLOT_PICTURE_H
