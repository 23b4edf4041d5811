//===- PopulationRefs.cpp - What `E[0..9]`, `seg[i].out` mean -------------===//

#include "frontend/sema/CircuitScope.h"
#include "frontend/sema/Program.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/Support/Casting.h"

using namespace synfire;
using namespace synfire::sema;
using llvm::dyn_cast;
using llvm::isa;
using llvm::StringRef;

std::optional<std::vector<PopulationRef>> Elaborator::resolve(const ast::PopRef &ref,
                                                              Context &context) {
  std::vector<PopulationRef> result;
  switch (ref.kind) {
  case ast::PopRef::Kind::Path:
    return resolvePath(ref, context);
  case ast::PopRef::Kind::All:
    for (Population &population : network.populations) {
      PopulationRef all;
      all.population = &population;
      all.range = ref.range;
      result.push_back(std::move(all));
    }
    return result;
  case ast::PopRef::Kind::Set: {
    bool good = true;
    for (const ast::PopRefPtr &item : ref.items) {
      auto part = item ? resolve(*item, context) : std::nullopt;
      if (part)
        result.insert(result.end(), part->begin(), part->end());
      else
        good = false;
    }
    if (!good)
      return std::nullopt;
    return result;
  }
  case ast::PopRef::Kind::Selection: {
    auto base = ref.base ? resolve(*ref.base, context) : std::nullopt;
    if (!base || !ref.condition)
      return std::nullopt;
    for (PopulationRef &one : *base)
      if (!selectWhere(one, *ref.condition, context))
        return std::nullopt;
    return base;
  }
  }
  return std::nullopt;
}

std::optional<Value> Elaborator::resolveExpr(const ast::Expr &expr, Context &context) {
  CircuitScope scope(*this, context);
  if (auto *name = dyn_cast<ast::NameExpr>(&expr)) {
    if (const Value *value = scope.findValue(name->name))
      return *value;
    std::vector<std::string> names;
    scope.addNames(names);
    program.reportUnknown(diag::err_unknown_name, name->name, expr.range, names);
    return Value();
  }
  // An element of a list, or a field of frames, is left to the caller.
  const ast::Expr *root = &expr;
  while (true) {
    if (auto *field = dyn_cast<ast::FieldExpr>(root))
      root = field->base.get();
    else if (auto *index = dyn_cast<ast::IndexExpr>(root))
      root = index->base.get();
    else
      break;
    if (!root)
      return std::nullopt;
  }
  if (auto *name = dyn_cast<ast::NameExpr>(root)) {
    const Value *value = scope.findValue(name->name);
    if (!value || (value->kind != Value::Kind::Populations && value->kind != Value::Kind::Family &&
                   value->kind != Value::Kind::Part))
      return std::nullopt;
  }
  const ast::PopRef *ref = nullptr;
  ast::PopRefPtr converted;
  if (auto *population = dyn_cast<ast::PopulationExpr>(&expr))
    ref = population->ref.get();
  else if ((converted = ast::toPopRef(expr)))
    ref = converted.get();
  if (!ref)
    return std::nullopt;
  Value value;
  value.range = expr.range;
  if (auto refs = resolve(*ref, context)) {
    value.kind = Value::Kind::Populations;
    value.refs = std::move(*refs);
  }
  return value;
}

//===----------------------------------------------------------------------===//
// Paths
//===----------------------------------------------------------------------===//

/// All populations of a value that has any.
static void flatten(const Value &value, std::vector<PopulationRef> &refs) {
  refs.insert(refs.end(), value.refs.begin(), value.refs.end());
  for (auto &member : value.family)
    flatten(member.second, refs);
}

