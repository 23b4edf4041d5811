//===- Stmt.h - Base of statements and declarations -------------*- C++ -*-===//
//
// A file is a list of statements and so is every block: declarations in a block
// may stand in any order, hence one base for both. The kinds are grouped by the
// header that declares them.
//
//===----------------------------------------------------------------------===//

#ifndef SYNFIRE_FRONTEND_AST_STMT_H
#define SYNFIRE_FRONTEND_AST_STMT_H

#include "frontend/ast/Expr.h"

namespace synfire::ast {

/// Base of everything that ends with a newline or `;`.
class Stmt {
public:
  enum class Kind {
    // Quantity.h
    Parameter,
    State,
    Input,
    Let,
    Function,
    // Model.h
    Neuron,
    Synapse,
    Plasticity,
    Prior,
    Circuit,
    Experiment,
    Use,
    // Dynamics.h
    Equation,
    Assign,
    Spike,
    Refractory,
    On,
    Release,
    Every,
    Bound,
    Prune,
    Grow,
    Solve,
    Format,
    Compartment,
    Couple,
    // Circuit.h
    Population,
    Project,
    Stimulate,
    Part,
    Port,
    For,
    // Knowledge.h
    Apply,
    Draw,
    Constrain,
    // Protocol.h
    Simulate,
    At,
    Repeat,
    AssignLabels,
    Report,
    Freeze,
    Record,
  };

  virtual ~Stmt();
  Kind getKind() const { return kind; }

  /// From the first token to the last, without the separator.
  SourceRange range;
  /// The `##` lines before it, joined by newlines, `## ` removed; may be empty.
  std::string doc;

protected:
  Stmt(Kind kind, SourceRange range) : range(range), kind(kind) {}

private:
  const Kind kind;
};

using StmtPtr = std::unique_ptr<Stmt>;

/// Supplies constructor and classof from the kind a node stands for.
template <Stmt::Kind K> class StmtNode : public Stmt {
public:
  static constexpr Kind kindOf = K;
  explicit StmtNode(SourceRange range) : Stmt(K, range) {}
  static bool classof(const Stmt *s) { return s->getKind() == K; }
};

/// `{ ... }`. An invalid range means that no block was written.
struct Block {
  std::vector<StmtPtr> stmts;
  /// From `{` to `}`.
  SourceRange range;

  bool isPresent() const { return range.isValid(); }
};

/// `for i in 0..4` at the end of a statement, or before a block.
struct ForClause {
  Name variable;
  /// A range, a list, a name of one, a column or a set; null without a clause.
  ExprPtr values;

  explicit operator bool() const { return values != nullptr; }
};

/// `every 1 ms`, `every frame`.
struct EveryClause {
  /// Null for `every frame` and without a clause.
  ExprPtr period;
  bool frame = false;
  SourceRange range;

  explicit operator bool() const { return range.isValid(); }
};

/// `a .. b` after `in`, `during`, `from ... to`.
struct Interval {
  ExprPtr low, high;

  explicit operator bool() const { return low != nullptr; }
};

/// The English name of a kind, as messages use it: "`spike` rule", "equation".
const char *describe(Stmt::Kind kind);

} // namespace synfire::ast

#endif // SYNFIRE_FRONTEND_AST_STMT_H
