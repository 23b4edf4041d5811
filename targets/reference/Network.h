//===- Network.h - a circuit as cells and connections ---===//
#ifndef SYNFIRE_TARGETS_REFERENCE_NETWORK_H
#define SYNFIRE_TARGETS_REFERENCE_NETWORK_H

#include "dialects/neuro/Neuro.h"
#include "runtime/connect/Selection.h"
#include "runtime/frames/FrameData.h"
#include "targets/reference/Solve.h"

#include <deque>
#include <map>
#include <optional>

namespace synfire::reference {

/// A neuron or synapse type. Its variables have numbers: states first, then parameters and inputs.
struct Model {
  explicit Model(mlir::Operation *type);
  /// The number of a variable, or -1.
  int find(mlir::StringAttr name) const;
  int find(llvm::StringRef name) const { return find(mlir::StringAttr::get(context, name)); }
  mlir::StringAttr nameOf(int variable) const;
  mlir::Region &body() const { return type->getRegion(0); }
  bool handles(neuro::Trigger trigger) const;

  mlir::Operation *type;
  mlir::MLIRContext *context;
  std::vector<mlir::Operation *> variables; ///< their declarations
  std::vector<mlir::Block *> equations;     ///< by state; null where there is none
  neuro::SpikeOp spike;                     ///< or null
  std::vector<neuro::ContributeOp> contributions;
  std::vector<neuro::OnOp> handlers;
  std::vector<neuro::BoundOp> bounds;
  std::vector<int> inputs;
  std::vector<mlir::StringAttr> streams; ///< of noise
  std::vector<char> atTarget;            ///< by state: changes when events arrive (S2)
  /// By state: the side whose handlers alone move it, if it is a trace (G4).
  std::vector<std::optional<neuro::Trigger>> traceOf;

private:
  llvm::DenseMap<mlir::StringAttr, int> numbers;
};

struct Group;

/// A cell, or a connection. The path of a stimulus to one cell is a connection without a source.
struct Instance {
  Instance(Group *group, uint32_t number) : group(group), number(number) {}

  Group *group;
  uint32_t number;                      ///< of the cell; of a connection, that of its target
  std::vector<double> values;           ///< of the model's variables; a current is its only value
  std::deque<std::vector<double>> past; ///< the values at t, t - dt, ...
  // Of a cell:
  std::vector<Instance *> incoming, outgoing; ///< in the order of the circuit
  std::vector<double> coordinates;
  std::vector<char> held; ///< by state, while refractory
  int64_t refractory = 0; ///< remaining updates
  // Of a connection:
  Instance *source = nullptr, *target = nullptr;
  uint32_t position = 0;             ///< in the sequence of its rule
  int64_t axonal = 0, dendritic = 0; ///< the parts of its delay, in steps (G2)
  uint32_t seen = 0;                 ///< spikes that it has seen
  std::vector<double> before;        ///< values at t + dt, before the events of that time
};

/// What a rule reads elsewhere (P4).
struct ThirdFactor {
  int input;
  Instance *cell;
  int variable;
  int64_t delay; ///< steps
};

/// The cells of a population, or the connections of a projection or stimulus.
struct Group {
  explicit Group(mlir::Operation *op) : op(op), name(mlir::SymbolTable::getSymbolName(op).str()) {}

  /// By source, target, delay and position: the order of records.
  std::vector<Instance *> inCanonicalOrder();

  mlir::Operation *op;
  std::string name;                           ///< qualified
  Model *model = nullptr;                     ///< null for currents
  Group *source = nullptr, *target = nullptr; ///< null for populations; stimuli have no source
  std::deque<Instance> instances;
  std::vector<StateSolver> solvers; ///< by state
  std::vector<char> lumped;         ///< by state: part of the target's system (X2)
  std::vector<char> present;        ///< by contribution: reads lumped states
  std::vector<ThirdFactor> thirdFactors;
  bool delaysValues = false; ///< a delay is given, and the synapse has no events of its own (S3)
  int input = -1;            ///< that a current flows into
  int walled = -1;           ///< the state that its spike rule walls in, or -1
};

/// Frames from files; number n of the run is shown from step n * period on (C7).
struct FrameSequence {
  runtime::FrameData data;
  int64_t period;                                ///< steps
  uint64_t present = 0;                          ///< number in the file
  std::map<const Instance *, double> spikes;     ///< since the present frame began
  std::map<Group *, std::vector<double>> labels; ///< of cells that were assigned some
};

/// What a region sees: the values of the instance that it is about, and of both ends.
struct View {
  struct End {
    Model *model = nullptr;
    const double *values = nullptr;
    double index = 0, time = 0;
  } ends[3]; ///< by side
  const Instance *instance = nullptr;
  std::string purpose;           ///< of what is drawn
  const double *noise = nullptr; ///< by stream
  uint32_t spike = 0;            ///< the number of the one that a handler handles

