//===- ProgramLoading.cpp - Files, imports, tables of names ---------------===//

#include "frontend/parse/Parser.h"
#include "frontend/sema/Program.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/Support/Casting.h"

using namespace synfire;
using namespace synfire::sema;
using llvm::cast;
using llvm::StringRef;

SourceUnit *Program::load(StringRef path) { return loadFile(path, {}); }

SourceUnit *Program::loadFile(StringRef path, SourceRange use) {
  llvm::ErrorOr<FileId> file = sources.load(path);
  if (!file) {
    diags->report(diag::err_cannot_read_file, use) << path << file.getError().message();
    return nullptr;
  }
  if (llvm::is_contained(loading, *file)) {
    diags->report(diag::err_use_cycle, use) << path;
    return nullptr;
  }
  for (SourceUnit &unit : units)
    if (unit.file == *file)
      return &unit;
  if (parsed)
    if (auto known = parsed->find(file->value); known != parsed->end() && known->second)
      return adopt(std::move(known->second));
  return adopt(parseFile(sources, *file, *diags));
}

SourceUnit *Program::adopt(std::unique_ptr<ast::File> file) {
  SourceUnit &unit = units.emplace_back();
  unit.file = file->id;
  unit.ast = std::move(file);
  loading.push_back(unit.file);
  resolveUses(unit);
  declare(unit);
  loading.pop_back();
  return &unit;
}

void Program::resolveUses(SourceUnit &unit) {
  for (const ast::StmtPtr &stmt : unit.ast->stmts) {
    auto *use = llvm::dyn_cast_or_null<ast::UseDecl>(stmt.get());
    if (!use)
      continue;
    std::string path;
    if (!use->path.empty()) {
      path = sources.resolvePath(use->targetRange.file, use->path);
    } else {
      path = libraryDir;
      for (const ast::Name &part : use->module)
        path += "/" + part.text;
      path += ".syn";
    }
    if (SourceUnit *import = loadFile(path, use->targetRange))
      if (!llvm::is_contained(unit.imports, import))
        unit.imports.push_back(import);
  }
}

void Program::declareStmt(SourceUnit &unit, const ast::Name &name, const ast::Stmt &stmt) {
  if (!name)
    return;
  // A declaration of a used file gives way to the file's own (C1).
  SourceRange other;
  if (auto known = unit.declarations.find(name.text); known != unit.declarations.end())
    other = known->second.nameRange;
  else if (auto it = unit.quantities.find(name.text); it != unit.quantities.end())
    other = it->second->name.range;
  if (other.isValid()) {
    (diags->report(diag::err_declared_twice, name.range) << name.text)
        .note(diag::note_declared_here, other);
    return;
  }
  unit.declarations[name.text] = {&stmt, name.range};
}

void Program::declareQuantities(SourceUnit &unit, const ast::Stmt &stmt) {
  const auto &quantities = stmt.getKind() == ast::Stmt::Kind::Parameter
                               ? cast<ast::ParameterDecl>(stmt).quantities
                               : cast<ast::LetDecl>(stmt).quantities;
  for (const ast::Quantity &quantity : quantities) {
    if (!quantity.name)
      continue;
    auto [it, isNew] = unit.quantities.try_emplace(quantity.name.text, &quantity);
    if (!isNew)
      (diags->report(diag::err_declared_twice, quantity.name.range) << quantity.name.text)
          .note(diag::note_declared_here, it->second->name.range);
  }
}

void Program::declare(SourceUnit &unit) {
  using Kind = ast::Stmt::Kind;
  // Two used files may not offer the same name.
  for (size_t i = 0; i != unit.imports.size(); ++i)
    for (size_t j = i + 1; j != unit.imports.size(); ++j)
      for (auto &[name, declaration] : unit.imports[j]->declarations)
        if (auto it = unit.imports[i]->declarations.find(name);
            it != unit.imports[i]->declarations.end())
          (diags->report(diag::err_declared_twice, declaration.nameRange) << name)
              .note(diag::note_declared_here, it->second.nameRange);
  for (const ast::StmtPtr &stmt : unit.ast->stmts) {
    if (!stmt)
      continue;
    switch (stmt->getKind()) {
    case Kind::Neuron:
      declareStmt(unit, cast<ast::NeuronDecl>(*stmt).name, *stmt);
      break;
    case Kind::Synapse:
      declareStmt(unit, cast<ast::SynapseDecl>(*stmt).name, *stmt);
      break;
    case Kind::Plasticity:
      declareStmt(unit, cast<ast::PlasticityDecl>(*stmt).name, *stmt);
      break;
    case Kind::Prior:
      declareStmt(unit, cast<ast::PriorDecl>(*stmt).name, *stmt);
      break;
    case Kind::Circuit:
      declareStmt(unit, cast<ast::CircuitDecl>(*stmt).name, *stmt);
      break;
    case Kind::Function:
      declareStmt(unit, cast<ast::FunctionDecl>(*stmt).name, *stmt);
      break;
    case Kind::Parameter:
    case Kind::Let:
      declareQuantities(unit, *stmt);
      break;
    case Kind::Experiment:
      unit.experiments.push_back(&cast<ast::ExperimentDecl>(*stmt));
      break;
    case Kind::Use:
      break;
    default:
      diags->report(diag::err_statement_not_here, stmt->range)
          << ast::describe(stmt->getKind()) << "a file";
    }
  }
}
