//===- NeuroCircuitVerifiers.cpp - the rules of circuits ---===//
#include "dialects/neuro/Verify.h"

#include "llvm/ADT/StringSet.h"

using namespace mlir;
using namespace synfire::neuro;

//===----------------------------------------------------------------------===//
// Arguments of rules and stimuli
//===----------------------------------------------------------------------===//

namespace {

/// The arguments that a connect rule takes.
struct RuleArguments {
  SmallVector<StringRef> integers, numbers;
};

RuleArguments argumentsOf(ConnectRule rule) {
  switch (rule) {
  case ConnectRule::OneToOne:
  case ConnectRule::AllToAll:
  case ConnectRule::AllButOne:
  case ConnectRule::Table:
    return {};
  case ConnectRule::Probability:
    return {{}, {"p"}};
  case ConnectRule::FixedIndegree:
  case ConnectRule::FixedOutdegree:
    return {{"k"}, {}};
  case ConnectRule::FixedNumber:
    return {{"n"}, {}};
  case ConnectRule::SmallWorld:
    return {{"k"}, {"beta"}};
  case ConnectRule::Modular:
    return {{"groups"}, {"p_in", "p_out"}};
  case ConnectRule::LowRank:
    return {{"rank"}, {}};
  }
  return {};
}

bool hasArgumentOp(Operation *op, StringRef name) {
  for (auto argument : op->getRegion(0).getOps<ArgumentOp>())
    if (argument.getName() == name)
      return true;
  return false;
}

LogicalResult verifyRuleArguments(ProjectionOp op) {
  RuleArguments taken = argumentsOf(op.getRule());
  StringRef rule = stringifyConnectRule(op.getRule());
  for (StringRef name : taken.integers) {
    auto value = op.getArguments().getAs<IntegerAttr>(name);
    if (!value || value.getInt() < 0) // projection_c1
      return op.emitOpError() << "`" << rule << "` needs the argument `" << name
                              << "`, a number of 0 or more";
  }
  for (StringRef name : taken.numbers) {
    if (hasArgumentOp(op, name))
      continue;
    auto value = op.getArguments().getAs<FloatAttr>(name);
    if (!value ||
        !(value.getValueAsDouble() >= 0 && value.getValueAsDouble() <= 1)) // projection_c2
      return op.emitOpError() << "`" << rule << "` needs the argument `" << name
                              << "`, a probability from 0 to 1";
  }
  for (NamedAttribute argument : op.getArguments()) {
    StringRef name = argument.getName().getValue();
    bool option = name == "autapses" || name == "multapses";
    bool rank = name == "rank"; // of weights, whichever pairs the rule makes
    if (rank     ? !isa<IntegerAttr>(argument.getValue())
        : option ? !isa<BoolAttr>(argument.getValue())
                 : !llvm::is_contained(taken.integers, name) &&
                       !llvm::is_contained(taken.numbers, name)) // projection_c3
      return op.emitOpError() << "`" << rule << "` has no argument `" << name << "` of this type";
  }
  return success();
}

/// A value is given once: by `set` or by an `init`.
LogicalResult verifyGivenOnce(Operation *op, DictionaryAttr set) {
  llvm::StringSet<> given;
  for (NamedAttribute value : set) {
    if (!isa<FloatAttr>(value.getValue())) // set_c2
      return op->emitOpError() << "sets `" << value.getName().getValue()
                               << "` to something that is no f64 number";
    given.insert(value.getName().getValue());
  }
  for (auto init : op->getRegion(0).getOps<InitOp>()) {
    if (!given.insert(init.getVariable()).second) // init_c1
      return init.emitOpError() << "`" << init.getVariable() << "` has two values here";
    if (failed(verifyYield(init, init.getBody(), {"value"}))) // init_c2
      return failure();
  }
  return success();
}

} // namespace

