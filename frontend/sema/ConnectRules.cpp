//===- ConnectRules.cpp - How pairs are chosen (R1) -----------------------===//

#include "frontend/sema/CircuitScope.h"
#include "frontend/sema/Csv.h"
#include "frontend/sema/Edges.h"
#include "frontend/sema/FunctionScope.h"
#include "frontend/sema/Program.h"
#include "frontend/sema/Units.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/Support/Casting.h"

#include <cmath>

using namespace synfire;
using namespace synfire::sema;
using llvm::dyn_cast;
using llvm::StringRef;

namespace {
struct RuleInfo {
  const char *name;
  std::vector<std::string> arguments;
};
} // namespace

static const std::vector<RuleInfo> &connectRules() {
  static const std::vector<RuleInfo> rules = {
      {"one_to_one", {}},
      {"all_to_all", {}},
      {"all_but_one", {}},
      {"probability", {"p"}},
      {"fixed_indegree", {"k"}},
      {"fixed_outdegree", {"k"}},
      {"fixed_number", {"n"}},
      {"small_world", {"k", "beta"}},
      {"modular", {"groups", "p_in", "p_out"}},
      {"low_rank", {"rank"}},
  };
  return rules;
}

static bool isWhole(StringRef name) {
  return name == "k" || name == "n" || name == "groups" || name == "rank";
}

/// `true`, `false` or a condition.
static std::optional<bool> evaluateFlag(Program &program, const ast::Expr &expr,
                                        ConstantScope &scope) {
  if (auto *name = dyn_cast<ast::NameExpr>(&expr)) {
    if (name->name == "true" || name->name == "yes")
      return true;
    if (name->name == "false" || name->name == "no")
      return false;
  }
  Value value = evaluateValue(program, expr, scope);
  if (value.isError())
    return std::nullopt;
  if (value.kind == Value::Kind::Bool)
    return value.number != 0;
  program.getDiags().report(diag::err_not_a_condition, expr.range) << describe(value.kind);
  return std::nullopt;
}

void Elaborator::buildConnect(const ast::ProjectStmt &stmt, Projection &projection,
                              OwnerScope &scope, Context &context) {
  if (stmt.connect.empty()) {
    diags.report(diag::err_connect_missing, stmt.range);
    return;
  }
  for (const ast::ConnectRule &rule : stmt.connect) {
    bool isRank = rule.rule.text == "low_rank" && &rule != &stmt.connect[0];
    if (&rule != &stmt.connect[0] && !isRank) {
      diags.report(diag::err_second_connect, rule.range);
      continue;
    }
    if (rule.file)
      buildConnectFile(rule, projection, scope, context);
    else
      buildConnectRule(rule, projection, scope, context, isRank);
  }
}

void Elaborator::buildConnectRule(const ast::ConnectRule &rule, Projection &projection,
                                  OwnerScope &scope, Context &context, bool isAddition) {
  auto info = llvm::find_if(
      connectRules(), [&](const RuleInfo &candidate) { return rule.rule.text == candidate.name; });
  if (info == connectRules().end()) {
    std::vector<std::string> names;
    for (const RuleInfo &candidate : connectRules())
      names.push_back(candidate.name);
    program.reportUnknown(diag::err_unknown_connect_rule, rule.rule.text, rule.rule.range, names);
    return;
  }
  if (!isAddition)
    projection.rule = info->name;
  std::vector<std::string> names = info->arguments;
  llvm::SmallVector<bool> optional(names.size(), false);
  if (!isAddition) {
    names.insert(names.end(), {"autapses", "multapses"});
    optional.append(2, true);
  }
  std::vector<const ast::Expr *> values;
  if (!bindArguments(program, info->name, rule.range, rule.args, names, optional, values))
    return;
  CircuitScope constants(*this, context);
  for (size_t i = 0; i != names.size(); ++i) {
    if (!values[i])
      continue;
    NetworkArgument argument;
    argument.name = names[i];
    argument.range = values[i]->range;
    if (optional[i]) {
      argument.flag = evaluateFlag(program, *values[i], constants);
      if (!argument.flag)
        continue;
    } else if (isWhole(names[i])) {
      auto number = evaluateInteger(program, *values[i], constants, "`" + names[i] + "`");
      if (!number)
        continue;
      if (*number < 0) {
        diags.report(diag::err_not_positive, values[i]->range) << ("`" + names[i] + "`");
        continue;
      }
      if (names[i] == "rank" && *number == 0) {
        diags.report(diag::err_rank_zero, values[i]->range);
        continue;
      }
      argument.number = double(*number);
    } else {
      // Only the probability of a pair may depend on the pair.
      Permissions saved = scope.permissions;
      scope.permissions.draw = false;
      scope.permissions.place = saved.distance ? "a connect rule"
                                               : "a connect rule between populations without "
                                                 "positions";
      argument = buildArgument(names[i], *values[i], Dimension(), scope);
      scope.permissions = saved;
      if (!argument.number && !argument.node)
        continue;
      if (argument.node && names[i] != "p") {
        diags.report(diag::err_not_constant, values[i]->range);
        continue;
      }
      if (argument.number && (*argument.number < 0 || *argument.number > 1)) {
        diags.report(diag::err_probability_range, values[i]->range);
        continue;
      }
    }
    projection.arguments.push_back(std::move(argument));
  }
}

