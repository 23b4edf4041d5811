//===- BuildPopulation.cpp - domains, parameters, start values ---===//
#include "passes/neuro-to-sim/ProgramBuilder.h"
#include "passes/neuro-to-sim/RelayAxons.h"

#include "passes/neuro-to-sim/RelayAxons.h"
#include "passes/neuro/analysis/Expression.h"

using namespace mlir;
using namespace synfire;
using namespace synfire::neuro;
using sim::ArrayKind;
using sim::FieldKind;

namespace {

bool spikes(NeuronOp neuron) { return !neuron.getBody().getOps<SpikeOp>().empty(); }

/// A number given to a variable for all elements, or its declared default.
std::optional<double> givenNumber(PopulationOp population, Operation *declaration) {
  auto name = SymbolTable::getSymbolName(declaration);
  if (auto number = dyn_cast_or_null<FloatAttr>(population.getSet().get(name)))
    return number.getValueAsDouble();
  if (findInit(population, name))
    return std::nullopt;
  auto value = declaration->getAttrOfType<FloatAttr>("value");
  return value ? std::optional<double>(value.getValueAsDouble()) : std::nullopt;
}

/// The region that computes a variable's start value, or null.
Block *givenRegion(PopulationOp population, Operation *declaration) {
  auto name = SymbolTable::getSymbolName(declaration);
  if (population.getSet().contains(name))
    return nullptr;
  if (InitOp init = findInit(population, name))
    return &init.getBody().front();
  if (declaration->getNumRegions() && !declaration->getRegion(0).empty())
    return &declaration->getRegion(0).front();
  return nullptr;
}

} // namespace

// A protocol changes only some elements, or each to its own value: they need a value of their own.
bool ProgramBuilder::isAssignedApart(PopulationOp population, StringRef variable) {
  // What reads a parameter with a delay reads it as it was, before a change.
  auto isReadLate = [&] {
    return llvm::any_of(populations[population.getSymName()]->outgoing, [](ProjectionOp out) {
      return synapseOf(out).getBody().getOps<OnOp>().empty() &&
             (out.getSet().contains("delay") || findInit(out, "delay"));
    });
  };
  bool apart = false;
  experiment.walk([&](AssignOp assign) {
    if (!assign.getTarget() ||
        assign.getTarget()->getPopulation().getValue() != population.getSymName() ||
        variableName(assign.getVariable()) != variable)
      return;
    apart |= !assign.getTarget()->getElements().empty() || isReadLate();
    assign.getBody().walk(
        [&](Operation *op) { apart |= isa<DrawOp, IndexOp, ColumnOp, FrameValueOp>(op); });
  });
  return apart;
}

void ProgramBuilder::declarePopulation(PopulationOp op) {
  auto p = std::make_unique<PopulationBuild>();
  p->op = op;
  p->system = std::make_unique<PopulationSystem>(op, wiring, &places);
  for (const auto &lumping : p->system->incoming())
    lumpings[lumping->owner()] = lumping.get();
  NeuronOp neuron = p->system->neuron;
  auto emits = spikes(neuron) ? data.getI64IntegerAttr(0) : IntegerAttr();
  p->domain = sim::DomainOp::create(data, op.getLoc(), data.getStringAttr(op.getSymName()),
                                    data.getI64IntegerAttr(op.getSize()), emits, IntegerAttr(),
                                    op.getNamesAttr(), UnitAttr(), FlatSymbolRefAttr());
  p->domain.setHidden(isHiddenName(op.getSymName()));
  if (PopulationOp relayed = relayedBy(op))
    p->domain.setRelays(relayed.getSymName());
  populations.insert({op.getSymName(), std::move(p)});
}

