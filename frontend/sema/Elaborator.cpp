//===- Elaborator.cpp - Circuits, parts, loops, values --------------------===//

#include "frontend/sema/Elaborator.h"

#include "frontend/sema/CircuitScope.h"
#include "frontend/sema/Program.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/Support/Casting.h"

using namespace synfire;
using namespace synfire::sema;
using llvm::cast;
using llvm::dyn_cast;
using llvm::StringRef;

/// Parts nested deeper than this are a circuit within itself.
static constexpr unsigned maxDepth = 64;

Elaborator::Elaborator(Program &program, ModelLibrary &models, Network &network)
    : program(program), models(models), diags(program.getDiags()), network(network) {}

std::string Elaborator::uniqueName(const std::string &base) {
  std::string name = base;
  for (unsigned i = 2; !names.insert(name).second; ++i)
    name = base + "#" + std::to_string(i);
  return name;
}

std::shared_ptr<Environment> Elaborator::run(const ast::CircuitDecl &circuit, SourceUnit &unit,
                                             Arguments args) {
  network.doc = circuit.doc;
  network.range = circuit.range;
  auto env = runCircuit(circuit, unit, std::move(args), "", 0);
  auto later = std::move(deferred);
  for (auto &[stmt, context] : later) {
    if (auto *draw = dyn_cast<ast::DrawStmt>(stmt))
      runDraw(*draw, *context);
    else
      runConstrain(cast<ast::ConstrainStmt>(*stmt), *context);
  }
  for (Projection &projection : network.projections)
    finishDraws(projection);
  for (Projection *projection : completed)
    completeSettings(*projection->synapse, projection->settings, projection->range);
  return env;
}

std::shared_ptr<Environment> Elaborator::runCircuit(const ast::CircuitDecl &circuit,
                                                    SourceUnit &unit, Arguments args,
                                                    std::string prefix, unsigned depth) {
  auto env = std::make_shared<Environment>();
  if (depth > maxDepth || llvm::is_contained(running, &circuit)) {
    diags.report(diag::err_circuit_in_itself, circuit.name.range) << circuit.name.text;
    return env;
  }
  running.push_back(&circuit);
  Context context{env, &unit, std::move(prefix), "", depth};

  std::vector<std::string> parameters;
  for (const ast::StmtPtr &stmt : circuit.body.stmts)
    if (auto *decl = llvm::dyn_cast_or_null<ast::ParameterDecl>(stmt.get())) {
      declareParameters(*decl, context, circuit.name.text, args);
      for (const ast::Quantity &quantity : decl->quantities) {
        parameters.push_back(quantity.name.text);
        if (!depth)
          names.insert(quantity.name.text);
      }
    }
  for (auto &[name, value] : args)
    if (!llvm::is_contained(parameters, name))
      program.reportUnknown(diag::err_unknown_argument, name, value.range, parameters,
                            circuit.name.text);
  runBlock(circuit.body, context, Phase::Declare);
  if (!depth)
    for (const std::string &name : parameters)
      if (const Value *value = env->find(name, diags);
          value && value->kind == Value::Kind::Number) {
        network.parameters.push_back({name, value->number, nullptr, value->range});
        network.parameterUnits.push_back(value->dimension.str());
      }
  runBlock(circuit.body, context, Phase::Connect);
  running.pop_back();
  return env;
}

//===----------------------------------------------------------------------===//
// Blocks
//===----------------------------------------------------------------------===//

/// Members of families and what a loop declares are run where they stand; only
/// a plain population can be needed before.
static bool isRunInOrder(const ast::PopulationDecl &population,
                         const Elaborator::Context &context) {
  return population.familyIndex || context.env->isLoop;
}

void Elaborator::runBlock(const ast::Block &body, Context &context, Phase phase) {
  // Everything is declared before anything is run, then run in source order
  // unless something else needed it before.
  Environment &env = *context.env;
  std::vector<size_t> firstName;
  for (const ast::StmtPtr &stmt : body.stmts) {
    firstName.push_back(env.order.size());
    if (stmt && (phase == Phase::Declare || (env.isLoop && llvm::isa<ast::LetDecl>(*stmt))))
      declare(*stmt, context);
  }
  firstName.push_back(env.order.size());
  for (size_t i = 0; i != body.stmts.size(); ++i) {
    const ast::StmtPtr &stmt = body.stmts[i];
    if (!stmt)
      continue;
    for (size_t name = firstName[i]; name != firstName[i + 1]; ++name)
      env.find(env.order[name], diags);
    auto *population = dyn_cast<ast::PopulationDecl>(stmt.get());
    if (population && isRunInOrder(*population, context) && phase == Phase::Declare)
      declarePopulation(*population, context);
    if (auto *loop = dyn_cast<ast::ForStmt>(stmt.get()))
      runLoop(loop->loop, context, [&](Context &inner) { runBlock(loop->body, inner, phase); });
    else if (phase == Phase::Connect)
      connect(*stmt, context);
  }
}

