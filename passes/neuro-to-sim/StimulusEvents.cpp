//===- StimulusEvents.cpp - the events of stimuli, in the update of what they act on (C6) ---===//
#include "passes/neuro-to-sim/UpdateBuilder.h"

#include "passes/neuro-to-sim/Arrivals.h"
#include "passes/neuro/analysis/Expression.h"
#include "passes/neuro/analysis/SolverChoice.h"
#include "runtime/random/Grid.h"

using namespace mlir;
using namespace synfire;
using namespace synfire::neuro;
using sim::FieldKind;

namespace {

Value sum(KernelBuilder &b, Value x, Value y) {
  return x ? Value(arith::AddIOp::create(b, x, y)) : y;
}

bool draws(const Lumping &lumping) {
  bool found = false;
  for (OnOp on : lumping.synapse().getBody().getOps<OnOp>())
    on.walk([&](ReleaseOp) { found = true; });
  return found;
}

/// What one event does to the values that run on from event to event.
struct EventHandler {
  KernelBuilder &b;
  const Lumping &lumping;
  ArrayRef<Arrival> arrivals;
  llvm::MapVector<StringRef, Value> states;
  SmallVector<Value> sums; ///< of what arrives, in units of its grid
  Value number;            ///< of the event, where it draws
  std::function<Value(StringRef)> parameter;
  std::function<Value(const Arrival &, Value)> whole;
  DenseMap<Operation *, Value> reads; // as they were where they stand

  void run(Block &block, Value released);
  Value chance(ReleaseOp release);
};

Value EventHandler::chance(ReleaseOp release) {
  StringRef key = b.key("release", randomKey(nameOf(lumping.owner()), releasePurpose(release)));
  Value draw = arith::FPToSIOp::create(b, b.getI64Type(), number);
  return sim::ChanceOp::create(b, b.getF64Type(), key, draw);
}

void EventHandler::run(Block &block, Value released) {
  auto leaf = [&](Operation *op) { return reads.lookup(op); };
  for (Operation &op : block) {
    if (auto get = dyn_cast<GetOp>(op); get && get.getSide() == Side::Self) {
      std::string name = variableName(get.getVariable());
      if (auto state = states.find(name); state != states.end())
        reads[&op] = state->second;
      else if (find<ParameterOp>(lumping.synapse(), name))
        reads[&op] = parameter(name);
      continue;
    }
    if (auto release = dyn_cast<ReleaseOp>(op)) {
      Value p = copyValues(b, release.getProbability(), leaf).front();
      Value happens = arith::CmpFOp::create(b, arith::CmpFPredicate::OLT, chance(release), p);
      run(release.getBody().front(), released ? b.both(released, happens) : happens);
      continue;
    }
    auto arrival = llvm::find_if(arrivals, [&](auto &a) { return a.statement == &op; });
    if (arrival != arrivals.end()) {
      Value amount = connectionPart(b, lumping, *arrival, leaf);
      if (released)
        amount = b.select(released, amount, b.number(0.0));
      Value &total = sums[arrival - arrivals.begin()];
      total = arith::AddIOp::create(b, whole(*arrival, amount), total);
      continue;
    }
    auto set = dyn_cast<SetOp>(op);
    auto add = dyn_cast<AddOp>(op);
    if (!set && !add)
      continue;
    Value value = copyValues(b, {set ? set.getValue() : add.getValue()}, leaf).front();
    std::string name = variableName(set ? set.getVariable() : add.getVariable());
    Value &state = states.find(name)->second;
    Value next = set ? value : b.add(state, value);
    state = released ? b.select(released, next, state) : next;
  }
}

} // namespace

bool synfire::hasOwnEvents(const Lumping &lumping) {
  return draws(lumping) || llvm::any_of(lumping.states(), [](const StatePlacement &place) {
           return place.place == neuro::Placement::Source;
         });
}

Value UpdateBuilder::amountOf(KernelBuilder &b, StimulusOp stimulus, Arrival arrival) {
  const Lumping &lumping = program.lumpingOf(stimulus);
  return connectionPart(b, lumping, arrival, [&](Operation *op) -> Value {
    auto get = dyn_cast<GetOp>(op);
    return get ? ownedParameter(b, stimulus, variableName(get.getVariable())) : Value();
  });
}

