//===- BuildHandle.cpp - connections with states or chances of their own ---===//
//
// A synapse state that differs from connection to connection is stored for each, as it was after
// the last spike that the connection has seen, and advanced when the next one comes: it decays
// towards a constant, so one expression serves any time between. The time is that between two
// spikes of the source, which the spike carries with it, as it carries its number for random
// numbers (D1).
//
// Plasticity works the same way. When a spike of the source comes, the connection first follows the
// spikes of its target that it has seen since the one before, in their order, each with the values
// of that time; then come the handlers of the source's spike, and transmission. Where the values
// are looked at in between, `sim.settle` follows the target's spikes up to then.
//
//===----------------------------------------------------------------------===//
#include "passes/neuro-to-sim/ProgramBuilder.h"

#include "passes/neuro-to-sim/ConnectionKernel.h"
#include "passes/neuro-to-sim/RelayAxons.h"
#include "passes/neuro/analysis/Expression.h"
#include "passes/neuro/analysis/SolverChoice.h"
#include "passes/neuro/analysis/SynapseReads.h"
#include "runtime/random/Grid.h"

using namespace mlir;
using namespace synfire;
using namespace synfire::neuro;
using sim::ArrayKind;
using sim::FieldKind;

bool synfire::actsByItself(const Lumping &lumping) {
  bool chance = false;
  for (OnOp on : lumping.synapse().getBody().getOps<OnOp>())
    on.walk([&](ReleaseOp) { chance = true; });
  auto projection = dyn_cast<ProjectionOp>(lumping.owner());
  bool waits = projection && (sightOfConnections(projection) != sim::Sight::AtSource ||
                              readsSourceLate(projection));
  return waits || chance || lumping.hasPostHandlers() ||
         llvm::any_of(lumping.states(), [](const StatePlacement &placement) {
           return placement.place == neuro::Placement::Connection;
         });
}

std::string synfire::releasePurpose(ReleaseOp release) {
  unsigned number = 0;
  bool found = false;
  release->getParentOfType<SynapseOp>().walk<WalkOrder::PreOrder>([&](ReleaseOp other) {
    found |= other == release;
    number += !found;
  });
  return "release:" + std::to_string(number);
}

sim::ArrayOp ProgramBuilder::givenStart(ProjectionOp projection, StateOp state) {
  auto number = dyn_cast_or_null<FloatAttr>(projection.getSet().get(state.getSymName()));
  if (!number)
    return nullptr;
  std::string full = (projection.getSymName() + "." + state.getSymName() + "#start").str();
  sim::ArrayOp home = arraysByName.lookup(full);
  return home ? home
              : uniform(full, ArrayKind::Parameter, number.getValueAsDouble(), state.getUnitAttr());
}

Value ProgramBuilder::startOf(KernelBuilder &b, ProjectionOp projection, StateOp state) {
  StringRef name = state.getSymName();
  if (sim::ArrayOp given = givenStart(projection, state))
    return b.get((name + "_start").str(), FieldKind::Uniform, given);
  Block *body = nullptr;
  if (InitOp init = findInit(projection, name))
    body = &init.getBody().front();
  else if (!state.getBody().empty())
    body = &state.getBody().front();
  if (!body)
    return b.number(state.getValue() ? state.getValue()->convertToDouble() : 0.0);
  return evaluate(b, *body, projection, name, [&](Operation *op) -> Value {
    if (Value ofEnds = pairRead(b, projection, op))
      return ofEnds;
    auto get = dyn_cast<GetOp>(op);
    if (!get)
      return Value();
    std::string read = variableName(get.getVariable());
    if (auto other = find<StateOp>(synapseOf(projection), read))
      return startOf(b, projection, other);
    return drawnAgain(b, projection, read);
  });
}

/// How a state of connections goes on between events, where that is no decay.
std::string ProgramBuilder::howItMoves(ProjectionOp projection, StateOp state) {
  const Lumping &lumping = lumpingOf(projection);
  if (lumping.isStepped())
    if (std::string why = lumping.whyNotLazy(state); !why.empty())
      return "; stepped: " + why;
  auto integral = integralOf(lumping, state);
  if (!integral)
    return "";
  BindOp factor = integral->factor;
  return fmt::format("; from event to event by one integral of `{}.{}`, at the latest after {} "
                     "steps",
                     integral->modulator.getSymName().str(), variableName(factor.getVariable()),
                     integral->epoch);
}

