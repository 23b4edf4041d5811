//===- RunOnReference.cpp - `run --target reference` ---===//
#include "runtime/record/Recorder.h"
#include "runtime/record/SpikeStatistics.h"
#include "runtime/report/Summary.h"
#include "targets/reference/Reference.h"
#include "tools/synfire/Commands.h"

#include "dialects/neuro/Neuro.h"

#include <chrono>
#include <cstdio>

using namespace mlir;
using namespace synfire;
using namespace synfire::tool;

namespace {

/// Whether a run writes down the spikes of an element.
bool isRecorded(neuro::SimulateOp run, const reference::Spike &spike) {
  for (auto record : run.getBody().getOps<neuro::RecordOp>()) {
    if (record.getKind() != neuro::RecordKind::Spikes)
      continue;
    for (auto source : record.getSources().getAsRange<neuro::RefAttr>()) {
      if (source.getPopulation().getValue() != spike.population)
        continue;
      ArrayRef<int64_t> ranges = source.getElements();
      bool found = ranges.empty();
      for (size_t i = 0; i + 1 < ranges.size(); i += 2)
        found |= spike.neuron >= ranges[i] && spike.neuron <= ranges[i + 1];
      if (found)
        return true;
    }
  }
  return false;
}

/// Spikes and traces of the interpreter, in the order in which a recorder takes them.
runtime::Status record(reference::RunResult &result, const std::string &path) {
  neuro::SimulateOp run = result.run;
  auto opened = runtime::Recorder::open(path, run.getStep().convertToDouble());
  if (!opened)
    return opened.status();
  runtime::Recorder &recorder = **opened;
  std::map<std::string, size_t> streams;
  for (const reference::Spike &spike : result.spikes) {
    if (!isRecorded(run, spike))
      continue;
    auto known = streams.find(spike.population);
    if (known == streams.end()) {
      auto stream = recorder.addSpikes(spike.population);
      if (!stream)
        return stream.status();
      known = streams.emplace(spike.population, *stream).first;
    }
    auto status = recorder.spikes(known->second, uint64_t(spike.step), &spike.neuron, 1);
    if (!status.ok())
      return status;
  }
  // The interpreter keeps a trace per element; a file has one per variable.
  for (size_t begin = 0, end; begin < result.traces.size(); begin = end) {
    const reference::Trace &first = result.traces[begin];
    for (end = begin; end < result.traces.size() &&
                      result.traces[end].population == first.population &&
                      result.traces[end].variable == first.variable;)
      ++end;
    runtime::TraceSpec spec;
    spec.population = first.population;
    spec.variable = first.variable;
    for (size_t i = begin; i < end; ++i)
      spec.elements.push_back(result.traces[i].element);
    spec.firstStep = first.steps.empty() ? 0 : uint64_t(first.steps.front());
    spec.everySteps = first.steps.size() > 1 ? uint64_t(first.steps[1] - first.steps[0]) : 1;
    auto stream = recorder.addTrace(spec);
    if (!stream)
      return stream.status();
    for (size_t row = 0; row < first.values.size(); ++row) {
      std::vector<double> values;
      for (size_t i = begin; i < end; ++i)
        values.push_back(result.traces[i].values[row]);
      auto status = recorder.trace(*stream, values.data());
      if (!status.ok())
        return status;
    }
  }
  return recorder.close();
}

/// How the recorded values of connections were spread, first and last.
std::vector<runtime::RecordedValues> recorded(reference::RunResult &result) {
  std::vector<runtime::RecordedValues> all;
  double step = result.run.getStep().convertToDouble();
  for (size_t begin = 0, end; begin < result.traces.size(); begin = end) {
    const reference::Trace &trace = result.traces[begin];
    std::vector<double> first, last;
    for (end = begin;
         end < result.traces.size() && result.traces[end].population == trace.population &&
         result.traces[end].variable == trace.variable;
         ++end) {
      if (!trace.ofConnection || trace.values.empty())
        continue;
      first.push_back(result.traces[end].values.front());
      last.push_back(result.traces[end].values.back());
    }
    if (first.empty())
      continue;
    uint64_t count = first.size();
    all.push_back({trace.population + "." + trace.variable, trace.unit.empty() ? "1" : trace.unit,
                   count, runtime::spreadOf(first, double(trace.steps.front()) * step),
                   runtime::spreadOf(last, double(trace.steps.back()) * step)});
  }
  return all;
}

bool isGraded(neuro::PopulationOp population) {
  auto neuron =
      population->getParentOfType<ModuleOp>().lookupSymbol<neuro::NeuronOp>(population.getNeuron());
  return !neuron.walk([](neuro::SpikeOp) { return WalkResult::interrupt(); }).wasInterrupted();
}

} // namespace

int synfire::tool::runOnReference(ModuleOp module, const RunCommand &command) {
  auto begin = std::chrono::steady_clock::now();
  reference::ReferenceResult result;
  if (failed(reference::runReference(module, {}, result)))
    return 1;
  std::chrono::duration<double> wall = std::chrono::steady_clock::now() - begin;
  neuro::SimulateOp run = result.runs.back().run;
  runtime::RunSummary summary;
  summary.model = run.getCircuit().str();
  summary.target = "reference";
  summary.seed = run.getSeed();
  summary.stepSeconds = run.getStep().convertToDouble() / 1000;
  summary.durationSeconds = run.getDuration().convertToDouble() / 1000;
  summary.simulateSeconds = wall.count();
  summary.peakRssBytes = runtime::peakRss();
  module.walk([&](neuro::PopulationOp population) {
    if (population->getParentOfType<neuro::CircuitOp>().getSymName() != run.getCircuit())
      return;
    runtime::SpikeStatistics statistics(0, uint32_t(population.getSize()));
    for (const reference::Spike &spike : result.runs.back().spikes)
      if (spike.population == population.getSymName())
        statistics.add(uint64_t(spike.step), &spike.neuron, 1);
    summary.populations.push_back(runtime::SpikeStatistics::summarize(
        population.getSymName().str(), {&statistics}, summary.durationSeconds));
    summary.populations.back().isGraded = isGraded(population);
  });
  summary.accuracies = result.accuracies;
  summary.recorded = recorded(result.runs.back());
  for (reference::RunResult &one : result.runs) {
    const std::string &output = command.options.output;
    bool isLast = one.run == run;
    if (output.empty() || (!isLast && one.run.getBody().getOps<neuro::RecordOp>().empty()))
      continue;
    auto status = record(one, isLast ? output : runtime::outputOf(output, one.run.getRun().str()));
    if (!status.ok()) {
      llvm::errs() << command.model.path << ": error: " << status.message() << '\n';
      return status.exitCode();
    }
  }
  if (command.options.json)
    std::printf("%s\n", runtime::summaryJson(summary).c_str());
  else if (!command.options.quiet)
    std::fputs(runtime::summaryTable(summary).c_str(), stdout);
  return 0;
}
