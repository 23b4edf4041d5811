//===- Barrier.h - Where threads wait for each other ------------*- C++ -*-===//
//
// A central sense-reversing barrier: spin, then yield, then sleep on a futex.
// How long it spins adapts to what comes of it: on a machine that others use
// too, a spinning thread may keep out the very thread that it waits for.
//
//===----------------------------------------------------------------------===//

#ifndef SYNFIRE_RUNTIME_TEAM_BARRIER_H
#define SYNFIRE_RUNTIME_TEAM_BARRIER_H

#include <atomic>
#include <cstdint>

namespace synfire::runtime {

/// A barrier for a fixed number of threads.
class Barrier {
public:
  /// \p mostSpins: polls before a waiting thread gives up its core, at most.
  Barrier(unsigned threads, unsigned mostSpins)
      : threads(threads), mostSpins(mostSpins), spins(mostSpins) {}
  Barrier(const Barrier &) = delete;
  Barrier &operator=(const Barrier &) = delete;

  /// Returns when all threads have called it as often as this one.
  void wait() {
    uint32_t seen = phase.load(std::memory_order_relaxed);
    if (arrived.fetch_add(1, std::memory_order_acq_rel) + 1 == threads) {
      arrived.store(0, std::memory_order_relaxed);
      // Sequentially consistent, as the sleeper's two accesses are: either it
      // sees the new phase or we see the sleeper.
      phase.store(seen + 1, std::memory_order_seq_cst);
      if (sleepers.load(std::memory_order_seq_cst) != 0)
        wakeAll();
      return;
    }
    unsigned polls = spins.load(std::memory_order_relaxed);
    for (unsigned i = 0; i < polls; ++i) {
      if (phase.load(std::memory_order_acquire) != seen)
        return;
      pause();
    }
    waitLong(seen);
  }

private:
  static void pause() {
#if defined(__x86_64__)
    __builtin_ia32_pause();
#elif defined(__aarch64__)
    asm volatile("yield");
#endif
  }
  /// Yields a few times, then sleeps until the phase is no longer \p seen, and
  /// changes the number of polls by what it took.
  void waitLong(uint32_t seen);
  /// False: it is still \p seen.
  bool yieldUntilChanged(uint32_t seen);
  void wakeAll();

  const unsigned threads;
  const unsigned mostSpins;
  // Own cache lines: arriving threads must not disturb those that poll.
  alignas(64) std::atomic<uint32_t> arrived{0};
  alignas(64) std::atomic<uint32_t> phase{0};
  std::atomic<uint32_t> sleepers{0};
  std::atomic<unsigned> spins;
};

} // namespace synfire::runtime

#endif // SYNFIRE_RUNTIME_TEAM_BARRIER_H