std::optional<std::vector<PopulationRef>>
Elaborator::resolvePath(const ast::PopRef &ref, Context &context, std::string *field) {
  CircuitScope scope(*this, context);
  Environment *inside = nullptr;
  std::vector<PopulationRef> refs;
  size_t i = 0;
  // Parts first, then a population, then a compartment or input.
  for (; i != ref.path.size(); ++i) {
    const ast::PathSegment &segment = ref.path[i];
    const Value *value =
        inside ? inside->find(segment.name.text, diags) : scope.findValue(segment.name.text);
    if (!value) {
      std::vector<std::string> names;
      if (inside)
        for (auto &known : inside->values)
          names.push_back(known.first);
      else
        scope.addNames(names);
      program.reportUnknown(diag::err_unknown_population, segment.name.text, segment.name.range,
                            names);
      return std::nullopt;
    }
    if (value->isError())
      return std::nullopt;
    if (value->kind == Value::Kind::Part) {
      if (i + 1 == ref.path.size()) {
        diags.report(diag::err_part_is_no_population, segment.name.range) << segment.name.text;
        return std::nullopt;
      }
      int64_t number = 0;
      if (value->isArray) {
        if (segment.index.size() != 1 || !segment.index[0]) {
          diags.report(diag::err_part_needs_index, segment.name.range) << segment.name.text;
          return std::nullopt;
        }
        auto given = evaluateInteger(program, *segment.index[0], scope, "an index");
        if (!given)
          return std::nullopt;
        if (*given < 0 || *given >= int64_t(value->parts.size())) {
          diags.report(diag::err_index_out_of_range, segment.index[0]->range)
              << *given << segment.name.text << int64_t(value->parts.size());
          return std::nullopt;
        }
        number = *given;
      }
      inside = value->parts[number].get();
      continue;
    }
    if (value->kind == Value::Kind::Family) {
      bool all = segment.index.empty() || (segment.index.size() == 1 && segment.index[0] &&
                                           isa<ast::StarExpr>(*segment.index[0]));
      if (all) {
        flatten(*value, refs);
        ++i;
        break;
      }
      if (segment.index.size() != 1 || !segment.index[0])
        return std::nullopt;
      Value key = evaluateValue(program, *segment.index[0], scope);
      if (key.isError())
        return std::nullopt;
      std::vector<std::string> names;
      const Value *member = nullptr;
      for (auto &[name, candidate] : value->family) {
        names.push_back(name);
        if (name == key.str())
          member = &candidate;
      }
      if (!member) {
        program.reportUnknown(diag::err_no_family_member, key.str(), segment.index[0]->range, names,
                              segment.name.text);
        return std::nullopt;
      }
      flatten(*member, refs);
      if (member->isError())
        return std::nullopt;
      ++i;
      break;
    }
    if (value->kind != Value::Kind::Populations) {
      diags.report(diag::err_not_a_population, segment.name.range) << describe(value->kind);
      return std::nullopt;
    }
    refs = value->refs;
    if (!segment.index.empty())
      for (PopulationRef &one : refs)
        if (!selectElements(one, segment, context))
          return std::nullopt;
    ++i;
    break;
  }
  for (PopulationRef &one : refs)
    one.range = ref.range;
  for (; i != ref.path.size(); ++i) {
    const ast::PathSegment &segment = ref.path[i];
    if (field && i + 1 == ref.path.size() && segment.index.empty()) {
      bool isCompartment = llvm::any_of(refs, [&](const PopulationRef &one) {
        return llvm::any_of(one.population->neuron->compartments, [&](const Model &inner) {
          return StringRef(inner.name).split('[').first == segment.name.text;
        });
      });
      if (!isCompartment) {
        *field = segment.name.text;
        break;
      }
    }
    if (!selectCompartments(refs, segment, context))
      return std::nullopt;
  }
  return refs;
}

//===----------------------------------------------------------------------===//
// Elements and compartments
//===----------------------------------------------------------------------===//

/// Adds a range to a sorted or unsorted list, joining it to the last one.
static void addRange(std::vector<int64_t> &elements, int64_t low, int64_t high) {
  if (!elements.empty() && elements.back() + 1 == low)
    elements.back() = high;
  else
    elements.insert(elements.end(), {low, high});
}

bool Elaborator::selectElements(PopulationRef &ref, const ast::PathSegment &segment,
                                Context &context) {
  CircuitScope scope(*this, context);
  const Population &population = *ref.population;
  // One range of indices for each extent.
  std::vector<std::pair<int64_t, int64_t>> ranges;
  if (segment.index.size() != 1 && segment.index.size() != population.shape.size()) {
    diags.report(diag::err_index_count, segment.name.range)
        << population.name << int64_t(population.shape.size()) << int64_t(segment.index.size());
    return false;
  }
  bool isFlat = segment.index.size() == 1;
  for (size_t i = 0; i != segment.index.size(); ++i) {
    const ast::ExprPtr &expr = segment.index[i];
    if (!expr)
      return false;
    int64_t extent = isFlat ? population.size : population.shape[i];
    if (isa<ast::StarExpr>(*expr)) {
      ranges.emplace_back(0, extent - 1);
      continue;
    }
    Value value = evaluateValue(program, *expr, scope);
    if (value.isError())
      return false;
    int64_t low = 0, high = -1;
    if (value.kind == Value::Kind::String && isFlat) {
      auto &names = population.elementNames;
      auto it = llvm::find(names, value.text);
      if (it == names.end()) {
        program.reportUnknown(diag::err_no_element, value.text, expr->range, names,
                              population.name);
        return false;
      }
      low = high = it - names.begin();
    } else if (value.kind == Value::Kind::List && !value.items.empty() &&
               isa<ast::RangeExpr>(*expr)) {
      low = int64_t(value.items.front().number);
      high = int64_t(value.items.back().number);
    } else if (value.kind == Value::Kind::Number) {
      auto number = evaluateInteger(program, *expr, scope, "an index");
      if (!number)
        return false;
      low = high = *number;
    } else if (value.kind == Value::Kind::List && isa<ast::RangeExpr>(*expr)) {
      diags.report(diag::err_empty_interval, expr->range);
      return false;
    } else {
      diags.report(diag::err_element_index, expr->range) << describe(value.kind);
      return false;
    }
    if (low < 0 || high >= extent) {
      diags.report(diag::err_index_out_of_range, expr->range)
          << (low < 0 ? low : high) << population.name << extent;
      return false;
    }
    ranges.emplace_back(low, high);
  }
  ref.elements.clear();
  if (isFlat) {
    addRange(ref.elements, ranges[0].first, ranges[0].second);
    return true;
  }
  // Row-major: rows of the last extent, in order.
  std::vector<int64_t> at;
  for (auto &range : ranges)
    at.push_back(range.first);
  while (true) {
    int64_t base = 0;
    for (size_t i = 0; i + 1 < ranges.size(); ++i)
      base = (base + at[i]) * population.shape[i + 1];
    addRange(ref.elements, base + ranges.back().first, base + ranges.back().second);
    size_t i = ranges.size() - 1;
    while (i && ++at[i - 1] > ranges[i - 1].second) {
      at[i - 1] = ranges[i - 1].first;
      --i;
    }
    if (!i)
      return true;
  }
}

