//===- ModelLibrary.cpp - Each declaration is checked once ----------------===//

#include "frontend/sema/ModelLibrary.h"

#include "frontend/sema/FunctionScope.h"
#include "frontend/sema/Program.h"

#include "llvm/Support/Casting.h"

using namespace synfire;
using namespace synfire::sema;
using llvm::cast;
using llvm::dyn_cast;
using llvm::StringRef;

std::shared_ptr<const Model> ModelLibrary::check(const ast::Stmt &decl, SourceUnit &unit,
                                                 const Ends &ends) {
  Key key{&decl, ends.pre, ends.post, ends.weight ? ends.weight->str() : "-", ends.intrinsic};
  auto [it, isNew] = models.try_emplace(key);
  if (!isNew)
    return it->second;
  auto build = [&](Model::Kind kind, const ast::Name &name, const ast::Block &body) {
    ModelBuilder builder(program, unit, kind, name.text, ends);
    auto model = std::make_shared<Model>(builder.build(body));
    model->doc = decl.doc;
    model->range = decl.range;
    model->nameRange = name.range;
    return model;
  };
  std::shared_ptr<Model> model;
  if (auto *neuron = dyn_cast<ast::NeuronDecl>(&decl)) {
    model = build(Model::Kind::Neuron, neuron->name, neuron->body);
  } else if (auto *synapse = dyn_cast<ast::SynapseDecl>(&decl)) {
    model = build(Model::Kind::Synapse, synapse->name, synapse->body);
    model->effect = synapse->effect;
  } else {
    auto &rule = cast<ast::PlasticityDecl>(decl);
    model = build(Model::Kind::Plasticity, rule.name, rule.body);
  }
  // `build` may have added others, so look the place up again.
  return models[key] = model;
}

std::shared_ptr<const Model> ModelLibrary::getNeuron(SourceUnit &unit, const ast::Name &name) {
  SourceUnit *owner = nullptr;
  auto *decl = program.require<ast::NeuronDecl>(&unit, name, &owner);
  return decl ? check(*decl, *owner, {}) : nullptr;
}

std::shared_ptr<const Model> ModelLibrary::getSynapse(SourceUnit &unit, const ast::Name &name,
                                                      const Ends &ends, SourceRange use,
                                                      StringRef source, StringRef target) {
  SourceUnit *owner = nullptr;
  auto *decl = program.require<ast::SynapseDecl>(&unit, name, &owner);
  if (!decl)
    return nullptr;
  // The declaration by itself first: what is wrong in any use is said once.
  DiagnosticEngine &diags = program.getDiags();
  unsigned before = diags.getNumErrors();
  check(*decl, *owner, {});
  if (diags.getNumErrors() != before)
    return nullptr;
  DiagnosticEngine local;
  DiagnosticEngine *outer = program.redirect(&local);
  std::shared_ptr<const Model> model = check(*decl, *owner, ends);
  program.redirect(outer);
  for (Diagnostic message : local.getDiagnostics()) {
    Diagnostic note;
    note.id = diag::note_in_projection;
    note.severity = Severity::Note;
    note.range = use;
    note.text = "in this use, from `" + source.str() + "` to `" + target.str() + "`";
    message.notes.push_back(std::move(note));
    outer->emit(std::move(message));
  }
  return local.hasErrors() ? nullptr : model;
}

std::shared_ptr<const Model> ModelLibrary::getRule(SourceUnit &unit, const ast::Name &name,
                                                   const Ends &ends, SourceRange use,
                                                   StringRef ownerName) {
  SourceUnit *owner = nullptr;
  auto *decl = program.require<ast::PlasticityDecl>(&unit, name, &owner);
  if (!decl)
    return nullptr;
  DiagnosticEngine &diags = program.getDiags();
  unsigned before = diags.getNumErrors();
  check(*decl, *owner, {});
  if (diags.getNumErrors() != before)
    return nullptr;
  DiagnosticEngine local;
  DiagnosticEngine *outer = program.redirect(&local);
  std::shared_ptr<const Model> model = check(*decl, *owner, ends);
  program.redirect(outer);
  for (Diagnostic message : local.getDiagnostics()) {
    Diagnostic note;
    note.id = diag::note_in_population;
    note.severity = Severity::Note;
    note.range = use;
    note.text = "in this use, by `" + ownerName.str() + "`";
    message.notes.push_back(std::move(note));
    outer->emit(std::move(message));
  }
  return local.hasErrors() ? nullptr : model;
}

void ModelLibrary::checkFunction(const ast::FunctionDecl &function, SourceUnit &unit) {
  if (!function.body)
    return;
  FunctionScope scope(program, unit, nullptr);
  DimensionSolver solver;
  Permissions permissions;
  permissions.time = permissions.noise = permissions.index = true;
  permissions.place = "a function";
  ExprBuilder builder(program, scope, solver, permissions);
  for (const ast::Param &param : function.params) {
    DimExpr dim = solver.fresh();
    if (param.dimension)
      if (auto given = builder.annotation(*param.dimension))
        dim = *given;
    scope.bind(param.name.text,
               Typed::number(makeGet(Side::Self, param.name.text, param.range), dim, param.range));
  }
  Typed body = builder.buildNumber(*function.body);
  if (function.result && !body.isError())
    if (auto dim = builder.annotation(*function.result))
      builder.require(body, *dim, "the result of `" + function.name.text + "`");
}

void ModelLibrary::checkUnit(SourceUnit &unit) {
  for (auto &[name, declaration] : unit.declarations) {
    const ast::Stmt &stmt = *declaration.stmt;
    switch (stmt.getKind()) {
    case ast::Stmt::Kind::Neuron:
    case ast::Stmt::Kind::Synapse:
    case ast::Stmt::Kind::Plasticity:
      check(stmt, unit, {});
      break;
    case ast::Stmt::Kind::Function:
      checkFunction(cast<ast::FunctionDecl>(stmt), unit);
      break;
    default:
      break;
    }
  }
  for (auto &[name, quantity] : unit.quantities)
    program.findFileValue(&unit, name);
}
