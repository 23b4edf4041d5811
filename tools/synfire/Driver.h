//===- Driver.h - the commands of `synfire` ---===//
//
// Each command takes its options and returns the exit code: 0 done, 1 the model or the arguments
// are wrong, 2 the machine failed.
//
//===----------------------------------------------------------------------===//
#ifndef SYNFIRE_TOOLS_SYNFIRE_DRIVER_H
#define SYNFIRE_TOOLS_SYNFIRE_DRIVER_H

#include "runtime/engine/RunModel.h"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace synfire::tool {

/// What a model file and its compilation need.
struct ModelOptions {
  std::string path;
  std::vector<std::string> set; ///< `Circuit.parameter=value`
  std::optional<std::string> duration;
  std::optional<int64_t> seed;
  std::string precision = "f64"; ///< f64, f32 or fixed
  double tolerance = 0.1;        ///< of fixed-point potentials, in mV
  std::string cpu = "native";
  int64_t lanes = 0;
  bool optimize = true;
  bool freeze = false; ///< numbers of the network become constants of the code
  bool verify = false; ///< compare diagnostics with `expected-...` comments
};

struct RunCommand {
  ModelOptions model;
  std::string target = "cpu";
  runtime::RunOptions options; ///< all but the seed, which the front end checks
};

struct BuildCommand {
  ModelOptions model;
  std::string emit, output;
  std::string board;                 ///< for `verilog`: icebreaker, or none
  std::optional<int64_t> vectors;    ///< steps that a design of hardware is compared for
  std::string wrap;                  ///< aer, axi or uart; by itself uart for a board, else aer
  unsigned baud = 1000000;           ///< of uart
  std::optional<uint64_t> loadAbove; ///< bits of dense weights that a host loads; 0: none are
  double megahertz = 24;             ///< of the clock
  std::string synth;                 ///< for `verilog`: ice40, ecp5 or xilinx, to measure; or none
  std::optional<unsigned> multipliers; ///< of 16 bits, for products with constants
  bool bitstream = false;              ///< for a board: also makes that

  std::string wrapper() const { return !wrap.empty() ? wrap : board.empty() ? "aer" : "uart"; }
  /// Those of the chip that it is for: iCE40 UP5K, the smallest ECP5, the smallest Artix-7.
  unsigned multipliersOfTarget() const {
    if (multipliers)
      return *multipliers;
    if (!board.empty() || synth == "ice40")
      return 8;
    return synth == "ecp5" ? 28 : synth == "xilinx" ? 40 : 0;
  }
  unsigned clocksPerBit() const { return unsigned(megahertz * 1e6 / baud + 0.5); }
};

/// The folder of `std/*.syn`: beside the build, or where it was installed.
std::string libraryFolder();

int run(const RunCommand &command);
int build(const BuildCommand &command);
/// With `each`, stdout says of every file whether it is good.
int check(const std::vector<std::string> &paths, bool verify, bool each = false);
int format(const std::vector<std::string> &paths, bool inPlace, bool onlyCheck);
int explain(const ModelOptions &model);
int document(const std::vector<std::string> &paths);

} // namespace synfire::tool

#endif // SYNFIRE_TOOLS_SYNFIRE_DRIVER_H
