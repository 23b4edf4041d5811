//===- Expr.cpp - Expressions ---------------------------------------------===//

#include "frontend/ast/Expr.h"
#include "frontend/ast/Dynamics.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/Support/Casting.h"

using namespace synfire;
using namespace synfire::ast;

Expr::~Expr() = default;

PopRef::PopRef(Kind kind, SourceRange range) : kind(kind), range(range) {}
PopRef::~PopRef() = default;

const char *ast::spelling(UnaryOp op) {
  switch (op) {
  case UnaryOp::Minus:
    return "-";
  case UnaryOp::Plus:
    return "+";
  case UnaryOp::Not:
    return "not";
  }
  return "";
}

const char *ast::spelling(BinaryOp op) {
  switch (op) {
  case BinaryOp::Add:
    return "+";
  case BinaryOp::Sub:
    return "-";
  case BinaryOp::Mul:
    return "*";
  case BinaryOp::Div:
    return "/";
  case BinaryOp::Pow:
    return "^";
  }
  return "";
}

const char *ast::spelling(CompareOp op) {
  switch (op) {
  case CompareOp::Equal:
    return "==";
  case CompareOp::NotEqual:
    return "!=";
  case CompareOp::Less:
    return "<";
  case CompareOp::LessEqual:
    return "<=";
  case CompareOp::Greater:
    return ">";
  case CompareOp::GreaterEqual:
    return ">=";
  case CompareOp::Crosses:
    return "crosses";
  }
  return "";
}

const char *ast::spelling(LogicalOp op) { return op == LogicalOp::And ? "and" : "or"; }

const char *ast::spelling(AssignOp op) {
  switch (op) {
  case AssignOp::Set:
    return "=";
  case AssignOp::Add:
    return "+=";
  case AssignOp::Sub:
    return "-=";
  case AssignOp::Mul:
    return "*=";
  case AssignOp::Div:
    return "/=";
  case AssignOp::Draw:
    return "~";
  }
  return "";
}

/// Collects the path of a name, field or index expression; false if `expr` is
/// none of these.
static bool collectPath(const Expr &expr, PopRef &ref) {
  if (auto *name = llvm::dyn_cast<NameExpr>(&expr)) {
    ref.path.push_back({Name{name->name, name->range}, {}});
    return true;
  }
  if (auto *field = llvm::dyn_cast<FieldExpr>(&expr)) {
    if (!collectPath(*field->base, ref))
      return false;
    ref.path.push_back({field->field, {}});
    return true;
  }
  auto *index = llvm::dyn_cast<IndexExpr>(&expr);
  if (!index || !collectPath(*index->base, ref) || !ref.path.back().index.empty())
    return false;
  for (const ExprPtr &item : index->indices)
    ref.path.back().index.push_back(clone(*item));
  return true;
}

PopRefPtr ast::toPopRef(const Expr &expr) {
  if (llvm::isa<StarExpr>(&expr))
    return std::make_unique<PopRef>(PopRef::Kind::All, expr.range);
  if (auto *population = llvm::dyn_cast<PopulationExpr>(&expr))
    return clone(*population->ref);
  auto ref = std::make_unique<PopRef>(PopRef::Kind::Path, expr.range);
  return collectPath(expr, *ref) ? std::move(ref) : nullptr;
}
