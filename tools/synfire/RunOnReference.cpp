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

/// Spikes and traces of the interpreter, in the order in which a recorder takes them.
runtime::Status record(const reference::ReferenceResult &result, const std::string &path, double dt) {
  auto opened = runtime::Recorder::open(path, dt);
  if (!opened)
    return opened.status();
  runtime::Recorder &recorder = **opened;
  std::map<std::string, size_t> streams;
  for (const reference::Spike &spike : result.spikes) {
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
  for (const reference::Trace &trace : result.traces) {
    runtime::TraceSpec spec;
    spec.population = trace.population;
    spec.variable = trace.variable + "[" + std::to_string(trace.element) + "]";
    spec.unit = "";
    spec.elements = {trace.element};
    spec.firstStep = trace.steps.empty() ? 0 : uint64_t(trace.steps.front());
    spec.everySteps = trace.steps.size() > 1 ? uint64_t(trace.steps[1] - trace.steps[0]) : 1;
    auto stream = recorder.addTrace(spec);
    if (!stream)
      return stream.status();
    for (double value : trace.values) {
      auto status = recorder.trace(*stream, &value);
      if (!status.ok())
        return status;
    }
  }
  return recorder.close();
}

} // namespace

int synfire::tool::runOnReference(ModuleOp module, const RunCommand &command) {
  auto begin = std::chrono::steady_clock::now();
  reference::ReferenceResult result;
  if (failed(reference::runReference(module, {}, result)))
    return 1;
  std::chrono::duration<double> wall = std::chrono::steady_clock::now() - begin;
  neuro::SimulateOp run;
  module.walk([&](neuro::SimulateOp op) { run = op; });
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
    for (const reference::Spike &spike : result.spikes)
      if (spike.population == population.getSymName())
        statistics.add(uint64_t(spike.step), &spike.neuron, 1);
    summary.populations.push_back(runtime::SpikeStatistics::summarize(
        population.getSymName().str(), {&statistics}, summary.durationSeconds));
  });
  if (!command.output.empty()) {
    auto status = record(result, command.output, run.getStep().convertToDouble());
    if (!status.ok()) {
      llvm::errs() << command.model.path << ": error: " << status.message() << '\n';
      return status.exitCode();
    }
  }
  if (command.json)
    std::printf("%s\n", runtime::summaryJson(summary).c_str());
  else if (!command.quiet)
    std::fputs(runtime::summaryTable(summary).c_str(), stdout);
  return 0;
}
