//===- ModelHandlers.cpp - What happens at a spike ------------------------===//

#include "frontend/sema/ConstantScope.h"
#include "frontend/sema/ModelBuilder.h"
#include "frontend/sema/Program.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/Support/Casting.h"

using namespace synfire;
using namespace synfire::sema;
using llvm::cast;
using llvm::dyn_cast;
using llvm::StringRef;

void ModelBuilder::buildOn(const ast::OnStmt &stmt) {
  Handler handler;
  handler.range = stmt.range;
  handler.compartment = stmt.compartment.text;
  switch (stmt.event) {
  case ast::OnStmt::Event::Pre:
    handler.trigger = Handler::Trigger::Pre;
    break;
  case ast::OnStmt::Event::Post:
    handler.trigger = Handler::Trigger::Post;
    break;
  case ast::OnStmt::Event::Spike:
    handler.trigger = Handler::Trigger::Spike;
    if (model.kind == Model::Kind::Synapse)
      diags.report(diag::err_on_spike_in_synapse, stmt.eventRange);
    break;
  }
  if (stmt.compartmentIndex) {
    FileScope constants(program, unit);
    if (auto index = evaluateInteger(program, *stmt.compartmentIndex, constants,
                                     "the index of a compartment"))
      handler.compartment += "[" + std::to_string(*index) + "]";
  }
  if (!handler.compartment.empty() && ends.postNeuron &&
      handler.trigger == Handler::Trigger::Post) {
    std::vector<std::string> names;
    bool found = false;
    for (const Model &inner : ends.postNeuron->compartments) {
      if (inner.spike)
        names.push_back(inner.name);
      found |= inner.name == handler.compartment && inner.spike;
    }
    if (!found)
      program.reportUnknown(diag::err_no_spiking_compartment, handler.compartment,
                            stmt.compartment.range, names, ends.postNeuron->name);
  }
  ExprBuilder builder = makeBuilder(dynamic("a handler"));
  handler.body = buildActions(stmt.body, HandlerPlace::Handler, builder);
  model.handlers.push_back(std::move(handler));
}

void ModelBuilder::buildTimer(const ast::EveryStmt &stmt) {
  Handler handler;
  handler.trigger = Handler::Trigger::Every;
  handler.range = stmt.range;
  if (stmt.every.period) {
    FileScope constants(program, unit);
    handler.period =
        evaluateNumber(program, *stmt.every.period, constants, Dimension::time(), "a period");
    if (handler.period && *handler.period <= 0)
      diags.report(diag::err_not_positive, stmt.every.period->range) << "a period";
  }
  ExprBuilder builder = makeBuilder(dynamic("a handler"));
  handler.body = buildActions(stmt.body, HandlerPlace::Handler, builder);
  model.handlers.push_back(std::move(handler));
}

std::vector<Action> ModelBuilder::buildActions(const ast::Block &body, HandlerPlace place,
                                               ExprBuilder &builder) {
  std::vector<Action> actions;
  for (const ast::StmtPtr &stmt : body.stmts) {
    if (!stmt)
      continue;
    if (auto *assign = dyn_cast<ast::AssignStmt>(stmt.get())) {
      buildAssign(*assign, builder, actions);
    } else if (auto *hold = dyn_cast<ast::RefractoryStmt>(stmt.get());
               hold && place == HandlerPlace::Reset) {
      buildRefractory(*hold, builder, actions);
    } else if (auto *release = dyn_cast<ast::ReleaseStmt>(stmt.get());
               release && model.kind == Model::Kind::Synapse) {
      if (!release->probability)
        continue;
      Typed p = builder.buildNumber(*release->probability, Dimension(), "a probability");
      Action action;
      action.kind = Action::Kind::Release;
      action.value = p.node;
      action.range = stmt->range;
      if (auto value = evaluate(*p.node); value && (*value < 0 || *value > 1))
        diags.report(diag::err_probability_range, p.range);
      action.body = buildActions(release->body, place, builder);
      actions.push_back(std::move(action));
    } else {
      diags.report(diag::err_statement_not_here, stmt->range)
          << ast::describe(stmt->getKind())
          << (place == HandlerPlace::Reset ? "a spike rule" : "a handler");
    }
  }
  return actions;
}