void Elaborator::declare(const ast::Stmt &stmt, Context &context) {
  if (auto *let = dyn_cast<ast::LetDecl>(&stmt))
    declareLet(*let, context);
  else if (auto *population = dyn_cast<ast::PopulationDecl>(&stmt);
           population && !isRunInOrder(*population, context))
    declarePopulation(*population, context);
  else if (auto *part = dyn_cast<ast::PartDecl>(&stmt))
    declareLazily(context, part->name,
                  [this, part](Context &inner) { return runPart(*part, inner); });
  else if (auto *decl = dyn_cast<ast::PortDecl>(&stmt))
    for (const ast::PortDecl::Port &port : decl->ports)
      declareLazily(context, port.name, [this, &port](Context &inner) {
        Value value;
        value.range = port.range;
        auto refs = port.target ? resolve(*port.target, inner) : std::nullopt;
        if (refs) {
          value.kind = Value::Kind::Populations;
          value.refs = std::move(*refs);
        }
        return value;
      });
}

void Elaborator::connect(const ast::Stmt &stmt, Context &context) {
  using Kind = ast::Stmt::Kind;
  switch (stmt.getKind()) {
  case Kind::Parameter:
    if (context.env->isLoop || !context.prior.empty())
      diags.report(diag::err_statement_not_here, stmt.range)
          << ast::describe(stmt.getKind()) << "a loop or a prior";
    return;
  case Kind::Let:
  case Kind::Population:
  case Kind::Part:
  case Kind::Port:
  case Kind::Function:
    return;
  case Kind::Project:
    return runProject(cast<ast::ProjectStmt>(stmt), context);
  case Kind::Stimulate:
    return runStimulate(cast<ast::StimulateStmt>(stmt), context);
  case Kind::Apply:
    return runApply(cast<ast::ApplyStmt>(stmt), context);
  case Kind::Draw:
  case Kind::Constrain:
    deferred.emplace_back(&stmt, std::make_shared<Context>(context));
    return;
  default:
    diags.report(diag::err_statement_not_here, stmt.range)
        << ast::describe(stmt.getKind()) << "a circuit";
  }
}

void Elaborator::runLoop(const ast::ForClause &loop, Context &context,
                         llvm::function_ref<void(Context &)> body) {
  if (!loop)
    return body(context);
  CircuitScope scope(*this, context);
  auto items = evaluateItems(program, *loop.values, scope);
  if (!items)
    return;
  for (Value &item : *items) {
    Context inner = context;
    inner.env = std::make_shared<Environment>();
    inner.env->outer = context.env;
    inner.env->isLoop = true;
    inner.env->values[loop.variable.text] = item;
    body(inner);
  }
}

//===----------------------------------------------------------------------===//
// Values
//===----------------------------------------------------------------------===//

/// Declarations in a loop belong to the circuit, but a `let` to its iteration.
void Elaborator::declareLazily(Context &context, const ast::Name &name,
                               std::function<Value(Context &)> run) {
  if (!name)
    return;
  Environment &env = *context.env;
  auto [place, isNew] = env.places.try_emplace(name.text, name.range);
  if (!isNew) {
    (diags.report(diag::err_declared_twice, name.range) << name.text)
        .note(diag::note_declared_here, place->second);
    return;
  }
  // The environment keeps the closure, so it must not keep the environment.
  Environment *self = &env;
  Context own = context;
  std::weak_ptr<Environment> weak = context.env;
  own.env.reset();
  env.order.push_back(name.text);
  env.pending[name.text] = [=]() mutable {
    Context inner = own;
    inner.env = weak.lock();
    Value value = run(inner);
    self->values[name.text] = std::move(value);
  };
}

void Elaborator::declareParameters(const ast::ParameterDecl &decl, Context &context,
                                   const std::string &circuit, const Arguments &args) {
  for (const ast::Quantity &quantity : decl.quantities) {
    const Value *given = nullptr;
    for (auto &[name, value] : args)
      if (name == quantity.name.text)
        given = &value;
    std::optional<Value> argument;
    if (given)
      argument = *given;
    declareLazily(context, quantity.name, [=, &quantity](Context &inner) {
      CircuitScope scope(*this, inner);
      const ast::Expr *override = program.findOverride(circuit, quantity.name.text, &quantity);
      if (override || !argument)
        return evaluateQuantity(program, quantity, scope, override);
      return checkArgument(quantity, *argument, scope);
    });
  }
}

