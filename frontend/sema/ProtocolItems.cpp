//===- ProtocolItems.cpp - at, every, assignments, records ----------------===//

#include "frontend/sema/Protocols.h"

#include "frontend/sema/Program.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/Support/Casting.h"

using namespace synfire;
using namespace synfire::sema;
using llvm::cast;
using llvm::dyn_cast;
using llvm::StringRef;

Protocols::Items Protocols::runItems(const ast::Block &body, Context &context) {
  Items items;
  for (const ast::StmtPtr &stmt : body.stmts)
    if (stmt)
      runItem(*stmt, context, items, true);
  return items;
}

void Protocols::runItem(const ast::Stmt &stmt, Context &context, Items &items, bool isInside) {
  using Kind = ast::Stmt::Kind;
  switch (stmt.getKind()) {
  case Kind::At:
    if (!isInside)
      return runAt(cast<ast::AtStmt>(stmt), context, items);
    break;
  case Kind::Every:
    if (!isInside)
      return runEvery(cast<ast::EveryStmt>(stmt), context, items);
    break;
  case Kind::Repeat:
    if (!isInside)
      return runRepeat(cast<ast::RepeatStmt>(stmt), context, items);
    break;
  case Kind::Assign:
  case Kind::Freeze: {
    // What is not inside `at` or `every` is done when the run begins.
    ProtocolItem start;
    start.range = stmt.range;
    Items &into = isInside ? items : start.body;
    if (auto *assign = dyn_cast<ast::AssignStmt>(&stmt))
      runAssign(*assign, context, into);
    else
      runFreeze(cast<ast::FreezeStmt>(stmt), context, into);
    if (!isInside && !start.body.empty())
      items.push_back(std::move(start));
    return;
  }
  case Kind::Record:
    if (!isInside)
      return runRecord(cast<ast::RecordStmt>(stmt), context, items);
    break;
  case Kind::AssignLabels:
    if (!isInside)
      return runLabels(cast<ast::AssignLabelsStmt>(stmt), context, items);
    break;
  case Kind::Report: {
    if (isInside)
      break;
    for (const ast::ExprPtr &value : cast<ast::ReportStmt>(stmt).values) {
      auto *name = llvm::dyn_cast_or_null<ast::NameExpr>(value.get());
      ProtocolItem item;
      item.kind = ProtocolItem::Kind::Report;
      item.range = stmt.range;
      if (name && name->name == "accuracy") {
        item.figure = name->name;
        items.push_back(std::move(item));
      } else if (value) {
        diags.report(diag::err_unknown_report, value->range);
      }
    }
    return;
  }
  case Kind::For: {
    auto &loop = cast<ast::ForStmt>(stmt);
    current->elaborator->runLoop(loop.loop, context, [&](Context &inner) {
      for (const ast::StmtPtr &body : loop.body.stmts)
        if (body)
          runItem(*body, inner, items, isInside);
    });
    return;
  }
  default:
    break;
  }
  diags.report(diag::err_statement_not_here, stmt.range)
      << ast::describe(stmt.getKind()) << (isInside ? "a protocol action" : "`simulate`");
}

void Protocols::runAt(const ast::AtStmt &stmt, Context &context, Items &items) {
  CircuitScope scope(*current->elaborator, context);
  auto time = stmt.time ? evaluateNumber(program, *stmt.time, scope, Dimension::time(), "a time")
                        : std::nullopt;
  if (time && *time < 0) {
    diags.report(diag::err_time_negative, stmt.time->range);
    time.reset();
  }
  ProtocolItem item;
  item.kind = ProtocolItem::Kind::At;
  item.range = stmt.range;
  item.body = runItems(stmt.body, context);
  if (!time)
    return;
  item.time = *time;
  items.push_back(std::move(item));
}

std::string Protocols::onlyFrames(SourceRange range) {
  if (current->network->frames.size() == 1)
    return current->network->frames.front().name;
  diags.report(diag::err_which_frames, range) << int64_t(current->network->frames.size());
  return "";
}

void Protocols::runEvery(const ast::EveryStmt &stmt, Context &context, Items &items) {
  ProtocolItem item;
  item.kind = ProtocolItem::Kind::Every;
  item.range = stmt.range;
  bool good = true;
  if (stmt.every.frame) {
    item.frames = onlyFrames(stmt.every.range);
    good = !item.frames.empty();
  } else if (stmt.every.period) {
    CircuitScope scope(*current->elaborator, context);
    item.period = evaluateNumber(program, *stmt.every.period, scope, Dimension::time(), "a period");
    if (item.period && *item.period <= 0) {
      diags.report(diag::err_not_positive, stmt.every.period->range) << "a period";
      good = false;
    }
    good &= item.period.has_value();
  }
  item.body = runItems(stmt.body, context);
  if (good)
    items.push_back(std::move(item));
}

