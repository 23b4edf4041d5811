//===- PopRef.h - References to populations and projections -----*- C++ -*-===//
//
// What may stand beside `->`, after `of`, `project`, `stimulate`, `freeze`:
// never an expression, but a path, `*`, a set or a selection (L2).
//
//===----------------------------------------------------------------------===//

#ifndef SYNFIRE_FRONTEND_AST_POPREF_H
#define SYNFIRE_FRONTEND_AST_POPREF_H

#include "frontend/ast/Name.h"

#include <memory>
#include <vector>

namespace synfire::ast {

class Expr;
using ExprPtr = std::unique_ptr<Expr>;

/// One step of a path with its index: `seg[i]`, `out`, `dend[*]`, `N["AVAL"]`.
struct PathSegment {
  Name name;
  /// Index expressions; a RangeExpr for `[0..9]`, a StarExpr for `[*]`, several
  /// for a grid. Empty where no index is written.
  std::vector<ExprPtr> index;
};

/// A reference to one or several populations, ports or named projections.
class PopRef {
public:
  enum class Kind {
    /// `E`, `E[0..9]`, `N.dend[3]`, `seg[i].out`, `ee`: see `path`.
    Path,
    /// `*`: everything that fits.
    All,
    /// `{A, B}`: see `items`.
    Set,
    /// `(N where sign > 0)`: see `base` and `condition`.
    Selection,
  };

  PopRef(Kind kind, SourceRange range);
  ~PopRef();

  Kind kind;
  SourceRange range;
  /// Path: at least one segment.
  std::vector<PathSegment> path;
  /// Set: its members in source order.
  std::vector<std::unique_ptr<PopRef>> items;
  /// Selection: what is selected from.
  std::unique_ptr<PopRef> base;
  /// Selection: the condition, evaluated per element of `base`.
  ExprPtr condition;

  bool isPath() const { return kind == Kind::Path; }
  /// Path of a single segment without index: a plain name.
  bool isPlainName() const { return isPath() && path.size() == 1 && path[0].index.empty(); }
};

using PopRefPtr = std::unique_ptr<PopRef>;

/// What a rule, draw or constraint is about: `exc -> inh`, or a named
/// projection `ee` or set of them `{a, b}` (then `target` is null).
struct ProjectionRef {
  PopRefPtr source;
  PopRefPtr target;
  SourceRange range;

  explicit operator bool() const { return source != nullptr; }
};

} // namespace synfire::ast

#endif // SYNFIRE_FRONTEND_AST_POPREF_H