LogicalResult ProjectionOp::verify() {
  if (failed(verifyRuleArguments(*this)))
    return failure();
  if ((getRule() == ConnectRule::Table) != getTable().has_value()) // projection_c4
    return emitOpError("a connection table belongs to the rule `table`, and only to it");
  if (auto fraction = getDendriticFraction())
    if (!(fraction->convertToDouble() >= 0 && fraction->convertToDouble() <= 1)) // projection_c5
      return emitOpError("has a dendritic fraction outside of 0 to 1");
  return verifyGivenOnce(*this, getSet());
}

LogicalResult ConstrainOp::verify() {
  if (getParts() && getParts()->size() != 2 * getProjections().size()) // constrain_c1
    return emitOpError() << "has " << getParts()->size() << " lists of ranges for "
                         << getProjections().size()
                         << " projections; each has those of its sources and of its targets";
  return success();
}

LogicalResult StimulusOp::verify() {
  bool events = getKind() == StimulusKind::Poisson || getKind() == StimulusKind::Spikes;
  if (events != getSynapse().has_value()) // stimulus_c1
    return emitOpError(events ? "has events, which act through a synapse; it names none"
                              : "is a current, which acts on an input, not through a synapse");
  if (events && getInput()) // stimulus_c2
    return emitOpError("has events and names an input; the synapse says where they act");
  SmallVector<StringRef> needed;
  switch (getKind()) {
  case StimulusKind::Poisson:
    needed = {"rate"};
    break;
  case StimulusKind::Current:
    needed = {"amplitude"};
    break;
  case StimulusKind::NoiseCurrent:
    needed = {"mean", "sd", "every"};
    break;
  case StimulusKind::Spikes:
    if (!getTable())
      needed = {"times"};
    break;
  }
  for (StringRef name : needed)
    if (!getArguments().contains(name) && !hasArgumentOp(*this, name)) // stimulus_c3
      return emitOpError() << "`" << stringifyStimulusKind(getKind()) << "` needs the argument `"
                           << name << "`";
  if (getStart() && getStop() && *getStart() > *getStop()) // stimulus_c4
    return emitOpError("ends before it starts");
  if (getDuring() &&
      (getDuring()->size() != 2 || (*getDuring())[0] > (*getDuring())[1])) // stimulus_c5
    return emitOpError("needs two times in order after `during`");
  for (auto argument : getBody().getOps<ArgumentOp>())
    if (failed(verifyYield(argument, argument.getBody(), {"value"}))) // argument_c1
      return failure();
  return verifyGivenOnce(*this, getSet());
}

//===----------------------------------------------------------------------===//
// Circuits
//===----------------------------------------------------------------------===//

namespace {

/// Checks what the elements of a circuit say about each other. Types stand beside the circuit.
class CircuitVerifier {
public:
  explicit CircuitVerifier(CircuitOp circuit) : circuit(circuit), symbols(circuit) {}

  LogicalResult verify() {
    for (Operation &op : circuit.getBody().front()) {
      LogicalResult result = success();
      if (auto population = dyn_cast<PopulationOp>(op))
        result = verifyPopulation(population);
      else if (auto projection = dyn_cast<ProjectionOp>(op))
        result = verifyProjection(projection);
      else if (auto stimulus = dyn_cast<StimulusOp>(op))
        result = verifyStimulus(stimulus);
      else if (auto frames = dyn_cast<FramesOp>(op))
        result = verifyFrames(frames);
      if (failed(result))
        return failure();
    }
    return success();
  }

private:
  Operation *typeOf(StringRef name) {
    auto symbol = StringAttr::get(circuit.getContext(), name);
    return circuit->getParentOp() ? SymbolTable::lookupSymbolIn(circuit->getParentOp(), symbol)
                                  : nullptr;
  }

  LogicalResult verifyPopulation(PopulationOp population) {
    Operation *neuron = typeOf(population.getNeuron());
    if (!isa_and_nonnull<NeuronOp>(neuron)) // population_c1
      return population.emitOpError() << "there is no neuron `" << population.getNeuron() << "`";
    if (population.getNames() &&
        population.getNames()->size() != uint64_t(population.getSize())) // population_c2
      return population.emitOpError() << "has " << population.getSize() << " elements and "
                                      << population.getNames()->size() << " names";
    for (auto position : population.getBody().getOps<PositionOp>()) {
      unsigned count = position.getBody().front().getTerminator()->getNumOperands();
      if (count != 2 && count != 3) // position_c1
        return position.emitOpError("needs two or three coordinates");
    }
    return verifyGivenOnce(population, population.getSet());
  }

