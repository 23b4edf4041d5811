//===- Enter.cpp - What a statement does to a session ---------------------===//
#include "frontend/format/Format.h"
#include "frontend/parse/Parser.h"
#include "frontend/parse/Placement.h"
#include "targets/cpu/OutputFile.h"
#include "tools/synfire/repl/Session.h"

#include "llvm/Support/Casting.h"
#include "llvm/Support/MemoryBuffer.h"
#include "llvm/Support/raw_ostream.h"

using namespace synfire;
using namespace synfire::repl;
using ast::Stmt;
using llvm::StringRef;

//===----------------------------------------------------------------------===//
// Statements
//===----------------------------------------------------------------------===//

/// Whether a statement changes the circuit that runs, rather than what is defined.
static bool isAction(const Stmt &stmt) {
  if (stmt.getKind() == Stmt::Kind::Freeze)
    return true;
  auto *assign = llvm::dyn_cast<ast::AssignStmt>(&stmt);
  return assign && assign->target && !llvm::isa<ast::NameExpr>(*assign->target);
}

/// `E.v[3]`, as results are read, becomes `E[3].v`, as models say it. Returns the statement's text.
static std::string normalize(const SourceManager &sources, Stmt &stmt) {
  std::string text = sources.getText(stmt.range).str();
  auto *assign = llvm::dyn_cast<ast::AssignStmt>(&stmt);
  auto *index = assign ? llvm::dyn_cast_or_null<ast::IndexExpr>(assign->target.get()) : nullptr;
  auto *field = index ? llvm::dyn_cast_or_null<ast::FieldExpr>(index->base.get()) : nullptr;
  if (!field)
    return text;
  StringRef owner = sources.getText(field->base->range), name = field->field.text;
  StringRef written = sources.getText(index->range);
  StringRef elements = written.drop_front(std::min(written.find('['), written.size()));
  text = (owner + elements + "." + name).str() + text.substr(index->range.end - stmt.range.begin);
  ast::ExprPtr target = std::move(assign->target), inner = std::move(index->base);
  index->base = std::move(field->base);
  field->base = std::move(target);
  assign->target = std::move(inner);
  return text;
}

bool Session::enterStatements(std::vector<ast::StmtPtr> stmts, StringRef text) {
  // Actions take effect one after the other, definitions all together.
  for (ast::StmtPtr &stmt : stmts) {
    if (!stmt || !isAction(*stmt))
      continue;
    std::string own = normalize(sources, *stmt);
    auto *assignment = llvm::dyn_cast<ast::AssignStmt>(stmt.get());
    bool isDone = assignment && assign(*assignment, own);
    if (!isDone && !act(std::move(stmt), own))
      return false;
    stmt.reset();
  }
  Definitions next = definitions;
  std::string what;
  bool any = false;
  for (ast::StmtPtr &stmt : stmts)
    if (stmt) {
      any = true;
      if (!addStatement(next, std::move(stmt), what))
        return false;
    }
  return !any || change(std::move(next), what.empty() ? text.str() : what);
}

bool Session::addQuantities(Definitions &next, ast::StmtPtr stmt, std::string &what) {
  auto made = define(sources, std::move(stmt), Section::File);
  bool isKnown = false;
  for (auto &each : made) {
    Section section = next.find(each->keys[0]);
    isKnown |= section != Section::Nowhere;
    each->section = section == Section::Circuit ? Section::Circuit : Section::File;
    // Who sets a parameter does not want an older value that a `simulate C(...)` gave it.
    if (each->section == Section::Circuit)
      next.dropArgument(each->keys[0]);
    what += (what.empty() ? "" : ", ") + each->keys[0];
  }
  Definitions tried = next;
  for (auto &each : made)
    tried.add(each);
  // What needs the circuit, such as `size(E)`, belongs there; everything else to the file, where
  // neurons see it too.
  DiagnosticEngine silent;
  if (!isKnown && !checkOnly(tried, silent)) {
    tried = next;
    for (auto &each : made) {
      each->section = Section::Circuit;
      tried.add(each);
    }
  }
  next = std::move(tried);
  return true;
}

