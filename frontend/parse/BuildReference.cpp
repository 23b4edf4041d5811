//===- BuildReference.cpp - Parse tree to AST: references -----------------===//

#include "frontend/parse/ASTBuilder.h"

using namespace synfire;
using namespace synfire::parse;
using namespace synfire::ast;
using llvm::StringRef;

PopRefPtr ASTBuilder::popRef(P::PopRefContext *ctx) {
  if (ctx->path())
    return pathRef(ctx->path());
  if (ctx->set())
    return set(ctx->set());
  if (ctx->STAR())
    return std::make_unique<PopRef>(PopRef::Kind::All, range(ctx));
  auto ref = std::make_unique<PopRef>(PopRef::Kind::Selection, range(ctx));
  ref->base = popRef(ctx->popRef());
  ref->condition = expr(ctx->expr());
  return ref;
}

PopRefPtr ASTBuilder::set(P::SetContext *ctx) {
  auto ref = std::make_unique<PopRef>(PopRef::Kind::Set, range(ctx));
  for (auto *item : ctx->popRef())
    ref->items.push_back(popRef(item));
  return ref;
}

PopRefPtr ASTBuilder::pathRef(P::PathContext *ctx) {
  auto ref = std::make_unique<PopRef>(PopRef::Kind::Path, range(ctx));
  for (antlr4::tree::ParseTree *child : ctx->children) {
    if (auto *index = dynamic_cast<P::IndexContext *>(child)) {
      ref->path.back().index = this->index(index);
      continue;
    }
    auto *terminal = static_cast<Terminal *>(child);
    if (terminal->getSymbol()->getType() == P::DOT)
      continue;
    ref->path.emplace_back().name = name(terminal);
  }
  return ref;
}

ProjectionRef ASTBuilder::projectionRef(P::ProjectionRefContext *ctx) {
  ProjectionRef ref;
  ref.range = range(ctx);
  ref.source = popRef(ctx->popRef(0));
  if (ctx->popRef(1))
    ref.target = popRef(ctx->popRef(1));
  return ref;
}

/// An expression that turned out to stand before `->` or `where`.
PopRefPtr ASTBuilder::asPopRef(const Expr &expr, StringRef before) {
  PopRefPtr ref = toPopRef(expr);
  if (!ref)
    error(diag::err_not_population, expr.range) << before;
  return ref;
}
