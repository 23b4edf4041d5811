//===- CircuitScope.h - Names in a circuit ----------------------*- C++ -*-===//
//
// Two scopes: the values of a circuit, and those together with the quantities
// and columns of the population or projection whose settings are read.
//
//===----------------------------------------------------------------------===//

#ifndef SYNFIRE_FRONTEND_SEMA_CIRCUITSCOPE_H
#define SYNFIRE_FRONTEND_SEMA_CIRCUITSCOPE_H

#include "frontend/sema/Csv.h"
#include "frontend/sema/Elaborator.h"

namespace synfire::sema {

/// Parameters, `let`s, loop variables, populations of a circuit.
class CircuitScope : public ConstantScope {
public:
  CircuitScope(Elaborator &elaborator, Elaborator::Context &context);

  const Value *findValue(llvm::StringRef name) override;
  std::optional<Value> findPath(const ast::Expr &expr) override;
  std::optional<Typed> lookupName(llvm::StringRef name, SourceRange range) override;
  std::optional<Typed> lookupField(const ast::FieldExpr &expr, ExprBuilder &builder) override;
  std::optional<Typed> lookupCall(const ast::CallExpr &expr, ExprBuilder &builder) override;
  void addNames(std::vector<std::string> &names) const override;
  SourceUnit *getUnit() const override;

  /// Whether values of frames may be read (C7), and which were.
  bool allowFrames = false;
  std::vector<std::string> readFrames;

protected:
  Elaborator &elaborator;
  Elaborator::Context &context;
};

/// The same with what belongs to one population or projection.
class OwnerScope : public CircuitScope {
public:
  OwnerScope(Elaborator &elaborator, Elaborator::Context &context, const Model *model)
      : CircuitScope(elaborator, context), model(model) {}

  std::optional<Typed> lookupName(llvm::StringRef name, SourceRange range) override;
  std::optional<Typed> lookupField(const ast::FieldExpr &expr, ExprBuilder &builder) override;
  std::optional<Typed> lookupColumn(const ast::ColumnExpr &expr, ExprBuilder &builder) override;
  void addNames(std::vector<std::string> &names) const override;

  /// Own quantities win over names of the circuit; in selections.
  bool ownFirst = false;
  /// Also start values of states may be read.
  bool readsStates = false;
  /// The neurons of both ends of a projection, whose parameters may be read.
  const Model *pre = nullptr, *post = nullptr;
  /// The file of the declaration: bare `column`s are its.
  const CsvFile *file = nullptr;
  Table *table = nullptr;
  /// Rows that a column must have; -1 where columns have no place.
  int64_t numRows = -1;
  Permissions permissions;

private:
  std::optional<Typed> findOwn(llvm::StringRef name, SourceRange range);

  const Model *model;
};

} // namespace synfire::sema

#endif // SYNFIRE_FRONTEND_SEMA_CIRCUITSCOPE_H
