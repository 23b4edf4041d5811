//===- BuildDynamics.cpp - Parse tree to AST: equations, handlers ---------===//

#include "frontend/parse/ASTBuilder.h"

using namespace synfire;
using namespace synfire::parse;
using namespace synfire::ast;
using llvm::StringRef;

Quantity ASTBuilder::quantity(P::QuantityContext *ctx, bool isState) {
  Quantity result;
  result.name = name(ctx->NAME());
  result.order = ctx->PRIME().size();
  result.range = range(ctx);
  result.doc = doc(ctx);
  result.dimension = dimension(ctx->dimension());
  if (ctx->value())
    result.value = value(ctx->value());
  else if (ctx->draw())
    result.value = draw(ctx->draw());
  if (result.order != 0 && !isState)
    error(diag::err_derivative_declared, result.name.range);
  else if (result.order > 1)
    error(diag::err_derivative_order, result.name.range) << result.name.text;
  return result;
}

/// `input x = pop` in a circuit.
StmtPtr ASTBuilder::ports(P::QuantitiesContext *ctx) {
  auto node = make<PortDecl>(ctx);
  for (auto *item : ctx->quantity()) {
    PortDecl::Port port;
    port.name = name(item->NAME());
    port.range = range(item);
    if (item->value())
      port.target = asPopRef(*value(item->value()), "the end");
    else
      error(diag::err_port_target, range(item)) << port.name.text << "input";
    if (port.target)
      node->ports.push_back(std::move(port));
  }
  return node;
}

StmtPtr ASTBuilder::quantities(P::QuantitiesContext *ctx, Place place) {
  bool isState = ctx->STATE();
  bool isInput = ctx->INPUT();
  if (isInput && place == Place::Circuit)
    return ports(ctx);
  std::vector<Quantity> quantities;
  for (auto *item : ctx->quantity()) {
    quantities.push_back(quantity(item, isState));
    if (isInput && quantities.back().value)
      error(diag::err_input_value, quantities.back().value->range);
  }
  auto finish = [&](auto node) -> StmtPtr {
    node->quantities = std::move(quantities);
    if (node->quantities.front().doc.empty())
      node->quantities.front().doc = doc(ctx);
    return node;
  };
  if (ctx->PARAMETER())
    return finish(make<ParameterDecl>(ctx));
  if (isState)
    return finish(make<StateDecl>(ctx));
  if (isInput)
    return finish(make<InputDecl>(ctx));
  return finish(make<LetDecl>(ctx));
}

void ASTBuilder::settings(P::SettingsContext *ctx, Place place, std::vector<StmtPtr> &out) {
  for (auto *item : ctx->setting())
    if (StmtPtr stmt = setting(item))
      out.push_back(std::move(stmt));
  bool mayList = place == Place::Settings || place == Place::Initial || place == Place::Protocol ||
                 place == Place::Action || place == Place::Fragment;
  if (!mayList && !ctx->COMMA().empty())
    error(diag::err_comma_between_statements, range(ctx->COMMA(0))) << describe(place);
}

StmtPtr ASTBuilder::equation(P::SettingContext *ctx) {
  auto node = make<EquationStmt>(ctx);
  SourceRange place = range(ctx->path());
  node->state = {text.slice(place.begin, place.end).str(), place};
  node->order = ctx->PRIME().size();
  if (ctx->path()->children.size() != 1)
    error(diag::err_not_named, place) << "'";
  if (node->order > 2)
    error(diag::err_derivative_order, place) << node->state.text;
  if (!ctx->ASSIGN())
    error(diag::err_derivative_operator,
          range(static_cast<Terminal *>(ctx->children[ctx->children.size() - 2])))
        << spelling(static_cast<Terminal *>(ctx->children[ctx->children.size() - 2]));
  node->value = value(ctx->value());
  return node;
}

StmtPtr ASTBuilder::setting(P::SettingContext *ctx) {
  auto *op = static_cast<Terminal *>(ctx->children[1]);
  if (op->getSymbol()->getType() == P::PRIME)
    return equation(ctx);
  auto node = make<AssignStmt>(ctx);
  node->target = path(static_cast<P::PathContext *>(ctx->children[0]));
  node->opRange = range(op);
  switch (op->getSymbol()->getType()) {
  case P::PLUSEQ:
    node->op = AssignOp::Add;
    break;
  case P::MINUSEQ:
    node->op = AssignOp::Sub;
    break;
  case P::STAREQ:
    node->op = AssignOp::Mul;
    break;
  case P::SLASHEQ:
    node->op = AssignOp::Div;
    break;
  case P::TILDE:
    node->op = AssignOp::Draw;
    break;
  default:
    node->op = AssignOp::Set;
  }
  antlr4::tree::ParseTree *right = ctx->children[2];
  if (node->op == AssignOp::Draw)
    node->value = draw(static_cast<P::DrawContext *>(right));
  else
    node->value = value(static_cast<P::ValueContext *>(right));
  return node;
}

StmtPtr ASTBuilder::spike(P::SpikeContext *ctx) {
  auto node = make<SpikeStmt>(ctx);
  node->condition = expr(ctx->expr());
  node->body = block(ctx->block(), Place::Reset);
  return node;
}

