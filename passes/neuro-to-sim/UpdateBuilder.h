//===- UpdateBuilder.h - the update kernel of a population ---===//
#ifndef SYNFIRE_PASSES_NEURO_TO_SIM_UPDATEBUILDER_H
#define SYNFIRE_PASSES_NEURO_TO_SIM_UPDATEBUILDER_H

#include "passes/neuro-to-sim/ProgramBuilder.h"

namespace synfire {

/// Builds phases 1 to 4 of the grid for one element of a population: solvers, jumps, spike rule,
/// handlers of what lives at the source, and the derived values that the solvers need.
class UpdateBuilder {
public:
  UpdateBuilder(ProgramBuilder &program, PopulationBuild &population);
  mlir::LogicalResult build();

private:
  /// A state that is advanced: one of the population's system, or of an outgoing projection's
  /// synapse that lives at the source.
  struct Variable {
    explicit Variable(mlir::Location place) : place(place) {}
    std::string name;                 ///< `v`, `E->E.g`; the name in `solve`
    std::string label;                ///< field name, without the owner
    mlir::Location place;             ///< of the equation, or of a state that has none
    mlir::Operation *owner = nullptr; ///< the projection or stimulus whose source has it
    sim::ArrayOp array;
    neuro::Method method = neuro::Method::Exact;
    int64_t substeps = 1;
    bool hasEquation = false;
    mlir::Value start, now; ///< at t; after the phases so far
    /// Emits the derivative at given values of all variables.
    std::function<mlir::Value(KernelBuilder &, llvm::ArrayRef<mlir::Value>)> derivative;
  };
  /// Noise met while derivatives were emitted: the stream and the value that stands for it.
  struct Noise {
    std::string stream;
    mlir::Value placeholder;
  };

  void collectSystem();
  void collectSourceStates();
  /// Adds the states of connections that this population keeps at their `place`.
  void addEndStates(mlir::Operation *owner, const neuro::Lumping &lumping, neuro::Placement place,
                    llvm::StringRef tag);
  void initSourceState(mlir::Operation *owner, neuro::StateOp state, sim::ArrayOp array);
  void readSolutions();
  mlir::Value read(KernelBuilder &b, const neuro::Read &read, llvm::ArrayRef<mlir::Value> states);
  mlir::Value parameter(KernelBuilder &b, llvm::StringRef name);
  mlir::Value ownedParameter(KernelBuilder &b, mlir::Operation *owner, llvm::StringRef name);
  mlir::Value drive(KernelBuilder &b, unsigned number, bool slope);
  mlir::Value stimulusCurrent(KernelBuilder &b, neuro::StimulusOp stimulus);
  mlir::Value activeStimulus(KernelBuilder &b, neuro::StimulusOp stimulus);
  mlir::Value argument(KernelBuilder &b, neuro::StimulusOp stimulus, llvm::StringRef name);
  mlir::Value present(KernelBuilder &b, neuro::StimulusOp stimulus, mlir::Operation *read);
  mlir::Value madeAtStart(KernelBuilder &b, neuro::StimulusOp stimulus, llvm::StringRef name,
                          mlir::Block &body, mlir::Operation *read);
  mlir::Value timeNow(KernelBuilder &b);
  mlir::Value timeOf(KernelBuilder &b, mlir::Operation *owner);
  mlir::Value timestep(KernelBuilder &b);
  std::vector<mlir::Value> values() const;

  // Solvers.
  void advance();
  /// Of the states of `exact`, those that its first belongs together with.
  llvm::SmallVector<unsigned> connectedBlock(llvm::ArrayRef<unsigned> exact);
  mlir::Value emitThreshold(mlir::Value threshold, llvm::ArrayRef<mlir::Value> at);
  void advanceExact(llvm::ArrayRef<unsigned> set);
  /// The states of `set` after an exact step; with `held`, those that a refractory cell holds do
  /// not move, and the others see them at rest.
  std::vector<mlir::Value> exactStep(llvm::ArrayRef<unsigned> set, bool held, bool &matters);
  bool isHeld(unsigned i) const {
    return refractory && i < systemSize && held.contains(variables[i].name);
  }
  /// The place of the equation of a state, as its step by its method.
  mlir::Location stepOf(unsigned i) const;
  void advanceExponentialEuler(unsigned i);
  void advanceRk4(llvm::ArrayRef<unsigned> set);
  void advanceEuler(unsigned i, llvm::ArrayRef<mlir::Value> at);
  void advanceImplicit(llvm::ArrayRef<unsigned> set);
  using NoiseParts = std::vector<llvm::SmallVector<std::pair<Noise, mlir::Value>>>;
  mlir::Value timeAfter(mlir::Value h, double steps);
  mlir::Value derivativeAt(unsigned i, llvm::ArrayRef<mlir::Value> at, mlir::Value time);
  void addNoise(Variable &v, llvm::ArrayRef<std::pair<Noise, mlir::Value>> noise);
  /// Takes noise out of a derivative: the drift, and the coefficient of each noise.
  mlir::Value splitNoise(mlir::Value derivative,
                         llvm::SmallVectorImpl<std::pair<Noise, mlir::Value>> &parts);
  mlir::Value normal(llvm::StringRef stream);

