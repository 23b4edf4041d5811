//===- Values.cpp - Expressions, with values of what runs -----------------===//
#include "frontend/parse/Parser.h"
#include "runtime/random/Grid.h"
#include "tools/synfire/repl/Quantities.h"
#include "tools/synfire/repl/Session.h"
#include "tools/synfire/repl/Show.h"

#include "llvm/Support/Casting.h"
#include "llvm/Support/raw_ostream.h"

#include <cmath>
#include <cstring>
#include <numeric>

using namespace synfire;
using namespace synfire::repl;
using llvm::StringRef;

//===----------------------------------------------------------------------===//
// Places
//===----------------------------------------------------------------------===//

namespace {

std::optional<uint64_t> literal(const ast::Expr *expr) {
  auto *number = llvm::dyn_cast_or_null<ast::NumberExpr>(expr);
  if (!number || number->unit || number->value != std::floor(number->value))
    return std::nullopt;
  return uint64_t(number->value);
}

std::string indexText(const SourceManager &sources, const ast::PathSegment &segment) {
  std::string text;
  for (const ast::ExprPtr &index : segment.index)
    text += (text.empty() ? "[" : ",") + sources.getText(index->range).trim("\"").str();
  return text.empty() ? "" : text + "]";
}

/// `seg[2].E` of the first `count` segments; the index of the last one is left out if it says which
/// elements are meant.
std::string qualifiedName(const SourceManager &sources, const ast::PopRef &path, size_t count,
                          bool withLastIndex) {
  std::string name;
  for (size_t i = 0; i < count; ++i) {
    name += (i ? "." : "") + path.path[i].name.text;
    if (i + 1 < count || withLastIndex)
      name += indexText(sources, path.path[i]);
  }
  return name;
}

} // namespace

std::optional<std::vector<uint32_t>> Session::elementsOf(const std::vector<ast::ExprPtr> &index,
                                                         uint32_t domain) {
  const syn_domain &population = getInstance()->model.domains[domain];
  std::vector<uint32_t> elements;
  if (index.empty() || (index.size() == 1 && llvm::isa<ast::StarExpr>(*index[0]))) {
    elements.resize(population.size);
    std::iota(elements.begin(), elements.end(), 0u);
    return elements;
  }
  if (index.size() != 1)
    return std::nullopt;
  uint64_t low = 0, high = 0;
  if (auto *range = llvm::dyn_cast<ast::RangeExpr>(index[0].get())) {
    auto first = literal(range->low.get()), last = literal(range->high.get());
    if (!first || !last)
      return std::nullopt;
    low = *first;
    high = *last;
  } else if (auto *name = llvm::dyn_cast<ast::StringExpr>(index[0].get())) {
    for (uint64_t e = 0; population.element_names && e < population.size; ++e)
      if (name->value == population.element_names[e])
        return std::vector<uint32_t>{uint32_t(e)};
    return std::nullopt;
  } else if (auto element = literal(index[0].get())) {
    low = high = *element;
  } else {
    return std::nullopt;
  }
  if (low > high || high >= population.size)
    return std::nullopt;
  for (uint64_t e = low; e <= high; ++e)
    elements.push_back(uint32_t(e));
  return elements;
}

std::optional<Session::ArrayPlace> Session::locatePath(const ast::PopRef &path) {
  if (!getInstance() || !path.isPath())
    return std::nullopt;
  const syn_model &model = getInstance()->model;
  auto arrayNamed = [&](const std::string &name) -> uint32_t {
    for (uint32_t a = 0; a < model.n_arrays; ++a)
      if (name == model.arrays[a].name &&
          (model.arrays[a].kind == SYN_STATE || model.arrays[a].kind == SYN_PARAMETER))
        return a;
    return SYN_NONE;
  };
  size_t n = path.path.size();
  for (size_t count = n - 1; count >= 1; --count) {
    std::string field;
    for (size_t i = count; i < n; ++i)
      field += "." + path.path[i].name.text;
    // `E[3].v` and `E.v[3]` say the same.
    const ast::PathSegment &last = path.path[count - 1];
    const auto &index = path.path[n - 1].index.empty() ? last.index : path.path[n - 1].index;
    for (bool isName : {true, false}) {
      std::string owner = qualifiedName(sources, path, count, isName);
      uint32_t array = arrayNamed(owner + field);
      if (array == SYN_NONE)
        continue;
      for (uint32_t d = 0; d < model.n_domains; ++d)
        if (owner == model.domains[d].name) {
          const auto &wanted = isName && !last.index.empty() ? path.path[n - 1].index : index;
          auto elements = elementsOf(wanted, d);
          if (!elements)
            return std::nullopt;
          return ArrayPlace{array, std::move(*elements)};
        }
      return ArrayPlace{array, {}};
    }
  }
  return std::nullopt;
}

