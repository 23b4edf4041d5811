//===- SpikeTimes.h - Given spikes of a stimulus ----------------*- C++ -*-===//
//
// Reads `spikes from "file.csv"` (C6): which element fires when.
//
//===----------------------------------------------------------------------===//

#ifndef SYNFIRE_RUNTIME_RECORD_SPIKETIMES_H
#define SYNFIRE_RUNTIME_RECORD_SPIKETIMES_H

#include "runtime/report/Status.h"

#include <cstdint>
#include <string>
#include <vector>

namespace synfire::runtime {

/// One given spike.
struct SpikeTime {
  double ms;
  uint32_t element;
};

/// Which columns to read; empty names are found by themselves.
struct SpikeTimesFormat {
  std::string elementColumn, timeColumn;
  /// Only rows with this text in the column `population`; empty: all rows.
  std::string population;
};

/// Reads spikes of a population of \p size, sorted by time, then by element.
/// Without a header the columns are element and time in ms. With one, times are
/// in the column `time`, `times`, `t` or `timestamps`, in ms unless the name
/// ends in a unit (`time [s]`, `time_us`), and elements in `element`, `neuron`,
/// `node_id`, `sender`, `id` or `index` (also with a plural s). Errors are user
/// errors with file and line.
Result<std::vector<SpikeTime>> readSpikeTimes(const std::string &path, uint32_t size,
                                              const SpikeTimesFormat &format = SpikeTimesFormat());

} // namespace synfire::runtime

#endif // SYNFIRE_RUNTIME_RECORD_SPIKETIMES_H
