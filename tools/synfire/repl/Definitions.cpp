//===- Definitions.cpp - What a session consists of -----------------------===//
#include "tools/synfire/repl/Definitions.h"

#include "frontend/diagnostics/DiagnosticEngine.h"
#include "frontend/parse/Parser.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/Casting.h"

using namespace synfire;
using namespace synfire::repl;
using ast::Stmt;
using llvm::cast;
using llvm::StringRef;

/// Actions that are part of the program stand at a time that never comes: they are carried out by
/// the session, and only once.
static constexpr const char *never = "1e9 ms";

Section repl::sectionOf(Stmt::Kind kind) {
  switch (kind) {
  case Stmt::Kind::Neuron:
  case Stmt::Kind::Synapse:
  case Stmt::Kind::Plasticity:
  case Stmt::Kind::Prior:
  case Stmt::Kind::Circuit:
  case Stmt::Kind::Function:
  case Stmt::Kind::Use:
    return Section::File;
  case Stmt::Kind::Parameter:
  case Stmt::Kind::Let:
  case Stmt::Kind::Population:
  case Stmt::Kind::Project:
  case Stmt::Kind::Stimulate:
  case Stmt::Kind::Part:
  case Stmt::Kind::Port:
  case Stmt::Kind::For:
  case Stmt::Kind::Apply:
  case Stmt::Kind::Draw:
  case Stmt::Kind::Constrain:
    return Section::Circuit;
  case Stmt::Kind::At:
  case Stmt::Kind::Every:
  case Stmt::Kind::Repeat:
  case Stmt::Kind::AssignLabels:
  case Stmt::Kind::Report:
  case Stmt::Kind::Record:
    return Section::Protocol;
  default:
    return Section::Nowhere;
  }
}

//===----------------------------------------------------------------------===//
// Keys
//===----------------------------------------------------------------------===//

namespace {

std::string withoutBlanks(StringRef text) {
  std::string result;
  for (char c : text)
    if (!isspace(static_cast<unsigned char>(c)))
      result += c;
  return result;
}

std::string rangeText(const SourceManager &sources, SourceRange from, SourceRange to) {
  return withoutBlanks(sources.getText(from.to(to)));
}

/// What tells a statement apart from others of its kind. A projection between the same ends, and a
/// stimulus of the same kind onto the same target, are the same one with other values.
std::string keyOf(const SourceManager &sources, const Stmt &stmt) {
  switch (stmt.getKind()) {
  case Stmt::Kind::Neuron:
    return cast<ast::NeuronDecl>(stmt).name.text;
  case Stmt::Kind::Synapse:
    return cast<ast::SynapseDecl>(stmt).name.text;
  case Stmt::Kind::Plasticity:
    return cast<ast::PlasticityDecl>(stmt).name.text;
  case Stmt::Kind::Prior:
    return cast<ast::PriorDecl>(stmt).name.text;
  case Stmt::Kind::Circuit:
    return cast<ast::CircuitDecl>(stmt).name.text;
  case Stmt::Kind::Function:
    return cast<ast::FunctionDecl>(stmt).name.text;
  case Stmt::Kind::Population: {
    auto &population = cast<ast::PopulationDecl>(stmt);
    std::string key = population.name.text;
    if (population.familyIndex)
      key += "[" + withoutBlanks(sources.getText(population.familyIndex->range)) + "]";
    return key;
  }
  case Stmt::Kind::Part:
    return cast<ast::PartDecl>(stmt).name.text;
  case Stmt::Kind::Use:
    return sources.getText(stmt.range).str();
  case Stmt::Kind::Project: {
    auto &project = cast<ast::ProjectStmt>(stmt);
    if (project.name)
      return project.name.text;
    if (project.source && project.target)
      return rangeText(sources, project.source->range, project.target->range);
    break;
  }
  case Stmt::Kind::Stimulate: {
    auto &stimulate = cast<ast::StimulateStmt>(stmt);
    if (stimulate.name)
      return stimulate.name.text;
    if (stimulate.target)
      return "stimulate " + withoutBlanks(sources.getText(stimulate.target->range)) + ":" +
             stimulate.source.name.text;
    break;
  }
  case Stmt::Kind::At:
    if (auto &time = cast<ast::AtStmt>(stmt).time)
      return "at " + withoutBlanks(sources.getText(time->range));
    break;
  case Stmt::Kind::Assign:
    if (auto &target = cast<ast::AssignStmt>(stmt).target)
      return withoutBlanks(sources.getText(target->range));
    break;
  default:
    break;
  }
  return withoutBlanks(sources.getText(stmt.range));
}

template <class Decl>
void defineQuantities(const SourceManager &sources, Decl &decl, StringRef word, Section section,
                      std::vector<std::shared_ptr<Definition>> &result) {
  for (ast::Quantity &quantity : decl.quantities) {
    auto definition = std::make_shared<Definition>();
    definition->section = section;
    definition->kind = decl.getKind();
    definition->keys = {quantity.name.text};
    definition->text = (word + " " + sources.getText(quantity.range)).str();
    definition->doc = quantity.doc;
    auto single = std::make_unique<Decl>(decl.range);
    single->doc = decl.doc;
    single->quantities.push_back(std::move(quantity));
    definition->tree = std::move(single);
    result.push_back(std::move(definition));
  }
}

} // namespace

