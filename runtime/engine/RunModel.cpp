//===- RunModel.cpp - A model's experiment, from start to report ----------===//

#include "runtime/engine/RunModel.h"
#include "runtime/engine/Simulator.h"
#include "runtime/random/Grid.h"
#include "runtime/report/Format.h"

#include <chrono>
#include <cstdio>
#include <cstring>

namespace synfire::runtime {

namespace {

double seconds() {
  using Clock = std::chrono::steady_clock;
  return std::chrono::duration<double>(Clock::now().time_since_epoch()).count();
}

double constantWeight(const syn_model &model, const std::string &connections, const Instance &instance) {
  std::string name = connections + ".weight";
  for (uint32_t a = 0; a < model.n_arrays; ++a)
    if (name == model.arrays[a].name && model.arrays[a].connections == SYN_NONE)
      return instance.value(a, 0);
  return 0;
}

std::vector<ProjectionSummary> projections(Instance &instance, Team &team) {
  std::vector<ProjectionSummary> result;
  for (uint32_t i = 0; i < instance.model.n_connections; ++i) {
    const syn_connections &c = instance.model.connections[i];
    if (instance.model.domains[c.source].name[0] == '#')
      continue;
    const BuiltConnections &built = instance.connections[i];
    double weight = constantWeight(instance.model, c.name, instance);
    result.push_back({c.name, built.rows.connections, built.bytes, hashOfWeights(team, built.rows, weight)});
  }
  return result;
}

} // namespace

Status runModel(const syn_model &model, const RunOptions &options, const std::atomic<bool> *stop) {
  Team team(options.threads);
  std::unique_ptr<Instance> instance;
  RunSummary summary;
  Status status = Status::success();
  for (uint32_t r = 0; r < model.n_runs; ++r) {
    const syn_run &run = model.runs[r];
    bool last = r + 1 == model.n_runs;
    uint64_t seed = options.seed.value_or(run.seed);
    double begin = seconds();
    if (!run.origin || !instance) {
      auto made = Instance::create(model, run, seed, team);
      if (!made)
        return made.status();
      instance = std::move(*made);
    }
    summary.buildSeconds = seconds() - begin;
    int64_t steps = run.steps;
    if (last && options.durationMs)
      steps = toSteps(*options.durationMs, run.step_ms).steps;
    double durationMs = double(steps) * run.step_ms;

    Outputs outputs;
    std::unique_ptr<Recorder> recorder;
    if (last && !options.output.empty()) {
      auto opened = Recorder::open(options.output, run.step_ms);
      if (!opened)
        return opened.status();
      recorder = std::move(*opened);
      outputs.recorder = recorder.get();
    }
    std::optional<Picture> picture;
    if (last && !options.picture.empty()) {
      picture.emplace(model.name, double(instance->step) * run.step_ms, durationMs, run.step_ms);
      outputs.picture = &*picture;
    }
    std::optional<Progress> progress;
    if (!options.quiet && !options.json) {
      progress.emplace(durationMs);
      outputs.progress = &*progress;
    }
    Simulator simulator(*instance, run, team, outputs);
    status = simulator.prepare();
    if (!status.ok())
      return status;
    int64_t from = instance->step;
    begin = seconds();
    status = simulator.advance(steps, stop);
    summary.simulateSeconds = seconds() - begin;
    if (progress)
      progress->finish();
    // What was recorded before a failure stays readable.
    if (recorder) {
      Status closed = recorder->close();
      if (status.ok())
        status = closed;
    }
    if (!status.ok())
      return status;
    if (picture) {
      status = picture->draw(options.picture);
      if (!status.ok())
        return status;
    }
    if (!last)
      continue;
    summary.model = model.name;
    summary.target = options.target;
    summary.threads = team.size();
    summary.seed = seed;
    summary.stepSeconds = run.step_ms / 1000;
    summary.durationSeconds = double(instance->step - from) * run.step_ms / 1000;
    summary.populations = simulator.populations(summary.durationSeconds);
    summary.projections = projections(*instance, team);
    summary.synapticEvents = simulator.synapticEvents();
    summary.compileSeconds = options.compileSeconds;
    summary.peakRssBytes = peakRss();
    if (options.json)
      std::printf("%s\n", summaryJson(summary).c_str());
    else if (!options.quiet)
      std::fputs(summaryTable(summary).c_str(), stdout);
    if (options.profile) {
      const Profile &p = simulator.profile();
      double n = team.size();
      std::fprintf(stderr, "per thread: deliver %s, gather %s, update %s, wait %s\n",
                   formatSeconds(p.deliver / n).c_str(), formatSeconds(p.gather / n).c_str(),
                   formatSeconds(p.update / n).c_str(), formatSeconds(p.wait / n).c_str());
    }
  }
  return status;
}

} // namespace synfire::runtime
