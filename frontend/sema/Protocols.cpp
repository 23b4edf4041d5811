//===- Protocols.cpp - Runs -----------------------------------------------===//

#include "frontend/sema/Protocols.h"

#include "frontend/sema/FunctionScope.h"
#include "frontend/sema/Program.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/Support/Casting.h"

#include <cmath>

using namespace synfire;
using namespace synfire::sema;
using llvm::cast;
using llvm::dyn_cast;
using llvm::StringRef;

//===----------------------------------------------------------------------===//
// Circuits
//===----------------------------------------------------------------------===//

/// The values of arguments as text: equal arguments share a network.
static std::string describeArguments(const Arguments &args) {
  std::string key;
  for (auto &[name, value] : args)
    key += name + "=" + std::to_string(value.number) + value.text + ";";
  return key;
}

Protocols::Elaboration *Protocols::elaborate(const ast::CircuitDecl &circuit, SourceUnit &unit,
                                             Arguments args) {
  std::string key = describeArguments(args);
  unsigned same = 1;
  for (Elaboration &known : elaborations)
    if (known.circuit == &circuit) {
      if (known.key == key)
        return &known;
      ++same;
    }
  Elaboration &entry = elaborations.emplace_back();
  entry.circuit = &circuit;
  entry.key = key;
  entry.unit = &unit;
  entry.network = &result.networks.emplace_back();
  entry.network->name = circuit.name.text;
  if (same > 1)
    entry.network->name += "#" + std::to_string(same);
  entry.elaborator = std::make_unique<Elaborator>(program, models, *entry.network);
  entry.env = entry.elaborator->run(circuit, unit, std::move(args));
  return &entry;
}

void Protocols::checkCircuit(const ast::CircuitDecl &circuit, SourceUnit &unit) {
  // A circuit with parameters that must be given is checked where it is used.
  for (const ast::StmtPtr &stmt : circuit.body.stmts)
    if (auto *decl = llvm::dyn_cast_or_null<ast::ParameterDecl>(stmt.get()))
      for (const ast::Quantity &quantity : decl->quantities)
        if (!quantity.value && !program.findOverride(circuit.name.text, quantity.name.text))
          return;
  elaborate(circuit, unit, {});
}

Value Protocols::evaluate(const ast::Expr &expr) {
  if (!current)
    return Value();
  Context context{current->env, current->unit, "", "", 0};
  CircuitScope scope(*current->elaborator, context);
  return evaluateValue(program, expr, scope);
}

//===----------------------------------------------------------------------===//
// Experiment
//===----------------------------------------------------------------------===//

void Protocols::run(const ast::ExperimentDecl &experiment, SourceUnit &unit) {
  result.experiment.name = experiment.name.text;
  result.experiment.range = experiment.range;
  // Parameters and lets of the experiment are run like those of a circuit.
  Network none;
  Elaborator values(program, models, none);
  Context context{std::make_shared<Environment>(), &unit, "", "", 0};
  std::string name = experiment.name ? experiment.name.text : std::string("Experiment");
  for (const ast::StmtPtr &stmt : experiment.body.stmts) {
    if (auto *decl = llvm::dyn_cast_or_null<ast::ParameterDecl>(stmt.get()))
      values.declareParameters(*decl, context, name, {});
    else if (auto *let = llvm::dyn_cast_or_null<ast::LetDecl>(stmt.get()))
      values.declareLet(*let, context);
  }
  current = nullptr;
  experimentElaborator = &values;
  while (!context.env->pending.empty())
    context.env->find(context.env->pending.begin()->first, diags);
  std::function<void(const ast::Block &, Context &)> runAll = [&](const ast::Block &body,
                                                                  Context &inner) {
    for (const ast::StmtPtr &stmt : body.stmts) {
      if (!stmt || stmt->getKind() == ast::Stmt::Kind::Parameter ||
          stmt->getKind() == ast::Stmt::Kind::Let)
        continue;
      if (auto *simulate = dyn_cast<ast::SimulateStmt>(stmt.get()))
        runSimulate(*simulate, inner);
      else if (auto *loop = dyn_cast<ast::ForStmt>(stmt.get()))
        values.runLoop(loop->loop, inner, [&](Context &each) { runAll(loop->body, each); });
      else
        diags.report(diag::err_statement_not_here, stmt->range)
            << ast::describe(stmt->getKind()) << "an experiment";
    }
  };
  runAll(experiment.body, context);
  settleDurations();
}

/// The duration that the user gives is that of the last run, as for executables: the runs before it
/// are what it goes on from.
void Protocols::settleDurations() {
  auto &runs = result.experiment.runs;
  if (options.duration && !runs.empty()) {
    runs.back().duration = *options.duration;
    if (!undated.empty() && undated.back() == runs.size() - 1)
      undated.pop_back();
  }
  for (size_t number : undated)
    diags.report(diag::err_duration_missing, runs[number].range);
}

