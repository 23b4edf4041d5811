//===- Device.h - a design and what one says to it ---===//
//
// The bytes are those of passes/sim-to-rtl/wrappers/UartTop.h.
//
//===----------------------------------------------------------------------===//
#ifndef SYNFIRE_TOOLS_SYNFIRE_HOST_DEVICE_H
#define SYNFIRE_TOOLS_SYNFIRE_HOST_DEVICE_H

#include "tools/synfire/host/Line.h"

#include <functional>

namespace synfire::host {

/// What a design answers when it is asked.
struct Identity {
  unsigned version = 0;
  uint32_t hash = 0, inputs = 0, cells = 0;
  unsigned loadBits = 0;
  bool wasStepped = false; ///< since it was configured
};

class Device {
public:
  /// \p patience: seconds without an answer after which there is none.
  Device(Line &line, double patience) : line(line), patience(patience) {}

  /// Asks who is there. Afterwards events can be sent and steps taken.
  runtime::Result<Identity> identify();
  runtime::Status load(const std::vector<uint16_t> &words);
  /// The first \p count words, between steps.
  runtime::Result<std::vector<uint16_t>> read(uint64_t count);

  /// Takes \p steps steps: \p given gives the events of a step, \p took gets its spikes, in the
  /// order of steps. Several steps are on their way at a time.
  runtime::Status
  run(uint64_t steps, const std::function<const std::vector<uint32_t> &(uint64_t)> &given,
      const std::function<runtime::Status(uint64_t, std::vector<uint32_t> &)> &took);

private:
  runtime::Status push(double seconds);
  void sendEvent(uint32_t event);

  Line &line;
  double patience;
  Identity who;
  std::deque<uint8_t> out, in;
};

} // namespace synfire::host

#endif // SYNFIRE_TOOLS_SYNFIRE_HOST_DEVICE_H
