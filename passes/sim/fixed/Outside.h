//===- Outside.h - populations that fixed point leaves as they are ---===//
//
// What comes to a chip from outside is not computed on it: a population that hears no other one,
// and whose spikes come of what changes from frame to frame, is an input. It stays in floating
// point on the CPU, and hardware is given its spikes.
//
//===----------------------------------------------------------------------===//
#ifndef SYNFIRE_PASSES_SIM_FIXED_OUTSIDE_H
#define SYNFIRE_PASSES_SIM_FIXED_OUTSIDE_H

#include "dialects/sim/Sim.h"

#include "llvm/ADT/StringSet.h"

namespace synfire::sim {

/// The names of such domains.
llvm::StringSet<> outsidePopulations(ProgramOp program);

} // namespace synfire::sim

#endif // SYNFIRE_PASSES_SIM_FIXED_OUTSIDE_H
