//===- Segments.cpp -------------------------------------------------------===//

#include "runtime/connect/Segments.h"

#include <algorithm>
#include <cmath>

using namespace synfire::runtime;

namespace {

/// The connections of one projection and one source that are not merged yet.
struct Cursor {
  uint64_t next, end;
};

uint32_t delayOf(const SegmentSource &source, uint64_t entry) {
  switch (source.rows->delayBytes) {
  case 1:
    return source.part->delays.as<uint8_t>()[entry];
  case 2:
    return source.part->delays.as<uint16_t>()[entry];
  default:
    return source.delay;
  }
}

/// Puts connections behind those that are there.
class Writer {
public:
  Writer(SegmentPool &pool, const SegmentFormat &format) : pool(pool), format(format) {}

  void append(const SegmentSource &source, uint64_t begin, uint64_t end) {
    if (format.storage == AmountStorage::Packed)
      appendPacked(source, begin, end);
    else
      appendIndices(source, begin, end);
    if (format.storage == AmountStorage::Wide)
      std::copy_n(static_cast<const char *>(source.amounts) + begin * format.amountBytes,
                  (end - begin) * format.amountBytes,
                  pool.amounts.as<char>() + pool.used * format.amountBytes);
    pool.used += end - begin;
  }

private:
  void appendPacked(const SegmentSource &source, uint64_t begin, uint64_t end) {
    const uint16_t *indices = source.part->indices.as<uint16_t>();
    const int32_t *amounts = static_cast<const int32_t *>(source.amounts);
    uint32_t *out = pool.entries.as<uint32_t>() + pool.used;
    for (uint64_t i = begin; i < end; ++i)
      *out++ = (indices[i] + source.firstIndex) | uint32_t(amounts[i] >> format.shift) << 16;
  }
  void appendIndices(const SegmentSource &source, uint64_t begin, uint64_t end) {
    const uint16_t *indices = source.part->indices.as<uint16_t>();
    uint16_t *out = pool.entries.as<uint16_t>() + pool.used;
    for (uint64_t i = begin; i < end; ++i)
      *out++ = uint16_t(indices[i] + source.firstIndex);
  }

  SegmentPool &pool;
  const SegmentFormat &format;
};

} // namespace

bool SegmentPool::allocate(const SegmentFormat &format, uint64_t connections) {
  return entries.allocate(connections * format.entryBytes()) &&
         (format.storage != AmountStorage::Wide ||
          amounts.allocate(connections * format.amountBytes));
}

Segments Segments::merge(const std::vector<SegmentSource> &sources, const SegmentFormat &format,
                         uint32_t numSources, SegmentPool &pool) {
  Segments made;
  for (const SegmentSource &source : sources)
    made.connections += source.part->connections;
  made.rows.reserve(size_t(numSources) + 1);
  Writer writer(pool, format);
  std::vector<Cursor> cursors(sources.size());
  for (uint32_t s = 0; s < numSources; ++s) {
    made.rows.push_back({uint32_t(made.segments.size()), uint32_t(pool.used)});
    for (size_t i = 0; i < sources.size(); ++i)
      cursors[i] = {sources[i].rows->offset(*sources[i].part, s),
                    sources[i].rows->offset(*sources[i].part, s + 1)};
    for (;;) {
      uint32_t delay = UINT32_MAX;
      for (size_t i = 0; i < sources.size(); ++i)
        if (cursors[i].next < cursors[i].end)
          delay = std::min(delay, delayOf(sources[i], cursors[i].next));
      if (delay == UINT32_MAX)
        break;
      uint64_t before = pool.used;
      made.maxDelay = std::max(made.maxDelay, delay);
      for (size_t i = 0; i < sources.size(); ++i) {
        uint64_t begin = cursors[i].next, end = begin;
        while (end < cursors[i].end && delayOf(sources[i], end) == delay)
          ++end;
        writer.append(sources[i], begin, end);
        cursors[i].next = end;
      }
      for (uint64_t left = pool.used - before; left > 0;) {
        uint16_t length = uint16_t(std::min<uint64_t>(left, UINT16_MAX));
        made.segments.push_back({uint16_t(delay), length});
        left -= length;
      }
    }
  }
  made.rows.push_back({uint32_t(made.segments.size()), uint32_t(pool.used)});
  return made;
}

int synfire::runtime::weightGridExponent(double largest) {
  largest = double(float(largest));
  if (!(largest > 0))
    return 0;
  int m = 0;
  std::frexp(32767 / largest, &m); // in [2^(m-1), 2^m)
  m = std::min(std::max(m - 1, -100), 100);
  return m;
}

void synfire::runtime::roundWeights(Team &team, Rows &rows, int m) {
  float scale = std::ldexp(1.0f, m), inverse = std::ldexp(1.0f, -m);
  team.run([&](unsigned thread) {
    for (size_t p = thread; p < rows.partitions.size(); p += team.size()) {
      float *weights = rows.partitions[p].weights.as<float>();
      for (uint64_t i = 0; i < rows.partitions[p].connections; ++i)
        weights[i] = std::nearbyint(weights[i] * scale) * inverse;
    }
  });
}