/// Settings of a run: `step`, `seed`.
bool Protocols::runSetting(const ast::AssignStmt &stmt, Context &context, Run &run) {
  auto *name = llvm::dyn_cast_or_null<ast::NameExpr>(stmt.target.get());
  if (!name || !stmt.value)
    return false;
  CircuitScope scope(*current->elaborator, context);
  if (name->name == "step") {
    auto step = evaluateNumber(program, *stmt.value, scope, Dimension::time(), "`step`");
    if (step && *step <= 0)
      diags.report(diag::err_not_positive, stmt.value->range) << "`step`";
    else if (step)
      run.step = *step;
    return true;
  }
  if (name->name == "seed") {
    if (auto seed = evaluateInteger(program, *stmt.value, scope, "`seed`"))
      run.seed = *seed;
    return true;
  }
  program.reportUnknown(diag::err_unknown_run_setting, name->name, name->range, {"step", "seed"});
  return true;
}

std::shared_ptr<Environment> Protocols::makeEnvironment(Elaboration &elaboration,
                                                        Context &context) {
  // Names of the experiment, then those of the circuit, which win.
  auto env = std::make_shared<Environment>();
  env->outer = context.env;
  env->isLoop = true;
  env->values = elaboration.env->values;
  return env;
}

void Protocols::runSimulate(const ast::SimulateStmt &stmt, Context &context) {
  SourceUnit *unit = nullptr;
  auto *circuit = program.require<ast::CircuitDecl>(context.unit, stmt.circuit, &unit);
  if (!circuit)
    return;
  CircuitScope scope(*experimentElaborator, context);
  Arguments args;
  for (const ast::Argument &arg : stmt.args) {
    if (!arg.name || !arg.value) {
      if (arg.value)
        diags.report(diag::err_argument_needs_name, arg.value->range) << circuit->name.text;
      continue;
    }
    args.emplace_back(arg.name.text, evaluateValue(program, *arg.value, scope));
    args.back().second.range = arg.value->range;
  }
  current = elaborate(*circuit, *unit, std::move(args));

  Run run;
  run.range = stmt.range;
  run.network = current->network;
  run.step = 0.1;
  run.seed = 1;
  run.name = stmt.run ? stmt.run.text : std::string("main");
  auto isTaken = [&](const std::string &name) {
    return llvm::any_of(result.experiment.runs,
                        [&](const Run &other) { return other.name == name; });
  };
  if (stmt.run && isTaken(run.name))
    diags.report(diag::err_declared_twice, stmt.run.range) << run.name;
  for (unsigned i = 2; !stmt.run && isTaken(run.name); ++i)
    run.name = "main#" + std::to_string(i);
  const Run *origin = nullptr;
  if (stmt.from) {
    std::vector<std::string> names;
    for (const Run &other : result.experiment.runs) {
      names.push_back(other.name);
      if (other.name == stmt.from.text)
        origin = &other;
    }
    if (!origin) {
      program.reportUnknown(diag::err_unknown_run, stmt.from.text, stmt.from.range, names);
    } else {
      run.origin = origin->name;
      run.step = origin->step;
      run.seed = origin->seed;
      if (origin->network->name != run.network->name)
        diags.report(diag::err_run_of_other_circuit, stmt.from.range)
            << origin->name << origin->network->name << run.network->name;
    }
  }

  if (stmt.duration) {
    if (auto duration =
            evaluateNumber(program, *stmt.duration, scope, Dimension::time(), "a duration")) {
      run.duration = *duration;
      if (*duration < 0 || std::isinf(*duration))
        diags.report(diag::err_duration, stmt.duration->range);
    }
  } else {
    undated.push_back(result.experiment.runs.size());
  }

  Context inner{makeEnvironment(*current, context), current->unit, "", "", 0};
  // Names that only the experiment's file knows are found there.
  inner.unit = context.unit;
  for (const ast::StmtPtr &body : stmt.body.stmts) {
    if (!body)
      continue;
    auto *assign = dyn_cast<ast::AssignStmt>(body.get());
    if (assign && assign->target && llvm::isa<ast::NameExpr>(*assign->target) &&
        runSetting(*assign, inner, run))
      continue;
    if (auto *let = dyn_cast<ast::LetDecl>(body.get())) {
      inner.env->isLoop = true;
      current->elaborator->declareLet(*let, inner);
      continue;
    }
    runItem(*body, inner, run.items, false);
  }
  for (const ProtocolItem &item : run.items)
    if (item.kind == ProtocolItem::Kind::Report && !labelled.count(run.network))
      diags.report(diag::err_report_without_labels, item.range);
  if (options.seed)
    run.seed = *options.seed;
  if (origin && run.step != origin->step)
    diags.report(diag::err_step_changes, stmt.range) << origin->name;
  result.experiment.runs.push_back(std::move(run));
}
