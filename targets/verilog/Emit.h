//===- Emit.h - Verilog of modules of registers and wires ---===//
//
// Each `rtl.module` becomes a file of Verilog-2005 that simulators, provers and synthesis tools
// read alike; the start values of memories are files beside it. One op is one text: what an op
// means is decided in the dialect, and made simple by the passes of passes/rtl/.
//
//===----------------------------------------------------------------------===//
#ifndef SYNFIRE_TARGETS_VERILOG_EMIT_H
#define SYNFIRE_TARGETS_VERILOG_EMIT_H

#include "dialects/rtl/Rtl.h"

#include "mlir/IR/BuiltinOps.h"

#include <string>
#include <vector>

namespace synfire::verilog {

/// A file by its name, which has no folder in it.
struct File {
  std::string name, text;
};

/// The files of all modules of a design, in the order of the modules.
mlir::FailureOr<std::vector<File>> emitVerilog(mlir::ModuleOp design);

/// Writes files into a folder, which is made if there is none; says in an error at `loc` what
/// failed.
mlir::LogicalResult writeFiles(llvm::ArrayRef<File> files, llvm::StringRef folder,
                               mlir::Location loc);

/// Registers `emit-verilog`, which prints a design or writes it to a folder.
void registerEmitVerilogPass();

} // namespace synfire::verilog

#endif // SYNFIRE_TARGETS_VERILOG_EMIT_H
