//===- Shares.cpp - Work of one thread in which the others take part ------===//

#include "runtime/team/Shares.h"

namespace synfire::runtime {

void Shares::takePart(unsigned thread) {
  for (size_t i = thread; i < count; i += alone ? 1 : team.size())
    (*work)(i);
}

void Shares::lead(unsigned thread, bool isAlone, const std::function<void()> &lead) {
  if (thread == 0) {
    alone = isAlone;
    lead();
    if (alone)
      return;
    work = nullptr;
    team.barrier();
  } else {
    for (;;) {
      team.barrier();
      if (!work)
        break;
      takePart(thread);
      team.barrier();
    }
  }
  team.barrier(); // nobody looks for work of the next time yet
}

void Shares::run(size_t n, const std::function<void(size_t)> &what) {
  work = &what;
  count = n;
  if (!alone)
    team.barrier();
  takePart(0);
  if (!alone)
    team.barrier();
}

void Shares::runRanges(size_t n, const std::function<void(size_t, size_t)> &what) {
  size_t parts = pieces();
  run(parts, [&](size_t i) { what(n * i / parts, n * (i + 1) / parts); });
}

} // namespace synfire::runtime
