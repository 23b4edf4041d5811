//===- Populations.cpp - Sizes, files, positions --------------------------===//

#include "frontend/sema/CircuitScope.h"
#include "frontend/sema/Csv.h"
#include "frontend/sema/Program.h"
#include "frontend/sema/Units.h"
#include "frontend/sema/checks/ModelChecks.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/Support/Casting.h"

#include <set>

using namespace synfire;
using namespace synfire::sema;
using llvm::dyn_cast;
using llvm::StringRef;

/// Elements are numbered with 32 bits at every level below.
static constexpr int64_t maxSize = (int64_t(1) << 31) - 1;

/// A plain population is declared where it is needed first; a member of a family
/// belongs to the circuit around the loop that declares it.
void Elaborator::declarePopulation(const ast::PopulationDecl &decl, Context &context) {
  if (!decl.familyIndex) {
    std::shared_ptr<Environment> home = context.env;
    while (home->isLoop && home->outer)
      home = home->outer;
    if (home == context.env) {
      declareLazily(context, decl.name, [this, &decl](Context &inner) {
        return runPopulation(decl, decl.name.text, inner);
      });
      return;
    }
    auto [place, isNew] = home->places.try_emplace(decl.name.text, decl.name.range);
    if (!isNew) {
      diags.report(diag::err_population_in_loop, decl.name.range) << decl.name.text;
      return;
    }
    home->values[decl.name.text] = runPopulation(decl, decl.name.text, context);
    return;
  }
  CircuitScope scope(*this, context);
  Value index = evaluateValue(program, *decl.familyIndex, scope);
  if (index.isError())
    return;
  if (index.kind != Value::Kind::Number && index.kind != Value::Kind::String) {
    diags.report(diag::err_family_index, decl.familyIndex->range) << describe(index.kind);
    return;
  }
  std::shared_ptr<Environment> home = context.env;
  while (home->isLoop && home->outer)
    home = home->outer;
  home->places.try_emplace(decl.name.text, decl.name.range);
  Value &family = home->values[decl.name.text];
  if (family.kind == Value::Kind::Error) {
    family.kind = Value::Kind::Family;
    family.text = decl.name.text;
    family.range = decl.name.range;
  }
  if (family.kind != Value::Kind::Family ||
      llvm::any_of(family.family, [&](auto &member) { return member.first == index.str(); })) {
    (diags.report(diag::err_declared_twice, decl.name.range)
     << decl.name.text + "[" + index.str() + "]")
        .note(diag::note_declared_here, family.range);
    return;
  }
  std::string name = decl.name.text + "[" + index.str() + "]";
  Value member = runPopulation(decl, name, context);
  // Running the declaration may have moved the family.
  home->values[decl.name.text].family.emplace_back(index.str(), std::move(member));
}

Value Elaborator::runPopulation(const ast::PopulationDecl &decl, std::string name,
                                Context &context) {
  Value value;
  value.range = decl.range;
  std::shared_ptr<const Model> neuron = models.getNeuron(*context.unit, decl.model);
  CircuitScope scope(*this, context);
  std::vector<int64_t> shape;
  int64_t size = 1;
  bool good = neuron != nullptr;
  for (const ast::ExprPtr &expr : decl.sizes) {
    if (!expr)
      continue;
    auto number = evaluateInteger(program, *expr, scope, "the size of a population");
    if (number && (*number < 0 || (*number && size > maxSize / *number))) {
      diags.report(diag::err_size_range, expr->range) << "the size of a population" << 0 << maxSize;
      number.reset();
    }
    if (!number) {
      good = false;
      continue;
    }
    shape.push_back(*number);
    size *= *number;
  }
  if (!good)
    return value;

  Population &population = network.populations.emplace_back();
  population.name = uniqueName(context.prefix + name);
  population.neuron = neuron;
  population.range = decl.name.range;
  population.size = size;
  population.shape = shape;
  if (decl.file)
    readPopulationFile(decl, population, context);
  else if (decl.sizes.empty())
    population.shape = {1};

  OwnerScope settings(*this, context, neuron.get());
  const CsvFile *csv = decl.file ? readCsv(program, *decl.file, scope) : nullptr;
  Table &table = network.tables.emplace_back();
  table.name = uniqueName(population.name + ".table");
  table.range = decl.range;
  population.table = &table;
  settings.file = csv;
  settings.table = &table;
  settings.numRows = population.size;
  settings.permissions.step = false;
  settings.permissions.draw = true;
  settings.permissions.index = true;
  settings.permissions.place = "a setting of a population";
  if (csv)
    table.path = csv->path;
  buildSettings(decl.settings, *neuron, settings, true, population.settings, decl.name.range);
  completeSettings(*neuron, population.settings, decl.name.range);
  for (const ast::StmtPtr &stmt : decl.settings.stmts)
    if (auto *solve = llvm::dyn_cast_or_null<ast::SolveStmt>(stmt.get()))
      for (const ast::SolveStmt::Item &item : solve->items) {
        SolveOverride entry{item.state.text, item.method.text, 1, item.after.text, item.range};
        if (item.steps)
          if (auto steps = evaluateInteger(program, *item.steps, scope, "a number of steps"))
            entry.substeps = *steps;
        population.solves.push_back(std::move(entry));
      }
  if (!population.solves.empty()) {
    Model copy = *neuron;
    copy.solves = population.solves;
    checkSolves(copy, diags);
  }
  if (decl.position)
    runPosition(decl.position, population, settings, context);
  Ends ends;
  ends.intrinsic = true;
  ends.post = neuron.get();
  buildRules(decl.rules, *neuron, ends, settings, population.settings, population.rules, context);

  value.kind = Value::Kind::Populations;
  PopulationRef ref;
  ref.population = &population;
  ref.range = decl.name.range;
  value.refs.push_back(std::move(ref));
  return value;
}

