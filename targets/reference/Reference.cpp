//===- Reference.cpp - the experiment of a model ---===//
#include "targets/reference/Reference.h"

#include "runtime/random/Grid.h"
#include "targets/reference/FrameRun.h"
#include "targets/reference/Step.h"

using namespace mlir;
using namespace synfire;
using namespace synfire::neuro;
using namespace synfire::reference;

namespace {

/// One `simulate` on its network.
class Run {
public:
  Run(SimulateOp op, Network &network, Simulation &simulation, ReferenceResult &result)
      : op(op), network(network), simulation(simulation), result(result), frames(op, network) {}

  LogicalResult run(double duration) {
    int64_t steps = runtime::toSteps(duration, network.dt).steps;
    openTraces();
    for (int64_t n = 0;; ++n) {
      record(n);
      frames.change(simulation.step, n == 0, n == steps);
      if (n == steps)
        break;
      if (failed(act(n)) || failed(simulation.takeStep()))
        return failure();
    }
    frames.finish(result.accuracies);
    return success();
  }

private:
  struct Recorded {
    size_t trace;
    const Model *model;
    const std::vector<double> *values;
    int64_t period;
    std::string variable;
  };

  int64_t stepsOf(APFloat time) {
    return runtime::toSteps(time.convertToDouble(), network.dt).steps;
  }

  void openTraces() {
    for (auto record : op.getBody().getOps<RecordOp>()) {
      if (record.getKind() != RecordKind::Value)
        continue;
      int64_t period = record.getPeriod() ? std::max<int64_t>(1, stepsOf(*record.getPeriod())) : 1;
      std::string variable = variableName(*record.getVariable());
      auto open = [&](StringRef owner, uint32_t element, const Model *model,
                      const std::vector<double> &values) {
        recorded.push_back({result.runs.back().traces.size(), model, &values, period, variable});
        result.runs.back().traces.push_back({owner.str(), variable, element, {}, {}});
      };
      for (auto source : record.getSources().getAsRange<RefAttr>())
        for (uint32_t element : network.elements(source)) {
          Population *population = network.population(source.getPopulation().getValue());
          open(population->op.getSymName(), element, population->model,
               population->cells[element].values);
        }
      for (auto &group : network.groups)
        if (record.getProjection() && group->model &&
            SymbolTable::getSymbolName(group->op) == *record.getProjection())
          for (auto [i, connection] : llvm::enumerate(group->canonicalOrder()))
            open(*record.getProjection(), i, group->model, group->connections[connection].values);
    }
  }

  // 6. Records of the present time; before the first step, of the start values.
  void record(int64_t n) {
    for (const Recorded &entry : recorded) {
      if (n % entry.period != 0)
        continue;
      Frame frame;
      frame.self = entry.values->data();
      frame.time = double(simulation.step) * network.dt;
      frame.timestep = network.dt;
      Trace &trace = result.runs.back().traces[entry.trace];
      int number = entry.model->find(entry.variable), let = entry.model->findLet(entry.variable);
      trace.steps.push_back(simulation.step);
      trace.values.push_back(number >= 0 ? (*entry.values)[number]
                             : let >= 0  ? entry.model->lets[let].evaluateOne(frame)
                                         : std::nan(""));
    }
  }

  // 0. Protocol actions due at t.
  LogicalResult act(int64_t n) {
    for (Operation &action : op.getBody().front()) {
      bool due = false;
      if (auto at = dyn_cast<AtOp>(action))
        due = stepsOf(at.getTime()) == n;
      else if (auto every = dyn_cast<EveryOp>(action); every && every.getPeriod())
        due = n > 0 && n % std::max<int64_t>(1, stepsOf(*every.getPeriod())) == 0;
      else if (isa<EveryOp, RepeatOp>(action))
        due = frames.isDue(&action);
      else if (!isa<RecordOp, LabelOp, ReportOp>(action))
        return action.emitOpError("has no meaning in the reference interpreter");
      if (!due)
        continue;
      Region &body = action.getRegions().back();
      for (Operation &inner : body.front()) {
        if (auto assign = dyn_cast<AssignOp>(inner))
          doAssign(assign);
        else if (!isa<YieldOp>(inner))
          return inner.emitOpError("has no meaning in the reference interpreter");
      }
    }
    return success();
  }

  void doAssign(AssignOp assign) {
    std::string variable = variableName(assign.getVariable());
    Block &body = assign.getBody().front();
    auto change = [&](std::vector<double> &values, const Model *model, Network::Place place) {
      Frame frame = network.frameAt(place);
      frame.self = values.data();
      frame.time = double(simulation.step) * network.dt;
      values[model->find(variable)] = network.program(body, model).evaluateOne(frame);
    };
    if (auto target = assign.getTarget()) {
      Population *population = network.population(target->getPopulation().getValue());
      for (uint32_t element : network.elements(*target))
        change(population->cells[element].values, population->model,
               {population->name, variable, element});
    }
    for (auto &group : network.groups)
      if (assign.getProjection() &&
          SymbolTable::getSymbolName(group->op) == assign.getProjection()->getRootReference())
        for (Connection &connection : group->connections)
          change(connection.values, group->model,
                 {group->name, variable, connection.target, group.get(), &connection});
  }

  SimulateOp op;
  Network &network;
  Simulation &simulation;
  ReferenceResult &result;
  FrameRun frames;
  std::vector<Recorded> recorded;
};

void keepFinalStates(Network &network, ReferenceResult &result) {
  result.finalStates.clear();
  for (auto &population : network.populations)
    for (size_t i = 0; i < population->model->states.size(); ++i)
      for (Cell &cell : population->cells)
        result.finalStates[population->op.getSymName().str() + "." + population->model->names[i]]
            .push_back(cell.values[i]);
  for (auto &group : network.groups)
    for (size_t i = 0; group->model && i < group->model->states.size(); ++i)
      for (Connection &connection : group->connections)
        result
            .finalStates[SymbolTable::getSymbolName(group->op).str() + "." + group->model->names[i]]
            .push_back(connection.values[i]);
}

} // namespace

LogicalResult synfire::reference::runReference(ModuleOp module, const ReferenceOptions &options,
                                               ReferenceResult &result) {
  std::unique_ptr<Network> network;
  std::unique_ptr<Simulation> simulation;
  for (auto experiment : module.getOps<ExperimentOp>())
    for (auto op : experiment.getBody().getOps<SimulateOp>()) {
      auto circuit = find<CircuitOp>(module, op.getCircuit());
      if (!circuit)
        return op.emitOpError() << "there is no circuit `" << op.getCircuit() << "`";
      if (!op.getOrigin() || !network) { // a run that goes on keeps its network
        network = std::make_unique<Network>(circuit,
                                            options.step.value_or(op.getStep().convertToDouble()),
                                            options.seed.value_or(uint64_t(op.getSeed())));
        if (failed(network->build()))
          return failure();
        simulation = std::make_unique<Simulation>(*network, result);
        if (failed(simulation->keepConstraints(/*all=*/true)))
          return failure();
      }
      result.runs.push_back({op, {}, {}});
      Run run(op, *network, *simulation, result);
      if (failed(run.run(options.duration.value_or(op.getDuration().convertToDouble()))))
        return failure();
      result.steps = simulation->step;
    }
  if (!network)
    return module.emitError("has no experiment to run");
  keepFinalStates(*network, result);
  return success();
}
