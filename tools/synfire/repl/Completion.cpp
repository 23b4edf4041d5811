//===- Completion.cpp - What a word may become ----------------------------===//
#include "tools/synfire/repl/Completion.h"

#include "runtime/report/Format.h"
#include "tools/synfire/repl/Canvas.h"
#include "tools/synfire/repl/Commands.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/Casting.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/Path.h"

#include <cstring>

using namespace synfire;
using namespace synfire::repl;
using llvm::StringRef;

std::string Completion::commonStart() const {
  std::string common = candidates.front();
  for (const std::string &each : candidates)
    while (!StringRef(each).starts_with(common))
      common.pop_back();
  return common;
}

std::string Completion::inColumns() const {
  size_t width = 0;
  for (const std::string &each : candidates)
    width = std::max(width, each.size() + 2);
  size_t perLine = std::max<size_t>(1, terminalColumns() / width);
  std::string text;
  for (size_t i = 0; i < candidates.size(); ++i)
    text += (i + 1) % perLine == 0 || i + 1 == candidates.size()
                ? candidates[i] + "\n"
                : runtime::padRight(candidates[i], width);
  return text;
}

namespace {

const char *const keywords[] = {"neuron",
                                "synapse",
                                "plasticity",
                                "prior",
                                "circuit",
                                "experiment",
                                "use",
                                "parameter",
                                "state",
                                "input",
                                "output",
                                "let",
                                "function",
                                "spike",
                                "refractory",
                                "release",
                                "bound",
                                "prune",
                                "grow",
                                "solve",
                                "compartment",
                                "couple",
                                "population",
                                "project",
                                "stimulate",
                                "part",
                                "apply",
                                "draw",
                                "constrain",
                                "simulate",
                                "record",
                                "repeat",
                                "assign",
                                "report",
                                "freeze",
                                "thaw",
                                "every",
                                "connect",
                                "through",
                                "with",
                                "during",
                                "where",
                                "when",
                                "crosses",
                                "clipped",
                                "excitatory",
                                "inhibitory",
                                "poisson",
                                "current",
                                "noise_current",
                                "spikes",
                                "weight",
                                "delay",
                                "uniform",
                                "normal",
                                "lognormal",
                                "exponential",
                                "gamma",
                                "one_to_one",
                                "all_to_all",
                                "all_but_one",
                                "probability",
                                "fixed_indegree",
                                "fixed_outdegree",
                                "fixed_number",
                                "small_world",
                                "modular",
                                "steady",
                                "rate",
                                "cv",
                                "count",
                                "mean",
                                "sd",
                                "size",
                                "exp",
                                "log",
                                "sqrt",
                                "abs",
                                "min",
                                "max",
                                "step",
                                "seed"};

const char *const units[] = {"ms", "s",  "us", "mV", "V",   "pA", "nA", "uA",   "nS",   "uS",  "mS",
                             "pF", "nF", "uF", "Hz", "kHz", "um", "mm", "Mohm", "Gohm", "kohm"};

const char *const libraries[] = {"std.neurons", "std.synapses", "std.plasticity", "std.priors"};

bool isWordCharacter(char c) { return llvm::isAlnum(c) || c == '_'; }

/// Names that a statement of a file declares, for those of the library.
void addDeclared(const ast::Stmt &stmt, std::vector<std::string> &names) {
  if (auto *neuron = llvm::dyn_cast<ast::NeuronDecl>(&stmt))
    names.push_back(neuron->name.text);
  else if (auto *synapse = llvm::dyn_cast<ast::SynapseDecl>(&stmt))
    names.push_back(synapse->name.text);
  else if (auto *rule = llvm::dyn_cast<ast::PlasticityDecl>(&stmt))
    names.push_back(rule->name.text);
  else if (auto *prior = llvm::dyn_cast<ast::PriorDecl>(&stmt))
    names.push_back(prior->name.text);
}

/// `tau`, `v` of what is called `owner`: a population, whose neuron has them, or a projection.
std::vector<std::string> fieldsOf(Session &session, StringRef owner) {
  std::vector<std::string> names;
  std::string prefix = (owner + ".").str();
  if (runtime::Instance *instance = session.getInstance())
    for (uint32_t a = 0; a < instance->model.n_arrays; ++a)
      if (StringRef name = instance->model.arrays[a].name;
          name.consume_front(prefix) && !instance->model.arrays[a].hidden)
        names.push_back(name.str());
  if (!names.empty())
    return names;
  // It does not run yet: what its neuron declares.
  const auto &all = session.getDefinitions().getAll();
  std::string neuron;
  for (const auto &definition : all)
    if (auto *population = llvm::dyn_cast<ast::PopulationDecl>(definition->tree.get());
        population && population->name.text == owner)
      neuron = population->model.text;
  auto addFields = [&](const ast::NeuronDecl &decl) {
    for (const ast::StmtPtr &stmt : decl.body.stmts) {
      if (auto *parameters = llvm::dyn_cast_or_null<ast::ParameterDecl>(stmt.get()))
        for (const ast::Quantity &quantity : parameters->quantities)
          names.push_back(quantity.name.text);
      if (auto *states = llvm::dyn_cast_or_null<ast::StateDecl>(stmt.get()))
        for (const ast::Quantity &quantity : states->quantities)
          names.push_back(quantity.name.text);
    }
  };
  auto look = [&](const ast::Stmt *stmt) {
    auto *decl = llvm::dyn_cast_or_null<ast::NeuronDecl>(stmt);
    if (decl && decl->name.text == neuron)
      addFields(*decl);
  };
  for (const auto &definition : all)
    look(definition->tree.get());
  for (const auto &[number, file] : session.getFrontend().getUsedFiles())
    for (const ast::StmtPtr &stmt : file->stmts)
      look(stmt.get());
  return names;
}

void addFiles(StringRef typed, std::vector<std::string> &names) {
  std::error_code error;
  StringRef folder = llvm::sys::path::parent_path(typed);
  std::string prefix = folder.empty() ? "" : folder.str() + (folder.ends_with("/") ? "" : "/");
  for (llvm::sys::fs::directory_iterator entry(folder.empty() ? "." : folder, error), end;
       !error && entry != end; entry.increment(error)) {
    StringRef name = llvm::sys::path::filename(entry->path());
    if (!name.starts_with("."))
      names.push_back(prefix + name.str() +
                      (llvm::sys::fs::is_directory(entry->path()) ? "/" : ""));
  }
}

void addNames(Session &session, std::vector<std::string> &names) {
  for (const auto &definition : session.getDefinitions().getAll())
    for (const std::string &key : definition->keys)
      if (llvm::all_of(key, isWordCharacter))
        names.push_back(key);
  for (const auto &[number, file] : session.getFrontend().getUsedFiles())
    for (const ast::StmtPtr &stmt : file->stmts)
      if (stmt)
        addDeclared(*stmt, names);
}

} // namespace

