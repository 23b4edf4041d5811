//===- BuildCircuit.cpp - Parse tree to AST: circuits ---------------------===//

#include "frontend/parse/ASTBuilder.h"

using namespace synfire;
using namespace synfire::parse;
using namespace synfire::ast;
using llvm::StringRef;

StmtPtr ASTBuilder::population(P::PopulationContext *ctx) {
  auto node = make<PopulationDecl>(ctx);
  node->name = name(ctx->NAME(0));
  node->model = name(ctx->NAME(1));
  // A value before `:` is the index of a family, those after it are sizes.
  uint32_t colon = range(ctx->COLON()).begin;
  for (auto *item : ctx->value()) {
    if (range(item).begin < colon)
      node->familyIndex = value(item);
    else
      node->sizes.push_back(value(item));
  }
  for (auto *clause : ctx->populationClause())
    populationClause(clause, *node);
  return node;
}

void ASTBuilder::populationClause(P::PopulationClauseContext *ctx, PopulationDecl &decl) {
  if (auto *item = ctx->position()) {
    if (!isDuplicate(decl.position.range, range(ctx), "the position"))
      decl.position = position(item);
    return;
  }
  if (ctx->FROM()) {
    if (isDuplicate(decl.file ? decl.file->range : SourceRange(), range(ctx), "the file"))
      return;
    decl.file = operand(ctx->operand(0));
    if (ctx->NAME()) {
      expectWord(ctx->NAME(), "name");
      decl.nameColumn = operand(ctx->operand(1));
    }
    return;
  }
  for (auto *item : ctx->ruleUse())
    decl.rules.push_back(ruleUse(item));
  if (auto *item = ctx->block())
    if (!isDuplicate(decl.settings.range, range(item), "the block"))
      decl.settings = block(item, Place::Initial);
}

Position ASTBuilder::position(P::PositionContext *ctx) {
  Position result;
  result.range = range(ctx);
  Terminal *word = ctx->NAME(0);
  if (ctx->args()) {
    result.layout = std::make_unique<CallExpr>(range(ctx->NAME(0)).to(range(ctx->args())));
    result.layout->callee = name(ctx->NAME(0));
    result.layout->args = args(ctx->args());
    word = ctx->NAME(1);
  }
  for (auto *item : ctx->value())
    result.coordinates.push_back(value(item));
  result.unit = dimension(ctx->dimension());
  if (word) {
    expectWord(word, "periodic");
    result.periodic = true;
  }
  return result;
}

RuleUse ASTBuilder::ruleUse(P::RuleUseContext *ctx) {
  RuleUse result;
  result.range = range(ctx);
  result.rule = name(ctx->NAME(0));
  if (ctx->ON())
    result.target = name(ctx->NAME(1));
  result.settings = block(ctx->block(), Place::Settings);
  return result;
}

StmtPtr ASTBuilder::project(P::ProjectContext *ctx) {
  auto node = make<ProjectStmt>(ctx);
  node->source = popRef(ctx->popRef(0));
  node->target = popRef(ctx->popRef(1));
  for (auto *clause : ctx->projectClause())
    projectClause(clause, *node);
  return node;
}

void ASTBuilder::projectClause(P::ProjectClauseContext *ctx, ProjectStmt &stmt) {
  if (ctx->AS()) {
    if (!isDuplicate(stmt.name.range, range(ctx), "the name"))
      stmt.name = name(ctx->NAME());
    return;
  }
  if (ctx->COLON()) {
    if (isDuplicate(stmt.synapse.range, range(ctx), "the synapse"))
      return;
    stmt.synapse = name(ctx->NAME());
    stmt.settings = block(ctx->block(), Place::Settings);
    return;
  }
  if (ctx->CONNECT()) {
    if (isDuplicate(stmt.connect.empty() ? SourceRange() : stmt.connect.front().range, range(ctx),
                    "the connection rule"))
      return;
    for (auto *item : ctx->connectRule())
      stmt.connect.push_back(connectRule(item));
    return;
  }
  if (ctx->forClause()) {
    if (!isDuplicate(stmt.loop.variable.range, range(ctx), "the loop"))
      stmt.loop = forClause(ctx->forClause());
    return;
  }
  for (auto *item : ctx->ruleUse())
    stmt.rules.push_back(ruleUse(item));
}

