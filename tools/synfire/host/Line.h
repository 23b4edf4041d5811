//===- Line.h - bytes to and from a design ---===//
#ifndef SYNFIRE_TOOLS_SYNFIRE_HOST_LINE_H
#define SYNFIRE_TOOLS_SYNFIRE_HOST_LINE_H

#include "runtime/report/Status.h"

#include <cstdint>
#include <deque>
#include <memory>
#include <string>
#include <vector>

namespace synfire::host {

/// A line to a design: a serial port, or a process that stands for one.
class Line {
public:
  /// Opens a serial port with eight data bits, no parity and one stop bit.
  static runtime::Result<std::unique_ptr<Line>> openPort(const std::string &path, unsigned baud);
  /// Starts a program whose input and output are the line, in a folder.
  static runtime::Result<std::unique_ptr<Line>> start(const std::vector<std::string> &command,
                                                      const std::string &folder);
  ~Line();
  Line(const Line &) = delete;
  Line &operator=(const Line &) = delete;

  /// Hands out what is in \p out from its start, as much as the line takes, and appends what came
  /// to \p in. Waits up to \p seconds until either is possible; false: nothing was.
  runtime::Result<bool> exchange(std::deque<uint8_t> &out, std::deque<uint8_t> &in, double seconds);

private:
  Line(int descriptor, int process, std::string name)
      : descriptor(descriptor), process(process), name(std::move(name)) {}

  int descriptor, process; ///< process: 0 where there is none
  std::string name;
};

} // namespace synfire::host

#endif // SYNFIRE_TOOLS_SYNFIRE_HOST_LINE_H
