//===- Step.cpp - the order of one step (section 5 of the language) ---===//
#include "targets/reference/Step.h"

#include "runtime/random/Grid.h"
#include "runtime/random/Hash.h"
#include "runtime/random/Samplers.h"
#include "targets/reference/Draws.h"

#include <cmath>

using namespace mlir;
using namespace synfire;
using namespace synfire::neuro;
using namespace synfire::reference;

Simulation::Simulation(Network &network, ReferenceResult &result)
    : network(network), result(result) {
  double events = 0, cap = 1;
  for (auto &group : network.groups) {
    size_t most = 0;
    for (auto &incoming : group->byTarget)
      most = std::max(most, incoming.size());
    events += group->source ? double(most) : 64.0;
    for (const Group::ThirdFactor &factor : group->thirdFactors)
      historyLength = std::max<size_t>(historyLength, size_t(factor.delay) + 1);
    int weight = group->model ? group->model->find("weight") : -1;
    for (Connection &connection : group->connections) {
      if (weight >= 0)
        cap = std::fmax(cap, std::fabs(connection.values[weight]));
      historyLength = std::max<size_t>(historyLength, connection.axonal + connection.dendritic + 1);
    }
  }
  for (auto &population : network.populations) { // start values before 0 (S3)
    std::vector<std::vector<double>> values;
    for (Cell &cell : population->cells)
      values.push_back(cell.values);
    population->history.assign(historyLength, values);
  }
  // Amounts may exceed the weight, by a factor that the equations give: room for 2^8.
  gridExponent = runtime::eventGridExponent(events, 256 * cap, 64);
}

LogicalResult Simulation::takeStep() {
  keepValues();
  setThirdFactors(false);
  for (auto &group : network.groups)
    if (auto stimulus = dyn_cast<StimulusOp>(group->op))
      drive(*group);
  // 1. Continuous states, all from the values at t.
  for (auto &population : network.populations)
    for (uint32_t i = 0; i < population->cells.size(); ++i)
      advanceCell(*population, i);
  for (auto &group : network.groups)
    for (Connection &connection : group->connections)
      advanceConnection(*group, connection);
  int64_t now = ++step;
  setThirdFactors(true);
  for (auto &group : network.groups)
    for (Connection &connection : group->connections)
      if (!group->onPost.empty())
        connection.traces = connection.values;
  // 2a. Synapses that see their spike now and have no dendritic delay.
  for (Sight sight : sights[now])
    if (sight.group->connections[sight.connection].dendritic == 0)
      see(*sight.group, sight.connection);
  // 2b. Arrivals act together: sums of amounts computed from the values before any of them.
  for (const Arrival &arrival : arrivals[now])
    arrive(arrival);
  arrivals.erase(now);
  applySums();
  // 3. Spikes.
  for (auto &population : network.populations)
    if (population->spike && failed(testSpikes(*population)))
      return failure();
  // 4. All other handlers: those of post spikes first (G4). Third factors have had their own
  // events.
  setThirdFactors(true);
  for (Sight sight : postSights[now])
    seePost(*sight.group, sight.group->connections[sight.connection]);
  postSights.erase(now);
  for (Sight sight : sights[now])
    if (sight.group->connections[sight.connection].dendritic != 0)
      see(*sight.group, sight.connection);
  sights.erase(now);
  for (auto &group : network.groups)
    for (auto &[period, program] : group->timers)
      for (Connection &connection : group->connections)
        if (now % std::max<int64_t>(1, period) == 0)
          runPlastic(*group, connection, program);
  return keepConstraints();
}

/// The values of third factors at t, or at t + dt where the step is done (P4).
void Simulation::setThirdFactors(bool stepDone) {
  for (auto &group : network.groups)
    for (const Group::ThirdFactor &factor : group->thirdFactors) {
      const Population &source = *factor.source;
      const std::vector<double> &values =
          stepDone && factor.delay == 0 ? source.cells[factor.element].values
                                        : source.history[factor.delay - stepDone][factor.element];
      for (Connection &connection : group->connections)
        connection.values[factor.input] = values[factor.variable];
    }
}

