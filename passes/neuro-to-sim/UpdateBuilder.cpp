//===- UpdateBuilder.cpp - the update kernel of a population: what is read, and the order ---===//
#include "passes/neuro-to-sim/UpdateBuilder.h"

#include "passes/neuro/analysis/Expression.h"
#include "passes/neuro/analysis/SolverChoice.h"
#include "runtime/random/Grid.h"

#include "mlir/IR/Remarks.h"

using namespace mlir;
using namespace synfire;
using namespace synfire::neuro;
using sim::ArrayKind;
using sim::FieldKind;

UpdateBuilder::UpdateBuilder(ProgramBuilder &program, PopulationBuild &population)
    : program(program), p(population), neuron(population.system->neuron),
      update(p.op.getLoc(), program.data.getContext()),
      derive(p.op.getLoc(), program.data.getContext()) {}

std::vector<Value> UpdateBuilder::values() const {
  std::vector<Value> result;
  for (const Variable &v : variables)
    result.push_back(v.start);
  return result;
}

void UpdateBuilder::collectSystem() {
  for (auto [number, state] : llvm::enumerate(p.system->states)) {
    StateOp declaration = state.declaration;
    EquationOp equation = findEquation(declaration->getParentOp(), declaration.getSymName());
    Variable v(equation ? equation.getLoc() : declaration.getLoc());
    v.name = state.name;
    if (state.receptor < 0) {
      v.label = state.name;
      v.array = p.arrays[state.name];
    } else {
      Receptor &receptor = p.system->receptors[state.receptor];
      StringRef own = StateOp(state.declaration).getSymName();
      v.label = (own + "_r" + Twine(state.receptor)).str();
      Operation *owner = receptor.members.front()->owner();
      double start = uniformParameter(owner, receptor.synapse, own).value_or(0.0);
      if (auto value = StateOp(state.declaration).getValue())
        start = value->convertToDouble();
      v.array = program.array(state.name, ArrayKind::State, p.op.getSymName(), start,
                              StateOp(state.declaration).getUnitAttr());
      v.array.setFormatAttr(formatOf(receptor.synapse, own));
      v.array.setPlacement(sim::Placement::Target);
      for (const StatePlacement &place : receptor.members.front()->states())
        if (StateOp(place.state).getSymName() == own)
          v.array.setWhy(place.why);
    }
    v.array->setLoc(v.place);
    v.hasEquation = bool(equation);
    unsigned index = number;
    v.derivative = [this, index](KernelBuilder &b, ArrayRef<Value> states) {
      return p.system->emitDerivative(b, b.getLoc(), index,
                                      [&](const Read &r) { return read(b, r, states); });
    };
    variables.push_back(std::move(v));
  }
  systemSize = variables.size();
}

void UpdateBuilder::collectSourceStates() {
  for (auto [ordinal, projection] : llvm::enumerate(p.outgoing))
    addEndStates(projection, program.lumpingOf(projection), neuro::Placement::Source,
                 ("_o" + Twine(ordinal)).str());
  for (auto [ordinal, lumping] : llvm::enumerate(p.system->incoming())) {
    // Every element of a stimulus is a source of its own.
    if (isa<StimulusOp>(lumping->owner()))
      addEndStates(lumping->owner(), *lumping, neuro::Placement::Source,
                   ("_s" + Twine(ordinal)).str());
    else
      addEndStates(lumping->owner(), *lumping, neuro::Placement::Post,
                   ("_p" + Twine(ordinal)).str());
  }
}

