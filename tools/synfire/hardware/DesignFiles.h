//===- DesignFiles.h - what stands beside the Verilog of a design ---===//
#ifndef SYNFIRE_TOOLS_SYNFIRE_HARDWARE_DESIGNFILES_H
#define SYNFIRE_TOOLS_SYNFIRE_HARDWARE_DESIGNFILES_H

#include "targets/verilog/Emit.h"
#include "tools/synfire/Driver.h"

#include "llvm/Support/JSON.h"

namespace synfire::tool {

/// What is known of a design, for its host, a report and other tools: populations and the numbers
/// of their events, formats, layout, the run of the model.
llvm::json::Object describedDesign(mlir::ModuleOp design, const BuildCommand &command);

/// `<name>.json`, the description; `<name>_load.hex`, the words that a host loads, a line each;
/// `<name>_given.csv`, the spikes that the model gives; and what the board needs.
std::vector<verilog::File> designFiles(mlir::ModuleOp design, const BuildCommand &command);

} // namespace synfire::tool

#endif // SYNFIRE_TOOLS_SYNFIRE_HARDWARE_DESIGNFILES_H