namespace {
/// Adds `count(spikes of E)` to the names of a circuit.
class ConditionScope : public CircuitScope {
public:
  ConditionScope(
      Elaborator &elaborator, Elaborator::Context &context,
      llvm::function_ref<std::optional<std::vector<PopulationRef>>(const ast::PopRef &)> resolve)
      : CircuitScope(elaborator, context), resolve(resolve) {
    allowFrames = true;
  }

  std::optional<Typed> lookupCall(const ast::CallExpr &expr, ExprBuilder &builder) override {
    if (expr.callee.text != "count")
      return CircuitScope::lookupCall(expr, builder);
    auto *of = expr.args.size() == 1 ? llvm::dyn_cast_or_null<ast::OfExpr>(expr.args[0].value.get())
                                     : nullptr;
    auto *what = of ? llvm::dyn_cast_or_null<ast::NameExpr>(of->what.get()) : nullptr;
    if (!what || what->name != "spikes" || !of->of.source || of->of.target) {
      program.getDiags().report(diag::err_count_form, expr.range);
      return Typed::error(expr.range);
    }
    auto refs = resolve(*of->of.source);
    if (!refs || refs->empty())
      return Typed::error(expr.range);
    NodePtr sum;
    for (PopulationRef &ref : *refs) {
      if (!ref.population->neuron->spikes()) {
        program.getDiags().report(diag::err_record_never_spikes, ref.range)
            << ref.population->name << ref.population->neuron->name;
        return Typed::error(expr.range);
      }
      auto node = std::make_shared<Node>();
      node->op = NodeOp::Count;
      node->ref = std::make_shared<PopulationRef>(ref);
      node->range = expr.range;
      sum = sum ? makeNode(NodeOp::Add, expr.range, {sum, node}) : node;
    }
    return Typed::number(sum, Dimension(), expr.range);
  }

private:
  llvm::function_ref<std::optional<std::vector<PopulationRef>>(const ast::PopRef &)> resolve;
};
} // namespace

void Protocols::runRepeat(const ast::RepeatStmt &stmt, Context &context, Items &items) {
  ProtocolItem item;
  item.kind = ProtocolItem::Kind::Repeat;
  item.range = stmt.range;
  item.frames = onlyFrames(stmt.range);
  auto resolve = [&](const ast::PopRef &ref) { return current->elaborator->resolve(ref, context); };
  ConditionScope scope(*current->elaborator, context, resolve);
  DimensionSolver solver;
  Permissions permissions;
  permissions.place = "the condition of `repeat`";
  ExprBuilder builder(program, scope, solver, permissions);
  if (stmt.condition)
    item.value = builder.buildCondition(*stmt.condition).node;
  item.body = runItems(stmt.body, context);
  if (item.value && !item.frames.empty())
    items.push_back(std::move(item));
}

//===----------------------------------------------------------------------===//
// Assignments
//===----------------------------------------------------------------------===//

/// The projections at the root of `ee.weight`, `ee.Stdp.eta`; empty if the root
/// is none. `rest` and `attachment` are what follows.
std::vector<Projection *> Protocols::namedProjections(const ast::Expr &expr, Context &context,
                                                      std::string &rest, std::string &attachment) {
  std::vector<Projection *> projections;
  auto *field = dyn_cast<ast::FieldExpr>(&expr);
  if (!field || !field->base)
    return projections;
  rest = field->field.text;
  const ast::Expr *base = field->base.get();
  if (auto *middle = dyn_cast<ast::FieldExpr>(base);
      middle && middle->base && llvm::isa<ast::NameExpr>(*middle->base)) {
    attachment = middle->field.text;
    base = middle->base.get();
  }
  auto *name = dyn_cast<ast::NameExpr>(base);
  CircuitScope scope(*current->elaborator, context);
  const Value *value = name ? scope.findValue(name->name) : nullptr;
  if (!value || value->kind != Value::Kind::Projection)
    return projections;
  for (const Value &item : value->items)
    if (Projection *projection = current->network->findProjection(item.text))
      projections.push_back(projection);
  return projections;
}

