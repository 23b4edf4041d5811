//===- ModelMembers.cpp - Parameters, states, inputs, lets ----------------===//

#include "frontend/sema/ModelBuilder.h"

#include "frontend/sema/Program.h"

#include "llvm/Support/Casting.h"

using namespace synfire;
using namespace synfire::sema;
using llvm::cast;
using llvm::dyn_cast;
using llvm::isa;
using llvm::StringRef;

ModelBuilder::ModelBuilder(Program &program, SourceUnit &unit, Model::Kind kind, std::string name,
                           Ends ends, ModelBuilder *around)
    : program(program), diags(program.getDiags()), unit(unit), ends(std::move(ends)),
      around(around), solver(around ? around->solver : ownSolver) {
  model.kind = kind;
  model.name = std::move(name);
  model.unit = &unit;
  if (kind == Model::Kind::Plasticity)
    weight = this->ends.weight ? DimExpr(*this->ends.weight) : solver.fresh();
}

//===----------------------------------------------------------------------===//
// Declaring
//===----------------------------------------------------------------------===//

void ModelBuilder::collect(const ast::Block &body) {
  for (const ast::StmtPtr &stmt : body.stmts) {
    if (!stmt)
      continue;
    auto declareAll = [&](VariableKind kind, const auto &decl) {
      for (const ast::Quantity &quantity : decl.quantities)
        declare(kind, quantity);
    };
    if (!isAllowed(stmt->getKind()))
      continue;
    if (auto *decl = dyn_cast<ast::ParameterDecl>(stmt.get()))
      declareAll(VariableKind::Parameter, *decl);
    else if (auto *decl = dyn_cast<ast::StateDecl>(stmt.get()))
      declareAll(VariableKind::State, *decl);
    else if (auto *decl = dyn_cast<ast::InputDecl>(stmt.get()))
      declareAll(VariableKind::Input, *decl);
    else if (auto *decl = dyn_cast<ast::LetDecl>(stmt.get()))
      declareAll(VariableKind::Let, *decl);
    else if (auto *decl = dyn_cast<ast::FunctionDecl>(stmt.get()))
      functions[decl->name.text] = decl;
  }
}

void ModelBuilder::declare(VariableKind kind, const ast::Quantity &quantity) {
  if (!quantity.name)
    return;
  auto member = std::make_unique<Member>();
  Variable &variable = member->variable;
  variable.kind = kind;
  variable.name = quantity.name.text + std::string(quantity.order, '\'');
  variable.doc = quantity.doc;
  variable.range = quantity.name.range;
  member->decl = &quantity;
  if (variable.name == "weight" && weight) {
    diags.report(diag::err_weight_is_declared, quantity.name.range);
    return;
  }
  auto [it, isNew] = byName.try_emplace(variable.name, member.get());
  if (!isNew) {
    (diags.report(diag::err_declared_twice, quantity.name.range) << variable.name)
        .note(diag::note_declared_here, it->second->variable.range);
    return;
  }
  members.push_back(std::move(member));
}

//===----------------------------------------------------------------------===//
// Values
//===----------------------------------------------------------------------===//

Permissions ModelBuilder::dynamic(std::string place) const {
  Permissions permissions;
  permissions.time = true;
  permissions.index = model.kind == Model::Kind::Neuron || model.kind == Model::Kind::Compartment;
  permissions.place = std::move(place);
  return permissions;
}

/// A `0` without a unit, signed or not.
static bool isBareZero(const ast::Expr &expr) {
  if (auto *unary = dyn_cast<ast::UnaryExpr>(&expr))
    return unary->operand && isBareZero(*unary->operand);
  auto *number = dyn_cast<ast::NumberExpr>(&expr);
  return number && number->value == 0 && !number->unit;
}

