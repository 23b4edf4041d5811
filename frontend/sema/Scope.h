//===- Scope.h - What names mean in an expression ---------------*- C++ -*-===//
//
// The expression builder asks a scope for everything that depends on where the
// expression stands: the meaning of names, and what may stand there at all.
//
//===----------------------------------------------------------------------===//

#ifndef SYNFIRE_FRONTEND_SEMA_SCOPE_H
#define SYNFIRE_FRONTEND_SEMA_SCOPE_H

#include "frontend/ast/AST.h"
#include "frontend/sema/DimensionSolver.h"
#include "frontend/sema/Node.h"

#include "llvm/ADT/StringRef.h"

namespace synfire::sema {

class ExprBuilder;
struct SourceUnit;

/// A resolved expression with its type.
struct Typed {
  enum class Kind {
    /// Already reported; takes part in nothing.
    Error,
    Number,
    Bool,
    String,
  };
  Kind kind = Kind::Error;
  NodePtr node;
  DimExpr dim;
  /// Of a string.
  std::string text;
  SourceRange range;

  static Typed error(SourceRange range = {});
  static Typed number(NodePtr node, DimExpr dim, SourceRange range);
  static Typed boolean(NodePtr node, SourceRange range);
  static Typed string(std::string text, SourceRange range);
  bool isError() const { return kind == Kind::Error; }
  bool isNumber() const { return kind == Kind::Number; }
};

/// What may stand in an expression besides arithmetic.
struct Permissions {
  bool time = false;
  bool step = true;
  bool noise = false;
  bool draw = false;
  bool index = false;
  bool distance = false;
  /// What the expression is, for messages: "an equation".
  std::string place = "this expression";
};

/// Where names are looked up. A lookup that finds nothing returns nullopt, one
/// that reported something returns an error value.
class Scope {
public:
  virtual ~Scope() = default;

  virtual std::optional<Typed> lookupName(llvm::StringRef name, SourceRange range) = 0;
  virtual std::optional<Typed> lookupField(const ast::FieldExpr &expr, ExprBuilder &builder);
  virtual std::optional<Typed> lookupIndex(const ast::IndexExpr &expr, ExprBuilder &builder);
  virtual std::optional<Typed> lookupColumn(const ast::ColumnExpr &expr, ExprBuilder &builder);
  /// `size(p)`, `count(spikes of E)` and whatever else only the place knows.
  virtual std::optional<Typed> lookupCall(const ast::CallExpr &expr, ExprBuilder &builder);
  /// A function that only this place knows, such as one of a neuron; its body
  /// sees the names of this scope.
  virtual const ast::FunctionDecl *lookupFunction(llvm::StringRef name);
  /// The names in reach, for proposals.
  virtual void addNames(std::vector<std::string> &names) const = 0;
  /// Where one of them is declared; an invalid range if that is not known.
  virtual SourceRange placeOf(llvm::StringRef name) const { return SourceRange(); }
  /// The file in which functions are looked up.
  virtual SourceUnit *getUnit() const = 0;
};

} // namespace synfire::sema

#endif // SYNFIRE_FRONTEND_SEMA_SCOPE_H