/// Where an assignment writes. Nothing where that needs the compiler.
std::optional<Session::ArrayPlace> Session::locate(const ast::Expr &target) {
  auto path = ast::toPopRef(target);
  auto place = path ? locatePath(*path) : std::nullopt;
  if (!place || place->elements.empty())
    return std::nullopt;
  const syn_model &model = getInstance()->model;
  const syn_array &array = model.arrays[place->array];
  if (array.connections != SYN_NONE)
    return std::nullopt;
  if (!array.uniform)
    return place;
  // One number for all cells: it can be changed for all of them only.
  std::string name = array.name;
  for (uint32_t d = 0; d < model.n_domains; ++d)
    if (name.rfind(std::string(model.domains[d].name) + ".", 0) == 0 &&
        place->elements.size() == model.domains[d].size)
      return ArrayPlace{place->array, {0}};
  return std::nullopt;
}

std::optional<std::vector<Session::Cells>> Session::resolve(const ast::PopRef &ref) {
  if (!start())
    return std::nullopt;
  std::vector<Cells> result;
  if (ref.kind == ast::PopRef::Kind::Set) {
    for (const ast::PopRefPtr &item : ref.items) {
      auto some = resolve(*item);
      if (!some)
        return std::nullopt;
      result.insert(result.end(), some->begin(), some->end());
    }
    return result;
  }
  const syn_model &model = getInstance()->model;
  if (ref.kind == ast::PopRef::Kind::All) {
    for (uint32_t d = 0; d < model.n_domains; ++d)
      if (!model.domains[d].hidden)
        result.push_back({d, *elementsOf({}, d), true});
    return result;
  }
  if (ref.isPath())
    for (bool isName : {true, false}) {
      std::string name = qualifiedName(sources, ref, ref.path.size(), isName);
      for (uint32_t d = 0; d < model.n_domains; ++d)
        if (name == model.domains[d].name) {
          static const std::vector<ast::ExprPtr> all;
          const auto &index = isName ? all : ref.path.back().index;
          auto elements = elementsOf(index, d);
          if (!elements) {
            fail("`" + sources.getText(ref.range) + "` names no cells of `" + name +
                 "`, which has " + std::to_string(model.domains[d].size));
            return std::nullopt;
          }
          result.push_back({d, std::move(*elements), index.empty()});
          return result;
        }
    }
  (void)findPopulation(sources.getText(ref.range)); // says that there is none
  return std::nullopt;
}

//===----------------------------------------------------------------------===//
// Reading
//===----------------------------------------------------------------------===//

std::optional<LiveValues> Session::readArray(const ArrayPlace &place) {
  runtime::Instance &instance = *getInstance();
  const syn_array &array = instance.model.arrays[place.array];
  LiveValues result;
  result.name = array.name;
  result.unit = array.unit ? array.unit : "";
  if (array.connections == SYN_NONE) {
    result.elements = place.elements;
    if (place.elements.empty()) // of a projection, and the same for all its connections
      result.values.push_back(instance.value(place.array, 0));
    for (uint32_t element : place.elements)
      result.values.push_back(instance.value(place.array, element));
    return result;
  }
  result.ofConnections = true;
  if (instance.connectionPlaces(place.array).empty() &&
      instance.connections[array.connections].rows.connections)
    return readStatic(place.array, std::move(result));
  readConnections(instance, place.array, result);
  return result;
}

/// The values of an array over connections that are drawn and not laid out yet.
static std::vector<double> valuesBeforeLayout(runtime::Instance &instance, uint32_t array) {
  std::vector<double> result;
  runtime::BuiltConnections &built = instance.connections[instance.model.arrays[array].connections];
  size_t column = 0;
  while (column < built.columnArrays.size() && built.columnArrays[column] != array)
    ++column;
  if (column == built.columnArrays.size())
    return result;
  bool isSingle = column == 0 && built.rows.weight == runtime::WeightStorage::F32;
  for (unsigned p = 0; p < built.rows.partitions.size(); ++p) {
    const void *values = built.column(column, p);
    for (uint64_t i = 0; i < built.rows.partitions[p].connections; ++i)
      result.push_back(isSingle ? double(static_cast<const float *>(values)[i])
                                : static_cast<const double *>(values)[i]);
  }
  return result;
}

