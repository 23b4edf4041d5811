//===- Reference.cpp - the experiment of a model ---===//
#include "targets/reference/Reference.h"

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
    int64_t steps = network.steps(duration);
    openTraces();
    for (int64_t n = 0;; ++n) {
      record(n);
      frames.change(simulation.step, n == 0, n == steps);
      if (n == steps)
        break;
      act(n);
      if (failed(simulation.takeStep()))
        return failure();
    }
    frames.finish(result.accuracies);
    return success();
  }

private:
  struct Recorded {
    size_t trace;
    const Instance *instance;
    SymbolRefAttr variable;
    int64_t period;
  };

  std::vector<Trace> &traces() { return result.runs.back().traces; }

  void openTraces() {
    for (auto record : op.getBody().getOps<RecordOp>()) {
      if (record.getKind() != RecordKind::Value)
        continue;
      int64_t period =
          record.getPeriod() ? network.period(record.getPeriod()->convertToDouble()) : 1;
      std::vector<Instance *> chosen;
      for (auto source : record.getSources().getAsRange<RefAttr>())
        llvm::append_range(chosen, network.cells(source));
      if (record.getProjection())
        chosen = network.group(*record.getProjection()).inCanonicalOrder();
      for (auto [i, instance] : llvm::enumerate(chosen)) {
        recorded.push_back({traces().size(), instance, *record.getVariable(), period});
        uint32_t number = instance->target ? i : instance->number;
        std::string variable = record.getVariable()->getRootReference().str();
        traces().push_back({instance->group->name, variable, number, {}, {}});
        if (!instance->target)
          continue;
        traces().back().ofConnection = true;
        const Model &model = *instance->group->model;
        if (int found = model.find(variable); found >= 0)
          if (auto unit = model.variables[found]->getAttrOfType<StringAttr>("unit"))
            traces().back().unit = unit.str();
      }
    }
  }

  // 6. Records of the present time; before the first step, of the start values.
  void record(int64_t n) {
    for (const Recorded &entry : recorded) {
      if (n % entry.period != 0)
        continue;
      Trace &trace = traces()[entry.trace];
      View view = network.view(*entry.instance, simulation.time());
      trace.steps.push_back(simulation.step);
      trace.values.push_back(network.read(view, Side::Self, entry.variable));
    }
  }

  // 0. Protocol actions due at t.
  void act(int64_t n) {
    for (Operation &action : op.getBody().front()) {
      bool due = frames.isDue(&action);
      if (auto at = dyn_cast<AtOp>(action))
        due = network.steps(at.getTime()) == n;
      else if (auto every = dyn_cast<EveryOp>(action); every && every.getPeriod())
        due = n > 0 && n % network.period(every.getPeriod()->convertToDouble()) == 0;
      if (due)
        for (auto change : action.getRegions().back().getOps<AssignOp>())
          assign(change);
    }
  }

  void assign(AssignOp change) {
    StringAttr variable = change.getVariable().getRootReference();
    auto target = change.getTarget();
    for (Instance *instance :
         target ? network.cells(*target)
                : network.group(change.getProjection()->getRootReference()).inCanonicalOrder()) {
      View view = network.view(*instance, simulation.time());
      view.purpose = variable.str();
      instance->values[instance->group->model->find(variable)] =
          network.evaluate(change.getBody().front(), view);
    }
  }

  SimulateOp op;
  Network &network;
  Simulation &simulation;
  ReferenceResult &result;
  FrameRun frames;
  std::vector<Recorded> recorded;
};

void keepFinalStates(Network &network, ReferenceResult &result) {
  for (Group &group : network.groups)
    for (size_t i = 0; group.model && i < group.model->equations.size(); ++i)
      for (Instance &instance : group.instances)
        result.finalStates[group.name + "." + group.model->nameOf(i).str()].push_back(
            instance.values[i]);
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
      if (failed(checkMeaning(op)))
        return failure();
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
