//===- PopulationSystem.cpp - the equations that one element advances (X1) ---===//
#include "passes/neuro/analysis/PopulationSystem.h"

#include "passes/neuro/analysis/Expression.h"
#include "passes/neuro/analysis/Split.h"

using namespace mlir;
using namespace synfire::neuro;

PopulationSystem::PopulationSystem(PopulationOp population, const Wiring &wiring,
                                   LumpingCache *known)
    : population(population), neuron(neuronOf(population)) {
  for (auto state : neuron.getBody().getOps<StateOp>())
    states.push_back({state.getSymName().str(), state, -1});
  for (Operation *op : wiring.onto(population))
    if (synapseOf(op))
      addConnections(op, known);
    else
      addStimulus(cast<StimulusOp>(op));
  for (auto [i, receptor] : llvm::enumerate(receptors))
    for (StateOp state : receptor.states)
      states.push_back({receptor.name + "." + state.getSymName().str(), state, int(i)});
}

void PopulationSystem::addConnections(Operation *op, LumpingCache *known) {
  lumpings.push_back(std::make_unique<Lumping>(op, known));
  const Lumping &lumping = *lumpings.back();
  bool isNew = false;
  int receptor = lumping.lumped().empty() ? -1 : addToReceptor(lumping, isNew);
  for (auto contribution : lumping.synapse().getBody().getOps<ContributeOp>()) {
    std::string input = variableName(contribution.getInput());
    if (lumping.isSubstituted(contribution)) {
      if (isNew)
        terms[input].push_back({receptor, -1, contribution});
      continue;
    }
    terms[input].push_back({-1, int(drives.size()), contribution});
    std::string name = nameOf(op).str() + "." + input;
    auto same = llvm::count_if(
        drives, [&](const Drive &other) { return other.owner == op && other.input == input; });
    if (same) // a synapse may contribute several times to one input
      name += "#" + std::to_string(same + 1);
    drives.push_back({name, op, contribution, input, splitVariable(contribution),
                      hasTargetFactor(contribution)});
  }
}

void PopulationSystem::addStimulus(StimulusOp stimulus) {
  std::string input;
  if (stimulus.getInput())
    input = variableName(*stimulus.getInput());
  else if (auto inputs = neuron.getBody().getOps<InputOp>(); !inputs.empty())
    input = (*inputs.begin()).getSymName().str();
  terms[input].push_back({-1, int(drives.size()), ContributeOp()});
  drives.push_back(
      {stimulus.getSymName().str() + "." + input, stimulus, ContributeOp(), input, ""});
}

int PopulationSystem::addToReceptor(const Lumping &lumping, bool &isNew) {
  for (auto [i, receptor] : llvm::enumerate(receptors))
    if (mayShareReceptor(*receptor.members.front(), lumping)) {
      receptor.members.push_back(&lumping);
      return i;
    }
  isNew = true;
  receptors.push_back(
      {nameOf(lumping.owner()).str(), lumping.synapse(), {&lumping}, lumping.lumped()});
  return receptors.size() - 1;
}

int PopulationSystem::receptorOf(Operation *op) const {
  for (auto [i, receptor] : llvm::enumerate(receptors))
    for (const Lumping *member : receptor.members)
      if (member->owner() == op)
        return i;
  return -1;
}

// The one state of the target that a held contribution is affine in, so that it stays present.
std::string PopulationSystem::splitVariable(ContributeOp contribution) const {
  std::string only;
  bool several = false;
  Block scratch;
  OpBuilder builder(contribution.getContext());
  builder.setInsertionPointToStart(&scratch);
  SmallVector<Value> reads;
  Value root = copyExpression(builder, contribution.getBody().front(), [&](Operation *op) {
                 auto get = dyn_cast<GetOp>(op);
                 if (!get || get.getSide() != Side::Post)
                   return Value();
                 std::string name = variableName(get.getVariable());
                 // A parameter of the target does not move within the step.
                 if (find<ParameterOp>(neuron, name))
                   return Value();
                 several |= !find<StateOp>(neuron, name) || (!only.empty() && only != name);
                 only = name;
                 reads.push_back(scratch.addArgument(builder.getF64Type(), op->getLoc()));
                 return reads.back();
               }).front();
  if (several || only.empty() || !splitAffine(builder, root, reads))
    return "";
  return only;
}

namespace {

/// A contribution as a factor of the connection and one of the target.
std::optional<Factors> factorsOf(OpBuilder &builder, ContributeOp contribution) {
  Value root = copyExpression(builder, contribution.getBody().front(), [](Operation *) {
                 return Value();
               }).front();
  return splitFactors(builder, root, [](Value value) -> std::optional<Part> {
    Operation *op = value.getDefiningOp();
    if (!op || !isRead(op))
      return std::nullopt;
    auto get = dyn_cast<GetOp>(op);
    return get && get.getSide() == Side::Post ? Part::Target : Part::Connection;
  });
}

} // namespace