std::vector<std::shared_ptr<Definition>> repl::define(const SourceManager &sources,
                                                      ast::StmtPtr stmt, Section section) {
  std::vector<std::shared_ptr<Definition>> result;
  if (auto *decl = llvm::dyn_cast<ast::ParameterDecl>(stmt.get())) {
    defineQuantities(sources, *decl, "parameter", section, result);
    return result;
  }
  if (auto *decl = llvm::dyn_cast<ast::LetDecl>(stmt.get())) {
    defineQuantities(sources, *decl, "let", section, result);
    return result;
  }
  auto definition = std::make_shared<Definition>();
  definition->section = section;
  definition->kind = stmt->getKind();
  definition->keys = {keyOf(sources, *stmt)};
  definition->text = sources.getText(stmt->range).str();
  definition->doc = stmt->doc;
  definition->tree = std::move(stmt);
  result.push_back(std::move(definition));
  return result;
}

//===----------------------------------------------------------------------===//
// Definitions
//===----------------------------------------------------------------------===//

void Definitions::add(std::shared_ptr<Definition> definition) {
  for (auto &known : all)
    if (known->section == definition->section && known->keys == definition->keys) {
      known = std::move(definition);
      return;
    }
  all.push_back(std::move(definition));
}

/// Whether a text has a name as a whole word.
static bool mentions(StringRef text, StringRef name) {
  auto isWord = [](char c) { return llvm::isAlnum(c) || c == '_'; };
  for (size_t at = text.find(name); at != StringRef::npos; at = text.find(name, at + 1))
    if ((!at || !isWord(text[at - 1])) &&
        (at + name.size() == text.size() || !isWord(text[at + name.size()])))
      return true;
  return false;
}

size_t Definitions::remove(StringRef name) {
  std::string key = withoutBlanks(name);
  // What was done to it is done no more.
  llvm::erase_if(actions, [&](const Action &action) { return mentions(action.text, name); });
  size_t before = all.size();
  llvm::erase_if(all, [&](const auto &definition) {
    return llvm::any_of(definition->keys,
                        [&](const std::string &each) { return withoutBlanks(each) == key; });
  });
  return before - all.size();
}

void Definitions::dropArgument(StringRef name) {
  llvm::erase_if(arguments, [&](const auto &argument) { return argument.first == name; });
}

std::string Definitions::printArguments() const {
  std::string text;
  for (const auto &[name, value] : arguments)
    text += (text.empty() ? "(" : ", ") + name + " = " + value;
  return text.empty() ? "" : text + ")";
}

Section Definitions::find(StringRef name) const {
  for (const auto &definition : all)
    if (llvm::is_contained(definition->keys, name))
      return definition->section;
  return Section::Nowhere;
}

