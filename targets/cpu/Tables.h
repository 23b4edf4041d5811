//===- Tables.h - the data of a program as constants of its module ---===//
#ifndef SYNFIRE_TARGETS_CPU_TABLES_H
#define SYNFIRE_TARGETS_CPU_TABLES_H

#include "dialects/sim/Sim.h"

#include "llvm/IR/Module.h"

namespace synfire::cpu {

/// Adds `synfire_model()` and the tables of synfire.h to a module that has the program's functions.
mlir::LogicalResult emitTables(sim::ProgramOp program, llvm::Module &module);

} // namespace synfire::cpu

#endif // SYNFIRE_TARGETS_CPU_TABLES_H
