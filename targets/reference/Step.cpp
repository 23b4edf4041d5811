//===- Step.cpp - the order of one step (section 5 of the language) ---===//
#include "targets/reference/Step.h"

#include "runtime/random/Grid.h"
#include "runtime/random/Samplers.h"

#include <fmt/format.h>

#include <cmath>

using namespace mlir;
using namespace synfire;
using namespace synfire::neuro;
using namespace synfire::reference;

Simulation::Simulation(Network &network, ReferenceResult &result)
    : network(network), result(result) {
  double events = 0, cap = 1;
  size_t longest = 0;
  for (Group &group : network.groups) {
    std::map<uint32_t, double> incoming; // by target
    int weight = group.target && group.model ? group.model->find("weight") : -1;
    for (const ThirdFactor &factor : group.thirdFactors)
      longest = std::max<size_t>(longest, factor.delay);
    for (Instance &instance : group.instances) {
      ++incoming[instance.number];
      longest = std::max<size_t>(longest, instance.axonal + instance.dendritic);
      if (weight >= 0)
        cap = std::fmax(cap, std::fabs(instance.values[weight]));
    }
    double most = 0;
    for (auto &[target, count] : incoming)
      most = std::max(most, count);
    if (group.target)
      events += group.source ? most : 64.0;
  }
  // Amounts may exceed the weight, by a factor that the equations give: room for 2^8.
  gridExponent = runtime::eventGridExponent(events, 256 * cap, 64);
  for (Group &group : network.groups) // start values before 0 (S3)
    for (Instance &instance : group.instances)
      instance.past.assign(group.target ? 1 : longest + 1, instance.values);
}

LogicalResult Simulation::takeStep() {
  for (Group &group : network.groups)
    for (Instance &instance : group.instances) {
      instance.past.push_front(std::move(instance.past.back()));
      instance.past.pop_back();
      instance.past.front() = instance.values;
    }
  readThirdFactors(false);
  for (Group &group : network.groups)
    if (isa<StimulusOp>(group.op))
      drive(group);
  // 1. Continuous states, all from the values at t.
  for (Group &group : network.groups)
    for (Instance &instance : group.instances)
      advance(instance);
  int64_t now = ++step;
  readThirdFactors(true);
  for (Group &group : network.groups)
    if (group.model && group.model->handles(Trigger::Post))
      for (Instance &instance : group.instances)
        instance.before = instance.values;
  // 2a. Synapses that see their spike now and have no dendritic delay.
  for (Instance *connection : sights[now])
    if (connection->dendritic == 0)
      see(*connection, Trigger::Pre);
  // 2b. Arrivals act together: sums of amounts computed from the values before any of them.
  for (Arrival &arrival : arrivals[now])
    if (failed(arrive(arrival)))
      return failure();
  arrivals.erase(now);
  for (auto &[variable, sum] : sums)
    if (!sum.held)
      variable.first->values[variable.second] += std::ldexp(double(sum.amount), -gridExponent);
  sums.clear();
  // 3. Spikes.
  for (Group &group : network.groups)
    if (group.model && group.model->spike && failed(testSpikes(group)))
      return failure();
  // 4. All other handlers: those of post spikes first (G4). The cells of third factors have had
  // their own events.
  readThirdFactors(true);
  for (Instance *connection : postSights[now])
    see(*connection, Trigger::Post);
  postSights.erase(now);
  for (Instance *connection : sights[now])
    if (connection->dendritic != 0)
      see(*connection, Trigger::Pre);
  sights.erase(now);
  runTimers();
  return keepConstraints();
}

// Their values at t, or at t + dt where the step is done (P4).
void Simulation::readThirdFactors(bool stepDone) {
  for (Group &group : network.groups)
    for (const ThirdFactor &factor : group.thirdFactors) {
      Instance &cell = *factor.cell;
      auto &values =
          stepDone && factor.delay == 0 ? cell.values : cell.past[factor.delay - stepDone];
      for (Instance &connection : group.instances)
        connection.values[factor.input] = values[factor.variable];
    }
}

//===----------------------------------------------------------------------===//
// Continuous states
//===----------------------------------------------------------------------===//

