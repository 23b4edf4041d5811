//===- Migrate.h - The state of one program in another ----------*- C++ -*-===//
//
// A circuit goes on after its code has changed: what has the same name, unit
// and place in both programs keeps its value, the rest starts. A snapshot of
// the new program is filled with what fits of the old one and then restored by
// the same function as a checkpoint.
//
//===----------------------------------------------------------------------===//

#ifndef SYNFIRE_RUNTIME_ENGINE_MIGRATE_H
#define SYNFIRE_RUNTIME_ENGINE_MIGRATE_H

#include "runtime/engine/Snapshot.h"

namespace synfire::runtime {

/// What became of the states of the old program. Names are those of the model.
struct Migration {
  size_t kept = 0;
  std::vector<std::string> started; ///< are new, or are of other things now
  std::vector<std::string> dropped; ///< are of the old program only
  uint64_t lostEvents = 0;          ///< were on their way to what is no more
};

/// Whether the spikes that wait in \p from have a place in \p to. Where they have none, the old
/// instance must deliver them (Simulator::deliverWaiting) before its snapshot is taken.
bool takesWaitingSpikes(const Instance &from, const Instance &to);

/// Brings \p to, made with the same seed and step, to where \p from was.
Result<Migration> migrate(Instance &to, const Snapshot &from);

} // namespace synfire::runtime

#endif // SYNFIRE_RUNTIME_ENGINE_MIGRATE_H
