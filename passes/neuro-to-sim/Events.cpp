//===- Events.cpp - phases 2 to 4 of the grid: jumps, spike rule, handlers at the source ---===//
#include "passes/neuro-to-sim/UpdateBuilder.h"

#include "passes/neuro-to-sim/Arrivals.h"
#include "passes/neuro-to-sim/PostReads.h"
#include "passes/neuro/analysis/Expression.h"
#include "passes/neuro/analysis/SolverChoice.h"
#include "passes/neuro/analysis/Split.h"
#include "runtime/random/Grid.h"

using namespace mlir;
using namespace synfire;
using namespace synfire::neuro;
using sim::FieldKind;

namespace {
Value sum(KernelBuilder &b, Value x, Value y) {
  return x ? Value(arith::AddIOp::create(b, x, y)) : y;
}
} // namespace

/// What an equation moved stays inside its bounds (P3).
void UpdateBuilder::keepBounds() {
  for (BoundOp bound : neuron.getBody().getOps<BoundOp>())
    for (Variable &v : variables) {
      if (v.name != bound.getVariable())
        continue;
      std::vector<Value> now;
      for (const Variable &other : variables)
        now.push_back(other.now);
      auto ends = p.system->emitNeuronExpression(
          update, bound.getBody().front(), [&](const Read &r) { return read(update, r, now); });
      v.now = arith::MaximumFOp::create(update, v.now, ends[0]);
      v.now = arith::MinimumFOp::create(update, v.now, ends[1]);
    }
}

/// While a cell is refractory, the states that it holds keep their values (N5).
void UpdateBuilder::hold() {
  if (!refractory)
    return;
  for (unsigned i = 0; i < systemSize; ++i)
    if (held.contains(variables[i].name) && variables[i].now != variables[i].start)
      variables[i].now = update.select(active, variables[i].now, variables[i].start);
}

/// Events that arrive at t + dt, each computed from the values before any of them (S1).
LogicalResult UpdateBuilder::applyJumps() {
  if (failed(stimulusEvents()))
    return failure();
  std::vector<Value> before;
  for (const Variable &v : variables)
    before.push_back(v.now);
  for (Jump &jump : p.jumps) {
    Value total = pending.lookup(jump.accumulator);
    if (program.isSentTo(jump)) {
      StringRef ring = update.field("ring", FieldKind::Ring, update.getI64Type(),
                                    FlatSymbolRefAttr::get(jump.accumulator.getSymNameAttr()));
      total = sum(update, total, sim::CollectOp::create(update, update.getI64Type(), ring));
    }
    if (!total)
      continue;
    Location place = jump.lumping ? jump.lumping->owner()->getLoc() : update.getLoc();
    KernelBuilder::At here(update, place);
    auto inverse = program.arraysByName.lookup(jump.accumulator.getInverse());
    Value amount = arith::SIToFPOp::create(update, update.getF64Type(), total);
    amount = update.mul(amount, update.get("inverse", FieldKind::Uniform, inverse));
    if (jump.arrival) {
      Value factor =
          targetPart(update, *jump.lumping, {jump.arrival, true}, [&](GetOp get) -> Value {
            std::string name = variableName(get.getVariable());
            if (get.getSide() == Side::Post)
              return p.system->emitNeuronVariable(update, get.getLoc(), name, [&](const Read &r) {
                return read(update, r, before);
              });
            return ownedParameter(update, jump.lumping->owner(), name);
          });
      if (factor)
        amount = update.mul(amount, factor);
    }
    for (unsigned i = 0; i < systemSize; ++i) {
      Variable &v = variables[i];
      if (v.name != jump.state)
        continue;
      Value moved = update.add(v.now, amount);
      v.now = refractory && held.contains(v.name) ? update.select(active, moved, v.now) : moved;
    }
  }
  return success();
}

