//===- ModelStatements.cpp - Equations, spike rules, contributions --------===//

#include "frontend/sema/ConstantScope.h"
#include "frontend/sema/ModelBuilder.h"
#include "frontend/sema/Program.h"
#include "frontend/sema/checks/ModelChecks.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/Support/Casting.h"

using namespace synfire;
using namespace synfire::sema;
using llvm::cast;
using llvm::dyn_cast;
using llvm::StringRef;

static const char *describe(Model::Kind kind) {
  switch (kind) {
  case Model::Kind::Neuron:
    return "a neuron";
  case Model::Kind::Compartment:
    return "a compartment";
  case Model::Kind::Synapse:
    return "a synapse";
  case Model::Kind::Plasticity:
    return "a plasticity rule";
  }
  return "a declaration";
}

bool ModelBuilder::isAllowed(ast::Stmt::Kind kind) const {
  using Kind = ast::Stmt::Kind;
  bool neuron = model.kind == Model::Kind::Neuron;
  bool compartment = model.kind == Model::Kind::Compartment;
  bool synapse = model.kind == Model::Kind::Synapse;
  bool plasticity = model.kind == Model::Kind::Plasticity;
  switch (kind) {
  case Kind::Parameter:
  case Kind::State:
  case Kind::Let:
  case Kind::Function:
  case Kind::Equation:
  case Kind::Solve:
  case Kind::Format:
    return true;
  case Kind::Input:
    return neuron || compartment || plasticity;
  case Kind::Spike:
    return neuron || compartment;
  case Kind::Compartment:
  case Kind::Couple:
    return neuron;
  case Kind::Assign:
    return synapse;
  case Kind::On:
    return synapse || plasticity;
  case Kind::Every:
  case Kind::Bound:
  case Kind::Prune:
  case Kind::Grow:
    return plasticity;
  default:
    return false;
  }
}

Model ModelBuilder::build(const ast::Block &body) {
  model.range = body.range;
  collect(body);
  for (const ast::StmtPtr &stmt : body.stmts)
    if (auto *decl = llvm::dyn_cast_or_null<ast::CompartmentDecl>(stmt.get()))
      if (isAllowed(stmt->getKind()))
        buildCompartment(*decl);
  for (auto &member : members)
    ensure(*member);
  for (const ast::StmtPtr &stmt : body.stmts)
    if (stmt)
      buildStatement(*stmt);
  finish();
  checkModel(model, ends, diags);
  return std::move(model);
}

void ModelBuilder::finish() {
  for (auto &member : members) {
    member->variable.dimension = solver.settle(member->dim);
    model.variables.push_back(member->variable);
  }
  if (weight)
    model.weightDimension = solver.settle(*weight);
}

void ModelBuilder::buildStatement(const ast::Stmt &stmt) {
  using Kind = ast::Stmt::Kind;
  if (!isAllowed(stmt.getKind())) {
    diags.report(diag::err_statement_not_here, stmt.range)
        << ast::describe(stmt.getKind()) << ::describe(model.kind);
    return;
  }
  switch (stmt.getKind()) {
  case Kind::Equation:
    return buildEquation(cast<ast::EquationStmt>(stmt));
  case Kind::Spike:
    return buildSpike(cast<ast::SpikeStmt>(stmt));
  case Kind::Assign:
    return buildContribution(cast<ast::AssignStmt>(stmt));
  case Kind::On:
    return buildOn(cast<ast::OnStmt>(stmt));
  case Kind::Every:
    return buildTimer(cast<ast::EveryStmt>(stmt));
  case Kind::Bound:
  case Kind::Prune:
  case Kind::Grow:
    return buildWeightRule(stmt);
  case Kind::Solve:
    return buildSolve(cast<ast::SolveStmt>(stmt));
  case Kind::Format:
    return buildFormat(cast<ast::FormatStmt>(stmt));
  case Kind::Couple:
    return buildCouple(cast<ast::CoupleStmt>(stmt));
  default:
    return; // Declarations were built before.
  }
}

