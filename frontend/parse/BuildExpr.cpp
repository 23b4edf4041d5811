//===- BuildExpr.cpp - Parse tree to AST: expressions ---------------------===//

#include "frontend/parse/ASTBuilder.h"

#include <charconv>
#include <cmath>

using namespace synfire;
using namespace synfire::parse;
using namespace synfire::ast;
using llvm::StringRef;

/// Digits to the nearest double.
double ASTBuilder::parseNumber(Terminal *node) {
  StringRef digits = spelling(node);
  double value = 0;
  // A number too small for a double is no error: it is the least one, or 0.
  if (std::from_chars(digits.begin(), digits.end(), value).ec == std::errc())
    return value;
  if (digits.getAsDouble(value) || !std::isfinite(value)) {
    error(diag::err_number_range, range(node)) << digits;
    return 0;
  }
  return value;
}

ExprPtr ASTBuilder::value(P::ValueContext *ctx) {
  if (ctx->children.size() == 1 && ctx->start->getType() != P::STAR)
    return expr(static_cast<P::ExprContext *>(ctx->children[0]));
  if (ctx->STAR()) {
    auto star = std::make_unique<PopRef>(PopRef::Kind::All, range(ctx->STAR()));
    if (!ctx->ARROW())
      return std::make_unique<StarExpr>(range(ctx->STAR()));
    auto arrow = make<ArrowExpr>(ctx);
    arrow->ref = {std::move(star), popRef(ctx->popRef()), range(ctx)};
    return arrow;
  }
  ExprPtr first = expr(ctx->expr(0));
  if (ctx->DOTDOT()) {
    auto node = make<RangeExpr>(ctx);
    node->low = std::move(first);
    node->high = expr(ctx->expr(1));
    return node;
  }
  if (ctx->DELAYED()) {
    auto node = make<DelayedExpr>(ctx);
    node->value = std::move(first);
    node->delay = expr(ctx->expr(1));
    return node;
  }
  if (ctx->OF()) {
    auto node = make<OfExpr>(ctx);
    node->what = std::move(first);
    node->of = projectionRef(ctx->projectionRef());
    return node;
  }
  if (ctx->WHERE()) {
    auto ref = std::make_unique<PopRef>(PopRef::Kind::Selection, range(ctx));
    ref->base = asPopRef(*first, "where");
    ref->condition = expr(ctx->expr(1));
    return ref->base ? wrap(std::move(ref), range(ctx)) : std::move(first);
  }
  if (ctx->ARROW()) {
    auto node = make<ArrowExpr>(ctx);
    node->ref.source = asPopRef(*first, "->");
    node->ref.target = popRef(ctx->popRef());
    node->ref.range = range(ctx);
    return node->ref.source ? std::move(node) : std::move(first);
  }
  return first;
}

ExprPtr ASTBuilder::wrap(PopRefPtr ref, SourceRange range) {
  auto node = std::make_unique<PopulationExpr>(range);
  node->ref = std::move(ref);
  return node;
}

// The alternatives of `expr` differ in their number of children, those of
// `primary` in their first token. Asking the context for its parts by type
// would search its children for each, and most of a file is expressions.
ExprPtr ASTBuilder::expr(P::ExprContext *ctx) {
  const auto &children = ctx->children;
  auto operand = [&](size_t i) { return static_cast<P::ExprContext *>(children[i]); };
  switch (children.size()) {
  case 1:
    return primary(static_cast<P::PrimaryContext *>(children[0]));
  case 2: {
    auto node = make<UnaryExpr>(ctx);
    size_t op = ctx->start->getType();
    node->op = op == P::NOT ? UnaryOp::Not : op == P::PLUS ? UnaryOp::Plus : UnaryOp::Minus;
    node->operand = expr(operand(1));
    return node;
  }
  case 3:
    return binary(ctx, operand(0), operand(2));
  default: {
    auto node = make<IfExpr>(ctx);
    node->condition = expr(operand(1));
    node->thenValue = expr(operand(3));
    node->elseValue = expr(operand(5));
    return node;
  }
  }
}