void Simulation::keepValues() {
  for (auto &population : network.populations) {
    std::vector<std::vector<double>> values;
    for (auto [i, cell] : llvm::enumerate(population->cells)) {
      cell.before = cell.values;
      values.push_back(cell.values);
      if (population->spike) {
        auto sides = population->condition.evaluate(frameOf(*population, i));
        cell.difference = sides[0] - sides[1];
      }
    }
    population->history.push_front(std::move(values));
    population->history.pop_back();
  }
  for (auto &group : network.groups)
    for (Connection &connection : group->connections)
      connection.before = connection.values;
}

//===----------------------------------------------------------------------===//
// Continuous states
//===----------------------------------------------------------------------===//

Frame Simulation::frameOf(const Population &population, uint32_t number, double later) const {
  Frame frame;
  frame.self = population.cells[number].values.data();
  frame.time = timeOf(step) + later;
  frame.timestep = network.dt;
  frame.index = number;
  return frame;
}

Frame Simulation::frameOf(const Group &group, const Connection &connection) const {
  Frame frame;
  frame.self = connection.values.data();
  if (group.source)
    frame.pre = group.source->cells[connection.source].values.data();
  frame.post = group.target->cells[connection.target].values.data();
  frame.preIndex = connection.source;
  frame.postIndex = connection.target;
  frame.time = timeOf(step);
  frame.timestep = network.dt;
  return frame;
}

// The sum of all contributions, in the order of the circuit; pre values are those of t - delay.
// `time` counts from t: what is present is that of a solver's stage, everything else is held.
void Simulation::sumInputs(Population &population, uint32_t number, double time) {
  Cell &cell = population.cells[number];
  for (auto input : population.model->type->getRegion(0).getOps<InputOp>())
    cell.values[population.model->find(input.getSymName())] = 0;
  for (auto &group : network.groups) {
    if (group->target != &population)
      continue;
    if (!group->model) {
      cell.values[group->input] += currents[group.get()][number];
      continue;
    }
    for (const Contribution &contribution : group->contributions)
      for (int index : group->byTarget[number]) {
        const Connection &connection = group->connections[index];
        Frame frame = frameOf(*group, connection);
        frame.self = (contribution.present ? connection.values : connection.before).data();
        frame.time += contribution.present ? time : 0;
        seeSource(frame, *group, connection, false);
        cell.values[contribution.input] += contribution.program.evaluateOne(frame);
      }
  }
}

/// `pre.` at t, or where the step is done at t + dt: that of a delay before in a synapse without
/// events (S3).
void Simulation::seeSource(Frame &frame, const Group &group, const Connection &connection,
                           bool stepDone) const {
  size_t delay = group.delaysValues ? size_t(connection.axonal + connection.dendritic) : 0;
  if (!group.source || (stepDone && !delay))
    return;
  frame.pre = group.source->history[delay - stepDone][connection.source].data();
  frame.preAge = timeOf(int64_t(delay));
}

