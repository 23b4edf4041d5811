//===- Rows.cpp -----------------------------------------------------------===//

#include "runtime/connect/Rows.h"

#include "runtime/connect/PartitionBuilder.h"
#include "runtime/random/Hash.h"

#include <algorithm>
#include <cstdio>

using namespace synfire::runtime;

double Rows::weightOf(const RowPartition &part, uint64_t entry) const {
  switch (weight) {
  case WeightStorage::None:
    return 0;
  case WeightStorage::F64:
    return part.weights.as<double>()[entry];
  case WeightStorage::F32:
    return part.weights.as<float>()[entry];
  }
  return 0;
}

/// Runs \p work on every builder, those of a partition always on one thread.
static void forEachPartition(Team &team, std::vector<PartitionBuilder> &builders,
                             const std::function<void(PartitionBuilder &)> &work) {
  team.run([&](unsigned thread) {
    for (size_t p = thread; p < builders.size(); p += team.size())
      work(builders[p]);
  });
}

static Status firstFault(const std::vector<PartitionBuilder> &builders) {
  for (const PartitionBuilder &builder : builders)
    if (!builder.status.ok())
      return builder.status;
  return Status::success();
}

static std::string gibibytes(uint64_t bytes) {
  char text[32];
  std::snprintf(text, sizeof(text), "%.3g GiB", double(bytes) / (1 << 30));
  return text;
}

static Status checkMemory(const std::vector<PartitionBuilder> &builders, const Rows &rows,
                          const PairSource &source) {
  uint64_t needed = 0, available = availableMemory();
  for (const PartitionBuilder &builder : builders)
    needed += builder.bytesToFill(rows);
  if (needed <= available)
    return Status::success();
  return Status::machineError("not enough memory for the " + std::to_string(rows.connections) +
                              " connections of `" + source.spec().name + "`: needs " +
                              gibibytes(needed) + ", has " + gibibytes(available));
}

/// Widths, scale and totals that follow from the first pass.
static void decideLayout(Rows &rows, const RowsRequest &request,
                         const std::vector<PartitionBuilder> &builders) {
  uint32_t mostTargets = 0;
  uint64_t mostConnections = 0;
  for (const PartitionBuilder &builder : builders) {
    mostTargets = std::max(mostTargets, builder.part.numTargets);
    mostConnections = std::max(mostConnections, builder.part.connections);
    rows.connections += builder.part.connections;
    rows.maxInDegree = std::max(rows.maxInDegree, builder.maxInDegree);
  }
  bool shortIndex = request.key == RowKey::Source && mostTargets <= 65536;
  rows.indexBytes = shortIndex ? 2 : 4;
  rows.offsetBytes = mostConnections < (uint64_t(1) << 32) ? 4 : 8;
}

/// Moves the finished partitions into \p rows and adds up what they report.
static void collect(Rows &rows, std::vector<PartitionBuilder> &builders) {
  uint32_t minDelay = maxDelaySteps;
  for (PartitionBuilder &builder : builders) {
    RowPartition &part = builder.part;
    rows.maxAbsWeight = std::max(rows.maxAbsWeight, builder.maxAbsWeight);
    minDelay = std::min(minDelay, builder.minDelay);
    rows.maxDelay = std::max(rows.maxDelay, builder.maxDelay);
    rows.changedDelays += builder.changedDelays;
    rows.bytes += part.offsets.size() + part.indices.size() + part.weights.size() +
                  part.delays.size() + part.positions.size();
    for (const Buffer &column : part.columns)
      rows.bytes += column.size();
    rows.partitions.push_back(std::move(part));
  }
  if (rows.maxDelay)
    rows.minDelay = minDelay;
}

