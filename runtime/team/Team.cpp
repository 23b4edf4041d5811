//===- Team.cpp -----------------------------------------------------------===//

#include "runtime/team/Team.h"

#include <algorithm>
#include <cmath>
#include <cstdio>

#include <sched.h>

using namespace synfire::runtime;

/// Cores that the cgroup's quota pays for; a large number without a quota.
static unsigned quotaCores() {
  std::FILE *file = std::fopen("/sys/fs/cgroup/cpu.max", "r");
  if (!file)
    return ~0u;
  double quota, period;
  bool limited = std::fscanf(file, "%lf %lf", &quota, &period) == 2;
  std::fclose(file);
  return limited && period > 0 ? unsigned(std::max(1.0, std::ceil(quota / period))) : ~0u;
}

unsigned synfire::runtime::availableCores() {
  cpu_set_t set;
  unsigned cores = sched_getaffinity(0, sizeof(set), &set) == 0
                       ? unsigned(CPU_COUNT(&set))
                       : std::thread::hardware_concurrency();
  return std::max(1u, std::min(cores, quotaCores()));
}

/// Some 50 us of polling where each thread can have its core, and next to none
/// where they share.
static unsigned spinsFor(unsigned threads) { return threads <= availableCores() ? 1000 : 16; }

Team::Team(unsigned wanted)
    : numThreads(wanted ? wanted : availableCores()), meeting(numThreads, spinsFor(numThreads)),
      border(numThreads, spinsFor(numThreads)) {
  for (unsigned thread = 1; thread < numThreads; ++thread)
    threads.emplace_back([this, thread] { serve(thread); });
}

Team::~Team() {
  work = nullptr;
  border.wait();
  for (std::thread &thread : threads)
    thread.join();
}

void Team::serve(unsigned thread) {
  while (true) {
    border.wait();
    if (!work)
      return;
    (*work)(thread);
    border.wait();
  }
}

void Team::run(const std::function<void(unsigned)> &function) {
  work = &function;
  border.wait();
  function(0);
  border.wait();
}
