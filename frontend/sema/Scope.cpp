//===- Scope.cpp - What names mean in an expression -----------------------===//

#include "frontend/sema/Scope.h"

using namespace synfire;
using namespace synfire::sema;

Typed Typed::error(SourceRange range) {
  Typed result;
  result.range = range;
  result.node = makeConstant(0, range);
  return result;
}

Typed Typed::number(NodePtr node, DimExpr dim, SourceRange range) {
  Typed result;
  result.kind = Kind::Number;
  result.node = std::move(node);
  result.dim = std::move(dim);
  result.range = range;
  return result;
}

Typed Typed::boolean(NodePtr node, SourceRange range) {
  Typed result;
  result.kind = Kind::Bool;
  result.node = std::move(node);
  result.range = range;
  return result;
}

Typed Typed::string(std::string text, SourceRange range) {
  Typed result;
  result.kind = Kind::String;
  result.node = makeConstant(0, range);
  result.text = std::move(text);
  result.range = range;
  return result;
}

std::optional<Typed> Scope::lookupField(const ast::FieldExpr &, ExprBuilder &) {
  return std::nullopt;
}
std::optional<Typed> Scope::lookupIndex(const ast::IndexExpr &, ExprBuilder &) {
  return std::nullopt;
}
std::optional<Typed> Scope::lookupColumn(const ast::ColumnExpr &, ExprBuilder &) {
  return std::nullopt;
}
std::optional<Typed> Scope::lookupCall(const ast::CallExpr &, ExprBuilder &) {
  return std::nullopt;
}
const ast::FunctionDecl *Scope::lookupFunction(llvm::StringRef) { return nullptr; }
