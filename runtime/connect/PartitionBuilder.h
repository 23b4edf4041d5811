//===- PartitionBuilder.h - One partition's counting and filling -*- C++ -*-=//
//
// Private to runtime/connect. What one thread does for one partition; Rows.cpp
// brings the partitions together.
//
//===----------------------------------------------------------------------===//

#ifndef SYNFIRE_RUNTIME_CONNECT_PARTITIONBUILDER_H
#define SYNFIRE_RUNTIME_CONNECT_PARTITIONBUILDER_H

#include "runtime/connect/RowSort.h"
#include "runtime/connect/Rows.h"

namespace synfire::runtime {

/// The most steps that a stored delay can have.
constexpr uint32_t maxDelaySteps = 65535;

/// Counts, allocates and fills one partition.
class PartitionBuilder {
public:
  PartitionBuilder(const PairSource &source, const RowsRequest &request, unsigned number);

  /// First pass: row lengths and in-degrees.
  void count();
  /// Bytes that fill() needs beyond what count() has taken.
  uint64_t bytesToFill(const Rows &rows) const;
  /// Second pass: all arrays, in order. Widths are those of \p rows.
  void fill(const Rows &rows);

  /// The first fault of either pass.
  Status status = Status::success();
  /// A delay did not fit into Rows::delayBytes: the arrays are not usable.
  bool delayOverflow = false;

  RowPartition part;
  double maxAbsWeight = 0;
  uint32_t minDelay = maxDelaySteps, maxDelay = 0, maxInDegree = 0;
  uint64_t changedDelays = 0;

private:
  uint64_t numRows() const {
    return request.key == RowKey::Source ? source.sourceSize() : part.numTargets;
  }
  bool allocate(const Rows &rows);
  template <typename Offset>
  void fillAs(const Rows &rows, Offset *offsets, const uint32_t *lengths);
  void store(const Rows &rows, const PairBatch &batch, const uint64_t *slots);
  void storeWeights(const Rows &rows, const PairBatch &batch, const uint64_t *slots);
  void storeDelays(const Rows &rows, const PairBatch &batch, const uint64_t *slots);
  template <typename Offset> void sortRows(const Rows &rows, const Offset *offsets);
  /// Evaluates the weights of \p batch and checks them.
  bool weightsOf(const PairBatch &batch, double *out);

  const PairSource &source;
  const RowsRequest &request;
  /// Row lengths until fill() makes them offsets.
  Buffer counts;
};

} // namespace synfire::runtime

#endif // SYNFIRE_RUNTIME_CONNECT_PARTITIONBUILDER_H