void UpdateBuilder::testAndReset() {
  auto rules = neuron.getBody().getOps<SpikeOp>();
  if (rules.empty())
    return;
  SpikeOp rule = *rules.begin();
  KernelBuilder::At here(update, rule.getLoc());
  auto now = [&] {
    std::vector<Value> result;
    for (const Variable &v : variables)
      result.push_back(v.now);
    return result;
  };
  auto sides = [&](std::vector<Value> at) {
    return p.system->emitNeuronExpression(update, rule.getCondition().front(),
                                          [&](const Read &r) { return read(update, r, at); });
  };
  auto after = sides(now());
  bool crosses = rule.getTest() == SpikeTest::Crosses;
  auto predicate = crosses ? arith::CmpFPredicate::OGT : arith::CmpFPredicate::OGE;
  fires = arith::CmpFOp::create(update, predicate, after[0], after[1]);
  if (crosses) {
    auto before = sides(values());
    fires = update.both(
        fires, arith::CmpFOp::create(update, arith::CmpFPredicate::OLE, before[0], before[1]));
  }
  if (refractory)
    fires = update.both(fires, active);

  Value left;
  if (refractory) {
    Value one = arith::ConstantOp::create(update, update.getI32IntegerAttr(1));
    Value zero = arith::ConstantOp::create(update, update.getI32IntegerAttr(0));
    left = arith::MaxSIOp::create(update, arith::SubIOp::create(update, refractory, one), zero);
  }
  for (Operation &op : rule.getReset().front()) {
    runStatement(&op, fires);
    if (auto hold = dyn_cast<RefractoryOp>(op)) {
      KernelBuilder::At there(update, hold.getLoc());
      // A time becomes steps by rounding to the nearest, halves up.
      Value steps = update.div(valueOf(hold.getDuration()), timestep(update));
      steps = math::FloorOp::create(update, update.add(steps, update.number(0.5)));
      Value whole = sim::RoundOp::create(update, update.getI64Type(), steps);
      whole = arith::TruncIOp::create(update, update.getI32Type(), whole);
      left = update.select(fires, whole, left);
    }
  }
  if (refractory) {
    auto symbol = FlatSymbolRefAttr::get(refractoryArray.getSymNameAttr());
    StringRef field = update.field("refractory", FieldKind::Element, update.getI32Type(), symbol);
    sim::SetOp::create(update, field, left);
  }
}

/// A value of the cell in a handler, where the time is that which the step has reached.
Value UpdateBuilder::valueOf(Value value) {
  std::vector<Value> now;
  for (const Variable &v : variables)
    now.push_back(v.now);
  return copyValues(update, {value},
                    [&](Operation *op) -> Value {
                      if (isa<TimeOp>(op))
                        return update.add(timeNow(update), timestep(update));
                      auto get = dyn_cast<GetOp>(op);
                      return get ? p.system->emitNeuronVariable(
                                       update, op->getLoc(), variableName(get.getVariable()),
                                       [&](const Read &r) { return read(update, r, now); })
                                 : Value();
                    })
      .front();
}

/// An assignment to a state of the cell, where `when` holds.
void UpdateBuilder::runStatement(Operation *op, Value when) {
  auto set = dyn_cast<SetOp>(op);
  auto add = dyn_cast<AddOp>(op);
  if (!set && !add)
    return;
  KernelBuilder::At here(update, op->getLoc());
  std::string name = variableName(set ? set.getVariable() : add.getVariable());
  Value value = valueOf(set ? set.getValue() : add.getValue());
  for (unsigned i = 0; i < systemSize; ++i)
    if (Variable &v = variables[i]; v.name == name)
      v.now = update.select(when, set ? value : update.add(v.now, value), v.now);
}

/// Timers of rules that are attached to the population follow the handlers (phase 4).
void UpdateBuilder::runTimers() {
  for (EveryOp every : neuron.getBody().getOps<EveryOp>()) {
    KernelBuilder::At here(update, every.getLoc());
    int64_t steps = runtime::toSteps(every.getPeriod()->convertToDouble(), program.stepMs()).steps;
    auto number = [&](int64_t n) {
      return arith::ConstantOp::create(update, update.getI64IntegerAttr(n)).getResult();
    };
    Value step = sim::StepOp::create(update, update.getI64Type());
    Value rest = arith::RemSIOp::create(update, arith::AddIOp::create(update, step, number(1)),
                                        number(std::max<int64_t>(1, steps)));
    Value due = arith::CmpIOp::create(update, arith::CmpIPredicate::eq, rest, number(0));
    for (Operation &op : every.getBody().front())
      runStatement(&op, due);
  }
}

