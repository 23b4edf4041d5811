//===- AST.h - The syntax tree of one file ----------------------*- C++ -*-===//
//
// The root node, and every other node header for those who need them all.
//
//===----------------------------------------------------------------------===//

#ifndef SYNFIRE_FRONTEND_AST_AST_H
#define SYNFIRE_FRONTEND_AST_AST_H

#include "frontend/ast/Circuit.h"
#include "frontend/ast/Dynamics.h"
#include "frontend/ast/Expr.h"
#include "frontend/ast/Knowledge.h"
#include "frontend/ast/Model.h"
#include "frontend/ast/Protocol.h"
#include "frontend/ast/Quantity.h"
#include "frontend/ast/Stmt.h"

namespace synfire::ast {

/// One parsed file. At file level stand NeuronDecl, SynapseDecl,
/// PlasticityDecl, PriorDecl, CircuitDecl, ExperimentDecl, UseDecl,
/// FunctionDecl, ParameterDecl and LetDecl.
struct File {
  FileId id;
  std::vector<StmtPtr> stmts;
  /// The `##` lines at the head of the file, if a blank line follows them.
  std::string doc;
};

} // namespace synfire::ast

#endif // SYNFIRE_FRONTEND_AST_AST_H