/// Whether parameters are all that a held contribution reads of the target, and multiply it.
bool PopulationSystem::hasTargetFactor(ContributeOp contribution) const {
  bool reads = false, moves = false;
  contribution.walk([&](GetOp get) {
    if (get.getSide() != Side::Post)
      return;
    bool fixed = bool(find<ParameterOp>(neuron, variableName(get.getVariable())));
    reads |= fixed;
    moves |= !fixed;
  });
  Block scratch;
  OpBuilder builder(contribution.getContext());
  builder.setInsertionPointToStart(&scratch);
  return reads && !moves && factorsOf(builder, contribution);
}

Value PopulationSystem::emitFactor(OpBuilder &builder, ContributeOp contribution, bool ofTarget,
                                   llvm::function_ref<Value(Operation *)> read) const {
  Block scratch;
  OpBuilder inner(contribution.getContext());
  inner.setInsertionPointToStart(&scratch);
  auto factors = factorsOf(inner, contribution);
  Value wanted = ofTarget ? factors->target : factors->connection;
  if (wanted)
    return copyValues(builder, wanted, read).front();
  return arith::ConstantOp::create(builder, contribution.getLoc(), builder.getF64FloatAttr(1.0));
}

//===----------------------------------------------------------------------===//
// Emission
//===----------------------------------------------------------------------===//

Value PopulationSystem::emitNeuronRead(OpBuilder &builder, Operation *op, ReadFn read) const {
  if (auto get = dyn_cast<GetOp>(op))
    return emitNeuronVariable(builder, op->getLoc(), variableName(get.getVariable()), read);
  if (auto noise = dyn_cast<NoiseOp>(op))
    return read({Read::Kind::Noise, noise.getStream().str()});
  if (isa<TimeOp>(op))
    return read({Read::Kind::Time, ""});
  if (isa<TimestepOp>(op))
    return read({Read::Kind::Timestep, ""});
  if (isa<IndexOp>(op))
    return read({Read::Kind::Index, ""});
  return Value();
}

SmallVector<Value> PopulationSystem::emitNeuronExpression(OpBuilder &builder, Block &body,
                                                          ReadFn read) const {
  return copyExpression(builder, body,
                        [&](Operation *op) { return emitNeuronRead(builder, op, read); });
}

Value PopulationSystem::emitNeuronVariable(OpBuilder &builder, Location loc, StringRef name,
                                           ReadFn read) const {
  Operation *declaration = findDeclaration(neuron, name);
  if (isa_and_nonnull<StateOp>(declaration))
    return read({Read::Kind::State, name.str()});
  if (isa_and_nonnull<ParameterOp>(declaration))
    return read({Read::Kind::Parameter, name.str()});
  if (isa_and_nonnull<InputOp>(declaration))
    return emitInput(builder, loc, name, read);
  if (auto let = dyn_cast_or_null<LetOp>(declaration))
    return emitNeuronExpression(builder, let.getBody().front(), read).front();
  return Value();
}

Value PopulationSystem::emitInput(OpBuilder &builder, Location loc, StringRef input,
                                  ReadFn read) const {
  auto found = terms.find(input);
  Value sum;
  if (found != terms.end())
    for (const Term &term : found->second) {
      Value value = emitTerm(builder, loc, term, read);
      sum = sum ? arith::AddFOp::create(builder, loc, sum, value).getResult() : value;
    }
  if (!sum)
    sum = arith::ConstantOp::create(builder, loc, builder.getF64FloatAttr(0.0));
  return sum;
}

Value PopulationSystem::emitTerm(OpBuilder &builder, Location loc, const Term &term,
                                 ReadFn read) const {
  if (term.receptor >= 0)
    return copyExpression(
               builder, ContributeOp(term.contribution).getBody().front(),
               [&](Operation *op) { return emitReceptorRead(builder, op, term.receptor, read); })
        .front();
  const Drive &drive = drives[term.drive];
  Value value = read({Read::Kind::Drive, drive.name, term.drive});
  if (drive.factored) {
    Value factor = emitFactor(builder, term.contribution, true, [&](Operation *op) -> Value {
      auto get = dyn_cast<GetOp>(op);
      return get ? read({Read::Kind::Parameter, variableName(get.getVariable())}) : Value();
    });
    return arith::MulFOp::create(builder, loc, factor, value);
  }
  if (drive.slopeOf.empty())
    return value;
  Value slope = read({Read::Kind::DriveSlope, drive.name, term.drive});
  Value present = read({Read::Kind::State, drive.slopeOf});
  Value product = arith::MulFOp::create(builder, loc, slope, present);
  return arith::AddFOp::create(builder, loc, value, product);
}