void Definitions::clear(Section section) {
  llvm::erase_if(all, [&](const auto &definition) { return definition->section == section; });
}

bool Definitions::hasPopulations() const {
  return llvm::any_of(all, [](const auto &definition) {
    return definition->kind == Stmt::Kind::Population || definition->kind == Stmt::Kind::Part ||
           definition->kind == Stmt::Kind::For;
  });
}

namespace {

/// The parts of an assembled file to which statements are added.
struct Places {
  std::vector<ast::StmtPtr> *file = nullptr, *circuit = nullptr, *protocol = nullptr;

  explicit Places(ast::File &tree) : file(&tree.stmts) {
    circuit = &cast<ast::CircuitDecl>(*tree.stmts[0]).body.stmts;
    auto &experiment = cast<ast::ExperimentDecl>(*tree.stmts[1]);
    protocol = &cast<ast::SimulateStmt>(*experiment.body.stmts[0]).body.stmts;
  }
  std::vector<ast::StmtPtr> &of(Section section) {
    return *(section == Section::File ? file : section == Section::Circuit ? circuit : protocol);
  }
};

} // namespace

std::unique_ptr<ast::File> Definitions::assemble(SourceManager &sources) const {
  std::string text = "circuit " + circuit + " {\n}\nexperiment {\nsimulate " + circuit +
                     printArguments() + " for " + (duration.empty() ? "1 s" : duration) + " {\n";
  for (const Action &action : actions)
    if (action.statement)
      text += std::string("at ") + never + " {\n}\n";
  FileId buffer = sources.addBuffer("session", text + "}\n}\n");
  DiagnosticEngine ignored;
  auto file = parseFile(sources, buffer, ignored);
  Places places(*file);
  size_t number = 0;
  for (const Action &action : actions)
    if (action.statement)
      cast<ast::AtStmt>(*(*places.protocol)[number++])
          .body.stmts.push_back(std::move(action.statement->tree));
  for (const auto &definition : all)
    places.of(definition->section).push_back(std::move(definition->tree));
  return file;
}

void Definitions::giveBack(ast::File &file) const {
  Places places(file);
  size_t next[3] = {2, 0, 0};
  for (const Action &action : actions)
    if (action.statement)
      action.statement->tree =
          std::move(cast<ast::AtStmt>(*(*places.protocol)[next[2]++]).body.stmts.front());
  for (const auto &definition : all)
    definition->tree =
        std::move(places.of(definition->section)[next[size_t(definition->section)]++]);
}

/// A statement with its doc comment.
static std::string printOne(const Definition &definition) {
  std::string result;
  StringRef doc = definition.doc;
  while (!doc.empty()) {
    auto [line, rest] = doc.split('\n');
    result += ("## " + line + "\n").str();
    doc = rest;
  }
  return result + definition.text + "\n";
}

std::string Definitions::print(double durationMs) const {
  std::string text;
  auto section = [&](Section wanted) {
    for (const auto &definition : all)
      if (definition->section == wanted)
        text += printOne(*definition) + (definition->kind == Stmt::Kind::Neuron ||
                                                 definition->kind == Stmt::Kind::Synapse ||
                                                 definition->kind == Stmt::Kind::Plasticity
                                             ? "\n"
                                             : "");
  };
  section(Section::File);
  text += "\ncircuit " + circuit + " {\n";
  section(Section::Circuit);
  char number[40];
  snprintf(number, sizeof number, "%.10g ms", durationMs);
  text += "}\n\nexperiment {\nsimulate " + circuit + printArguments() + " for " + number + " {\n";
  section(Section::Protocol);
  for (const Action &action : actions) {
    snprintf(number, sizeof number, "%.10g ms", action.timeMs);
    // What was done before the first step is done when the run begins.
    text += action.timeMs > 0 ? std::string("at ") + number + " { " + action.text + " }\n"
                              : action.text + "\n";
  }
  return text + "}\n}\n";
}
