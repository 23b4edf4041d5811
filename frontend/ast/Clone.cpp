//===- Clone.cpp - Deep copies of expressions -----------------------------===//

#include "frontend/ast/Expr.h"

#include "llvm/Support/Casting.h"

using namespace synfire;
using namespace synfire::ast;

static ExprPtr cloneOrNull(const ExprPtr &expr) { return expr ? clone(*expr) : nullptr; }

static std::vector<ExprPtr> cloneAll(const std::vector<ExprPtr> &exprs) {
  std::vector<ExprPtr> result;
  for (const ExprPtr &expr : exprs)
    result.push_back(clone(*expr));
  return result;
}

PopRefPtr ast::clone(const PopRef &ref) {
  auto result = std::make_unique<PopRef>(ref.kind, ref.range);
  for (const PathSegment &segment : ref.path)
    result->path.push_back({segment.name, cloneAll(segment.index)});
  for (const PopRefPtr &item : ref.items)
    result->items.push_back(clone(*item));
  if (ref.base)
    result->base = clone(*ref.base);
  result->condition = cloneOrNull(ref.condition);
  return result;
}

static ProjectionRef clone(const ProjectionRef &ref) {
  ProjectionRef result;
  result.range = ref.range;
  if (ref.source)
    result.source = clone(*ref.source);
  if (ref.target)
    result.target = clone(*ref.target);
  return result;
}

static std::unique_ptr<CallExpr> cloneCall(const CallExpr &call) {
  auto result = std::make_unique<CallExpr>(call.range);
  result->callee = call.callee;
  for (const Argument &argument : call.args)
    result->args.push_back({argument.name, clone(*argument.value)});
  return result;
}

/// Copies what the two operand nodes have in common.
template <class Node> static ExprPtr cloneOperands(const Node &node) {
  auto result = std::make_unique<Node>(node.range);
  result->op = node.op;
  result->opRange = node.opRange;
  result->lhs = clone(*node.lhs);
  result->rhs = clone(*node.rhs);
  return result;
}

static ExprPtr cloneNumber(const NumberExpr &node) {
  auto result = std::make_unique<NumberExpr>(node.range);
  result->value = node.value;
  result->text = node.text;
  result->unit = node.unit;
  return result;
}

static ExprPtr cloneDraw(const DrawExpr &node) {
  auto result = std::make_unique<DrawExpr>(node.range);
  result->distribution = cloneCall(*node.distribution);
  result->limit = node.limit;
  result->low = cloneOrNull(node.low);
  result->high = cloneOrNull(node.high);
  return result;
}

static ExprPtr cloneColumn(const ColumnExpr &node) {
  auto result = std::make_unique<ColumnExpr>(node.range);
  result->file = cloneOrNull(node.file);
  result->row = cloneOrNull(node.row);
  result->column = cloneOrNull(node.column);
  result->unit = node.unit;
  return result;
}

static ExprPtr cloneFrames(const FramesExpr &node) {
  auto result = std::make_unique<FramesExpr>(node.range);
  result->format = node.format;
  result->path = cloneOrNull(node.path);
  result->labels = cloneOrNull(node.labels);
  result->period = cloneOrNull(node.period);
  return result;
}

ExprPtr ast::clone(const Expr &expr) {
  using Kind = Expr::Kind;
  auto finish = [&](auto node, auto fill) -> ExprPtr {
    fill(*node);
    return node;
  };
  switch (expr.getKind()) {
  case Kind::Number:
    return cloneNumber(llvm::cast<NumberExpr>(expr));
  case Kind::String:
    return finish(std::make_unique<StringExpr>(expr.range),
                  [&](auto &node) { node.value = llvm::cast<StringExpr>(expr).value; });
  case Kind::Name:
    return finish(std::make_unique<NameExpr>(expr.range),
                  [&](auto &node) { node.name = llvm::cast<NameExpr>(expr).name; });
  case Kind::Steady:
    return std::make_unique<SteadyExpr>(expr.range);
  case Kind::Star:
    return std::make_unique<StarExpr>(expr.range);
  case Kind::Field:
    return finish(std::make_unique<FieldExpr>(expr.range), [&](auto &node) {
      node.base = clone(*llvm::cast<FieldExpr>(expr).base);
      node.field = llvm::cast<FieldExpr>(expr).field;
    });
  case Kind::Index:
    return finish(std::make_unique<IndexExpr>(expr.range), [&](auto &node) {
      node.base = clone(*llvm::cast<IndexExpr>(expr).base);
      node.indices = cloneAll(llvm::cast<IndexExpr>(expr).indices);
    });
  case Kind::Call:
    return cloneCall(llvm::cast<CallExpr>(expr));
  case Kind::Unary:
    return finish(std::make_unique<UnaryExpr>(expr.range), [&](auto &node) {
      node.op = llvm::cast<UnaryExpr>(expr).op;
      node.operand = clone(*llvm::cast<UnaryExpr>(expr).operand);
    });
  case Kind::Binary:
    return cloneOperands(llvm::cast<BinaryExpr>(expr));
  case Kind::Compare:
    return cloneOperands(llvm::cast<CompareExpr>(expr));
  case Kind::Logical:
    return cloneOperands(llvm::cast<LogicalExpr>(expr));
  case Kind::If:
    return finish(std::make_unique<IfExpr>(expr.range), [&](auto &node) {
      auto &source = llvm::cast<IfExpr>(expr);
      node.condition = clone(*source.condition);
      node.thenValue = clone(*source.thenValue);
      node.elseValue = clone(*source.elseValue);
    });
  case Kind::List:
    return finish(std::make_unique<ListExpr>(expr.range),
                  [&](auto &node) { node.items = cloneAll(llvm::cast<ListExpr>(expr).items); });
  case Kind::Range:
    return finish(std::make_unique<RangeExpr>(expr.range), [&](auto &node) {
      node.low = clone(*llvm::cast<RangeExpr>(expr).low);
      node.high = clone(*llvm::cast<RangeExpr>(expr).high);
    });
  case Kind::Draw:
    return cloneDraw(llvm::cast<DrawExpr>(expr));
  case Kind::Column:
    return cloneColumn(llvm::cast<ColumnExpr>(expr));
  case Kind::Delayed:
    return finish(std::make_unique<DelayedExpr>(expr.range), [&](auto &node) {
      node.value = clone(*llvm::cast<DelayedExpr>(expr).value);
      node.delay = clone(*llvm::cast<DelayedExpr>(expr).delay);
    });
  case Kind::Frames:
    return cloneFrames(llvm::cast<FramesExpr>(expr));
  case Kind::Of:
    return finish(std::make_unique<OfExpr>(expr.range), [&](auto &node) {
      node.what = clone(*llvm::cast<OfExpr>(expr).what);
      node.of = ::clone(llvm::cast<OfExpr>(expr).of);
    });
  case Kind::Population:
    return finish(std::make_unique<PopulationExpr>(expr.range),
                  [&](auto &node) { node.ref = clone(*llvm::cast<PopulationExpr>(expr).ref); });
  case Kind::Arrow:
    return finish(std::make_unique<ArrowExpr>(expr.range),
                  [&](auto &node) { node.ref = ::clone(llvm::cast<ArrowExpr>(expr).ref); });
  }
  return nullptr;
}
