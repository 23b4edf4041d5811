//===- ConnectionKernel.cpp - what one connection does, as a kernel ---===//
#include "passes/neuro-to-sim/ConnectionKernel.h"

#include "passes/neuro-to-sim/Arrivals.h"
#include "passes/neuro-to-sim/ProgramBuilder.h"
#include "passes/neuro/analysis/Expression.h"
#include "passes/neuro/analysis/Split.h"
#include "passes/neuro/analysis/SynapseReads.h"

using namespace mlir;
using namespace synfire;
using namespace synfire::neuro;

ConnectionKernel::ConnectionKernel(KernelBuilder &b, const Lumping &lumping,
                                   ArrayRef<GetOp> carried, Reads from)
    : b(b), lumping(lumping), synapse(lumping.synapse()), posts(lumping), carried(carried),
      from(std::move(from)), stepped(lumping.isStepped()) {
  for (const StatePlacement &place : lumping.states())
    if (auto integral = this->from.integral(place.state)) {
      integrals.try_emplace(StateOp(place.state), *integral);
      epochSteps = epochSteps ? std::min(epochSteps, integral->epoch) : integral->epoch;
    }
}

bool ConnectionKernel::isOwn(StringRef state) const {
  return lumping.placeOf(state) == neuro::Placement::Connection;
}

Value ConnectionKernel::payload(size_t number) {
  return sim::PayloadOp::create(b, b.getF64Type(), int64_t(number));
}

//===----------------------------------------------------------------------===//
// Events
//===----------------------------------------------------------------------===//

void ConnectionKernel::handle() {
  Value steps;
  if (!arrived.empty())
    steps = since(arrived, nullptr);
  else if (history.empty())
    steps = payload(carried.size() + 1);
  else
    steps = follow(carried.size() + 1, StringRef(), [&](StringRef state) {
      unsigned number = llvm::find(posts.afterPre, state) - posts.afterPre.begin();
      return payload(carried.size() + 2 + number);
    });
  elapse(steps, presentStep());
  for (auto &state : beforePre)
    state.second = now[state.first];
  readEnd = [&](GetOp get) -> Value {
    if (auto place = llvm::find(carried, get); place != carried.end())
      return payload(place - carried.begin());
    std::string name = variableName(get.getVariable());
    return get.getSide() == Side::Self && isPostSide(lumping, name) ? latest(name, false) : Value();
  };
  runHandlers(Trigger::Pre);
}

void ConnectionKernel::settle(StringRef last, llvm::function_ref<Value(StringRef)> afterPre) {
  follow(std::nullopt, last, afterPre);
}

ConnectionKernel::Values ConnectionKernel::observe(StringRef last,
                                                   llvm::function_ref<Value(StringRef)> afterPre) {
  if (last.empty())
    return now; // no events come here: what moves is stepped
  Value steps = since(last, afterPre);
  // What decays is only looked at: it keeps its value after the last event.
  Values kept = now;
  elapse(steps, presentStep());
  return kept;
}

void ConnectionKernel::rebase(StringRef last, llvm::function_ref<Value(StringRef)> afterPre) {
  observe(last, afterPre);
}

Value ConnectionKernel::presentStep() { return sim::StepOp::create(b, b.getI64Type()); }

void ConnectionKernel::timer(EveryOp every, StringRef last,
                             llvm::function_ref<Value(StringRef)> afterPre,
                             llvm::function_ref<Value(StringRef)> atSource) {
  Values kept = observe(last, afterPre);
  readEnd = [&](GetOp get) -> Value {
    std::string name = variableName(get.getVariable());
    if (get.getSide() != Side::Self || !find<StateOp>(synapse, name) || isOwn(name))
      return Value();
    return isPostSide(lumping, name) ? latest(name, true) : atSource(name);
  };
  run(every.getBody().front(), Value());
  for (auto &state : now)
    if (!stepped && findEquation(synapse, state.first))
      state.second = kept[state.first];
}

/// The steps since the last event of the connection; its source's last spike is the step in `last`.
Value ConnectionKernel::since(StringRef last, llvm::function_ref<Value(StringRef)> afterPre) {
  if (!history.empty())
    return follow(std::nullopt, last, afterPre);
  Value step = sim::StepOp::create(b, b.getI64Type());
  Value present = arith::SIToFPOp::create(b, b.getF64Type(), step);
  return b.sub(present, sim::GetOp::create(b, b.getF64Type(), last));
}

