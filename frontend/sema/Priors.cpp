//===- Priors.cpp - What is known before learning (R1 to R4) --------------===//

#include "frontend/sema/CircuitScope.h"
#include "frontend/sema/FunctionScope.h"
#include "frontend/sema/Program.h"

#include "llvm/ADT/BitVector.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/Support/Casting.h"

using namespace synfire;
using namespace synfire::sema;
using llvm::dyn_cast;
using llvm::StringRef;

//===----------------------------------------------------------------------===//
// apply
//===----------------------------------------------------------------------===//

void Elaborator::runApply(const ast::ApplyStmt &stmt, Context &context) {
  SourceUnit *unit = nullptr;
  auto *prior = program.require<ast::PriorDecl>(context.unit, stmt.prior, &unit);
  if (!prior)
    return;
  if (llvm::is_contained(running, prior)) {
    diags.report(diag::err_prior_in_itself, stmt.range) << prior->name.text;
    return;
  }
  std::vector<std::string> names;
  llvm::SmallVector<bool> optional;
  for (const ast::Param &param : prior->params) {
    names.push_back(param.name.text);
    optional.push_back(param.value != nullptr);
  }
  runLoop(stmt.loop, context, [&](Context &outer) {
    std::vector<const ast::Expr *> values;
    if (!bindArguments(program, prior->name.text, stmt.range, stmt.args, names, optional, values))
      return;
    Context inner{std::make_shared<Environment>(), unit, outer.prefix, "", outer.depth + 1};
    CircuitScope outside(*this, outer), inside(*this, inner);
    std::string text;
    for (size_t i = 0; i != names.size(); ++i) {
      const ast::Expr *given = values[i];
      const ast::Expr &expr = given ? *given : *prior->params[i].value;
      Value value = given ? evaluatePopulations(expr, outer) : evaluateValue(program, expr, inside);
      if (value.isError())
        return;
      inner.env->values[names[i]] = std::move(value);
      if (given) {
        text += text.empty() ? "" : ", ";
        text += program.getSources().getText(expr.range);
      }
    }
    PriorApplication application;
    application.name = uniqueName(outer.prefix + prior->name.text);
    application.declaration = prior->name.text;
    application.application = text;
    application.range = stmt.range;
    inner.prior = application.name;
    network.priors.push_back(std::move(application));
    running.push_back(prior);
    for (const ast::StmtPtr &body : prior->body.stmts)
      if (body &&
          (body->getKind() == ast::Stmt::Kind::Population ||
           body->getKind() == ast::Stmt::Kind::Part || body->getKind() == ast::Stmt::Kind::Port))
        diags.report(diag::err_statement_not_here, body->range)
            << ast::describe(body->getKind()) << "a prior";
    runBlock(prior->body, inner, Phase::Declare);
    runBlock(prior->body, inner, Phase::Connect);
    running.pop_back();
  });
}

/// An argument of a prior: populations, projections or a value.
Value Elaborator::evaluatePopulations(const ast::Expr &expr, Context &context) {
  CircuitScope scope(*this, context);
  if (auto value = scope.findPath(expr))
    return *value;
  return evaluateValue(program, expr, scope);
}

//===----------------------------------------------------------------------===//
// Which projections are meant
//===----------------------------------------------------------------------===//

/// The elements of a projection's end that references select, in ranges: none where they select
/// all of them. Nothing where they select none.
static std::optional<std::vector<int64_t>> selectedOf(const PopulationRef &end,
                                                      const std::vector<PopulationRef> &refs) {
  llvm::SmallVector<const PopulationRef *> same;
  for (const PopulationRef &ref : refs)
    if (ref.population == end.population &&
        (ref.compartment.empty() || ref.compartment == end.compartment))
      same.push_back(&ref);
  if (same.empty())
    return std::nullopt;
  if (llvm::any_of(same, [](const PopulationRef *ref) { return ref->elements.empty(); }))
    return std::vector<int64_t>();
  auto elementsOf = [](const PopulationRef &ref) {
    llvm::BitVector elements(ref.population->size, ref.elements.empty());
    for (size_t i = 0; i + 1 < ref.elements.size(); i += 2)
      elements.set(ref.elements[i], ref.elements[i + 1] + 1);
    return elements;
  };
  llvm::BitVector named(end.population->size);
  for (const PopulationRef *ref : same)
    named |= elementsOf(*ref);
  named &= elementsOf(end);
  if (named.none())
    return std::nullopt;
  std::vector<int64_t> ranges;
  for (int64_t element : named.set_bits()) {
    if (ranges.empty() || ranges.back() + 1 != element)
      ranges.insert(ranges.end(), {element, element});
    ranges.back() = element;
  }
  return int64_t(named.count()) == end.size() ? std::vector<int64_t>() : ranges;
}

