//===- Dynamics.h - Equations, handlers and what stands in them -*- C++ -*-===//
//
// The statements of neurons, synapses and plasticity rules.
//
//===----------------------------------------------------------------------===//

#ifndef SYNFIRE_FRONTEND_AST_DYNAMICS_H
#define SYNFIRE_FRONTEND_AST_DYNAMICS_H

#include "frontend/ast/Stmt.h"

namespace synfire::ast {

/// `v' = (-v + R * I) / tau`, `x'' = ...`.
class EquationStmt : public StmtNode<Stmt::Kind::Equation> {
public:
  using StmtNode::StmtNode;
  Name state;
  /// 1 for `'`, 2 for `''`.
  unsigned order = 1;
  ExprPtr value;
};

enum class AssignOp { Set, Add, Sub, Mul, Div, Draw };

/// `v = c`, `u += d`, `post.v += weight`, `E.theta = 21 mV`, `step = 0.1 ms`,
/// `v ~ uniform(0 mV, 20 mV)`. One node per target, also where several settings
/// share a line.
class AssignStmt : public StmtNode<Stmt::Kind::Assign> {
public:
  using StmtNode::StmtNode;
  /// NameExpr, FieldExpr or IndexExpr.
  ExprPtr target;
  AssignOp op = AssignOp::Set;
  SourceRange opRange;
  /// A DrawExpr exactly where `op` is Draw.
  ExprPtr value;
};

/// `spike when v >= theta { ... }`, `spike when v crosses 0 mV` (N4).
class SpikeStmt : public StmtNode<Stmt::Kind::Spike> {
public:
  using StmtNode::StmtNode;
  /// As written; sema requires one comparison (`Crosses` included).
  ExprPtr condition;
  /// The reset; absent where nothing is reset.
  Block body;
};

/// `refractory t_ref`, `refractory T hold v, w`, `... hold nothing` (N5).
class RefractoryStmt : public StmtNode<Stmt::Kind::Refractory> {
public:
  using StmtNode::StmtNode;
  ExprPtr duration;
  /// Whether `hold` was written.
  bool hasHold = false;
  /// Empty for `hold nothing` and without `hold`.
  std::vector<Name> held;
};

/// `on pre { ... }`, `on post { ... }`, `on spike { ... }`,
/// `on post.dend.spike { ... }`.
class OnStmt : public StmtNode<Stmt::Kind::On> {
public:
  using StmtNode::StmtNode;
  enum class Event { Pre, Post, Spike };
  Event event = Event::Pre;
  /// Compartment whose spike is meant; absent for that of the cell.
  Name compartment;
  /// Index of the compartment, `on post.dend[3].spike`; null without one.
  ExprPtr compartmentIndex;
  SourceRange eventRange;
  Block body;
};

/// `release(p) { ... }` (S6).
class ReleaseStmt : public StmtNode<Stmt::Kind::Release> {
public:
  using StmtNode::StmtNode;
  ExprPtr probability;
  Block body;
};

/// `every T { ... }`, `every frame { ... }`: a timer of a rule (P1) or an
/// action of a protocol (C7, C8).
class EveryStmt : public StmtNode<Stmt::Kind::Every> {
public:
  using StmtNode::StmtNode;
  EveryClause every;
  Block body;
};

/// `bound weight in 0 .. w_max` (P3).
class BoundStmt : public StmtNode<Stmt::Kind::Bound> {
public:
  using StmtNode::StmtNode;
  Name target;
  Interval interval;
};

/// `prune when weight < w_min` (P5).
class PruneStmt : public StmtNode<Stmt::Kind::Prune> {
public:
  using StmtNode::StmtNode;
  ExprPtr condition;
  EveryClause every;
};

/// `grow probability p where correlation > c` (P5).
class GrowStmt : public StmtNode<Stmt::Kind::Grow> {
public:
  using StmtNode::StmtNode;
  ExprPtr probability;
  /// Null without `where`.
  ExprPtr condition;
  EveryClause every;
};

/// `solve v by rk4`, `solve v by euler in 2 steps, u by euler after v` (X1).
class SolveStmt : public StmtNode<Stmt::Kind::Solve> {
public:
  using StmtNode::StmtNode;
  struct Item {
    Name state;
    Name method;
    /// Of `in 2 steps`; null without it.
    ExprPtr steps;
    /// Of `after v`; absent without it.
    Name after;
    SourceRange range;
  };
  std::vector<Item> items;
};

/// `format v = Q6.10` (N9).
class FormatStmt : public StmtNode<Stmt::Kind::Format> {
public:
  using StmtNode::StmtNode;
  Name target;
  unsigned integerBits = 0;
  unsigned fractionBits = 0;
  SourceRange formatRange;
};

/// `compartment soma { ... }`, `compartment dend[10] { ... }` (N8).
class CompartmentDecl : public StmtNode<Stmt::Kind::Compartment> {
public:
  using StmtNode::StmtNode;
  Name name;
  /// Null for a single compartment.
  ExprPtr size;
  Block body;
};

/// `couple soma.v, dend.v by 4 nS`, `... for i in 0..8` (N8).
class CoupleStmt : public StmtNode<Stmt::Kind::Couple> {
public:
  using StmtNode::StmtNode;
  /// FieldExpr on a NameExpr or IndexExpr.
  ExprPtr first, second;
  ExprPtr conductance;
  ForClause loop;
};

/// The spelling of an operator: `=`, `+=`, `~`.
const char *spelling(AssignOp op);

} // namespace synfire::ast

#endif // SYNFIRE_FRONTEND_AST_DYNAMICS_H