/// The number of the spike, from 0, and the steps since the one before, or since the start.
std::array<Value, 2> UpdateBuilder::countSpikes() {
  if (!spikeNumbers[0]) {
    auto countArray = program.spikeMemory(p, "#spikes_before");
    auto lastArray = program.spikeMemory(p, "#last_spike");
    Value count = update.get("spikes_before", FieldKind::Element, countArray);
    Value last = update.get("last_spike", FieldKind::Element, lastArray);
    Value one = arith::ConstantOp::create(update, update.getI64IntegerAttr(1));
    Value step = sim::StepOp::create(update, update.getI64Type());
    Value stamp = arith::SIToFPOp::create(update, update.getF64Type(),
                                          arith::AddIOp::create(update, step, one));
    spikeNumbers = {count, update.sub(stamp, last)};
    update.set("spikes_before", FieldKind::Element, countArray,
               update.select(fires, update.add(count, update.number(1.0)), count));
    update.set("last_spike", FieldKind::Element, lastArray, update.select(fires, stamp, last));
  }
  return spikeNumbers;
}

Value UpdateBuilder::endState(ProjectionOp projection, StringRef state) {
  std::string full = connectionStateName(projection.getSymName(), state);
  for (const Variable &v : variables)
    if (v.name == full)
      return v.now;
  return Value();
}

void UpdateBuilder::runEndHandler(ProjectionOp projection, const Lumping &lumping, OnOp on,
                                  llvm::function_ref<void(GetOp, Value)> latch) {
  SynapseOp synapse = synapseOf(projection);
  bool pre = on.getTrigger() == Trigger::Pre;
  auto isHere = [&](StringRef state) {
    return pre ? isSourceSide(lumping, state) : isPostSide(lumping, state);
  };
  auto now = [&] {
    std::vector<Value> result;
    for (const Variable &v : variables)
      result.push_back(v.now);
    return result;
  };
  auto valueOfRead = [&](GetOp get) -> Value {
    std::string name = variableName(get.getVariable());
    if (get.getSide() == Side::Pre)
      return p.system->emitNeuronVariable(update, get.getLoc(), name,
                                          [&](const Read &r) { return read(update, r, now()); });
    if (Value value = endState(projection, name))
      return value;
    return ownedParameter(update, projection, name);
  };
  DenseMap<Operation *, Value> reads; // as they were where they stand
  on.getBody().walk<WalkOrder::PreOrder>([&](Operation *op) {
    if (auto get = dyn_cast<GetOp>(op)) {
      std::string name = variableName(get.getVariable());
      bool mine = get.getSide() == (pre ? Side::Pre : Side::Post);
      if (get.getSide() == Side::Self)
        mine =
            isHere(name) || (find<ParameterOp>(synapse, name) && lumping.sharing().isShared(name));
      if (mine && (pre || get.getSide() == Side::Self))
        reads[op] = valueOfRead(get);
      latch(get, reads.lookup(op));
      return;
    }
    std::string name;
    Value value;
    if (auto set = dyn_cast<SetOp>(op)) {
      name = variableName(set.getVariable());
      value = set.getValue();
    } else if (auto add = dyn_cast<AddOp>(op); add && add.getSide() == Side::Self) {
      name = variableName(add.getVariable());
      value = add.getValue();
    }
    if (name.empty() || !isHere(name))
      return;
    Value x =
        copyValues(update, {value}, [&](Operation *leaf) { return reads.lookup(leaf); }).front();
    std::string full = connectionStateName(projection.getSymName(), name);
    for (Variable &v : variables)
      if (v.name == full)
        v.now = update.select(fires, isa<AddOp>(op) ? update.add(v.now, x) : x, v.now);
  });
}