Value Elaborator::checkArgument(const ast::Quantity &quantity, Value argument,
                                CircuitScope &scope) {
  if (!quantity.value || argument.isError())
    return argument;
  Value own = evaluateQuantity(program, quantity, scope, nullptr);
  if (own.isError())
    return argument;
  if (own.kind != argument.kind) {
    diags.report(diag::err_override_kind, argument.range)
        << quantity.name.text << describe(own.kind) << describe(argument.kind);
    return Value();
  }
  if (own.kind == Value::Kind::Number && own.dimension != argument.dimension) {
    if (!argument.fitsAny) {
      diags.report(diag::err_wrong_dimension, argument.range)
          << ("`" + quantity.name.text + "`") << inUnit(own.dimension.str())
          << inUnit(argument.dimension.str());
      return Value();
    }
    argument.dimension = own.dimension;
  }
  return argument;
}

void Elaborator::declareLet(const ast::LetDecl &decl, Context &context) {
  for (const ast::Quantity &quantity : decl.quantities)
    declareLazily(context, quantity.name, [this, &quantity](Context &inner) {
      if (auto *frames = llvm::dyn_cast_or_null<ast::FramesExpr>(quantity.value.get()))
        return runFrames(quantity, *frames, inner);
      CircuitScope scope(*this, inner);
      return evaluateQuantity(program, quantity, scope, nullptr);
    });
}

Value Elaborator::runFrames(const ast::Quantity &quantity, const ast::FramesExpr &frames,
                            Context &context) {
  CircuitScope scope(*this, context);
  Value result;
  result.range = frames.range;
  FrameSequence sequence;
  sequence.name = uniqueName(context.prefix + quantity.name.text);
  sequence.range = quantity.range;
  sequence.format = frames.format.text;
  if (sequence.format != "idx") {
    diags.report(diag::err_frames_format, frames.format.range) << frames.format.text;
    return result;
  }
  auto path = [&](const ast::ExprPtr &expr, std::string &to) {
    if (!expr)
      return true;
    auto value = evaluateString(program, *expr, scope, "the name of a file");
    if (value)
      to = sema::resolvePath(program, *value);
    return value.has_value();
  };
  if (!path(frames.path, sequence.images) || !path(frames.labels, sequence.labels))
    return result;
  if (!frames.period) {
    diags.report(diag::err_frames_period, frames.range);
    return result;
  }
  auto period =
      evaluateNumber(program, *frames.period, scope, Dimension::time(), "the period of frames");
  if (!period)
    return result;
  if (*period <= 0) {
    diags.report(diag::err_not_positive, frames.period->range) << "the period of frames";
    return result;
  }
  sequence.period = *period;
  result.kind = Value::Kind::Frames;
  result.text = sequence.name;
  network.frames.push_back(std::move(sequence));
  return result;
}

bool Elaborator::requireLabels(const std::string &name, SourceRange use) {
  const FrameSequence *frames = network.findFrames(name);
  if (!frames || !frames->labels.empty())
    return true;
  diags.report(diag::err_frames_without_labels, use) << name;
  return false;
}

//===----------------------------------------------------------------------===//
// Parts
//===----------------------------------------------------------------------===//

Value Elaborator::runPart(const ast::PartDecl &decl, Context &context) {
  Value value;
  value.range = decl.range;
  CircuitScope scope(*this, context);
  SourceUnit *unit = nullptr;
  auto *circuit = program.require<ast::CircuitDecl>(context.unit, decl.circuit, &unit);
  if (!circuit)
    return value;
  int64_t size = 1;
  if (decl.size) {
    auto number = evaluateInteger(program, *decl.size, scope, "a number of parts");
    if (!number)
      return value;
    if (*number < 0 || *number > 1000000) {
      diags.report(diag::err_size_range, decl.size->range) << "the number of parts" << 0 << 1000000;
      return value;
    }
    size = *number;
  }
  value.kind = Value::Kind::Part;
  value.text = decl.name.text;
  value.isArray = decl.size != nullptr;
  for (int64_t i = 0; i != size; ++i) {
    Context inner = context;
    inner.env = std::make_shared<Environment>();
    inner.env->outer = context.env;
    inner.env->isLoop = true;
    inner.env->values["index"] = Value::makeNumber(double(i), {});
    CircuitScope settings(*this, inner);
    Arguments args;
    for (const ast::StmtPtr &stmt : decl.settings.stmts) {
      auto *assign = llvm::dyn_cast_or_null<ast::AssignStmt>(stmt.get());
      auto *name = assign ? llvm::dyn_cast_or_null<ast::NameExpr>(assign->target.get()) : nullptr;
      if (!name || assign->op != ast::AssignOp::Set || !assign->value) {
        if (stmt)
          diags.report(diag::err_part_setting, stmt->range);
        continue;
      }
      args.emplace_back(name->name, evaluateValue(program, *assign->value, settings));
      args.back().second.range = name->range;
    }
    std::string name = context.prefix + decl.name.text;
    if (value.isArray)
      name += "[" + std::to_string(i) + "]";
    value.parts.push_back(
        runCircuit(*circuit, *unit, std::move(args), name + ".", context.depth + 1));
  }
  return value;
}
