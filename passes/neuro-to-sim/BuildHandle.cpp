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

#include "passes/neuro-to-sim/Arrivals.h"
#include "passes/neuro-to-sim/PostReads.h"
#include "passes/neuro/analysis/Expression.h"
#include "passes/neuro/analysis/Split.h"

using namespace mlir;
using namespace synfire;
using namespace synfire::neuro;
using sim::ArrayKind;
using sim::FieldKind;

bool synfire::actsByItself(const Lumping &lumping) {
  bool chance = false;
  for (OnOp on : lumping.synapse().getBody().getOps<OnOp>())
    on.walk([&](ReleaseOp) { chance = true; });
  return chance || lumping.hasPostHandlers() || llvm::any_of(lumping.states(), [](const StatePlacement &placement) {
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

namespace {

/// The kernels of one projection: `handle`, at spikes of the source, and `settle`.
class HandleBuilder {
public:
  HandleBuilder(KernelBuilder &b, const Lumping &lumping, ArrayRef<GetOp> carried,
                std::function<Value(StringRef)> parameter, Value dt)
      : b(b), lumping(lumping), synapse(lumping.synapse()), posts(lumping), carried(carried),
        parameter(parameter), dt(dt) {}

  llvm::MapVector<StringRef, Value> now; ///< values of the connection's states
  /// What is sent: statement and amount.
  SmallVector<std::pair<Arrival, Value>> sent;
  StringRef history; ///< field of the target's spikes, where they are followed

  /// A spike of the source: what it carries is the payload.
  void handle() {
    Value steps = payload(carried.size() + 1);
    if (!history.empty())
      steps = follow(carried.size() + 1, StringRef(), [&](StringRef state) {
        unsigned number = llvm::find(posts.afterPre, state) - posts.afterPre.begin();
        return payload(carried.size() + 2 + number);
      });
    for (auto &state : now)
      state.second = decayed(state.first, state.second, steps);
    readEnd = [&](GetOp get) -> Value {
      if (auto place = llvm::find(carried, get); place != carried.end())
        return payload(place - carried.begin());
      std::string name = variableName(get.getVariable());
      if (get.getSide() != Side::Self || !isPostSide(lumping, name))
        return Value();
      unsigned number = llvm::find(posts.afterPost, name) - posts.afterPost.begin();
      auto latest = sim::LatestOp::create(b, b.getF64Type(), b.getF64Type(), history,
                                          int64_t(posts.remembered.size() + number));
      return decayed(name, latest.getResult(), latest.getAge());
    };
    runHandlers(Trigger::Pre);
  }

  /// No spike of the source: its last one is the step in the field `last`.
  void settle(StringRef last, llvm::function_ref<Value(StringRef)> afterPre) {
    follow(std::nullopt, last, afterPre);
  }

private:
  Value payload(size_t number) {
    return sim::PayloadOp::create(b, b.getF64Type(), int64_t(number));
  }

  /// The spikes of the target that the connection has seen; gives the steps since the last event.
  Value follow(std::optional<size_t> sincePayload, StringRef last,
               llvm::function_ref<Value(StringRef)> afterPre) {
    // The values at the other end are the same for all of these spikes.
    llvm::StringMap<Value> atSource;
    for (StringRef state : posts.afterPre)
      atSource[state] = afterPre(state);
    SmallVector<Value> start;
    for (auto &state : now)
      start.push_back(state.second);
    SmallVector<Type> types(start.size(), b.getF64Type());
    auto recall = sim::RecallOp::create(
        b, types, b.getF64Type(), FlatSymbolRefAttr::get(b.getContext(), history),
        sincePayload ? b.getI64IntegerAttr(*sincePayload) : IntegerAttr(),
        last.empty() ? FlatSymbolRefAttr() : FlatSymbolRefAttr::get(b.getContext(), last), start);
    Block &block = recall.getBody().emplaceBlock();
    for (size_t i = 0; i < start.size() + 2; ++i)
      block.addArgument(b.getF64Type(), b.getLoc());
    Value elapsed = block.getArgument(start.size()), sincePre = block.getArgument(start.size() + 1);
    {
      OpBuilder::InsertionGuard guard(b);
      b.setInsertionPointToStart(&block);
      for (auto [i, state] : llvm::enumerate(now))
        state.second = decayed(state.first, block.getArgument(i), elapsed);
      readEnd = [&](GetOp get) -> Value {
        if (get.getSide() != Side::Self)
          return Value();
        std::string name = variableName(get.getVariable());
        if (auto place = llvm::find(posts.remembered, get); place != posts.remembered.end())
          return sim::RememberedOp::create(b, b.getF64Type(), history,
                                           int64_t(place - posts.remembered.begin()));
        auto found = atSource.find(name);
        return found == atSource.end() ? Value() : decayed(name, found->second, sincePre);
      };
      runHandlers(Trigger::Post);
      SmallVector<Value> after;
      for (auto &state : now)
        after.push_back(state.second);
      sim::YieldOp::create(b, after);
    }
    for (auto [state, value] : llvm::zip(now, recall.getResults()))
      state.second = value;
    return recall.getAge();
  }

  /// x' = a x + c over a time of so many steps: x e^z + c T (e^z - 1) / z with z = a T.
  Value decayed(StringRef name, Value value, Value steps) {
    EquationOp equation = findEquation(synapse, name);
    if (!equation)
      return value;
    Value time = b.mul(steps, dt);
    Value self = b.number(0.0);
    Value slope = copyExpression(b, equation.getBody().front(), [&](Operation *op) -> Value {
                    auto get = dyn_cast<GetOp>(op);
                    if (!get)
                      return isa<TimestepOp>(op) ? dt : Value();
                    std::string read = variableName(get.getVariable());
                    return read == name ? self : parameter(read);
                  }).front();
    auto parts = splitAffine(b, slope, {self});
    Value rate = parts->coefficients[0], constant = parts->constant;
    Value z = rate ? b.mul(rate, time) : Value();
    Value next = z ? b.mul(value, math::ExpOp::create(b, z)) : value;
    if (constant) {
      Value span = time;
      if (z) {
        Value none = arith::CmpFOp::create(b, arith::CmpFPredicate::OEQ, z, b.number(0.0));
        Value ratio = b.div(math::ExpM1Op::create(b, z), z);
        span = b.mul(time, b.select(none, b.number(1.0), ratio));
      }
      next = b.add(next, b.mul(constant, span));
    }
    return next;
  }

  void runHandlers(Trigger side) {
    for (OnOp on : synapse.getBody().getOps<OnOp>())
      if (on.getTrigger() == side)
        run(on.getBody().front(), Value());
  }

  /// The statements of a block, in order; where `released` is given, only if it holds.
  void run(Block &block, Value released) {
    auto leaf = [&](Operation *op) { return isa<TimestepOp>(op) ? dt : reads.lookup(op); };
    for (Operation &op : block) {
      if (auto get = dyn_cast<GetOp>(op)) {
        if (Value value = readOf(get))
          reads[&op] = value;
      } else if (auto release = dyn_cast<ReleaseOp>(op)) {
        Value p = copyValues(b, release.getProbability(), leaf).front();
        Value happens = arith::CmpFOp::create(b, arith::CmpFPredicate::OLT, chance(release), p);
        run(release.getBody().front(), released ? b.both(released, happens) : happens);
      } else if (isa<AddOp, SetOp>(op)) {
        statement(&op, released, leaf);
      }
    }
  }

  Value readOf(GetOp get) {
    if (Value value = readEnd(get))
      return value;
    if (get.getSide() != Side::Self)
      return Value(); // the target's, at the arrival
    std::string name = variableName(get.getVariable());
    auto state = now.find(name);
    if (state != now.end())
      return state->second;
    return find<ParameterOp>(synapse, name) ? parameter(name) : Value();
  }

  Value chance(ReleaseOp release) {
    StringRef key = b.key("release", randomKey(nameOf(lumping.owner()), releasePurpose(release)));
    Value count = arith::FPToSIOp::create(b, b.getI64Type(), payload(carried.size()));
    return sim::ChanceOp::create(b, b.getF64Type(), key, count);
  }

  void statement(Operation *op, Value released, llvm::function_ref<Value(Operation *)> leaf) {
    for (const Arrival &arrival : lumping.arrivals())
      if (arrival.statement == op) {
        Value amount = connectionPart(b, lumping, arrival, leaf);
        sent.push_back({arrival, released ? b.select(released, amount, b.number(0.0)) : amount});
        return;
      }
    auto add = dyn_cast<AddOp>(op);
    std::string name = variableName(add ? add.getVariable() : cast<SetOp>(op).getVariable());
    auto state = now.find(name);
    if (state == now.end())
      return; // the other ends', changed where they are
    Value x = copyValues(b, {add ? add.getValue() : cast<SetOp>(op).getValue()}, leaf).front();
    Value next = add ? b.add(state->second, x) : x;
    state->second = released ? b.select(released, next, state->second) : next;
  }

  KernelBuilder &b;
  const Lumping &lumping;
  SynapseOp synapse;
  PostReads posts;
  ArrayRef<GetOp> carried;
  std::function<Value(StringRef)> parameter;
  Value dt;
  std::function<Value(GetOp)> readEnd;   // what lives at the ends, as the present spike knows it
  DenseMap<Operation *, Value> reads; // as they were where they stand
};

} // namespace

Value ProgramBuilder::startOf(KernelBuilder &b, ProjectionOp projection, StateOp state) {
  StringRef name = state.getSymName();
  if (auto number = dyn_cast_or_null<FloatAttr>(projection.getSet().get(name))) {
    // Data: projections of one kind share the kernel.
    std::string full = (projection.getSymName() + "." + name + "#start").str();
    sim::ArrayOp home = arraysByName.lookup(full);
    if (!home)
      home = uniform(full, ArrayKind::Parameter, number.getValueAsDouble(), state.getUnit());
    return b.get((name + "_start").str(), FieldKind::Uniform, home);
  }
  Block *body = nullptr;
  if (InitOp init = findInit(projection, name))
    body = &init.getBody().front();
  else if (!state.getBody().empty())
    body = &state.getBody().front();
  if (!body)
    return b.number(state.getValue() ? state.getValue()->convertToDouble() : 0.0);
  return evaluate(b, *body, projection, name, [&](Operation *op) -> Value {
    if (isa<DistanceOp>(op))
      return distance(b, projection);
    auto get = dyn_cast<GetOp>(op);
    if (!get)
      return Value();
    std::string read = variableName(get.getVariable());
    if (auto other = find<StateOp>(synapseOf(projection), read))
      return startOf(b, projection, other);
    return drawnAgain(b, projection, read);
  });
}

/// The array of a state over the connections, with its start value.
sim::ArrayOp ProgramBuilder::connectionState(ProjectionOp projection, const StatePlacement &place) {
  StateOp state = place.state;
  std::string full = (projection.getSymName() + "." + state.getSymName()).str();
  if (sim::ArrayOp known = arraysByName.lookup(full))
    return known;
  sim::ArrayOp made = array(full, ArrayKind::State, projection.getSymName(), 0.0, state.getUnit());
  // What decays for a long time between two spikes keeps its digits; a weight moves by jumps alone.
  if (findEquation(synapseOf(projection), state.getSymName()))
    made->setAttr("wide", data.getUnitAttr());
  made.setPlacement(sim::Placement::Connection);
  made.setWhy(place.why);
  KernelBuilder b(state.getLoc(), data.getContext());
  Value value = startOf(b, projection, state);
  sim::SetOp::create(b, b.field("out", FieldKind::Element, b.getF64Type(), b.getUnitAttr()), value);
  ArrayAttr bind = b.bindings();
  auto kernel = intern(b, "values_" + state.getSymName().str());
  sim::ValuesOp::create(starts, state.getLoc(), kernel.getValue(), projection.getSymName(), full,
                        bind);
  return made;
}

sim::ArrayOp ProgramBuilder::spikeMemory(PopulationBuild &p, StringRef what) {
  std::string name = (p.op.getSymName() + "." + what).str();
  if (sim::ArrayOp known = arraysByName.lookup(name))
    return known;
  sim::ArrayOp made = array(name, ArrayKind::History, p.op.getSymName(), 0.0, "");
  made->setAttr("wide", data.getUnitAttr());
  return made;
}

sim::ArrayOp ProgramBuilder::valueAfterSpike(ProjectionOp projection, StringRef state) {
  std::string name = (projection.getSymName() + "." + state + "#after").str();
  if (sim::ArrayOp known = arraysByName.lookup(name))
    return known;
  auto declared = find<StateOp>(synapseOf(projection), state);
  double start = declared.getValue() ? declared.getValue()->convertToDouble() : 0.0;
  sim::ArrayOp made = array(name, ArrayKind::History, sourceOf(projection).getSymName(), start,
                            declared.getUnit());
  made->setAttr("wide", data.getUnitAttr());
  return made;
}

LogicalResult ProgramBuilder::handle(sim::ConnectionsOp connections, PopulationBuild &p,
                                     const Lumping &lumping) {
  auto projection = cast<ProjectionOp>(lumping.owner());
  bool delaysVary = bool(findInit(projection, "delay")), follows = lumping.hasPostHandlers();
  std::string kind = (delaysVary ? "delayed_" : "") +
                     SynapseOp(lumping.synapse()).getSymName().str();
  llvm::MapVector<StringRef, sim::ArrayOp> homes;
  for (const StatePlacement &place : lumping.states())
    if (place.place == neuro::Placement::Connection)
      homes[StateOp(place.state).getSymName()] = connectionState(projection, place);
  auto prepare = [&](KernelBuilder &b, HandleBuilder &handler) {
    b.field(delaysVary ? "delayed_rows" : "rows", FieldKind::Rows, b.getI32Type(),
            FlatSymbolRefAttr::get(connections.getSymNameAttr()));
    if (follows)
      handler.history = b.field("posts", FieldKind::History, b.getI32Type(),
                                FlatSymbolRefAttr::get(p.domain.getSymNameAttr()));
    for (auto &[name, home] : homes)
      handler.now[name] = b.get(name, FieldKind::Connection, home);
    return handler.now;
  };
  auto store = [&](KernelBuilder &b, HandleBuilder &handler,
                   llvm::MapVector<StringRef, Value> &before) {
    for (auto &[name, home] : homes)
      if (handler.now[name] != before[name])
        b.set(name, FieldKind::Connection, home, handler.now[name]);
  };
  KernelBuilder b(projection.getLoc(), data.getContext());
  HandleBuilder handler(
      b, lumping, latchedReads(projection),
      [&](StringRef name) { return connectionRead(b, projection, name); },
      b.get("dt", FieldKind::Uniform, dt));
  auto before = prepare(b, handler);
  handler.handle();
  store(b, handler, before);
  for (auto &[arrival, amount] : handler.sent) {
    Jump &jump = jumpFor(p, lumping, arrival);
    sentTo.insert(jump.accumulator);
    auto scale = arraysByName.lookup(jump.accumulator.getScale());
    Value scaled = b.mul(amount, b.get("scale", FieldKind::Uniform, scale));
    Value whole = sim::RoundOp::create(b, b.getI64Type(), scaled);
    StringRef ring = b.field("ring", FieldKind::Ring, b.getI64Type(),
                             FlatSymbolRefAttr::get(jump.accumulator.getSymNameAttr()));
    sim::SendOp::create(b, ring, whole);
    capAmount(jump, projection, arrival, lumping, "");
  }
  ArrayAttr bind = b.bindings();
  auto kernel = intern(b, "handle_" + kind);
  sim::HandleOp::create(delivers, projection.getLoc(), kernel.getValue(), connections.getSymName(),
                        bind);
  if (!follows)
    return success();

  KernelBuilder s(projection.getLoc(), data.getContext());
  HandleBuilder settler(
      s, lumping, latchedReads(projection),
      [&](StringRef name) { return connectionRead(s, projection, name); },
      s.get("dt", FieldKind::Uniform, dt));
  before = prepare(s, settler);
  PopulationBuild &source = *populations[sourceOf(projection).getSymName()];
  StringRef last = s.field("last_spike", FieldKind::Source, s.getF64Type(),
                           FlatSymbolRefAttr::get(spikeMemory(source, "#last_spike").getSymNameAttr()));
  settler.settle(last, [&](StringRef state) {
    return s.get((state + "_after").str(), FieldKind::Source, valueAfterSpike(projection, state));
  });
  store(s, settler, before);
  bind = s.bindings();
  kernel = intern(s, "settle_" + kind);
  sim::SettleOp::create(settles, projection.getLoc(), kernel.getValue(), connections.getSymName(),
                        bind);
  return success();
}
