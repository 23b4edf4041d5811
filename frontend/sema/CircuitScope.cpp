//===- CircuitScope.cpp - Names in a circuit ------------------------------===//

#include "frontend/sema/CircuitScope.h"

#include "frontend/sema/Csv.h"
#include "frontend/sema/Program.h"
#include "frontend/sema/Units.h"

#include "llvm/Support/Casting.h"

using namespace synfire;
using namespace synfire::sema;
using llvm::dyn_cast;
using llvm::StringRef;

CircuitScope::CircuitScope(Elaborator &elaborator, Elaborator::Context &context)
    : ConstantScope(elaborator.program), elaborator(elaborator), context(context) {}

SourceUnit *CircuitScope::getUnit() const { return context.unit; }

const Value *CircuitScope::findValue(StringRef name) {
  if (const Value *value = context.env->find(name, program.getDiags()))
    return value;
  return program.findFileValue(context.unit, name);
}

std::optional<Value> CircuitScope::findPath(const ast::Expr &expr) {
  switch (expr.getKind()) {
  case ast::Expr::Kind::Field:
  case ast::Expr::Kind::Index:
  case ast::Expr::Kind::Population:
    return elaborator.resolveExpr(expr, context);
  default:
    return std::nullopt;
  }
}

static Typed makeFrame(const std::string &frames, StringRef field, SourceRange range) {
  auto node = std::make_shared<Node>();
  node->op = NodeOp::Frame;
  node->name = field.str();
  node->scope = frames;
  node->range = range;
  return Typed::number(node, Dimension(), range);
}

std::optional<Typed> CircuitScope::lookupName(StringRef name, SourceRange range) {
  const Value *value = findValue(name);
  if (!value)
    return std::nullopt;
  if (value->kind == Value::Kind::Frames && allowFrames) {
    readFrames.push_back(value->text);
    return makeFrame(value->text, "value", range);
  }
  return toTyped(*value, range, nullptr, program.getDiags());
}

std::optional<Typed> CircuitScope::lookupField(const ast::FieldExpr &expr, ExprBuilder &builder) {
  auto *base = llvm::dyn_cast_or_null<ast::NameExpr>(expr.base.get());
  const Value *value = base ? findValue(base->name) : nullptr;
  if (!value || value->kind != Value::Kind::Frames || !allowFrames)
    return std::nullopt;
  if (expr.field.text == "label" && !elaborator.requireLabels(value->text, expr.range))
    return Typed::error(expr.range);
  readFrames.push_back(value->text);
  if (expr.field.text == "label" || expr.field.text == "index")
    return makeFrame(value->text, expr.field.text, expr.range);
  program.reportUnknown(diag::err_unknown_frame_field, expr.field.text, expr.field.range,
                        {"label", "index"});
  return Typed::error(expr.range);
}

std::optional<Typed> CircuitScope::lookupCall(const ast::CallExpr &expr, ExprBuilder &builder) {
  if (expr.callee.text != "size")
    return std::nullopt;
  if (expr.args.size() != 1 || !expr.args[0].value) {
    program.getDiags().report(diag::err_argument_count, expr.range)
        << "size" << int64_t(1) << int64_t(expr.args.size());
    return Typed::error(expr.range);
  }
  auto value = elaborator.resolveExpr(*expr.args[0].value, context);
  if (!value || value->isError())
    return Typed::error(expr.range);
  double size = 0;
  if (value->kind == Value::Kind::List) {
    size = double(value->items.size());
  } else if (value->kind == Value::Kind::Populations) {
    for (const PopulationRef &ref : value->refs)
      size += double(ref.size());
  } else {
    program.getDiags().report(diag::err_not_a_population, expr.range) << describe(value->kind);
    return Typed::error(expr.range);
  }
  return Typed::number(makeConstant(size, expr.range), Dimension(), expr.range);
}

void CircuitScope::addNames(std::vector<std::string> &names) const {
  for (const Environment *env = context.env.get(); env; env = env->outer.get()) {
    for (auto &value : env->values)
      names.push_back(value.first);
    for (auto &value : env->pending)
      names.push_back(value.first);
  }
  program.addValueNames(context.unit, names);
}

//===----------------------------------------------------------------------===//
// Settings of an owner
//===----------------------------------------------------------------------===//

