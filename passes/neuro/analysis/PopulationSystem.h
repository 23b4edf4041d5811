//===- PopulationSystem.h - the equations that one element advances (X1) ---===//
//
// The system of a population: the states of its neuron and the lumped states of the synapses onto
// it, with lets and contributions substituted. The solver choice reads it, and the lowering to sim
// makes its update kernel from it.
//
//===----------------------------------------------------------------------===//
#ifndef SYNFIRE_PASSES_NEURO_ANALYSIS_POPULATIONSYSTEM_H
#define SYNFIRE_PASSES_NEURO_ANALYSIS_POPULATIONSYSTEM_H

#include "passes/neuro/analysis/Linearity.h"
#include "passes/neuro/analysis/Lumping.h"
#include "passes/neuro/analysis/Wiring.h"

#include "mlir/IR/Builders.h"

#include <memory>

namespace synfire::neuro {

/// One set of lumped states of a target, shared by its members.
struct Receptor {
  std::string name; ///< of its first member; its state `g` is called `name.g`
  SynapseOp synapse;
  /// Projections and stimuli, in order of declaration. All have the same values of the parameters
  /// that equations and contributions read; those are read from the first.
  llvm::SmallVector<const Lumping *> members;
  llvm::SmallVector<StateOp> states;
};

/// One state of the system.
struct SystemState {
  std::string name; ///< `v`, or `E->E.g`
  StateOp declaration;
  int receptor = -1; ///< -1: the neuron's own
};

/// A term of an input that is held over the step: a stimulus current, or the sum over connections
/// of a contribution that is not substituted (gap junctions, rate synapses).
struct Drive {
  std::string name;          ///< `gap.I`: owner and input
  mlir::Operation *owner;    ///< the projection or stimulus
  ContributeOp contribution; ///< null for a stimulus current
  std::string input;
  /// The term is c0 + c1 * slopeOf with c0, c1 held and slopeOf, a state of the neuron, present
  /// (S3). Empty: the term is c0 alone.
  std::string slopeOf;
  /// What belongs to the target, a factor of its parameters, multiplies the sum, so that the terms
  /// are alike for all targets.
  bool factored = false;
};

/// A leaf of a derivative.
struct Read {
  enum class Kind {
    State,             ///< `name` of the neuron
    Parameter,         ///< `name` of the neuron
    ReceptorState,     ///< `name` of the synapse of receptor `index`
    ReceptorParameter, ///< `name` of the synapse of receptor `index`
    Drive,             ///< c0 of drive `index`
    DriveSlope,        ///< c1 of drive `index`
    Noise,             ///< the stream `name`
    Time,
    Timestep,
    Index, ///< the element's number, as f64
  } kind;
  std::string name;
  int index = -1;
};

/// Gives the value of a leaf at the place where a derivative is emitted.
using ReadFn = llvm::function_ref<mlir::Value(const Read &)>;

/// The system of one population.
class PopulationSystem {
public:
  /// `known`: of the projections and stimuli that were looked at before.
  PopulationSystem(PopulationOp population, const Wiring &wiring, LumpingCache *known = nullptr);

  mutable PopulationOp population; // mutable: the accessors of ops are not const
  mutable NeuronOp neuron;

  /// The neuron's states, then each receptor's, in order of declaration.
  llvm::SmallVector<SystemState> states;
  llvm::SmallVector<Receptor> receptors;
  llvm::SmallVector<Drive> drives;

  /// The placement of every projection and stimulus onto this population that has a synapse.
  llvm::ArrayRef<std::unique_ptr<Lumping>> incoming() const { return lumpings; }
  /// The receptor that a projection or stimulus adds to, or -1.
  int receptorOf(mlir::Operation *projectionOrStimulus) const;

  /// Emits the derivative of state number `state`, per ms; null where the state has no equation.
  /// An input is the sum of its terms in the order of their declaration in the circuit, a receptor
  /// at its first member, added from left to right; an input without terms is 0.
  mlir::Value emitDerivative(mlir::OpBuilder &builder, mlir::Location loc, unsigned state,
                             ReadFn read) const;

  /// Emits any expression over the neuron's variables: a let, a condition, a recorded value. Lets
  /// are substituted, inputs are summed as in `emitDerivative`.
  llvm::SmallVector<mlir::Value> emitNeuronExpression(mlir::OpBuilder &builder, mlir::Block &body,
                                                      ReadFn read) const;

  /// Emits the value of a variable of the neuron: a state, parameter, let or input.
  mlir::Value emitNeuronVariable(mlir::OpBuilder &builder, mlir::Location loc, llvm::StringRef name,
                                 ReadFn read) const;

  /// Emits what one connection adds to a drive, (c0, c1); c1 is null where the drive has no slope.
  /// `connection` gives the reads of the connection (`get @x`, `get pre @x`, `time`, ...); reads of
  /// `post` are `neuron`'s.
  std::pair<mlir::Value, mlir::Value>
  emitGather(mlir::OpBuilder &builder, const Drive &drive,
             llvm::function_ref<mlir::Value(mlir::Operation *)> connection, ReadFn neuron) const;

private:
  struct Term {
    int receptor = -1; ///< or
    int drive = -1;    ///< one of both
    ContributeOp contribution;
  };

  void addConnections(mlir::Operation *op, LumpingCache *known);
  void addStimulus(StimulusOp stimulus);
  int addToReceptor(const Lumping &lumping, bool &isNew);
  std::string splitVariable(ContributeOp contribution) const;
  bool hasTargetFactor(ContributeOp contribution) const;
  mlir::Value emitFactor(mlir::OpBuilder &builder, ContributeOp contribution, bool ofTarget,
                         llvm::function_ref<mlir::Value(mlir::Operation *)> read) const;
  mlir::Value emitInput(mlir::OpBuilder &builder, mlir::Location loc, llvm::StringRef input,
                        ReadFn read) const;
  mlir::Value emitTerm(mlir::OpBuilder &builder, mlir::Location loc, const Term &term,
                       ReadFn read) const;
  mlir::Value emitReceptorRead(mlir::OpBuilder &builder, mlir::Operation *op, int receptor,
                               ReadFn read) const;
  mlir::Value emitNeuronRead(mlir::OpBuilder &builder, mlir::Operation *op, ReadFn read) const;

  llvm::SmallVector<std::unique_ptr<Lumping>> lumpings;
  llvm::StringMap<llvm::SmallVector<Term>> terms; ///< of each input, in canonical order
};

/// How the derivative of each state depends on every state (by number), and its noise.
struct SystemForms {
  struct Derivative {
    Form form; ///< variables 0..n-1 are the states, then one for all noise
    bool readsTime = false;
  };
  llvm::SmallVector<Derivative> derivatives;
  unsigned noise; ///< the number of the variable that stands for noise
};
SystemForms analyzeSystem(const PopulationSystem &system);

} // namespace synfire::neuro

#endif // SYNFIRE_PASSES_NEURO_ANALYSIS_POPULATIONSYSTEM_H
