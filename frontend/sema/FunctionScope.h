//===- FunctionScope.h - Calls and their arguments --------------*- C++ -*-===//
//
// The scope of a function's body, and the matching of written arguments with
// parameters, which functions, distributions, rules and priors share.
//
//===----------------------------------------------------------------------===//

#ifndef SYNFIRE_FRONTEND_SEMA_FUNCTIONSCOPE_H
#define SYNFIRE_FRONTEND_SEMA_FUNCTIONSCOPE_H

#include "frontend/sema/Scope.h"

#include "llvm/ADT/ArrayRef.h"

namespace synfire {
class DiagnosticEngine;

namespace sema {
class Program;

/// Sees the parameters, then the file's constants; for a function of a neuron
/// or synapse also the names around it.
class FunctionScope : public Scope {
public:
  FunctionScope(Program &program, SourceUnit &unit, Scope *outer)
      : program(program), unit(unit), outer(outer) {}

  void bind(llvm::StringRef name, Typed value) {
    values.emplace_back(name.str(), std::move(value));
  }

  std::optional<Typed> lookupName(llvm::StringRef name, SourceRange range) override;
  const ast::FunctionDecl *lookupFunction(llvm::StringRef name) override;
  void addNames(std::vector<std::string> &names) const override;
  SourceUnit *getUnit() const override { return &unit; }

private:
  Program &program;
  SourceUnit &unit;
  Scope *outer;
  std::vector<std::pair<std::string, Typed>> values;
};

/// Puts written arguments in the order of the names; those not given stay null
/// and are reported unless `optional`. False if something was reported.
bool bindArguments(Program &program, llvm::StringRef callee, SourceRange range,
                   llvm::ArrayRef<ast::Argument> args, llvm::ArrayRef<std::string> names,
                   llvm::ArrayRef<bool> optional, std::vector<const ast::Expr *> &values);
bool bindArguments(Program &program, const ast::CallExpr &call, llvm::ArrayRef<std::string> names,
                   std::vector<const ast::Expr *> &values);
/// The same with parameters, of which those with a default may be left out.
bool bindArguments(Program &program, const ast::CallExpr &call, llvm::ArrayRef<ast::Param> params,
                   std::vector<const ast::Expr *> &values);

/// Whether this names a distribution of C3.
bool isDistribution(llvm::StringRef name);
/// Reports arguments of a draw that can be seen to be wrong: an empty interval,
/// a negative spread.
void checkDraw(const Node &draw, llvm::ArrayRef<std::string> names, DiagnosticEngine &diags);

} // namespace sema
} // namespace synfire

#endif // SYNFIRE_FRONTEND_SEMA_FUNCTIONSCOPE_H
