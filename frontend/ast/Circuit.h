//===- Circuit.h - Populations, projections, stimuli, parts -----*- C++ -*-===//
//
// The statements a circuit is composed of (R1, C1 to C7).
//
//===----------------------------------------------------------------------===//

#ifndef SYNFIRE_FRONTEND_AST_CIRCUIT_H
#define SYNFIRE_FRONTEND_AST_CIRCUIT_H

#include "frontend/ast/Stmt.h"

namespace synfire::ast {

/// A plasticity rule where it is attached: `Stdp { w_max = 2 nS }`,
/// `Threshold on theta { ... }`.
struct RuleUse {
  Name rule;
  /// The parameter it is attached to; absent: `weight`.
  Name target;
  /// AssignStmt only.
  Block settings;
  SourceRange range;
};

/// `at grid(spacing = 1 mm)`, `at (column "x", column "y") in [um]` (C5).
struct Position {
  /// `grid(...)`, `uniform(...)`; null where coordinates are listed.
  std::unique_ptr<CallExpr> layout;
  /// One expression per dimension; empty where `layout` is set.
  std::vector<ExprPtr> coordinates;
  std::optional<Unit> unit;
  /// The word `periodic` after it.
  bool periodic = false;
  SourceRange range;

  explicit operator bool() const { return range.isValid(); }
};

/// `population E : Lif[10000] { v ~ uniform(0 mV, 20 mV) }`.
class PopulationDecl : public StmtNode<Stmt::Kind::Population> {
public:
  using StmtNode::StmtNode;
  Name name;
  /// Of a family: `population L[p] : ...` (C2); null otherwise.
  ExprPtr familyIndex;
  Name model;
  /// One per dimension; empty where the size follows from a file.
  std::vector<ExprPtr> sizes;
  Position position;
  /// `from "neurons.csv"`; null without a file.
  ExprPtr file;
  /// `name "name"`: the column that names the elements; null without it.
  ExprPtr nameColumn;
  std::vector<RuleUse> rules;
  /// AssignStmt, SolveStmt, FormatStmt.
  Block settings;
};

/// `connect fixed_indegree(1000)`, `connect from "file.csv" (pre = "a")`. The
/// options of a second argument list are appended to `args`.
struct ConnectRule {
  /// `one_to_one`, `probability`, ...; absent for a file.
  Name rule;
  std::vector<Argument> args;
  /// Path of `from`; null for a rule by name.
  ExprPtr file;
  SourceRange range;
};

/// `project E -> I as ei : Ampa { ... } with Stdp { ... } connect ...`.
class ProjectStmt : public StmtNode<Stmt::Kind::Project> {
public:
  using StmtNode::StmtNode;
  PopRefPtr source, target;
  /// After `as`.
  Name name;
  /// After `:`.
  Name synapse;
  /// AssignStmt only: weight, delay, other parameters.
  Block settings;
  std::vector<RuleUse> rules;
  /// Usually one; `low_rank(r)` may be added after a comma.
  std::vector<ConnectRule> connect;
  ForClause loop;
};

/// The process of a stimulus (C6).
struct StimulusSource {
  enum class Form {
    /// `poisson(rate)`, `current(amplitude)`, `noise_current(...)`.
    Call,
    /// `spikes from "file.csv"`.
    SpikesFromFile,
    /// `spikes at 10 ms every 50 ms times 60`, `spikes at [1 ms, 7 ms]`.
    SpikesAt,
  };
  Form form = Form::Call;
  /// `poisson`, `current`, `spikes`, ...
  Name name;
  /// Of Call; options after the path of SpikesFromFile.
  std::vector<Argument> args;
  /// Of SpikesFromFile.
  ExprPtr file;
  /// Of SpikesAt: a time or a list of times.
  ExprPtr time;
  /// Of SpikesAt; null without `every`, `times`.
  ExprPtr period, count;
  SourceRange range;
};

/// `stimulate {E, I} : poisson(rate = r) through Delta { weight = J }`.
class StimulateStmt : public StmtNode<Stmt::Kind::Stimulate> {
public:
  using StmtNode::StmtNode;
  /// A path may end in an input: `E.I`.
  PopRefPtr target;
  /// After `as`.
  Name name;
  StimulusSource source;
  /// After `through`; absent where it acts on an input directly.
  Name synapse;
  /// AssignStmt only.
  Block settings;
  /// `during a .. b`, from the start of each frame.
  Interval during;
  /// `from t0 to t1`, from the start of the run.
  Interval active;
  ForClause loop;
};

/// `part seg[6] : Segment { ... }` (C1).
class PartDecl : public StmtNode<Stmt::Kind::Part> {
public:
  using StmtNode::StmtNode;
  Name name;
  /// Null for a single part.
  ExprPtr size;
  Name circuit;
  /// AssignStmt only.
  Block settings;
};

/// `input x = pop`, `output y = pop` of a circuit (C1).
class PortDecl : public StmtNode<Stmt::Kind::Port> {
public:
  using StmtNode::StmtNode;
  struct Port {
    Name name;
    PopRefPtr target;
    SourceRange range;
  };
  bool isOutput = false;
  std::vector<Port> ports;
};

/// `for p in ["E23", "I23"] { ... }`, unrolled by sema (C2).
class ForStmt : public StmtNode<Stmt::Kind::For> {
public:
  using StmtNode::StmtNode;
  ForClause loop;
  Block body;
};

} // namespace synfire::ast

#endif // SYNFIRE_FRONTEND_AST_CIRCUIT_H
