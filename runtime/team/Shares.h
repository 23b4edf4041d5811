//===- Shares.h - Work of one thread in which the others take part -*- C++ -*-===//
//
// What is done at rare times is one sequence of steps, of which some are work on
// many things that do not depend on each other. The first thread goes through
// the sequence; the others wait for what it shares out.
//
//===----------------------------------------------------------------------===//

#ifndef SYNFIRE_RUNTIME_TEAM_SHARES_H
#define SYNFIRE_RUNTIME_TEAM_SHARES_H

#include "runtime/team/Team.h"

#include <functional>

namespace synfire::runtime {

/// Shares work out to the threads of a team, all of which are inside Team::run.
class Shares {
public:
  explicit Shares(Team &team) : team(team) {}

  /// Called by all threads, or with \p alone by the first one only, which runs \p lead; the others
  /// do what that shares out, until it has returned.
  void lead(unsigned thread, bool alone, const std::function<void()> &lead);

  /// Inside `lead`: \p work(i) for each i below \p n, on any thread, in any order.
  void run(size_t n, const std::function<void(size_t)> &work);

  /// How many pieces of about the same size suit the threads.
  size_t pieces() const { return alone ? 1 : 4 * size_t(team.size()); }

  /// Inside `lead`: \p work(begin, end) for ranges that make up 0 .. \p n.
  void runRanges(size_t n, const std::function<void(size_t, size_t)> &work);

private:
  void takePart(unsigned thread);

  Team &team;
  bool alone = false;
  size_t count = 0;
  const std::function<void(size_t)> *work = nullptr;
};

} // namespace synfire::runtime

#endif // SYNFIRE_RUNTIME_TEAM_SHARES_H