//===----------------------------------------------------------------------===//
// Equations
//===----------------------------------------------------------------------===//

void ModelBuilder::buildEquation(const ast::EquationStmt &stmt) {
  if (!stmt.state || !stmt.value)
    return;
  // The equation of x'' moves x' (N1).
  std::string name = stmt.state.text + std::string(stmt.order ? stmt.order - 1 : 0, '\'');
  auto dim = findAssignable(name, stmt.state.range);
  Permissions permissions = dynamic("an equation");
  permissions.noise = true;
  ExprBuilder builder = makeBuilder(permissions);
  builder.setStreamPrefix(name);
  Typed value = dim ? builder.buildNumber(*stmt.value, *dim / Dimension::time(),
                                          "the derivative of `" + name + "`")
                    : builder.buildNumber(*stmt.value);
  if (!dim || value.isError())
    return;
  model.equations.push_back({name, value.node, stmt.range});
  if (stmt.order < 2)
    return;
  auto lower = findAssignable(stmt.state.text, stmt.state.range);
  if (lower && !solver.unify(*lower / Dimension::time(), *dim))
    diags.report(diag::err_wrong_dimension, stmt.state.range)
        << ("`" + name + "`") << inUnit(solver.str(*lower / Dimension::time()))
        << inUnit(solver.str(*dim));
  model.equations.push_back({stmt.state.text, makeGet(Side::Self, name, stmt.range), stmt.range});
}

//===----------------------------------------------------------------------===//
// Spike rules
//===----------------------------------------------------------------------===//

void ModelBuilder::buildSpike(const ast::SpikeStmt &stmt) {
  if (model.spike) {
    diags.report(diag::err_second_spike_rule, stmt.range)
        .note(diag::note_first_here, model.spike->range);
    return;
  }
  auto *compare = llvm::dyn_cast_or_null<ast::CompareExpr>(stmt.condition.get());
  if (!compare ||
      (compare->op != ast::CompareOp::GreaterEqual && compare->op != ast::CompareOp::Crosses)) {
    if (stmt.condition)
      diags.report(diag::err_spike_condition, stmt.condition->range);
    return;
  }
  ExprBuilder builder = makeBuilder(dynamic("the condition of a spike rule"));
  Typed lhs = builder.buildNumber(*compare->lhs);
  Typed rhs = builder.buildNumber(*compare->rhs);
  if (!lhs.isError() && !rhs.isError())
    builder.unify(lhs, rhs, "compare", compare->rhs->range);
  SpikeRule rule;
  rule.crosses = compare->op == ast::CompareOp::Crosses;
  rule.lhs = lhs.node;
  rule.rhs = rhs.node;
  rule.range = stmt.range;
  condition = compare;
  ExprBuilder reset = makeBuilder(dynamic("a spike rule"));
  rule.reset = buildActions(stmt.body, HandlerPlace::Reset, reset);
  model.spike = std::move(rule);
}

//===----------------------------------------------------------------------===//
// Contributions
//===----------------------------------------------------------------------===//

void ModelBuilder::buildContribution(const ast::AssignStmt &stmt) {
  auto *field = llvm::dyn_cast_or_null<ast::FieldExpr>(stmt.target.get());
  auto side = field && field->base ? getSide(*field->base) : std::nullopt;
  if (side != Side::Post || stmt.op != ast::AssignOp::Add) {
    diags.report(diag::err_contribution_form, stmt.range);
    return;
  }
  auto remote = findRemote(*side, field->field);
  if (remote && remote->kind && *remote->kind != VariableKind::Input) {
    diags.report(diag::err_contribution_not_input, field->range)
        << field->field.text << describe(*remote->kind) << ends.post->name;
    return;
  }
  Permissions permissions = dynamic("a contribution");
  permissions.noise = true;
  ExprBuilder builder = makeBuilder(permissions);
  builder.setStreamPrefix(field->field.text + "." + std::to_string(model.contributions.size()));
  if (!stmt.value)
    return;
  Typed value = remote ? builder.buildNumber(*stmt.value, remote->dim,
                                             "the contribution to `post." + field->field.text + "`")
                       : builder.buildNumber(*stmt.value);
  if (remote && !value.isError())
    model.contributions.push_back({field->field.text, value.node, stmt.range});
}

