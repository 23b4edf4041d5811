//===- Rows.h - Connections in their final layout ---------------*- C++ -*-===//
//
// Builds the arrays that compiled models read, straight from a PairSource: one
// pass counts, one pass fills, nothing in between is stored. Rows by source
// serve events (one slice of the targets per partition), rows by target serve
// continuous couplings.
//
//===----------------------------------------------------------------------===//

#ifndef SYNFIRE_RUNTIME_CONNECT_ROWS_H
#define SYNFIRE_RUNTIME_CONNECT_ROWS_H

#include "runtime/connect/Buffer.h"
#include "runtime/connect/PairSource.h"
#include "runtime/team/Team.h"

#include <functional>
#include <vector>

namespace synfire::runtime {

/// Values for \p n connections; the arguments are those of PairBatch. Called
/// by several threads at once; must be a pure function of its arguments.
using ValueFunction = std::function<void(const uint32_t *pre, const uint32_t *post,
                                         const uint32_t *position, size_t n, double *out)>;

/// What a row is.
enum class RowKey {
  Source, ///< row = source, index = local target (u16 where it fits, or u32)
  Target, ///< row = local target, index = source in its population (u32)
};

/// How weights are stored.
enum class WeightStorage {
  None, ///< not at all
  F64,
  F32,
};

/// What to store, and where it comes from.
struct RowsRequest {
  RowKey key = RowKey::Source;
  /// The borders of the partitions, ascending target indices from 0 to the
  /// size of the target population.
  std::vector<uint32_t> bounds;
  WeightStorage weight = WeightStorage::None;
  /// Needed unless `weight` is None.
  ValueFunction weights;
  /// Delays in ms; unset: no delays are stored.
  ValueFunction delays;
  /// The step in ms, for delays.
  double dt = 0;
  /// Shorter delays become this many steps.
  uint32_t minDelay = 1;
  /// Keeps the position of every connection (its name for later draws).
  bool positions = false;
  /// Further per-connection values, each an f64 array.
  std::vector<ValueFunction> columns;
};

/// The connections onto one range of targets. Row r is the entries
/// [offset(r), offset(r+1)) of every array; entries of a row ascend by (delay,
/// index, position) where delays are stored, by (index, position) otherwise.
struct RowPartition {
  uint32_t firstTarget = 0, numTargets = 0;
  uint64_t connections = 0;
  Buffer offsets;              ///< rows + 1 of Rows::offsetBytes
  Buffer indices;              ///< Rows::indexBytes: local targets or sources
  Buffer weights;              ///< f64 or f32
  Buffer delays;               ///< steps, Rows::delayBytes
  Buffer positions;            ///< u32
  std::vector<Buffer> columns; ///< f64
  /// Connections onto each local target.
  std::vector<uint32_t> inDegree;
};

/// All connections of a projection. Widths are the same for all partitions.
struct Rows {
  RowKey key = RowKey::Source;
  WeightStorage weight = WeightStorage::None;
  uint8_t offsetBytes = 4; ///< 4 or 8
  uint8_t indexBytes = 4;  ///< 2 or 4
  uint8_t delayBytes = 0;  ///< 0 (not stored), 1 or 2
  /// Size of the source population.
  uint32_t numSources = 0;
  std::vector<RowPartition> partitions;

  uint64_t connections = 0;
  uint64_t bytes = 0;
  uint32_t maxInDegree = 0;
  /// The largest |w|, 0 where weights are not stored.
  double maxAbsWeight = 0;
  /// In steps; 0 where delays are not stored or there is no connection.
  uint32_t minDelay = 0, maxDelay = 0;
  /// Delays that rounding or the minimum changed by more than the noise of f64.
  uint64_t changedDelays = 0;

  uint64_t offset(const RowPartition &part, uint64_t row) const {
    return offsetBytes == 4 ? part.offsets.as<uint32_t>()[row] : part.offsets.as<uint64_t>()[row];
  }
  uint32_t index(const RowPartition &part, uint64_t entry) const {
    return indexBytes == 2 ? part.indices.as<uint16_t>()[entry]
                           : part.indices.as<uint32_t>()[entry];
  }
  /// The weight that the program uses; only where weights are stored.
  double weightOf(const RowPartition &part, uint64_t entry) const;
};

/// Bytes of one connection while the rows are built, with an index of \p indexBytes and a delay,
/// where there are delays, of \p delayBytes.
uint64_t bytesOfEntry(const RowsRequest &request, unsigned indexBytes, unsigned delayBytes);
/// The same before anything is known of the widths.
uint64_t bytesOfEntry(const RowsRequest &request);

/// Builds the rows of \p source with all threads of \p team. Fails for lack of
/// memory before it allocates, for delays of 65536 steps and more, and for
/// weights and delays that are not finite.
Result<Rows> buildRows(Team &team, const PairSource &source, const RowsRequest &request);

/// The sum of weightHash over all connections; \p constantWeight is used where
/// no weights are stored.
uint64_t hashOfWeights(Team &team, const Rows &rows, double constantWeight);

/// The same for connections that are not stored, all of one weight.
uint64_t hashOfEqualWeights(Team &team, const PairSource &source, double weight);

/// Even division of \p targets among \p partitions, each border a multiple of
/// 64 where there are enough targets.
std::vector<uint32_t> evenBounds(uint32_t targets, unsigned partitions);

} // namespace synfire::runtime

#endif // SYNFIRE_RUNTIME_CONNECT_ROWS_H
