//===- Records.cpp - What a run writes down -------------------------------===//

#include "frontend/sema/Protocols.h"

#include "frontend/sema/Program.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/Support/Casting.h"

using namespace synfire;
using namespace synfire::sema;
using llvm::dyn_cast;

void Protocols::runRecord(const ast::RecordStmt &stmt, Context &context, Items &items) {
  CircuitScope scope(*current->elaborator, context);
  std::optional<double> period;
  if (stmt.every.period) {
    period = evaluateNumber(program, *stmt.every.period, scope, Dimension::time(), "a period");
    if (!period)
      return;
    if (*period <= 0) {
      diags.report(diag::err_not_positive, stmt.every.period->range) << "a period";
      return;
    }
  }
  for (const ast::ExprPtr &value : stmt.values) {
    if (!value)
      continue;
    auto *name = dyn_cast<ast::NameExpr>(value.get());
    if (!name || name->name != "spikes") {
      recordValue(*value, stmt, context, period, items);
      continue;
    }
    auto refs = stmt.of.source && !stmt.of.target
                    ? current->elaborator->resolve(*stmt.of.source, context)
                    : std::nullopt;
    if (!refs) {
      if (!stmt.of.source)
        diags.report(diag::err_record_form, stmt.range);
      continue;
    }
    for (const PopulationRef &ref : *refs)
      if (!ref.population->neuron->spikes())
        diags.report(diag::err_record_never_spikes, ref.range)
            << ref.population->name << ref.population->neuron->name;
    ProtocolItem item;
    item.kind = ProtocolItem::Kind::Record;
    item.isSpikes = true;
    item.refs = std::move(*refs);
    item.period = period;
    item.range = stmt.range;
    items.push_back(std::move(item));
  }
}

/// Whether a reference means projections: it has an arrow, or is the name of one.
bool Protocols::isProjection(const ast::ProjectionRef &ref, Context &context) {
  if (!ref.source || ref.target)
    return ref.target != nullptr;
  const ast::PopRef *first = ref.source.get();
  if (first->kind == ast::PopRef::Kind::Set && !first->items.empty() && first->items[0])
    first = first->items[0].get();
  return current->elaborator->findProjectionValue(*first, context) != nullptr;
}

/// `soma.v of P` is a likely slip.
void Protocols::reportForm(const ast::Expr &value, const ast::RecordStmt &stmt) {
  auto *field = dyn_cast<ast::FieldExpr>(&value);
  ast::PopRefPtr compartment = field ? ast::toPopRef(*field->base) : nullptr;
  const ast::PopRef *population = stmt.of.target ? nullptr : stmt.of.source.get();
  if (compartment && compartment->isPath() && population && population->isPath())
    diags.report(diag::err_record_compartment, stmt.range)
        << field->field.text << population->path.back().name.text
        << compartment->path.back().name.text;
  else
    diags.report(diag::err_record_form, stmt.range);
}

