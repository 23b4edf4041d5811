//===- Tables.h - the data of a program as the tables of its model ---===//
#ifndef SYNFIRE_TARGETS_CPU_TABLES_H
#define SYNFIRE_TARGETS_CPU_TABLES_H

#include "dialects/sim/Sim.h"
#include "targets/cpu/TableBlock.h"

#include "llvm/IR/Module.h"

namespace synfire::cpu {

/// Makes the tables of synfire.h for a program whose functions are in a module; gives the place of
/// the syn_model in the block, or fails after a diagnostic.
mlir::FailureOr<uint64_t> fillTables(sim::ProgramOp program, llvm::Module &module,
                                     TableBlock &block);

/// Adds `synfire_model()` and the tables of synfire.h to a module that has the program's functions.
mlir::LogicalResult emitTables(sim::ProgramOp program, llvm::Module &module);

} // namespace synfire::cpu

#endif // SYNFIRE_TARGETS_CPU_TABLES_H