void UpdateBuilder::addEndStates(Operation *owner, const Lumping &lumping, neuro::Placement wanted,
                                 StringRef tag) {
  for (const StatePlacement &place : lumping.states()) {
    if (place.place != wanted)
      continue;
    StateOp state = place.state;
    Variable v(state.getLoc());
    v.name = connectionStateName(nameOf(owner), state.getSymName());
    v.owner = owner;
    v.label = (state.getSymName() + tag).str();
    double start = state.getValue() ? state.getValue()->convertToDouble() : 0.0;
    std::string full = (nameOf(owner) + "." + state.getSymName()).str();
    v.array = program.arraysByName.lookup(full); // kernels of connections may read it
    if (!v.array)
      v.array =
          program.array(full, ArrayKind::State, p.op.getSymName(), start, state.getUnitAttr());
    v.array.setPlacement(wanted == neuro::Placement::Post ? sim::Placement::Target
                                                          : sim::Placement::Source);
    v.array.setWhy(place.why);
    v.array->setLoc(v.place);
    if (!state.getBody().empty())
      initSourceState(owner, state, v.array);
    if (EquationOp equation = findEquation(lumping.synapse(), state.getSymName())) {
      v.hasEquation = true;
      v.place = equation.getLoc();
      v.array->setLoc(v.place);
      v.derivative = [this, owner, equation](KernelBuilder &b, ArrayRef<Value> states) mutable {
        auto leaf = [&](Operation *op) -> Value {
          if (isa<TimeOp>(op))
            return timeOf(b, owner);
          if (isa<TimestepOp>(op))
            return timestep(b);
          auto get = dyn_cast<GetOp>(op);
          if (!get)
            return Value();
          std::string name = variableName(get.getVariable());
          if (get.getSide() == Side::Pre)
            return p.system->emitNeuronVariable(b, op->getLoc(), name,
                                                [&](const Read &r) { return read(b, r, states); });
          std::string full = connectionStateName(nameOf(owner), name);
          for (auto [i, v] : llvm::enumerate(variables))
            if (v.name == full)
              return states[i];
          return ownedParameter(b, owner, name);
        };
        return copyExpression(b, equation.getBody().front(), leaf).front();
      };
    }
    variables.push_back(std::move(v));
  }
}

/// A start value that follows from parameters of the synapse.
void UpdateBuilder::initSourceState(Operation *owner, StateOp state, sim::ArrayOp array) {
  KernelBuilder b(state.getLoc(), program.data.getContext());
  std::function<Value(Operation *)> leaf = [&](Operation *op) -> Value {
    auto get = dyn_cast<GetOp>(op);
    if (!get)
      return Value();
    std::string name = variableName(get.getVariable());
    // The start value of another state is its own expression.
    if (auto other = find<StateOp>(synapseOf(owner), name))
      return other.getBody().empty()
                 ? b.number(other.getValue() ? other.getValue()->convertToDouble() : 0.0)
                 : program.evaluate(b, other.getBody().front(), owner, name, leaf);
    sim::ArrayOp home = program.ownedParameter(owner, name);
    return b.get(name, home.getUniform() ? FieldKind::Uniform : FieldKind::Element, home);
  };
  Value value = program.evaluate(b, state.getBody().front(), owner, state.getSymName(), leaf);
  b.set(state.getSymName(), FieldKind::Element, array, value);
  ArrayAttr bind = b.bindings();
  auto kernel = program.intern(b, "start_" + synapseOf(owner).getSymName().str());
  sim::InitOp::create(program.starts, state.getLoc(), kernel.getValue(), p.op.getSymName(), bind,
                      false, DenseI64ArrayAttr());
}

void UpdateBuilder::readSolutions() {
  llvm::StringMap<SolutionAttr> solutions;
  if (auto solve = p.op.getSolve())
    for (Attribute attr : *solve)
      solutions[cast<SolutionAttr>(attr).getState().getValue()] = cast<SolutionAttr>(attr);
  for (Variable &v : variables)
    if (auto found = solutions.find(v.name); found != solutions.end()) {
      v.method = found->second.getMethod();
      v.substeps = found->second.getSubsteps();
    }
}