ConnectRule ASTBuilder::connectRule(P::ConnectRuleContext *ctx) {
  ConnectRule result;
  result.range = range(ctx);
  if (ctx->NAME())
    result.rule = name(ctx->NAME());
  else
    result.file = operand(ctx->operand());
  for (auto *part : ctx->args())
    for (Argument &argument : args(part))
      result.args.push_back(std::move(argument));
  return result;
}

StmtPtr ASTBuilder::stimulate(P::StimulateContext *ctx) {
  auto node = make<StimulateStmt>(ctx);
  node->target = popRef(ctx->popRef());
  if (ctx->NAME())
    node->name = name(ctx->NAME());
  node->source = stimulusSource(ctx->stimulusSource());
  for (auto *clause : ctx->stimulateClause())
    stimulateClause(clause, *node);
  return node;
}

void ASTBuilder::stimulateClause(P::StimulateClauseContext *ctx, StimulateStmt &stmt) {
  auto given = [](const ExprPtr &expr) { return expr ? expr->range : SourceRange(); };
  if (ctx->THROUGH()) {
    if (isDuplicate(stmt.synapse.range, range(ctx), "`through`"))
      return;
    stmt.synapse = name(ctx->NAME());
    stmt.settings = block(ctx->block(), Place::Settings);
  } else if (ctx->DURING()) {
    if (!isDuplicate(given(stmt.during.low), range(ctx), "`during`"))
      stmt.during = interval(ctx->interval());
  } else if (ctx->FROM()) {
    if (!isDuplicate(given(stmt.active.low), range(ctx), "`from ... to`"))
      stmt.active = interval(ctx->expr(0), ctx->expr(1));
  } else if (!isDuplicate(stmt.loop.variable.range, range(ctx), "the loop")) {
    stmt.loop = forClause(ctx->forClause());
  }
}

StimulusSource ASTBuilder::stimulusSource(P::StimulusSourceContext *ctx) {
  StimulusSource result;
  result.range = range(ctx);
  result.name = name(ctx->NAME(0));
  if (ctx->FROM()) {
    result.form = StimulusSource::Form::SpikesFromFile;
    result.file = operand(ctx->operand());
  } else if (ctx->AT()) {
    result.form = StimulusSource::Form::SpikesAt;
    result.time = value(ctx->value());
    size_t next = 0;
    if (ctx->EVERY())
      result.period = expr(ctx->expr(next++));
    if (ctx->NAME(1)) {
      expectWord(ctx->NAME(1), "times");
      result.count = expr(ctx->expr(next));
    }
  }
  if (result.form != StimulusSource::Form::Call)
    expectWord(ctx->NAME(0), "spikes");
  if (ctx->args())
    result.args = args(ctx->args());
  return result;
}

StmtPtr ASTBuilder::part(P::PartContext *ctx) {
  auto node = make<PartDecl>(ctx);
  node->name = name(ctx->NAME(0));
  if (ctx->value())
    node->size = value(ctx->value());
  node->circuit = name(ctx->NAME(1));
  node->settings = block(ctx->block(), Place::Settings);
  return node;
}

StmtPtr ASTBuilder::output(P::OutputContext *ctx) {
  auto node = make<PortDecl>(ctx);
  node->isOutput = true;
  for (auto *item : ctx->port()) {
    PortDecl::Port &port = node->ports.emplace_back();
    port.name = name(item->NAME());
    port.target = popRef(item->popRef());
    port.range = range(item);
  }
  return node;
}

StmtPtr ASTBuilder::forStmt(P::ForStmtContext *ctx, Place place) {
  auto node = make<ForStmt>(ctx);
  node->loop = forClause(ctx->forClause());
  node->body = block(ctx->block(), place);
  return node;
}
