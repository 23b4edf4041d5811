//===- Settings.cpp - Values given to parameters --------------------------===//

#include "frontend/sema/CircuitScope.h"
#include "frontend/sema/FunctionScope.h"
#include "frontend/sema/Program.h"
#include "frontend/sema/checks/SettingChecks.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/Support/Casting.h"

using namespace synfire;
using namespace synfire::sema;
using llvm::dyn_cast;
using llvm::StringRef;

void Elaborator::buildSettings(const ast::Block &block, const Model &model, OwnerScope &scope,
                               bool states, std::vector<Setting> &settings, SourceRange owner) {
  bool isSynapse = model.kind == Model::Kind::Synapse;
  for (const ast::StmtPtr &stmt : block.stmts) {
    if (!stmt)
      continue;
    auto *assign = dyn_cast<ast::AssignStmt>(stmt.get());
    if (!assign) {
      bool isSolver = stmt->getKind() == ast::Stmt::Kind::Solve;
      if (!states || !isSolver)
        diags.report(diag::err_statement_not_here, stmt->range)
            << ast::describe(stmt->getKind()) << "settings";
      continue;
    }
    auto *name = llvm::dyn_cast_or_null<ast::NameExpr>(assign->target.get());
    bool draws = assign->op == ast::AssignOp::Draw;
    bool isForm = assign->value && (assign->op == ast::AssignOp::Set || draws);
    if (isForm && !name && states && buildCompartmentSetting(*assign, model, scope, settings))
      continue;
    if (!name || !isForm) {
      diags.report(diag::err_setting_form, assign->range);
      continue;
    }
    if (isSynapse && name->name == "dendritic_fraction")
      continue; // A property of the projection, read by its caller.
    const Variable *variable = model.find(name->name);
    bool isDelay = isSynapse && name->name == "delay" && !variable;
    bool fits = isDelay || (variable && (variable->kind == VariableKind::Parameter ||
                                         (states && variable->kind == VariableKind::State)));
    if (!fits) {
      std::vector<std::string> names;
      for (const Variable &candidate : model.variables)
        if (candidate.kind == VariableKind::Parameter ||
            (states && candidate.kind == VariableKind::State))
          names.push_back(candidate.name);
      if (isSynapse)
        names.insert(names.end(), {"delay", "dendritic_fraction"});
      program.reportUnknown(diag::err_unknown_setting, name->name, name->range, names, model.name,
                            placesIn(model));
      continue;
    }
    if (auto known =
            llvm::find_if(settings, [&](const Setting &s) { return s.variable == name->name; });
        known != settings.end()) {
      (diags.report(diag::err_set_twice, name->range) << name->name)
          .note(diag::note_first_here, known->range);
      continue;
    }
    Dimension dimension = isDelay ? Dimension::time() : variable->dimension;
    settings.push_back(buildSetting(name->name, *assign, dimension, scope));
  }
  checkSettingCycles(model, settings, diags);
}

/// After an error the setting has no value, but it is there, so that nothing else misses it.
Setting Elaborator::buildSetting(StringRef name, const ast::AssignStmt &assign, Dimension dimension,
                                 OwnerScope &scope) {
  NetworkArgument value = buildArgument(name, *assign.value, dimension, scope);
  return {name.str(), value.number, value.node, assign.range};
}

/// `soma.v ~ normal(...)`: a start value in a compartment, `dend.v` in each of a row, `dend[3].v`
/// in one (N8). False where the target has another form.
bool Elaborator::buildCompartmentSetting(const ast::AssignStmt &assign, const Model &model,
                                         OwnerScope &scope, std::vector<Setting> &settings) {
  StringRef path = program.getSources().getText(assign.target->range).trim();
  auto [site, name] = path.rsplit('.');
  if (name.empty())
    return false;
  site.consume_back("[*]");
  bool found = false;
  std::vector<std::string> names;
  for (const Model &compartment : model.compartments) {
    StringRef own = compartment.name;
    for (const Variable &variable : compartment.variables)
      if (variable.kind == VariableKind::State)
        names.push_back(compartment.name + "." + variable.name);
    if (own != site && own.take_until([](char c) { return c == '['; }) != site)
      continue;
    const Variable *variable = compartment.find(name);
    if (!variable || variable->kind != VariableKind::State)
      continue;
    found = true;
    std::string full = compartment.name + "." + name.str();
    if (auto known = llvm::find_if(settings, [&](const Setting &s) { return s.variable == full; });
        known != settings.end()) {
      (diags.report(diag::err_set_twice, assign.target->range) << full)
          .note(diag::note_first_here, known->range);
      continue;
    }
    settings.push_back(buildSetting(full, assign, variable->dimension, scope));
  }
  if (!found)
    program.reportUnknown(diag::err_unknown_setting, path.str(), assign.target->range, names,
                          model.name);
  return true;
}

