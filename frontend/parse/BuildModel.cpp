//===- BuildModel.cpp - Parse tree to AST: statements, files --------------===//

#include "frontend/parse/ASTBuilder.h"

using namespace synfire;
using namespace synfire::parse;
using namespace synfire::ast;
using llvm::StringRef;

SourceRange ASTBuilder::range(const antlr4::Token *token) const {
  const Token &place = list.tokens[token->getTokenIndex()];
  return {list.file, place.begin, place.end};
}

SourceRange ASTBuilder::range(Rule *ctx) const {
  SourceRange first = range(ctx->start);
  return ctx->stop
             ? SourceRange(list.file, first.begin, std::max(first.begin, range(ctx->stop).end))
             : first;
}

StringRef ASTBuilder::spelling(Terminal *node) const {
  SourceRange place = range(node);
  return text.slice(place.begin, place.end);
}

Name ASTBuilder::name(Terminal *node) const { return {spelling(node).str(), range(node)}; }

std::string ASTBuilder::doc(Rule *ctx) const { return list.docs.lookup(range(ctx->start).begin); }

void ASTBuilder::expectWord(Terminal *node, StringRef word) {
  if (spelling(node) != word)
    error(diag::err_expected_word, range(node)) << word << spelling(node);
}

bool ASTBuilder::isDuplicate(SourceRange first, SourceRange second, StringRef clause) {
  if (!first.isValid())
    return false;
  (error(diag::err_duplicate_clause, second) << clause).note(diag::note_first_clause, first);
  return true;
}

std::vector<StmtPtr> ASTBuilder::file(P::FileContext *ctx, Place place) {
  std::vector<StmtPtr> result;
  for (auto *stmt : ctx->statement())
    statement(stmt, place, result);
  return result;
}

Block ASTBuilder::block(P::BlockContext *ctx, Place place) {
  Block result;
  if (!ctx)
    return result;
  result.range = range(ctx);
  for (auto *stmt : ctx->statement())
    statement(stmt, place, result.stmts);
  return result;
}

void ASTBuilder::statement(P::StatementContext *ctx, Place place, std::vector<StmtPtr> &out) {
  if (ctx->exception)
    return;
  size_t before = out.size();
  auto *child = static_cast<Rule *>(ctx->children[0]);
  if (child->getRuleIndex() == P::RuleSettings)
    settings(static_cast<P::SettingsContext *>(child), place, out);
  else if (StmtPtr stmt = single(ctx, place))
    out.push_back(std::move(stmt));
  std::string comment = doc(ctx);
  for (size_t i = before; i < out.size(); ++i) {
    checkPlacement(*out[i], place, diags);
    if (i == before)
      out[i]->doc = comment;
  }
}

