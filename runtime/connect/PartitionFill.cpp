//===- PartitionFill.cpp - The second pass ----------------------*- C++ -*-===//

#include "runtime/connect/PartitionBuilder.h"
#include "runtime/connect/SourceBuckets.h"

#include <algorithm>
#include <cmath>

using namespace synfire::runtime;

/// From here on, rows do not fit into the nearest caches and buckets pay.
static constexpr uint64_t manySources = 512, manyConnections = 200000;

void PartitionBuilder::storeWeights(const Rows &rows, const PairBatch &batch,
                                    const uint64_t *slots) {
  double values[maxBatchSize];
  if (!weightsOf(batch, values))
    return;
  if (rows.weight == WeightStorage::F64) {
    double *out = part.weights.as<double>();
    for (size_t i = 0; i < batch.size; ++i)
      out[slots[i]] = values[i];
  } else {
    float *out = part.weights.as<float>();
    for (size_t i = 0; i < batch.size; ++i)
      out[slots[i]] = float(values[i]);
  }
}

/// Rounds delays to steps as toSteps does, without a call per delay: a sum with
/// one half is exact wherever its floor could be wrong, but for values below
/// one half. Returns how many were changed by rounding or by the minimum.
static uint64_t delaysToSteps(const double *ms, size_t n, double dt, uint32_t least,
                              uint32_t *steps) {
  uint64_t changed = 0;
  for (size_t i = 0; i < n; ++i) {
    double exact = ms[i] / dt;
    double rounded = exact < 0.5 ? 0.0 : std::floor(exact + 0.5);
    rounded = rounded < least ? least : rounded;
    changed += std::fabs(exact - rounded) > 1e-9 * std::fmax(1.0, exact);
    steps[i] = rounded <= maxDelaySteps ? uint32_t(int32_t(rounded)) : maxDelaySteps + 1;
  }
  return changed;
}

void PartitionBuilder::storeDelays(const Rows &rows, const PairBatch &batch,
                                   const uint64_t *slots) {
  double values[maxBatchSize];
  uint32_t steps[maxBatchSize];
  request.delays(batch.pre, batch.post, batch.position, batch.size, values);
  changedDelays += delaysToSteps(values, batch.size, request.dt, request.minDelay, steps);
  uint32_t least = maxDelaySteps, most = 0;
  for (size_t i = 0; i < batch.size; ++i) {
    least = std::min(least, steps[i]);
    most = std::max(most, steps[i]);
  }
  minDelay = std::min(minDelay, least);
  maxDelay = std::max(maxDelay, most);
  if (most > maxDelaySteps) {
    if (status.ok())
      status = Status::userError("a delay of `" + source.spec().name + "` is not below " +
                                 std::to_string((maxDelaySteps + 1) * request.dt) +
                                 " ms, the longest time that can be stored with this step");
    return;
  }
  if (rows.delayBytes == 1) {
    uint8_t *out = part.delays.as<uint8_t>();
    for (size_t i = 0; i < batch.size; ++i)
      out[slots[i]] = uint8_t(steps[i]);
    delayOverflow |= most > 255;
  } else {
    uint16_t *out = part.delays.as<uint16_t>();
    for (size_t i = 0; i < batch.size; ++i)
      out[slots[i]] = uint16_t(steps[i]);
  }
}

/// Stores all values of a batch; entry slots[i] is connection i.
void PartitionBuilder::store(const Rows &rows, const PairBatch &batch, const uint64_t *slots) {
  if (rows.indexBytes == 2) {
    uint16_t *out = part.indices.as<uint16_t>();
    for (size_t i = 0; i < batch.size; ++i)
      out[slots[i]] = uint16_t(batch.post[i] - part.firstTarget);
  } else {
    uint32_t *out = part.indices.as<uint32_t>();
    bool bySource = request.key == RowKey::Source;
    for (size_t i = 0; i < batch.size; ++i)
      out[slots[i]] = bySource ? batch.post[i] - part.firstTarget : batch.pre[i];
  }
  if (rows.weight != WeightStorage::None)
    storeWeights(rows, batch, slots);
  if (rows.delayBytes)
    storeDelays(rows, batch, slots);
  if (request.positions) {
    uint32_t *out = part.positions.as<uint32_t>();
    for (size_t i = 0; i < batch.size; ++i)
      out[slots[i]] = batch.position[i];
  }
  double values[maxBatchSize];
  for (size_t c = 0; c < part.columns.size(); ++c) {
    request.columns[c](batch.pre, batch.post, batch.position, batch.size, values);
    double *out = part.columns[c].as<double>();
    for (size_t i = 0; i < batch.size; ++i)
      out[slots[i]] = values[i];
  }
}