/// (S5) Every parameter needs a value; a default that draws becomes a draw for
/// each element.
void Elaborator::completeSettings(const Model &model, std::vector<Setting> &settings,
                                  SourceRange use, StringRef skip) {
  auto isSet = [&](StringRef name) {
    return llvm::any_of(settings, [&](const Setting &s) { return s.variable == name; });
  };
  auto draws = [](const Node &node) { return node.op == NodeOp::Draw || node.op == NodeOp::Index; };
  for (const Variable &variable : model.variables) {
    if (variable.name == skip || isSet(variable.name))
      continue;
    if (variable.kind == VariableKind::Parameter && !variable.value)
      (diags.report(diag::err_parameter_not_given, use) << variable.name << model.name)
          .note(diag::note_declared_here, variable.range);
    bool isGiven = variable.kind == VariableKind::Parameter || variable.kind == VariableKind::State;
    if (isGiven && variable.value && findNode(*variable.value, draws))
      settings.push_back({variable.name, std::nullopt, variable.value, variable.range});
  }
}

NetworkArgument Elaborator::buildArgument(StringRef name, const ast::Expr &expr,
                                          Dimension dimension, OwnerScope &scope) {
  NetworkArgument argument;
  argument.name = name.str();
  argument.range = expr.range;
  DimensionSolver solver;
  ExprBuilder builder(program, scope, solver, scope.permissions);
  Typed value;
  if (auto *draw = dyn_cast<ast::DrawExpr>(&expr))
    value = builder.buildDraw(*draw, dimension);
  else
    value = builder.buildNumber(expr, dimension, "`" + name.str() + "`");
  if (value.isError())
    return argument;
  argument.number = evaluate(*value.node);
  if (!argument.number)
    argument.node = value.node;
  return argument;
}

//===----------------------------------------------------------------------===//
// Attached rules
//===----------------------------------------------------------------------===//

void Elaborator::buildRules(const std::vector<ast::RuleUse> &uses, const Model &owner,
                            const Ends &ends, OwnerScope &scope,
                            llvm::ArrayRef<Setting> ownerSettings, std::vector<Attachment> &rules,
                            Context &context) {
  for (const ast::RuleUse &use : uses) {
    std::string target = use.target ? use.target.text : "weight";
    const Variable *parameter = owner.find(target);
    if (!parameter || parameter->kind != VariableKind::Parameter) {
      std::vector<std::string> names;
      for (const Variable &variable : owner.variables)
        if (variable.kind == VariableKind::Parameter)
          names.push_back(variable.name);
      program.reportUnknown(diag::err_rule_target, target,
                            use.target ? use.target.range : use.rule.range, names, owner.name);
      continue;
    }
    Ends inner = ends;
    inner.weight = parameter->dimension;
    auto rule = models.getRule(*context.unit, use.rule, inner, use.range, owner.name);
    if (!rule)
      continue;
    Attachment attachment;
    attachment.rule = rule;
    attachment.parameter = target;
    attachment.range = use.range;
    attachment.name = rule->name;
    for (unsigned i = 2; llvm::any_of(
             rules, [&](const Attachment &other) { return other.name == attachment.name; });
         ++i)
      attachment.name = rule->name + "#" + std::to_string(i);
    // Third factors are bound, everything else is set.
    for (const ast::StmtPtr &stmt : use.settings.stmts)
      if (auto *assign = llvm::dyn_cast_or_null<ast::AssignStmt>(stmt.get())) {
        auto *name = llvm::dyn_cast_or_null<ast::NameExpr>(assign->target.get());
        const Variable *input = name ? rule->find(name->name) : nullptr;
        if (input && input->kind == VariableKind::Input) {
          if (auto binding = buildBinding(*assign, *input, ends, context))
            attachment.bindings.push_back(std::move(*binding));
          continue;
        }
      }
    buildRuleSettings(use.settings, *rule, scope, attachment.settings);
    completeSettings(*rule, attachment.settings, use.range);
    for (const Variable &variable : rule->variables)
      if (variable.kind == VariableKind::Input &&
          llvm::none_of(attachment.bindings,
                        [&](const Binding &binding) { return binding.input == variable.name; }))
        (diags.report(diag::err_input_not_bound, use.range) << variable.name << rule->name)
            .note(diag::note_declared_here, variable.range);
    rules.push_back(std::move(attachment));
  }
}

