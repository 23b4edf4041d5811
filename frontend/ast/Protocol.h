//===- Protocol.h - Runs and what is done during them -----------*- C++ -*-===//
//
// The statements of an experiment and of `simulate` blocks (C7, C8, P6).
// Settings (`step = 0.1 ms`) and parameter changes are AssignStmt, timers are
// EveryStmt (Dynamics.h).
//
//===----------------------------------------------------------------------===//

#ifndef SYNFIRE_FRONTEND_AST_PROTOCOL_H
#define SYNFIRE_FRONTEND_AST_PROTOCOL_H

#include "frontend/ast/Stmt.h"

namespace synfire::ast {

/// `simulate Brunel for 1 s { ... }`, `run train = simulate M for 1 s`,
/// `simulate M for 1 s from train { ... }`.
class SimulateStmt : public StmtNode<Stmt::Kind::Simulate> {
public:
  using StmtNode::StmtNode;
  /// Of `run train = `; absent without it.
  Name run;
  Name circuit;
  /// Parameters of the circuit: `simulate Brunel(g = 4) for 1 s`.
  std::vector<Argument> args;
  /// Null where no `for` was written (a run over all frames, sema decides).
  ExprPtr duration;
  /// The run whose end this one goes on from; absent without `from`.
  Name from;
  Block body;
};

/// `at 500 ms { ... }`.
class AtStmt : public StmtNode<Stmt::Kind::At> {
public:
  using StmtNode::StmtNode;
  ExprPtr time;
  Block body;
};

/// `repeat frame while count(spikes of E) < 5 { ... }`.
class RepeatStmt : public StmtNode<Stmt::Kind::Repeat> {
public:
  using StmtNode::StmtNode;
  ExprPtr condition;
  Block body;
};

/// `assign labels of E from spikes by digits.label`.
class AssignLabelsStmt : public StmtNode<Stmt::Kind::AssignLabels> {
public:
  using StmtNode::StmtNode;
  PopRefPtr population;
  /// What the assignment counts: `spikes`.
  Name evidence;
  /// `digits.label`.
  ExprPtr label;
};

/// `report accuracy`, `report accuracy of E`.
class ReportStmt : public StmtNode<Stmt::Kind::Report> {
public:
  using StmtNode::StmtNode;
  std::vector<ExprPtr> values;
  ProjectionRef of;
};

/// `freeze ee`, `thaw ee`.
class FreezeStmt : public StmtNode<Stmt::Kind::Freeze> {
public:
  using StmtNode::StmtNode;
  bool thaw = false;
  std::vector<PopRefPtr> projections;
};

/// `record spikes of {E, I}`, `record v of E[0..4] every 1 ms`,
/// `record ee.weight every 1 s`.
class RecordStmt : public StmtNode<Stmt::Kind::Record> {
public:
  using StmtNode::StmtNode;
  /// `spikes`, `v`, `ee.weight`: at least one.
  std::vector<ExprPtr> values;
  /// After `of`; absent for `record ee.weight`.
  ProjectionRef of;
  EveryClause every;
  /// `during a .. b`.
  Interval during;
  /// `from t0 to t1`.
  Interval active;
};

} // namespace synfire::ast

#endif // SYNFIRE_FRONTEND_AST_PROTOCOL_H