bool Session::addStatement(Definitions &next, ast::StmtPtr stmt, std::string &what) {
  Section section = sectionOf(stmt->getKind());
  if (auto *assign = llvm::dyn_cast<ast::AssignStmt>(stmt.get())) {
    auto *name = llvm::dyn_cast_or_null<ast::NameExpr>(assign->target.get());
    if (!name || (name->name != "step" && name->name != "seed")) {
      std::string shown = name ? name->name : "x";
      return fail("`" + shown + "` is declared with `parameter " + shown + " = ...` or `let " +
                  shown +
                  " = ...`; parameters and states of a circuit that runs are assigned as "
                  "`E." +
                  shown + " = ...`");
    }
    section = Section::Protocol;
  }
  if (stmt->getKind() == Stmt::Kind::Parameter || stmt->getKind() == Stmt::Kind::Let)
    return addQuantities(next, std::move(stmt), what);
  if (auto *experiment = llvm::dyn_cast<ast::ExperimentDecl>(stmt.get()))
    return adoptExperiment(next, *experiment);
  if (auto *run = llvm::dyn_cast<ast::SimulateStmt>(stmt.get()))
    return adoptRun(next, *run);
  if (section == Section::Nowhere) {
    DiagnosticEngine diags = messages.makeEngine();
    parse::checkPlacement(*stmt, parse::Place::File, diags);
    return diags.hasErrors() ? false : fail("this has no place at the top");
  }
  auto *circuit = llvm::dyn_cast<ast::CircuitDecl>(stmt.get());
  std::string name = circuit ? circuit->name.text : "";
  for (auto &each : define(sources, std::move(stmt), section)) {
    what += (what.empty() ? "" : ", ") + each->keys[0];
    next.add(each);
  }
  // The session's own circuit, declared anew as a whole.
  return name.empty() || name != next.circuit || takeCircuit(next, name);
}

//===----------------------------------------------------------------------===//
// Circuits and experiments that were written for a file
//===----------------------------------------------------------------------===//

/// The statements of a declared circuit become those of the session.
bool Session::takeCircuit(Definitions &next, StringRef name) {
  for (const auto &definition : next.getAll()) {
    if (definition->kind != Stmt::Kind::Circuit || definition->keys[0] != name)
      continue;
    // Its tree may be shared with moments of the past: the body is read once more.
    SourceRange range = definition->tree->range;
    FileId again = sources.addBuffer(sources.getName(range.file), sources.getText(range).str(),
                                     sources.getLineColumn(range).line);
    DiagnosticEngine ignored;
    auto file = parseFile(sources, again, ignored);
    auto &circuit = llvm::cast<ast::CircuitDecl>(*file->stmts.front());
    next.remove(name);
    next.clear(Section::Circuit);
    next.actions.clear();
    next.circuit = circuit.name.text;
    next.arguments.clear();
    for (ast::StmtPtr &stmt : circuit.body.stmts)
      if (stmt)
        for (auto &each : define(sources, std::move(stmt), Section::Circuit))
          next.append(each);
    return true;
  }
  return fail("there is no circuit `" + name + "` among what was typed or loaded");
}

bool Session::adopt(StringRef circuit) {
  Definitions next = definitions;
  return takeCircuit(next, circuit) && change(std::move(next), ("circuit " + circuit).str());
}

bool Session::adoptRun(Definitions &next, ast::SimulateStmt &run) {
  bool isDeclared = llvm::any_of(next.getAll(), [&](const auto &definition) {
    return definition->kind == Stmt::Kind::Circuit && definition->keys[0] == run.circuit.text;
  });
  if ((isDeclared || run.circuit.text != next.circuit) && !takeCircuit(next, run.circuit.text))
    return false;
  next.clear(Section::Protocol);
  next.arguments.clear();
  for (const ast::Argument &argument : run.args)
    if (argument.value)
      next.arguments.push_back({argument.name.text, sources.getText(argument.value->range).str()});
  next.duration = run.duration ? sources.getText(run.duration->range).str() : "";
  // Labels that an earlier run assigned are not there.
  bool hasLabels = llvm::any_of(run.body.stmts, [](const ast::StmtPtr &stmt) {
    return stmt && stmt->getKind() == Stmt::Kind::AssignLabels;
  });
  for (ast::StmtPtr &stmt : run.body.stmts) {
    if (!stmt)
      continue;
    if (stmt->getKind() == Stmt::Kind::Report && !hasLabels) {
      say("`" + sources.getText(stmt->range) + "` is left out: this run assigns no labels");
      continue;
    }
    for (auto &each : define(sources, std::move(stmt), Section::Protocol))
      next.append(each);
  }
  return true;
}

bool Session::adoptExperiment(Definitions &next, ast::ExperimentDecl &experiment) {
  ast::SimulateStmt *last = nullptr;
  size_t runs = 0;
  for (ast::StmtPtr &stmt : experiment.body.stmts) {
    if (!stmt)
      continue;
    if (auto *run = llvm::dyn_cast<ast::SimulateStmt>(stmt.get())) {
      last = run;
      ++runs;
    } else if (stmt->getKind() == Stmt::Kind::Parameter || stmt->getKind() == Stmt::Kind::Let) {
      for (auto &each : define(sources, std::move(stmt), Section::File))
        next.add(each);
    }
  }
  if (!last)
    return fail("the experiment simulates nothing");
  if (runs > 1)
    say("of the " + std::to_string(runs) +
        " runs of the experiment the last one is taken, with "
        "its protocol from time 0");
  return adoptRun(next, *last);
}

