//===- BuildStimulus.cpp - currents, Poisson rates, given spikes (C6) ---===//
#include "passes/neuro-to-sim/UpdateBuilder.h"

#include "passes/neuro/analysis/Expression.h"
#include "runtime/random/Grid.h"

using namespace mlir;
using namespace synfire;
using namespace synfire::neuro;
using sim::ArrayKind;
using sim::FieldKind;

Value UpdateBuilder::drive(KernelBuilder &b, unsigned number, bool slope) {
  const Drive &drive = p.system->drives[number];
  if (!drive.contribution)
    return stimulusCurrent(b, cast<StimulusOp>(drive.owner));
  StringRef part = slope ? "c1" : "c0";
  sim::ArrayOp array = program.arraysByName.lookup((drive.name + "." + part).str());
  std::string label = (part + "_d" + Twine(number)).str();
  Value value = b.get(label, FieldKind::Element, array);
  // The next step's gather starts from zero.
  if (cleared.insert(array).second)
    b.set(label, FieldKind::Element, array, b.number(0.0));
  return value;
}

/// An argument of a stimulus: a number, or an expression of time and element.
Value UpdateBuilder::argument(KernelBuilder &b, StimulusOp stimulus, StringRef name) {
  if (isa_and_nonnull<FloatAttr>(stimulus.getArguments().get(name)))
    return b.get(name, FieldKind::Uniform, program.ownedParameter(stimulus, name));
  for (auto op : stimulus.getBody().getOps<ArgumentOp>()) {
    if (op.getName() != name)
      continue;
    Block &body = op.getBody().front();
    bool drawn = false, moves = false;
    op.getBody().walk([&](Operation *inner) {
      drawn |= isa<DrawOp, ColumnOp>(inner);
      moves |= isa<TimeOp, FrameValueOp, GetOp>(inner);
    });
    if (drawn && !moves)
      return madeAtStart(b, stimulus, name, body, nullptr);
    return program.evaluate(b, body, stimulus, name, [&](Operation *inner) -> Value {
      if (isa<DrawOp, ColumnOp>(inner))
        return madeAtStart(b, stimulus, name, body, inner);
      return present(b, stimulus, inner);
    });
  }
  return b.number(0.0);
}

/// What an argument reads that is not known before the run.
Value UpdateBuilder::present(KernelBuilder &b, StimulusOp stimulus, Operation *read) {
  if (isa<TimeOp>(read)) {
    Value step = arith::SIToFPOp::create(b, b.getF64Type(), eventStep(b, stimulus));
    return b.mul(step, timestep(b));
  }
  if (auto frame = dyn_cast<FrameValueOp>(read))
    return program.frameValue(b, frame, &p);
  if (auto get = dyn_cast<GetOp>(read))
    return parameter(b, variableName(get.getVariable()));
  return Value();
}

/// One number for each element, made when the run starts: an argument of draws and columns, or
/// `read`, one of those that stand in an argument that moves.
Value UpdateBuilder::madeAtStart(KernelBuilder &b, StimulusOp stimulus, StringRef name, Block &body,
                                 Operation *read) {
  SmallVector<Value> made = llvm::to_vector(yieldedValues(body));
  std::string full = (stimulus.getSymName() + "." + name).str();
  if (read) {
    // All are made, in their order, so that each draw keeps its stream.
    made.clear();
    for (Operation &op : body)
      if (isa<DrawOp, ColumnOp>(op))
        made.push_back(op.getResult(0));
    full += ":" + std::to_string(llvm::find(made, read->getResult(0)) - made.begin());
  }
  sim::ArrayOp array = program.arraysByName.lookup(full);
  if (!array) {
    array = program.array(full, ArrayKind::Parameter, p.op.getSymName(), 0.0);
    KernelBuilder start(stimulus.getLoc(), program.data.getContext());
    auto values = program.evaluateAll(start, made, stimulus, name, [&](Operation *inner) {
      return present(start, stimulus, inner);
    });
    size_t number = read ? llvm::find(made, read->getResult(0)) - made.begin() : 0;
    start.set(name, FieldKind::Element, array, values[number]);
    ArrayAttr bind = start.bindings();
    auto kernel = program.intern(start, "start_stimulus");
    sim::InitOp::create(program.starts, stimulus.getLoc(), kernel.getValue(), p.op.getSymName(),
                        bind, false, DenseI64ArrayAttr());
  }
  return b.get(name, FieldKind::Element, array);
}

