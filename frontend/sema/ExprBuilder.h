//===- ExprBuilder.h - From syntax to resolved expressions ------*- C++ -*-===//
//
// Resolves names through a scope, inlines functions, converts numbers to base
// units and checks dimensions (L4) as it goes.
//
//===----------------------------------------------------------------------===//

#ifndef SYNFIRE_FRONTEND_SEMA_EXPRBUILDER_H
#define SYNFIRE_FRONTEND_SEMA_EXPRBUILDER_H

#include "frontend/diagnostics/DiagnosticEngine.h"
#include "frontend/sema/Scope.h"

namespace synfire::sema {

class Program;

/// Builds expressions of one place.
class ExprBuilder {
public:
  ExprBuilder(Program &program, Scope &scope, DimensionSolver &solver, Permissions permissions);

  /// Any expression.
  Typed build(const ast::Expr &expr);
  /// One that must be a number; of the given dimension if there is one.
  Typed buildNumber(const ast::Expr &expr);
  Typed buildNumber(const ast::Expr &expr, const DimExpr &dim, llvm::StringRef what);
  /// One that must be true or false.
  Typed buildCondition(const ast::Expr &expr);
  /// The right side of `~`, of the given dimension.
  Typed buildDraw(const ast::DrawExpr &expr, const DimExpr &dim);

  /// Requires equal dimensions where both are numbers; `what` begins the
  /// message: "cannot add".
  bool unify(const Typed &a, const Typed &b, llvm::StringRef what, SourceRange range);
  /// Requires the dimension that a declaration or place asks for.
  bool require(const Typed &value, const DimExpr &dim, llvm::StringRef what);

  /// The dimension an annotation `: unit` stands for.
  std::optional<DimExpr> annotation(const ast::Unit &unit);

  /// Streams of noise are named `prefix.0`, `prefix.1`, ...
  void setStreamPrefix(std::string prefix) { streamPrefix = std::move(prefix); }

  DiagnosticEngine &getDiags() { return diags; }
  DimensionSolver &getSolver() { return solver; }
  Scope &getScope() { return scope; }
  Program &getProgram() { return program; }
  const Permissions &getPermissions() const { return permissions; }

private:
  Typed buildNumberLiteral(const ast::NumberExpr &expr, bool negative);
  Typed buildName(const ast::NameExpr &expr);
  Typed buildUnary(const ast::UnaryExpr &expr);
  Typed buildBinary(const ast::BinaryExpr &expr);
  Typed buildPower(const ast::BinaryExpr &expr, const Typed &base, const Typed &exponent);
  Typed buildCompare(const ast::CompareExpr &expr);
  Typed buildLogical(const ast::LogicalExpr &expr);
  Typed buildIf(const ast::IfExpr &expr);
  Typed buildCall(const ast::CallExpr &expr);
  Typed buildBuiltin(const ast::CallExpr &expr, Function function);
  Typed buildNoise(const ast::CallExpr &expr);
  Typed inlineFunction(const ast::CallExpr &expr, const ast::FunctionDecl &function,
                       SourceUnit &unit);
  Typed unknownName(llvm::StringRef name, SourceRange range);
  Typed notAllowed(llvm::StringRef what, SourceRange range);
  Typed misplaced(const ast::Expr &expr);

  Program &program;
  DiagnosticEngine &diags;
  Scope &scope;
  DimensionSolver &solver;
  Permissions permissions;
  std::string streamPrefix = "noise";
  unsigned numStreams = 0;
  /// Functions that are being inlined, to find recursion.
  std::vector<const ast::FunctionDecl *> inlining;
};

} // namespace synfire::sema

#endif // SYNFIRE_FRONTEND_SEMA_EXPRBUILDER_H
