//===- ProgramBuilder.h - the program under construction ---===//
#ifndef SYNFIRE_PASSES_NEURO_TO_SIM_PROGRAMBUILDER_H
#define SYNFIRE_PASSES_NEURO_TO_SIM_PROGRAMBUILDER_H

#include "passes/neuro-to-sim/AmountBound.h"
#include "passes/neuro-to-sim/KernelBuilder.h"
#include "passes/neuro-to-sim/PostReads.h"
#include "passes/neuro-to-sim/RegionNumbers.h"
#include "passes/neuro/analysis/PopulationSystem.h"
#include "passes/neuro/analysis/TraceIntegral.h"
#include "passes/neuro/analysis/WeightLimits.h"

#include "llvm/ADT/MapVector.h"

namespace synfire {

/// A value that the source latches when it fires and that its spikes carry.
struct Payload {
  neuro::ProjectionOp projection;
  unsigned number; ///< within the projection
};

/// The format that a model gives a state or its weight (N9), or null.
mlir::DenseI64ArrayAttr formatOf(mlir::Operation *model, llvm::StringRef name);

/// The sums that jumps of one variable of a population go through.
struct Jump {
  std::string state; ///< a state of the system: `v`, or `E->E.g`
  sim::AccumulatorOp accumulator;
  mlir::Operation *arrival; ///< for an amount with a target factor: its statement; else null
  const neuro::Lumping *lumping = nullptr;
};

/// What is known of a population while its parts are built.
struct PopulationBuild {
  neuro::PopulationOp op;
  std::unique_ptr<neuro::PopulationSystem> system;
  sim::DomainOp domain;
  llvm::StringMap<sim::ArrayOp> arrays; ///< neuron's parameters and states by name
  llvm::SmallVector<Jump> jumps;
  llvm::SmallVector<neuro::ProjectionOp> outgoing;
  unsigned payloads = 0, remembered = 0; ///< of the projections that were built
};

/// What the data that a field is bound to are for their population.
struct UpdateRole {
  enum class Kind {
    None,
    Timestep,
    Domain,
    Noise,    ///< the key of the stream `name`
    Neuron,   ///< its parameter or state `name`
    Variable, ///< the state number `index` of the system
    Sum,      ///< the accumulator number `index`, or its `scale`, `inverse` or `limit`
    Drive,    ///< the held part `name` of drive number `index`
    Receptor, ///< the parameter `name` of receptor number `index`
    Factor,   ///< the parameter `name` of what the sum number `index` belongs to
    Incoming, ///< `name` of what acts on the update as number `index`; `#table`, `#stream`: its own
    Outgoing, ///< the parameter `name` of the outgoing projection number `index`
    AfterSpike, ///< what its state `name` was after the last spike
    Current,    ///< the amplitude of the current that is drive number `index`
    Own,        ///< an array of the update's own, called like the population and `name`
  } kind = Kind::None;
  unsigned index = 0;
  std::string name;
  sim::ArrayOp prototype; ///< of `Own`
};

/// The update of one structure, and the roles of what its kernels are bound to.
struct SharedUpdate {
  sim::DeriveOp derive; ///< of the first population, or null
  sim::UpdateOp update;
  llvm::SmallVector<UpdateRole> deriveRoles, updateRoles;
  unsigned payloads = 0;
  bool emits = false;
  std::optional<int64_t> remembers;
};

/// What a kernel of start values is bound to: a variable of the neuron, or the key of the random
/// numbers for a purpose.
struct StartRole {
  enum class Kind { Variable, Key } kind;
  std::string name;
};

/// The kernels of a population's start values.
struct SharedStart {
  sim::DeriveOp derive; ///< of the first population, or null
  sim::InitOp init;
  llvm::SmallVector<StartRole> deriveRoles, initRoles;
};

/// What the data that a kernel of connections is bound to are for their projection.
struct EventRole {
  enum class Kind {
    None,
    Timestep,
    Connections,
    Targets, ///< their domain
    Chance,  ///< the key of the random numbers for `name`
    Own,     ///< the projection's `name`: a parameter, a state, or a state after the last spike
    Source,  ///< `name` of the population that it comes from
    Target,  ///< `name` of the population that it goes to
    Sum,     ///< the sum that arrival number `index` is sent to, or its `scale` or `limit`
  } kind = Kind::None;
  unsigned index = 0;
  std::string name;
};

/// The launches over connections of one structure, and the roles of what their kernels are bound
/// to.
struct SharedEvents {
  llvm::SmallVector<mlir::Operation *> launches; ///< of the first projection
  llvm::SmallVector<llvm::SmallVector<EventRole>> roles;
};

/// The kernel of values that are drawn alike.
struct SharedValues {
  mlir::FlatSymbolRefAttr kernel;
  /// What it is bound to: the key of the random numbers for a purpose, or the same for all.
  llvm::SmallVector<std::pair<std::string, mlir::Attribute>> bind;
};

/// A projection whose events are being built.
struct EventBuild {
  neuro::ProjectionOp projection;
  sim::ConnectionsOp connections;
  PopulationBuild &source, &target;
  const neuro::Lumping &lumping;
  llvm::SmallVector<sim::AccumulatorOp> sums; ///< that its arrivals are sent to
};

/// A sequence of frames and the arrays that the present one is kept in.
struct FrameBuild {
  neuro::FramesOp op;
  sim::ArrayOp index, label; ///< label: null without labels
  llvm::SmallVector<sim::ArrayOp> values;
};

/// The answers of a population to frames.
struct AnswersBuild {
  sim::AnswersOp op;
  bool labels = false;
};

/// Builds one sim.program from one circuit.
class ProgramBuilder {
public:
  ProgramBuilder(neuro::CircuitOp circuit, neuro::ExperimentOp experiment, mlir::OpBuilder &at,
                 bool share);
  mlir::LogicalResult build();
  /// The step of the first run, in ms.
  double stepMs();

private:
  friend class UpdateBuilder;
  friend class ProjectionBuilder;