  End &operator[](neuro::Side side) { return ends[unsigned(side)]; }
};

/// Whether an element is in inclusive, flattened ranges; empty ones mean all.
inline bool isInRanges(llvm::ArrayRef<int64_t> ranges, int64_t element) {
  bool in = ranges.empty();
  for (size_t i = 0; i + 1 < ranges.size(); i += 2)
    in |= ranges[i] <= element && element <= ranges[i + 1];
  return in;
}

/// A stream of random numbers (random.md, section 3) of an element, or of a connection.
struct Stream {
  uint64_t seed;
  uint32_t hash; ///< of name and purpose
  bool connection;
  uint32_t element, position; ///< of a connection, `element` is its target

  uint32_t word(uint64_t draw) const;
  double normal(uint64_t draw) const;
  double gamma(double mean, double cv, uint64_t attempt) const;
};

/// An op of a region, with what is looked up once.
struct Line {
  mlir::Operation *op = nullptr;
  double (*function)(double, double, double) = nullptr; ///< of arithmetic
  double constant = 0;
  neuro::Side side = neuro::Side::Self; ///< of a get
  llvm::SmallVector<int, 3> operands;   ///< the numbers of their values
  int result = -1;
};

/// The values of a region's ops, by number; those that are not known yet are computed.
using Values = llvm::SmallVector<std::optional<double>, 16>;
/// What is done with a statement of a handler and the value of its operand.
using Statement = llvm::function_ref<void(mlir::Operation *, double)>;

/// A circuit with its start values, and the meaning of its regions.
class Network {
public:
  Network(neuro::CircuitOp circuit, double dt, uint64_t seed)
      : circuit(circuit), dt(dt), seed(seed) {}

  /// Makes all populations and connections; emits what cannot be.
  mlir::LogicalResult build();

  neuro::CircuitOp circuit;
  double dt;
  uint64_t seed;
  std::deque<Group> groups; ///< populations, then all others, in order of declaration
  std::map<std::string, FrameSequence> frames;

  /// What has the name in the circuit.
  Group &group(llvm::StringRef name);
  Group &population(neuro::RefAttr ref) { return group(ref.getPopulation().getValue()); }
  std::vector<Instance *> cells(neuro::RefAttr ref);
  int64_t steps(double time); ///< rounded (section 5)
  int64_t steps(const llvm::APFloat &time) { return steps(time.convertToDouble()); }
  int64_t period(double time) { return std::max<int64_t>(1, steps(time)); }

  /// The present values of an instance and of its ends.
  View view(const Instance &instance, double time = 0);
  /// The numbers that a region yields, or the first of them.
  std::vector<double> evaluateAll(mlir::Block &block, const View &view);
  double evaluate(mlir::Block &block, const View &view);
  /// Runs a region in the order of its ops. What `values` has already is not computed again.
  void run(mlir::Block &block, const View &view, Values &values, Statement statement);
  /// The number of an op's value.
  int numberOf(mlir::Value value) { return numbers.lookup(value); }
  /// The value of a variable or let of one side.
  double read(View view, neuro::Side side, mlir::SymbolRefAttr variable);
  Stream stream(const Instance &instance, const std::string &purpose);

private:
  double count(neuro::CountOp op);
  llvm::ArrayRef<Line> linesOf(mlir::Block &block);
  double value(const Line &line, llvm::ArrayRef<double> operands, const View &view);
  double distance(const Instance &connection);
  Model *modelOf(llvm::StringRef name);
  runtime::Selection selection(neuro::RefAttr ref);
  mlir::LogicalResult addFrames(neuro::FramesOp op);
  mlir::LogicalResult addPopulation(neuro::PopulationOp op);
  mlir::LogicalResult addConnections(mlir::Operation *op);
  mlir::LogicalResult giveSolvers(Group &group);
  mlir::LogicalResult connect(Group &group, neuro::ProjectionOp op);
  void bindFactors(Group &group);
  mlir::LogicalResult giveValues(Instance &instance);
  mlir::LogicalResult giveValue(Instance &instance, int variable, std::vector<char> &known);
  double evaluateStart(const Instance &, mlir::StringAttr variable, mlir::Region &);
  void giveDelay(Instance &connection);

  std::map<std::string, Model> models;
  llvm::DenseMap<mlir::Block *, std::vector<Line>> lines;
  llvm::DenseMap<mlir::Value, int> numbers; ///< of a value in its region
};

/// The declaration of a name in a neuron, synapse, circuit or module, or null.
template <typename DeclT> DeclT find(mlir::Operation *owner, llvm::StringRef name) {
  auto symbol = mlir::StringAttr::get(owner->getContext(), name);
  return llvm::dyn_cast_or_null<DeclT>(mlir::SymbolTable::lookupSymbolIn(owner, symbol));
}

/// Refuses what the interpreter has no meaning for, in `root` and below.
mlir::LogicalResult checkMeaning(mlir::Operation *root);

} // namespace synfire::reference

#endif // SYNFIRE_TARGETS_REFERENCE_NETWORK_H