/// Whether the stimulus acts on this element in this step; null: always.
Value UpdateBuilder::activeStimulus(KernelBuilder &b, StimulusOp stimulus) {
  Value on;
  auto require = [&](Value condition) { on = on ? b.both(on, condition) : condition; };
  Value step = eventStep(b, stimulus);
  auto compare = [&](arith::CmpIPredicate predicate, Value x, Value y) {
    return arith::CmpIOp::create(b, predicate, x, y);
  };
  auto steps = [&](double ms) { return runtime::toSteps(ms, program.stepMs()).steps; };
  if (delayOf(b, stimulus))
    require(hasBegun(b, stimulus));
  if (auto start = stimulus.getStart())
    require(compare(arith::CmpIPredicate::sge, step,
                    b.datum("start", steps(start->convertToDouble()))));
  if (auto stop = stimulus.getStop())
    require(
        compare(arith::CmpIPredicate::slt, step, b.datum("stop", steps(stop->convertToDouble()))));
  if (auto during = stimulus.getDuring()) {
    Value since = step;
    if (auto name = stimulus.getFrames()) {
      int64_t period = program.framePeriod(program.frames[*name].op);
      since = arith::RemSIOp::create(b, step, b.datum("period", period));
    }
    require(compare(arith::CmpIPredicate::sge, since, b.datum("from", steps((*during)[0]))));
    require(compare(arith::CmpIPredicate::slt, since, b.datum("to", steps((*during)[1]))));
  }
  ArrayRef<int64_t> elements = stimulus.getTarget().getElements();
  if (!elements.empty()) {
    Value number = sim::ElementOp::create(b, b.getI64Type());
    Value inside;
    for (size_t i = 0; i + 1 < elements.size(); i += 2) {
      Value low = compare(arith::CmpIPredicate::sge, number, b.datum("first", elements[i]));
      Value high = compare(arith::CmpIPredicate::sle, number, b.datum("last", elements[i + 1]));
      Value range = b.both(low, high);
      inside = inside ? Value(arith::OrIOp::create(b, inside, range)) : range;
    }
    require(inside);
  }
  return on;
}

Value UpdateBuilder::stimulusCurrent(KernelBuilder &b, StimulusOp stimulus) {
  Value current;
  if (stimulus.getKind() == StimulusKind::NoiseCurrent) {
    double every = program.stepMs();
    if (auto number = dyn_cast_or_null<FloatAttr>(stimulus.getArguments().get("every")))
      every = number.getValueAsDouble();
    int64_t period = std::max<int64_t>(1, runtime::toSteps(every, program.stepMs()).steps);
    Value draw = sim::StepOp::create(b, b.getI64Type());
    draw = arith::DivSIOp::create(b, draw, b.datum("every", period));
    StringRef key = b.key("noise_current", randomKey(stimulus.getSymName(), "noise_current"));
    Value deviate = sim::NormalOp::create(b, b.getF64Type(), key, draw);
    current = b.add(argument(b, stimulus, "mean"), b.mul(argument(b, stimulus, "sd"), deviate));
  } else {
    current = argument(b, stimulus, "amplitude");
  }
  if (Value on = activeStimulus(b, stimulus))
    current = b.select(on, current, b.number(0.0));
  return current;
}

