//===- Count.h - how much work a program is, before anything runs (X4) ---===//
//
// A target that makes no code: it lowers each structured op of a `sim` program to numbers of
// operations. What it cannot count, no other target could lower without knowing more than `sim`
// says.
//
//===----------------------------------------------------------------------===//
#ifndef SYNFIRE_TARGETS_COUNT_COUNT_H
#define SYNFIRE_TARGETS_COUNT_COUNT_H

#include "dialects/sim/Sim.h"

#include <string>
#include <vector>

namespace synfire::count {

/// What is done for one element and step, one connection and step, or one event.
struct Operations {
  unsigned flops = 0;    ///< sums, products, quotients, comparisons; a fused one is two
  unsigned integers = 0; ///< operations on integers
  unsigned loads = 0, loadedBytes = 0;
  unsigned stores = 0, storedBytes = 0;
  unsigned words = 0;  ///< random words of 32 bits
  unsigned shared = 0; ///< operations on values that are the same for all: once for each launch
};

/// One structured op with its work.
struct Launch {
  sim::LaunchInterface op;
  llvm::StringRef unit; ///< `element`, `connection` or `event`
  Operations each;
};

/// The work of every structured op, in the order of the program.
std::vector<Launch> countOperations(sim::ProgramOp program);

/// In words: `12 flops, 3 loads (24 bytes), 1 store (8 bytes), 1 random word`.
std::string describe(const Operations &operations);

/// Registers `count-operations`, which prints the work of every structured op of a program.
void registerCountPass();

} // namespace synfire::count

#endif // SYNFIRE_TARGETS_COUNT_COUNT_H