/// Values that never change are not kept one by one; they are drawn again.
std::optional<LiveValues> Session::readStatic(uint32_t array, LiveValues result) {
  runtime::Instance &instance = *getInstance();
  auto made = runtime::Instance::create(
      instance.model, live->run, instance.seed, *live->team,
      [&](runtime::Instance &whole) { result.values = valuesBeforeLayout(whole, array); });
  if (!made) {
    fail(made.status().message());
    return std::nullopt;
  }
  return result;
}

void Session::readConnections(runtime::Instance &instance, uint32_t number, LiveValues &result) {
  const syn_array &array = instance.model.arrays[number];
  double scale = std::ldexp(1.0, -instance.connections[array.connections].weightExponent);
  for (const auto &connection : instance.connectionPlaces(number)) {
    double value = 0;
    if (array.type == SYN_F32) {
      float single;
      std::memcpy(&single, connection.value, sizeof single);
      value = double(single);
    } else if (array.type == SYN_I16) {
      int16_t fixed;
      std::memcpy(&fixed, connection.value, sizeof fixed);
      value = double(fixed) * scale;
    } else {
      std::memcpy(&value, connection.value, sizeof value);
    }
    result.values.push_back(value);
  }
}

std::optional<LiveValues> Session::read(const ast::Expr &expr) {
  if (!definitions.hasPopulations() || !getInstance())
    return std::nullopt;
  std::optional<ArrayPlace> place;
  if (auto *of = llvm::dyn_cast<ast::OfExpr>(&expr)) {
    auto *what = llvm::dyn_cast_or_null<ast::NameExpr>(of->what.get());
    if (!what || !of->of.source)
      return std::nullopt;
    const syn_model &model = getInstance()->model;
    std::string owner = sources.getText(of->of.source->range).str();
    if (of->of.target)
      owner += "->" + sources.getText(of->of.target->range).str();
    for (uint32_t a = 0; a < model.n_arrays && !place; ++a)
      if (owner + "." + what->name == model.arrays[a].name)
        for (uint32_t c = 0; c < model.n_connections; ++c)
          if (owner == model.connections[c].name)
            place = ArrayPlace{a, {}};
    if (!place && !of->of.target && of->of.source->isPath()) {
      auto path = ast::clone(*of->of.source);
      path->path.push_back({{what->name, what->range}, {}});
      place = locatePath(*path);
    }
  } else if (llvm::isa<ast::FieldExpr>(expr) || llvm::isa<ast::IndexExpr>(expr)) {
    if (auto path = ast::toPopRef(expr))
      place = locatePath(*path);
  }
  return place ? readArray(*place) : std::nullopt;
}

std::optional<std::pair<double, std::string>> Session::measure(const ast::CallExpr &call) {
  StringRef name = call.callee.text;
  if (call.args.empty() || !call.args[0].value || !getInstance())
    return std::nullopt;
  const ast::Expr &argument = *call.args[0].value;
  if (name == "mean" || name == "sd") {
    auto values = read(argument);
    if (!values || values->values.empty())
      return std::nullopt;
    Moments moments(values->values);
    return std::make_pair(name == "mean" ? moments.mean : moments.sd, values->unit);
  }
  if (name != "rate" && name != "cv" && name != "count")
    return std::nullopt;
  auto path = ast::toPopRef(argument);
  auto cells = path ? resolve(*path) : std::nullopt;
  if (!cells || cells->size() != 1 || !cells->front().isAll)
    return std::nullopt;
  const syn_domain &domain = getInstance()->model.domains[cells->front().domain];
  const SpikeLog *log = recording->findSpikes(domain.name);
  int64_t to = getInstance()->step, from = recording->firstStep(log);
  if (call.args.size() == 2 && call.args[1].value) // the last so many milliseconds
    if (auto window = evaluate(ast::clone(*call.args[1].value)))
      from = std::max(from, to - runtime::toSteps(window->number, recording->dt()).steps);
  if (name == "rate")
    return std::make_pair(rateOf(log, domain.size, from, to, recording->dt()) * 1e-3,
                          std::string("1/ms"));
  if (name == "cv")
    return std::make_pair(cvOf(log, domain.size, from, to), std::string("1"));
  return std::make_pair(log ? double(log->count) : 0, std::string("1"));
}

//===----------------------------------------------------------------------===//
// Evaluating
//===----------------------------------------------------------------------===//

