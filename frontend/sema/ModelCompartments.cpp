//===- ModelCompartments.cpp - Compartments and their coupling (N8) -------===//

#include "frontend/sema/ConstantScope.h"
#include "frontend/sema/ModelBuilder.h"
#include "frontend/sema/Program.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/Support/Casting.h"

using namespace synfire;
using namespace synfire::sema;
using llvm::dyn_cast;
using llvm::StringRef;

void ModelBuilder::buildCompartment(const ast::CompartmentDecl &decl) {
  if (!decl.name)
    return;
  if (compartmentSizes.count(decl.name.text) || findMember(decl.name.text)) {
    diags.report(diag::err_declared_twice, decl.name.range) << decl.name.text;
    return;
  }
  int64_t size = 0;
  if (decl.size) {
    FileScope constants(program, unit);
    auto number = evaluateInteger(program, *decl.size, constants, "a number of compartments");
    if (!number)
      return;
    if (*number < 1 || *number > 100000) {
      diags.report(diag::err_size_range, decl.size->range)
          << "the number of compartments" << 1 << 100000;
      return;
    }
    size = *number;
  }
  compartmentSizes[decl.name.text] = size;
  ModelBuilder inner(program, unit, Model::Kind::Compartment, decl.name.text, {}, this);
  Model compartment = inner.build(decl.body);
  compartment.doc = decl.doc;
  compartment.nameRange = decl.name.range;
  if (!size)
    return model.compartments.push_back(std::move(compartment));
  for (int64_t i = 0; i != size; ++i) {
    model.compartments.push_back(compartment);
    model.compartments.back().name = decl.name.text + "[" + std::to_string(i) + "]";
  }
}

namespace {
/// The neuron's names and a loop variable.
class LoopScope : public ConstantScope {
public:
  LoopScope(Program &program, Scope &outer, std::string name, Value value)
      : ConstantScope(program), outer(outer), name(std::move(name)), value(std::move(value)) {}
  const Value *findValue(StringRef wanted) override {
    if (!name.empty() && wanted == name)
      return &value;
    return program.findFileValue(outer.getUnit(), wanted);
  }
  std::optional<Typed> lookupName(StringRef wanted, SourceRange range) override {
    if (!name.empty() && wanted == name)
      return toTyped(value, range, nullptr, program.getDiags());
    return outer.lookupName(wanted, range);
  }
  void addNames(std::vector<std::string> &names) const override {
    names.push_back(name);
    outer.addNames(names);
  }
  SourceUnit *getUnit() const override { return outer.getUnit(); }

private:
  Scope &outer;
  std::string name;
  Value value;
};
} // namespace

void ModelBuilder::buildCouple(const ast::CoupleStmt &stmt) {
  if (!stmt.first || !stmt.second || !stmt.conductance)
    return;
  if (!stmt.loop) {
    LoopScope scope(program, *this, "", {});
    return addCouplings(stmt, scope);
  }
  LoopScope constants(program, *this, "", {});
  auto items = evaluateItems(program, *stmt.loop.values, constants);
  if (!items)
    return;
  for (const Value &item : *items) {
    LoopScope scope(program, *this, stmt.loop.variable.text, item);
    addCouplings(stmt, scope);
  }
}

std::optional<ModelBuilder::CoupledSide> ModelBuilder::resolveSide(const ast::Expr &expr,
                                                                   Scope &scope) {
  auto *field = dyn_cast<ast::FieldExpr>(&expr);
  const ast::Expr *base = field ? field->base.get() : nullptr;
  auto *index = llvm::dyn_cast_or_null<ast::IndexExpr>(base);
  auto *name = llvm::dyn_cast_or_null<ast::NameExpr>(index ? index->base.get() : base);
  if (!name) {
    diags.report(diag::err_couple_side, expr.range);
    return std::nullopt;
  }
  auto known = compartmentSizes.find(name->name);
  if (known == compartmentSizes.end()) {
    std::vector<std::string> names;
    for (auto &compartment : compartmentSizes)
      names.push_back(compartment.first);
    program.reportUnknown(diag::err_unknown_compartment, name->name, name->range, names,
                          model.name);
    return std::nullopt;
  }
  CoupledSide side;
  side.state = field->field.text;
  int64_t size = known->second;
  bool isStar = index && index->indices.size() == 1 && llvm::isa<ast::StarExpr>(*index->indices[0]);
  if (index && !isStar) {
    auto number = evaluateInteger(program, *index->indices[0], static_cast<ConstantScope &>(scope),
                                  "an index");
    if (!number)
      return std::nullopt;
    if (*number < 0 || *number >= size) {
      diags.report(diag::err_index_out_of_range, index->range) << *number << name->name << size;
      return std::nullopt;
    }
    side.compartments = {name->name + "[" + std::to_string(*number) + "]"};
  } else if (size) {
    for (int64_t i = 0; i != size; ++i)
      side.compartments.push_back(name->name + "[" + std::to_string(i) + "]");
  } else {
    side.compartments = {name->name};
  }
  const Model *inner = model.findCompartment(side.compartments[0]);
  const Variable *state = inner ? inner->find(side.state) : nullptr;
  if (!state || state->kind != VariableKind::State) {
    std::vector<std::string> names;
    if (inner)
      for (const Variable &variable : inner->variables)
        if (variable.kind == VariableKind::State)
          names.push_back(variable.name);
    program.reportUnknown(diag::err_unknown_state, side.state, field->field.range, names,
                          name->name);
    return std::nullopt;
  }
  if (state->dimension != Dimension::potential()) {
    diags.report(diag::err_wrong_dimension, expr.range)
        << "a coupled state" << inUnit("mV") << inUnit(state->dimension.str());
    return std::nullopt;
  }
  unsigned numInputs = 0;
  for (const Variable &variable : inner->variables)
    if (variable.kind == VariableKind::Input && variable.dimension == Dimension::current()) {
      side.input = variable.name;
      ++numInputs;
    }
  if (numInputs != 1) {
    diags.report(diag::err_couple_input, expr.range) << name->name << int64_t(numInputs);
    return std::nullopt;
  }
  return side;
}

void ModelBuilder::addCouplings(const ast::CoupleStmt &stmt, Scope &scope) {
  auto first = resolveSide(*stmt.first, scope);
  auto second = resolveSide(*stmt.second, scope);
  Permissions permissions;
  permissions.index = true;
  permissions.place = "the conductance of a coupling";
  ExprBuilder builder(program, scope, solver, permissions);
  Typed conductance =
      builder.buildNumber(*stmt.conductance, Dimension::conductance(), "a coupling");
  if (!first || !second || conductance.isError())
    return;
  for (const std::string &a : first->compartments)
    for (const std::string &b : second->compartments) {
      if (a == b) {
        diags.report(diag::err_couple_itself, stmt.range) << a;
        continue;
      }
      model.couplings.push_back({a, b, first->state, first->input, second->state, second->input,
                                 conductance.node, stmt.range});
    }
}