//===----------------------------------------------------------------------===//
// Connections from a file (C4)
//===----------------------------------------------------------------------===//

/// Element numbers of one end: names where the population has them.
static std::optional<std::vector<double>> readEnd(Program &program, const CsvFile &csv, int column,
                                                  const PopulationRef &ref, SourceRange range) {
  const Population &population = *ref.population;
  DiagnosticEngine &diags = program.getDiags();
  std::map<StringRef, int64_t> byName;
  for (size_t i = 0; i != population.elementNames.size(); ++i)
    byName[population.elementNames[i]] = int64_t(i);
  std::vector<double> result;
  for (size_t row = 0; row != csv.rows.size(); ++row) {
    const std::string &cell = csv.rows[row][column];
    if (!byName.empty() && !csv.isEdges) {
      auto it = byName.find(StringRef(cell));
      if (it == byName.end()) {
        program.reportUnknown(diag::err_csv_no_element, cell, range, population.elementNames,
                              csv.path + "` at line " + std::to_string(csv.lines[row]) + ": `" +
                                  population.name);
        return std::nullopt;
      }
      result.push_back(double(it->second));
      continue;
    }
    char *end = nullptr;
    long long number = std::strtoll(cell.c_str(), &end, 10);
    if (cell.empty() || *end || number < 0 || number >= population.size) {
      diags.report(diag::err_csv_bad_element, range)
          << csv.path << int64_t(csv.lines[row]) << cell << population.name << population.size;
      return std::nullopt;
    }
    result.push_back(double(number));
  }
  return result;
}

void Elaborator::buildConnectFile(const ast::ConnectRule &rule, Projection &projection,
                                  OwnerScope &scope, Context &context) {
  CircuitScope constants(*this, context);
  projection.rule = "table";
  auto path = evaluateString(program, *rule.file, constants, "the name of a file");
  if (!path)
    return;
  std::vector<const ast::Expr *> values;
  const CsvFile *csv = nullptr;
  if (isEdgeFile(path->text)) {
    if (!bindArguments(program, "from", rule.range, rule.args, {"edges"}, {true}, values))
      return;
    std::string name;
    if (values[0]) {
      auto edges = evaluateString(program, *values[0], constants, "the name of a projection");
      if (!edges)
        return;
      name = edges->text;
    }
    csv = readEdges(program, sema::resolvePath(program, *path), name, rule.range);
    values.assign(2, nullptr);
  } else {
    csv = readCsv(program, sema::resolvePath(program, *path), rule.file->range);
    if (csv && !bindArguments(program, "from", rule.range, rule.args, {"pre", "post"}, {true, true},
                              values))
      return;
  }
  if (!csv)
    return;
  Table &table = *projection.table;
  table.path = csv->path;
  const char *names[] = {"pre", "post"};
  const PopulationRef *refs[] = {&projection.source, &projection.target};
  for (int end = 0; end != 2; ++end) {
    std::string column = names[end];
    SourceRange range = rule.file->range;
    if (values[end]) {
      auto name = evaluateString(program, *values[end], constants, "a column's name");
      if (!name)
        return;
      column = name->text;
      range = values[end]->range;
    }
    auto number = requireColumn(program, *csv, column, range);
    auto numbers = number ? readEnd(program, *csv, *number, *refs[end], range) : std::nullopt;
    if (!numbers)
      return;
    table.columns.emplace_back(names[end], std::move(*numbers));
  }
  scope.file = csv;
  scope.numRows = int64_t(csv->rows.size());
}

/// Keeps the rows both ends of which are selected.
void Elaborator::filterRows(Projection &projection) {
  Table &table = *projection.table;
  if (projection.rule != "table" || table.columns.size() < 2)
    return;
  auto isIn = [](const PopulationRef &ref, double element) {
    if (ref.elements.empty())
      return true;
    for (size_t i = 0; i + 1 < ref.elements.size(); i += 2)
      if (element >= ref.elements[i] && element <= ref.elements[i + 1])
        return true;
    return false;
  };
  size_t kept = 0;
  for (size_t row = 0; row != table.columns[0].second.size(); ++row) {
    if (!isIn(projection.source, table.columns[0].second[row]) ||
        !isIn(projection.target, table.columns[1].second[row]))
      continue;
    for (auto &column : table.columns)
      column.second[kept] = column.second[row];
    ++kept;
  }
  for (auto &column : table.columns)
    column.second.resize(kept);
}
