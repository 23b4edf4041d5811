//===- Team.h - Persistent threads that work in step ------------*- C++ -*-===//
//
// A fixed set of threads that run one function together, with a barrier cheap
// enough for steps shorter than a microsecond. A thread that waits spins only
// while every thread has a core of its own; otherwise it soon sleeps.
//
//===----------------------------------------------------------------------===//

#ifndef SYNFIRE_RUNTIME_TEAM_TEAM_H
#define SYNFIRE_RUNTIME_TEAM_TEAM_H

#include "runtime/team/Barrier.h"

#include <functional>
#include <thread>
#include <vector>

namespace synfire::runtime {

/// The cores that this process may use (affinity and cgroup quota included).
unsigned availableCores();

/// Threads 0..size()-1; thread 0 is the one that calls run().
class Team {
public:
  /// \p threads of 0 takes all available cores.
  explicit Team(unsigned threads);
  ~Team();
  Team(const Team &) = delete;
  Team &operator=(const Team &) = delete;

  unsigned size() const { return numThreads; }

  /// Runs \p work(thread) on every thread and returns when all are done. Not
  /// reentrant: one run at a time. \p work must not throw.
  void run(const std::function<void(unsigned)> &work);

  /// Called by every thread inside run(): returns when all have arrived.
  /// Writes before it are seen by all after it.
  void barrier() { meeting.wait(); }

  // The same where thread 0 does something before the others go on: they arrive, thread 0 awaits
  // them, and releases them when it is ready.
  void arrive() { meeting.arrive(); }
  void awaitOthers() { meeting.awaitOthers(); }
  void release() { meeting.release(); }

private:
  void serve(unsigned thread);

  unsigned numThreads;
  Barrier meeting; // inside a run
  Barrier border;  // begin and end of a run
  const std::function<void(unsigned)> *work = nullptr;
  std::vector<std::thread> threads;
};

} // namespace synfire::runtime

#endif // SYNFIRE_RUNTIME_TEAM_TEAM_H