Completion repl::completionsOf(Session &session, StringRef before) {
  Completion result;
  std::vector<std::string> names;
  StringRef line = before.ltrim();
  StringRef command = line.starts_with(":") ? line.drop_front().split(' ').first : StringRef();
  bool takesFile = llvm::is_contained({"load", "open", "save", "export"}, command);
  size_t begin = before.size();
  if (!command.empty() && takesFile && line.contains(' ')) {
    begin = before.rfind(' ') + 1;
    addFiles(before.drop_front(begin), names);
  } else if (line.starts_with(":") && !line.contains(' ')) {
    begin = before.size() - line.size() + 1;
    for (const Command &each : allCommands())
      names.push_back(each.name);
  } else {
    while (begin && isWordCharacter(before[begin - 1]))
      --begin;
    StringRef left = before.take_front(begin);
    StringRef word = left.rtrim();
    if (line.starts_with("use ")) {
      begin = before.rfind(' ') + 1;
      names.assign(std::begin(libraries), std::end(libraries));
    } else if (left.ends_with(".") && begin >= 2 &&
               (isWordCharacter(left[begin - 2]) || left[begin - 2] == ']')) {
      // `E.`, `E[3].`
      StringRef owner = left.drop_back();
      if (owner.ends_with("]"))
        owner = owner.take_front(owner.rfind('['));
      size_t from = owner.size();
      while (from && isWordCharacter(owner[from - 1]))
        --from;
      names = fieldsOf(session, owner.drop_front(from));
      result.behind = "";
    } else if (!word.empty() && word.size() < left.size() && llvm::isDigit(word.back())) {
      names.assign(std::begin(units), std::end(units)); // behind a number
    } else if (command == "help") {
      names = helpTopics();
    } else {
      names.assign(std::begin(keywords), std::end(keywords));
      addNames(session, names);
    }
  }
  result.typed = before.drop_front(begin).str();
  llvm::erase_if(
      names, [&](const std::string &name) { return !StringRef(name).starts_with(result.typed); });
  llvm::sort(names);
  names.erase(llvm::unique(names), names.end());
  if (names.size() == 1 && StringRef(names[0]).ends_with("/"))
    result.behind = "";
  result.candidates = std::move(names);
  return result;
}
