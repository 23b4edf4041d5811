//===- Model.cpp - Neurons, synapses and rules after checking -------------===//

#include "frontend/sema/Model.h"

#include "llvm/ADT/STLExtras.h"

using namespace synfire;
using namespace synfire::sema;

const char *sema::describe(VariableKind kind) {
  switch (kind) {
  case VariableKind::Parameter:
    return "a parameter";
  case VariableKind::State:
    return "a state";
  case VariableKind::Input:
    return "an input";
  case VariableKind::Let:
    return "a `let`";
  }
  return "a quantity";
}

std::optional<double> Variable::constant() const { return value ? evaluate(*value) : std::nullopt; }

const Variable *Model::find(llvm::StringRef name) const {
  auto it = llvm::find_if(variables, [&](const Variable &v) { return name == v.name; });
  return it == variables.end() ? nullptr : &*it;
}

const Model *Model::findCompartment(llvm::StringRef name) const {
  auto it = llvm::find_if(compartments, [&](const Model &m) { return name == m.name; });
  return it == compartments.end() ? nullptr : &*it;
}

bool Model::spikes() const {
  return spike || llvm::any_of(compartments, [](const Model &m) { return m.spikes(); });
}

bool Model::hasHandler(Handler::Trigger trigger) const {
  return llvm::any_of(handlers, [&](const Handler &h) { return h.trigger == trigger; });
}
