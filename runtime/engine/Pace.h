//===- Pace.h - Whether a team or one thread is faster ----------*- C++ -*-===//
//
// Threads that meet every few microseconds gain nothing from each other in a small circuit, and
// lose a lot where other programs take their cores: each meeting then waits until the last of them
// gets a core again. Which is faster can only be measured, so both are tried now and then. Answers
// do not depend on it: what a partition does is the same on any thread.
//
//===----------------------------------------------------------------------===//

#ifndef SYNFIRE_RUNTIME_ENGINE_PACE_H
#define SYNFIRE_RUNTIME_ENGINE_PACE_H

#include <cstdint>

namespace synfire::runtime {

/// Decides, from what blocks took, who does the next ones.
class Pace {
public:
  explicit Pace(unsigned threads) : threads(threads) {}

  /// Whether the first thread shall do the coming blocks by itself.
  bool isAlone() const { return alone; }

  /// The last blocks took \p seconds for \p steps, of which the first thread worked \p busy and
  /// did not wait for others.
  void add(double seconds, double busy, int64_t steps, int64_t blocks);

private:
  /// Blocks that take longer do not care what a meeting costs, and are too long to be tried.
  static constexpr double longestTried = 0.5e-3;
  static constexpr double trial = 2e-3, shortest = 25e-3, longest = 400e-3;

  void decide(double rate);

  unsigned threads;
  bool alone = false;
  bool trying = false;
  double limit = trial; ///< of this stretch, in seconds
  double stretch = shortest;
  double before = 0; ///< seconds a step of the stretch before a trial
  double seconds = 0, busy = 0;
  int64_t steps = 0, blocks = 0;
};

} // namespace synfire::runtime

#endif // SYNFIRE_RUNTIME_ENGINE_PACE_H