  // Data.
  sim::ArrayOp array(llvm::StringRef name, sim::ArrayKind kind, llvm::StringRef over, double value,
                     mlir::StringAttr unit = {});
  sim::ArrayOp uniform(llvm::StringRef name, sim::ArrayKind kind, double value,
                       mlir::StringAttr unit = {});
  sim::ArrayOp tableColumn(llvm::StringRef table, llvm::StringRef column);
  sim::AccumulatorOp accumulator(PopulationBuild &p, llvm::StringRef name);
  Jump &jumpTo(PopulationBuild &p, llvm::StringRef state, mlir::Operation *factored,
               const neuro::Lumping *lumping, llvm::StringRef label);

  // Kernels: `take` returns the symbol of an equal kernel if there is one.
  mlir::FlatSymbolRefAttr intern(KernelBuilder &kernel, llvm::StringRef name);

  PopulationBuild &sourceBuild(neuro::ProjectionOp projection) {
    return *populations[projection.getSource().getPopulation().getValue()];
  }
  PopulationBuild &targetBuild(mlir::Operation *projectionOrStimulus);
  /// The places of the states of a projection's or stimulus' synapse.
  const neuro::Lumping &lumpingOf(mlir::Operation *owner) { return *lumpings.lookup(owner); }

  // Populations (BuildPopulation.cpp).
  void declarePopulation(neuro::PopulationOp op);
  void initPopulation(PopulationBuild &p);
  std::string startStructure(PopulationBuild &p);
  void rememberStart(PopulationBuild &p, llvm::StringRef key, sim::DeriveOp derive,
                     sim::InitOp init);
  void reuseStart(PopulationBuild &p, const SharedStart &shared);
  bool isAssignedApart(neuro::PopulationOp population, llvm::StringRef variable);

  // The parameters of a synapse in one projection or stimulus (BuildParameters.cpp).
  sim::ArrayOp ownedParameter(mlir::Operation *owner, llvm::StringRef name);
  sim::ArrayOp delaySteps(neuro::StimulusOp stimulus);
  llvm::SmallVector<mlir::Value>
  evaluateAll(KernelBuilder &b, llvm::ArrayRef<mlir::Value> values, mlir::Operation *owner,
              llvm::StringRef variable, llvm::function_ref<mlir::Value(mlir::Operation *)> read);
  mlir::Value evaluate(KernelBuilder &b, mlir::Block &body, mlir::Operation *owner,
                       llvm::StringRef variable,
                       llvm::function_ref<mlir::Value(mlir::Operation *)> read);