const Value *Elaborator::findProjectionValue(const ast::PopRef &ref, Context &context) {
  if (!ref.isPath())
    return nullptr;
  CircuitScope scope(*this, context);
  Environment *inside = nullptr;
  for (size_t i = 0; i != ref.path.size(); ++i) {
    const ast::PathSegment &segment = ref.path[i];
    const Value *value =
        inside ? inside->find(segment.name.text, diags) : scope.findValue(segment.name.text);
    if (!value)
      return nullptr;
    if (value->kind != Value::Kind::Part)
      return value->kind == Value::Kind::Projection && i + 1 == ref.path.size() &&
                     segment.index.empty()
                 ? value
                 : nullptr;
    int64_t number = 0;
    if (value->isArray) {
      if (segment.index.size() != 1 || !segment.index[0])
        return nullptr;
      auto given = evaluateInteger(program, *segment.index[0], scope, "an index");
      if (!given || *given < 0 || *given >= int64_t(value->parts.size()))
        return nullptr;
      number = *given;
    }
    inside = value->parts[number].get();
  }
  return nullptr;
}

/// The items of a set, if they count one by one; else what is given.
static std::vector<const ast::PopRef *> itemsOf(const ast::PopRef &ref, bool apart) {
  if (!apart || ref.kind != ast::PopRef::Kind::Set)
    return {&ref};
  std::vector<const ast::PopRef *> items;
  for (const ast::PopRefPtr &item : ref.items)
    if (item)
      items.push_back(item.get());
  return items;
}

std::vector<Projection *> Elaborator::findProjections(const ast::ProjectionRef &ref,
                                                      Context &context,
                                                      std::vector<ConnectionPart> *parts,
                                                      bool apart) {
  std::vector<Projection *> result;
  if (!ref.source)
    return result;
  bool refused = false;
  auto addBetween = [&](const ast::PopRef &from, const ast::PopRef &onto) {
    auto sources = resolve(from, context);
    auto targets = resolve(onto, context);
    if (!sources || !targets)
      return false;
    for (Projection &projection : network.projections) {
      auto from = selectedOf(projection.source, *sources);
      auto to = selectedOf(projection.target, *targets);
      if (!from || !to)
        continue;
      result.push_back(&projection);
      ConnectionPart part{std::move(*from), std::move(*to)};
      if (parts)
        parts->push_back(std::move(part));
      else if (!part.isWhole()) {
        refused = true;
        (diags.report(diag::err_part_of_projection, ref.range) << projection.name)
            .note(diag::note_declared_here, projection.range);
      }
    }
    return true;
  };
  if (ref.target) {
    for (const ast::PopRef *from : itemsOf(*ref.source, apart))
      for (const ast::PopRef *onto : itemsOf(*ref.target, apart))
        if (!addBetween(*from, *onto))
          return {};
    if (result.empty())
      diags.report(diag::err_no_projection, ref.range);
    return refused ? std::vector<Projection *>() : result;
  }
  // Names: one, or a set of them.
  for (const ast::PopRef *item : itemsOf(*ref.source, true)) {
    const Value *value = findProjectionValue(*item, context);
    if (!value) {
      std::vector<std::string> names;
      for (auto &known : context.env->values)
        if (known.second.kind == Value::Kind::Projection)
          names.push_back(known.first);
      program.reportUnknown(diag::err_unknown_projection, program.getSources().getText(item->range),
                            item->range, names);
      continue;
    }
    for (const Value &name : value->items)
      if (Projection *projection = network.findProjection(name.text))
        result.push_back(projection);
  }
  if (parts)
    parts->resize(result.size()); // whole ones
  return result;
}