/// Any statement but settings.
StmtPtr ASTBuilder::single(P::StatementContext *ctx, Place place) {
  auto *child = static_cast<Rule *>(ctx->children[0]);
  switch (child->getRuleIndex()) {
#define RULE(Name, function)                                                                       \
  case P::Rule##Name:                                                                              \
    return function(static_cast<P::Name##Context *>(child));
#define RULE_IN_PLACE(Name, function)                                                              \
  case P::Rule##Name:                                                                              \
    return function(static_cast<P::Name##Context *>(child), place);
    RULE_IN_PLACE(Quantities, quantities)
    RULE_IN_PLACE(Every, every)
    RULE_IN_PLACE(ForStmt, forStmt)
    RULE(Repeat, repeat)
    RULE(Function, function)
    RULE(Neuron, neuron)
    RULE(Synapse, synapse)
    RULE(Plasticity, plasticity)
    RULE(Prior, prior)
    RULE(Circuit, circuit)
    RULE(Experiment, experiment)
    RULE(Use, use)
    RULE(Spike, spike)
    RULE(Refractory, refractory)
    RULE(On, on)
    RULE(Release, release)
    RULE(Bound, bound)
    RULE(Prune, prune)
    RULE(Grow, grow)
    RULE(Solve, solve)
    RULE(Format, format)
    RULE(Compartment, compartment)
    RULE(Couple, couple)
    RULE(Population, population)
    RULE(Project, project)
    RULE(Stimulate, stimulate)
    RULE(Part, part)
    RULE(Output, output)
    RULE(Apply, apply)
    RULE(DrawStmt, drawStmt)
    RULE(Constrain, constrain)
    RULE(Simulate, simulate)
    RULE(At, at)
    RULE(AssignLabels, assignLabels)
    RULE(Report, report)
    RULE(Freeze, freeze)
    RULE(Record, record)
#undef RULE
#undef RULE_IN_PLACE
  default:
    return nullptr;
  }
}

Interval ASTBuilder::interval(P::ExprContext *low, P::ExprContext *high) {
  Interval result;
  result.low = expr(low);
  result.high = expr(high);
  return result;
}

Interval ASTBuilder::interval(P::IntervalContext *ctx) {
  return interval(ctx->expr(0), ctx->expr(1));
}

ForClause ASTBuilder::forClause(P::ForClauseContext *ctx) {
  ForClause result;
  result.variable = name(ctx->NAME());
  result.values = value(ctx->value());
  return result;
}

EveryClause ASTBuilder::everyClause(P::ExprContext *period, SourceRange range) {
  EveryClause result;
  result.range = range;
  ExprPtr value = expr(period);
  auto *word = llvm::dyn_cast<NameExpr>(value.get());
  result.frame = word && word->name == "frame";
  if (!result.frame)
    result.period = std::move(value);
  return result;
}

EveryClause ASTBuilder::everyClause(P::EveryClauseContext *ctx) {
  return ctx ? everyClause(ctx->expr(), range(ctx)) : EveryClause();
}

StmtPtr ASTBuilder::neuron(P::NeuronContext *ctx) {
  auto node = make<NeuronDecl>(ctx);
  node->name = name(ctx->NAME());
  node->body = block(ctx->block(), Place::Neuron);
  return node;
}

StmtPtr ASTBuilder::synapse(P::SynapseContext *ctx) {
  auto node = make<SynapseDecl>(ctx);
  node->name = name(ctx->NAME(0));
  if (auto *word = ctx->NAME(1)) {
    node->effectRange = range(word);
    if (spelling(word) == "excitatory")
      node->effect = SynapseDecl::Effect::Excitatory;
    else if (spelling(word) == "inhibitory")
      node->effect = SynapseDecl::Effect::Inhibitory;
    else
      error(diag::err_effect_word, range(word)) << spelling(word);
  }
  node->body = block(ctx->block(), Place::Synapse);
  return node;
}

StmtPtr ASTBuilder::plasticity(P::PlasticityContext *ctx) {
  auto node = make<PlasticityDecl>(ctx);
  node->name = name(ctx->NAME());
  node->body = block(ctx->block(), Place::Plasticity);
  return node;
}

StmtPtr ASTBuilder::prior(P::PriorContext *ctx) {
  auto node = make<PriorDecl>(ctx);
  node->name = name(ctx->NAME());
  node->params = params(ctx->params());
  node->body = block(ctx->block(), Place::Prior);
  return node;
}

StmtPtr ASTBuilder::circuit(P::CircuitContext *ctx) {
  auto node = make<CircuitDecl>(ctx);
  node->name = name(ctx->NAME());
  node->body = block(ctx->block(), Place::Circuit);
  return node;
}

StmtPtr ASTBuilder::experiment(P::ExperimentContext *ctx) {
  auto node = make<ExperimentDecl>(ctx);
  if (ctx->NAME())
    node->name = name(ctx->NAME());
  node->body = block(ctx->block(), Place::Experiment);
  return node;
}

StmtPtr ASTBuilder::use(P::UseContext *ctx) {
  auto node = make<UseDecl>(ctx);
  if (ctx->STRING()) {
    node->targetRange = range(ctx->STRING());
    node->path = llvm::cast<StringExpr>(*string(ctx->STRING())).value;
    return node;
  }
  for (auto *word : ctx->NAME()) {
    node->module.push_back(name(word));
    node->targetRange = node->targetRange.to(range(word));
  }
  return node;
}

std::vector<Param> ASTBuilder::params(P::ParamsContext *ctx) {
  std::vector<Param> result;
  if (!ctx)
    return result;
  for (auto *item : ctx->param()) {
    Param &param = result.emplace_back();
    param.name = name(item->NAME());
    param.dimension = dimension(item->dimension());
    if (item->value())
      param.value = value(item->value());
    param.range = range(item);
  }
  return result;
}

StmtPtr ASTBuilder::function(P::FunctionContext *ctx) {
  auto node = make<FunctionDecl>(ctx);
  node->name = name(ctx->NAME());
  node->params = params(ctx->params());
  node->result = dimension(ctx->dimension());
  node->body = value(ctx->value());
  return node;
}