/// The delays of a stimulus in steps, where they differ between its elements.
sim::ArrayOp ProgramBuilder::delaySteps(StimulusOp stimulus) {
  std::string name = (stimulus.getSymName() + ".#delay").str();
  if (sim::ArrayOp known = arraysByName.lookup(name))
    return known;
  StringRef over = targetBuild(stimulus).op.getSymName();
  sim::ArrayOp delays = ownedParameter(stimulus, "delay");
  delays.setWide(true);
  sim::ArrayOp made = array(name, sim::ArrayKind::Parameter, over, 0.0);
  // As `toSteps` rounds; a time before the event is none.
  KernelBuilder b(stimulus.getLoc(), data.getContext());
  Value exact =
      b.div(b.get("delay", FieldKind::Element, delays), b.get("dt", FieldKind::Uniform, dt));
  Value whole = math::FloorOp::create(b, exact);
  Value isUp =
      arith::CmpFOp::create(b, arith::CmpFPredicate::OGE, b.sub(exact, whole), b.number(0.5));
  Value steps = b.select(isUp, b.add(whole, b.number(1.0)), whole);
  b.set("steps", FieldKind::Element, made, arith::MaximumFOp::create(b, steps, b.number(0.0)));
  ArrayAttr bind = b.bindings();
  auto kernel = intern(b, "start_delays");
  sim::InitOp::create(starts, stimulus.getLoc(), kernel.getValue(), over, bind, false,
                      DenseI64ArrayAttr());
  return made;
}

Value UpdateBuilder::delayOf(KernelBuilder &b, StimulusOp stimulus) {
  if (findInit(stimulus, "delay"))
    return arith::FPToSIOp::create(
        b, b.getI64Type(), b.get("delay", FieldKind::Element, program.delaySteps(stimulus)));
  auto delay = dyn_cast_or_null<FloatAttr>(stimulus.getSet().get("delay"));
  int64_t steps = delay ? runtime::toSteps(delay.getValueAsDouble(), program.stepMs()).steps : 0;
  return steps ? b.datum("delay", steps) : Value();
}

Value UpdateBuilder::eventStep(KernelBuilder &b, StimulusOp stimulus) {
  Value step = sim::StepOp::create(b, b.getI64Type()), delay = delayOf(b, stimulus);
  return delay ? Value(arith::SubIOp::create(b, step, delay)) : step;
}

Value UpdateBuilder::hasBegun(KernelBuilder &b, StimulusOp stimulus) {
  return arith::CmpIOp::create(b, arith::CmpIPredicate::sge, eventStep(b, stimulus),
                               b.datum("origin", 0));
}

/// The table of a Poisson stimulus whose elements have one rate, and what it follows from.
sim::PoissonOp UpdateBuilder::declareTable(StimulusOp stimulus) {
  auto derived = [&](StringRef what) {
    sim::ArrayOp array =
        program.uniform((stimulus.getSymName() + ".#" + what).str(), sim::ArrayKind::Derived, 0.0);
    array.setWide(true);
    return array.getSymName();
  };
  StringRef mean = derived("mean"), expMean = derived("exp_mean");
  return sim::PoissonOp::create(program.data, stimulus.getLoc(), stimulus.getSymName(), mean,
                                expMean, ElementsAttr());
}

/// How many events of a Poisson stimulus act on the element in this step; `table` names the drive
/// where all elements have one rate.
Value UpdateBuilder::poissonCount(StimulusOp stimulus, StringRef &table) {
  StringRef name = stimulus.getSymName();
  StringRef key = update.key("poisson", randomKey(name, "poisson"));
  Value draw = eventStep(update, stimulus), count;
  // A table serves elements that draw in the same step.
  if (isa_and_nonnull<FloatAttr>(stimulus.getArguments().get("rate")) &&
      !findInit(stimulus, "delay")) {
    sim::ArrayOp rateArray = program.ownedParameter(stimulus, "rate");
    Value mean = derive.mul(derive.get("rate", FieldKind::Uniform, rateArray), timestep(derive));
    sim::PoissonOp drive = declareTable(stimulus);
    auto keep = [&](StringRef what, StringRef array, Value value) {
      derive.set(what, FieldKind::Uniform, program.arraysByName.lookup(array), value);
    };
    keep("mean_s", drive.getMean(), mean);
    keep("exp_mean_s", drive.getExpMean(),
         math::ExpOp::create(derive, arith::NegFOp::create(derive, mean)));
    table = drive.getSymName();
    StringRef field = update.field("table", FieldKind::Poisson, update.getI32Type(),
                                   FlatSymbolRefAttr::get(drive.getSymNameAttr()));
    count = sim::CountOp::create(update, update.getI32Type(), key, draw,
                                 FlatSymbolRefAttr::get(update.getContext(), field), Value());
  } else {
    Value mean = update.mul(argument(update, stimulus, "rate"), timestep(update));
    count = sim::CountOp::create(update, update.getI32Type(), key, draw, FlatSymbolRefAttr(), mean);
  }
  if (Value on = activeStimulus(update, stimulus)) {
    Value none = arith::ConstantOp::create(update, update.getI32IntegerAttr(0));
    count = arith::SelectOp::create(update, on, count, none);
  }
  return count;
}