bool Elaborator::selectCompartments(std::vector<PopulationRef> &refs,
                                    const ast::PathSegment &segment, Context &context) {
  CircuitScope scope(*this, context);
  std::string wanted = segment.name.text;
  bool isStar =
      segment.index.size() == 1 && segment.index[0] && isa<ast::StarExpr>(*segment.index[0]);
  if (!segment.index.empty() && !isStar) {
    auto number = segment.index[0] ? evaluateInteger(program, *segment.index[0], scope,
                                                     "the index of a compartment")
                                   : std::nullopt;
    if (!number)
      return false;
    wanted += "[" + std::to_string(*number) + "]";
  }
  std::vector<PopulationRef> result;
  for (PopulationRef &ref : refs) {
    std::vector<std::string> names;
    size_t before = result.size();
    for (const Model &inner : ref.population->neuron->compartments) {
      names.push_back(inner.name);
      bool fits = isStar ? StringRef(inner.name).split('[').first == wanted : inner.name == wanted;
      if (!fits || !ref.compartment.empty())
        continue;
      PopulationRef one = ref;
      one.compartment = inner.name;
      result.push_back(std::move(one));
    }
    if (result.size() == before) {
      program.reportUnknown(diag::err_unknown_compartment, wanted, segment.name.range, names,
                            ref.population->neuron->name);
      return false;
    }
  }
  refs = std::move(result);
  return true;
}

/// (C4) `N where sign > 0`: evaluated for each element at compile time.
bool Elaborator::selectWhere(PopulationRef &ref, const ast::Expr &condition, Context &context) {
  Population &population = *ref.population;
  const Model &neuron = *population.neuron;
  OwnerScope scope(*this, context, &neuron);
  scope.ownFirst = true;
  scope.readsStates = true;
  scope.table = population.table;
  scope.numRows = population.size;
  if (!population.table->path.empty())
    scope.file = readCsv(program, population.table->path, condition.range);
  DimensionSolver solver;
  Permissions permissions;
  permissions.step = false;
  permissions.index = true;
  permissions.place = "a selection";
  ExprBuilder builder(program, scope, solver, permissions);
  Typed typed = builder.buildCondition(condition);
  if (typed.isError())
    return false;

  int64_t element = 0;
  std::string drawn;
  std::function<std::optional<double>(const Node &)> leaf =
      [&](const Node &node) -> std::optional<double> {
    if (node.op == NodeOp::Index)
      return double(element);
    if (node.op == NodeOp::Column) {
      for (auto &[name, values] : population.table->columns)
        if (name == node.name && element < int64_t(values.size()))
          return values[element];
      return std::nullopt;
    }
    if (node.op != NodeOp::Get)
      return std::nullopt;
    const Setting *setting = population.findSetting(node.name);
    if (setting && !setting->node)
      return setting->constant.value_or(0);
    const Variable *variable = neuron.find(node.name);
    const NodePtr &value = setting ? setting->node : variable ? variable->value : nullptr;
    auto number = value ? evaluate(*value, leaf) : std::nullopt;
    if (!number && drawn.empty())
      drawn = node.name;
    return number;
  };
  std::vector<int64_t> chosen;
  auto test = [&](int64_t number) {
    element = number;
    auto value = evaluate(*typed.node, leaf);
    if (value && *value)
      addRange(chosen, number, number);
    return value.has_value();
  };
  bool good = true;
  if (ref.elements.empty())
    for (int64_t i = 0; good && i != population.size; ++i)
      good = test(i);
  for (size_t i = 0; good && i + 1 < ref.elements.size(); i += 2)
    for (int64_t j = ref.elements[i]; good && j <= ref.elements[i + 1]; ++j)
      good = test(j);
  if (!good) {
    diags.report(diag::err_selection_not_constant, condition.range)
        << (drawn.empty() ? "it" : "`" + drawn + "`");
    return false;
  }
  if (chosen.empty()) {
    diags.report(diag::err_selection_empty, condition.range) << population.name;
    return false;
  }
  ref.elements = std::move(chosen);
  return true;
}