template <typename Offset>
void PartitionBuilder::sortRows(const Rows &rows, const Offset *offsets) {
  std::vector<RowArray> arrays = {{part.indices.data(), rows.indexBytes}};
  if (!part.weights.empty())
    arrays.push_back({part.weights.data(), unsigned(part.weights.size() / part.connections)});
  if (rows.delayBytes)
    arrays.push_back({part.delays.data(), rows.delayBytes});
  if (request.positions)
    arrays.push_back({part.positions.data(), 4});
  for (Buffer &column : part.columns)
    arrays.push_back({column.data(), 8});

  RowSorter sorter;
  for (uint64_t row = 0, end = numRows(); row < end; ++row) {
    uint64_t begin = offsets[row];
    size_t n = offsets[row + 1] - begin;
    if (n < 2)
      continue;
    uint64_t *keys = sorter.keys(n);
    for (size_t i = 0; i < n; ++i)
      keys[i] = rows.index(part, begin + i);
    if (rows.delayBytes == 1)
      for (size_t i = 0; i < n; ++i)
        keys[i] |= uint64_t(part.delays.as<uint8_t>()[begin + i]) << 32;
    else if (rows.delayBytes == 2)
      for (size_t i = 0; i < n; ++i)
        keys[i] |= uint64_t(part.delays.as<uint16_t>()[begin + i]) << 32;
    if (const uint32_t *order = sorter.sort(n))
      for (const RowArray &array : arrays)
        sorter.permute(array, begin, n, order);
  }
}

/// \p lengths may be \p offsets themselves.
template <typename Offset>
void PartitionBuilder::fillAs(const Rows &rows, Offset *offsets, const uint32_t *lengths) {
  uint64_t end = numRows(), next = 0;
  for (uint64_t row = 0; row <= end; ++row) {
    uint32_t length = lengths[row];
    offsets[row] = Offset(next);
    next += length;
  }

  // Each row's offset moves to the row's end while the row fills.
  bool bySource = request.key == RowKey::Source;
  uint64_t slots[maxBatchSize];
  PairSink place = [&](const PairBatch &batch) {
    if (delayOverflow || !status.ok())
      return;
    for (size_t i = 0; i < batch.size; ++i)
      slots[i] = offsets[bySource ? batch.pre[i] : batch.post[i] - part.firstTarget]++;
    store(rows, batch, slots);
  };
  uint32_t last = part.firstTarget + part.numTargets;
  if (bySource && end >= manySources && part.connections >= manyConnections) {
    SourceBuckets buckets(uint32_t(end), place);
    source.enumerate(part.firstTarget, last, [&](const PairBatch &batch) { buckets.add(batch); });
    buckets.flush();
  } else {
    source.enumerate(part.firstTarget, last, place);
  }
  if (delayOverflow || !status.ok())
    return;
  // Now offsets[row] is where row + 1 begins.
  for (uint64_t row = end; row > 0; --row)
    offsets[row] = offsets[row - 1];
  offsets[0] = 0;
  sortRows(rows, offsets);
}

void PartitionBuilder::fill(const Rows &rows) {
  if (!allocate(rows)) {
    status = Status::machineError("not enough memory for the connections of `" +
                                  source.spec().name + "`");
    return;
  }
  if (rows.offsetBytes == 4) {
    part.offsets = std::move(counts);
    uint32_t *offsets = part.offsets.as<uint32_t>();
    fillAs(rows, offsets, offsets);
  } else {
    fillAs(rows, part.offsets.as<uint64_t>(), counts.as<uint32_t>());
    counts.release();
  }
}
