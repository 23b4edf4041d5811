//===- PairSource.h - The connections of a rule, in order -------*- C++ -*-===//
//
// Enumerates the connections that a rule makes onto a range of targets, in
// batches, without storing them. What comes out depends on rule, seed and name
// only: any division of the targets among threads gives the same connections.
//
//===----------------------------------------------------------------------===//

#ifndef SYNFIRE_RUNTIME_CONNECT_PAIRSOURCE_H
#define SYNFIRE_RUNTIME_CONNECT_PAIRSOURCE_H

#include "runtime/connect/Rule.h"

#include <functional>
#include <memory>

namespace synfire::runtime {

/// Some connections, as a structure of arrays. Indices are those of the
/// populations; `position` is the place in the rule's sequence (random.md).
struct PairBatch {
  const uint32_t *pre, *post, *position;
  size_t size;
};

using PairSink = std::function<void(const PairBatch &)>;

/// The most connections in one batch.
constexpr size_t maxBatchSize = 1024;

/// The connections of one projection.
class PairSource {
public:
  virtual ~PairSource();

  /// Checks \p spec and makes its source; a user error says what is wrong with
  /// the rule. Keeps \p spec.
  static Result<std::unique_ptr<PairSource>> create(ConnectSpec spec);

  const ConnectSpec &spec() const { return theSpec; }
  /// Elements of the source and target populations.
  uint32_t sourceSize() const { return theSpec.sources.populationSize(); }
  uint32_t targetSize() const { return theSpec.targets.populationSize(); }

  /// Passes all connections with targets in [\p begin, \p end) (population
  /// indices) to \p sink, in canonical order. Threads may call it at once.
  virtual void enumerate(uint32_t begin, uint32_t end, const PairSink &sink) const = 0;

  /// The number of connections that the rule makes on average; exact unless
  /// the rule draws it. For reports on memory before anything is built.
  virtual double expectedConnections() const = 0;

protected:
  explicit PairSource(ConnectSpec spec) : theSpec(std::move(spec)) {}

private:
  ConnectSpec theSpec;
};

} // namespace synfire::runtime

#endif // SYNFIRE_RUNTIME_CONNECT_PAIRSOURCE_H
