//===- EventSums.h - The grids, tables and rings that events go through -*- C++ -*-===//
//
// Amounts of events are added up as integers, in units of 2^-k that follow from the
// largest amounts and the numbers of events (D2): a ring of sums for each accumulator
// and partition.
//
//===----------------------------------------------------------------------===//

#ifndef SYNFIRE_RUNTIME_ENGINE_EVENTSUMS_H
#define SYNFIRE_RUNTIME_ENGINE_EVENTSUMS_H

#include "runtime/connect/Buffer.h"
#include "runtime/report/Status.h"
#include "runtime/synfire.h"

#include <vector>

namespace synfire::runtime {

class Instance;

class EventSums {
public:
  explicit EventSums(Instance &instance) : instance(instance) {}

  /// Makes places for rings and tables that slots can point to, still empty.
  void prepare();
  /// The numbers of events of Poisson drives, from the present rates.
  Status buildPoissonTables();
  /// Needs all connections, and the tables.
  Status chooseGrids();
  /// Needs all delays.
  Status allocateRings();
  /// After a change of parameters: fails where an amount has grown beyond what its sum was made
  /// for.
  Status refresh();

  syn_ring &ring(uint32_t accumulator, unsigned p);
  syn_poisson_table &tableOf(uint32_t drive) { return poissonTables[drive]; }
  int exponent(uint32_t accumulator) const { return exponents[accumulator]; }

  /// The thresholds of a Poisson drive (random.md).
  const std::vector<uint32_t> &thresholdsOf(uint32_t drive) const { return thresholds[drive]; }

private:
  double largestMagnitude(uint32_t array) const;
  /// The most given spikes of one step, which may all be of one element.
  double mostGiven(uint32_t connections) const;
  /// How many events can act on one element of a sum at one time.
  double mostEvents(uint32_t accumulator) const;
  /// The exponent that the present amounts allow for an accumulator, and the largest amount.
  int gridExponent(uint32_t accumulator, double &cap) const;
  Status checkGrids() const;
  void shareGrids(const std::vector<bool> &arrives);
  void setLimits();
  int64_t ringSlots(uint32_t accumulator) const;
  void store(uint32_t array, double number);

  Instance &instance;
  std::vector<syn_ring> rings; ///< accumulator, partition
  std::vector<Buffer> memory;
  std::vector<int> exponents;
  std::vector<syn_poisson_table> poissonTables;
  std::vector<std::vector<uint32_t>> thresholds;
};

} // namespace synfire::runtime

#endif // SYNFIRE_RUNTIME_ENGINE_EVENTSUMS_H
