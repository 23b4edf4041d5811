//===- Evaluate.cpp - The compile-time language ---------------------------===//

#include "frontend/sema/ConstantScope.h"
#include "frontend/sema/Csv.h"
#include "frontend/sema/Program.h"
#include "frontend/sema/Units.h"

#include "llvm/Support/Casting.h"

#include <cmath>

using namespace synfire;
using namespace synfire::sema;
using llvm::dyn_cast;
using llvm::dyn_cast_or_null;
using llvm::isa;
using llvm::StringRef;

/// Loops and lists beyond this are slips, not models.
static constexpr int64_t maxListLength = 10'000'000;

//===----------------------------------------------------------------------===//
// Scopes
//===----------------------------------------------------------------------===//

std::optional<Typed> ConstantScope::lookupName(StringRef name, SourceRange range) {
  const Value *value = findValue(name);
  if (!value)
    return std::nullopt;
  return toTyped(*value, range, nullptr, program.getDiags());
}

std::optional<Typed> ConstantScope::lookupIndex(const ast::IndexExpr &expr, ExprBuilder &builder) {
  auto *name = dyn_cast_or_null<ast::NameExpr>(expr.base.get());
  const Value *list = name ? findValue(name->name) : nullptr;
  if (!list || list->kind != Value::Kind::List || expr.indices.size() != 1)
    return std::nullopt;
  auto index = evaluateInteger(program, *expr.indices[0], *this, "an index");
  if (!index)
    return Typed::error(expr.range);
  if (*index < 0 || *index >= int64_t(list->items.size())) {
    builder.getDiags().report(diag::err_index_out_of_range, expr.range)
        << *index << name->name << int64_t(list->items.size());
    return Typed::error(expr.range);
  }
  return toTyped(list->items[*index], expr.range, nullptr, builder.getDiags());
}

std::optional<Typed> ConstantScope::lookupColumn(const ast::ColumnExpr &expr,
                                                 ExprBuilder &builder) {
  // One cell of a file is a value; a whole column only where a list may stand.
  if (!expr.file || !expr.row)
    return std::nullopt;
  Value cell = readCell(program, expr, *this);
  return toTyped(cell, expr.range, nullptr, builder.getDiags());
}

const Value *FileScope::findValue(StringRef name) { return program.findFileValue(&unit, name); }

void FileScope::addNames(std::vector<std::string> &names) const {
  program.addValueNames(&unit, names);
}

//===----------------------------------------------------------------------===//
// Evaluation
//===----------------------------------------------------------------------===//

static Value errorValue(SourceRange range) {
  Value value;
  value.range = range;
  return value;
}

static Value evaluateRange(Program &program, const ast::RangeExpr &expr, ConstantScope &scope) {
  Value result = errorValue(expr.range);
  auto low = evaluateInteger(program, *expr.low, scope, "an end of a range");
  auto high = evaluateInteger(program, *expr.high, scope, "an end of a range");
  if (!low || !high)
    return result;
  if (*high - *low >= maxListLength) {
    program.getDiags().report(diag::err_range_too_long, expr.range);
    return result;
  }
  result.kind = Value::Kind::List;
  for (int64_t i = *low; i <= *high; ++i)
    result.items.push_back(Value::makeNumber(double(i), {}, expr.range));
  return result;
}

Value sema::evaluateValue(Program &program, const ast::Expr &expr, ConstantScope &scope) {
  DiagnosticEngine &diags = program.getDiags();
  if (auto *name = dyn_cast<ast::NameExpr>(&expr))
    if (const Value *value = scope.findValue(name->name))
      return *value;
  if (auto *list = dyn_cast<ast::ListExpr>(&expr)) {
    Value result = errorValue(expr.range);
    result.kind = Value::Kind::List;
    for (const ast::ExprPtr &item : list->items)
      if (item)
        result.items.push_back(evaluateValue(program, *item, scope));
    return result;
  }
  if (auto *range = dyn_cast<ast::RangeExpr>(&expr))
    return evaluateRange(program, *range, scope);
  if (auto *column = dyn_cast<ast::ColumnExpr>(&expr); column && column->file)
    return column->row ? readCell(program, *column, scope) : readColumn(program, *column, scope);
  if (auto value = scope.findPath(expr))
    return *value;

  DimensionSolver solver;
  Permissions permissions;
  permissions.step = false;
  permissions.place = "a value that must be known before the run";
  ExprBuilder builder(program, scope, solver, permissions);
  Typed typed = builder.build(expr);
  Value result = errorValue(expr.range);
  if (typed.isError())
    return result;
  if (typed.kind == Typed::Kind::String)
    return Value::makeString(typed.text, expr.range);
  std::optional<double> number = evaluate(*typed.node);
  if (!number) {
    diags.report(diag::err_not_constant, expr.range);
    return result;
  }
  if (typed.kind == Typed::Kind::Bool) {
    result.kind = Value::Kind::Bool;
    result.number = *number;
    return result;
  }
  if (std::isnan(*number)) {
    diags.report(diag::err_value_is_nan, expr.range);
    return result;
  }
  result = Value::makeNumber(*number, solver.settle(typed.dim), expr.range);
  result.fitsAny = !solver.resolve(typed.dim).isKnown();
  return result;
}

