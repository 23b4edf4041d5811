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

namespace {
enum class Share { None, Some, All };
} // namespace

/// How many of the elements of a projection's end are among those that references select.
static Share shareOf(const PopulationRef &end, const std::vector<PopulationRef> &refs) {
  llvm::SmallVector<const PopulationRef *> same;
  for (const PopulationRef &ref : refs)
    if (ref.population == end.population &&
        (ref.compartment.empty() || ref.compartment == end.compartment))
      same.push_back(&ref);
  if (same.empty())
    return Share::None;
  if (llvm::any_of(same, [](const PopulationRef *ref) { return ref->elements.empty(); }))
    return Share::All;
  auto forEachRange = [](const PopulationRef &ref, auto visit) {
    if (ref.elements.empty())
      visit(0, ref.population->size);
    for (size_t i = 0; i + 1 < ref.elements.size(); i += 2)
      visit(ref.elements[i], ref.elements[i + 1] + 1);
  };
  llvm::BitVector named(end.population->size);
  for (const PopulationRef *ref : same)
    forEachRange(*ref, [&](int64_t from, int64_t to) { named.set(from, to); });
  int64_t count = 0;
  forEachRange(end, [&](int64_t from, int64_t to) {
    for (int64_t element = from; element < to; ++element)
      count += named.test(element);
  });
  return count == 0 ? Share::None : count == end.size() ? Share::All : Share::Some;
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

std::vector<Projection *> Elaborator::findProjections(const ast::ProjectionRef &ref,
                                                      Context &context) {
  std::vector<Projection *> result;
  if (!ref.source)
    return result;
  if (ref.target) {
    auto sources = resolve(*ref.source, context);
    auto targets = resolve(*ref.target, context);
    if (!sources || !targets)
      return result;
    bool parts = false;
    for (Projection &projection : network.projections) {
      Share from = shareOf(projection.source, *sources);
      Share to = shareOf(projection.target, *targets);
      if (from == Share::None || to == Share::None)
        continue;
      result.push_back(&projection);
      if (from == Share::All && to == Share::All)
        continue;
      // What a projection shares, such as a limit, belongs to all of its connections.
      parts = true;
      (diags.report(diag::err_part_of_projection, ref.range) << projection.name)
          .note(diag::note_declared_here, projection.range);
    }
    if (result.empty())
      diags.report(diag::err_no_projection, ref.range);
    return parts ? std::vector<Projection *>() : result;
  }
  // Names: one, or a set of them.
  std::vector<const ast::PopRef *> items = {ref.source.get()};
  if (ref.source->kind == ast::PopRef::Kind::Set) {
    items.clear();
    for (const ast::PopRefPtr &item : ref.source->items)
      items.push_back(item.get());
  }
  for (const ast::PopRef *item : items) {
    if (!item)
      continue;
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
  return result;
}

//===----------------------------------------------------------------------===//
// draw, constrain
//===----------------------------------------------------------------------===//

/// (R4) A draw replaces the synapse's default, not an explicit value.
void Elaborator::runDraw(const ast::DrawStmt &stmt, Context &context) {
  if (!stmt.value || !stmt.parameter)
    return;
  for (Projection *projection : findProjections(stmt.subject, context)) {
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
    if (const Setting *known = projection->findSetting(variable->name)) {
      (diags.report(diag::err_draw_collides, stmt.range) << variable->name << projection->name)
          .note(diag::note_first_here, known->range);
      continue;
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
    if (!value.isError())
      projection->settings.push_back({variable->name, std::nullopt, value.node, stmt.range});
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
  std::vector<Projection *> subjects = findProjections(stmt.subject, context);
  if (subjects.empty())
    return;
  Constraint constraint;
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
