//===- RuleSources.h - The rules behind PairSource --------------*- C++ -*-===//
//
// Private to runtime/connect. Rules by target enumerate target after target;
// rules by sequence walk through one sequence for all targets and leave out
// those that are not asked for.
//
//===----------------------------------------------------------------------===//

#ifndef SYNFIRE_RUNTIME_CONNECT_RULESOURCES_H
#define SYNFIRE_RUNTIME_CONNECT_RULESOURCES_H

#include "runtime/connect/PairSource.h"

namespace synfire::runtime {

/// The sources of each family; the spec has passed the check of its rule.
/// @{
std::unique_ptr<PairSource> makeRegularSource(ConnectSpec spec);
std::unique_ptr<PairSource> makeProbabilitySource(ConnectSpec spec);
std::unique_ptr<PairSource> makeIndegreeSource(ConnectSpec spec);
std::unique_ptr<PairSource> makeSmallWorldSource(ConnectSpec spec);
std::unique_ptr<PairSource> makeSequenceSource(ConnectSpec spec);
/// @}

/// What a rule's options come to, with the defaults of R1.
bool allowsAutapses(const ConnectSpec &spec);
bool allowsMultapses(const ConnectSpec &spec);

/// Says what is wrong with the numbers and selections of a rule.
Status checkRule(const ConnectSpec &spec);

/// Gathers connections into batches.
class BatchWriter {
public:
  explicit BatchWriter(const PairSink &sink) : sink(sink) {}
  ~BatchWriter() { flush(); }

  void add(uint32_t source, uint32_t target, uint32_t place) { addIf(true, source, target, place); }
  /// Adds where \p wanted, without a branch that depends on it.
  void addIf(bool wanted, uint32_t source, uint32_t target, uint32_t place) {
    pre[size] = source;
    post[size] = target;
    position[size] = place;
    size += wanted;
    if (size == maxBatchSize)
      flush();
  }

private:
  void flush() {
    if (size)
      sink({pre, post, position, size});
    size = 0;
  }

  const PairSink &sink;
  size_t size = 0;
  uint32_t pre[maxBatchSize], post[maxBatchSize], position[maxBatchSize];
};

} // namespace synfire::runtime

#endif // SYNFIRE_RUNTIME_CONNECT_RULESOURCES_H