std::optional<Typed> OwnerScope::findOwn(StringRef name, SourceRange range) {
  const Variable *variable = model ? model->find(name) : nullptr;
  if (!variable)
    return std::nullopt;
  bool readable = variable->kind == VariableKind::Parameter ||
                  (readsStates && variable->kind == VariableKind::State);
  if (!readable)
    return std::nullopt;
  return Typed::number(makeGet(Side::Self, variable->name, range), variable->dimension, range);
}

std::optional<Typed> OwnerScope::lookupName(StringRef name, SourceRange range) {
  if (ownFirst)
    if (auto own = findOwn(name, range))
      return own;
  if (auto value = CircuitScope::lookupName(name, range))
    return value;
  return findOwn(name, range);
}

/// `pre.gain`: a connection is made when the values of its ends are, of which parameters are known
/// by then.
std::optional<Typed> OwnerScope::lookupField(const ast::FieldExpr &expr, ExprBuilder &builder) {
  auto *base = llvm::dyn_cast_or_null<ast::NameExpr>(expr.base.get());
  bool isPre = base && base->name == "pre";
  if (!base || !pre || !post || (!isPre && base->name != "post") || !expr.field)
    return CircuitScope::lookupField(expr, builder);
  const Model &end = isPre ? *pre : *post;
  const Variable *variable = end.find(expr.field.text);
  if (variable && variable->kind == VariableKind::Parameter)
    return Typed::number(makeGet(isPre ? Side::Pre : Side::Post, variable->name, expr.range),
                         variable->dimension, expr.range);
  if (variable) {
    (program.getDiags().report(diag::err_setting_of_end, expr.range)
     << variable->name << describe(variable->kind))
        .note(diag::note_declared_here, variable->range);
    return Typed::error(expr.range);
  }
  std::vector<std::string> names;
  for (const Variable &candidate : end.variables)
    if (candidate.kind == VariableKind::Parameter)
      names.push_back(candidate.name);
  program.reportUnknown(diag::err_unknown_setting, expr.field.text, expr.field.range, names,
                        end.name, placesIn(end));
  return Typed::error(expr.range);
}

std::optional<Typed> OwnerScope::lookupColumn(const ast::ColumnExpr &expr, ExprBuilder &builder) {
  if (expr.row)
    return ConstantScope::lookupColumn(expr, builder);
  DiagnosticEngine &diags = program.getDiags();
  if (numRows < 0 || !table || !expr.column) {
    diags.report(diag::err_column_not_here, expr.range);
    return Typed::error(expr.range);
  }
  const CsvFile *csv = file;
  if (expr.file)
    csv = readCsv(program, *expr.file, *this);
  else if (!csv)
    diags.report(diag::err_column_without_file, expr.range);
  ResolvedUnit unit;
  if (expr.unit) {
    auto resolved = resolveUnit(*expr.unit, diags);
    if (!resolved)
      return Typed::error(expr.range);
    unit = *resolved;
  }
  auto name = evaluateString(program, *expr.column, *this, "a column's name");
  auto column =
      csv && name ? requireColumn(program, *csv, name->text, expr.column->range) : std::nullopt;
  if (!column)
    return Typed::error(expr.range);
  if (int64_t(csv->rows.size()) != numRows) {
    diags.report(diag::err_csv_row_count, expr.range)
        << csv->path << int64_t(csv->rows.size()) << numRows;
    return Typed::error(expr.range);
  }
  std::string key = name->text;
  if (expr.unit)
    key += " " + expr.unit->text;
  // Names go into checkpoints, which must not depend on where files are read from.
  if (expr.file)
    key = table->nameOfFile(csv->path) + ": " + key;
  if (table->path.empty())
    table->path = csv->path;
  bool known = false;
  for (auto &existing : table->columns)
    known |= existing.first == key;
  if (!known) {
    auto values = numericColumn(program, *csv, *column, unit, expr.range);
    if (!values)
      return Typed::error(expr.range);
    table->columns.emplace_back(key, std::move(*values));
  }
  auto node = std::make_shared<Node>();
  node->op = NodeOp::Column;
  node->name = key;
  node->scope = table->name;
  node->range = expr.range;
  return Typed::number(node, unit.dimension, expr.range);
}

void OwnerScope::addNames(std::vector<std::string> &names) const {
  if (model)
    for (const Variable &variable : model->variables)
      if (variable.kind == VariableKind::Parameter)
        names.push_back(variable.name);
  CircuitScope::addNames(names);
}
