//===- SourceBuckets.h - Brings neighbouring sources together ---*- C++ -*-===//
//
// Private to runtime/connect. Rules give connections whose sources are all
// over the population, so that every store into rows by source would miss the
// caches. Here connections wait in buckets of neighbouring sources until one is
// full; then all stores of a batch go to few rows. Within a row the order of
// the rule stays.
//
//===----------------------------------------------------------------------===//

#ifndef SYNFIRE_RUNTIME_CONNECT_SOURCEBUCKETS_H
#define SYNFIRE_RUNTIME_CONNECT_SOURCEBUCKETS_H

#include "runtime/connect/PairSource.h"

#include <algorithm>
#include <vector>

namespace synfire::runtime {

/// Regroups a stream of batches.
class SourceBuckets {
public:
  SourceBuckets(uint32_t numSources, const PairSink &sink) : sink(sink) {
    while ((numSources >> shift) >= maxBuckets)
      ++shift;
    buckets.resize((numSources >> shift) + 1);
  }

  void add(const PairBatch &batch) {
    for (size_t i = 0; i < batch.size; ++i) {
      Bucket &bucket = buckets[batch.pre[i] >> shift];
      bucket.pre[bucket.size] = batch.pre[i];
      bucket.post[bucket.size] = batch.post[i];
      bucket.position[bucket.size] = batch.position[i];
      if (++bucket.size == maxBatchSize)
        empty(bucket);
    }
  }
  /// Passes on what is left.
  void flush() {
    for (Bucket &bucket : buckets)
      if (bucket.size)
        empty(bucket);
  }

private:
  static constexpr uint32_t maxBuckets = 256;
  struct Bucket {
    size_t size = 0;
    uint32_t pre[maxBatchSize], post[maxBatchSize], position[maxBatchSize];
    // A length that is no multiple of a page keeps the buckets' ends in
    // different sets of the cache.
    uint32_t unused[30];
  };

  void empty(Bucket &bucket) {
    sink({bucket.pre, bucket.post, bucket.position, bucket.size});
    bucket.size = 0;
  }

  const PairSink &sink;
  unsigned shift = 0;
  std::vector<Bucket> buckets;
};

} // namespace synfire::runtime

#endif // SYNFIRE_RUNTIME_CONNECT_SOURCEBUCKETS_H