void Simulation::advanceCell(Population &population, uint32_t number) {
  Cell &cell = population.cells[number];
  System system;
  std::vector<std::function<double(double)>> slopes;
  std::vector<double> noise(population.model->streams.size(), 0.0);
  for (size_t i = 0; i < population.model->states.size(); ++i) {
    system.states.push_back(&cell.values[i]);
    system.solvers.push_back(population.solvers[i]);
    system.held.push_back(cell.held[i]);
    slopes.push_back([&, i](double time) {
      if (population.equations[i].empty())
        return 0.0;
      Frame frame = frameOf(population, number, time);
      frame.noise = noise.data();
      return population.equations[i].evaluateOne(frame);
    });
    if (population.model->names[i] == population.walledState)
      system.walledState = i;
  }
  for (auto &group : network.groups) {
    if (group->target != &population || !group->model)
      continue;
    for (int index : group->byTarget[number])
      for (size_t i = 0; i < group->lumped.size(); ++i) {
        if (!group->lumped[i])
          continue;
        Connection &connection = group->connections[index];
        system.states.push_back(&connection.values[i]);
        system.solvers.push_back(group->solvers[i]);
        system.held.push_back(0);
        slopes.push_back([&, i](double) {
          return group->equations[i].empty()
                     ? 0.0
                     : group->equations[i].evaluateOne(frameOf(*group, connection));
        });
      }
  }
  system.derivative = [&](std::vector<double> &derivatives, double time) {
    sumInputs(population, number, time);
    for (size_t i = 0; i < slopes.size(); ++i)
      derivatives[i] = slopes[i](time);
  };
  system.noise = &noise;
  for (const std::string &stream : population.model->streams)
    system.normals.push_back(
        normalOfStep({network.seed, population.name, "noise:" + stream, false, number, 0}, step));
  if (system.walledState >= 0)
    system.wall = population.condition.evaluate(frameOf(population, number))[1];
  advance(system, network.dt);
  for (auto &[variable, program] : population.bounds) {
    auto ends = program.evaluate(frameOf(population, number));
    cell.values[variable] = std::fmin(std::fmax(cell.values[variable], ends[0]), ends[1]);
  }
}

// States that are not lumped are a system of their own; both ends are held at t.
void Simulation::advanceConnection(Group &group, Connection &connection) {
  System system;
  std::vector<int> numbers;
  for (size_t i = 0; i < group.equations.size(); ++i)
    if (!group.lumped[i] && !group.equations[i].empty()) {
      system.states.push_back(&connection.values[i]);
      system.solvers.push_back(group.solvers[i]);
      system.held.push_back(0);
      numbers.push_back(i);
    }
  if (numbers.empty())
    return;
  system.derivative = [&](std::vector<double> &derivatives, double time) {
    Frame frame = frameOf(group, connection);
    seeSource(frame, group, connection, false);
    frame.post = group.target->cells[connection.target].before.data();
    frame.time += time;
    for (size_t i = 0; i < numbers.size(); ++i)
      derivatives[i] = group.equations[numbers[i]].evaluateOne(frame);
  };
  advance(system, network.dt);
  for (auto &[variable, program] : group.bounds) {
    auto ends = program.evaluate(frameOf(group, connection));
    double &value = connection.values[variable];
    value = std::fmin(std::fmax(value, ends[0]), ends[1]);
  }
}

//===----------------------------------------------------------------------===//
// Stimuli (C6)
//===----------------------------------------------------------------------===//

double Simulation::stimulusArgument(Group &group, const std::string &name, uint32_t element) {
  if (auto found = group.arguments.find(name); found != group.arguments.end()) {
    Network::Place place{group.name, name, element};
    Frame frame = network.frameAt(place);
    frame.self = group.target->cells[element].values.data();
    frame.time = timeOf(step);
    return found->second.evaluateOne(frame);
  }
  auto value = cast<StimulusOp>(group.op).getArguments().getAs<FloatAttr>(name);
  return value ? value.getValueAsDouble() : 0.0;
}