/// The array of a state over the connections, with its start value.
sim::ArrayOp ProgramBuilder::connectionState(ProjectionOp projection, const StatePlacement &place) {
  StateOp state = place.state;
  std::string full = (projection.getSymName() + "." + state.getSymName()).str();
  if (sim::ArrayOp known = arraysByName.lookup(full))
    return known;
  sim::ArrayOp made =
      array(full, ArrayKind::State, projection.getSymName(), 0.0, state.getUnitAttr());
  // What decays for a long time between two spikes keeps its digits; a weight moves by jumps alone.
  // Only a weight has a narrow column.
  if (findEquation(synapseOf(projection), state.getSymName()) || state.getSymName() != "weight")
    made.setWide(true);
  made.setPlacement(sim::Placement::Connection);
  made.setWhy(place.why + howItMoves(projection, state));
  made.setFormatAttr(formatOf(synapseOf(projection), state.getSymName()));
  // Where a number is given it is data, and the kernel that of all projections of the kind.
  sim::ArrayOp given = givenStart(projection, state);
  std::pair<FlatSymbolRefAttr, ArrayAttr> known =
      given ? givenStarts.lookup(state.getSymName()) : std::pair(FlatSymbolRefAttr(), ArrayAttr());
  auto [kernel, bind] = known;
  if (kernel) {
    SmallVector<Attribute> bound(bind.begin(), bind.end());
    bound.front() = FlatSymbolRefAttr::get(given.getSymNameAttr());
    bind = data.getArrayAttr(bound);
  } else {
    KernelBuilder b(state.getLoc(), data.getContext());
    Value value = startOf(b, projection, state);
    sim::SetOp::create(b, b.field("out", FieldKind::Element, b.getF64Type(), b.getUnitAttr()),
                       value);
    bind = b.bindings();
    kernel = intern(b, "values_" + state.getSymName().str());
    if (given)
      givenStarts[state.getSymName()] = {kernel, bind};
  }
  sim::ValuesOp::create(starts, state.getLoc(), kernel.getValue(), projection.getSymName(), full,
                        bind);
  return made;
}

sim::ArrayOp ProgramBuilder::connectionMemory(ProjectionOp projection, StringRef what) {
  std::string full = (projection.getSymName() + "." + what).str();
  if (sim::ArrayOp known = arraysByName.lookup(full))
    return known;
  sim::ArrayOp made = array(full, ArrayKind::State, projection.getSymName(), 0.0);
  made.setWide(true);
  KernelBuilder b(projection.getLoc(), data.getContext());
  sim::SetOp::create(b, b.field("out", FieldKind::Element, b.getF64Type(), b.getUnitAttr()),
                     b.number(0.0));
  ArrayAttr bind = b.bindings();
  auto kernel = intern(b, "values_memory");
  sim::ValuesOp::create(starts, projection.getLoc(), kernel.getValue(), projection.getSymName(),
                        full, bind);
  return made;
}

/// Another array of the values of a state, which start as they do: those at the time of a record
/// (`#now`), or after the last event (`#base`).
sim::ArrayOp ProgramBuilder::otherValues(ProjectionOp projection, sim::ArrayOp home,
                                         StringRef suffix) {
  std::string full = (home.getSymName() + suffix).str();
  if (sim::ArrayOp known = arraysByName.lookup(full))
    return known;
  sim::ArrayOp made = array(full, suffix == "#now" ? ArrayKind::Coupling : ArrayKind::State,
                            projection.getSymName(), 0.0, home.getUnitAttr());
  made.setWide(true);
  for (auto values : llvm::make_early_inc_range(program.getBody().getOps<sim::ValuesOp>()))
    if (values.getRole() == home.getSymName())
      sim::ValuesOp::create(starts, projection.getLoc(), values.getKernel(), values.getOver(), full,
                            values.getBind());
  return made;
}