//===----------------------------------------------------------------------===//
// draw, constrain
//===----------------------------------------------------------------------===//

/// Whether there may be a connection of both parts of the projection.
static bool overlap(const Projection &projection, const ConnectionPart &a,
                    const ConnectionPart &b) {
  auto meet = [](const PopulationRef &end, const std::vector<int64_t> &x,
                 const std::vector<int64_t> &y) {
    auto ref = [&](const std::vector<int64_t> &ranges) {
      PopulationRef made = end;
      made.elements = ranges.empty() ? end.elements : ranges;
      return made;
    };
    return selectedOf(ref(x), {ref(y)}).has_value();
  };
  return meet(projection.source, a.sources, b.sources) &&
         meet(projection.target, a.targets, b.targets);
}

/// (R4) A draw replaces the synapse's default, not an explicit value, nor another draw.
void Elaborator::runDraw(const ast::DrawStmt &stmt, Context &context) {
  if (!stmt.value || !stmt.parameter)
    return;
  std::vector<ConnectionPart> parts;
  std::vector<Projection *> projections = findProjections(stmt.subject, context, &parts);
  for (auto [projection, part] : llvm::zip_equal(projections, parts)) {
    const Model &synapse = *projection->synapse;
    const Variable *variable = synapse.find(stmt.parameter.text);
    if (!variable || variable->kind != VariableKind::Parameter) {
      std::vector<std::string> names;
      for (const Variable &candidate : synapse.variables)
        if (candidate.kind == VariableKind::Parameter)
          names.push_back(candidate.name);
      program.reportUnknown(diag::err_unknown_setting, stmt.parameter.text, stmt.parameter.range,
                            names, synapse.name);
      continue;
    }
    auto known = llvm::find_if(projection->settings,
                               [&](const Setting &s) { return s.variable == variable->name; });
    if (known != projection->settings.end()) {
      auto other = llvm::find_if(known->drawn, [&](const PartialDraw &draw) {
        return overlap(*projection, part, draw.part);
      });
      bool parted = !known->drawn.empty();
      if (!parted || other != known->drawn.end()) {
        (diags.report(parted ? diag::err_draw_overlaps : diag::err_draw_collides, stmt.range)
         << variable->name << projection->name)
            .note(diag::note_first_here, parted ? other->range : known->range);
        continue;
      }
    }
    OwnerScope scope(*this, context, &synapse);
    scope.pre = projection->source.population->neuron.get();
    scope.post = projection->target.population->neuron.get();
    scope.permissions.draw = true;
    scope.permissions.distance =
        projection->source.population->position && projection->target.population->position;
    scope.permissions.place = "a draw of a prior";
    DimensionSolver solver;
    ExprBuilder builder(program, scope, solver, scope.permissions);
    Typed value = builder.buildDraw(*stmt.value, variable->dimension);
    if (value.isError())
      continue;
    Setting setting{variable->name, std::nullopt, value.node, stmt.range};
    if (part.isWhole()) {
      projection->settings.push_back(std::move(setting));
      continue;
    }
    if (known == projection->settings.end()) {
      setting.node = nullptr;
      known = projection->settings.insert(known, std::move(setting));
    }
    known->drawn.push_back({std::move(part), value.node, stmt.range});
  }
}

/// Puts together what priors draw for parts of a projection, which have no connection in common:
/// what they leave has the default.
void Elaborator::finishDraws(Projection &projection) {
  for (Setting &setting : projection.settings) {
    if (setting.drawn.empty())
      continue;
    auto sizeOf = [](const std::vector<int64_t> &ranges, const PopulationRef &end) {
      PopulationRef some = end;
      some.elements = ranges;
      return uint64_t(ranges.empty() ? end.size() : some.size());
    };
    uint64_t pairs = uint64_t(projection.source.size()) * uint64_t(projection.target.size());
    for (const PartialDraw &draw : setting.drawn)
      pairs -= sizeOf(draw.part.sources, projection.source) *
               sizeOf(draw.part.targets, projection.target);
    setting.node = projection.synapse->find(setting.variable)->value;
    if (!setting.node && pairs)
      (diags.report(diag::err_draw_leaves, setting.range) << setting.variable << projection.name)
          .note(diag::note_declared_here, projection.range);
    for (PartialDraw &draw : setting.drawn) {
      auto within = std::make_shared<Node>();
      within->op = NodeOp::Within;
      within->range = draw.range;
      within->part = std::make_shared<ConnectionPart>(std::move(draw.part));
      setting.node = setting.node
                         ? makeNode(NodeOp::Select, draw.range, {within, draw.value, setting.node})
                         : draw.value;
    }
    setting.drawn.clear();
  }
}

