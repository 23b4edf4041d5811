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
    if (arrived.fetch_add(1, std::memory_order_acq_rel) + 1 == threads)
      release();
    else
      awaitNext(seen);
  }

  // The same with work in between: one thread waits until all others have arrived, does what
  // nobody may see half done, and releases them.
  void awaitOthers() {
    await(arrived, leaders, [&](uint32_t count) { return count == threads - 1; });
  }
  void release() {
    arrived.store(0, std::memory_order_relaxed);
    // Sequentially consistent, as the sleeper's two accesses are: either it
    // sees the new phase or we see the sleeper.
    phase.fetch_add(1, std::memory_order_seq_cst);
    if (followers.load(std::memory_order_seq_cst) != 0)
      wakeAll(phase);
  }
  /// What the others do: returns when they are released.
  void arrive() {
    uint32_t seen = phase.load(std::memory_order_relaxed);
    arrived.fetch_add(1, std::memory_order_seq_cst);
    if (leaders.load(std::memory_order_seq_cst) != 0)
      wakeAll(arrived);
    awaitNext(seen);
  }

private:
  using Word = std::atomic<uint32_t>;

  void awaitNext(uint32_t seen) {
    await(phase, followers, [&](uint32_t now) { return now != seen; });
  }
  template <typename Ready> void await(Word &word, Word &sleepers, Ready isReady) {
    unsigned polls = spins.load(std::memory_order_relaxed);
    for (unsigned i = 0; i < polls; ++i) {
      if (isReady(word.load(std::memory_order_acquire)))
        return;
      pause();
    }
    bool yielded = false;
    double start = seconds();
    for (unsigned i = 0; i < numYields && !yielded; ++i) {
      yielded = isReady(word.load(std::memory_order_acquire));
      if (!yielded)
        yield();
    }
    if (!yielded) {
      sleepers.fetch_add(1, std::memory_order_seq_cst);
      for (uint32_t value; !isReady(value = word.load(std::memory_order_seq_cst));)
        sleepWhile(word, value);
      sleepers.fetch_sub(1, std::memory_order_relaxed);
    }
    adapt(yielded, start);
  }

  /// Yields before sleeping: on a full machine the thread that is waited for gets this core at
  /// once, without the cost of a wake-up.
  static constexpr unsigned numYields = 8;

  static void pause() {
#if defined(__x86_64__)
    __builtin_ia32_pause();
#elif defined(__aarch64__)
    asm volatile("yield");
#endif
  }
  static void yield();
  static double seconds();
  static void sleepWhile(Word &word, uint32_t value);
  static void wakeAll(Word &word);
  /// Changes the number of polls by what waiting took since \p start.
  void adapt(bool yielded, double start);

  const unsigned threads;
  const unsigned mostSpins;
  // Own cache lines: arriving threads must not disturb those that poll.
  alignas(64) Word arrived{0};
  alignas(64) Word phase{0};
  /// How many sleep until they are released, and until all have arrived.
  Word followers{0}, leaders{0};
  std::atomic<unsigned> spins;
};

} // namespace synfire::runtime

#endif // SYNFIRE_RUNTIME_TEAM_BARRIER_H
