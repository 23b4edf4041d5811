//===- LiveArrays.h - data that change while a program runs ---===//
#ifndef SYNFIRE_PASSES_SIM_LIVEARRAYS_H
#define SYNFIRE_PASSES_SIM_LIVEARRAYS_H

#include "dialects/sim/Sim.h"

#include "llvm/ADT/StringSet.h"

namespace synfire::sim {

/// Arrays that a protocol or frames change during a run, or that are derived from such.
class LiveArrays {
public:
  explicit LiveArrays(ProgramOp program);
  bool contains(llvm::StringRef array) const { return live.contains(array); }

private:
  /// Adds what `launch` sets: all of it, or if it reads something live.
  bool follow(LaunchInterface launch, bool all);

  mlir::SymbolTable symbols;
  llvm::StringSet<> live;
};

} // namespace synfire::sim

#endif // SYNFIRE_PASSES_SIM_LIVEARRAYS_H