//===----------------------------------------------------------------------===//
// Bounds, structure, solvers, formats
//===----------------------------------------------------------------------===//

void ModelBuilder::buildWeightRule(const ast::Stmt &stmt) {
  WeightRule rule;
  rule.range = stmt.range;
  auto boolean = [&](const ast::Expr &expr, ExprBuilder &builder) {
    Typed typed = builder.buildCondition(expr);
    return typed.isError() ? nullptr : typed.node;
  };
  auto setPeriod = [&](const ast::EveryClause &every) {
    if (!every.period)
      return;
    FileScope constants(program, unit);
    rule.period = evaluateNumber(program, *every.period, constants, Dimension::time(), "a period");
    if (rule.period && *rule.period <= 0)
      diags.report(diag::err_not_positive, every.period->range) << "a period";
  };
  if (auto *bound = dyn_cast<ast::BoundStmt>(&stmt)) {
    if (!bound->interval || !bound->target)
      return;
    if (bound->target.text != "weight") {
      diags.report(diag::err_bound_target, bound->target.range) << bound->target.text;
      return;
    }
    ExprBuilder builder = makeBuilder(dynamic("a bound"));
    Typed low = builder.buildNumber(*bound->interval.low, *weight, "a bound");
    Typed high = builder.buildNumber(*bound->interval.high, *weight, "a bound");
    if (low.isError() || high.isError())
      return;
    rule.first = low.node;
    rule.second = high.node;
    for (const WeightRule &other : model.weightRules)
      if (other.kind == WeightRule::Kind::Bound)
        diags.report(diag::err_second_bound, stmt.range).note(diag::note_first_here, other.range);
  } else if (auto *prune = dyn_cast<ast::PruneStmt>(&stmt)) {
    rule.kind = WeightRule::Kind::Prune;
    ExprBuilder builder = makeBuilder(dynamic("`prune`"));
    if (!prune->condition || !(rule.first = boolean(*prune->condition, builder)))
      return;
    setPeriod(prune->every);
  } else if (auto *grow = dyn_cast<ast::GrowStmt>(&stmt)) {
    rule.kind = WeightRule::Kind::Grow;
    ExprBuilder builder = makeBuilder(dynamic("`grow`"));
    if (!grow->probability)
      return;
    Typed p = builder.buildNumber(*grow->probability, Dimension(), "a probability");
    if (p.isError())
      return;
    rule.first = p.node;
    if (grow->condition)
      rule.second = boolean(*grow->condition, builder);
    setPeriod(grow->every);
  }
  model.weightRules.push_back(std::move(rule));
}

void ModelBuilder::buildSolve(const ast::SolveStmt &stmt) {
  FileScope constants(program, unit);
  for (const ast::SolveStmt::Item &item : stmt.items) {
    SolveOverride solve;
    solve.state = item.state.text;
    solve.method = item.method.text;
    solve.after = item.after.text;
    solve.range = item.range;
    if (item.steps)
      if (auto steps = evaluateInteger(program, *item.steps, constants, "a number of steps"))
        solve.substeps = *steps;
    model.solves.push_back(std::move(solve));
  }
}

void ModelBuilder::buildFormat(const ast::FormatStmt &stmt) {
  if (!stmt.target)
    return;
  model.formats.push_back({stmt.target.text, stmt.integerBits, stmt.fractionBits, stmt.range});
}
