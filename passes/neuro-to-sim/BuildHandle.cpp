//===- BuildHandle.cpp - connections with states or chances of their own ---===//
//
// A synapse state that differs from connection to connection is stored for each, as it was after
// the last spike that the connection has seen, and advanced when the next one comes: it decays
// towards a constant, so one expression serves any time between. The time is that between two
// spikes of the source, which the spike carries with it, as it carries its number for random
// numbers (D1).
//
//===----------------------------------------------------------------------===//
#include "passes/neuro-to-sim/ProgramBuilder.h"

#include "passes/neuro-to-sim/Arrivals.h"
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
  return chance || llvm::any_of(lumping.states(), [](const StatePlacement &placement) {
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

/// The kernel of one projection.
class HandleBuilder {
public:
  HandleBuilder(KernelBuilder &b, const Lumping &lumping, ArrayRef<GetOp> carried,
                std::function<Value(StringRef)> parameter, Value dt)
      : b(b), lumping(lumping), synapse(lumping.synapse()), carried(carried), parameter(parameter),
        dt(dt) {}

  llvm::MapVector<StringRef, Value> now; ///< values of the connection's states
  /// What is sent: statement and amount.
  SmallVector<std::pair<Arrival, Value>> sent;

  Value payload(size_t number) {
    return sim::PayloadOp::create(b, b.getF64Type(), int64_t(number));
  }

  /// x' = a x + c over the time since the last spike: x e^z + c T (e^z - 1) / z with z = a T.
  void advance() {
    Value time = b.mul(payload(carried.size() + 1), dt);
    for (auto &state : now) {
      StringRef name = state.first;
      Value &value = state.second;
      EquationOp equation = findEquation(synapse, name);
      if (!equation)
        continue;
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
      value = next;
    }
  }

  /// The statements of a block, in order; where `released` is given, only if it holds.
  void run(Block &block, Value released) {
    auto leaf = [&](Operation *op) { return reads.lookup(op); };
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

private:
  Value readOf(GetOp get) {
    if (auto place = llvm::find(carried, get); place != carried.end())
      return payload(place - carried.begin());
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
      return; // the source's, changed where the source is
    Value x = copyValues(b, {add ? add.getValue() : cast<SetOp>(op).getValue()}, leaf).front();
    Value next = add ? b.add(state->second, x) : x;
    state->second = released ? b.select(released, next, state->second) : next;
  }

  KernelBuilder &b;
  const Lumping &lumping;
  SynapseOp synapse;
  ArrayRef<GetOp> carried;
  std::function<Value(StringRef)> parameter;
  Value dt;
  DenseMap<Operation *, Value> reads; // as they were where they stand
};

} // namespace

/// The array of a state over the connections, with its start value.
sim::ArrayOp ProgramBuilder::connectionState(ProjectionOp projection, const StatePlacement &place) {
  StateOp state = place.state;
  std::string full = (projection.getSymName() + "." + state.getSymName()).str();
  if (sim::ArrayOp known = arraysByName.lookup(full))
    return known;
  sim::ArrayOp made = array(full, ArrayKind::State, projection.getSymName(), 0.0, state.getUnit());
  made->setAttr("wide", data.getUnitAttr());
  made.setPlacement(sim::Placement::Connection);
  made.setWhy(place.why);
  KernelBuilder b(state.getLoc(), data.getContext());
  std::function<Value(Operation *)> leaf = [&](Operation *op) -> Value {
    if (isa<DistanceOp>(op))
      return distance(b, projection);
    auto get = dyn_cast<GetOp>(op);
    if (!get)
      return Value();
    std::string name = variableName(get.getVariable());
    if (auto other = find<StateOp>(synapseOf(projection), name))
      return other.getBody().empty()
                 ? b.number(other.getValue() ? other.getValue()->convertToDouble() : 0.0)
                 : evaluate(b, other.getBody().front(), projection, name, leaf);
    return drawnAgain(b, projection, name);
  };
  Value value = state.getBody().empty()
                    ? b.number(state.getValue() ? state.getValue()->convertToDouble() : 0.0)
                    : evaluate(b, state.getBody().front(), projection, state.getSymName(), leaf);
  sim::SetOp::create(b, b.field("out", FieldKind::Element, b.getF64Type(), b.getUnitAttr()), value);
  ArrayAttr bind = b.bindings();
  auto kernel = intern(b, "values_" + state.getSymName().str());
  sim::ValuesOp::create(starts, state.getLoc(), kernel.getValue(), projection.getSymName(), full,
                        bind);
  return made;
}

LogicalResult ProgramBuilder::handle(sim::ConnectionsOp connections, PopulationBuild &p,
                                     const Lumping &lumping) {
  auto projection = cast<ProjectionOp>(lumping.owner());
  KernelBuilder b(projection.getLoc(), data.getContext());
  bool delaysVary = bool(findInit(projection, "delay"));
  b.field(delaysVary ? "delayed_rows" : "rows", FieldKind::Rows, b.getI32Type(),
          FlatSymbolRefAttr::get(connections.getSymNameAttr()));
  HandleBuilder handler(
      b, lumping, latchedReads(projection),
      [&](StringRef name) { return connectionRead(b, projection, name); },
      b.get("dt", FieldKind::Uniform, dt));
  llvm::MapVector<StringRef, sim::ArrayOp> homes;
  for (const StatePlacement &place : lumping.states())
    if (place.place == neuro::Placement::Connection) {
      StringRef name = StateOp(place.state).getSymName();
      sim::ArrayOp home = homes[name] = connectionState(projection, place);
      handler.now[name] = b.get(name, FieldKind::Connection, home);
    }
  llvm::MapVector<StringRef, Value> before = handler.now;
  handler.advance();
  for (OnOp on : lumping.synapse().getBody().getOps<OnOp>())
    handler.run(on.getBody().front(), Value());
  for (auto &[name, home] : homes)
    if (handler.now[name] != before[name])
      b.set(name, FieldKind::Connection, home, handler.now[name]);
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
  auto kernel = intern(b, (delaysVary ? "handle_delayed_" : "handle_") +
                              SynapseOp(lumping.synapse()).getSymName().str());
  sim::HandleOp::create(delivers, projection.getLoc(), kernel.getValue(), connections.getSymName(),
                        bind);
  return success();
}