  // Sums (BuildJumps.cpp).
  Jump &jumpFor(PopulationBuild &p, const neuro::Lumping &lumping, neuro::Arrival arrival);
  bool isSentTo(Jump &jump) { return sentTo.contains(jump.accumulator); }
  /// The amount of an arrival in units of the grid of its sum. `owner` sends such amounts: bounds
  /// them, so that the runtime can choose the grid, and watches them where the bound is estimated.
  mlir::Value wholeAmount(KernelBuilder &b, Jump &jump, mlir::Operation *owner,
                          neuro::Arrival arrival, const neuro::Lumping &lumping, mlir::Value amount,
                          llvm::StringRef drive = "");
  /// Sends the amount of an arrival along a connection, to the sum that it belongs to.
  void send(KernelBuilder &b, PopulationBuild &p, mlir::Operation *owner, neuro::Arrival arrival,
            const neuro::Lumping &lumping, mlir::Value amount);
  /// Says in the program how large the amounts are (AmountBound.h); returns whether that is sure.
  bool capAmount(Jump &jump, mlir::Operation *owner, neuro::Arrival arrival,
                 const neuro::Lumping &lumping, llvm::StringRef drive);
  /// What bounds them, found once for projections of equal numbers.
  AmountBound boundOnce(neuro::Arrival arrival, const neuro::Lumping &lumping);
  /// The same; the second time it only tells.
  bool capOnce(Jump &jump, mlir::Operation *owner, neuro::Arrival arrival,
               const neuro::Lumping &lumping);
  /// The same for all that are alike.
  const PostReads &postReads(const neuro::Lumping &lumping);
  /// The reads of `on pre` that a spike carries, in order.
  llvm::SmallVector<neuro::GetOp> &latchedReads(neuro::ProjectionOp projection);
  mlir::LogicalResult deliver(sim::ConnectionsOp connections, PopulationBuild &p,
                              const neuro::Lumping &lumping);
  /// The kernel of connections with states or chances of their own (BuildHandle.cpp).
  mlir::LogicalResult handle(sim::ConnectionsOp connections, PopulationBuild &p,
                             const neuro::Lumping &lumping);
  mlir::Value presentValue(KernelBuilder &b, const neuro::Lumping &lumping, neuro::GetOp get);
  /// What moves a state of connections between events, or none (BuildIntegral.cpp).
  std::optional<neuro::TraceIntegral> integralOf(const neuro::Lumping &lumping,
                                                 neuro::StateOp state);
  /// The projections whose third factors are values of a population's cells.
  llvm::ArrayRef<neuro::ProjectionOp> readersOf(neuro::PopulationOp population);
  std::string howItMoves(neuro::ProjectionOp projection, neuro::StateOp state);
  /// The running integral, which the update of the modulator's population moves.
  sim::ArrayOp integralArray(const neuro::Lumping &lumping, neuro::StateOp state,
                             const neuro::TraceIntegral &integral);
  /// Its value as it was in a step, which is not later than the present one.
  mlir::Value integralAt(KernelBuilder &b, const neuro::Lumping &lumping, neuro::StateOp state,
                         const neuro::TraceIntegral &integral, mlir::Value step);
  mlir::Value timeOfStep(KernelBuilder &b);
  sim::ArrayOp connectionState(neuro::ProjectionOp projection, const neuro::StatePlacement &place);
  /// The start value of a synapse state on a connection: the projection's, else the declared one.
  mlir::Value startOf(KernelBuilder &b, neuro::ProjectionOp projection, neuro::StateOp state);
  /// The number that a projection gives as the start value of a synapse state, or null.
  sim::ArrayOp givenStart(neuro::ProjectionOp projection, neuro::StateOp state);
  sim::ArrayOp otherValues(neuro::ProjectionOp projection, sim::ArrayOp home,
                           llvm::StringRef suffix);
  /// How many steps lie between two entries of a record.
  int64_t recordPeriod(neuro::RecordOp record);
  /// What a source remembers of its spikes: how many there were, and the step of the last.
  sim::ArrayOp spikeMemory(PopulationBuild &p, llvm::StringRef what);
  /// The array of a state at the source, which the update of its population moves.
  sim::ArrayOp sourceState(neuro::ProjectionOp projection, llvm::StringRef state);
  /// The solvers of states that advance step by step on each connection.
  llvm::StringMap<neuro::Method> connectionMethods(PopulationBuild &p,
                                                   const neuro::Lumping &lumping);
  /// A number that each connection remembers, 0 at the start: `#arrived`, or what ends with
  /// `#before`.
  sim::ArrayOp connectionMemory(neuro::ProjectionOp projection, llvm::StringRef what);
  /// The value of a state at the source after its last spike, for handlers of post spikes.
  sim::ArrayOp valueAfterSpike(neuro::ProjectionOp projection, llvm::StringRef state);
  static std::string afterSpikeName(neuro::ProjectionOp projection, llvm::StringRef state);
  /// A parameter of a connection while its values are made.
  mlir::Value drawnAgain(KernelBuilder &b, neuro::ProjectionOp projection, llvm::StringRef name);
  mlir::Value connectionRead(KernelBuilder &b, mlir::Operation *owner, llvm::StringRef name);
  PopulationBuild &originBuild(neuro::ProjectionOp projection);
  mlir::Value pairRead(KernelBuilder &b, neuro::ProjectionOp projection, mlir::Operation *op);
  mlir::Value distance(KernelBuilder &b, neuro::ProjectionOp projection);
  mlir::Value isWithin(KernelBuilder &b, neuro::ProjectionOp projection, neuro::WithinOp within);
  sim::ArrayOp memberArray(PopulationBuild &p, llvm::ArrayRef<int64_t> ranges);
  /// The array that keeps the last values of another, for what reads them with a delay (S3).
  sim::ArrayOp pastOf(PopulationBuild &p, sim::ArrayOp present);
  static bool delaysValues(neuro::ProjectionOp projection);
  bool movesInTime(PopulationBuild &p, const neuro::Read &read);
  bool isAlike(const neuro::Drive &drive);
  static llvm::StringRef rowsName(sim::ConnectionsOp connections);
  /// The numbers of a population's elements.
  sim::ArrayOp indexArray(PopulationBuild &p);

