//===- SpikeStatistics.cpp ------------------------------------------------===//

#include "runtime/record/SpikeStatistics.h"

#include <cmath>

using namespace synfire::runtime;

PopulationSummary SpikeStatistics::summarize(const std::string &name,
                                             const std::vector<const SpikeStatistics *> &slices,
                                             double durationSeconds) {
  PopulationSummary summary;
  summary.name = name;
  double sumOfCv = 0, withCv = 0;
  for (const SpikeStatistics *slice : slices) {
    summary.size += slice->elements.size();
    summary.spikes += slice->spikes;
    summary.spikeHash += slice->hash;
    for (const Element &element : slice->elements) {
      if (element.count < 3)
        continue;
      double n = element.count - 1;
      double mean = element.total / n;
      // Sums of integers are exact, so equal intervals give exactly 0.
      double variance = element.squares / n - mean * mean;
      sumOfCv += std::sqrt(std::fmax(0.0, variance)) / mean;
      ++withCv;
    }
  }
  if (summary.size && durationSeconds > 0)
    summary.rateHz = double(summary.spikes) / double(summary.size) / durationSeconds;
  if (withCv)
    summary.cvIsi = sumOfCv / withCv;
  return summary;
}
