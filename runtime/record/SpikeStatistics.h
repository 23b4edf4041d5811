//===- SpikeStatistics.h - Counts, rates and regularity ---------*- C++ -*-===//
//
// What is reported of the spikes of a population, gathered while they come, in
// constant time and 24 bytes an element.
//
//===----------------------------------------------------------------------===//

#ifndef SYNFIRE_RUNTIME_RECORD_SPIKESTATISTICS_H
#define SYNFIRE_RUNTIME_RECORD_SPIKESTATISTICS_H

#include "runtime/random/Hash.h"
#include "runtime/report/Summary.h"

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace synfire::runtime {

/// The statistics of elements [first, first + count) of a population. Each
/// thread can have those of its own slice.
class alignas(64) SpikeStatistics {
public:
  SpikeStatistics(uint32_t first, uint32_t count) : first(first), elements(count) {}

  /// Elements \p ids (population indices of this slice) fired at \p step.
  /// Steps must not decrease.
  void add(uint64_t step, const uint32_t *ids, size_t n) {
    spikes += n;
    for (size_t i = 0; i < n; ++i) {
      hash += spikeHash(step, ids[i]);
      elements[ids[i] - first].add(step);
    }
  }

  uint64_t spikeCount() const { return spikes; }
  uint64_t hashSum() const { return hash; }

  /// The whole population from its slices. A CV is the standard deviation of an
  /// element's intervals (over their number) divided by their mean; its mean is
  /// over the elements with at least three spikes.
  static PopulationSummary summarize(const std::string &name,
                                     const std::vector<const SpikeStatistics *> &slices,
                                     double durationSeconds);

private:
  struct Element {
    void add(uint64_t step) {
      if (count) {
        uint32_t interval = uint32_t(step) - last; // right across 2^32 too
        squares += double(interval) * double(interval);
        total += double(interval);
      }
      last = uint32_t(step);
      ++count;
    }
    double squares = 0, total = 0; // of the intervals, in steps
    uint32_t last = 0, count = 0;
  };

  uint32_t first;
  uint64_t spikes = 0, hash = 0;
  std::vector<Element> elements;
};

} // namespace synfire::runtime

#endif // SYNFIRE_RUNTIME_RECORD_SPIKESTATISTICS_H
