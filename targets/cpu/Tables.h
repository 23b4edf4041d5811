//===- Tables.h - the data of a program as the tables of its model ---===//
#ifndef SYNFIRE_TARGETS_CPU_TABLES_H
#define SYNFIRE_TARGETS_CPU_TABLES_H

#include "dialects/sim/Sim.h"
#include "targets/cpu/TableBlock.h"

#include "llvm/ADT/StringSet.h"
#include "llvm/IR/Module.h"

namespace synfire::cpu {

/// The data of a program, as its code finds it in memory.
struct Tables {
  TableBlock block;
  uint64_t model = 0; ///< the place of the syn_model in the block
};

/// Makes the tables of synfire.h for a program whose code defines `functions`; fails after a
/// diagnostic.
mlir::FailureOr<Tables> makeTables(sim::ProgramOp program, const llvm::StringSet<> &functions);

/// Adds `synfire_model()` and the tables to a module that has the program's functions.
void addTables(const Tables &tables, llvm::Module &module);

} // namespace synfire::cpu

#endif // SYNFIRE_TARGETS_CPU_TABLES_H