Value UpdateBuilder::timestep(KernelBuilder &b) {
  return b.get("dt", FieldKind::Uniform, program.dt);
}
Value UpdateBuilder::timeNow(KernelBuilder &b) {
  if (stageTime && &b == &update)
    return stageTime;
  Value step = sim::StepOp::create(b, b.getI64Type());
  return b.mul(arith::SIToFPOp::create(b, b.getF64Type(), step), timestep(b));
}

/// The time of what belongs to a projection or stimulus: that of its events.
Value UpdateBuilder::timeOf(KernelBuilder &b, Operation *owner) {
  auto stimulus = dyn_cast<StimulusOp>(owner);
  Value steps = stimulus ? delayOf(b, stimulus) : Value(), now = timeNow(b);
  if (!steps)
    return now;
  Value late = arith::SIToFPOp::create(b, b.getF64Type(), steps);
  return b.sub(now, b.mul(late, timestep(b)));
}

Value UpdateBuilder::parameter(KernelBuilder &b, StringRef name) {
  sim::ArrayOp array = p.arrays[name];
  return b.get(name, array.getUniform() ? FieldKind::Uniform : FieldKind::Element, array);
}

Value UpdateBuilder::ownedParameter(KernelBuilder &b, Operation *owner, StringRef name) {
  sim::ArrayOp array = program.ownedParameter(owner, name);
  int receptor = p.system->receptorOf(owner);
  // A number would differ between populations that are alike but for other connections.
  std::string label = isa<StimulusOp>(owner) ? (name + "_s").str()
                      : receptor >= 0        ? (name + "_r" + Twine(receptor)).str()
                                             : (name + "_o").str();
  return b.get(label, array.getUniform() ? FieldKind::Uniform : FieldKind::Element, array);
}

Value UpdateBuilder::read(KernelBuilder &b, const Read &r, ArrayRef<Value> states) {
  switch (r.kind) {
  case Read::Kind::State:
  case Read::Kind::ReceptorState:
    for (unsigned i = 0; i < systemSize; ++i) {
      const SystemState &state = p.system->states[i];
      bool mine = r.kind == Read::Kind::State ? state.receptor < 0 : state.receptor == r.index;
      if (mine && StateOp(state.declaration).getSymName() == r.name)
        return states[i];
    }
    return b.number(0.0);
  case Read::Kind::Parameter:
    return parameter(b, r.name);
  case Read::Kind::ReceptorParameter:
    return ownedParameter(b, p.system->receptors[r.index].members.front()->owner(), r.name);
  case Read::Kind::Drive:
  case Read::Kind::DriveSlope:
    // The derived values depend on coefficients only, never on what is held over a step.
    return &b != &update ? b.number(0.0) : drive(b, r.index, r.kind == Read::Kind::DriveSlope);
  case Read::Kind::Noise: {
    Value placeholder = b.number(0.0);
    noises.push_back({r.name, placeholder});
    return placeholder;
  }
  case Read::Kind::Time:
    return timeNow(b);
  case Read::Kind::Timestep:
    return timestep(b);
  case Read::Kind::Index:
    return arith::SIToFPOp::create(b, b.getF64Type(), sim::ElementOp::create(b, b.getI64Type()));
  }
  return Value();
}

Value UpdateBuilder::normal(StringRef stream) {
  Value &value = normals[stream];
  if (!value) {
    StringRef key = update.key("noise", randomKey(p.op.getSymName(), ("noise:" + stream).str()));
    value = sim::NormalOp::create(update, update.getF64Type(), key,
                                  sim::StepOp::create(update, update.getI64Type()));
  }
  return value;
}

Value UpdateBuilder::derived(StringRef label, Value value, bool wide) {
  std::string name = (p.op.getSymName() + ".#" + label).str();
  sim::ArrayOp array = program.array(name, ArrayKind::Derived, p.op.getSymName(), 0.0);
  if (wide)
    array.setWide(true);
  derivedOutputs.push_back({array, value});
  derivedLabels.push_back(label.str());
  // Whether it differs between elements is known when the derive kernel is complete.
  Value got = update.get(label, FieldKind::Uniform, array);
  return got;
}