// The sum of all contributions, in the order of the circuit. What is present is that of a solver's
// stage, `later` ms after t; pre values are those of t - delay; everything else is held at t.
void Simulation::sumInputs(Instance &cell, double later) {
  for (int input : cell.group->model->inputs)
    cell.values[input] = 0;
  for (Instance *connection : cell.incoming) {
    Group &group = *connection->group;
    if (!group.model) {
      cell.values[group.input] += connection->values[0];
      continue;
    }
    for (auto [contribution, present] : llvm::zip(group.model->contributions, group.present)) {
      View view = network.view(*connection, time() + (present ? later : 0));
      if (!present)
        view[Side::Self].values = connection->past[0].data();
      seeSource(view, *connection, false);
      int input = cell.group->model->find(contribution.getInput().getRootReference());
      cell.values[input] += network.evaluate(contribution.getBody().front(), view);
    }
  }
}

// `pre.` at t, or where the step is done at t + dt: that of a delay before in a synapse without
// events (S3).
void Simulation::seeSource(View &view, const Instance &connection, bool stepDone) const {
  bool delays = connection.group->delaysValues;
  size_t delay = delays ? connection.axonal + connection.dendritic : 0;
  if (!connection.source || (stepDone && !delay))
    return;
  view[Side::Pre].values = connection.source->past[delay - stepDone].data();
  view[Side::Pre].time -= double(delay) * network.dt;
}

// A cell is one system with the lumped states of its connections; what is not lumped is a system of
// its own. What is not of the system is held at t.
void Simulation::advance(Instance &instance) {
  if (!instance.group->model)
    return;
  System system;
  std::vector<std::pair<Instance *, Block *>> equations;
  auto add = [&](Instance &owner, bool lumped) {
    for (size_t i = 0; i < owner.group->solvers.size(); ++i) {
      if (bool(owner.group->lumped[i]) != lumped)
        continue;
      system.states.push_back(&owner.values[i]);
      system.solvers.push_back(owner.group->solvers[i]);
      system.held.push_back(!owner.held.empty() && owner.held[i]);
      equations.push_back({&owner, owner.group->model->equations[i]});
    }
  };
  add(instance, false);
  for (Instance *connection : instance.incoming)
    add(*connection, true);
  if (llvm::all_of(equations, [](auto &equation) { return !equation.second; }) && instance.target)
    return;

  for (StringAttr stream : instance.group->model->streams)
    system.normals.push_back(network.stream(instance, "noise:" + stream.str()).normal(step));
  system.noise.assign(system.normals.size(), 0.0);
  system.derivative = [&](std::vector<double> &derivatives, double later) {
    if (!instance.target)
      sumInputs(instance, later);
    for (auto [derivative, equation] : llvm::zip(derivatives, equations)) {
      auto [owner, region] = equation;
      if (!region)
        continue;
      View view = network.view(*owner, time() + later);
      view.noise = system.noise.data();
      seeSource(view, *owner, false);
      if (owner->target && owner->target != &instance)
        view[Side::Post].values = owner->target->past[0].data();
      derivative = network.evaluate(*region, view);
    }
  };
  system.walledState = instance.group->walled;
  if (system.walledState >= 0) {
    Block &condition = instance.group->model->spike.getCondition().front();
    system.wall = network.evaluateAll(condition, network.view(instance, time()))[1];
  }
  reference::advance(system, network.dt);
  for (BoundOp bound : instance.group->model->bounds) { // walls (P3)
    double &value = instance.values[instance.group->model->find(*bound.getVariable())];
    auto walls = network.evaluateAll(bound.getBody().front(), network.view(instance, time()));
    value = std::fmin(std::fmax(value, walls[0]), walls[1]);
  }
}

//===----------------------------------------------------------------------===//
// Stimuli (C6)
//===----------------------------------------------------------------------===//