ExprPtr ASTBuilder::binary(P::ExprContext *ctx, P::ExprContext *lhs, P::ExprContext *rhs) {
  auto *opNode = static_cast<Terminal *>(ctx->children[1]);
  auto arithmetic = [&](BinaryOp op) -> ExprPtr {
    auto node = make<BinaryExpr>(ctx);
    node->op = op;
    node->opRange = range(opNode);
    node->lhs = expr(lhs);
    node->rhs = expr(rhs);
    return node;
  };
  auto logical = [&](LogicalOp op) -> ExprPtr {
    auto node = make<LogicalExpr>(ctx);
    node->op = op;
    node->opRange = range(opNode);
    node->lhs = expr(lhs);
    node->rhs = expr(rhs);
    return node;
  };
  switch (opNode->getSymbol()->getType()) {
  case P::CARET:
    return arithmetic(BinaryOp::Pow);
  case P::STAR:
    return arithmetic(BinaryOp::Mul);
  case P::SLASH:
    return arithmetic(BinaryOp::Div);
  case P::PLUS:
    return arithmetic(BinaryOp::Add);
  case P::MINUS:
    return arithmetic(BinaryOp::Sub);
  case P::AND:
    return logical(LogicalOp::And);
  case P::OR:
    return logical(LogicalOp::Or);
  default:
    return compare(ctx);
  }
}

static CompareOp compareOp(size_t type) {
  using P = grammar::SynfireParser;
  switch (type) {
  case P::NE:
    return CompareOp::NotEqual;
  case P::LT:
    return CompareOp::Less;
  case P::LE:
    return CompareOp::LessEqual;
  case P::GT:
    return CompareOp::Greater;
  case P::GE:
    return CompareOp::GreaterEqual;
  case P::CROSSES:
    return CompareOp::Crosses;
  default:
    return CompareOp::Equal;
  }
}

ExprPtr ASTBuilder::compare(P::ExprContext *ctx) {
  auto *opNode = static_cast<Terminal *>(ctx->children[1]);
  auto node = make<CompareExpr>(ctx);
  node->op = compareOp(opNode->getSymbol()->getType());
  node->opRange = range(opNode);
  node->lhs = expr(ctx->expr(0));
  node->rhs = expr(ctx->expr(1));
  // `(a < b) == c` has parentheses and is sema's business.
  bool bare = !ctx->expr(0)->primary();
  if (bare && llvm::isa<CompareExpr>(node->lhs.get())) {
    auto middle = ctx->expr(0)->expr(1);
    StringRef shown = middle ? text.slice(range(middle).begin, range(middle).end) : StringRef("b");
    error(diag::err_chained_comparison, node->opRange)
        .hint("write `... and " + shown + " " + ast::spelling(node->op) + " ...`");
  }
  return node;
}

ExprPtr ASTBuilder::number(P::PrimaryContext *ctx) {
  auto node = make<NumberExpr>(ctx);
  auto *digits = static_cast<Terminal *>(ctx->children[0]);
  node->value = parseNumber(digits);
  node->text = spelling(digits).str();
  if (ctx->children.size() == 1)
    return node;
  if (auto *brackets = ctx->unitBrackets())
    node->unit = unit(brackets);
  else
    node->unit = bareUnit(ctx->UNIT());
  return node;
}

ExprPtr ASTBuilder::string(Terminal *node) {
  auto result = std::make_unique<StringExpr>(range(node));
  StringRef content = spelling(node);
  // Strings in wrong quotes and open ones were reported; they lack the quotes.
  content = content.drop_front();
  if (content.ends_with("\"") || content.ends_with("'"))
    content = content.drop_back();
  for (size_t i = 0; i < content.size(); ++i) {
    if (content[i] != '\\' || i + 1 == content.size()) {
      result->value += content[i];
      continue;
    }
    char c = content[++i];
    if (c == 'n' || c == 't') {
      result->value += c == 'n' ? '\n' : '\t';
      continue;
    }
    if (c != '"' && c != '\\')
      error(diag::err_string_escape, range(node)) << StringRef(&c, 1);
    result->value += c;
  }
  return result;
}

ExprPtr ASTBuilder::primary(P::PrimaryContext *ctx) {
  switch (ctx->start->getType()) {
  case P::NUMBER:
    return number(ctx);
  case P::LPAREN:
    return value(ctx->value(0));
  case P::STRING:
    return string(ctx->STRING());
  case P::STEADY:
    return make<SteadyExpr>(ctx);
  case P::LBRACK: {
    auto node = make<ListExpr>(ctx);
    for (auto *item : ctx->value())
      node->items.push_back(value(item));
    return node;
  }
  case P::LSET:
    return wrap(set(ctx->set()), range(ctx));
  case P::FROM:
  case P::ROW:
  case P::COLUMN:
    return column(ctx->column());
  case P::FRAMES:
    return frames(ctx->frames());
  default: {
    auto *inner = static_cast<P::PathContext *>(ctx->children[0]);
    if (ctx->args())
      return call(inner, ctx->args(), ctx);
    ExprPtr result = path(inner);
    // The derivative of a second order equation is a state with this name (N1).
    for (size_t i = 0; i < ctx->PRIME().size(); ++i) {
      if (auto *name = llvm::dyn_cast<NameExpr>(result.get()))
        name->name += '\'';
      else if (auto *field = llvm::dyn_cast<FieldExpr>(result.get()))
        field->field.text += '\'';
    }
    return result;
  }
  }
}