void Protocols::recordValue(const ast::Expr &value, const ast::RecordStmt &stmt, Context &context,
                            std::optional<double> period, Items &items) {
  ProtocolItem item;
  item.kind = ProtocolItem::Kind::Record;
  item.period = period;
  item.range = stmt.range;
  std::string field, attachment;
  auto unknown = [&](const Model &model, const std::string &name) {
    std::vector<std::string> names;
    for (const Variable &candidate : model.variables)
      names.push_back(candidate.name);
    program.reportUnknown(diag::err_unknown_variable, name, value.range, names, model.name,
                          placesIn(model));
  };
  auto projections = namedProjections(value, context, field, attachment);
  // `weight of ee`, `weight of E -> E`, `Stdp.x of ee`.
  if (projections.empty() && isProjection(stmt.of, context)) {
    auto *plain = dyn_cast<ast::NameExpr>(&value);
    auto *inner = dyn_cast<ast::FieldExpr>(&value);
    auto *rule = inner ? llvm::dyn_cast_or_null<ast::NameExpr>(inner->base.get()) : nullptr;
    if (!plain && !rule) {
      diags.report(diag::err_record_form, stmt.range);
      return;
    }
    field = plain ? plain->name : inner->field.text;
    attachment = rule ? rule->name : "";
    projections = current->elaborator->findProjections(stmt.of, context);
    if (projections.empty())
      return;
  }
  for (Projection *projection : projections) {
    const Model *model = projection->synapse.get();
    if (!attachment.empty())
      for (const Attachment &rule : projection->rules)
        if (rule.name == attachment)
          model = rule.rule.get();
    const Variable *variable = model->find(field);
    if (!variable && field != "delay") {
      unknown(*model, field);
      continue;
    }
    ProtocolItem one = item;
    one.projection = projection->name;
    one.attachment = attachment;
    one.variable = field;
    one.unit = variable ? variable->dimension.str() : "ms";
    items.push_back(std::move(one));
  }
  if (!projections.empty())
    return;

  // `v of E`, or `E.v`.
  auto *name = dyn_cast<ast::NameExpr>(&value);
  std::optional<std::vector<PopulationRef>> refs;
  if (name && stmt.of.source && !stmt.of.target) {
    field = name->name;
    refs = current->elaborator->resolve(*stmt.of.source, context);
  } else if (ast::PopRefPtr ref = ast::toPopRef(value);
             ref && ref->isPath() && ref->path.size() > 1 && !stmt.of.source) {
    field.clear();
    refs = current->elaborator->resolvePath(*ref, context, &field);
    if (refs && field.empty()) {
      diags.report(diag::err_record_form, stmt.range);
      return;
    }
  } else {
    reportForm(value, stmt);
    return;
  }
  if (!refs)
    return;
  item.variable = field;
  for (const PopulationRef &ref : *refs) {
    const Model *model = ref.getModel();
    const Variable *variable = model->find(field);
    if (!variable) {
      unknown(*model, field);
      return;
    }
    std::string unit = variable->dimension.str();
    if (!item.unit.empty() && item.unit != unit) {
      // One record a unit.
      items.push_back(item);
      item.refs.clear();
    }
    item.unit = unit;
    item.refs.push_back(ref);
  }
  items.push_back(std::move(item));
}

void Protocols::runLabels(const ast::AssignLabelsStmt &stmt, Context &context, Items &items) {
  if (!stmt.population)
    return;
  auto refs = current->elaborator->resolve(*stmt.population, context);
  if (!refs)
    return;
  if (stmt.evidence.text != "spikes")
    diags.report(diag::err_label_evidence, stmt.evidence.range) << stmt.evidence.text;
  auto *field = llvm::dyn_cast_or_null<ast::FieldExpr>(stmt.label.get());
  auto *base = field ? llvm::dyn_cast_or_null<ast::NameExpr>(field->base.get()) : nullptr;
  CircuitScope scope(*current->elaborator, context);
  const Value *frames = base ? scope.findValue(base->name) : nullptr;
  if (!frames || frames->kind != Value::Kind::Frames || field->field.text != "label") {
    diags.report(diag::err_label_form, stmt.range);
    return;
  }
  if (!current->elaborator->requireLabels(frames->text, field->range))
    return;
  labelled.insert(current->network);
  for (const PopulationRef &ref : *refs) {
    if (!ref.elements.empty() || !ref.compartment.empty()) {
      diags.report(diag::err_label_selection, ref.range) << ref.str();
      continue;
    }
    if (!ref.population->neuron->spikes()) {
      diags.report(diag::err_label_never_spikes, ref.range)
          << ref.population->name << ref.population->neuron->name;
      continue;
    }
    ProtocolItem item;
    item.kind = ProtocolItem::Kind::Label;
    item.refs = {ref};
    item.frames = frames->text;
    item.range = stmt.range;
    items.push_back(std::move(item));
  }
}