sim::ArrayOp ProgramBuilder::spikeMemory(PopulationBuild &p, StringRef what) {
  std::string name = (p.op.getSymName() + "." + what).str();
  if (sim::ArrayOp known = arraysByName.lookup(name))
    return known;
  sim::ArrayOp made = array(name, ArrayKind::History, p.op.getSymName(), 0.0);
  made.setWide(true);
  return made;
}

std::string ProgramBuilder::afterSpikeName(ProjectionOp projection, StringRef state) {
  return (projection.getSymName() + "." + state + "#after").str();
}

sim::ArrayOp ProgramBuilder::valueAfterSpike(ProjectionOp projection, StringRef state) {
  std::string name = afterSpikeName(projection, state);
  if (sim::ArrayOp known = arraysByName.lookup(name))
    return known;
  auto declared = find<StateOp>(synapseOf(projection), state);
  double start = declared.getValue() ? declared.getValue()->convertToDouble() : 0.0;
  sim::ArrayOp made = array(name, ArrayKind::History, sourceBuild(projection).op.getSymName(),
                            start, declared.getUnitAttr());
  made.setWide(true);
  return made;
}

sim::ArrayOp ProgramBuilder::sourceState(ProjectionOp projection, StringRef state) {
  std::string full = (projection.getSymName() + "." + state).str();
  if (sim::ArrayOp known = arraysByName.lookup(full))
    return known; // otherwise its own population finds it later
  auto declared = find<StateOp>(synapseOf(projection), state);
  return array(full, ArrayKind::State, sourceBuild(projection).op.getSymName(),
               declared.getValue() ? declared.getValue()->convertToDouble() : 0.0,
               declared.getUnitAttr());
}

llvm::StringMap<Method> ProgramBuilder::connectionMethods(PopulationBuild &p,
                                                          const Lumping &lumping) {
  llvm::StringMap<Method> methods;
  llvm::StringMap<StringRef> states; // by their names in `solve`
  for (const StatePlacement &place : lumping.states())
    if (place.place == neuro::Placement::Connection) {
      StringRef name = StateOp(place.state).getSymName();
      methods[name] = Method::ExponentialEuler;
      states[connectionStateName(nameOf(lumping.owner()), name)] = name;
    }
  if (auto solutions = p.op.getSolve())
    for (auto solution : solutions->getAsRange<SolutionAttr>())
      if (auto state = states.find(solution.getState().getValue()); state != states.end())
        methods[state->second] = solution.getMethod();
  return methods;
}

/// What belongs to the cells at the present moment, and third factors.
Value ProgramBuilder::presentValue(KernelBuilder &b, const Lumping &lumping, GetOp get) {
  auto projection = cast<ProjectionOp>(lumping.owner());
  std::string name = variableName(get.getVariable());
  if (get.getSide() == Side::Self) {
    for (BindOp bind : projection.getBody().getOps<BindOp>()) {
      if (bind.getInput() != name)
        continue;
      PopulationBuild &source = *populations[bind.getSource().getPopulation().getValue()];
      sim::ArrayOp level = source.arrays.lookup(variableName(bind.getVariable()));
      ArrayRef<int64_t> elements = bind.getSource().getElements();
      Value element = b.datum(name + "_element", elements.empty() ? 0 : elements[0]);
      double delay = bind.getDelay() ? bind.getDelay()->convertToDouble() : 0.0;
      int64_t steps = runtime::toSteps(delay, stepMs()).steps;
      if (!steps) {
        StringRef field = b.field(name, FieldKind::Whole, level.getType(),
                                  FlatSymbolRefAttr::get(level.getSymNameAttr()));
        return sim::PeekOp::create(b, b.getF64Type(), field, element, Value());
      }
      sim::ArrayOp past = pastOf(source, level);
      past.setDepth(std::max<int64_t>(past.getDepth().value_or(0), steps));
      StringRef field = b.field(name, FieldKind::Past, past.getType(),
                                FlatSymbolRefAttr::get(past.getSymNameAttr()));
      return sim::PeekOp::create(b, b.getF64Type(), field, element,
                                 b.datum(name + "_delay", steps));
    }
    return Value();
  }
  bool pre = get.getSide() == Side::Pre;
  bool late = pre && readsSourceLate(projection);
  if (!lumping.isStepped() && !late && !get->getParentOfType<EveryOp>())
    return Value(); // the target's, read at the arrival
  PopulationBuild &side = pre ? originBuild(projection) : targetBuild(projection);
  FieldKind kind = pre ? FieldKind::Source : FieldKind::Target;
  bool delayed = pre && delaysValues(projection);
  std::string prefix = pre ? "pre_" : "post_";
  return side.system->emitNeuronVariable(b, get.getLoc(), name, [&](const Read &r) -> Value {
    if (r.kind == Read::Kind::Timestep)
      return b.get("dt", FieldKind::Uniform, dt);
    if (r.kind == Read::Kind::Time)
      return timeOfStep(b);
    if (r.kind == Read::Kind::Index)
      return b.get(prefix + "index", kind, indexArray(side));
    sim::ArrayOp array = side.arrays.lookup(r.name);
    bool past = delayed && movesInTime(side, r);
    return b.get(prefix + r.name,
                 array.getUniform() ? FieldKind::Uniform
                 : past             ? FieldKind::Past
                                    : kind,
                 past ? pastOf(side, array) : array);
  });
}

