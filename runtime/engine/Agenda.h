//===- Agenda.h - What is due at which step ----------------------*- C++ -*-===//
//
// Connections by source and delay are not handled when a spike is known but when
// it acts. Until then the numbers of their segments wait here, in one list for
// each step to come.
//
//===----------------------------------------------------------------------===//

#ifndef SYNFIRE_RUNTIME_ENGINE_AGENDA_H
#define SYNFIRE_RUNTIME_ENGINE_AGENDA_H

#include "runtime/connect/RegularConnections.h"
#include "runtime/connect/Segments.h"
#include "runtime/synfire.h"

#include <functional>
#include <vector>

namespace synfire::runtime {

/// Connections that keep their amounts alike.
struct DuePool {
  SegmentFormat format;
  int64_t amount = 0;                ///< AmountStorage::Uniform
  std::vector<uint64_t> connections; ///< per partition
  std::vector<SegmentPool> parts;    ///< per partition
};

/// Connections of one source population, merged over all projections of one pool.
struct DueTable {
  uint32_t source = 0; ///< domain
  size_t pool = 0;
  std::vector<uint32_t> launches; ///< of SYN_LAUNCH_AMOUNTS, one per projection
  std::vector<Segments> parts;    ///< per partition
};

/// Connections of one projection that are not stored.
struct ImplicitTable {
  /// The targets of one partition, and where their sums begin.
  struct Targets {
    uint32_t begin, end, firstSum;
  };
  uint32_t source = 0; ///< domain
  uint32_t delay = 0;  ///< in steps
  int64_t amount = 0;
  RegularConnections connections;
  std::vector<Targets> targets; ///< per partition
};

/// The list of what is due, for one partition of the targets.
class Agenda {
public:
  /// Makes room for delays up to \p longest steps, with blocks of \p blockSteps.
  void prepare(const std::vector<DuePool> &pools, const std::vector<DueTable> &tables,
               const std::vector<ImplicitTable> &implicit, unsigned partition, uint32_t longest,
               int64_t blockSteps);
  void clear();

  /// Asks for the rows of the first spikes of a list, and then for what they point to: `add` asks
  /// for those that follow.
  void askRows(size_t table, const uint32_t *spikes, int64_t n) const;
  void askSegments(size_t table, const uint32_t *spikes, int64_t n) const;
  /// Puts down the events of \p n spikes at \p stamp of table \p table; returns how many there are.
  uint64_t add(size_t table, const uint32_t *spikes, int64_t n, int64_t stamp);
  /// The same for connections that are not stored.
  uint64_t addImplicit(size_t table, const uint32_t *spikes, int64_t n, int64_t stamp);
  /// Puts down one amount for sum \p index of the partition.
  void addAmount(int64_t stamp, uint32_t index, int64_t amount);
  /// Adds what is due at \p stamp to \p sums, integers of \p bytes, and forgets it.
  void handle(const syn_model &model, int64_t stamp, void *sums, unsigned bytes);

  /// Passes everything due at \p stamp to \p visit: index of the sum and amount.
  void visit(int64_t stamp, const std::function<void(uint32_t, int64_t)> &visit) const;
  /// How many steps ahead something can be due.
  int64_t horizon() const { return int64_t(amounts.size()); }

private:
  struct Amount {
    uint32_t index;
    int64_t amount;
  };
  using Lists = std::vector<std::vector<syn_segment>>; // per step, modulo the horizon

  void handleStored(const syn_model &model, int64_t stamp, void *sums);
  template <typename Sum> void handleImplicit(int64_t stamp, Sum *sums);
  size_t slotOf(int64_t stamp) const { return size_t(stamp) & (amounts.size() - 1); }

  const std::vector<DuePool> *pools = nullptr;
  const std::vector<DueTable> *tables = nullptr;
  const std::vector<ImplicitTable> *implicit = nullptr;
  unsigned partition = 0;
  std::vector<Lists> segments; // per pool
  /// Sources of implicit events, per table and step.
  std::vector<std::vector<std::vector<uint32_t>>> senders;
  std::vector<std::vector<Amount>> amounts; // per step, modulo the horizon
};

} // namespace synfire::runtime

#endif // SYNFIRE_RUNTIME_ENGINE_AGENDA_H
