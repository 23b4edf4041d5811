//===- PartitionBuilder.cpp -----------------------------------------------===//

#include "runtime/connect/PartitionBuilder.h"

#include <algorithm>
#include <cmath>

using namespace synfire::runtime;

/// Bytes of one stored weight.
static unsigned weightBytes(WeightStorage storage) {
  switch (storage) {
  case WeightStorage::None:
    return 0;
  case WeightStorage::F64:
    return 8;
  case WeightStorage::F32:
    return 4;
  }
  return 0;
}

PartitionBuilder::PartitionBuilder(const PairSource &source, const RowsRequest &request,
                                   unsigned number)
    : source(source), request(request) {
  part.firstTarget = request.bounds[number];
  part.numTargets = request.bounds[number + 1] - request.bounds[number];
}

static Status outOfMemory(const PairSource &source) {
  return Status::machineError("not enough memory for the connections of `" + source.spec().name +
                              "`");
}

bool PartitionBuilder::weightsOf(const PairBatch &batch, double *out) {
  request.weights(batch.pre, batch.post, batch.position, batch.size, out);
  for (size_t i = 0; i < batch.size; ++i) {
    maxAbsWeight = std::max(maxAbsWeight, std::fabs(out[i]));
    if (std::isfinite(out[i]))
      continue;
    if (status.ok())
      status = Status::userError("the weight of the connection " + std::to_string(batch.pre[i]) +
                                 " -> " + std::to_string(batch.post[i]) + " of `" +
                                 source.spec().name + "` is not a finite number");
    return false;
  }
  return true;
}

void PartitionBuilder::count() {
  if (!counts.allocate((numRows() + 1) * sizeof(uint32_t))) {
    status = outOfMemory(source);
    return;
  }
  part.inDegree.assign(part.numTargets, 0);
  uint32_t *lengths = counts.as<uint32_t>();
  bool bySource = request.key == RowKey::Source;
  source.enumerate(part.firstTarget, part.firstTarget + part.numTargets,
                   [&](const PairBatch &batch) {
                     part.connections += batch.size;
                     for (size_t i = 0; i < batch.size; ++i)
                       ++part.inDegree[batch.post[i] - part.firstTarget];
                     if (bySource)
                       for (size_t i = 0; i < batch.size; ++i)
                         ++lengths[batch.pre[i]];
                   });
  if (!bySource)
    std::copy(part.inDegree.begin(), part.inDegree.end(), lengths);
  for (uint32_t degree : part.inDegree)
    maxInDegree = std::max(maxInDegree, degree);
}

uint64_t synfire::runtime::bytesOfEntry(const RowsRequest &request, unsigned indexBytes,
                                        unsigned delayBytes) {
  return indexBytes + weightBytes(request.weight) + delayBytes + (request.positions ? 4 : 0) +
         8 * request.columns.size();
}

uint64_t synfire::runtime::bytesOfEntry(const RowsRequest &request) {
  return bytesOfEntry(request, request.key == RowKey::Source ? 2 : 4, request.delays ? 1 : 0);
}

uint64_t PartitionBuilder::bytesToFill(const Rows &rows) const {
  uint64_t perEntry = bytesOfEntry(request, rows.indexBytes, rows.delayBytes);
  uint64_t wideOffsets = rows.offsetBytes == 8 ? 8 * (numRows() + 1) : 0;
  return part.connections * perEntry + wideOffsets;
}

bool PartitionBuilder::allocate(const Rows &rows) {
  uint64_t n = part.connections;
  bool done = part.indices.allocate(n * rows.indexBytes);
  if (rows.weight != WeightStorage::None)
    done = done && part.weights.allocate(n * weightBytes(rows.weight));
  if (rows.delayBytes)
    done = done && part.delays.allocate(n * rows.delayBytes);
  if (request.positions)
    done = done && part.positions.allocate(n * sizeof(uint32_t));
  part.columns.clear();
  part.columns.resize(request.columns.size());
  for (Buffer &column : part.columns)
    done = done && column.allocate(n * sizeof(double));
  if (rows.offsetBytes == 8)
    done = done && part.offsets.allocate((numRows() + 1) * sizeof(uint64_t));
  return done;
}
