//===- Quantity.h - Declarations of quantities ------------------*- C++ -*-===//
//
// `parameter`, `state`, `input`, `let` declare lists of quantities that share a
// line; `function` names an expression with arguments (N1, L4).
//
//===----------------------------------------------------------------------===//

#ifndef SYNFIRE_FRONTEND_AST_QUANTITY_H
#define SYNFIRE_FRONTEND_AST_QUANTITY_H

#include "frontend/ast/Stmt.h"

namespace synfire::ast {

/// One declared quantity: `tau = 20 ms`, `v : mV = steady`, `x' = 0 [mV/ms]`,
/// `w_max : weight`, `theta ~ normal(20 mV, 1 mV)`.
struct Quantity {
  Name name;
  /// Number of `'` after the name; other than 0 only for a state.
  unsigned order = 0;
  /// After `:`; may name another quantity of the declaration (L4).
  std::optional<Unit> dimension;
  /// A DrawExpr if `~` was written; null without a value.
  ExprPtr value;
  SourceRange range;
  /// Own doc comment, or that of the statement for its first quantity.
  std::string doc;
};

/// Common to the four statements that declare quantities.
template <Stmt::Kind K> class QuantityDecl : public StmtNode<K> {
public:
  using StmtNode<K>::StmtNode;
  /// At least one.
  std::vector<Quantity> quantities;
};

/// `parameter tau = 20 ms, theta = 20 mV`.
class ParameterDecl : public QuantityDecl<Stmt::Kind::Parameter> {
public:
  using QuantityDecl::QuantityDecl;
};

/// `state v = 0 mV, m = steady`.
class StateDecl : public QuantityDecl<Stmt::Kind::State> {
public:
  using QuantityDecl::QuantityDecl;
};

/// `input I : pA` of a neuron or a plasticity; in a circuit see PortDecl.
class InputDecl : public QuantityDecl<Stmt::Kind::Input> {
public:
  using QuantityDecl::QuantityDecl;
};

/// `let am = ...`.
class LetDecl : public QuantityDecl<Stmt::Kind::Let> {
public:
  using QuantityDecl::QuantityDecl;
};

/// `x : mV` of a function, `strength = 1` of a prior.
struct Param {
  Name name;
  std::optional<Unit> dimension;
  /// Default; null without one.
  ExprPtr value;
  SourceRange range;
};

/// `function f(x : mV) -> [1/ms] = ...`.
class FunctionDecl : public StmtNode<Stmt::Kind::Function> {
public:
  using StmtNode::StmtNode;
  Name name;
  std::vector<Param> params;
  std::optional<Unit> result;
  ExprPtr body;
};

} // namespace synfire::ast

#endif // SYNFIRE_FRONTEND_AST_QUANTITY_H