/// Handlers of what lives at the source, and the values that the spike carries (phase 4).
void UpdateBuilder::runSourceHandlers() {
  for (ProjectionOp projection : p.outgoing) {
    const Lumping &lumping = program.lumpingOf(projection);
    auto &latched = program.latchedReads(projection);
    for (OnOp on : synapseOf(projection).getBody().getOps<OnOp>())
      if (on.getTrigger() == Trigger::Pre)
        runEndHandler(projection, lumping, on, [&](GetOp get, Value value) {
          if (llvm::is_contained(latched, get))
            carry(value, get.getLoc());
        });
    if (!actsByItself(lumping))
      continue;
    for (Value number : countSpikes())
      carry(number, projection.getLoc());
    for (StringRef state : program.postReads(lumping).afterPre) {
      sim::ArrayOp array = program.valueAfterSpike(projection, state);
      std::string label = (state + "_after_" + Twine(payload.size())).str();
      Value before = update.get(label, FieldKind::Element, array);
      carry(before, projection.getLoc());
      update.set(label, FieldKind::Element, array,
                 update.select(fires, endState(projection, state), before));
    }
  }
}

/// The same for what lives at the target of connections that follow its spikes.
void UpdateBuilder::runTargetHandlers() {
  bool remembers = false;
  unsigned before = payload.size();
  for (const auto &lumping : p.system->incoming()) {
    auto projection = dyn_cast<ProjectionOp>(lumping->owner());
    if (!projection || !lumping->hasPostHandlers())
      continue;
    remembers = true;
    PostReads reads(*lumping);
    for (OnOp on : synapseOf(projection).getBody().getOps<OnOp>())
      if (on.getTrigger() == Trigger::Post)
        runEndHandler(projection, *lumping, on, [&](GetOp get, Value value) {
          if (llvm::is_contained(reads.remembered, get))
            carry(value, get.getLoc());
        });
    for (StringRef state : reads.afterPost)
      carry(endState(projection, state), projection.getLoc());
  }
  if (remembers)
    p.domain.setRemembers(payload.size() - before);
}

void UpdateBuilder::carry(Value value, Location place) {
  if (payload.empty())
    firstCarried = place;
  payload.push_back(value);
}

void UpdateBuilder::emitSpikes() {
  KernelBuilder::At here(update, firstCarried.value_or(update.getLoc()));
  p.domain.setPayloads(payload.size());
  StringRef emit = update.field("spikes", FieldKind::Emit, update.getI32Type(),
                                FlatSymbolRefAttr::get(p.domain.getSymNameAttr()));
  sim::EmitOp::create(update, emit, fires, payload);
}

/// Lets and inputs that are recorded become arrays, written at the end of every step.
void UpdateBuilder::recordLets() {
  std::vector<Value> now;
  for (const Variable &v : variables)
    now.push_back(v.now);
  program.experiment.walk([&](RecordOp record) {
    if (record.getKind() != RecordKind::Value || !record.getVariable())
      return;
    bool mine = llvm::any_of(record.getSources(), [&](Attribute source) {
      return cast<RefAttr>(source).getPopulation().getValue() == p.op.getSymName();
    });
    std::string name = variableName(*record.getVariable());
    Operation *declaration = findDeclaration(neuron, name);
    if (!mine || !isa_and_nonnull<LetOp, InputOp>(declaration) || p.arrays.contains(name))
      return;
    auto unit = declaration->getAttrOfType<StringAttr>("unit");
    auto array = program.array((p.op.getSymName() + "." + name).str(), sim::ArrayKind::History,
                               p.op.getSymName(), 0.0, unit);
    p.arrays[name] = array;
    Value value = p.system->emitNeuronVariable(update, record.getLoc(), name,
                                               [&](const Read &r) { return read(update, r, now); });
    update.set(name, FieldKind::Element, array, value);
  });
}