LogicalResult UpdateBuilder::build() {
  collectSystem();
  collectSourceStates();
  readSolutions();
  std::string key = structure();
  if (auto known = program.sharedUpdates.find(key); known != program.sharedUpdates.end()) {
    reuse(known->second);
    return success();
  }
  remark::analysis(p.op.getLoc(), remark::RemarkOpts::name("kernels").category("neuro-to-sim"))
      << remark::metric("builds the update of", p.op.getSymName());
  for (Variable &v : variables)
    v.start = v.now = update.get(v.label, FieldKind::Element, v.array);
  auto spike = neuron.getBody().getOps<SpikeOp>();
  if (!spike.empty())
    (*spike.begin()).getReset().walk([&](RefractoryOp op) {
      for (Attribute name : op.getHold())
        held.insert(variableName(cast<SymbolRefAttr>(name)));
      if (!refractory) {
        refractoryArray = program.array((p.op.getSymName() + ".#refractory").str(),
                                        ArrayKind::Refractory, p.op.getSymName(), 0.0);
        refractoryArray.setType(update.getI32Type());
        auto symbol = FlatSymbolRefAttr::get(refractoryArray.getSymNameAttr());
        StringRef field =
            update.field("refractory", FieldKind::Element, update.getI32Type(), symbol);
        refractory = sim::GetOp::create(update, update.getI32Type(), field);
        Value zero = arith::ConstantOp::create(update, update.getI32IntegerAttr(0));
        active = arith::CmpIOp::create(update, arith::CmpIPredicate::sle, refractory, zero);
      }
    });
  addIntegrals();
  advance();
  keepBounds();
  hold();
  if (failed(applyJumps()))
    return failure();
  testAndReset();
  if (fires) {
    runSourceHandlers();
    runTargetHandlers();
    emitSpikes();
  }
  runTimers();
  recordLets();
  store();

  // Derived values: one for all elements, unless a parameter differs between them.
  bool apart = derive.readsElements();
  for (auto [i, output] : llvm::enumerate(derivedOutputs)) {
    auto [array, value] = output;
    if (!apart)
      array.setUniform(true);
    derive.set(derivedLabels[i], apart ? FieldKind::Element : FieldKind::Uniform, array, value);
  }
  StringRef owner = p.op.getSymName();
  std::string label = neuron.getSymName().str();
  if (apart)
    update.retarget(FieldKind::Uniform, FieldKind::Element, [&](Attribute bound) {
      auto symbol = dyn_cast<FlatSymbolRefAttr>(bound);
      return symbol && llvm::any_of(derivedOutputs, [&](auto &output) {
               return output.first.getSymNameAttr() == symbol.getAttr();
             });
    });
  // Nothing may be left of a kernel whose values nobody needs.
  sim::DeriveOp derived;
  sim::UpdateOp updated;
  if (ArrayAttr bind = derive.bindings(); !derive.empty()) {
    auto kernel = program.intern(derive, "derive_" + label);
    derived = sim::DeriveOp::create(program.derives, p.op.getLoc(), kernel.getValue(), owner, bind,
                                    !apart, DenseI64ArrayAttr());
  }
  if (ArrayAttr bind = update.bindings(); !update.empty()) {
    auto kernel = program.intern(update, "update_" + label);
    updated = sim::UpdateOp::create(program.updates, p.op.getLoc(), kernel.getValue(), owner, bind,
                                    false, DenseI64ArrayAttr());
  }
  if (!key.empty())
    remember(key, derived, updated);
  return success();
}

void UpdateBuilder::store() {
  for (Variable &v : variables)
    if (v.now != v.start)
      update.set(v.label, FieldKind::Element, v.array, v.now);
}

LogicalResult ProgramBuilder::buildUpdate(PopulationBuild &p) {
  return UpdateBuilder(*this, p).build();
}
