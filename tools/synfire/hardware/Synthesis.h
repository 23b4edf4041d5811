//===- Synthesis.h - what tools make of a design ---===//
#ifndef SYNFIRE_TOOLS_SYNFIRE_HARDWARE_SYNTHESIS_H
#define SYNFIRE_TOOLS_SYNFIRE_HARDWARE_SYNTHESIS_H

#include "runtime/report/Status.h"

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace synfire::tool {

/// What was counted, and how long it took.
struct Measured {
  std::string family, top;
  std::vector<std::pair<std::string, uint64_t>> counts; ///< LUT, FF and so on
  double seconds = 0;                                   ///< of yosys
  /// By place and route, if it was asked: logic cells of how many, and the clock.
  std::optional<uint64_t> logicCells, available;
  double megahertz = 0;
  std::string note; ///< why something is missing
};

/// Synthesises the module `top` of the files in a folder for a family of chips, ice40, ecp5 or
/// xilinx, by yosys; \p routes: and places and routes it on an iCE40 UP5K.
runtime::Result<Measured> synthesise(const std::string &folder,
                                     const std::vector<std::string> &files,
                                     const std::string &family, const std::string &top,
                                     bool routes);

/// Runs a program in a folder; `log` there gets what it says. Says which program is missing.
runtime::Status runTool(const std::string &folder, const std::vector<std::string> &command,
                        const std::string &log);

} // namespace synfire::tool

#endif // SYNFIRE_TOOLS_SYNFIRE_HARDWARE_SYNTHESIS_H