// What a stimulus does from t to t + dt; its events are stamped t + dt.
void Simulation::drive(Group &group) {
  auto op = cast<StimulusOp>(group.op);
  bool active = !(op.getStart() && step < network.steps(*op.getStart())) &&
                !(op.getStop() && step >= network.steps(*op.getStop()));
  if (auto during = op.getDuring()) {
    int64_t since = op.getFrames() ? step % network.frames[op.getFrames()->str()].period : step;
    active &= since >= network.steps((*during)[0]) && since < network.steps((*during)[1]);
  }
  auto due = [&](double time) { return network.period(time) == step + 1; };
  unsigned toAll = 0;                  // events that are given,
  std::map<uint32_t, unsigned> toSome; // and those of a table, by element
  if (auto times = op.getArguments().getAs<DenseF64ArrayAttr>("times"))
    toAll = llvm::count_if(times.asArrayRef(), due);
  if (op.getTable()) {
    auto columns = find<TableOp>(network.circuit, *op.getTable()).getColumns();
    auto times = columns.getAs<DenseElementsAttr>("time").getValues<double>();
    auto which = columns.getAs<DenseElementsAttr>("element").getValues<double>();
    for (auto [time, element] : llvm::zip(times, which))
      toSome[uint32_t(element)] += due(time);
  }
  for (Instance &path : group.instances) {
    View view = network.view(path, time());
    view[Side::Self] = view[Side::Post]; // arguments read the cell
    auto argument = [&](StringRef name) {
      for (auto region : op.getBody().getOps<ArgumentOp>())
        if (region.getName() == name) {
          view.purpose = name.str();
          return network.evaluate(region.getBody().front(), view);
        }
      auto number = op.getArguments().getAs<FloatAttr>(name);
      return number ? number.getValueAsDouble() : 0.0;
    };
    double current = 0;
    unsigned events = 0;
    if (active && op.getKind() == StimulusKind::Spikes) {
      events = toAll + toSome[path.number];
    } else if (active && op.getKind() == StimulusKind::Poisson) {
      double mean = argument("rate") * network.dt;
      auto table = runtime::poissonTable(mean, std::exp(-mean));
      events = runtime::poissonCount(table, network.stream(path, "poisson").word(step));
    } else if (active && op.getKind() == StimulusKind::Current) {
      current = argument("amplitude");
    } else if (active) {
      int64_t period = network.period(argument("every"));
      double normal = network.stream(path, "noise_current").normal(step / period);
      current = argument("mean") + argument("sd") * normal;
    }
    if (!group.model)
      path.values[0] = current;
    sights[step + 1].insert(sights[step + 1].end(), events, &path);
  }
}

//===----------------------------------------------------------------------===//
// Events (S1, S2, G3)
//===----------------------------------------------------------------------===//

/// What is read and changed at the arrival: the target, and states that live there.
static bool isLate(const Instance &connection, Side side, SymbolRefAttr variable) {
  const Model &model = *connection.group->model;
  int number = model.find(variable.getRootReference());
  return side == Side::Post || (side == Side::Self && number >= 0 &&
                                number < int(model.atTarget.size()) && model.atTarget[number]);
}

/// Side and variable of a statement.
static std::pair<Side, SymbolRefAttr> target(Operation *statement) {
  if (auto add = dyn_cast<AddOp>(statement))
    return {add.getSide(), add.getVariable()};
  return {Side::Self, cast<SetOp>(statement).getVariable()};
}

static void assign(Instance &instance, Operation *statement, double value) {
  int number = instance.group->model->find(target(statement).second.getRootReference());
  double &variable = instance.values[number];
  variable = isa<SetOp>(statement) ? value : variable + value;
}

// The synapse sees a spike of one side. A trace of the other side is as it was before the events of
// this time (G4). Its own statements run; those of a pre spike that act on the target wait, with
// what they have read.
void Simulation::see(Instance &connection, Trigger side) {
  const Model &model = *connection.group->model;
  std::vector<double> now = connection.values;
  auto others = [&](const std::vector<double> &values) {
    for (auto [i, trace] : llvm::enumerate(model.traceOf))
      if (trace && *trace != side && !connection.before.empty())
        connection.values[i] = values[i];
  };
  others(connection.before);
  for (OnOp handler : model.handlers) {
    if (handler.getTrigger() != side)
      continue;
    View view = network.view(connection, time());
    view.spike = connection.seen;
    Values values;
    bool acts = false;
    network.run(handler.getBody().front(), view, values, [&](Operation *statement, double value) {
      auto [end, variable] = target(statement);
      if (side == Trigger::Pre && isLate(connection, end, variable))
        acts = true;
      else
        assign(connection, statement, value);
    });
    if (!acts)
      continue;
    Arrival arrival{&connection, handler, connection.seen, Values(values.size())};
    handler.walk([&](Operation *op) {
      auto get = dyn_cast<GetOp>(op);
      bool latched = get ? !isLate(connection, get.getSide(), get.getVariable()) : isa<TimeOp>(op);
      size_t number = latched ? network.numberOf(op->getResult(0)) : values.size();
      if (number < values.size())
        arrival.latched[number] = values[number];
    });
    arrivals[step + connection.dendritic].push_back(std::move(arrival));
  }
  others(now);
  connection.seen += side == Trigger::Pre;
}