void ProgramBuilder::initPopulation(PopulationBuild &p) {
  PopulationOp op = p.op;
  StringRef owner = op.getSymName();
  NeuronOp neuron = p.system->neuron;
  auto qualified = [&](StringRef name) { return (owner + "." + name).str(); };

  // Parameters: one value for all unless something tells them apart.
  llvm::StringMap<bool> differs;
  SmallVector<ParameterOp> parameters(neuron.getBody().getOps<ParameterOp>());
  for (bool changed = true; changed;) {
    changed = false;
    for (ParameterOp parameter : parameters) {
      StringRef name = parameter.getSymName();
      if (differs[name])
        continue;
      bool apart = findInit(op, name) || isAssignedApart(op, name);
      if (Block *region = givenRegion(op, parameter))
        region->walk([&](GetOp get) { apart |= differs[variableName(get.getVariable())]; });
      changed |= differs[name] = apart;
    }
  }
  SmallVector<Operation *> computed;
  for (ParameterOp parameter : parameters) {
    StringRef name = parameter.getSymName();
    double value = givenNumber(op, parameter).value_or(0.0);
    bool region = givenRegion(op, parameter);
    sim::ArrayOp made =
        differs[name]
            ? array(qualified(name), ArrayKind::Parameter, owner, value, parameter.getUnitAttr())
            : uniform(qualified(name), ArrayKind::Parameter, value, parameter.getUnitAttr());
    p.arrays[name] = made;
    if (region)
      computed.push_back(parameter);
  }
  for (auto state : neuron.getBody().getOps<StateOp>()) {
    StringRef name = state.getSymName();
    p.arrays[name] = array(qualified(name), ArrayKind::State, owner,
                           givenNumber(op, state).value_or(0.0), state.getUnitAttr());
    p.arrays[name].setFormatAttr(formatOf(neuron, name));
    if (givenRegion(op, state))
      computed.push_back(state);
  }
  if (auto position = op.getBody().getOps<PositionOp>(); !position.empty()) {
    unsigned axis = 0;
    for (Value v : yieldedValues((*position.begin()).getBody().front())) {
      (void)v;
      std::string name = "#position" + std::to_string(axis++);
      p.arrays[name] =
          array(qualified(name), ArrayKind::Parameter, owner, 0.0, data.getStringAttr("um"));
    }
    computed.push_back(*position.begin());
  }
  if (computed.empty())
    return;
  std::string key = startStructure(p);
  if (auto known = sharedStarts.find(key); known != sharedStarts.end())
    return reuseStart(p, known->second);

  drawn.clear();
  // Values of one kind are computed on demand: a start value may read any other.
  KernelBuilder one(op.getLoc(), data.getContext()), each(op.getLoc(), data.getContext());
  llvm::StringMap<Value> inOne, inEach;
  std::function<Value(KernelBuilder &, llvm::StringMap<Value> &, StringRef)> valueOf =
      [&](KernelBuilder &b, llvm::StringMap<Value> &known, StringRef name) -> Value {
    Operation *declaration = findDeclaration(neuron, name);
    sim::ArrayOp home = p.arrays.lookup(name);
    if (!declaration || !home)
      return b.number(0.0);
    auto found = known.find(name);
    if (found != known.end())
      return found->second;
    Value value;
    Block *region = givenRegion(op, declaration);
    bool here = region && (&b == &each) == !home.getUniform();
    if (here)
      value = evaluate(b, *region, op, name, [&](Operation *read) -> Value {
        auto get = dyn_cast<GetOp>(read);
        return get ? valueOf(b, known, variableName(get.getVariable())) : Value();
      });
    else if (home.getUniform())
      value = b.get(name, FieldKind::Uniform, home);
    else if (auto number = givenNumber(op, declaration))
      value = b.number(*number);
    else
      value = b.number(0.0);
    known[name] = value;
    return value;
  };
  for (Operation *declaration : computed) {
    if (auto position = dyn_cast<PositionOp>(declaration)) {
      auto values = evaluateAll(
          each, SmallVector<Value>(yieldedValues(position.getBody().front())), op, "position",
          [&](Operation *read) {
            auto get = dyn_cast<GetOp>(read);
            return get ? valueOf(each, inEach, variableName(get.getVariable())) : Value();
          });
      for (auto [axis, value] : llvm::enumerate(values)) {
        std::string name = "#position" + std::to_string(axis);
        each.set(name, FieldKind::Element, p.arrays[name], value);
      }
      continue;
    }
    StringRef name = SymbolTable::getSymbolName(declaration);
    sim::ArrayOp home = p.arrays[name];
    KernelBuilder &b = home.getUniform() ? one : each;
    Value value = valueOf(b, home.getUniform() ? inOne : inEach, name);
    b.set(name, home.getUniform() ? FieldKind::Uniform : FieldKind::Element, home, value);
  }
  std::string label = neuron.getSymName().str();
  sim::DeriveOp derive;
  sim::InitOp init;
  if (!one.empty()) {
    ArrayAttr bind = one.bindings();
    auto kernel = intern(one, "parameters_" + label);
    derive = sim::DeriveOp::create(derives, op.getLoc(), kernel.getValue(), owner, bind, true,
                                   DenseI64ArrayAttr());
  }
  if (!each.empty()) {
    ArrayAttr bind = each.bindings();
    auto kernel = intern(each, "start_" + label);
    init = sim::InitOp::create(starts, op.getLoc(), kernel.getValue(), owner, bind, false,
                               DenseI64ArrayAttr());
  }
  if (!key.empty())
    rememberStart(p, key, derive, init);
}

