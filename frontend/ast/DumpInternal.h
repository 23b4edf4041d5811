//===- DumpInternal.h - Pieces shared by the dump files ---------*- C++ -*-===//

#ifndef SYNFIRE_FRONTEND_AST_DUMPINTERNAL_H
#define SYNFIRE_FRONTEND_AST_DUMPINTERNAL_H

#include "frontend/ast/Dump.h"

namespace synfire::ast {

/// Separated by commas.
void dumpList(const std::vector<ExprPtr> &exprs, llvm::raw_ostream &os);
/// In parentheses.
void dumpArgs(const std::vector<Argument> &args, llvm::raw_ostream &os);
void dumpRef(const ProjectionRef &ref, llvm::raw_ostream &os);

} // namespace synfire::ast

#endif // SYNFIRE_FRONTEND_AST_DUMPINTERNAL_H