void ModelBuilder::ensure(Member &member) {
  if (member.progress == Progress::Done)
    return;
  if (member.progress == Progress::Running) {
    diags.report(diag::err_value_cycle, member.variable.range) << member.variable.name;
    member.dim = solver.fresh();
    member.progress = Progress::Done;
    return;
  }
  member.progress = Progress::Running;
  const ast::Quantity &decl = *member.decl;
  std::optional<DimExpr> dim;
  if (decl.dimension) {
    dim = makeBuilder(Permissions()).annotation(*decl.dimension);
    if (!dim)
      dim = solver.fresh();
  } else if (!decl.value) {
    if (member.variable.kind == VariableKind::Input)
      diags.report(diag::err_input_without_unit, decl.name.range) << decl.name.text;
    dim = solver.fresh();
  } else if (isa<ast::SteadyExpr>(*decl.value) || isBareZero(*decl.value)) {
    // A bare 0 or steady without a unit is a pure number (L4).
    dim = DimExpr();
  } else {
    dim = solver.fresh();
  }
  member.dim = *dim;
  buildValue(member);
  member.progress = Progress::Done;
}

void ModelBuilder::buildValue(Member &member) {
  const ast::Quantity &decl = *member.decl;
  Variable &variable = member.variable;
  const ast::Expr *value = decl.value.get();
  if (variable.kind == VariableKind::Parameter || variable.kind == VariableKind::State) {
    std::string owner = around ? around->model.name : model.name;
    if (const ast::Expr *given = program.findOverride(owner, variable.name))
      value = given;
  }
  if (!value) {
    if (variable.kind == VariableKind::State || variable.kind == VariableKind::Let)
      diags.report(diag::err_quantity_without_value, decl.name.range)
          << describe(variable.kind) << variable.name;
    return;
  }
  if (isa<ast::SteadyExpr>(*value)) {
    if (variable.kind != VariableKind::State)
      diags.report(diag::err_steady_not_state, value->range);
    variable.isSteady = true;
    return;
  }
  bool isLet = variable.kind == VariableKind::Let;
  Permissions permissions = isLet ? dynamic("a `let`") : Permissions();
  if (isLet) {
    permissions.noise = true;
  } else {
    permissions.draw = true;
    permissions.index = model.kind == Model::Kind::Neuron || model.kind == Model::Kind::Compartment;
    permissions.place =
        variable.kind == VariableKind::State ? "a start value" : "the default of a parameter";
  }
  ExprBuilder builder = makeBuilder(permissions);
  builder.setStreamPrefix(variable.name);
  // The declared value settles the dimension; one given from outside has to fit it.
  if (value != decl.value.get() && decl.value && !isa<ast::SteadyExpr>(*decl.value)) {
    if (auto *draw = dyn_cast<ast::DrawExpr>(decl.value.get()))
      (void)builder.buildDraw(*draw, member.dim);
    else
      (void)builder.buildNumber(*decl.value, member.dim, "`" + variable.name + "`");
  }
  Typed typed;
  if (auto *draw = dyn_cast<ast::DrawExpr>(value))
    typed = isLet ? builder.build(*value) : builder.buildDraw(*draw, member.dim);
  else
    typed = builder.buildNumber(*value, member.dim, "`" + variable.name + "`");
  // After an error a placeholder, so that nothing else misses a value.
  variable.value = typed.isError() ? makeConstant(0, value->range) : typed.node;
  if (!isLet && variable.value)
    if (auto number = evaluate(*variable.value))
      variable.value = makeConstant(*number, value->range);
}

//===----------------------------------------------------------------------===//
// Looking up
//===----------------------------------------------------------------------===//

ModelBuilder::Member *ModelBuilder::findMember(StringRef name) {
  auto it = byName.find(name.str());
  return it == byName.end() ? nullptr : it->second;
}

