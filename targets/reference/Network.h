//===- Network.h - a circuit as cells and connections ---===//
#ifndef SYNFIRE_TARGETS_REFERENCE_NETWORK_H
#define SYNFIRE_TARGETS_REFERENCE_NETWORK_H

#include "runtime/connect/Selection.h"
#include "runtime/frames/FrameData.h"
#include "targets/reference/Program.h"
#include "targets/reference/Solve.h"

#include <deque>
#include <map>
#include <memory>

namespace synfire::reference {

/// One element of a population: the values of its model's variables.
struct Cell {
  std::vector<double> values;
  std::vector<double> before; ///< at t, while the cell goes to t + dt
  std::vector<char> held;     ///< by state, while refractory
  int64_t refractory = 0;     ///< remaining updates
  double difference = 0;      ///< of the two sides of the spike condition at t
  std::vector<double> position;
};

/// A population with the programs of its neuron.
struct Population {
  neuro::PopulationOp op;
  std::string name; ///< qualified
  const Model *model;
  std::vector<Cell> cells;
  std::vector<Program> equations; ///< by state; empty where there is none
  std::vector<StateSolver> solvers;
  neuro::SpikeOp spike;
  Program condition, reset;
  std::string walledState;
  std::deque<std::vector<std::vector<double>>> history; ///< values at t, t - dt, ...
  std::vector<std::pair<int, Program>> bounds;
};

/// One connection, or the path from a stimulus to one element.
struct Connection {
  uint32_t source, target, position;
  std::vector<double> values, before, traces; ///< traces: at t + dt, before its events
  int64_t axonal = 0, dendritic = 0;          ///< steps
  uint32_t seen = 0;                          ///< spikes that it has seen
};

/// A contribution of a group to an input of its target.
struct Contribution {
  Program program;
  int input;
  bool present; ///< reads lumped states: its values are those of the moment, else those at t
};

/// All connections of one projection or stimulus.
struct Group {
  mlir::Operation *op;
  std::string name;             ///< qualified
  const Model *model = nullptr; ///< null for currents
  Population *source = nullptr; ///< null for stimuli
  Population *target = nullptr;
  std::vector<Connection> connections;
  std::vector<std::vector<int>> byTarget, bySource;
  /// By source, target, delay and position: the order of records.
  std::vector<int> canonicalOrder() const;
  std::vector<Program> equations; ///< by state
  std::vector<StateSolver> solvers;
  bool delaysValues = false; ///< a delay is given, and the synapse has no events of its own (S3)
  std::vector<char> lumped, atTarget; ///< by state: part of the target's system; S2
  std::vector<Contribution> contributions;
  std::vector<Program> onPre, onPost;
  std::vector<std::pair<int64_t, Program>> timers; ///< period in steps
  std::vector<std::pair<int, Program>> bounds;     ///< variable; lower and upper
  struct ThirdFactor {
    int input;
    const Population *source;
    uint32_t element;
    int variable;
    int64_t delay; ///< steps
  };
  std::vector<ThirdFactor> thirdFactors;
  std::vector<char> preOnly, postOnly; ///< by state: a trace that only these handlers write
  // Stimuli:
  int input = -1;
  std::map<std::string, Program> arguments;

  std::vector<uint32_t> elements;
  std::multimap<int64_t, uint32_t> spikes; ///< step to element
};

/// Frames from files; number n of the run is shown from step n * period on.
struct FrameSequence {
  runtime::FrameData data;
  int64_t period = 1;   ///< steps
  uint64_t present = 0; ///< number in the file
  /// Spikes of each cell since the present frame began.
  std::map<const Population *, std::vector<double>> spikes;
  std::map<const Population *, std::vector<double>> labels; ///< of cells that were assigned some
};

/// The solver that `solve` of a population names for a state, if it names one.
std::optional<StateSolver> solverOf(neuro::PopulationOp population, llvm::StringRef name);

/// A circuit with its start values.
class Network {
public:
  Network(neuro::CircuitOp circuit, double dt, uint64_t seed)
      : circuit(circuit), dt(dt), seed(seed) {}

  /// Makes all populations and connections; emits what cannot be.
  mlir::LogicalResult build();

  neuro::CircuitOp circuit;
  double dt;
  uint64_t seed;
  std::vector<std::unique_ptr<Population>> populations;
  std::vector<std::unique_ptr<Group>> groups; ///< in order of declaration
  std::map<std::string, FrameSequence> frames;

  Population *population(llvm::StringRef name);
  /// The elements that a reference selects.
  std::vector<uint32_t> elements(neuro::RefAttr ref);
  runtime::Selection selection(neuro::RefAttr ref);
  /// What draws, columns and distances are relative to: an element of what is called `name`, or a
  /// connection of a group.
  struct Place {
    std::string name, purpose;
    uint32_t element = 0;
    const Group *group = nullptr;
    const Connection *connection = nullptr;
  };
  /// The number that such an op means.
  double special(mlir::Operation *op, llvm::ArrayRef<double> operands, const Place &place);
  /// A frame whose special ops are those of `place`, which must live as long.
  Frame frameAt(const Place &place);
  /// The program of a region, made once.
  const Program &program(mlir::Block &block, const Model *self, const Model *pre = nullptr,
                         const Model *post = nullptr);

private:
  const Model *modelOf(llvm::StringRef name);
  mlir::LogicalResult addFrames(neuro::FramesOp op);
  mlir::LogicalResult addPopulation(neuro::PopulationOp op);
  mlir::LogicalResult addGroup(mlir::Operation *op);
  mlir::LogicalResult connect(Group &group, neuro::ProjectionOp op);
  void addPlasticity(Group &group, const Model *pre, const Model *post);
  mlir::LogicalResult connectStimulus(Group &group, neuro::StimulusOp op);
  mlir::LogicalResult giveValues(Group &group);
  /// Start values of all variables of one cell or connection.
  mlir::LogicalResult fill(std::vector<double> &values, const Model &model, mlir::Operation *owner,
                           Frame frame, Place &place, const Model *pre, const Model *post);
  double distance(const Group &group, const Connection &connection);

  std::map<mlir::Block *, Program> programs;
  std::map<std::string, std::unique_ptr<Model>> models;
};

} // namespace synfire::reference

#endif // SYNFIRE_TARGETS_REFERENCE_NETWORK_H
