//===- ConstantScope.h - Names whose values are known -----------*- C++ -*-===//
//
// The compile-time language: file and circuit parameters, `let`s, loop
// variables, lists, and the evaluation of expressions over them.
//
//===----------------------------------------------------------------------===//

#ifndef SYNFIRE_FRONTEND_SEMA_CONSTANTSCOPE_H
#define SYNFIRE_FRONTEND_SEMA_CONSTANTSCOPE_H

#include "frontend/sema/ExprBuilder.h"
#include "frontend/sema/Value.h"

namespace synfire::sema {

/// A scope whose names have values at compile time.
class ConstantScope : public Scope {
public:
  explicit ConstantScope(Program &program) : program(program) {}

  virtual const Value *findValue(llvm::StringRef name) = 0;
  /// A path written in an expression, such as `digits` or `seg[2].out`; null
  /// where it means nothing known.
  virtual std::optional<Value> findPath(const ast::Expr &) { return std::nullopt; }

  std::optional<Typed> lookupName(llvm::StringRef name, SourceRange range) override;
  std::optional<Typed> lookupIndex(const ast::IndexExpr &expr, ExprBuilder &builder) override;
  std::optional<Typed> lookupColumn(const ast::ColumnExpr &expr, ExprBuilder &builder) override;

protected:
  Program &program;
};

/// Parameters and `let`s at file level.
class FileScope : public ConstantScope {
public:
  FileScope(Program &program, SourceUnit &unit) : ConstantScope(program), unit(unit) {}

  const Value *findValue(llvm::StringRef name) override;
  void addNames(std::vector<std::string> &names) const override;
  SourceUnit *getUnit() const override { return &unit; }

private:
  SourceUnit &unit;
};

/// The value of an expression; reports what is not known at compile time.
Value evaluateValue(Program &program, const ast::Expr &expr, ConstantScope &scope);
/// A number of the given dimension; nothing after an error.
std::optional<double> evaluateNumber(Program &program, const ast::Expr &expr, ConstantScope &scope,
                                     Dimension dimension, llvm::StringRef what);
/// A whole number, such as a size.
std::optional<int64_t> evaluateInteger(Program &program, const ast::Expr &expr,
                                       ConstantScope &scope, llvm::StringRef what);
/// A string.
std::optional<Value> evaluateString(Program &program, const ast::Expr &expr, ConstantScope &scope,
                                    llvm::StringRef what);
/// The value of a declared quantity, or of what overrides it.
Value evaluateQuantity(Program &program, const ast::Quantity &quantity, ConstantScope &scope,
                       const ast::Expr *override);
/// The items of what stands after `in` of a `for`.
std::optional<std::vector<Value>> evaluateItems(Program &program, const ast::Expr &expr,
                                                ConstantScope &scope);

/// The path of a file that a string names (L6).
std::string resolvePath(Program &program, const Value &path);

/// `Owner.parameter` for every parameter in a declaration: what `--set` takes.
void addParameterNames(const ast::Stmt &stmt, llvm::StringRef owner,
                       std::vector<std::string> &names);

} // namespace synfire::sema

#endif // SYNFIRE_FRONTEND_SEMA_CONSTANTSCOPE_H