void Protocols::buildAssignValue(const ast::AssignStmt &stmt, const Model &owner,
                                 const Variable &variable, Context &context, ProtocolItem item,
                                 Items &items) {
  if (variable.kind != VariableKind::Parameter && variable.kind != VariableKind::State) {
    diags.report(diag::err_protocol_target, stmt.target->range)
        << variable.name << describe(variable.kind);
    return;
  }
  OwnerScope scope(*current->elaborator, context, &owner);
  scope.readsStates = true;
  scope.allowFrames = true;
  Permissions permissions;
  permissions.time = permissions.draw = permissions.index = true;
  permissions.place = "a protocol";
  DimensionSolver solver;
  ExprBuilder builder(program, scope, solver, permissions);
  bool scales = stmt.op == ast::AssignOp::Mul || stmt.op == ast::AssignOp::Div;
  DimExpr wanted = scales ? DimExpr() : DimExpr(variable.dimension);
  Typed value;
  if (auto *draw = dyn_cast<ast::DrawExpr>(stmt.value.get()))
    value = builder.buildDraw(*draw, variable.dimension);
  else
    value =
        builder.buildNumber(*stmt.value, wanted, scales ? "the factor" : "`" + variable.name + "`");
  if (value.isError())
    return;
  NodePtr old = makeGet(Side::Self, variable.name, stmt.target->range);
  auto combine = [&](NodeOp op) { return makeNode(op, stmt.range, {old, value.node}); };
  switch (stmt.op) {
  case ast::AssignOp::Set:
  case ast::AssignOp::Draw:
    item.value = value.node;
    break;
  case ast::AssignOp::Add:
    item.value = combine(NodeOp::Add);
    break;
  case ast::AssignOp::Sub:
    item.value = combine(NodeOp::Subtract);
    break;
  case ast::AssignOp::Mul:
    item.value = combine(NodeOp::Multiply);
    break;
  case ast::AssignOp::Div:
    item.value = combine(NodeOp::Divide);
    break;
  }
  item.kind = ProtocolItem::Kind::Assign;
  item.variable = variable.name;
  item.range = stmt.range;
  items.push_back(std::move(item));
}

bool Protocols::runProjectionAssign(const ast::AssignStmt &stmt, Context &context, Items &items) {
  std::string name, attachment;
  auto projections = namedProjections(*stmt.target, context, name, attachment);
  for (Projection *projection : projections) {
    const Model *owner = projection->synapse.get();
    ProtocolItem item;
    item.projection = projection->name;
    if (!attachment.empty()) {
      auto rule = llvm::find_if(projection->rules,
                                [&](const Attachment &a) { return a.name == attachment; });
      if (rule == projection->rules.end()) {
        std::vector<std::string> names;
        for (const Attachment &candidate : projection->rules)
          names.push_back(candidate.name);
        program.reportUnknown(diag::err_unknown_attachment, attachment, stmt.target->range, names,
                              projection->name);
        continue;
      }
      owner = rule->rule.get();
      item.attachment = attachment;
    }
    const Variable *variable = owner->find(name);
    if (!variable) {
      std::vector<std::string> names;
      for (const Variable &candidate : owner->variables)
        names.push_back(candidate.name);
      program.reportUnknown(diag::err_unknown_variable, name, stmt.target->range, names,
                            owner->name, placesIn(*owner));
      continue;
    }
    buildAssignValue(stmt, *owner, *variable, context, std::move(item), items);
  }
  return !projections.empty();
}

void Protocols::runAssign(const ast::AssignStmt &stmt, Context &context, Items &items) {
  if (!stmt.target || !stmt.value || runProjectionAssign(stmt, context, items))
    return;
  ast::PopRefPtr ref = ast::toPopRef(*stmt.target);
  std::string name;
  auto refs = ref && ref->isPath() && ref->path.size() > 1
                  ? current->elaborator->resolvePath(*ref, context, &name)
                  : std::nullopt;
  if (!refs || name.empty()) {
    if (!ref || refs || ref->path.size() < 2)
      diags.report(diag::err_protocol_form, stmt.target->range);
    return;
  }
  for (const PopulationRef &one : *refs) {
    const Model *model = one.getModel();
    const Variable *variable = model->find(name);
    if (!variable && model != one.population->neuron.get())
      variable = one.population->neuron->find(name);
    if (!variable) {
      std::vector<std::string> names;
      for (const Variable &candidate : model->variables)
        names.push_back(candidate.name);
      program.reportUnknown(diag::err_unknown_variable, name, stmt.target->range, names,
                            model->name, placesIn(*model));
      continue;
    }
    ProtocolItem item;
    item.refs = {one};
    buildAssignValue(stmt, *model, *variable, context, std::move(item), items);
  }
}

void Protocols::runFreeze(const ast::FreezeStmt &stmt, Context &context, Items &items) {
  for (const ast::PopRefPtr &ref : stmt.projections) {
    if (!ref)
      continue;
    ast::ProjectionRef subject;
    subject.source = ast::clone(*ref);
    subject.range = ref->range;
    for (Projection *projection : current->elaborator->findProjections(subject, context)) {
      ProtocolItem item;
      item.kind = stmt.thaw ? ProtocolItem::Kind::Thaw : ProtocolItem::Kind::Freeze;
      item.projection = projection->name;
      item.range = stmt.range;
      items.push_back(std::move(item));
    }
  }
}