  /// Moves a value of the derive kernel to the update kernel through an array.
  mlir::Value derived(llvm::StringRef label, mlir::Value value, bool wide = false);

  // Running integrals of the states here that are third factors (BuildIntegral.cpp).
  void addIntegrals();
  void addIntegral(const neuro::Lumping &lumping, neuro::StateOp state,
                   const neuro::TraceIntegral &integral);
  void forEachIntegral(
      llvm::function_ref<void(const neuro::Lumping &, neuro::StateOp, const neuro::TraceIntegral &)>
          fn);

  void keepBounds();
  void hold();
  mlir::LogicalResult applyJumps();
  mlir::LogicalResult stimulusEvents();
  sim::PoissonOp declareTable(neuro::StimulusOp stimulus);
  mlir::Value poissonCount(neuro::StimulusOp stimulus, llvm::StringRef &table);
  /// The steps of a stimulus' delay; null: it has none.
  mlir::Value delayOf(KernelBuilder &b, neuro::StimulusOp stimulus);
  /// The step whose events of a stimulus act now: the present one less the stimulus' delay.
  mlir::Value eventStep(KernelBuilder &b, neuro::StimulusOp stimulus);
  /// Whether that is a step of the network's time at all.
  mlir::Value hasBegun(KernelBuilder &b, neuro::StimulusOp stimulus);
  /// Events whose handlers change states of their source: each sees the changes of those before.
  void handleEvents(neuro::StimulusOp stimulus, const neuro::Lumping &lumping, mlir::Value count,
                    llvm::StringRef table);
  mlir::Value amountOf(KernelBuilder &b, neuro::StimulusOp stimulus, neuro::Arrival arrival);
  void testAndReset();
  void runStatement(mlir::Operation *op, mlir::Value when);
  mlir::Value valueOf(mlir::Value value);
  void runTimers();
  void runSourceHandlers();
  void runTargetHandlers();
  /// The statements of a handler that change states kept here; `latch` gets each read.
  void runEndHandler(neuro::ProjectionOp projection, const neuro::Lumping &lumping, neuro::OnOp on,
                     llvm::function_ref<void(neuro::GetOp, mlir::Value)> latch);
  mlir::Value endState(neuro::ProjectionOp projection, llvm::StringRef state);
  /// Adds a value that spikes carry, which the model reads at a place.
  void carry(mlir::Value value, mlir::Location place);
  void emitSpikes();
  std::array<mlir::Value, 2> countSpikes();
  void recordLets();
  void store();

  // Sharing (UpdateStructure.cpp, ShareKernels.cpp).
  bool servesSource(neuro::ProjectionOp projection);
  bool isSpecial();
  bool isPlain(neuro::StimulusOp stimulus);
  void declareEvents();
  std::string structure();
  UpdateRole roleOf(mlir::Attribute bound);
  mlir::Attribute dataOf(const UpdateRole &role);
  void remember(llvm::StringRef key, sim::DeriveOp derived, sim::UpdateOp updated);
  void reuse(const SharedUpdate &shared);

  ProgramBuilder &program;
  PopulationBuild &p;
  neuro::NeuronOp neuron;
  KernelBuilder update, derive;
  std::vector<Variable> variables;
  unsigned systemSize = 0;
  llvm::SmallVector<Noise> noises;
  llvm::StringMap<mlir::Value> normals;
  /// Sums of events per jump, in the order of the population's jumps.
  llvm::DenseMap<mlir::Operation *, mlir::Value> pending;
  mlir::Value refractory, active, fires;
  llvm::SmallVector<const neuro::Lumping *> acting; ///< of what is incoming, see `structure`
  std::array<mlir::Value, 2> spikeNumbers;          ///< null until something asks
  mlir::Value stageTime; ///< the time of a solver's stage, while its derivatives are emitted
  std::vector<std::pair<sim::ArrayOp, mlir::Value>> derivedOutputs;
  llvm::SmallVector<std::string> derivedLabels;
  llvm::SmallVector<sim::GetOp> derivedReads;
  llvm::StringSet<> held;
  llvm::SmallVector<mlir::Value> payload;
  std::optional<mlir::Location> firstCarried; ///< where the model reads the first of them
  sim::ArrayOp refractoryArray;
  llvm::DenseSet<mlir::Operation *> cleared; ///< gathered sums that the next step starts from zero
};

/// Whether a synapse is that of a Poisson stimulus.
bool isPoisson(const neuro::Lumping &lumping);

} // namespace synfire

#endif // SYNFIRE_PASSES_NEURO_TO_SIM_UPDATEBUILDER_H