ExprPtr ASTBuilder::path(P::PathContext *ctx) {
  if (ctx->children.size() == 1) {
    auto node = make<NameExpr>(ctx);
    node->name = spelling(static_cast<Terminal *>(ctx->children[0])).str();
    return node;
  }
  ExprPtr result;
  uint32_t begin = range(ctx).begin;
  for (antlr4::tree::ParseTree *child : ctx->children) {
    if (auto *index = dynamic_cast<P::IndexContext *>(child)) {
      auto node = std::make_unique<IndexExpr>(SourceRange(list.file, begin, range(index).end));
      node->base = std::move(result);
      node->indices = this->index(index);
      result = std::move(node);
      continue;
    }
    auto *terminal = static_cast<Terminal *>(child);
    if (terminal->getSymbol()->getType() == P::DOT)
      continue;
    if (!result) {
      auto node = std::make_unique<NameExpr>(range(terminal));
      node->name = spelling(terminal).str();
      result = std::move(node);
      continue;
    }
    auto node = std::make_unique<FieldExpr>(SourceRange(list.file, begin, range(terminal).end));
    node->base = std::move(result);
    node->field = name(terminal);
    result = std::move(node);
  }
  return result;
}

ExprPtr ASTBuilder::call(P::PathContext *callee, P::ArgsContext *args, Rule *whole) {
  auto node = make<CallExpr>(whole);
  node->callee = name(static_cast<Terminal *>(callee->children[0]));
  if (callee->children.size() != 1)
    error(diag::err_bad_call, range(callee));
  node->args = this->args(args);
  return node;
}

std::vector<Argument> ASTBuilder::args(P::ArgsContext *ctx) {
  std::vector<Argument> result;
  for (auto *arg : ctx->arg()) {
    Argument &argument = result.emplace_back();
    if (arg->children.size() != 1)
      argument.name = name(arg->NAME());
    argument.value = value(static_cast<P::ValueContext *>(arg->children.back()));
  }
  return result;
}

std::vector<ExprPtr> ASTBuilder::index(P::IndexContext *ctx) {
  std::vector<ExprPtr> result;
  for (auto *item : ctx->value())
    result.push_back(value(item));
  return result;
}

ExprPtr ASTBuilder::operand(P::OperandContext *ctx) {
  if (ctx->STRING())
    return string(ctx->STRING());
  if (ctx->path())
    return path(ctx->path());
  auto node = make<NumberExpr>(ctx);
  node->value = parseNumber(ctx->NUMBER());
  node->text = spelling(ctx->NUMBER()).str();
  return node;
}

ExprPtr ASTBuilder::column(P::ColumnContext *ctx) {
  auto node = make<ColumnExpr>(ctx);
  size_t next = 0;
  if (ctx->FROM())
    node->file = operand(ctx->operand(next++));
  if (ctx->ROW())
    node->row = operand(ctx->operand(next++));
  node->column = operand(ctx->operand(next));
  node->unit = dimension(ctx->dimension());
  return node;
}

ExprPtr ASTBuilder::frames(P::FramesContext *ctx) {
  auto node = make<FramesExpr>(ctx);
  node->format = name(ctx->NAME(0));
  node->path = operand(ctx->operand(0));
  if (ctx->operand(1)) {
    expectWord(ctx->NAME(1), "labels");
    node->labels = operand(ctx->operand(1));
  }
  if (ctx->expr())
    node->period = expr(ctx->expr());
  return node;
}

std::unique_ptr<DrawExpr> ASTBuilder::draw(P::DrawContext *ctx) {
  auto node = make<DrawExpr>(ctx);
  node->distribution = std::make_unique<CallExpr>(range(ctx->NAME()).to(range(ctx->args())));
  node->distribution->callee = name(ctx->NAME());
  node->distribution->args = args(ctx->args());
  if (auto *limits = ctx->interval()) {
    node->limit = ctx->IN() ? DrawExpr::Limit::Redraw : DrawExpr::Limit::Clip;
    Interval interval = this->interval(limits);
    node->low = std::move(interval.low);
    node->high = std::move(interval.high);
  }
  return node;
}