std::optional<double> sema::evaluateNumber(Program &program, const ast::Expr &expr,
                                           ConstantScope &scope, Dimension dimension,
                                           StringRef what) {
  Value value = evaluateValue(program, expr, scope);
  if (value.isError())
    return std::nullopt;
  DiagnosticEngine &diags = program.getDiags();
  if (value.kind != Value::Kind::Number) {
    diags.report(diag::err_not_a_number, expr.range) << describe(value.kind);
    return std::nullopt;
  }
  if (!value.fitsAny && value.dimension != dimension) {
    diags.report(diag::err_wrong_dimension, expr.range)
        << what << inUnit(dimension.str()) << inUnit(value.dimension.str());
    return std::nullopt;
  }
  return value.number;
}

std::optional<int64_t> sema::evaluateInteger(Program &program, const ast::Expr &expr,
                                             ConstantScope &scope, StringRef what) {
  auto number = evaluateNumber(program, expr, scope, {}, what);
  if (!number)
    return std::nullopt;
  if (*number != std::floor(*number) || std::fabs(*number) > 9e15) {
    program.getDiags().report(diag::err_not_an_integer, expr.range) << what;
    return std::nullopt;
  }
  return int64_t(*number);
}

std::optional<Value> sema::evaluateString(Program &program, const ast::Expr &expr,
                                          ConstantScope &scope, StringRef what) {
  Value value = evaluateValue(program, expr, scope);
  if (value.isError())
    return std::nullopt;
  if (value.kind != Value::Kind::String) {
    program.getDiags().report(diag::err_not_a_string, expr.range) << what << describe(value.kind);
    return std::nullopt;
  }
  return value;
}

Value sema::evaluateQuantity(Program &program, const ast::Quantity &quantity, ConstantScope &scope,
                             const ast::Expr *override) {
  DiagnosticEngine &diags = program.getDiags();
  if (!quantity.value && !override) {
    diags.report(diag::err_parameter_without_value, quantity.name.range) << quantity.name.text;
    return errorValue(quantity.range);
  }
  if (quantity.value && isa<ast::DrawExpr>(*quantity.value)) {
    diags.report(diag::err_not_constant, quantity.value->range);
    return errorValue(quantity.range);
  }
  Value own =
      quantity.value ? evaluateValue(program, *quantity.value, scope) : errorValue(quantity.range);
  if (quantity.dimension && own.kind == Value::Kind::Number)
    if (auto unit = resolveUnit(*quantity.dimension, diags)) {
      if (!own.fitsAny && own.dimension != unit->dimension) {
        diags.report(diag::err_wrong_dimension, quantity.value->range)
            << ("`" + quantity.name.text + "`") << inUnit(unit->dimension.str())
            << inUnit(own.dimension.str());
        return errorValue(quantity.range);
      }
      own.dimension = unit->dimension;
    }
  // A bare 0 without a unit is a pure number (L4).
  own.fitsAny = false;
  if (!override)
    return own;
  Value value = evaluateValue(program, *override, scope);
  if (value.isError() || own.isError())
    return value;
  if (value.kind != own.kind) {
    diags.report(diag::err_override_kind, override->range)
        << quantity.name.text << describe(own.kind) << describe(value.kind);
    return errorValue(override->range);
  }
  if (value.kind == Value::Kind::Number && !value.fitsAny && value.dimension != own.dimension) {
    diags.report(diag::err_wrong_dimension, override->range)
        << ("`" + quantity.name.text + "`") << inUnit(own.dimension.str())
        << inUnit(value.dimension.str());
    return errorValue(override->range);
  }
  if (value.fitsAny)
    value.dimension = own.dimension;
  value.fitsAny = false;
  return value;
}

std::optional<std::vector<Value>> sema::evaluateItems(Program &program, const ast::Expr &expr,
                                                      ConstantScope &scope) {
  Value value = evaluateValue(program, expr, scope);
  if (value.isError())
    return std::nullopt;
  if (value.kind == Value::Kind::List)
    return value.items;
  if (value.kind == Value::Kind::Populations) {
    std::vector<Value> items;
    for (const PopulationRef &ref : value.refs) {
      Value item = errorValue(expr.range);
      item.kind = Value::Kind::Populations;
      item.refs = {ref};
      items.push_back(std::move(item));
    }
    return items;
  }
  program.getDiags().report(diag::err_not_a_list, expr.range) << describe(value.kind);
  return std::nullopt;
}

std::string sema::resolvePath(Program &program, const Value &path) {
  return program.getSources().resolvePath(path.range.file, path.text);
}

void sema::addParameterNames(const ast::Stmt &stmt, StringRef owner,
                             std::vector<std::string> &names) {
  const ast::Block *body = nullptr;
  if (auto *circuit = dyn_cast<ast::CircuitDecl>(&stmt))
    body = &circuit->body;
  else if (auto *neuron = dyn_cast<ast::NeuronDecl>(&stmt))
    body = &neuron->body;
  else if (auto *synapse = dyn_cast<ast::SynapseDecl>(&stmt))
    body = &synapse->body;
  else if (auto *rule = dyn_cast<ast::PlasticityDecl>(&stmt))
    body = &rule->body;
  if (!body)
    return;
  for (const ast::StmtPtr &inner : body->stmts)
    if (auto *parameters = dyn_cast_or_null<ast::ParameterDecl>(inner.get()))
      for (const ast::Quantity &quantity : parameters->quantities)
        names.push_back(owner.str() + "." + quantity.name.text);
}