SmallVector<Value> ProgramBuilder::evaluateAll(KernelBuilder &b, ArrayRef<Value> values,
                                               Operation *owner, StringRef variable,
                                               llvm::function_ref<Value(Operation *)> read) {
  unsigned draws = 0;
  DenseMap<Operation *, Value> done; // a draw is one number, however often it is read
  bool population = isa<PopulationOp, StimulusOp>(owner);
  std::function<Value(Operation *)> leaf = [&](Operation *op) -> Value {
    if (Value value = done.lookup(op))
      return value;
    if (Value value = read(op))
      return value;
    if (auto draw = dyn_cast<DrawOp>(op)) {
      // Operands were copied with the expression before; here they are computed where they stand.
      auto operand = [&](Value v) { return copyValues(b, v, leaf).front(); };
      SmallVector<Value> arguments, interval;
      for (Value v : draw.getArguments())
        arguments.push_back(operand(v));
      for (Value v : draw.getInterval())
        interval.push_back(operand(v));
      std::string purpose = variable.str();
      if (unsigned n = draws++)
        purpose += ":" + std::to_string(n);
      drawn.push_back(purpose);
      StringRef key = b.key("key", randomKey(nameOf(owner), purpose));
      return done[op] = sim::DrawOp::create(
                 b, b.getF64Type(), key, static_cast<sim::Distribution>(draw.getDistribution()),
                 arguments, static_cast<sim::Limit>(draw.getLimit()), interval);
    }
    if (isa<IndexOp>(op))
      return arith::SIToFPOp::create(b, b.getF64Type(), sim::ElementOp::create(b, b.getI64Type()));
    if (auto column = dyn_cast<ColumnOp>(op))
      return b.get((column.getTable() + "_" + column.getColumn()).str(),
                   population ? FieldKind::Element : FieldKind::Connection,
                   tableColumn(column.getTable(), column.getColumn()));
    if (isa<TimestepOp>(op))
      return b.get("dt", FieldKind::Uniform, dt);
    return Value();
  };
  return copyValues(b, values, leaf);
}

Value ProgramBuilder::evaluate(KernelBuilder &b, Block &body, Operation *owner, StringRef variable,
                               llvm::function_ref<Value(Operation *)> read) {
  return evaluateAll(b, SmallVector<Value>(yieldedValues(body)), owner, variable, read).front();
}
