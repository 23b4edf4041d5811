//===- Projections.cpp - One projection for each pair ---------------------===//

#include "frontend/sema/CircuitScope.h"
#include "frontend/sema/Program.h"
#include "frontend/sema/checks/ProjectionChecks.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/Support/Casting.h"

using namespace synfire;
using namespace synfire::sema;
using llvm::dyn_cast;

void Elaborator::runProject(const ast::ProjectStmt &stmt, Context &context) {
  if (!stmt.source || !stmt.target)
    return;
  // A named projection can be addressed, as one or as all that it stands for.
  Value named;
  named.kind = Value::Kind::Projection;
  named.range = stmt.name.range;
  runLoop(stmt.loop, context, [&](Context &inner) {
    auto sources = resolve(*stmt.source, inner);
    auto targets = resolve(*stmt.target, inner);
    if (!sources || !targets)
      return;
    bool isOnly = !stmt.loop && sources->size() * targets->size() == 1;
    for (const PopulationRef &source : *sources)
      for (const PopulationRef &target : *targets) {
        size_t before = network.projections.size();
        addProjection(stmt, source, target, isOnly, inner);
        if (network.projections.size() != before) {
          named.items.push_back(Value::makeString(network.projections.back().name));
        }
      }
  });
  if (!stmt.name)
    return;
  std::shared_ptr<Environment> home = context.env;
  while (home->isLoop && home->outer)
    home = home->outer;
  auto [place, isNew] = home->places.try_emplace(stmt.name.text, stmt.name.range);
  if (!isNew && !context.env->isLoop)
    (diags.report(diag::err_declared_twice, stmt.name.range) << stmt.name.text)
        .note(diag::note_declared_here, place->second);
  Value &value = home->values[stmt.name.text];
  if (value.kind != Value::Kind::Projection)
    value = std::move(named);
  else
    value.items.insert(value.items.end(), named.items.begin(), named.items.end());
}

/// `N`, or `N.dend[3]`: what a projection is called after.
static std::string endName(const PopulationRef &ref) {
  PopulationRef whole = ref;
  whole.elements.clear();
  return whole.str();
}

void Elaborator::addProjection(const ast::ProjectStmt &stmt, const PopulationRef &source,
                               const PopulationRef &target, bool isOnly, Context &context) {
  std::string pair = endName(source) + "->" + endName(target);
  if (target.compartment.empty() && !target.population->neuron->compartments.empty()) {
    diags.report(diag::err_compartment_missing, stmt.target->range)
        << target.population->name << target.population->neuron->compartments.front().name;
    return;
  }
  Ends ends;
  ends.pre = source.getModel();
  ends.post = target.getModel();
  ends.postNeuron = target.population->neuron.get();
  std::shared_ptr<const Model> synapse = models.getSynapse(
      *context.unit, stmt.synapse, ends, stmt.range, endName(source), endName(target));
  if (!synapse)
    return;

  Projection &projection = network.projections.emplace_back();
  std::string name = pair;
  if (stmt.name)
    name = context.prefix + stmt.name.text + (isOnly ? std::string() : "[" + pair + "]");
  projection.name = uniqueName(name);
  projection.source = source;
  projection.target = target;
  projection.synapse = synapse;
  projection.prior = context.prior;
  projection.range = stmt.range;

  Table &table = network.tables.emplace_back();
  table.name = uniqueName(projection.name + ".table");
  table.range = stmt.range;
  projection.table = &table;
  OwnerScope scope(*this, context, synapse.get());
  scope.pre = source.population->neuron.get();
  scope.post = target.population->neuron.get();
  scope.table = &table;
  scope.permissions.step = true;
  scope.permissions.draw = true;
  scope.permissions.distance = source.population->position && target.population->position;
  scope.permissions.place = scope.permissions.distance
                                ? "a setting of a projection"
                                : "a setting of a projection between populations without positions";
  buildConnect(stmt, projection, scope, context);
  buildSettings(stmt.settings, *synapse, scope, false, projection.settings, stmt.range);
  CircuitScope constants(*this, context);
  for (const ast::StmtPtr &setting : stmt.settings.stmts) {
    auto *assign = llvm::dyn_cast_or_null<ast::AssignStmt>(setting.get());
    auto *target = assign ? llvm::dyn_cast_or_null<ast::NameExpr>(assign->target.get()) : nullptr;
    if (!target || target->name != "dendritic_fraction" || !assign->value)
      continue;
    projection.dendriticFraction =
        evaluateNumber(program, *assign->value, constants, Dimension(), "`dendritic_fraction`");
    if (projection.dendriticFraction &&
        (*projection.dendriticFraction < 0 || *projection.dendriticFraction > 1))
      diags.report(diag::err_fraction_range, assign->value->range);
  }
  // A prior's draw may still give the weight (R4).
  completed.push_back(&projection);
  filterRows(projection);
  Ends rules = ends;
  buildRules(stmt.rules, *synapse, rules, scope, projection.settings, projection.rules, context);
  for (Attachment &attachment : projection.rules)
    for (Binding &binding : attachment.bindings)
      if (binding.side != Side::Self)
        binding.source = binding.side == Side::Pre ? projection.source : projection.target;
  checkProjection(projection, diags);
}
