//===- Boards.h - what makes a bitstream for a board ---===//
#ifndef SYNFIRE_TARGETS_VERILOG_BOARDS_H
#define SYNFIRE_TARGETS_VERILOG_BOARDS_H

#include "targets/verilog/Emit.h"

namespace synfire::verilog {

/// A top level for an iCEBreaker around the module `<name>_uart`, the pins, and a Makefile from
/// there to the bitstream. \p name is that of the design, as a name of hardware.
std::vector<File> icebreakerFiles(llvm::StringRef name);

/// How yosys makes a netlist for the chip of the board.
std::string icebreakerSynthesis(llvm::StringRef top);

} // namespace synfire::verilog

#endif // SYNFIRE_TARGETS_VERILOG_BOARDS_H