Value ConnectionKernel::follow(std::optional<size_t> sincePayload, StringRef last,
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
      state.second = block.getArgument(i);
    Value at;
    if (epochSteps) {
      auto whole = [&](Value steps) -> Value {
        return arith::FPToSIOp::create(b, b.getI64Type(), steps);
      };
      Value seen = sincePayload
                       ? arith::SubIOp::create(b, presentStep(), whole(payload(*sincePayload)))
                       : whole(sim::GetOp::create(b, b.getF64Type(), last));
      at = arith::AddIOp::create(b, seen, whole(sincePre));
    }
    elapse(elapsed, at);
    readEnd = [&](GetOp get) -> Value {
      if (get.getSide() != Side::Self)
        return Value();
      std::string name = variableName(get.getVariable());
      if (auto place = llvm::find(posts.remembered, get); place != posts.remembered.end())
        return sim::RememberedOp::create(b, b.getF64Type(), history,
                                         int64_t(place - posts.remembered.begin()));
      if (auto state = beforePre.find(name); state != beforePre.end()) {
        Value atOnce = arith::CmpFOp::create(b, arith::CmpFPredicate::OEQ, sincePre, b.number(0.0));
        return b.select(atOnce, state->second, now[name]);
      }
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

Value ConnectionKernel::latest(StringRef state, bool includingNow) {
  unsigned number = llvm::find(posts.afterPost, state) - posts.afterPost.begin();
  auto spike = sim::LatestOp::create(b, b.getF64Type(), b.getF64Type(), history,
                                     int64_t(posts.remembered.size() + number), includingNow);
  return decayed(state, spike.getResult(), spike.getAge());
}

//===----------------------------------------------------------------------===//
// Equations
//===----------------------------------------------------------------------===//

/// x' = a x + c over a time: x e^z + c T (e^z - 1) / z with z = a T. `slope` is x' with `self` for
/// x.
Value ConnectionKernel::affineStep(Value slope, Value self, Value value, Value time) {
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

void ConnectionKernel::elapse(Value steps, Value at) {
  if (epochSteps) {
    // Where an epoch ended since, all connections were brought up to date.
    Value one = arith::ConstantOp::create(b, b.getI64IntegerAttr(1));
    Value mask = arith::ConstantOp::create(b, b.getI64IntegerAttr(epochSteps - 1));
    Value inEpoch = arith::AndIOp::create(b, arith::SubIOp::create(b, at, one), mask);
    inEpoch = arith::AddIOp::create(b, inEpoch, one);
    steps =
        arith::MinimumFOp::create(b, steps, arith::SIToFPOp::create(b, b.getF64Type(), inEpoch));
  }
  Values before = now;
  for (auto &[name, value] : now) {
    auto state = find<StateOp>(synapse, name);
    value = integrals.count(state) ? integrated(state, before, steps, at)
                                   : decayed(name, before[name], steps);
  }
}

/// What a third factor and a decaying trace added in so many steps until step `at`
/// (TraceIntegral.h).
Value ConnectionKernel::integrated(StateOp state, const Values &before, Value steps, Value at) {
  StringRef name = state.getSymName();
  const TraceIntegral &integral = integrals.find(state)->second;
  StateOp traceState = integral.trace;
  StringRef trace = traceState.getSymName();
  auto parameters = [&](Operation *op) -> Value {
    auto get = dyn_cast<GetOp>(op);
    if (!get)
      return isa<TimestepOp>(op) ? from.dt : Value();
    return from.parameter(variableName(get.getVariable()));
  };
  Value scale = splitTraceSlope(b, synapse, findEquation(synapse, name), parameters)->scale;
  Value begin = arith::SubIOp::create(b, at, arith::FPToSIOp::create(b, b.getI64Type(), steps));
  Value mask = arith::ConstantOp::create(b, b.getI64IntegerAttr(integral.epoch - 1));
  Value place = arith::AndIOp::create(b, begin, mask);
  Value zero = arith::ConstantOp::create(b, b.getI64IntegerAttr(0));
  Value isFirst = arith::CmpIOp::create(b, arith::CmpIPredicate::eq, place, zero);
  Value sum = b.sub(from.integralAt(state, integral, at),
                    b.select(isFirst, b.number(0.0), from.integralAt(state, integral, begin)));
  // The integral counts the trace's decay from the begin of the epoch.
  if (EquationOp equation = findEquation(synapse, trace)) {
    Value self = b.number(0.0);
    Value slope = copyExpression(b, equation.getBody().front(), [&](Operation *op) {
                    auto get = dyn_cast<GetOp>(op);
                    return get && variableName(get.getVariable()) == trace ? self : parameters(op);
                  }).front();
    Value rate = splitAffine(b, slope, {self})->coefficients[0];
    Value time = b.mul(arith::SIToFPOp::create(b, b.getF64Type(), place), from.dt);
    sum = b.mul(sum, math::ExpOp::create(b, arith::NegFOp::create(b, b.mul(rate, time))));
  }
  Value added = b.mul(b.mul(b.mul(scale, before.lookup(trace)), from.dt), sum);
  Value none = arith::CmpFOp::create(b, arith::CmpFPredicate::OEQ, steps, b.number(0.0));
  Value value = before.lookup(name);
  return insideBounds(name, b.select(none, value, b.add(value, added)));
}

Value ConnectionKernel::decayed(StringRef name, Value value, Value steps) {
  EquationOp equation = findEquation(synapse, name);
  if (!equation || (stepped && isOwn(name)))
    return value;
  Value time = b.mul(steps, from.dt);
  Value self = b.number(0.0);
  Value slope = copyExpression(b, equation.getBody().front(), [&](Operation *op) -> Value {
                  auto get = dyn_cast<GetOp>(op);
                  if (!get)
                    return isa<TimestepOp>(op) ? from.dt : Value();
                  std::string read = variableName(get.getVariable());
                  return read == name ? self : from.parameter(read);
                }).front();
  return affineStep(slope, self, value, time);
}

Value ConnectionKernel::slopeAt(StringRef name, Values &at, Value replaced,
                                llvm::function_ref<Value(StringRef)> atSource) {
  EquationOp equation = findEquation(synapse, name);
  return copyExpression(b, equation.getBody().front(),
                        [&](Operation *op) -> Value {
                          if (isa<TimestepOp>(op))
                            return from.dt;
                          if (isa<TimeOp>(op))
                            return from.time();
                          auto get = dyn_cast<GetOp>(op);
                          if (!get)
                            return Value();
                          std::string read = variableName(get.getVariable());
                          if (get.getSide() != Side::Self || find<InputOp>(synapse, read))
                            return from.present(get);
                          if (replaced && read == name)
                            return replaced;
                          auto own = at.find(read);
                          if (own != at.end())
                            return own->second;
                          return find<StateOp>(synapse, read) ? atSource(read)
                                                              : from.parameter(read);
                        })
      .front();
}

void ConnectionKernel::advance(const llvm::StringMap<Method> &methods,
                               llvm::function_ref<Value(StringRef)> atSource) {
  Values before = now, next = now;
  SmallVector<StringRef> staged;
  for (auto &state : before) {
    auto method = methods.find(state.first);
    if (method == methods.end() || !findEquation(synapse, state.first))
      continue;
    if (method->second == Method::Rk4) {
      staged.push_back(state.first);
      continue;
    }
    Value self = b.number(0.0);
    next[state.first] =
        affineStep(slopeAt(state.first, before, self, atSource), self, state.second, from.dt);
  }
  // The classical scheme, for all of these together.
  Value half = b.mul(b.number(0.5), from.dt);
  Values at = before, sum;
  for (int stage = 0; stage < 4 && !staged.empty(); ++stage) {
    Values slopes;
    for (StringRef name : staged)
      slopes[name] = slopeAt(name, at, Value(), atSource);
    for (StringRef name : staged) {
      Value slope = slopes[name];
      Value part = stage == 1 || stage == 2 ? b.mul(b.number(2.0), slope) : slope;
      sum[name] = sum[name] ? b.add(sum[name], part) : part;
      at[name] = b.add(before[name], b.mul(stage < 2 ? half : from.dt, slope));
    }
  }
  Value sixth = staged.empty() ? Value() : b.div(from.dt, b.number(6.0));
  for (StringRef name : staged)
    next[name] = b.add(before[name], b.mul(sixth, sum[name]));
  now = next;
  keepBounds();
  arrive();
}

/// Lets what a statement needs wait; where nothing is released, as if there was no event.
void ConnectionKernel::defer(size_t number, Value released,
                             llvm::function_ref<Value(Operation *)> leaf) {
  auto keep = [&](size_t part, Value value) {
    sim::DeferOp::create(b, pending(number, part),
                         released ? b.select(released, value, b.number(0.0)) : value);
  };
  const Deferred &one = deferred[number];
  if (one.isSum)
    return keep(0, copyValues(b, {selfChange(one.statement)->amount}, leaf).front());
  keep(0, b.number(1.0));
  for (auto [i, read] : llvm::enumerate(one.latched))
    keep(i + 1, leaf(read));
}

/// What arrives at the end of the step, in the order of the statements.
void ConnectionKernel::arrive() {
  for (size_t number = 0; number < deferred.size(); ++number) {
    auto &one = deferred[number];
    auto due = [&](size_t part) {
      return sim::DueOp::create(b, b.getF64Type(), pending(number, part)).getResult();
    };
    auto change = *selfChange(one.statement);
    Value &state = now[find<StateOp>(synapse, change.name).getSymName()], first = due(0);
    if (one.isSum) {
      state = b.add(state, first);
      continue;
    }
    DenseMap<Operation *, Value> known;
    for (auto [i, read] : llvm::enumerate(one.latched))
      known[read] = due(i + 1);
    Value value =
        copyValues(b, {change.amount}, [&](Operation *op) -> Value {
          auto get = dyn_cast<GetOp>(op);
          if (get && !known.contains(op))
            return now[find<StateOp>(synapse, variableName(get.getVariable())).getSymName()];
          return isa<TimestepOp>(op) ? from.dt : known.lookup(op);
        }).front();
    Value comes = arith::CmpFOp::create(b, arith::CmpFPredicate::ONE, first, b.number(0.0));
    state = b.select(comes, change.adds ? b.add(state, value) : value, state);
  }
}

/// What an equation moved stays inside its bounds (P3).
void ConnectionKernel::keepBounds() {
  for (auto &[name, value] : now)
    value = insideBounds(name, value);
}

Value ConnectionKernel::insideBounds(StringRef state, Value value) {
  for (BoundOp bound : synapse.getBody().getOps<BoundOp>()) {
    if (bound.getVariable() != state)
      continue;
    auto ends = copyExpression(b, bound.getBody().front(), [&](Operation *op) -> Value {
      auto get = dyn_cast<GetOp>(op);
      return get ? from.parameter(variableName(get.getVariable())) : Value();
    });
    value = arith::MaximumFOp::create(b, value, ends[0]);
    value = arith::MinimumFOp::create(b, value, ends[1]);
  }
  return value;
}

//===----------------------------------------------------------------------===//
// Statements
//===----------------------------------------------------------------------===//

void ConnectionKernel::runHandlers(Trigger side) {
  for (OnOp on : synapse.getBody().getOps<OnOp>())
    if (on.getTrigger() == side)
      run(on.getBody().front(), Value());
}

void ConnectionKernel::run(Block &block, Value released) {
  auto leaf = [&](Operation *op) { return isa<TimestepOp>(op) ? from.dt : reads.lookup(op); };
  for (Operation &op : block) {
    if (auto get = dyn_cast<GetOp>(op)) {
      if (Value value = readOf(get))
        reads[&op] = value;
    } else if (isa<TimeOp>(op)) {
      // In handlers it is the time that the step has reached.
      reads[&op] = from.time();
    } else if (auto release = dyn_cast<ReleaseOp>(op)) {
      Value p = copyValues(b, release.getProbability(), leaf).front();
      Value happens = arith::CmpFOp::create(b, arith::CmpFPredicate::OLT, chance(release), p);
      run(release.getBody().front(), released ? b.both(released, happens) : happens);
    } else if (isa<AddOp, SetOp>(op)) {
      statement(&op, released, leaf);
    }
  }
}

Value ConnectionKernel::readOf(GetOp get) {
  if (Value value = readEnd(get))
    return value;
  std::string name = variableName(get.getVariable());
  if (get.getSide() != Side::Self || find<InputOp>(synapse, name))
    return from.present(get); // null where it is read at the arrival
  auto state = now.find(name);
  if (state != now.end())
    return state->second;
  return find<ParameterOp>(synapse, name) ? from.parameter(name) : Value();
}

Value ConnectionKernel::chance(ReleaseOp release) {
  StringRef key = b.key("release", randomKey(nameOf(lumping.owner()), releasePurpose(release)));
  // A timer has no spike: its turns are told apart by their step.
  Value count = release->getParentOfType<EveryOp>()
                    ? Value(sim::StepOp::create(b, b.getI64Type()))
                    : arith::FPToSIOp::create(b, b.getI64Type(), payload(carried.size()));
  return sim::ChanceOp::create(b, b.getF64Type(), key, count);
}

void ConnectionKernel::statement(Operation *op, Value released,
                                 llvm::function_ref<Value(Operation *)> leaf) {
  for (const Arrival &arrival : lumping.arrivals())
    if (arrival.statement == op) {
      Value amount = connectionPart(b, lumping, arrival, leaf);
      sent.push_back({arrival, released ? b.select(released, amount, b.number(0.0)) : amount});
      return;
    }
  for (size_t i = 0; i < deferred.size(); ++i)
    if (deferred[i].statement == op)
      return defer(i, released, leaf);
  auto add = dyn_cast<AddOp>(op);
  std::string name = variableName(add ? add.getVariable() : cast<SetOp>(op).getVariable());
  auto state = now.find(name);
  if (state == now.end())
    return; // the other ends', changed where they are
  Value x = copyValues(b, {add ? add.getValue() : cast<SetOp>(op).getValue()}, leaf).front();
  Value next = add ? b.add(state->second, x) : x;
  state->second = released ? b.select(released, next, state->second) : next;
}
