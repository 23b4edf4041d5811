//===- Barrier.cpp --------------------------------------------------------===//

#include "runtime/team/Barrier.h"

#include <algorithm>
#include <chrono>
#include <climits>

#include <linux/futex.h>
#include <sched.h>
#include <sys/syscall.h>
#include <unistd.h>

using namespace synfire::runtime;

static_assert(sizeof(std::atomic<uint32_t>) == 4, "a futex is 32 bits wide");

/// Fewest polls: about a microsecond.
static constexpr unsigned fewestSpins = 16;
/// Yields that take longer than this have let another program run.
static constexpr double quickYields = 10e-6;

void Barrier::yield() { sched_yield(); }

double Barrier::seconds() {
  using Clock = std::chrono::steady_clock;
  return std::chrono::duration<double>(Clock::now().time_since_epoch()).count();
}

void Barrier::sleepWhile(Word &word, uint32_t value) {
  syscall(SYS_futex, reinterpret_cast<uint32_t *>(&word), FUTEX_WAIT_PRIVATE, value, nullptr,
          nullptr, 0);
}

void Barrier::wakeAll(Word &word) {
  syscall(SYS_futex, reinterpret_cast<uint32_t *>(&word), FUTEX_WAKE_PRIVATE, INT_MAX, nullptr,
          nullptr, 0);
}

void Barrier::adapt(bool yielded, double start) {
  // Nobody else wanted the core and little more spinning would have done: spin
  // more. Otherwise spin less.
  bool quick = yielded && seconds() - start < quickYields;
  unsigned polls = spins.load(std::memory_order_relaxed);
  spins.store(quick ? std::min(mostSpins, 2 * polls)
                    : std::max(std::min(fewestSpins, mostSpins), polls / 2),
              std::memory_order_relaxed);
}