/// Spikes given by their times come from a hidden domain, one source per target element.
LogicalResult ProgramBuilder::buildSpikeStimulus(StimulusOp stimulus) {
  PopulationBuild &p = targetBuild(stimulus);
  const Lumping *lumping = lumpings.lookup(stimulus);
  if (!lumping)
    return stimulus.emitError("spikes act through a synapse; add `through` and the name of one");
  SmallVector<int64_t> elements(stimulus.getTarget().getElements());
  if (elements.empty())
    elements = {0, int64_t(p.op.getSize()) - 1};
  std::string name = stimulus.getSymName().str(), hidden = "#" + name;
  sim::DomainOp::create(data, stimulus.getLoc(), data.getStringAttr(hidden),
                        data.getI64IntegerAttr(p.op.getSize()), data.getI64IntegerAttr(0),
                        IntegerAttr(), ArrayAttr(), data.getUnitAttr(), FlatSymbolRefAttr());
  auto connections = sim::ConnectionsOp::create(
      data, stimulus.getLoc(), name, hidden, p.op.getSymName(), sim::Rule::OneToOne,
      data.getDictionaryAttr({}), ElementsAttr(), FloatAttr(), true, false, DenseI64ArrayAttr(),
      DenseI64ArrayAttr(), FloatAttr(), data.getI64IntegerAttr(0), IntegerAttr(), StringAttr(),
      sim::Layout::BySource,
      /*hidden=*/false, ElementsAttr(), IntegerAttr());
  connections.setHidden(true);
  connectionsOf[stimulus] = connections;
  std::vector<std::pair<double, int32_t>> spikes;
  // Times count from the grid, and so do delays.
  auto delay = dyn_cast_or_null<FloatAttr>(stimulus.getSet().get("delay"));
  auto acts = [&](double time) {
    if (!delay)
      return time;
    int64_t steps = std::max<int64_t>(1, runtime::toSteps(time, stepMs()).steps);
    return double(steps + runtime::toSteps(delay.getValueAsDouble(), stepMs()).steps) * stepMs();
  };
  auto arguments = stimulus.getArguments();
  if (auto table = stimulus.getTable()) {
    auto op = stimulus->getParentOfType<ModuleOp>().lookupSymbol<TableOp>(*table);
    if (!op)
      op = dyn_cast_or_null<TableOp>(SymbolTable::lookupSymbolIn(circuit, *table));
    auto column = [&](StringRef which) {
      return cast<DenseElementsAttr>(op.getColumns().get(which)).getValues<double>();
    };
    // Elements are those of the population; rows of others than the selected ones are not meant.
    for (auto [element, time] : llvm::zip(column("element"), column("time")))
      for (size_t i = 0; i + 1 < elements.size(); i += 2)
        if (int64_t(element) >= elements[i] && int64_t(element) <= elements[i + 1])
          spikes.push_back({acts(time), static_cast<int32_t>(element)});
  } else if (auto times = dyn_cast_or_null<DenseF64ArrayAttr>(arguments.get("times"))) {
    for (size_t i = 0; i + 1 < elements.size(); i += 2)
      for (int64_t e = elements[i]; e <= elements[i + 1]; ++e)
        for (double time : times.asArrayRef())
          spikes.push_back({acts(time), static_cast<int32_t>(e)});
  }
  llvm::sort(spikes);
  SmallVector<double> times;
  SmallVector<int32_t> numbers;
  for (auto [time, element] : spikes) {
    times.push_back(time);
    numbers.push_back(element);
  }
  auto tensor = [&](Type type) { return RankedTensorType::get({int64_t(times.size())}, type); };
  auto list = sim::SpikeListOp::create(
      data, stimulus.getLoc(), name + "#times", name,
      DenseElementsAttr::get(tensor(data.getF64Type()), ArrayRef<double>(times)),
      DenseElementsAttr::get(tensor(data.getI32Type()), ArrayRef<int32_t>(numbers)),
      /*delays=*/nullptr);
  if (findInit(stimulus, "delay"))
    list.setDelaysAttr(FlatSymbolRefAttr::get(delaySteps(stimulus).getSymNameAttr()));
  if (!hasOwnEvents(*lumping))
    return deliver(connections, p, *lumping);
  // Handlers with states of their own run in the update: what is delivered is the number of events.
  sim::AccumulatorOp given = givenEvents[stimulus] = accumulator(p, name + ".#given");
  KernelBuilder b(stimulus.getLoc(), data.getContext());
  b.field("rows", FieldKind::Rows, b.getI32Type(),
          FlatSymbolRefAttr::get(connections.getSymNameAttr()));
  StringRef ring = b.field("ring", FieldKind::Ring, b.getI64Type(),
                           FlatSymbolRefAttr::get(given.getSymNameAttr()));
  Value one = sim::RoundOp::create(b, b.getI64Type(), b.number(1.0));
  sim::SendOp::create(b, ring, one);
  ArrayAttr bind = b.bindings();
  auto kernel = intern(b, "deliver_given");
  sim::DeliverOp::create(delivers, stimulus.getLoc(), kernel.getValue(), name, bind);
  return success();
}
