//===- Holds.h - states that stay as they are in some steps ---===//
#ifndef SYNFIRE_PASSES_SIM_TO_RTL_HOLDS_H
#define SYNFIRE_PASSES_SIM_TO_RTL_HOLDS_H

#include "passes/sim-to-rtl/Design.h"

namespace synfire {

/// Says what an engine computes: the next value of each state, and whether a cell fires. A state
/// that a condition keeps as it is, as a refractory time does, is not written then; what is written
/// else need not choose it. For that, ops are added to the kernel.
void findResults(EnginePlan &engine);

} // namespace synfire

#endif // SYNFIRE_PASSES_SIM_TO_RTL_HOLDS_H