void Elaborator::runConstrain(const ast::ConstrainStmt &stmt, Context &context) {
  static const std::vector<std::string> predicates = {
      "effect", "bound", "tied", "symmetric", "sum", "density", "no_autapses"};
  StringRef predicate = stmt.predicate.text;
  if (!llvm::is_contained(predicates, predicate)) {
    program.reportUnknown(diag::err_unknown_predicate, predicate, stmt.predicate.range, predicates);
    return;
  }
  Constraint constraint;
  std::vector<Projection *> subjects =
      findProjections(stmt.subject, context, &constraint.parts, predicate == "tied");
  if (subjects.empty())
    return;
  constraint.predicate = predicate.str();
  constraint.prior = context.prior;
  constraint.range = stmt.range;
  llvm::StringRef source = program.getSources().getText(stmt.range);
  source.consume_front("constrain");
  constraint.text = source.trim().str();
  for (Projection *projection : subjects)
    constraint.projections.push_back(projection->name);

  CircuitScope scope(*this, context);
  const Variable *weight = subjects.front()->synapse->find("weight");
  bool isWeight = predicate == "sum" || predicate == "bound";
  Dimension dimension = isWeight && weight ? weight->dimension : Dimension();
  auto value = [&](const ast::Expr &expr) {
    auto number = evaluateNumber(program, expr, scope, dimension,
                                 "the right side of `" + predicate.str() + "`");
    if (number)
      constraint.values.push_back(makeConstant(*number, expr.range));
    return number.has_value();
  };
  for (const ast::Argument &arg : stmt.args) {
    auto *name = llvm::dyn_cast_or_null<ast::NameExpr>(arg.value.get());
    if (arg.name.text == "by" && name && (name->name == "pre" || name->name == "post"))
      constraint.by = name->name;
    else if (arg.name || !name || name->name != "weight")
      diags.report(diag::err_constrain_argument, arg.value ? arg.value->range : stmt.range)
          << predicate;
  }
  bool compares = predicate == "effect" || predicate == "sum" || predicate == "density";
  if (compares != (stmt.value != nullptr)) {
    diags.report(diag::err_constrain_comparison, stmt.range) << predicate;
    return;
  }
  if (stmt.value) {
    bool fits = stmt.op == ast::CompareOp::Equal || stmt.op == ast::CompareOp::LessEqual ||
                stmt.op == ast::CompareOp::GreaterEqual;
    if (!fits || (predicate == "effect" && stmt.op != ast::CompareOp::Equal)) {
      diags.report(diag::err_constrain_operator, stmt.opRange) << predicate;
      return;
    }
    constraint.comparison = ast::spelling(stmt.op);
    if (!value(*stmt.value))
      return;
  }
  if (predicate == "bound") {
    if (!stmt.interval || !stmt.interval.high || !value(*stmt.interval.low) ||
        !value(*stmt.interval.high))
      return;
    if (constraint.values[0]->number > constraint.values[1]->number)
      diags.report(diag::err_empty_interval, stmt.interval.low->range);
  }
  constraint.everyFrame = stmt.every.frame;
  if (stmt.every.period) {
    constraint.period =
        evaluateNumber(program, *stmt.every.period, scope, Dimension::time(), "a period");
    if (constraint.period && *constraint.period <= 0)
      diags.report(diag::err_not_positive, stmt.every.period->range) << "a period";
  }
  network.constraints.push_back(std::move(constraint));
}