/// Both passes with delays of \p delayBytes. Sets \p overflow where a delay
/// did not fit.
static Result<Rows> buildWith(Team &team, const PairSource &source, const RowsRequest &request,
                              uint8_t delayBytes, bool &overflow) {
  Rows rows;
  rows.key = request.key;
  rows.weight = request.weight;
  rows.delayBytes = delayBytes;
  rows.numSources = source.sourceSize();
  std::vector<PartitionBuilder> builders;
  for (unsigned p = 0; p + 1 < request.bounds.size(); ++p)
    builders.emplace_back(source, request, p);

  forEachPartition(team, builders, [](PartitionBuilder &b) { b.count(); });
  if (Status status = firstFault(builders); !status.ok())
    return status;
  decideLayout(rows, request, builders);
  if (Status status = checkMemory(builders, rows, source); !status.ok())
    return status;

  forEachPartition(team, builders, [&](PartitionBuilder &b) { b.fill(rows); });
  if (Status status = firstFault(builders); !status.ok())
    return status;
  for (const PartitionBuilder &builder : builders)
    overflow |= builder.delayOverflow;
  if (!overflow)
    collect(rows, builders);
  return rows;
}

Result<Rows> synfire::runtime::buildRows(Team &team, const PairSource &source,
                                         const RowsRequest &request) {
  bool overflow = false;
  uint8_t delayBytes = request.delays ? 1 : 0;
  Result<Rows> rows = buildWith(team, source, request, delayBytes, overflow);
  // Delays above 255 steps are rare: only then is everything done again.
  if (rows.ok() && overflow) {
    overflow = false;
    return buildWith(team, source, request, 2, overflow);
  }
  return rows;
}

uint64_t synfire::runtime::hashOfWeights(Team &team, const Rows &rows, double constantWeight) {
  std::vector<uint64_t> sums(team.size(), 0);
  bool bySource = rows.key == RowKey::Source;
  team.run([&](unsigned thread) {
    uint64_t sum = 0;
    for (size_t p = thread; p < rows.partitions.size(); p += team.size()) {
      const RowPartition &part = rows.partitions[p];
      uint32_t numRows = bySource ? rows.numSources : part.numTargets;
      for (uint32_t row = 0; row < numRows; ++row) {
        uint64_t end = rows.offset(part, row + 1);
        for (uint64_t i = rows.offset(part, row); i < end; ++i) {
          uint32_t index = rows.index(part, i);
          uint32_t pre = bySource ? row : index;
          uint32_t post = part.firstTarget + (bySource ? index : row);
          sum += weightHash(pre, post,
                            rows.weight == WeightStorage::None ? constantWeight
                                                               : rows.weightOf(part, i));
        }
      }
    }
    sums[thread] = sum;
  });
  uint64_t total = 0;
  for (uint64_t sum : sums)
    total += sum;
  return total;
}

uint64_t synfire::runtime::hashOfEqualWeights(Team &team, const PairSource &source, double weight) {
  std::vector<uint64_t> sums(team.size(), 0);
  std::vector<uint32_t> bounds = evenBounds(source.targetSize(), team.size());
  team.run([&](unsigned thread) {
    uint64_t sum = 0;
    source.enumerate(bounds[thread], bounds[thread + 1], [&](const PairBatch &batch) {
      for (size_t i = 0; i < batch.size; ++i)
        sum += weightHash(batch.pre[i], batch.post[i], weight);
    });
    sums[thread] = sum;
  });
  uint64_t total = 0;
  for (uint64_t sum : sums)
    total += sum;
  return total;
}

std::vector<uint32_t> synfire::runtime::evenBounds(uint32_t targets, unsigned partitions) {
  // Slices that share no vector and no cache line with their neighbours.
  uint32_t unit = targets >= 64 * partitions ? 64 : 1;
  std::vector<uint32_t> bounds;
  for (unsigned p = 0; p <= partitions; ++p) {
    uint64_t border = uint64_t(targets) * p / partitions;
    bounds.push_back(p == partitions ? targets : uint32_t(border / unit * unit));
  }
  return bounds;
}