  // The kernels of projections that are alike (ShareEvents.cpp).
  mlir::LogicalResult buildEvents(EventBuild &events);
  std::string eventStructure(EventBuild &events);
  EventRole roleOf(EventBuild &events, sim::FieldOp field, mlir::Attribute bound);
  mlir::Attribute dataOf(EventBuild &events, const EventRole &role);
  void rememberEvents(EventBuild &events, llvm::StringRef key);
  void reuseEvents(EventBuild &events, const SharedEvents &shared);

  // Values of connections (ShareValues.cpp).
  using ReadOfConnection = llvm::function_ref<mlir::Value(KernelBuilder &, mlir::Operation *)>;
  /// Fills values of connections, `into` an array or a role, with what an expression says of
  /// `variable`; `read` gives what it reads.
  void fillConnections(neuro::ProjectionOp projection, mlir::Region &expression,
                       llvm::StringRef variable, llvm::StringRef into, ReadOfConnection read);

  // Projections and stimuli (BuildProjection.cpp, BuildStimulus.cpp).
  mlir::LogicalResult buildProjection(neuro::ProjectionOp projection);
  mlir::LogicalResult buildGathers(PopulationBuild &p);
  mlir::LogicalResult buildSpikeStimulus(neuro::StimulusOp stimulus);

  // Frames (BuildFrames.cpp).
  void declareFrames();
  void finishFrames();
  /// What counts the spikes of a population since the frame began, and keeps labels if `labels`.
  sim::AnswersOp answersOf(neuro::RefAttr ref, llvm::StringRef frames, bool labels);
  mlir::LogicalResult buildRepeat(neuro::RepeatOp repeat, mlir::OpBuilder &into);
  /// How many steps a frame is shown.
  int64_t framePeriod(neuro::FramesOp op);
  /// What a kernel over a population reads of the present frame; `p` may be null but for values.
  mlir::Value frameValue(KernelBuilder &b, neuro::FrameValueOp op, PopulationBuild *p);

  mlir::LogicalResult buildUpdate(PopulationBuild &p);
  void buildConstraints();
  mlir::LogicalResult buildExperiment();
  mlir::LogicalResult buildAssigns(mlir::Region &statements, mlir::Region &action);
  mlir::LogicalResult buildAssign(neuro::AssignOp assign, mlir::OpBuilder &into);