// What a stimulus does from t to t + dt; its events are stamped t + dt.
void Simulation::drive(Group &group) {
  auto op = cast<StimulusOp>(group.op);
  auto reached = [&](double time) { return step >= runtime::toSteps(time, network.dt).steps; };
  bool active = !(op.getStart() && !reached(op.getStart()->convertToDouble())) &&
                !(op.getStop() && reached(op.getStop()->convertToDouble()));
  if (auto during = op.getDuring()) {
    int64_t since = op.getFrames() ? step % network.frames[op.getFrames()->str()].period : step;
    active &= since >= runtime::toSteps((*during)[0], network.dt).steps &&
              since < runtime::toSteps((*during)[1], network.dt).steps;
  }
  auto &current = currents[&group];
  current.assign(group.target->cells.size(), 0.0);
  if (!active)
    return;
  auto event = [&](uint32_t element) {
    for (int connection : group.byTarget[element])
      sights[step + 1].push_back({&group, connection});
  };
  if (op.getKind() == StimulusKind::Spikes) {
    auto [first, last] = group.spikes.equal_range(step + 1);
    for (auto spike = first; spike != last; ++spike)
      event(spike->second);
    return;
  }
  for (uint32_t element : group.elements) {
    DrawPlace place{network.seed, group.name, "noise_current", false, element, 0};
    if (op.getKind() == StimulusKind::Current) {
      current[element] = stimulusArgument(group, "amplitude", element);
    } else if (op.getKind() == StimulusKind::NoiseCurrent) {
      double every = stimulusArgument(group, "every", element);
      int64_t period = std::max<int64_t>(1, runtime::toSteps(every, network.dt).steps);
      current[element] =
          stimulusArgument(group, "mean", element) +
          stimulusArgument(group, "sd", element) * normalOfStep(place, step / period);
    } else {
      double mean = stimulusArgument(group, "rate", element) * network.dt;
      auto table = runtime::poissonTable(mean, std::exp(-mean));
      uint32_t word = runtime::elementWord(
          element, step, runtime::streamHash(group.name, "poisson"), network.seed);
      for (unsigned n = runtime::poissonCount(table, word); n > 0; --n)
        event(element);
    }
  }
}

//===----------------------------------------------------------------------===//
// Events (S1, S2, G3)
//===----------------------------------------------------------------------===//

// What is read and changed at the arrival: the target, and states that live there.
bool Simulation::isLate(const Group &group, const Access &access) const {
  if (access.kind != Access::Variable && access.kind != Access::Let)
    return false;
  return access.side == Side::Post ||
         (access.kind == Access::Variable && access.side == Side::Self &&
          access.index < int(group.atTarget.size()) && group.atTarget[access.index]);
}

// Chances of a spike: release number r of the synapse draws from the stream `release:r` (D1).
Frame Simulation::frameOfSpike(const Group &group, const Connection &connection,
                               uint32_t spike) const {
  Frame frame = frameOf(group, connection);
  frame.special = [&, spike](Operation *op, ArrayRef<double> operands) {
    int number = 0;
    bool found = false;
    group.model->type->walk<WalkOrder::PreOrder>([&](ReleaseOp other) {
      found |= other == op;
      number += !found;
    });
    uint32_t stream = runtime::streamHash(group.name, "release:" + std::to_string(number));
    auto block = runtime::philox(
        runtime::connectionCounter(connection.target, connection.position, spike, stream),
        network.seed);
    return double(runtime::uniform(block[0]) < operands[0]);
  };
  return frame;
}

// The synapse sees a spike: its own statements run, the others wait with what they have read.
void Simulation::see(Group &group, int index) {
  Connection &connection = group.connections[index];
  std::vector<double> now = connection.values; // a trace of the other side is as it was before (G4)
  for (size_t i = 0; i < group.postOnly.size() && !connection.traces.empty(); ++i)
    if (group.postOnly[i])
      connection.values[i] = connection.traces[i];
  for (size_t handler = 0; handler < group.onPre.size(); ++handler) {
    Arrival arrival{&group, index, int(handler), connection.seen, {}};
    bool acts = false;
    group.onPre[handler].run(frameOfSpike(group, connection, connection.seen), arrival.latched,
                             [&](Operation *op, Access access, double value) {
                               if (isLate(group, access)) {
                                 acts = true;
                                 return;
                               }
                               double &variable = connection.values[access.index];
                               variable = isa<SetOp>(op) ? value : variable + value;
                             });
    if (acts)
      arrivals[step + connection.dendritic].push_back(std::move(arrival));
  }
  for (size_t i = 0; i < group.postOnly.size(); ++i)
    if (group.postOnly[i])
      connection.values[i] = now[i];
  ++connection.seen;
}

void Simulation::seePost(Group &group, Connection &connection) {
  std::vector<double> now = connection.values;
  for (size_t i = 0; i < group.preOnly.size(); ++i)
    if (group.preOnly[i])
      connection.values[i] = connection.traces[i];
  for (const Program &program : group.onPost)
    runPlastic(group, connection, program);
  for (size_t i = 0; i < group.preOnly.size(); ++i)
    if (group.preOnly[i])
      connection.values[i] = now[i];
}

