//===- Progress.h - The line that moves during a run ------------*- C++ -*-===//
//
// Biological time, wall time, real-time factor and what is left, on a terminal
// only, redrawn at most ten times a second.
//
//===----------------------------------------------------------------------===//

#ifndef SYNFIRE_RUNTIME_REPORT_PROGRESS_H
#define SYNFIRE_RUNTIME_REPORT_PROGRESS_H

#include <chrono>
#include <cstdio>
#include <string>

namespace synfire::runtime {

/// The text of the line for \p columns columns of a terminal.
std::string progressLine(double doneMs, double totalMs, double wallSeconds, size_t columns);

/// The progress of one run, on \p stream where that is a terminal.
class Progress {
public:
  /// Starts the clock.
  explicit Progress(double totalMs, std::FILE *stream = stderr);
  /// Removes the line.
  ~Progress() { finish(); }
  Progress(const Progress &) = delete;
  Progress &operator=(const Progress &) = delete;

  /// Tells that \p doneMs of biological time are done; cheap enough for every
  /// block of steps.
  void update(double doneMs) {
    if (enabled)
      draw(doneMs);
  }
  /// Removes the line; later updates are ignored.
  void finish();

private:
  using Clock = std::chrono::steady_clock;
  void draw(double doneMs);

  double totalMs;
  std::FILE *stream;
  bool enabled, drawn = false;
  Clock::time_point start, next;
};

} // namespace synfire::runtime

#endif // SYNFIRE_RUNTIME_REPORT_PROGRESS_H