// Chances of a timer are told apart by the step.
void Simulation::runTimers() {
  for (Group &group : network.groups) {
    if (!group.model)
      continue;
    for (auto timer : group.model->body().getOps<EveryOp>())
      for (Instance &instance : group.instances) {
        if (step % network.period(timer.getPeriod()->convertToDouble()) != 0)
          continue;
        View view = network.view(instance, time());
        view.spike = uint32_t(step);
        seeSource(view, instance, true);
        Values values;
        network.run(timer.getBody().front(), view, values, [&](Operation *statement, double value) {
          assign(instance, statement, value);
        });
      }
  }
}

LogicalResult Simulation::arrive(Arrival &arrival) {
  Instance &connection = *arrival.connection;
  View view = network.view(connection, time());
  view.spike = arrival.spike;
  LogicalResult result = success();
  network.run(arrival.handler.getBody().front(), view, arrival.latched,
              [&](Operation *statement, double value) {
                auto [side, name] = target(statement);
                if (!isLate(connection, side, name))
                  return;
                Instance &owner = side == Side::Post ? *connection.target : connection;
                int variable = owner.group->model->find(name.getRootReference());
                if (side == Side::Self && !owner.group->lumped[variable])
                  assign(owner, statement, value);
                else if (succeeded(result))
                  result = addToSum(owner, variable, value, statement);
              });
  return result;
}

// Sums are integers (D2). Amounts may be larger than any weight, as functions of the target; so
// these have 128 bits, of which they use 126: none wraps without being seen.
LogicalResult Simulation::addToSum(Instance &owner, int variable, double amount,
                                   Operation *statement) {
  Sum &sum = sums[{&owner, variable}];
  sum.held = !owner.held.empty() && owner.held[variable];
  double most = std::ldexp(1.0, 125 - gridExponent);
  if (std::fabs(amount) < most) {
    sum.amount += __int128(std::nearbyint(std::ldexp(amount, gridExponent)));
    if (std::fabs(double(sum.amount)) <= 0x1p125)
      return success();
  }
  return statement->emitError(fmt::format(
      "the amounts that reach `{}` of element {} of `{}` at {:.6g} ms leave the range of their "
      "sum, {:.6g} (D2)",
      owner.group->model->nameOf(variable).str(), owner.number, owner.group->name, time(), most));
}

//===----------------------------------------------------------------------===//
// Spikes (N4, N5)
//===----------------------------------------------------------------------===//

LogicalResult Simulation::testSpikes(Group &population) {
  SpikeOp rule = population.model->spike;
  auto difference = [&](const View &view) {
    auto sides = network.evaluateAll(rule.getCondition().front(), view);
    return sides[0] - sides[1];
  };
  for (Instance &cell : population.instances) {
    if (cell.refractory > 0) {
      if (--cell.refractory == 0)
        cell.held.assign(cell.held.size(), 0);
      continue;
    }
    double now = difference(network.view(cell, time()));
    if (std::isnan(now))
      return population.op->emitError(fmt::format(
          "element {} has a state that is not a number at {:.6g} ms", cell.number, time()));
    bool fires = now >= 0;
    if (rule.getTest() == SpikeTest::Crosses) {
      View earlier = network.view(cell, double(step - 1) * network.dt);
      earlier[Side::Self].values = cell.past[0].data();
      double before = difference(earlier);
      result.margin = std::fmin(result.margin, std::fabs(before));
      fires = before <= 0 && now > 0;
    }
    result.margin = std::fmin(result.margin, std::fabs(now));
    if (fires)
      fire(cell);
  }
  return success();
}

void Simulation::fire(Instance &cell) {
  Group &group = *cell.group;
  result.runs.back().spikes.push_back({group.name, step, cell.number});
  for (auto &[name, frames] : network.frames)
    ++frames.spikes[&cell];
  Values values;
  network.run(group.model->spike.getReset().front(), network.view(cell, time()), values,
              [&](Operation *statement, double value) {
                auto refractory = dyn_cast<RefractoryOp>(statement);
                if (!refractory)
                  return assign(cell, statement, value);
                cell.refractory = network.steps(value);
                for (auto name : refractory.getHold().getAsRange<SymbolRefAttr>())
                  cell.held[group.model->find(name.getRootReference())] = cell.refractory > 0;
              });
  for (Instance *connection : cell.incoming)
    if (connection->group->model && connection->group->model->handles(Trigger::Post))
      postSights[step + connection->dendritic].push_back(connection);
  for (Instance *connection : cell.outgoing)
    sights[step + connection->axonal].push_back(connection);
}