std::optional<Typed> ModelBuilder::lookupName(StringRef name, SourceRange range) {
  if (Member *member = findMember(name)) {
    ensure(*member);
    return Typed::number(makeGet(Side::Self, name.str(), range), member->dim, range);
  }
  if (weight && name == "weight")
    return Typed::number(makeGet(Side::Self, "weight", range), *weight, range);
  if (around)
    if (Member *member = around->findMember(name);
        member && member->variable.kind == VariableKind::Parameter)
      return around->lookupName(name, range);
  return program.lookupFileValue(&unit, name, range);
}

std::optional<Side> ModelBuilder::getSide(const ast::Expr &base) const {
  auto *name = dyn_cast<ast::NameExpr>(&base);
  if (!name)
    return std::nullopt;
  if (name->name == "pre")
    return Side::Pre;
  if (name->name == "post")
    return Side::Post;
  return std::nullopt;
}

std::optional<ModelBuilder::Remote> ModelBuilder::findRemote(Side side, const ast::Name &name) {
  const Model *end = side == Side::Pre ? ends.pre : ends.post;
  if (!end) {
    auto [it, isNew] = remotes.try_emplace({side, name.text});
    if (isNew)
      it->second = solver.fresh();
    return Remote{it->second, std::nullopt};
  }
  if (const Variable *variable = end->find(name.text)) {
    if (variable->kind == VariableKind::Parameter) {
      (diags.report(diag::err_remote_parameter, name.range) << name.text << end->name)
          .note(diag::note_declared_here, variable->range);
      return std::nullopt;
    }
    return Remote{variable->dimension, variable->kind};
  }
  std::vector<std::string> names;
  for (const Variable &variable : end->variables)
    if (variable.kind != VariableKind::Parameter)
      names.push_back(variable.name);
  program.reportUnknown(diag::err_unknown_remote, name.text, name.range, names, end->name,
                        placesIn(*end));
  return std::nullopt;
}

std::optional<Typed> ModelBuilder::lookupField(const ast::FieldExpr &expr, ExprBuilder &builder) {
  std::optional<Side> side = expr.base ? getSide(*expr.base) : std::nullopt;
  if (!side)
    return std::nullopt;
  if (model.kind == Model::Kind::Neuron || model.kind == Model::Kind::Compartment) {
    diags.report(diag::err_side_in_neuron, expr.range);
    return Typed::error(expr.range);
  }
  if (!expr.field)
    return Typed::error(expr.range);
  auto remote = findRemote(*side, expr.field);
  if (!remote)
    return Typed::error(expr.range);
  return Typed::number(makeGet(*side, expr.field.text, expr.range), remote->dim, expr.range);
}

const ast::FunctionDecl *ModelBuilder::lookupFunction(StringRef name) {
  auto it = functions.find(name.str());
  if (it != functions.end())
    return it->second;
  return around ? around->lookupFunction(name) : nullptr;
}

void ModelBuilder::addNames(std::vector<std::string> &names) const {
  for (auto &member : members)
    names.push_back(member->variable.name);
  if (weight)
    names.push_back("weight");
  if (around)
    around->addNames(names);
  else
    program.addValueNames(&unit, names);
}

SourceRange ModelBuilder::placeOf(StringRef name) const {
  for (auto &member : members)
    if (name == member->variable.name)
      return member->variable.range;
  return around ? around->placeOf(name) : SourceRange();
}

std::optional<DimExpr> ModelBuilder::findAssignable(StringRef name, SourceRange range) {
  if (Member *member = findMember(name)) {
    ensure(*member);
    if (member->variable.kind == VariableKind::State)
      return member->dim;
    (diags.report(diag::err_not_assignable, range) << name << describe(member->variable.kind))
        .note(diag::note_declared_here, member->variable.range);
    return std::nullopt;
  }
  if (weight && name == "weight")
    return *weight;
  std::vector<std::string> names;
  for (auto &member : members)
    if (member->variable.kind == VariableKind::State)
      names.push_back(member->variable.name);
  program.reportUnknown(diag::err_unknown_state, name, range, names, model.name,
                        [this](StringRef other) { return placeOf(other); });
  return std::nullopt;
}