void Elaborator::buildRuleSettings(const ast::Block &block, const Model &rule, OwnerScope &scope,
                                   std::vector<Setting> &settings) {
  std::vector<Setting> all;
  // Bindings of third factors were taken before; leave them out here.
  for (const ast::StmtPtr &stmt : block.stmts) {
    auto *assign = llvm::dyn_cast_or_null<ast::AssignStmt>(stmt.get());
    auto *name = assign ? llvm::dyn_cast_or_null<ast::NameExpr>(assign->target.get()) : nullptr;
    const Variable *variable = name ? rule.find(name->name) : nullptr;
    if (variable && variable->kind == VariableKind::Input)
      continue;
    if (!assign || !name || !assign->value || assign->op == ast::AssignOp::Add ||
        assign->op == ast::AssignOp::Sub) {
      if (stmt)
        diags.report(diag::err_setting_form, stmt->range);
      continue;
    }
    if (!variable || variable->kind != VariableKind::Parameter) {
      std::vector<std::string> names;
      for (const Variable &candidate : rule.variables)
        if (candidate.kind == VariableKind::Parameter || candidate.kind == VariableKind::Input)
          names.push_back(candidate.name);
      program.reportUnknown(diag::err_unknown_setting, name->name, name->range, names, rule.name,
                            placesIn(rule));
      continue;
    }
    NetworkArgument value = buildArgument(name->name, *assign->value, variable->dimension, scope);
    if (value.number || value.node)
      settings.push_back({name->name, value.number, value.node, assign->range});
  }
}

/// The end whose value `post.level` or `pre.level` names.
static Side sideOf(const ast::PopRef &ref) {
  if (!ref.isPath() || ref.path.size() != 2 || !ref.path[0].index.empty())
    return Side::Self;
  StringRef name = ref.path[0].name.text;
  return name == "pre" ? Side::Pre : name == "post" ? Side::Post : Side::Self;
}

/// `dopamine = DA.level delayed 5 ms`, `calcium = post.ca` (P4).
std::optional<Binding> Elaborator::buildBinding(const ast::AssignStmt &assign,
                                                const Variable &input, const Ends &ends,
                                                Context &context) {
  Binding binding;
  binding.input = input.name;
  binding.range = assign.range;
  const ast::Expr *value = assign.value.get();
  CircuitScope scope(*this, context);
  if (auto *delayed = llvm::dyn_cast_or_null<ast::DelayedExpr>(value)) {
    value = delayed->value.get();
    if (delayed->delay)
      binding.delay = evaluateNumber(program, *delayed->delay, scope, Dimension::time(), "a delay");
    if (binding.delay && *binding.delay < 0)
      diags.report(diag::err_delay_negative, delayed->delay->range);
  }
  ast::PopRefPtr ref = value ? ast::toPopRef(*value) : nullptr;
  std::string field;
  const Model *model = nullptr;
  if (Side side = ref ? sideOf(*ref) : Side::Self; side != Side::Self && !ends.intrinsic) {
    binding.side = side;
    field = ref->path[1].name.text;
    model = side == Side::Pre ? ends.pre : ends.post;
    if (binding.delay) {
      diags.report(diag::err_binding_delayed, value->range) << input.name;
      return std::nullopt;
    }
  } else {
    auto refs = ref && ref->isPath() ? resolvePath(*ref, context, &field) : std::nullopt;
    if (!refs)
      return std::nullopt;
    if (field.empty() || refs->size() != 1) {
      diags.report(diag::err_binding_form, assign.range) << input.name;
      return std::nullopt;
    }
    binding.source = refs->front();
    model = binding.source.getModel();
  }
  const Variable *variable = model->find(field);
  if (!variable) {
    std::vector<std::string> names;
    for (const Variable &candidate : model->variables)
      names.push_back(candidate.name);
    program.reportUnknown(diag::err_unknown_remote, field, value->range, names, model->name,
                          placesIn(*model));
    return std::nullopt;
  }
  if (variable->dimension != input.dimension) {
    diags.report(diag::err_wrong_dimension, value->range)
        << ("`" + input.name + "`") << inUnit(input.dimension.str())
        << inUnit(variable->dimension.str());
    return std::nullopt;
  }
  binding.variable = field;
  return binding;
}