StmtPtr ASTBuilder::refractory(P::RefractoryContext *ctx) {
  auto node = make<RefractoryStmt>(ctx);
  node->duration = expr(ctx->expr());
  node->hasHold = ctx->HOLD();
  for (auto *word : ctx->NAME())
    node->held.push_back(name(word));
  if (node->held.size() == 1 && node->held[0].text == "nothing")
    node->held.clear();
  return node;
}

StmtPtr ASTBuilder::on(P::OnContext *ctx) {
  auto node = make<OnStmt>(ctx);
  using Event = OnStmt::Event;
  node->event = ctx->PRE() ? Event::Pre : ctx->POST() ? Event::Post : Event::Spike;
  auto *first = static_cast<Terminal *>(ctx->children[1]);
  std::vector<Terminal *> words = ctx->NAME();
  SourceRange last = range(words.empty() ? first : words.back());
  node->eventRange = range(first).to(last);
  // `post.spike` is `post`; `post.dend.spike` is that of a compartment.
  bool good = words.empty() || (node->event != Event::Spike && words.size() <= 2 &&
                                spelling(words.back()) == "spike");
  std::vector<P::IndexContext *> indices = ctx->index();
  if (good && words.size() == 2) {
    node->compartment = name(words[0]);
    if (indices.size() == 1 && indices[0]->value().size() == 1)
      node->compartmentIndex = value(indices[0]->value(0));
    else
      good = indices.empty();
  } else {
    good = good && indices.empty();
  }
  if (!good)
    error(diag::err_event, node->eventRange)
        << text.slice(node->eventRange.begin, node->eventRange.end);
  node->body = block(ctx->block(), Place::Handler);
  return node;
}

StmtPtr ASTBuilder::release(P::ReleaseContext *ctx) {
  auto node = make<ReleaseStmt>(ctx);
  node->probability = value(ctx->value());
  node->body = block(ctx->block(), Place::Handler);
  return node;
}

StmtPtr ASTBuilder::every(P::EveryContext *ctx, Place place) {
  auto node = make<EveryStmt>(ctx);
  node->every = everyClause(ctx->expr(), range(ctx->EVERY()).to(range(ctx->expr())));
  bool isProtocol = place == Place::Protocol || place == Place::Fragment;
  node->body = block(ctx->block(), isProtocol ? Place::Action : Place::Handler);
  return node;
}

StmtPtr ASTBuilder::bound(P::BoundContext *ctx) {
  auto node = make<BoundStmt>(ctx);
  node->target = name(ctx->NAME());
  node->interval = interval(ctx->interval());
  return node;
}

StmtPtr ASTBuilder::prune(P::PruneContext *ctx) {
  auto node = make<PruneStmt>(ctx);
  node->condition = expr(ctx->expr());
  node->every = everyClause(ctx->everyClause());
  return node;
}

StmtPtr ASTBuilder::grow(P::GrowContext *ctx) {
  auto node = make<GrowStmt>(ctx);
  expectWord(ctx->NAME(), "probability");
  node->probability = expr(ctx->expr(0));
  if (ctx->WHERE())
    node->condition = expr(ctx->expr(1));
  node->every = everyClause(ctx->everyClause());
  return node;
}

StmtPtr ASTBuilder::solve(P::SolveContext *ctx) {
  auto node = make<SolveStmt>(ctx);
  for (auto *item : ctx->solveItem()) {
    SolveStmt::Item &result = node->items.emplace_back();
    result.range = range(item);
    result.state = name(item->NAME(0));
    result.method = name(item->NAME(1));
    size_t next = 2;
    if (item->IN()) {
      auto steps = std::make_unique<NumberExpr>(range(item->NUMBER()));
      steps->value = parseNumber(item->NUMBER());
      steps->text = spelling(item->NUMBER()).str();
      result.steps = std::move(steps);
      expectWord(item->NAME(next++), "steps");
    }
    if (auto *word = item->NAME(next)) {
      expectWord(word, "after");
      result.after = name(item->NAME(next + 1));
    }
  }
  return node;
}

StmtPtr ASTBuilder::format(P::FormatContext *ctx) {
  auto node = make<FormatStmt>(ctx);
  node->target = name(ctx->NAME());
  node->formatRange = range(ctx->QFORMAT());
  auto [integer, fraction] = spelling(ctx->QFORMAT()).drop_front().split('.');
  if (integer.getAsInteger(10, node->integerBits) ||
      fraction.getAsInteger(10, node->fractionBits) || node->integerBits > 64 ||
      node->fractionBits > 64 || node->integerBits + node->fractionBits > 64)
    error(diag::err_format_width, node->formatRange) << spelling(ctx->QFORMAT());
  return node;
}

StmtPtr ASTBuilder::compartment(P::CompartmentContext *ctx) {
  auto node = make<CompartmentDecl>(ctx);
  node->name = name(ctx->NAME());
  if (ctx->value())
    node->size = value(ctx->value());
  node->body = block(ctx->block(), Place::Compartment);
  return node;
}

StmtPtr ASTBuilder::couple(P::CoupleContext *ctx) {
  auto node = make<CoupleStmt>(ctx);
  node->first = path(ctx->path(0));
  node->second = path(ctx->path(1));
  node->conductance = expr(ctx->expr());
  if (ctx->forClause())
    node->loop = forClause(ctx->forClause());
  return node;
}
