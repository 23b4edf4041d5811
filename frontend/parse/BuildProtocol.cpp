//===- BuildProtocol.cpp - Parse tree to AST: priors, experiments ---------===//

#include "frontend/parse/ASTBuilder.h"

#include "llvm/ADT/StringSwitch.h"

using namespace synfire;
using namespace synfire::parse;
using namespace synfire::ast;
using llvm::StringRef;

StmtPtr ASTBuilder::apply(P::ApplyContext *ctx) {
  auto node = make<ApplyStmt>(ctx);
  node->prior = name(ctx->NAME());
  node->args = args(ctx->args());
  if (ctx->forClause())
    node->loop = forClause(ctx->forClause());
  return node;
}

StmtPtr ASTBuilder::drawStmt(P::DrawStmtContext *ctx) {
  auto node = make<DrawStmt>(ctx);
  node->subject = projectionRef(ctx->projectionRef());
  node->parameter = name(ctx->NAME());
  node->value = draw(ctx->draw());
  return node;
}

void ASTBuilder::predicate(P::PredicateContext *ctx, ConstrainStmt &stmt) {
  stmt.predicate = name(static_cast<Terminal *>(ctx->children[0]));
  if (ctx->args())
    stmt.args = args(ctx->args());
  if (!ctx->BOUND() || !ctx->NAME())
    return;
  // `bound weight in ...` reads as `bound(weight) in ...`.
  auto target = std::make_unique<NameExpr>(range(ctx->NAME()));
  target->name = spelling(ctx->NAME()).str();
  stmt.args.push_back({Name(), std::move(target)});
}

void ASTBuilder::constraintTail(P::ConstraintTailContext *ctx, ConstrainStmt &stmt) {
  if (ctx->interval()) {
    stmt.interval = interval(ctx->interval());
    return;
  }
  auto *op = static_cast<Terminal *>(ctx->children[0]);
  stmt.opRange = range(op);
  stmt.op = llvm::StringSwitch<CompareOp>(spelling(op))
                .Case("!=", CompareOp::NotEqual)
                .Case("<", CompareOp::Less)
                .Case("<=", CompareOp::LessEqual)
                .Case(">", CompareOp::Greater)
                .Case(">=", CompareOp::GreaterEqual)
                .Default(CompareOp::Equal);
  stmt.value = expr(ctx->expr());
}

/// The first argument of a predicate where it names a projection, not the weight.
static NameExpr *namedSubject(ConstrainStmt &stmt) {
  if (stmt.args.empty() || stmt.args.front().name)
    return nullptr;
  auto *name = llvm::dyn_cast_or_null<NameExpr>(stmt.args.front().value.get());
  return name && name->name != "weight" ? name : nullptr;
}

StmtPtr ASTBuilder::constrain(P::ConstrainContext *ctx) {
  auto node = make<ConstrainStmt>(ctx);
  predicate(ctx->predicate(), *node);
  if (ctx->projectionRef()) {
    node->subject = projectionRef(ctx->projectionRef());
    node->subjectForm =
        ctx->COLON() ? ConstrainStmt::SubjectForm::Before : ConstrainStmt::SubjectForm::Of;
  } else if (!node->args.empty() && llvm::isa<ArrowExpr>(node->args.front().value.get())) {
    // `density(exc -> exc)`: the subject is the argument.
    auto &arrow = llvm::cast<ArrowExpr>(*node->args.front().value);
    node->subject = std::move(arrow.ref);
    node->subjectForm = ConstrainStmt::SubjectForm::Argument;
    node->args.erase(node->args.begin());
  } else if (auto *projection = namedSubject(*node)) {
    // `density(ee)`: a projection by its name.
    auto ref = std::make_unique<PopRef>(PopRef::Kind::Path, projection->range);
    ref->path.emplace_back().name = {projection->name, projection->range};
    node->subject.range = projection->range;
    node->subject.source = std::move(ref);
    node->subjectForm = ConstrainStmt::SubjectForm::Argument;
    node->args.erase(node->args.begin());
  } else {
    error(diag::err_predicate_subject, range(ctx))
        .hint("write `constrain A -> B : " + node->predicate.text + "` or `constrain " +
              node->predicate.text + " of A -> B`");
  }
  if (ctx->constraintTail())
    constraintTail(ctx->constraintTail(), *node);
  node->every = everyClause(ctx->everyClause());
  return node;
}

StmtPtr ASTBuilder::simulate(P::SimulateContext *ctx) {
  auto node = make<SimulateStmt>(ctx);
  size_t next = 0;
  if (ctx->RUN())
    node->run = name(ctx->NAME(next++));
  node->circuit = name(ctx->NAME(next));
  if (ctx->args())
    node->args = args(ctx->args());
  for (auto *clause : ctx->simulateClause()) {
    if (clause->FOR()) {
      if (!isDuplicate(node->duration ? node->duration->range : SourceRange(), range(clause),
                       "the duration"))
        node->duration = expr(clause->expr());
    } else if (!isDuplicate(node->from.range, range(clause), "`from`")) {
      node->from = name(clause->NAME());
    }
  }
  node->body = block(ctx->block(), Place::Protocol);
  return node;
}

StmtPtr ASTBuilder::at(P::AtContext *ctx) {
  auto node = make<AtStmt>(ctx);
  node->time = expr(ctx->expr());
  node->body = block(ctx->block(), Place::Action);
  return node;
}

StmtPtr ASTBuilder::repeat(P::RepeatContext *ctx) {
  auto node = make<RepeatStmt>(ctx);
  expectWord(ctx->NAME(), "frame");
  node->condition = expr(ctx->expr());
  node->body = block(ctx->block(), Place::Action);
  return node;
}

StmtPtr ASTBuilder::assignLabels(P::AssignLabelsContext *ctx) {
  auto node = make<AssignLabelsStmt>(ctx);
  expectWord(ctx->NAME(0), "labels");
  node->population = popRef(ctx->popRef());
  node->evidence = name(ctx->NAME(1));
  node->label = expr(ctx->expr());
  return node;
}

StmtPtr ASTBuilder::report(P::ReportContext *ctx) {
  auto node = make<ReportStmt>(ctx);
  for (auto *item : ctx->expr())
    node->values.push_back(expr(item));
  if (ctx->projectionRef())
    node->of = projectionRef(ctx->projectionRef());
  return node;
}

StmtPtr ASTBuilder::freeze(P::FreezeContext *ctx) {
  auto node = make<FreezeStmt>(ctx);
  node->thaw = ctx->THAW();
  for (auto *item : ctx->popRef())
    node->projections.push_back(popRef(item));
  return node;
}

StmtPtr ASTBuilder::record(P::RecordContext *ctx) {
  auto node = make<RecordStmt>(ctx);
  for (auto *item : ctx->expr())
    node->values.push_back(expr(item));
  if (ctx->projectionRef())
    node->of = projectionRef(ctx->projectionRef());
  auto given = [](const ExprPtr &expr) { return expr ? expr->range : SourceRange(); };
  for (auto *clause : ctx->recordClause()) {
    if (clause->everyClause()) {
      if (!isDuplicate(node->every.range, range(clause), "`every`"))
        node->every = everyClause(clause->everyClause());
    } else if (clause->DURING()) {
      if (!isDuplicate(given(node->during.low), range(clause), "`during`"))
        node->during = interval(clause->interval());
    } else if (!isDuplicate(given(node->active.low), range(clause), "`from ... to`")) {
      node->active = interval(clause->expr(0), clause->expr(1));
    }
  }
  return node;
}
