//===- Report.h - what a design is and costs, for people ---===//
#ifndef SYNFIRE_TOOLS_SYNFIRE_HARDWARE_REPORT_H
#define SYNFIRE_TOOLS_SYNFIRE_HARDWARE_REPORT_H

#include "tools/synfire/Driver.h"
#include "tools/synfire/hardware/Synthesis.h"

#include "mlir/IR/BuiltinOps.h"

namespace synfire::tool {

/// The text of `report.md`: formats, bounds, clocks and memories; and what was measured, if
/// anything was.
std::string reportOf(mlir::ModuleOp design, const BuildCommand &command, const Measured *measured);

} // namespace synfire::tool

#endif // SYNFIRE_TOOLS_SYNFIRE_HARDWARE_REPORT_H
