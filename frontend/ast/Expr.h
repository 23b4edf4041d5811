//===- Expr.h - Expressions -------------------------------------*- C++ -*-===//
//
// Everything that can stand where a value is wanted. Nodes own their children
// and are not changed after parsing. `llvm::isa/cast/dyn_cast` work on them.
//
//===----------------------------------------------------------------------===//

#ifndef SYNFIRE_FRONTEND_AST_EXPR_H
#define SYNFIRE_FRONTEND_AST_EXPR_H

#include "frontend/ast/PopRef.h"

namespace synfire::ast {

/// Base of all expressions.
class Expr {
public:
  enum class Kind {
    Number,
    String,
    Name,
    Steady,
    Field,
    Index,
    Star,
    Call,
    Unary,
    Binary,
    Compare,
    Logical,
    If,
    List,
    Range,
    Draw,
    Column,
    Delayed,
    Frames,
    Of,
    Population,
    Arrow,
  };

  virtual ~Expr();
  Kind getKind() const { return kind; }

  /// The whole expression, parentheses around it not included.
  SourceRange range;

protected:
  Expr(Kind kind, SourceRange range) : range(range), kind(kind) {}

private:
  const Kind kind;
};

/// Supplies constructor and classof from the kind a node stands for.
template <Expr::Kind K> class ExprNode : public Expr {
public:
  static constexpr Kind kindOf = K;
  explicit ExprNode(SourceRange range) : Expr(K, range) {}
  static bool classof(const Expr *e) { return e->getKind() == K; }
};

/// `20`, `20 ms`, `120 [mS/cm^2]`. A sign is a UnaryExpr around it (for degC,
/// where the sign belongs to the number, sema looks for exactly that shape).
class NumberExpr : public ExprNode<Expr::Kind::Number> {
public:
  using ExprNode::ExprNode;
  double value = 0;
  /// The digits exactly as written, without the unit.
  std::string text;
  std::optional<Unit> unit;
};

/// `"train-images-idx3-ubyte.gz"`.
class StringExpr : public ExprNode<Expr::Kind::String> {
public:
  using ExprNode::ExprNode;
  /// The content, without quotes, escapes resolved.
  std::string value;
};

/// A plain name, and the reserved names of values: `t`, `dt`, `pi`, `inf`,
/// `pre`, `post`.
class NameExpr : public ExprNode<Expr::Kind::Name> {
public:
  using ExprNode::ExprNode;
  std::string name;
};

/// `steady` (N2).
class SteadyExpr : public ExprNode<Expr::Kind::Steady> {
public:
  using ExprNode::ExprNode;
};

/// `post.v`, `E.tau`, `digits.label`, `ee.Stdp.eta`.
class FieldExpr : public ExprNode<Expr::Kind::Field> {
public:
  using ExprNode::ExprNode;
  ExprPtr base;
  Name field;
};

/// `E[0]`, `E[0..9]`, `N["AVAL"]`, `E[i+1]`, `P[3, 4]`, `dend[*]`.
class IndexExpr : public ExprNode<Expr::Kind::Index> {
public:
  using ExprNode::ExprNode;
  ExprPtr base;
  /// At least one.
  std::vector<ExprPtr> indices;
};

/// `*` where an index or a population stands.
class StarExpr : public ExprNode<Expr::Kind::Star> {
public:
  using ExprNode::ExprNode;
};

/// An argument: `weight`, `by = post`.
struct Argument {
  /// Absent for a positional argument.
  Name name;
  ExprPtr value;
};

/// `exp(x)`, `noise()`, `poisson(rate = 8 Hz)`.
class CallExpr : public ExprNode<Expr::Kind::Call> {
public:
  using ExprNode::ExprNode;
  Name callee;
  std::vector<Argument> args;
};

enum class UnaryOp { Minus, Plus, Not };

/// `-x`, `+x`, `not c`.
class UnaryExpr : public ExprNode<Expr::Kind::Unary> {
public:
  using ExprNode::ExprNode;
  UnaryOp op = UnaryOp::Minus;
  ExprPtr operand;
};

enum class BinaryOp { Add, Sub, Mul, Div, Pow };

/// Arithmetic; `^` is right-associative (L5).
class BinaryExpr : public ExprNode<Expr::Kind::Binary> {
public:
  using ExprNode::ExprNode;
  BinaryOp op = BinaryOp::Add;
  SourceRange opRange;
  ExprPtr lhs, rhs;
};

/// `Crosses` only as the condition of `spike when` (N4).
enum class CompareOp { Equal, NotEqual, Less, LessEqual, Greater, GreaterEqual, Crosses };

/// A comparison; never chained.
class CompareExpr : public ExprNode<Expr::Kind::Compare> {
public:
  using ExprNode::ExprNode;
  CompareOp op = CompareOp::Equal;
  SourceRange opRange;
  ExprPtr lhs, rhs;
};

enum class LogicalOp { And, Or };

/// `a and b`, `a or b`.
class LogicalExpr : public ExprNode<Expr::Kind::Logical> {
public:
  using ExprNode::ExprNode;
  LogicalOp op = LogicalOp::And;
  SourceRange opRange;
  ExprPtr lhs, rhs;
};

/// `if c then a else b`.
class IfExpr : public ExprNode<Expr::Kind::If> {
public:
  using ExprNode::ExprNode;
  ExprPtr condition, thenValue, elseValue;
};

/// `["E23", "I23"]`; may be empty.
class ListExpr : public ExprNode<Expr::Kind::List> {
public:
  using ExprNode::ExprNode;
  std::vector<ExprPtr> items;
};

/// `0..9`, both ends included.
class RangeExpr : public ExprNode<Expr::Kind::Range> {
public:
  using ExprNode::ExprNode;
  ExprPtr low, high;
};

/// The right side of `~`: `normal(20 ms, 2 ms) in 15 ms .. 25 ms` (C3).
class DrawExpr : public ExprNode<Expr::Kind::Draw> {
public:
  using ExprNode::ExprNode;
  enum class Limit {
    None,
    /// `in a .. b`: draws again until inside.
    Redraw,
    /// `clipped to a .. b`: moves to the border.
    Clip,
  };
  /// Name and arguments of the distribution.
  std::unique_ptr<CallExpr> distribution;
  Limit limit = Limit::None;
  /// Null without a limit.
  ExprPtr low, high;
};

/// Values from a table (C4): `from "t.csv" column "tau" in [ms]`,
/// `from "t.csv" row p column q`, `column "count"`.
class ColumnExpr : public ExprNode<Expr::Kind::Column> {
public:
  using ExprNode::ExprNode;
  /// Path (string or name of a parameter); null: the table of the declaration
  /// that this stands in.
  ExprPtr file;
  /// Row, found by the first column; null: a whole column.
  ExprPtr row;
  ExprPtr column;
  std::optional<Unit> unit;
};

/// `DA.level delayed 5 ms`.
class DelayedExpr : public ExprNode<Expr::Kind::Delayed> {
public:
  using ExprNode::ExprNode;
  ExprPtr value, delay;
};

/// `frames idx "images.gz" labels "labels.gz" every 500 ms` (C7).
class FramesExpr : public ExprNode<Expr::Kind::Frames> {
public:
  using ExprNode::ExprNode;
  /// `idx`.
  Name format;
  ExprPtr path;
  /// Null where the file has no labels.
  ExprPtr labels;
  /// Null where not given.
  ExprPtr period;
};

/// `spikes of E` in `count(spikes of E)`, `sum(v) of A -> B`.
class OfExpr : public ExprNode<Expr::Kind::Of> {
public:
  using ExprNode::ExprNode;
  ExprPtr what;
  ProjectionRef of;
};

/// A set or a selection where a value stands, as in `Dale({A, B}, +1)` or
/// `size((N where sign > 0))`. A population that looks like an ordinary
/// expression (`E`, `E[0..9]`, `seg[i].out`) stays one; see toPopRef.
class PopulationExpr : public ExprNode<Expr::Kind::Population> {
public:
  using ExprNode::ExprNode;
  PopRefPtr ref;
};

/// `exc -> exc` as an argument.
class ArrowExpr : public ExprNode<Expr::Kind::Arrow> {
public:
  using ExprNode::ExprNode;
  ProjectionRef ref;
};

/// A deep copy; used where one written clause stands for several nodes.
ExprPtr clone(const Expr &expr);
/// A deep copy.
PopRefPtr clone(const PopRef &ref);

/// Reads an expression as a population reference (copying its indices): names,
/// fields, indices, `*`, sets, selections. Null if it cannot be one.
PopRefPtr toPopRef(const Expr &expr);

/// The spelling of an operator: `+`, `>=`, `and`, `crosses`.
const char *spelling(UnaryOp op);
const char *spelling(BinaryOp op);
const char *spelling(CompareOp op);
const char *spelling(LogicalOp op);

} // namespace synfire::ast

#endif // SYNFIRE_FRONTEND_AST_EXPR_H