Value ProgramBuilder::timeOfStep(KernelBuilder &b) {
  Value step = sim::StepOp::create(b, b.getI64Type());
  return b.mul(arith::SIToFPOp::create(b, b.getF64Type(), step),
               b.get("dt", FieldKind::Uniform, dt));
}

namespace {

/// The states of connections that spikes of their targets read as they were before a spike of the
/// source that is seen at the same time, and first (G4).
SmallVector<StringRef> readAsBefore(const Lumping &lumping) {
  SynapseOp synapse = lumping.synapse();
  llvm::SetVector<StringRef> read;
  llvm::StringSet<> movedByPost;
  for (OnOp on : synapse.getBody().getOps<OnOp>()) {
    if (on.getTrigger() != Trigger::Post)
      continue;
    on.walk([&](Operation *op) {
      if (auto change = selfChange(op))
        movedByPost.insert(change->name);
      auto get = dyn_cast<GetOp>(op);
      auto state = get && get.getSide() == Side::Self
                       ? find<StateOp>(synapse, variableName(get.getVariable()))
                       : StateOp();
      if (state && !state->hasAttr("plastic") && findEquation(synapse, state.getSymName()) &&
          lumping.placeOf(state.getSymName()) == neuro::Placement::Connection)
        read.insert(state.getSymName());
    });
  }
  SmallVector<StringRef> states;
  for (StringRef name : read)
    if (!movedByPost.contains(name))
      states.push_back(name);
  return states;
}

/// One kernel over the connections of a projection, with the states that they have.
struct KernelParts {
  KernelBuilder b;
  ConnectionKernel kernel;
  llvm::MapVector<StringRef, Value> before;

  KernelParts(MLIRContext *context, const Lumping &lumping, ArrayRef<GetOp> carried,
              llvm::function_ref<ConnectionKernel::Reads(KernelBuilder &)> reads)
      : b(lumping.owner()->getLoc(), context), kernel(b, lumping, carried, reads(b)) {}
};

} // namespace