void ModelBuilder::buildAssign(const ast::AssignStmt &stmt, ExprBuilder &builder,
                               std::vector<Action> &actions) {
  if (!stmt.target || !stmt.value)
    return;
  if (stmt.op == ast::AssignOp::Draw) {
    diags.report(diag::err_draw_in_handler, stmt.range);
    return;
  }
  if (auto *field = dyn_cast<ast::FieldExpr>(stmt.target.get()))
    return buildRemoteAdd(stmt, *field, builder, actions);
  auto *name = dyn_cast<ast::NameExpr>(stmt.target.get());
  if (!name) {
    diags.report(diag::err_assign_target, stmt.target->range);
    return;
  }
  auto dim = findAssignable(name->name, name->range);
  bool scales = stmt.op == ast::AssignOp::Mul || stmt.op == ast::AssignOp::Div;
  DimExpr wanted = scales || !dim ? DimExpr() : *dim;
  std::string what = scales ? "the factor" : "`" + name->name + "`";
  Typed value =
      dim ? builder.buildNumber(*stmt.value, wanted, what) : builder.buildNumber(*stmt.value);
  if (!dim || value.isError())
    return;

  Action action;
  action.variable = name->name;
  action.range = stmt.range;
  action.value = value.node;
  auto old = [&] { return makeGet(Side::Self, name->name, name->range); };
  switch (stmt.op) {
  case ast::AssignOp::Set:
  case ast::AssignOp::Draw:
    break;
  case ast::AssignOp::Add:
    action.kind = Action::Kind::Add;
    break;
  case ast::AssignOp::Sub:
    action.kind = Action::Kind::Add;
    action.value = makeNode(NodeOp::Negate, stmt.value->range, {value.node});
    break;
  case ast::AssignOp::Mul:
    action.value = makeNode(NodeOp::Multiply, stmt.range, {old(), value.node});
    break;
  case ast::AssignOp::Div:
    action.value = makeNode(NodeOp::Divide, stmt.range, {old(), value.node});
    break;
  }
  actions.push_back(std::move(action));
}

void ModelBuilder::buildRemoteAdd(const ast::AssignStmt &stmt, const ast::FieldExpr &target,
                                  ExprBuilder &builder, std::vector<Action> &actions) {
  auto side = target.base ? getSide(*target.base) : std::nullopt;
  if (model.kind != Model::Kind::Synapse || side != Side::Post) {
    diags.report(diag::err_assign_target, target.range);
    return;
  }
  if (stmt.op != ast::AssignOp::Add) {
    diags.report(diag::err_post_only_add, stmt.opRange);
    return;
  }
  auto remote = findRemote(*side, target.field);
  if (remote && remote->kind && *remote->kind != VariableKind::State) {
    diags.report(diag::err_jump_not_state, target.range)
        << target.field.text << describe(*remote->kind) << ends.post->name;
    return;
  }
  Typed value = remote ? builder.buildNumber(*stmt.value, remote->dim,
                                             "the jump of `post." + target.field.text + "`")
                       : builder.buildNumber(*stmt.value);
  if (!remote || value.isError())
    return;
  Action action;
  action.kind = Action::Kind::Add;
  action.side = Side::Post;
  action.variable = target.field.text;
  action.value = value.node;
  action.range = stmt.range;
  actions.push_back(std::move(action));
}

/// (N5) What is held: as written, else the one state on the left of the
/// condition, for `crosses` nothing.
void ModelBuilder::buildRefractory(const ast::RefractoryStmt &stmt, ExprBuilder &builder,
                                   std::vector<Action> &actions) {
  if (!stmt.duration)
    return;
  Typed duration = builder.buildNumber(*stmt.duration, Dimension::time(), "a refractory time");
  if (duration.isError())
    return;
  if (auto value = evaluate(*duration.node); value && *value < 0)
    diags.report(diag::err_not_positive, stmt.duration->range) << "a refractory time";
  if (hasRefractory)
    diags.report(diag::err_second_refractory, stmt.range);
  hasRefractory = true;
  Action action;
  action.kind = Action::Kind::Refractory;
  action.value = duration.node;
  action.range = stmt.range;
  for (const ast::Name &name : stmt.held)
    if (findAssignable(name.text, name.range))
      action.held.push_back(name.text);
  if (!stmt.hasHold && condition && condition->op != ast::CompareOp::Crosses) {
    auto *left = dyn_cast<ast::NameExpr>(condition->lhs.get());
    Member *member = left ? findMember(left->name) : nullptr;
    if (!member || member->variable.kind != VariableKind::State) {
      diags.report(diag::err_refractory_needs_hold, stmt.range)
          .note(diag::note_condition_here, condition->lhs->range);
      return;
    }
    action.held.push_back(left->name);
  }
  actions.push_back(std::move(action));
}
