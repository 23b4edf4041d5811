//===- Description.h - what a host and a report know of a design ---===//
//
// Attributes of the top of a design; rtl.module says what is in them.
//
//===----------------------------------------------------------------------===//
#ifndef SYNFIRE_PASSES_SIM_TO_RTL_DESCRIPTION_H
#define SYNFIRE_PASSES_SIM_TO_RTL_DESCRIPTION_H

#include "dialects/rtl/Rtl.h"
#include "passes/sim-to-rtl/Design.h"

namespace synfire {

/// Writes `design`, `load` and `given` on a built design.
void describeDesign(const Design &design, const HardwareOptions &options, sim::ProgramOp program,
                    rtl::ModuleOp top);

/// The module of a text that is described, and which so is the top of a design.
rtl::ModuleOp describedModule(mlir::ModuleOp module);

} // namespace synfire

#endif // SYNFIRE_PASSES_SIM_TO_RTL_DESCRIPTION_H
