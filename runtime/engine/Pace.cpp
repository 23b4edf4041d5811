//===- Pace.cpp -----------------------------------------------------------===//

#include "runtime/engine/Pace.h"

#include <algorithm>

using namespace synfire::runtime;

void Pace::add(double blockSeconds, double blockBusy, int64_t blockSteps, int64_t numBlocks) {
  if (threads < 2)
    return;
  seconds += blockSeconds;
  busy += blockBusy;
  steps += blockSteps;
  blocks += numBlocks;
  if (seconds < limit)
    return;
  decide(seconds / double(steps));
  seconds = busy = 0;
  steps = blocks = 0;
}

void Pace::decide(double rate) {
  if (!trying) {
    // Alone, the first thread does the work of all.
    double work = busy / double(blocks) * (alone ? 1 : threads);
    if (work > longestTried && !alone)
      return;
    before = rate;
    trying = true;
    alone = !alone;
    limit = trial;
    return;
  }
  trying = false;
  bool changes = rate < before;
  if (!changes)
    alone = !alone;
  // What was right before is asked less often.
  stretch = changes ? shortest : std::min(longest, 2 * stretch);
  limit = stretch;
}
