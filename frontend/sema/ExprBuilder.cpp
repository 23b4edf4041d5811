//===- ExprBuilder.cpp - Names, numbers and operators ---------------------===//

#include "frontend/sema/ExprBuilder.h"

#include "frontend/diagnostics/Spelling.h"
#include "frontend/sema/Program.h"
#include "frontend/sema/Units.h"

#include "llvm/Support/Casting.h"

#include <cmath>
#include <limits>

using namespace synfire;
using namespace synfire::sema;
using llvm::cast;
using llvm::dyn_cast;
using llvm::StringRef;

ExprBuilder::ExprBuilder(Program &program, Scope &scope, DimensionSolver &solver,
                         Permissions permissions)
    : program(program), diags(program.getDiags()), scope(scope), solver(solver),
      permissions(std::move(permissions)) {}

Typed ExprBuilder::build(const ast::Expr &expr) {
  using Kind = ast::Expr::Kind;
  switch (expr.getKind()) {
  case Kind::Number:
    return buildNumberLiteral(cast<ast::NumberExpr>(expr), false);
  case Kind::String:
    return Typed::string(cast<ast::StringExpr>(expr).value, expr.range);
  case Kind::Name:
    return buildName(cast<ast::NameExpr>(expr));
  case Kind::Field:
    if (auto result = scope.lookupField(cast<ast::FieldExpr>(expr), *this))
      return *result;
    return misplaced(expr);
  case Kind::Index:
    if (auto result = scope.lookupIndex(cast<ast::IndexExpr>(expr), *this))
      return *result;
    return misplaced(expr);
  case Kind::Column:
    if (auto result = scope.lookupColumn(cast<ast::ColumnExpr>(expr), *this))
      return *result;
    return misplaced(expr);
  case Kind::Call:
    return buildCall(cast<ast::CallExpr>(expr));
  case Kind::Unary:
    return buildUnary(cast<ast::UnaryExpr>(expr));
  case Kind::Binary:
    return buildBinary(cast<ast::BinaryExpr>(expr));
  case Kind::Compare:
    return buildCompare(cast<ast::CompareExpr>(expr));
  case Kind::Logical:
    return buildLogical(cast<ast::LogicalExpr>(expr));
  case Kind::If:
    return buildIf(cast<ast::IfExpr>(expr));
  case Kind::Steady:
  case Kind::Star:
  case Kind::List:
  case Kind::Range:
  case Kind::Draw:
  case Kind::Delayed:
  case Kind::Frames:
  case Kind::Of:
  case Kind::Population:
  case Kind::Arrow:
    return misplaced(expr);
  }
  return Typed::error(expr.range);
}

//===----------------------------------------------------------------------===//
// Requirements
//===----------------------------------------------------------------------===//

Typed ExprBuilder::buildNumber(const ast::Expr &expr) {
  Typed value = build(expr);
  if (value.isError() || value.isNumber())
    return value;
  diags.report(diag::err_not_a_number, expr.range)
      << (value.kind == Typed::Kind::String ? "a string" : "a condition");
  return Typed::error(expr.range);
}

Typed ExprBuilder::buildNumber(const ast::Expr &expr, const DimExpr &dim, StringRef what) {
  Typed value = buildNumber(expr);
  return require(value, dim, what) ? value : Typed::error(expr.range);
}

Typed ExprBuilder::buildCondition(const ast::Expr &expr) {
  Typed value = build(expr);
  if (value.isError() || value.kind == Typed::Kind::Bool)
    return value;
  diags.report(diag::err_not_a_condition, expr.range)
      << (value.isNumber() ? "a number" : "a string");
  return Typed::error(expr.range);
}

bool ExprBuilder::unify(const Typed &a, const Typed &b, StringRef what, SourceRange range) {
  if (!a.isNumber() || !b.isNumber() || solver.unify(a.dim, b.dim))
    return true;
  std::string first = solver.str(a.dim), second = solver.str(b.dim);
  (diags.report(diag::err_dimensions_differ, range) << what << first << second)
          .note(diag::note_dimension_here, a.range)
      << first;
  return false;
}

bool ExprBuilder::require(const Typed &value, const DimExpr &dim, StringRef what) {
  if (value.isError())
    return false;
  if (!value.isNumber() || solver.unify(value.dim, dim))
    return true;
  diags.report(diag::err_wrong_dimension, value.range)
      << what << inUnit(solver.str(dim)) << inUnit(solver.str(value.dim));
  return false;
}

