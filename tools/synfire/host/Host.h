//===- Host.h - `synfire host` ---===//
#ifndef SYNFIRE_TOOLS_SYNFIRE_HOST_HOST_H
#define SYNFIRE_TOOLS_SYNFIRE_HOST_HOST_H

#include <cstdint>
#include <optional>
#include <string>

namespace synfire::tool {

struct HostCommand {
  std::string folder;            ///< where `build --emit verilog` wrote a design
  std::string port;              ///< a serial port; empty: simulate
  bool simulate = false;         ///< instead of a port
  std::string spikes;            ///< .csv of events to give; empty: those of the model
  std::optional<uint64_t> steps; ///< default: as many as the model's run has
  std::string output;            ///< .csv or .h5 of all spikes; empty: none
  std::string check;             ///< what should have come: .csv of a run, or the model itself
  std::string weights;           ///< .csv of the weights at the end; empty: none
  bool loads = true;             ///< sends the weights first
  bool json = false, quiet = false;
};

/// Loads, steps and listens; returns the exit code.
int host(const HostCommand &command);

} // namespace synfire::tool

#endif // SYNFIRE_TOOLS_SYNFIRE_HOST_HOST_H