  neuro::CircuitOp circuit;
  neuro::ExperimentOp experiment;
  mlir::OpBuilder &at;
  bool share; ///< whether kernels of populations that are alike are built once
  sim::ProgramOp program;
  mlir::OpBuilder data, kernels, starts, derives, delivers, settles, gathers, updates;
  llvm::MapVector<llvm::StringRef, std::unique_ptr<PopulationBuild>> populations;
  neuro::Wiring wiring;
  neuro::Constraints constraints;
  neuro::LumpingCache places;
  llvm::DenseMap<mlir::Operation *, const neuro::Lumping *> lumpings;
  llvm::MapVector<llvm::StringRef, FrameBuild> frames;
  llvm::MapVector<std::pair<llvm::StringRef, llvm::StringRef>, AnswersBuild> answers;
  llvm::StringMap<sim::ArrayOp> arraysByName;
  llvm::DenseMap<size_t, llvm::SmallVector<sim::KernelOp>> kernelsByHash;
  llvm::StringMap<sim::KernelOp> kernelsByName;
  llvm::StringMap<SharedUpdate> sharedUpdates; ///< by structure
  llvm::StringMap<SharedStart> sharedStarts;   ///< by neuron and what is given to it
  RegionNumbers expressions;
  llvm::SmallVector<std::string> drawn;       ///< purposes of the draws that were evaluated last
  llvm::StringMap<SharedEvents> sharedEvents; ///< by structure
  llvm::StringMap<SharedValues> sharedValues; ///< by variable and number of the expression
  llvm::StringMap<unsigned> kernelNames;
  /// By state: the kernel of start values where projections give a number, and what it is bound to.
  llvm::StringMap<std::pair<mlir::FlatSymbolRefAttr, mlir::ArrayAttr>> givenStarts;
  /// By population: `readersOf`.
  std::optional<llvm::StringMap<llvm::SmallVector<neuro::ProjectionOp>>> readers;
  llvm::DenseMap<mlir::Operation *, sim::ConnectionsOp> connectionsOf;
  /// By structure, and whether values of the source are read later.
  llvm::DenseMap<std::pair<const neuro::LumpingFacts *, unsigned>, llvm::SmallVector<neuro::GetOp>>
      latched;
  llvm::DenseMap<const neuro::LumpingFacts *, std::unique_ptr<PostReads>> postReadsOf;
  /// Arrivals, by what is alike, whose amounts have a target factor or none.
  llvm::DenseMap<std::pair<const neuro::LumpingFacts *, mlir::Operation *>, bool> factored;
  /// Statements of projections whose amounts are bounded, and whether surely.
  llvm::DenseMap<std::pair<mlir::Operation *, mlir::Operation *>, bool> capped;
  /// By what is alike, statement of the synapse, and the numbers of the projection.
  llvm::DenseMap<std::tuple<const neuro::LumpingFacts *, mlir::Operation *, mlir::Attribute>,
                 std::optional<AmountBound>>
      bounds;
  llvm::DenseSet<mlir::Operation *> sentTo;
  /// Numbers of given events, for stimuli whose handlers run in the update.
  llvm::DenseMap<mlir::Operation *, sim::AccumulatorOp> givenEvents;
  sim::ArrayOp dt;
  mlir::TypeAttr number;                              ///< of arrays: f64
  llvm::DenseMap<unsigned, sim::ArrayKindAttr> kinds; ///< by number
};

/// Whether connections keep states, or draw random numbers at events, each for itself: then a spike
/// carries its number and the steps since the one before, beside what its source latched.
bool actsByItself(const neuro::Lumping &lumping);

/// The same question for a stimulus, whose elements are sources of their own.
bool hasOwnEvents(const neuro::Lumping &lumping);

/// The purpose of a release's random numbers: `release:r`, r its number in the synapse.
std::string releasePurpose(neuro::ReleaseOp release);

/// FNV-1a of "name#purpose", as in runtime/random.md.
uint32_t randomKey(llvm::StringRef name, llvm::StringRef purpose);

} // namespace synfire

#endif // SYNFIRE_PASSES_NEURO_TO_SIM_PROGRAMBUILDER_H