std::optional<DimExpr> ExprBuilder::annotation(const ast::Unit &unit) {
  if (!unit.bracketed && unit.factors.size() == 1 && unit.factors[0].numerator == 1 &&
      unit.factors[0].denominator == 1 && !lookupUnit(unit.factors[0].name))
    if (auto other = scope.lookupName(unit.factors[0].name, unit.range))
      return other->isNumber() ? std::optional<DimExpr>(other->dim) : std::nullopt;
  if (auto resolved = resolveUnit(unit, diags))
    return DimExpr(resolved->dimension);
  return std::nullopt;
}

Typed ExprBuilder::notAllowed(StringRef what, SourceRange range) {
  diags.report(diag::err_not_allowed_here, range) << what << permissions.place;
  return Typed::error(range);
}

Typed ExprBuilder::misplaced(const ast::Expr &expr) {
  diags.report(diag::err_not_a_value, expr.range) << permissions.place;
  return Typed::error(expr.range);
}

//===----------------------------------------------------------------------===//
// Leaves
//===----------------------------------------------------------------------===//

Typed ExprBuilder::buildNumberLiteral(const ast::NumberExpr &expr, bool negative) {
  ResolvedUnit unit;
  if (expr.unit) {
    auto resolved = resolveUnit(*expr.unit, diags);
    if (!resolved)
      return Typed::error(expr.range);
    unit = *resolved;
  }
  double value = toBase(expr.text, unit, negative);
  if (!std::isfinite(value)) {
    diags.report(diag::err_number_too_large, expr.range) << expr.text;
    return Typed::error(expr.range);
  }
  // A bare 0 fits any dimension (L4).
  DimExpr dim = !expr.unit && value == 0 ? solver.fresh() : unit.dimension;
  return Typed::number(makeConstant(value, expr.range), dim, expr.range);
}

Typed ExprBuilder::buildName(const ast::NameExpr &expr) {
  StringRef name = expr.name;
  SourceRange range = expr.range;
  auto simple = [&](NodeOp op, DimExpr dim) {
    return Typed::number(makeNode(op, range), dim, range);
  };
  if (name == "t")
    return permissions.time ? simple(NodeOp::Time, Dimension::time()) : notAllowed("`t`", range);
  if (name == "dt")
    return permissions.step ? simple(NodeOp::Step, Dimension::time()) : notAllowed("`dt`", range);
  if (name == "pi")
    return Typed::number(makeConstant(3.14159265358979323846, range), {}, range);
  if (name == "inf")
    return Typed::number(makeConstant(std::numeric_limits<double>::infinity(), range),
                         solver.fresh(), range);
  if (name == "pre" || name == "post") {
    diags.report(diag::err_side_alone, range) << name;
    return Typed::error(range);
  }
  if (auto result = scope.lookupName(name, range)) {
    result->range = range;
    return *result;
  }
  if (name == "index")
    return permissions.index ? simple(NodeOp::Index, {}) : notAllowed("`index`", range);
  if (name == "distance")
    return permissions.distance ? simple(NodeOp::Distance, Dimension::length())
                                : notAllowed("`distance`", range);
  return unknownName(name, range);
}

Typed ExprBuilder::unknownName(StringRef name, SourceRange range) {
  std::vector<std::string> names;
  scope.addNames(names);
  program.reportUnknown(diag::err_unknown_name, name, range, names, "",
                        [this](StringRef other) { return scope.placeOf(other); });
  return Typed::error(range);
}

//===----------------------------------------------------------------------===//
// Operators
//===----------------------------------------------------------------------===//

Typed ExprBuilder::buildUnary(const ast::UnaryExpr &expr) {
  if (expr.op == ast::UnaryOp::Not) {
    Typed operand = buildCondition(*expr.operand);
    if (operand.isError())
      return operand;
    return Typed::boolean(makeNode(NodeOp::Not, expr.range, {operand.node}), expr.range);
  }
  bool minus = expr.op == ast::UnaryOp::Minus;
  // The sign belongs to the number: -5 degC is 268.15 K (L3).
  Typed operand;
  if (auto *number = dyn_cast<ast::NumberExpr>(expr.operand.get()))
    operand = buildNumberLiteral(*number, minus);
  else if (operand = buildNumber(*expr.operand); minus && operand.isNumber())
    operand.node = operand.node->isConstant()
                       ? makeConstant(-operand.node->number, expr.range)
                       : makeNode(NodeOp::Negate, expr.range, {operand.node});
  operand.range = expr.range;
  return operand;
}

