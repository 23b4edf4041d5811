//===- Progress.cpp -------------------------------------------------------===//

#include "runtime/report/Progress.h"

#include "runtime/report/Format.h"

#include <algorithm>

#include <sys/ioctl.h>
#include <unistd.h>

using namespace synfire::runtime;

std::string synfire::runtime::progressLine(double doneMs, double totalMs, double wallSeconds,
                                           size_t columns) {
  double fraction = totalMs > 0 ? std::min(1.0, std::max(0.0, doneMs / totalMs)) : 1.0;
  std::string text = formatted("%3d %%  ", int(fraction * 100)) + formatMilliseconds(doneMs) +
                     " of " + formatMilliseconds(totalMs) + " in " + formatSeconds(wallSeconds);
  if (doneMs > 0) {
    text += ", real-time factor " + formatNumber(wallSeconds / (doneMs / 1e3), 2);
    if (fraction < 1)
      text += ", " + formatSeconds(wallSeconds / fraction - wallSeconds) + " left";
  }
  // The bar takes what the text leaves, within reason.
  size_t used = text.size() + 4;
  size_t width = columns > used ? std::min<size_t>(columns - used, 30) : 0;
  if (width >= 8) {
    size_t filled = size_t(fraction * double(width));
    text = "[" + std::string(filled, '=') + std::string(width - filled, ' ') + "] " + text;
  }
  if (text.size() >= columns)
    text.resize(columns > 0 ? columns - 1 : 0);
  return text;
}

Progress::Progress(double totalMs, std::FILE *stream)
    : totalMs(totalMs), stream(stream), enabled(isatty(fileno(stream)) != 0), start(Clock::now()),
      // A run that is over at once shows no line.
      next(start + std::chrono::milliseconds(200)) {}

void Progress::draw(double doneMs) {
  Clock::time_point now = Clock::now();
  if (now < next)
    return;
  next = now + std::chrono::milliseconds(100);
  winsize size = {};
  size_t columns = 80;
  if (ioctl(fileno(stream), TIOCGWINSZ, &size) == 0 && size.ws_col > 0)
    columns = size.ws_col;
  std::chrono::duration<double> wall = now - start;
  // Back to the first column, and clear to the end of the line.
  std::fprintf(stream, "\r%s\033[K", progressLine(doneMs, totalMs, wall.count(), columns).c_str());
  std::fflush(stream);
  drawn = true;
}

void Progress::finish() {
  if (drawn) {
    std::fputs("\r\033[K", stream);
    std::fflush(stream);
  }
  enabled = drawn = false;
}