Value PopulationSystem::emitReceptorRead(OpBuilder &builder, Operation *op, int receptor,
                                         ReadFn read) const {
  auto get = dyn_cast<GetOp>(op);
  if (!get || get.getSide() == Side::Post)
    return emitNeuronRead(builder, op, read);
  std::string name = variableName(get.getVariable());
  SynapseOp synapse = receptors[receptor].synapse;
  Operation *declaration = findDeclaration(synapse, name);
  if (isa_and_nonnull<StateOp>(declaration))
    return read({Read::Kind::ReceptorState, name, receptor});
  if (auto let = dyn_cast_or_null<LetOp>(declaration))
    return copyExpression(
               builder, let.getBody().front(),
               [&](Operation *inner) { return emitReceptorRead(builder, inner, receptor, read); })
        .front();
  return read({Read::Kind::ReceptorParameter, name, receptor});
}

Value PopulationSystem::emitDerivative(OpBuilder &builder, Location loc, unsigned number,
                                       ReadFn read) const {
  const SystemState &state = states[number];
  Operation *owner = state.declaration->getParentOp();
  EquationOp equation = findEquation(owner, StateOp(state.declaration).getSymName());
  if (!equation)
    return Value();
  Block &body = equation.getBody().front();
  if (state.receptor < 0)
    return emitNeuronExpression(builder, body, read).front();
  return copyExpression(
             builder, body,
             [&](Operation *op) { return emitReceptorRead(builder, op, state.receptor, read); })
      .front();
}

std::pair<Value, Value>
PopulationSystem::emitGather(OpBuilder &builder, const Drive &drive,
                             llvm::function_ref<Value(Operation *)> connection,
                             ReadFn neuronRead) const {
  ContributeOp contribution = drive.contribution;
  Location loc = contribution.getLoc();
  // One placeholder stands for the present value of the target's state.
  Value placeholder;
  std::function<Value(Operation *)> read = [&](Operation *op) -> Value {
    auto get = dyn_cast<GetOp>(op);
    if (!get)
      return connection(op);
    std::string name = variableName(get.getVariable());
    if (get.getSide() == Side::Self)
      if (auto let = find<LetOp>(contribution->getParentOp(), name))
        return copyExpression(builder, let.getBody().front(), read).front();
    if (get.getSide() != Side::Post)
      return connection(op);
    if (name != drive.slopeOf)
      return emitNeuronVariable(builder, op->getLoc(), name, neuronRead);
    if (!placeholder)
      placeholder = arith::ConstantOp::create(builder, loc, builder.getF64FloatAttr(0.0));
    return placeholder;
  };
  if (drive.factored)
    return {emitFactor(builder, contribution, false, read), Value()};
  Value root = copyExpression(builder, contribution.getBody().front(), read).front();
  if (drive.slopeOf.empty())
    return {root, Value()};
  std::optional<AffineParts> parts = splitAffine(builder, root, placeholder);
  auto orZero = [&](Value value) {
    return value
               ? value
               : arith::ConstantOp::create(builder, loc, builder.getF64FloatAttr(0.0)).getResult();
  };
  return {orZero(parts->constant), orZero(parts->coefficients[0])};
}

SystemForms synfire::neuro::analyzeSystem(const PopulationSystem &system) {
  SystemForms forms;
  forms.noise = system.states.size();
  for (unsigned i = 0; i < system.states.size(); ++i) {
    Block scratch;
    OpBuilder builder(system.neuron.getContext());
    builder.setInsertionPointToStart(&scratch);
    llvm::DenseMap<Value, Leaf> leaves;
    SystemForms::Derivative derivative;
    Value root = system.emitDerivative(builder, system.neuron.getLoc(), i, [&](const Read &read) {
      Leaf leaf = Leaf::constant();
      auto stateNumber = [&](const std::string &name, int receptor) {
        for (auto [j, state] : llvm::enumerate(system.states))
          if (state.receptor == receptor && StateOp(state.declaration).getSymName() == name)
            leaf = Leaf::variableNumber(j);
      };
      switch (read.kind) {
      case Read::Kind::State:
        stateNumber(read.name, -1);
        break;
      case Read::Kind::ReceptorState:
        stateNumber(read.name, read.index);
        break;
      case Read::Kind::Noise:
        leaf = Leaf::variableNumber(forms.noise);
        break;
      case Read::Kind::Time:
        derivative.readsTime = true;
        leaf = Leaf::varying();
        break;
      case Read::Kind::Drive:
      case Read::Kind::DriveSlope:
        leaf = Leaf::varying();
        break;
      case Read::Kind::Parameter:
      case Read::Kind::ReceptorParameter:
      case Read::Kind::Timestep:
      case Read::Kind::Index:
        break;
      }
      Value value = scratch.addArgument(builder.getF64Type(), system.neuron.getLoc());
      leaves[value] = leaf;
      return value;
    });
    if (root)
      derivative.form = analyzeForm(root, forms.noise + 1, [&](Value value) {
        auto leaf = leaves.find(value);
        return leaf == leaves.end() ? Leaf::varying() : leaf->second;
      });
    else
      derivative.form.on.assign(forms.noise + 1, Dependence::None);
    forms.derivatives.push_back(std::move(derivative));
  }
  return forms;
}
