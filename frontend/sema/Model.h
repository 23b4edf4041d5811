//===- Model.h - Neurons, synapses and rules after checking -----*- C++ -*-===//
//
// What IRGen writes down: names resolved, functions inlined, numbers in base
// units, every rule of the language kept.
//
//===----------------------------------------------------------------------===//

#ifndef SYNFIRE_FRONTEND_SEMA_MODEL_H
#define SYNFIRE_FRONTEND_SEMA_MODEL_H

#include "frontend/ast/AST.h"
#include "frontend/sema/Dimension.h"
#include "frontend/sema/Node.h"

#include "llvm/ADT/StringRef.h"

namespace synfire::sema {

struct SourceUnit;

enum class VariableKind { Parameter, State, Input, Let };

/// "a parameter", "an input", ...: for messages.
const char *describe(VariableKind kind);

/// A declared quantity. A state `x'` has the name `x'`.
struct Variable {
  VariableKind kind = VariableKind::Parameter;
  std::string name;
  Dimension dimension;
  /// Default, start value or expression; null without one.
  NodePtr value;
  bool isSteady = false;
  std::string doc;
  SourceRange range;

  /// The default as a number, if it is one.
  std::optional<double> constant() const;
};

/// A statement of a handler.
struct Action {
  enum class Kind { Set, Add, Refractory, Release };
  Kind kind = Kind::Set;
  Side side = Side::Self;
  std::string variable;
  /// New value, amount, duration or probability.
  NodePtr value;
  /// Refractory: the states it holds, explicit in every case (N5).
  std::vector<std::string> held;
  /// Release.
  std::vector<Action> body;
  SourceRange range;
};

struct Equation {
  std::string state;
  NodePtr value;
  SourceRange range;
};

struct SpikeRule {
  bool crosses = false;
  NodePtr lhs, rhs;
  std::vector<Action> reset;
  SourceRange range;
};

struct Handler {
  enum class Trigger { Pre, Post, Spike, Every };
  Trigger trigger = Trigger::Pre;
  /// `dend`, `dend[3]`, or empty for the spike of the cell.
  std::string compartment;
  /// Every: in ms; nothing for `every frame`.
  std::optional<double> period;
  std::vector<Action> body;
  SourceRange range;
};

/// `post.I += ...` outside a handler (S1).
struct Contribution {
  std::string input;
  NodePtr value;
  SourceRange range;
};

/// `bound`: low and high; `prune`: the condition; `grow`: probability and
/// condition (null without).
struct WeightRule {
  enum class Kind { Bound, Prune, Grow };
  Kind kind = Kind::Bound;
  NodePtr first, second;
  /// Of `prune` and `grow`, in ms.
  std::optional<double> period;
  SourceRange range;
};

struct SolveOverride {
  std::string state, method;
  int64_t substeps = 1;
  std::string after;
  SourceRange range;
};

struct FixedFormat {
  std::string state;
  unsigned integerBits = 0, fractionBits = 0;
  SourceRange range;
};

/// One coupled pair of compartments (N8).
struct Coupling {
  std::string first, second;
  std::string firstState, firstInput, secondState, secondInput;
  NodePtr conductance;
  SourceRange range;
};

/// A neuron, a compartment, a synapse or a plasticity rule.
struct Model {
  enum class Kind { Neuron, Compartment, Synapse, Plasticity };
  Kind kind = Kind::Neuron;
  std::string name;
  std::string doc;
  SourceRange range;
  /// Range of the name alone, for notes.
  SourceRange nameRange;
  const SourceUnit *unit = nullptr;
  ast::SynapseDecl::Effect effect = ast::SynapseDecl::Effect::Unstated;

  std::vector<Variable> variables;
  std::vector<Equation> equations;
  std::optional<SpikeRule> spike;
  std::vector<Handler> handlers;
  std::vector<Contribution> contributions;
  std::vector<WeightRule> weightRules;
  std::vector<SolveOverride> solves;
  std::vector<FixedFormat> formats;
  /// Elements of `compartment dend[10]` are entries named `dend[0]`, ...
  std::vector<Model> compartments;
  std::vector<Coupling> couplings;

  /// Plasticity: the dimension of what it is attached to.
  Dimension weightDimension;

  const Variable *find(llvm::StringRef name) const;
  const Model *findCompartment(llvm::StringRef name) const;
  /// Whether the cell emits spikes (N7): it or a compartment has a rule.
  bool spikes() const;
  /// Whether a synapse acts on events.
  bool hasHandler(Handler::Trigger trigger) const;
};

/// Where the variables of a model are declared, for proposals.
inline auto placesIn(const Model &model) {
  return [&model](llvm::StringRef name) {
    const Variable *variable = model.find(name);
    return variable ? variable->range : SourceRange();
  };
}

} // namespace synfire::sema

#endif // SYNFIRE_FRONTEND_SEMA_MODEL_H