/// Puts numbers where values of what runs are named.
ast::ExprPtr Session::withPresentValues(ast::ExprPtr expr) {
  if (!expr)
    return expr;
  std::optional<std::pair<double, std::string>> present;
  if (auto values = read(*expr); values && values->values.size() == 1)
    present = std::make_pair(values->values[0], values->unit);
  else if (auto *call = llvm::dyn_cast<ast::CallExpr>(expr.get()))
    present = measure(*call);
  if (present && !std::isnan(present->first)) {
    SourceRange range = expr->range;
    FileId number = sources.addBuffer("value", exactQuantity(present->first, present->second));
    DiagnosticEngine ignored;
    if (auto value = parseExpression(sources, number, ignored)) {
      value->range = range;
      return value;
    }
  }
  auto inner = [&](ast::ExprPtr &child) { child = withPresentValues(std::move(child)); };
  if (auto *unary = llvm::dyn_cast<ast::UnaryExpr>(expr.get())) {
    inner(unary->operand);
  } else if (auto *binary = llvm::dyn_cast<ast::BinaryExpr>(expr.get())) {
    inner(binary->lhs);
    inner(binary->rhs);
  } else if (auto *compare = llvm::dyn_cast<ast::CompareExpr>(expr.get())) {
    inner(compare->lhs);
    inner(compare->rhs);
  } else if (auto *logical = llvm::dyn_cast<ast::LogicalExpr>(expr.get())) {
    inner(logical->lhs);
    inner(logical->rhs);
  } else if (auto *choice = llvm::dyn_cast<ast::IfExpr>(expr.get())) {
    inner(choice->condition);
    inner(choice->thenValue);
    inner(choice->elseValue);
  } else if (auto *call = llvm::dyn_cast<ast::CallExpr>(expr.get())) {
    for (ast::Argument &argument : call->args)
      inner(argument.value);
  } else if (auto *list = llvm::dyn_cast<ast::ListExpr>(expr.get())) {
    for (ast::ExprPtr &item : list->items)
      inner(item);
  }
  return expr;
}

std::optional<sema::Value> Session::evaluateWith(ast::ExprPtr expr, DiagnosticEngine &diags) {
  expr = withPresentValues(std::move(expr));
  InteractiveModel model;
  model.file = definitions.assemble(sources);
  model.expression = expr.get();
  bool isGood = frontend.check(model, diags);
  definitions.giveBack(*model.file);
  if (!isGood || model.value.isError())
    return std::nullopt;
  return std::move(model.value);
}

std::optional<sema::Value> Session::evaluate(ast::ExprPtr expr) {
  DiagnosticEngine diags = messages.makeEngine();
  return evaluateWith(std::move(expr), diags);
}

std::optional<sema::Value> Session::evaluate(StringRef text) {
  FileId file = sources.addBuffer("input", text.str(), line);
  DiagnosticEngine diags = messages.makeEngine();
  auto expr = parseExpression(sources, file, diags);
  return expr ? evaluate(std::move(expr)) : std::nullopt;
}

std::optional<int64_t> Session::steps(StringRef text) {
  auto value = evaluate(text);
  if (!value)
    return std::nullopt;
  bool isTime = value->kind == sema::Value::Kind::Number &&
                (value->dimension == sema::Dimension::time() || value->fitsAny);
  if (!isTime || !(value->number >= 0) || std::isinf(value->number)) {
    fail("`" + text.trim() + "` is no time; write it as `200 ms`");
    return std::nullopt;
  }
  if (!start())
    return std::nullopt;
  return runtime::toSteps(value->number, getInstance()->dt).steps;
}

bool Session::enterExpression(ast::ExprPtr expr) {
  // What was defined, by its name.
  if (auto *name = llvm::dyn_cast<ast::NameExpr>(expr.get()))
    if (showDefinition(*this, name->name))
      return true;
  if (definitions.hasPopulations() && namesWhatRuns(*this, *expr) && !start())
    return false;
  if (auto values = read(*expr)) {
    showValues(*values);
    return true;
  }
  if (auto *call = llvm::dyn_cast<ast::CallExpr>(expr.get()))
    if (auto measured = measure(*call)) {
      llvm::outs() << formatQuantity(measured->first, measured->second) << '\n';
      return true;
    }
  auto value = evaluate(std::move(expr));
  if (!value)
    return false;
  llvm::outs() << formatValue(*value) << '\n';
  return true;
}

bool Session::performAction(size_t number) {
  const syn_run &run = live->run;
  size_t found = 0;
  int64_t never = runtime::toSteps(1e9, live->instance->dt).steps;
  for (uint32_t i = 0; i < run.n_actions; ++i) {
    const syn_action &action = run.actions[i];
    if (action.step != never || action.period || found++ != number)
      continue;
    for (uint32_t k = 0; k < action.n_launches; ++k)
      live->instance->assign(action.launches[k]);
    runtime::Status status = live->instance->refresh();
    return status.ok() || fail(status.message());
  }
  return fail("this has no effect on the circuit");
}
