//===- DueEvents.h - Events that are handled when they are due --*- C++ -*-===//
//
// Connections by source and delay, and those that are not stored: what waits for
// its step in each partition, and the sums that it goes to, those of all
// accumulators that such connections send to, side by side.
//
//===----------------------------------------------------------------------===//

#ifndef SYNFIRE_RUNTIME_ENGINE_DUEEVENTS_H
#define SYNFIRE_RUNTIME_ENGINE_DUEEVENTS_H

#include "runtime/connect/Buffer.h"
#include "runtime/engine/Agenda.h"
#include "runtime/report/Status.h"
#include "runtime/synfire.h"
#include "runtime/team/Team.h"

#include <vector>

namespace synfire::runtime {

class Instance;

class DueEvents {
public:
  explicit DueEvents(Instance &instance) : instance(instance) {}

  /// Finds the accumulators. Everything else follows this.
  void findAccumulators();
  /// Makes tables and agendas of the connections, whose rows are let go. The slots of launches must
  /// be filled.
  Status layOut(Team &team);
  /// Allocates the sums, for as many steps as `slotCount`, and makes them the rings of their
  /// accumulators.
  Status allocateSums(int64_t slotCount);

  bool empty() const { return accumulators.empty(); }
  /// Where the sums of an accumulator begin in partition p; with SYN_NONE, where they end.
  uint32_t firstSum(uint32_t accumulator, unsigned p) const;
  /// The sums of a step.
  void *sums(unsigned p, int64_t stamp);
  unsigned sumBytes() const;

  std::vector<DuePool> pools;
  std::vector<DueTable> tables;
  std::vector<ImplicitTable> implicitTables;
  std::vector<Agenda> agendas;        ///< per partition
  std::vector<uint32_t> accumulators; ///< ascending

private:
  Status layOutByDelay(Team &team, uint32_t launch);
  Status layOutImplicit(uint32_t launch);
  size_t poolFor(const SegmentFormat &format, int64_t amount, const Rows &rows);
  Status merge(Team &team);
  /// What each connection of a launch without values of its own sends.
  Result<int64_t> amountOfAll(uint32_t launch) const;

  Instance &instance;
  std::vector<Buffer> memory; ///< of the sums, per partition
};

} // namespace synfire::runtime

#endif // SYNFIRE_RUNTIME_ENGINE_DUEEVENTS_H