Typed ExprBuilder::buildBinary(const ast::BinaryExpr &expr) {
  Typed lhs = buildNumber(*expr.lhs), rhs = buildNumber(*expr.rhs);
  if (lhs.isError() || rhs.isError())
    return Typed::error(expr.range);
  auto make = [&](NodeOp op, DimExpr dim) {
    return Typed::number(makeNode(op, expr.range, {lhs.node, rhs.node}), std::move(dim),
                         expr.range);
  };
  switch (expr.op) {
  case ast::BinaryOp::Add:
  case ast::BinaryOp::Sub: {
    bool add = expr.op == ast::BinaryOp::Add;
    if (!unify(lhs, rhs, add ? "add" : "subtract", expr.rhs->range))
      return Typed::error(expr.range);
    return make(add ? NodeOp::Add : NodeOp::Subtract, lhs.dim);
  }
  case ast::BinaryOp::Mul:
    return make(NodeOp::Multiply, lhs.dim * rhs.dim);
  case ast::BinaryOp::Div:
    return make(NodeOp::Divide, lhs.dim / rhs.dim);
  case ast::BinaryOp::Pow:
    return buildPower(expr, lhs, rhs);
  }
  return Typed::error(expr.range);
}

Typed ExprBuilder::buildPower(const ast::BinaryExpr &expr, const Typed &base,
                              const Typed &exponent) {
  if (!require(exponent, Dimension(), "an exponent"))
    return Typed::error(expr.range);
  auto make = [&](DimExpr dim) {
    return Typed::number(makeNode(NodeOp::Power, expr.range, {base.node, exponent.node}),
                         std::move(dim), expr.range);
  };
  DimExpr dim = solver.resolve(base.dim);
  if (dim.isKnown() && dim.known.isNumber())
    return make(Dimension());
  Rational power;
  if (auto value = evaluate(*exponent.node))
    if (Rational::fromDouble(*value, power))
      return make(dim.pow(power));
  if (dim.isKnown()) {
    diags.report(diag::err_exponent_not_constant, expr.rhs->range) << solver.str(dim);
    return Typed::error(expr.range);
  }
  solver.unify(dim, Dimension());
  return make(Dimension());
}

Typed ExprBuilder::buildCompare(const ast::CompareExpr &expr) {
  if (expr.op == ast::CompareOp::Crosses) {
    diags.report(diag::err_crosses_outside_spike, expr.opRange);
    return Typed::error(expr.range);
  }
  Typed lhs = build(*expr.lhs), rhs = build(*expr.rhs);
  if (lhs.isError() || rhs.isError())
    return Typed::error(expr.range);
  if (lhs.kind == Typed::Kind::String && rhs.kind == Typed::Kind::String &&
      (expr.op == ast::CompareOp::Equal || expr.op == ast::CompareOp::NotEqual))
    return Typed::boolean(
        makeBool((lhs.text == rhs.text) == (expr.op == ast::CompareOp::Equal), expr.range),
        expr.range);
  for (const Typed *side : {&lhs, &rhs})
    if (!side->isNumber()) {
      diags.report(diag::err_not_a_number, side->range)
          << (side->kind == Typed::Kind::Bool ? "a condition" : "a string");
      return Typed::error(expr.range);
    }
  if (!unify(lhs, rhs, "compare", expr.rhs->range))
    return Typed::error(expr.range);
  static const NodeOp ops[] = {NodeOp::Equal,     NodeOp::NotEqual, NodeOp::Less,
                               NodeOp::LessEqual, NodeOp::Greater,  NodeOp::GreaterEqual};
  return Typed::boolean(makeNode(ops[unsigned(expr.op)], expr.range, {lhs.node, rhs.node}),
                        expr.range);
}

Typed ExprBuilder::buildLogical(const ast::LogicalExpr &expr) {
  Typed lhs = buildCondition(*expr.lhs), rhs = buildCondition(*expr.rhs);
  if (lhs.isError() || rhs.isError())
    return Typed::error(expr.range);
  NodeOp op = expr.op == ast::LogicalOp::And ? NodeOp::And : NodeOp::Or;
  return Typed::boolean(makeNode(op, expr.range, {lhs.node, rhs.node}), expr.range);
}

Typed ExprBuilder::buildIf(const ast::IfExpr &expr) {
  Typed condition = buildCondition(*expr.condition);
  Typed yes = buildNumber(*expr.thenValue), no = buildNumber(*expr.elseValue);
  if (condition.isError() || yes.isError() || no.isError())
    return Typed::error(expr.range);
  if (!unify(yes, no, "choose between", expr.elseValue->range))
    return Typed::error(expr.range);
  return Typed::number(makeNode(NodeOp::Select, expr.range, {condition.node, yes.node, no.node}),
                       yes.dim, expr.range);
}
