//===- Node.h - Resolved expressions ----------------------------*- C++ -*-===//
//
// What an expression means after names, units and functions are resolved: a
// DAG over numbers in the base system. Functions are inlined, so what an
// argument computes is shared. IRGen writes these down; `evaluate` computes
// those that are known at compile time.
//
//===----------------------------------------------------------------------===//

#ifndef SYNFIRE_FRONTEND_SEMA_NODE_H
#define SYNFIRE_FRONTEND_SEMA_NODE_H

#include "frontend/source/SourceLocation.h"

#include "llvm/ADT/STLFunctionalExtras.h"

#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace synfire::sema {

struct ConnectionPart;
struct PopulationRef;

/// Whose variable is meant; the same cases as in the `neuro` dialect.
enum class Side { Self, Pre, Post };

/// What happens to a draw outside its interval (C3).
enum class DrawLimit { None, Redraw, Clip };

/// The functions of L5.
enum class Function {
  Exp,
  Log,
  Log10,
  Sqrt,
  Abs,
  Min,
  Max,
  Floor,
  Ceil,
  Round,
  Sin,
  Cos,
  Tan,
  Tanh
};

enum class NodeOp {
  Constant,
  True,
  False,
  /// A parameter, state, input or let: `side`, `name`, `scope`.
  Get,
  Time,
  Step,
  Index,
  Distance,
  /// Column `name` of the table `scope`.
  Column,
  /// Field `name` (`value`, `label`, `index`) of the frames `scope`.
  Frame,
  /// Stream `name`.
  Noise,
  /// Distribution `name`; arguments, then the interval of a limit.
  Draw,
  /// Spikes of `ref`.
  Count,
  Negate,
  Not,
  Add,
  Subtract,
  Multiply,
  Divide,
  Power,
  Equal,
  NotEqual,
  Less,
  LessEqual,
  Greater,
  GreaterEqual,
  And,
  Or,
  /// Whether a connection is one of `part`.
  Within,
  /// Condition, value if true, value if false.
  Select,
  /// `function` of the arguments.
  Call,
};

struct Node;
using NodePtr = std::shared_ptr<const Node>;

/// One operation of a resolved expression.
struct Node {
  NodeOp op = NodeOp::Constant;
  SourceRange range;
  double number = 0;
  std::string name;
  /// Get: the compartment that the variable is in, else empty.
  std::string scope;
  Side side = Side::Self;
  Function function = Function::Exp;
  DrawLimit limit = DrawLimit::None;
  std::shared_ptr<const PopulationRef> ref;
  std::shared_ptr<const ConnectionPart> part;
  std::vector<NodePtr> args;

  bool isConstant() const { return op == NodeOp::Constant; }
};

NodePtr makeConstant(double value, SourceRange range);
NodePtr makeBool(bool value, SourceRange range);
NodePtr makeNode(NodeOp op, SourceRange range, std::vector<NodePtr> args = {});
NodePtr makeGet(Side side, std::string name, SourceRange range, std::string scope = "");

/// What the leaves of an expression are worth; nothing if that is not known at
/// compile time.
using LeafValues = llvm::function_ref<std::optional<double>(const Node &)>;

/// The value (of a condition: 0 or 1), if everything in it is known.
std::optional<double> evaluate(const Node &node, LeafValues leaves);
std::optional<double> evaluate(const Node &node);

/// The first node for which the predicate holds, or null.
const Node *findNode(const Node &root, llvm::function_ref<bool(const Node &)> predicate);

} // namespace synfire::sema

#endif // SYNFIRE_FRONTEND_SEMA_NODE_H