  LogicalResult verifyRef(Operation *op, RefAttr ref) {
    auto population = symbols.lookup<PopulationOp>(ref.getPopulation().getAttr());
    if (!population) // ref_c1
      return op->emitOpError() << "there is no population " << ref.getPopulation();
    ArrayRef<int64_t> ranges = ref.getElements();
    if (ranges.size() % 2 != 0) // ref_c2
      return op->emitOpError() << "the elements of " << ref.getPopulation()
                               << " must be ranges of two ends each";
    for (size_t i = 0; i < ranges.size(); i += 2)
      if (ranges[i] < 0 || ranges[i] > ranges[i + 1] ||
          ranges[i + 1] >= int64_t(population.getSize())) // ref_c3
        return op->emitOpError() << "elements " << ranges[i] << " to " << ranges[i + 1]
                                 << " do not exist; " << ref.getPopulation() << " has "
                                 << population.getSize();
    return success();
  }

  LogicalResult verifyProjection(ProjectionOp projection) {
    if (failed(verifyRef(projection, projection.getSource())) ||
        failed(verifyRef(projection, projection.getTarget())))
      return failure();
    if (!isa_and_nonnull<SynapseOp>(typeOf(projection.getSynapse()))) // projection_c6
      return projection.emitOpError() << "there is no synapse `" << projection.getSynapse() << "`";
    if (projection.getTable())
      return verifyTable(projection, *projection.getTable(), {"pre", "post"}); // projection_c7
    return success();
  }

  LogicalResult verifyStimulus(StimulusOp stimulus) {
    if (failed(verifyRef(stimulus, stimulus.getTarget())))
      return failure();
    if (stimulus.getSynapse() &&
        !isa_and_nonnull<SynapseOp>(typeOf(*stimulus.getSynapse()))) // stimulus_c6
      return stimulus.emitOpError() << "there is no synapse `" << *stimulus.getSynapse() << "`";
    if (stimulus.getFrames() && failed(needFrames(stimulus, *stimulus.getFrames())))
      return failure();
    WalkResult walked = stimulus.walk([&](FrameValueOp value) {
      return failed(needFrames(value, value.getFrames())) ? WalkResult::interrupt()
                                                          : WalkResult::advance();
    });
    if (walked.wasInterrupted())
      return failure();
    if (stimulus.getTable())
      return verifyTable(stimulus, *stimulus.getTable(), {"element", "time"}); // stimulus_c7
    return success();
  }

  LogicalResult verifyFrames(FramesOp frames) {
    if (!(frames.getPeriod().convertToDouble() > 0)) // frames_c1
      return frames.emitOpError("has a period that is not positive");
    return success();
  }

  LogicalResult needFrames(Operation *op, StringRef name) {
    if (isa_and_nonnull<FramesOp>(SymbolTable::lookupSymbolIn(
            circuit, StringAttr::get(circuit.getContext(), name)))) // frames_c2
      return success();
    return op->emitOpError() << "there are no frames `" << name << "`";
  }

  LogicalResult verifyTable(Operation *op, StringRef name, ArrayRef<StringRef> columns) {
    auto table = dyn_cast_or_null<TableOp>(
        SymbolTable::lookupSymbolIn(circuit, StringAttr::get(circuit.getContext(), name)));
    for (StringRef column : columns)
      if (!table || !table.getColumns().contains(column))
        return op->emitOpError() << "there is no table `" << name << "` with a column `" << column
                                 << "`";
    return success();
  }

  CircuitOp circuit;
  SymbolTable symbols; // a look-up by op walks through all of the circuit
};

} // namespace

LogicalResult CircuitOp::verifyRegions() { return CircuitVerifier(*this).verify(); }
