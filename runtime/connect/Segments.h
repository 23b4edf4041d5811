//===- Segments.h - Connections by source and delay --------------*- C++ -*-===//
//
// The layout of connections whose events always bring the same amounts: those of
// one source with one delay stand side by side, whatever projections and target
// populations they belong to. An event is handled when it is due, so that all
// additions of a step go to the sums of that one step, which fit the near caches.
//
//===----------------------------------------------------------------------===//

#ifndef SYNFIRE_RUNTIME_CONNECT_SEGMENTS_H
#define SYNFIRE_RUNTIME_CONNECT_SEGMENTS_H

#include "runtime/connect/Rows.h"

namespace synfire::runtime {

/// How the amounts of connections are kept.
enum class AmountStorage {
  Packed,  ///< 16 bits above the 16 bits of the index: amount = q * 2^shift
  Wide,    ///< an array of i32 or i64 beside the 16-bit indices
  Uniform, ///< the same for all connections: not stored
};

/// The rows of one projection in one partition, to be merged.
struct SegmentSource {
  const Rows *rows;
  const RowPartition *part;
  const void *amounts; ///< i32 or i64, in the order of the rows; null: Uniform
  uint32_t firstIndex; ///< added to the indices: where the sums of the target population begin
  uint32_t delay;      ///< in steps, where the rows store none
};

/// What is common to all partitions.
struct SegmentFormat {
  AmountStorage storage = AmountStorage::Uniform;
  unsigned amountBytes = 8; ///< 4 or 8
  unsigned shift = 0;       ///< Packed

  bool operator==(const SegmentFormat &other) const {
    return storage == other.storage && amountBytes == other.amountBytes && shift == other.shift;
  }
  unsigned entryBytes() const { return storage == AmountStorage::Packed ? 4 : 2; }
  /// Of a connection.
  unsigned bytes() const {
    return entryBytes() + (storage == AmountStorage::Wide ? amountBytes : 0);
  }
};

/// All connections onto one partition whose amounts are kept alike, one source population behind
/// the other: what is due in a step is then one list, whatever it comes from.
struct SegmentPool {
  Buffer entries;    ///< u32 (Packed), or u16 indices
  Buffer amounts;    ///< Wide: i32 or i64
  uint64_t used = 0; ///< connections

  /// Makes room for so many. Memory is taken when it is written.
  [[nodiscard]] bool allocate(const SegmentFormat &format, uint64_t connections);
};

/// The connections of one source population onto one partition.
struct Segments {
  /// Connections of one source with one delay; they stand behind those of the segment before. More
  /// than 65,535 of them are several segments.
  struct Segment {
    uint16_t delay, length;
  };
  /// Where the segments, and in the pool the connections, of a source begin.
  struct Row {
    uint32_t segment, connection;
  };

  std::vector<Row> rows;         ///< one more than sources
  std::vector<Segment> segments; ///< of each source by delay
  uint64_t connections = 0;
  uint32_t maxDelay = 0;

  /// Merges rows of \p numSources sources behind what is in \p pool, which must have room; the
  /// sources' indices must stay below 65,536.
  static Segments merge(const std::vector<SegmentSource> &sources, const SegmentFormat &format,
                        uint32_t numSources, SegmentPool &pool);

  /// Connections of one source.
  uint32_t connectionsOf(uint32_t source) const {
    return rows[source + 1].connection - rows[source].connection;
  }
  uint64_t bytes(const SegmentFormat &format) const {
    return connections * format.bytes() + sizeof(Row) * rows.size() +
           sizeof(Segment) * segments.size();
  }
};

/// The grid of 16-bit weights, all multiples of 2^-m: the largest m with largest * 2^m <= 32767.
int weightGridExponent(double largest);

/// Rounds the single-precision weights of \p rows to multiples of 2^-m, halves to even.
void roundWeights(Team &team, Rows &rows, int m);

} // namespace synfire::runtime

#endif // SYNFIRE_RUNTIME_CONNECT_SEGMENTS_H
