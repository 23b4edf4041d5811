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

/// Yields before sleeping: on a full machine the thread that is waited for
/// gets this core at once, without the cost of a wake-up.
static constexpr unsigned numYields = 8;

/// Fewest polls: about a microsecond.
static constexpr unsigned fewestSpins = 16;
/// Yields that take longer than this have let another program run.
static constexpr std::chrono::microseconds quickYields(10);

bool Barrier::yieldUntilChanged(uint32_t seen) {
  for (unsigned i = 0; i < numYields; ++i) {
    if (phase.load(std::memory_order_acquire) != seen)
      return true;
    sched_yield();
  }
  return false;
}

void Barrier::waitLong(uint32_t seen) {
  auto start = std::chrono::steady_clock::now();
  bool yielded = yieldUntilChanged(seen);
  if (!yielded) {
    sleepers.fetch_add(1, std::memory_order_seq_cst);
    while (phase.load(std::memory_order_seq_cst) == seen)
      syscall(SYS_futex, reinterpret_cast<uint32_t *>(&phase), FUTEX_WAIT_PRIVATE, seen, nullptr,
              nullptr, 0);
    sleepers.fetch_sub(1, std::memory_order_relaxed);
  }
  // Nobody else wanted the core and little more spinning would have done: spin
  // more. Otherwise spin less.
  bool quick = yielded && std::chrono::steady_clock::now() - start < quickYields;
  unsigned polls = spins.load(std::memory_order_relaxed);
  spins.store(quick ? std::min(mostSpins, 2 * polls)
                    : std::max(std::min(fewestSpins, mostSpins), polls / 2),
              std::memory_order_relaxed);
}

void Barrier::wakeAll() {
  syscall(SYS_futex, reinterpret_cast<uint32_t *>(&phase), FUTEX_WAKE_PRIVATE, INT_MAX, nullptr,
          nullptr, 0);
}