void Simulation::runPlastic(Group &group, Connection &connection, const Program &program) {
  std::vector<double> registers;
  // Chances of a timer are told apart by the step.
  Frame frame = frameOfSpike(group, connection, uint32_t(step));
  seeSource(frame, group, connection, true);
  program.run(frame, registers, [&](Operation *op, Access access, double value) {
    double &variable = connection.values[access.index];
    variable = isa<SetOp>(op) ? value : variable + value;
  });
}

void Simulation::arrive(const Arrival &arrival) {
  Group &group = *arrival.group;
  Connection &connection = group.connections[arrival.connection];
  Cell &cell = group.target->cells[connection.target];
  std::vector<double> registers;
  auto late = [&](const Access &access) { return isLate(group, access); };
  group.onPre[arrival.handler].run(
      frameOfSpike(group, connection, arrival.spike), registers,
      [&](Operation *op, Access access, double value) {
        if (!late(access))
          return;
        bool post = access.side == Side::Post;
        double *variable = (post ? cell.values : connection.values).data() + access.index;
        if (!post && !group.lumped[access.index]) {
          *variable = isa<SetOp>(op) ? value : *variable + value;
          return;
        }
        auto &[sum, held] = sums[variable];
        sum += runtime::toEventGrid(value, gridExponent);
        held = post && cell.held[access.index];
      },
      late, &arrival.latched);
}

void Simulation::applySums() {
  for (auto &[variable, entry] : sums)
    if (!entry.second)
      *variable += runtime::fromEventGrid(entry.first, gridExponent);
  sums.clear();
}

//===----------------------------------------------------------------------===//
// Spikes (N4, N5)
//===----------------------------------------------------------------------===//

LogicalResult Simulation::testSpikes(Population &population) {
  for (uint32_t i = 0; i < population.cells.size(); ++i) {
    Cell &cell = population.cells[i];
    if (cell.refractory > 0) {
      if (--cell.refractory == 0)
        cell.held.assign(cell.held.size(), 0);
      continue;
    }
    auto sides = population.condition.evaluate(frameOf(population, i));
    double now = sides[0] - sides[1], before = cell.difference;
    if (std::isnan(now))
      return population.op.emitError()
             << "element " << i << " has a state that is not a number at " << timeOf(step) << " ms";
    bool crosses = population.spike.getTest() == SpikeTest::Crosses;
    double margin = crosses ? std::fmin(std::fabs(now), std::fabs(before)) : std::fabs(now);
    if (result.margins.empty() || margin < result.margins.back().smallest)
      result.margins.push_back({step, margin});
    if (crosses ? before <= 0 && now > 0 : now >= 0)
      fire(population, i);
  }
  return success();
}

void Simulation::fire(Population &population, uint32_t number) {
  Cell &cell = population.cells[number];
  result.runs.back().spikes.push_back({population.op.getSymName().str(), step, number});
  for (auto &[name, frames] : network.frames) {
    auto &spikes = frames.spikes[&population];
    spikes.resize(population.cells.size());
    ++spikes[number];
  }
  std::vector<double> registers;
  population.reset.run(
      frameOf(population, number), registers, [&](Operation *op, Access access, double value) {
        if (auto refractory = dyn_cast<RefractoryOp>(op)) {
          cell.refractory = runtime::toSteps(value, network.dt).steps;
          for (auto name : refractory.getHold().getAsRange<SymbolRefAttr>())
            cell.held[population.model->find(variableName(name))] = cell.refractory > 0;
          return;
        }
        double &variable = cell.values[access.index];
        variable = isa<SetOp>(op) ? value : variable + value;
      });
  for (auto &group : network.groups)
    if (group->target == &population && !group->onPost.empty())
      for (int index : group->byTarget[number])
        postSights[step + group->connections[index].dendritic].push_back({group.get(), index});
  for (auto &group : network.groups)
    if (group->source == &population)
      for (int index : group->bySource[number])
        sights[step + group->connections[index].axonal].push_back({group.get(), index});
}