/// (C4) The size follows from the rows; a column may name the elements.
void Elaborator::readPopulationFile(const ast::PopulationDecl &decl, Population &population,
                                    Context &context) {
  CircuitScope scope(*this, context);
  const CsvFile *csv = readCsv(program, *decl.file, scope);
  if (!csv)
    return;
  int64_t rows = int64_t(csv->rows.size());
  if (!decl.sizes.empty() && population.size != rows)
    diags.report(diag::err_csv_row_count, decl.file->range) << csv->path << rows << population.size;
  population.size = rows;
  population.shape = {rows};
  if (!decl.nameColumn)
    return;
  auto name = evaluateString(program, *decl.nameColumn, scope, "a column's name");
  auto column =
      name ? requireColumn(program, *csv, name->text, decl.nameColumn->range) : std::nullopt;
  if (!column)
    return;
  std::set<std::string> seen;
  for (size_t row = 0; row != csv->rows.size(); ++row) {
    const std::string &text = csv->rows[row][*column];
    if (!seen.insert(text).second) {
      diags.report(diag::err_element_name_twice, decl.nameColumn->range)
          << csv->path << int64_t(csv->lines[row]) << text;
      return;
    }
    population.elementNames.push_back(text);
  }
}

//===----------------------------------------------------------------------===//
// Positions (C5)
//===----------------------------------------------------------------------===//

void Elaborator::runPosition(const ast::Position &position, Population &population,
                             OwnerScope &scope, Context &context) {
  PositionInfo info;
  info.range = position.range;
  DimensionSolver solver;
  if (position.layout) {
    const ast::CallExpr &call = *position.layout;
    CircuitScope constants(*this, context);
    std::vector<double> lengths;
    bool isGrid = call.callee.text == "grid";
    if (!isGrid && call.callee.text != "uniform") {
      program.reportUnknown(diag::err_unknown_layout, call.callee.text, call.callee.range,
                            {"grid", "uniform"});
      return;
    }
    for (const ast::Argument &arg : call.args) {
      if (!arg.value)
        continue;
      if (arg.name && !(isGrid && arg.name.text == "spacing")) {
        program.reportUnknown(diag::err_unknown_argument, arg.name.text, arg.name.range,
                              {"spacing"}, call.callee.text);
        return;
      }
      auto length = evaluateNumber(program, *arg.value, constants, Dimension::length(), "a length");
      if (!length)
        return;
      if (*length <= 0) {
        diags.report(diag::err_not_positive, arg.value->range) << "a length";
        return;
      }
      lengths.push_back(*length);
    }
    size_t wanted = isGrid ? 1 : lengths.size();
    if (lengths.size() != wanted || lengths.empty() || wanted > 3) {
      diags.report(diag::err_argument_count, call.range)
          << call.callee.text << int64_t(isGrid ? 1 : 3) << int64_t(lengths.size());
      return;
    }
    auto constant = [&](double v) { return makeConstant(v, position.range); };
    if (isGrid) {
      // Row-major: the last extent runs fastest.
      int64_t stride = population.size;
      for (int64_t extent : population.shape) {
        stride = extent ? stride / extent : 0;
        auto index = makeNode(NodeOp::Index, position.range);
        auto call1 = [&](NodePtr value) {
          auto node = std::make_shared<Node>();
          node->op = NodeOp::Call;
          node->function = Function::Floor;
          node->args = {std::move(value)};
          node->range = position.range;
          return NodePtr(node);
        };
        auto row =
            call1(makeNode(NodeOp::Divide, position.range, {index, constant(double(stride))}));
        auto wrap = makeNode(
            NodeOp::Multiply, position.range,
            {call1(makeNode(NodeOp::Divide, position.range, {row, constant(double(extent))})),
             constant(double(extent))});
        auto cell = makeNode(NodeOp::Subtract, position.range, {row, wrap});
        info.coordinates.push_back(
            makeNode(NodeOp::Multiply, position.range, {cell, constant(lengths[0])}));
        if (position.periodic)
          info.period.push_back(double(extent) * lengths[0]);
      }
    } else {
      for (double length : lengths) {
        auto node = std::make_shared<Node>();
        node->op = NodeOp::Draw;
        node->name = "uniform";
        node->args = {constant(0), constant(length)};
        node->range = position.range;
        info.coordinates.push_back(node);
        if (position.periodic)
          info.period.push_back(length);
      }
    }
  } else {
    // `in [um]` applies to all coordinates that are pure numbers.
    ResolvedUnit unit;
    if (position.unit) {
      auto resolved = resolveUnit(*position.unit, diags);
      if (!resolved)
        return;
      unit = *resolved;
    }
    ExprBuilder builder(program, scope, solver, scope.permissions);
    for (const ast::ExprPtr &expr : position.coordinates) {
      if (!expr)
        continue;
      Typed value = builder.buildNumber(*expr);
      if (value.isError())
        return;
      if (position.unit) {
        value.node = makeNode(NodeOp::Multiply, expr->range,
                              {value.node, makeConstant(toBase("1", unit), expr->range)});
        value.dim = value.dim * DimExpr(unit.dimension);
      }
      if (!builder.require(value, Dimension::length(), "a coordinate"))
        return;
      info.coordinates.push_back(value.node);
    }
    if (position.periodic)
      diags.report(diag::err_periodic_without_extent, position.range);
  }
  if (info.coordinates.size() < 1 || info.coordinates.size() > 3) {
    diags.report(diag::err_position_dimensions, position.range) << int64_t(info.coordinates.size());
    return;
  }
  population.position = std::move(info);
}
