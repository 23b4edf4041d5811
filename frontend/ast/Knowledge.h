//===- Knowledge.h - What is known before learning --------------*- C++ -*-===//
//
// `apply`, `draw` and `constrain`, the statements of a prior; they may stand in
// a circuit as well (R1 to R4).
//
//===----------------------------------------------------------------------===//

#ifndef SYNFIRE_FRONTEND_AST_KNOWLEDGE_H
#define SYNFIRE_FRONTEND_AST_KNOWLEDGE_H

#include "frontend/ast/Stmt.h"

namespace synfire::ast {

/// `apply Dale(exc, +1)`.
class ApplyStmt : public StmtNode<Stmt::Kind::Apply> {
public:
  using StmtNode::StmtNode;
  Name prior;
  std::vector<Argument> args;
  ForClause loop;
};

/// `draw exc -> exc : weight ~ lognormal(mean = 0.5 nS, cv = 0.8)`.
class DrawStmt : public StmtNode<Stmt::Kind::Draw> {
public:
  using StmtNode::StmtNode;
  ProjectionRef subject;
  Name parameter;
  std::unique_ptr<DrawExpr> value;
};

/// A predicate about connections:
/// - `constrain p -> * : effect == sign`
/// - `constrain density(exc -> exc) <= 15 %`
/// - `constrain sum(weight, by = post) of exc -> exc == 20 nS every 1 s`
/// - `constrain tied(weight) of {a, b}`
/// - `constrain ee : bound weight in 0 .. 2 nS`
class ConstrainStmt : public StmtNode<Stmt::Kind::Constrain> {
public:
  using StmtNode::StmtNode;
  /// Where the subject was written; matters for printing only.
  enum class SubjectForm { Before, Of, Argument };
  /// `effect`, `bound`, `tied`, `symmetric`, `sum`, `density`, `no_autapses`.
  Name predicate;
  /// Arguments without the subject. For `bound weight in ...` the one
  /// positional argument is `weight`.
  std::vector<Argument> args;
  ProjectionRef subject;
  SubjectForm subjectForm = SubjectForm::Before;
  /// The comparison `== sign`, `<= 15 %`; null value without one.
  CompareOp op = CompareOp::Equal;
  SourceRange opRange;
  ExprPtr value;
  /// `in a .. b`.
  Interval interval;
  EveryClause every;
};

} // namespace synfire::ast

#endif // SYNFIRE_FRONTEND_AST_KNOWLEDGE_H
