//===- NonNegative.cpp - states of cells that are never negative ---===//
#include "passes/neuro/analysis/NonNegative.h"

#include "passes/neuro/analysis/Expression.h"
#include "passes/neuro/analysis/Invariants.h"
#include "passes/neuro/analysis/Linearity.h"

using namespace mlir;
using namespace synfire::neuro;

namespace {

/// One state of one population.
class Proof {
public:
  Proof(PopulationOp population, StringRef state)
      : population(population), neuron(neuronOf(population)), state(state) {}

  std::string whyNot() {
    if (isAssigned())
      return "a protocol assigns values of that population";
    if (!(startOf(population, neuron, state).low >= 0))
      return "it may start below 0";
    if (std::string why = whyNotFromEquation(); !why.empty())
      return why;
    for (Operation &op : neuron.getBody().front())
      if (isa<SpikeOp, OnOp, EveryOp>(op) && takesAway(&op))
        return "a statement of its population may lower it";
    for (Operation &op : *population->getBlock())
      if (isa<ProjectionOp, StimulusOp>(op) && targetOf(&op) == population && synapseOf(&op) &&
          lowers(&op))
        return fmt::format("what `{}` adds to it may be negative", nameOf(&op).str());
    return "";
  }

private:
  bool isAssigned() {
    bool assigned = false;
    for (auto experiment : population->getParentOfType<ModuleOp>().getOps<ExperimentOp>())
      experiment.walk([&](AssignOp assign) {
        auto target = assign.getTarget();
        assigned |= target && target->getPopulation().getValue() == population.getSymName();
      });
    return assigned;
  }

  /// What is known of a read of the cell: of others there is no proof.
  Interval ofCell(Value value) {
    auto get = value.getDefiningOp<GetOp>();
    if (!get || get.getSide() != Side::Self)
      return isa_and_nonnull<TimestepOp>(value.getDefiningOp()) ? Interval::atLeast(0) : Interval();
    std::string name = variableName(get.getVariable());
    if (name == state)
      return Interval::atLeast(0);
    return find<ParameterOp>(neuron, name) ? startOf(population, neuron, name) : Interval();
  }

  /// At 0 it does not fall; and as its rate is constant, no step leads beyond what it decays to.
  std::string whyNotFromEquation() {
    EquationOp equation = findEquation(neuron, state);
    if (!equation)
      return "";
    for (auto solve : neuron.getBody().getOps<SolveOp>())
      for (auto name : solve.getStates().getAsRange<SymbolRefAttr>())
        if (variableName(name) == state)
          return "the model chooses its solver";
    auto isState = [&](Value value) {
      auto get = value.getDefiningOp<GetOp>();
      return get && get.getSide() == Side::Self && variableName(get.getVariable()) == state;
    };
    Value slope = yieldedValues(equation.getBody().front())[0];
    Form form = analyzeForm(slope, 1, [&](Value value) {
      auto get = value.getDefiningOp<GetOp>();
      bool constant = get && get.getSide() == Side::Self &&
                      find<ParameterOp>(neuron, variableName(get.getVariable()));
      return isState(value) ? Leaf::variableNumber(0)
             : constant     ? Leaf::constant()
                            : Leaf::varying();
    });
    if (!form.isAffineConstant() || form.rest == Rest::Varying)
      return "it does not decay with a constant rate towards a constant";
    Interval atZero = intervalOf(
        slope, [&](Value value) { return isState(value) ? Interval::point(0) : ofCell(value); });
    return atZero.low >= 0 ? "" : "it may decay towards a negative value";
  }

  /// Whether a statement of the cell may lead below 0.
  bool takesAway(Operation *handler) {
    bool lowers = false;
    handler->walk([&](Operation *op) {
      auto add = dyn_cast<AddOp>(op);
      auto set = dyn_cast<SetOp>(op);
      if (!add && !set)
        return;
      if (variableName(add ? add.getVariable() : set.getVariable()) != state)
        return;
      Value value = add ? add.getValue() : set.getValue();
      lowers |= !(intervalOf(value, [&](Value read) { return ofCell(read); }).low >= 0);
    });
    return lowers;
  }

  /// Whether events of a projection or stimulus may.
  bool lowers(Operation *owner) {
    SynapseOp synapse = synapseOf(owner);
    auto projection = dyn_cast<ProjectionOp>(owner);
    std::optional<Invariants> invariants;
    SmallVector<ConnectionClass> classes;
    bool lowers = false;
    synapse.walk([&](AddOp add) {
      if (add.getSide() != Side::Post || variableName(add.getVariable()) != state)
        return;
      if (projection && !invariants) {
        classes = classesOf(projection);
        invariants.emplace(synapse, classes);
      }
      lowers |= !(intervalOf(add.getValue(), [&](Value read) {
                    auto get = read.getDefiningOp<GetOp>();
                    if (!get)
                      return Interval();
                    std::string name = variableName(get.getVariable());
                    if (get.getSide() == Side::Post)
                      return name == state ? Interval::atLeast(0) : Interval();
                    if (get.getSide() != Side::Self)
                      return Interval();
                    return invariants ? invariants->of(name) : ofStimulus(owner, synapse, name);
                  }).low >= 0);
    });
    return lowers;
  }

  /// Protocols may assign a stimulus' parameters: they are known where nothing is assigned to it.
  static Interval ofStimulus(Operation *stimulus, SynapseOp synapse, StringRef name) {
    bool assigned = false;
    for (auto experiment : stimulus->getParentOfType<ModuleOp>().getOps<ExperimentOp>())
      experiment.walk([&](AssignOp assign) {
        auto to = assign.getProjection();
        assigned |= to && to->getRootReference() == nameOf(stimulus);
      });
    return assigned || !find<ParameterOp>(synapse, name) ? Interval()
                                                         : startOf(stimulus, synapse, name);
  }

  PopulationOp population;
  NeuronOp neuron;
  StringRef state;
};

} // namespace

std::string synfire::neuro::whyMaybeNegative(PopulationOp population, StringRef state) {
  return Proof(population, state).whyNot();
}
