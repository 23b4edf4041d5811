//===- Decisions.h - which comparisons a bound of errors has to trust ---===//
//
// A bound holds as long as the quantised program and the original take the same side of every
// comparison. Nobody sees sides, but everybody sees spikes: so a bound is told only where equal
// spikes mean equal sides.
//
//===----------------------------------------------------------------------===//
#ifndef SYNFIRE_PASSES_SIM_FIXED_DECISIONS_H
#define SYNFIRE_PASSES_SIM_FIXED_DECISIONS_H

#include "dialects/sim/Sim.h"

namespace synfire::sim {

/// Whether all choices of a kernel are the same in two programs whose cells spiked alike, but for
/// those between the two values that are compared: these differ by no more than the values.
bool spikesDecideAll(KernelOp kernel);

} // namespace synfire::sim

#endif // SYNFIRE_PASSES_SIM_FIXED_DECISIONS_H
