//===- Description.h - what a host and a report know of a design ---===//
//
// The top of a design has an attribute `rtl.design` that tells whose events have which numbers, the
// formats, the layout of sums and weights, and the run that the model asks for; `rtl.load` are the
// words that a host loads, `rtl.given` the steps and numbers of the events that the model gives,
// `rtl.hash` tells this design from others. A neuron engine has its `rtl.stages`.
//
//===----------------------------------------------------------------------===//
#ifndef SYNFIRE_PASSES_SIM_TO_RTL_DESCRIPTION_H
#define SYNFIRE_PASSES_SIM_TO_RTL_DESCRIPTION_H

#include "dialects/rtl/Rtl.h"
#include "passes/sim-to-rtl/Design.h"

namespace synfire {

inline constexpr llvm::StringLiteral designAttribute = "rtl.design", loadAttribute = "rtl.load",
                                     givenAttribute = "rtl.given", stagesAttribute = "rtl.stages",
                                     hashAttribute = "rtl.hash";

/// Writes the three attributes on a built design.
void describeDesign(const Design &design, const HardwareOptions &options, sim::ProgramOp program,
                    rtl::ModuleOp top);

/// The module of a text that is described, and which so is the top of a design.
rtl::ModuleOp describedModule(mlir::ModuleOp module);

} // namespace synfire

#endif // SYNFIRE_PASSES_SIM_TO_RTL_DESCRIPTION_H
