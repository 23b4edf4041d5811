//===- Clock.h - How long something took -----------------------*- C++ -*-===//
#ifndef SYNFIRE_TOOLS_SYNFIRE_REPL_CLOCK_H
#define SYNFIRE_TOOLS_SYNFIRE_REPL_CLOCK_H

#include <chrono>

namespace synfire::repl {

class Clock {
public:
  /// Seconds since the beginning or the last call.
  double restart() {
    auto now = std::chrono::steady_clock::now();
    std::chrono::duration<double> spent = now - begin;
    begin = now;
    return spent.count();
  }

private:
  std::chrono::steady_clock::time_point begin = std::chrono::steady_clock::now();
};

} // namespace synfire::repl

#endif // SYNFIRE_TOOLS_SYNFIRE_REPL_CLOCK_H