std::optional<Definitions> Session::readModel(Definitions next, StringRef path,
                                              const std::string &text) {
  FileId file = sources.addBuffer(path, text);
  DiagnosticEngine diags = messages.makeEngine();
  auto tree = parseFile(sources, file, diags);
  if (diags.hasErrors())
    return std::nullopt;
  std::string circuit;
  size_t circuits = 0;
  ast::ExperimentDecl *experiment = nullptr;
  for (ast::StmtPtr &stmt : tree->stmts) {
    if (!stmt)
      continue;
    if (auto *found = llvm::dyn_cast<ast::ExperimentDecl>(stmt.get())) {
      experiment = found;
      continue;
    }
    if (auto *found = llvm::dyn_cast<ast::CircuitDecl>(stmt.get())) {
      circuit = found->name.text;
      ++circuits;
    }
    bool isQuantity =
        stmt->getKind() == Stmt::Kind::Parameter || stmt->getKind() == Stmt::Kind::Let;
    Section section = isQuantity ? Section::File : sectionOf(stmt->getKind());
    for (auto &each : define(sources, std::move(stmt), section))
      next.add(each);
  }
  if (experiment ? !adoptExperiment(next, *experiment)
                 : circuits == 1 && !takeCircuit(next, circuit))
    return std::nullopt;
  if (!experiment && circuits > 1)
    say("the file has several circuits and no experiment: `:circuit NAME` takes one of them");
  return next;
}

bool Session::load(StringRef path) {
  auto buffer = llvm::MemoryBuffer::getFile(path, /*IsText=*/true);
  if (!buffer)
    return fail("cannot read `" + path + "`: " + buffer.getError().message());
  auto next = readModel(definitions, path, (*buffer)->getBuffer().str());
  return next && change(std::move(*next), ("load " + path).str());
}

bool Session::exportModel(StringRef path) {
  double duration = nowMs();
  std::string text = definitions.print(duration > 0 ? duration : 1000);
  FileId file = sources.addBuffer(path, text);
  DiagnosticEngine diags = messages.makeEngine();
  auto formatted = formatFile(sources, file, diags);
  if (!formatted)
    return false;
  if (path.empty()) {
    llvm::outs() << *formatted;
    return true;
  }
  if (!silenced.empty())
    say("silenced populations are no part of a model file");
  return cpu::writeOutputFile(path, [&](llvm::raw_ostream &os) {
           os << *formatted;
           return true;
         }) == 0;
}

//===----------------------------------------------------------------------===//
// Changes of what runs
//===----------------------------------------------------------------------===//

/// Whether third factors are integrated between events: what is proven of them, and of what scales
/// them, may not hold for other numbers, so that the compiler has to look again.
static bool isIntegrated(const runtime::Instance &instance) {
  llvm::ArrayRef<syn_array> arrays(instance.model.arrays, instance.model.n_arrays);
  return llvm::any_of(arrays, [](const syn_array &array) {
    return array.name && StringRef(array.name).ends_with("#integral");
  });
}

/// Writes numbers straight into the circuit. False, silently, where that is not possible: then the
/// compiler does it, as in a protocol, or says what is wrong.
bool Session::assign(const ast::AssignStmt &stmt, const std::string &text) {
  if (!definitions.hasPopulations() || !start() || !stmt.value || stmt.op == ast::AssignOp::Draw)
    return false;
  auto place = locate(*stmt.target);
  if (!place || isIntegrated(*getInstance()))
    return false;
  DiagnosticEngine silent;
  auto value = evaluateWith(ast::clone(*stmt.value), silent);
  if (!value || value->kind != sema::Value::Kind::Number)
    return false;
  bool scales = stmt.op == ast::AssignOp::Mul || stmt.op == ast::AssignOp::Div;
  std::string unit = value->dimension.str();
  const syn_array &array = getInstance()->model.arrays[place->array];
  if (!value->fitsAny && unit != (scales ? "1" : array.unit))
    return false;
  remember(text);
  runtime::Instance &instance = *getInstance();
  for (uint32_t element : place->elements) {
    double old = instance.value(place->array, element), result = value->number;
    switch (stmt.op) {
    case ast::AssignOp::Add:
      result = old + result;
      break;
    case ast::AssignOp::Sub:
      result = old - result;
      break;
    case ast::AssignOp::Mul:
      result = old * result;
      break;
    case ast::AssignOp::Div:
      result = old / result;
      break;
    default:
      break;
    }
    runtime::storeNumber(instance.arrayData(place->array), array.type, element, result);
  }
  definitions.actions.push_back({nowMs(), text, nullptr});
  runtime::Status status = instance.refresh();
  return status.ok() || fail(status.message());
}

/// Compiles a change as an action of a protocol, and carries it out at once.
bool Session::act(ast::StmtPtr stmt, StringRef text) {
  if (!start())
    return false;
  Definitions next = definitions;
  auto statement = std::make_shared<Definition>();
  statement->text = text.str();
  statement->tree = std::move(stmt);
  next.actions.push_back({nowMs(), text.str(), statement});
  size_t number = 0;
  for (const Action &action : definitions.actions)
    number += action.statement != nullptr;
  if (!change(std::move(next), text.str()))
    return false;
  return performAction(number) || (undo(), false);
}
