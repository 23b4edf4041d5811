//===- Interrupt.cpp - Ctrl-C ends a run cleanly, twice at once -----------===//

#include "runtime/engine/RunModel.h"

#include <csignal>

namespace synfire::runtime {

namespace {

std::atomic<bool> interrupted{false};
static_assert(std::atomic<bool>::is_always_lock_free, "a signal handler sets it");

void interrupt(int) {
  interrupted = true;
  std::signal(SIGINT, SIG_DFL);
}

} // namespace

const std::atomic<bool> *stopOnInterrupt() {
  std::signal(SIGINT, interrupt);
  return &interrupted;
}

} // namespace synfire::runtime
