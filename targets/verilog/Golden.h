//===- Golden.h - what a design must do, step by step ---===//
//
// A run of the quantised program, which a design must repeat bit for bit: what is given to it and
// what fires in each step, and the states at its end. Two programs that come with a design compare
// it: a testbench in Verilog for some steps, with vectors that people can read, and a driver for
// Verilator for as many steps as one likes.
//
//===----------------------------------------------------------------------===//
#ifndef SYNFIRE_TARGETS_VERILOG_GOLDEN_H
#define SYNFIRE_TARGETS_VERILOG_GOLDEN_H

#include "targets/verilog/Emit.h"

#include "llvm/ADT/APInt.h"

namespace synfire::verilog {

struct Golden {
  /// The memory of the states of one neuron engine, or of weights that change.
  struct Memory {
    std::string instance; ///< in the top module
    std::string name = "states";
    /// The hash of a step has its words where so many steps have been made, or a multiple.
    uint32_t period = 1;
    unsigned bits = 1;
    uint32_t words = 0; ///< that belong to cells
    std::vector<llvm::APInt> last;
  };
  struct Step {
    std::vector<uint32_t> given; ///< inputs that an event is given to before it, ascending
    std::vector<uint32_t> fired; ///< cells, ascending
    uint64_t hash = 0;           ///< of all states at its end, and of weights
  };
  struct Named {
    std::string name; ///< a population
    uint32_t first = 0, size = 0;
  };

  std::string top; ///< module
  uint32_t cells = 0, inputs = 0;
  std::vector<Named> populations, inputGroups;
  /// Those through which a host reaches memories, and their widths.
  std::vector<std::pair<std::string, unsigned>> hostInputs;
  /// Words that a host gives before the first step, in <top>_load.hex.
  uint32_t loaded = 0;
  std::vector<Memory> memories;
  std::vector<uint32_t> degrees; ///< connections from each cell, then from each input
  /// Weights that a step walks through at most: those of connections, and words of pairs without.
  uint64_t walked = 0;
  std::vector<Step> steps; ///< the first ones: as many as the testbench takes
  uint64_t allSteps = 0;
  /// Clocks of a step without events, and those of them that its cells take; where they are known.
  std::optional<uint64_t> quietClocks, updateClocks;
  /// All steps, as `Lockstep` reads them.
  std::string records;

  /// Adds a step to the records.
  void add(const Step &step);
};

/// Goes on with the hash of all states at the end of a step: memory by memory, word by word, 64
/// bits after 64, the lowest first.
inline uint64_t hashOn(uint64_t hash, uint64_t word) {
  hash = (hash ^ word) * 0x9E3779B97F4A7C15;
  return hash ^ hash >> 32;
}

/// A testbench in Verilog-2005 that checks itself, and its vectors.
std::vector<File> testbench(const Golden &golden);

/// A driver for Verilator, what it makes visible, and the golden run.
std::vector<File> lockstep(const Golden &golden);

} // namespace synfire::verilog

#endif // SYNFIRE_TARGETS_VERILOG_GOLDEN_H
