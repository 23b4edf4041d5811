//===- Multipliers.h - which products get one of the target's multipliers ---===//
#ifndef SYNFIRE_PASSES_SIM_TO_RTL_MULTIPLIERS_H
#define SYNFIRE_PASSES_SIM_TO_RTL_MULTIPLIERS_H

#include "passes/sim-to-rtl/Design.h"
#include "passes/sim-to-rtl/Products.h"

namespace synfire {

/// Products with constants that are multipliers instead of sums: of those that the products of two
/// variables leave, as many as there are, where they save most.
Multiplied chooseMultipliers(const Design &design, unsigned multipliers);

} // namespace synfire

#endif // SYNFIRE_PASSES_SIM_TO_RTL_MULTIPLIERS_H
