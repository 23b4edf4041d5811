//===- Dump.h - The AST as indented text ------------------------*- C++ -*-===//
//
// For tests and for study. Expressions are written in prefix form, `(+ a (* b
// c))`, so that precedence shows; places and spelling of numbers do not, so two
// files that mean the same dump alike.
//
//===----------------------------------------------------------------------===//

#ifndef SYNFIRE_FRONTEND_AST_DUMP_H
#define SYNFIRE_FRONTEND_AST_DUMP_H

#include "frontend/ast/AST.h"

namespace llvm {
class raw_ostream;
}

namespace synfire::ast {

void dump(const File &file, llvm::raw_ostream &os);
void dump(const Stmt &stmt, llvm::raw_ostream &os, unsigned indent = 0);
void dump(const Expr &expr, llvm::raw_ostream &os);
void dump(const PopRef &ref, llvm::raw_ostream &os);
void dump(const Unit &unit, llvm::raw_ostream &os);

} // namespace synfire::ast

#endif // SYNFIRE_FRONTEND_AST_DUMP_H