LogicalResult ProgramBuilder::handle(sim::ConnectionsOp connections, PopulationBuild &p,
                                     const Lumping &lumping) {
  auto projection = cast<ProjectionOp>(lumping.owner());
  Location loc = projection.getLoc();
  bool delaysVary = bool(findInit(projection, "delay")), follows = lumping.hasPostHandlers();
  bool eventless = connections.getContinuous();
  std::string kind =
      (delaysVary ? "delayed_" : "") + SynapseOp(lumping.synapse()).getSymName().str();
  llvm::MapVector<StringRef, sim::ArrayOp> homes;
  for (const StatePlacement &place : lumping.states())
    if (place.place == neuro::Placement::Connection)
      homes[StateOp(place.state).getSymName()] = connectionState(projection, place);
  // What an integral moves is seen when somebody looks, and goes on from the last event.
  bool integrates = llvm::any_of(lumping.states(), [&](const StatePlacement &place) {
    return integralOf(lumping, place.state).has_value();
  });
  llvm::MapVector<StringRef, sim::ArrayOp> shown;
  if (integrates)
    for (auto &[name, home] : homes)
      if (findEquation(synapseOf(projection), name)) {
        shown[name] = home;
        home = otherValues(projection, home, "#base");
      }
  // Where each connection sees spikes at a time of its own, it remembers the last.
  sim::Sight sight = connections.getSight();
  bool remembers = sight != sim::Sight::AtSource && (follows || !lumping.isStepped());
  llvm::MapVector<StringRef, sim::ArrayOp> before;
  if (sight == sim::Sight::First)
    for (StringRef state : readAsBefore(lumping))
      before[state] = connectionMemory(projection, (state + "#before").str());
  SmallVector<Deferred> deferred;
  if (defersArrivals(projection))
    deferred = deferredStatements(lumping.synapse(), lumping.ownAtTarget());
  auto begin = [&] {
    auto parts = std::make_unique<KernelParts>(
        data.getContext(), lumping, latchedReads(projection), [&](KernelBuilder &b) {
          return ConnectionKernel::Reads{
              [&, this](StringRef name) { return connectionRead(b, projection, name); },
              [&, this](GetOp get) { return presentValue(b, lumping, get); },
              [&, this] { return timeOfStep(b); },
              b.get("dt", FieldKind::Uniform, dt),
              [&, this](StateOp state) { return integralOf(lumping, state); },
              [&, this](StateOp state, const TraceIntegral &integral, Value step) {
                return integralAt(b, lumping, state, integral, step);
              }};
        });
    KernelBuilder &b = parts->b;
    b.field(rowsName(connections), FieldKind::Rows, b.getI32Type(),
            FlatSymbolRefAttr::get(connections.getSymNameAttr()));
    for (auto &[name, home] : homes)
      parts->kernel.now[name] = b.get(name, FieldKind::Connection, home);
    parts->before = parts->kernel.now;
    if (remembers)
      parts->kernel.arrived = b.field(
          "#arrived", FieldKind::Connection, b.getF64Type(),
          FlatSymbolRefAttr::get(connectionMemory(projection, "#arrived").getSymNameAttr()));
    for (auto &[name, home] : before)
      parts->kernel.beforePre[name] = b.get((name + "#before").str(), FieldKind::Connection, home);
    parts->kernel.deferred = deferred;
    parts->kernel.pending = [&, this](size_t statement, size_t number) {
      std::string what = fmt::format("#sent{}:{}", statement, number);
      sim::ArrayOp made = connectionMemory(projection, what);
      made.setPending(true);
      return b.field(what, FieldKind::Pending, b.getF64Type(),
                     FlatSymbolRefAttr::get(made.getSymNameAttr()));
    };
    return parts;
  };
  auto follow = [&](KernelParts &parts) {
    if (follows)
      parts.kernel.history = parts.b.field("posts", FieldKind::History, parts.b.getI32Type(),
                                           FlatSymbolRefAttr::get(p.domain.getSymNameAttr()));
  };
  auto store = [&](KernelParts &parts) {
    for (auto &[name, home] : homes)
      if (parts.kernel.now[name] != parts.before[name])
        parts.b.set(name, FieldKind::Connection, home, parts.kernel.now[name]);
  };

  ArrayAttr bind;
  FlatSymbolRefAttr kernel;
  if (!eventless) {
    auto spikes = begin();
    follow(*spikes);
    spikes->kernel.handle();
    store(*spikes);
    KernelBuilder &b = spikes->b;
    for (auto &[name, home] : before)
      b.set((name + "#before").str(), FieldKind::Connection, home, spikes->kernel.beforePre[name]);
    if (remembers)
      sim::SetOp::create(
          b, spikes->kernel.arrived,
          arith::SIToFPOp::create(b, b.getF64Type(), sim::StepOp::create(b, b.getI64Type())));
    for (auto &[arrival, amount] : spikes->kernel.sent)
      send(b, p, projection, arrival, lumping, amount);
    bind = b.bindings();
    kernel = intern(b, "handle_" + kind);
    sim::HandleOp::create(delivers, loc, kernel.getValue(), connections.getSymName(), bind);
  }

  PopulationBuild &source = sourceBuild(projection);
  auto lastSpike = [&](KernelBuilder &at) {
    if (eventless)
      return StringRef();
    if (remembers)
      return at.field(
          "#arrived", FieldKind::Connection, at.getF64Type(),
          FlatSymbolRefAttr::get(connectionMemory(projection, "#arrived").getSymNameAttr()));
    if (sight != sim::Sight::AtSource)
      return StringRef(); // nothing decays between events
    return at.field("last_spike", FieldKind::Source, at.getF64Type(),
                    FlatSymbolRefAttr::get(spikeMemory(source, "#last_spike").getSymNameAttr()));
  };
  auto afterPre = [&](KernelBuilder &at) {
    return [&](StringRef state) {
      return at.get((state + "_after").str(), FieldKind::Source,
                    valueAfterSpike(projection, state));
    };
  };
  auto atSource = [&](KernelBuilder &at) {
    return [&](StringRef state) -> Value {
      return at.get(state, FieldKind::Source, sourceState(projection, state));
    };
  };
  if (follows || integrates) {
    auto parts = begin();
    follow(*parts);
    if (integrates) {
      auto kept = parts->kernel.observe(lastSpike(parts->b), afterPre(parts->b));
      for (auto &[name, home] : shown)
        parts->b.set((name + "_now").str(), FieldKind::Connection, home, parts->kernel.now[name]);
      parts->kernel.now = kept;
    } else {
      parts->kernel.settle(lastSpike(parts->b), afterPre(parts->b));
    }
    store(*parts);
    bind = parts->b.bindings();
    kernel = intern(parts->b, "settle_" + kind);
    sim::SettleOp::create(settles, loc, kernel.getValue(), connections.getSymName(), bind);
  }
  for (EveryOp every : synapseOf(projection).getBody().getOps<EveryOp>()) {
    auto parts = begin();
    follow(*parts);
    parts->kernel.timer(every, lastSpike(parts->b), afterPre(parts->b), atSource(parts->b));
    store(*parts);
    bind = parts->b.bindings();
    kernel = intern(parts->b, "timer_" + kind);
    int64_t period = runtime::toSteps(every.getPeriod()->convertToDouble(), stepMs()).steps;
    sim::TimerOp::create(settles, loc, kernel.getValue(), connections.getSymName(),
                         std::max<int64_t>(1, period), bind);
  }
  if (integrates) {
    auto parts = begin();
    int64_t epoch = parts->kernel.epoch();
    follow(*parts);
    parts->kernel.rebase(lastSpike(parts->b), afterPre(parts->b));
    store(*parts);
    bind = parts->b.bindings();
    kernel = intern(parts->b, "epoch_" + kind);
    sim::AdvanceOp::create(gathers, loc, kernel.getValue(), connections.getSymName(),
                           data.getI64IntegerAttr(epoch), bind);
  }
  // A record of what decays lazily is its present value.
  llvm::SetVector<StringRef> observed;
  experiment.walk([&](RecordOp record) {
    if (record.getProjection() != projection.getSymName() || !record.getVariable())
      return;
    std::string name = variableName(*record.getVariable());
    auto home = homes.find(name);
    if (home != homes.end() && !lumping.isStepped() && !integrates &&
        findEquation(synapseOf(projection), name))
      observed.insert(home->first);
  });
  if (!observed.empty()) {
    auto parts = begin();
    follow(*parts);
    auto kept = parts->kernel.observe(lastSpike(parts->b), afterPre(parts->b));
    for (StringRef name : observed)
      parts->b.set((name + "_now").str(), FieldKind::Connection,
                   otherValues(projection, homes[name], "#now"), parts->kernel.now[name]);
    parts->kernel.now = kept;
    store(*parts);
    bind = parts->b.bindings();
    kernel = intern(parts->b, "observe_" + kind);
    sim::TimerOp::create(settles, loc, kernel.getValue(), connections.getSymName(), 0, bind);
  }
  if (lumping.isStepped()) {
    auto parts = begin();
    parts->kernel.advance(connectionMethods(p, lumping), atSource(parts->b));
    store(*parts);
    bind = parts->b.bindings();
    kernel = intern(parts->b, "advance_" + kind);
    sim::AdvanceOp::create(gathers, loc, kernel.getValue(), connections.getSymName(), IntegerAttr(),
                           bind);
  }
  return success();
}