LogicalResult UpdateBuilder::stimulusEvents() {
  for (const auto &lumping : p.system->incoming()) {
    auto stimulus = dyn_cast<StimulusOp>(lumping->owner());
    if (!stimulus)
      continue;
    KernelBuilder::At here(update, stimulus.getLoc());
    bool states = hasOwnEvents(*lumping);
    StringRef table;
    if (stimulus.getKind() == StimulusKind::Spikes) {
      sim::AccumulatorOp given = program.givenEvents.lookup(stimulus);
      if (!given)
        continue; // delivered like events of connections
      StringRef ring = update.field("given", FieldKind::Ring, update.getI64Type(),
                                    FlatSymbolRefAttr::get(given.getSymNameAttr()));
      Value count = sim::CollectOp::create(update, update.getI64Type(), ring);
      handleEvents(stimulus, *lumping, arith::TruncIOp::create(update, update.getI32Type(), count),
                   table);
    } else if (Value count = poissonCount(stimulus, table); states) {
      handleEvents(stimulus, *lumping, count, table);
    } else {
      // A count is never negative; that its upper half is 0 makes the products below cheaper.
      Value events = arith::ExtUIOp::create(update, update.getI64Type(), count);
      for (const Arrival &arrival : lumping->arrivals()) {
        Jump &jump = program.jumpFor(p, *lumping, arrival);
        Value whole = program.wholeAmount(update, jump, stimulus, arrival, *lumping,
                                          amountOf(update, stimulus, arrival), table);
        Value &pendingSum = pending[jump.accumulator];
        pendingSum = sum(update, pendingSum, arith::MulIOp::create(update, events, whole));
      }
    }
  }
  return success();
}

void UpdateBuilder::handleEvents(StimulusOp stimulus, const Lumping &lumping, Value count,
                                 StringRef table) {
  SmallVector<Variable *> states;
  SmallVector<Value> start; // states, sums, the number of events so far
  // Their time is that of the events.
  Value begun = delayOf(update, stimulus) ? hasBegun(update, stimulus) : Value();
  for (Variable &v : variables)
    if (v.owner == stimulus) {
      if (begun && v.now != v.start)
        v.now = update.select(begun, v.now, v.start);
      states.push_back(&v);
      start.push_back(v.now);
    }
  ArrayRef<Arrival> arrivals = lumping.arrivals();
  for (size_t i = 0; i < arrivals.size(); ++i)
    start.push_back(arith::ConstantOp::create(update, update.getI64IntegerAttr(0)));
  sim::ArrayOp numbers;
  if (draws(lumping)) {
    numbers = program.array((stimulus.getSymName() + ".#events").str(), sim::ArrayKind::History,
                            p.op.getSymName(), 0.0);
    numbers.setWide(true);
    start.push_back(update.get("events", FieldKind::Element, numbers));
  }
  auto events = sim::RepeatOp::create(update, ValueRange(start).getTypes(), count, start);
  Block &block = events.getBody().emplaceBlock();
  {
    OpBuilder::InsertionGuard guard(update);
    update.setInsertionPointToStart(&block);
    for (Value value : start)
      block.addArgument(value.getType(), stimulus.getLoc());
    EventHandler handler{update,
                         lumping,
                         arrivals,
                         {},
                         {},
                         numbers ? block.getArguments().back() : Value(),
                         [&](StringRef name) { return ownedParameter(update, stimulus, name); },
                         [&](const Arrival &arrival, Value amount) {
                           return program.wholeAmount(update, program.jumpFor(p, lumping, arrival),
                                                      stimulus, arrival, lumping, amount, table);
                         },
                         DenseMap<Operation *, Value>()};
    for (auto [k, state] : llvm::enumerate(states))
      handler.states[StringRef(state->name).rsplit('.').second] = block.getArgument(k);
    for (size_t k = 0; k < arrivals.size(); ++k)
      handler.sums.push_back(block.getArgument(states.size() + k));
    for (OnOp on : lumping.synapse().getBody().getOps<OnOp>())
      handler.run(on.getBody().front(), Value());
    SmallVector<Value> after;
    for (auto &state : handler.states)
      after.push_back(state.second);
    llvm::append_range(after, handler.sums);
    if (numbers)
      after.push_back(update.add(handler.number, update.number(1.0)));
    sim::YieldOp::create(update, after);
  }
  for (auto [k, state] : llvm::enumerate(states))
    state->now = events.getResult(k);
  for (auto [k, arrival] : llvm::enumerate(arrivals)) {
    Value &pendingSum = pending[program.jumpFor(p, lumping, arrival).accumulator];
    pendingSum = sum(update, pendingSum, events.getResult(states.size() + k));
  }
  if (numbers)
    update.set("events", FieldKind::Element, numbers, events.getResults().back());
}
