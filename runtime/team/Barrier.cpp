//===- Barrier.cpp --------------------------------------------------------===//

#include "runtime/team/Barrier.h"

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

void Barrier::waitLong(uint32_t seen) {
  for (unsigned i = 0; i < numYields; ++i) {
    if (phase.load(std::memory_order_acquire) != seen)
      return;
    sched_yield();
  }
  sleepers.fetch_add(1, std::memory_order_seq_cst);
  while (phase.load(std::memory_order_seq_cst) == seen)
    syscall(SYS_futex, reinterpret_cast<uint32_t *>(&phase),
            FUTEX_WAIT_PRIVATE, seen, nullptr, nullptr, 0);
  sleepers.fetch_sub(1, std::memory_order_relaxed);
}

void Barrier::wakeAll() {
  syscall(SYS_futex, reinterpret_cast<uint32_t *>(&phase), FUTEX_WAKE_PRIVATE,
          INT_MAX, nullptr, nullptr, 0);
}
