//===- RunModel.cpp - A model's experiment, from start to report ----------===//

#include "runtime/engine/RunModel.h"
#include "runtime/engine/Simulator.h"
#include "runtime/engine/Snapshot.h"
#include "runtime/engine/ThreadChoice.h"
#include "runtime/random/Grid.h"
#include "runtime/report/Format.h"

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <map>
#include <new>
#include <unistd.h>

namespace synfire::runtime {

namespace {

double seconds() {
  using Clock = std::chrono::steady_clock;
  return std::chrono::duration<double>(Clock::now().time_since_epoch()).count();
}

/// \p hashes: of the weights, which the table does not show and which take time.
Result<std::vector<ProjectionSummary>> projections(Instance &instance, Team &team, bool hashes) {
  std::vector<ProjectionSummary> result;
  for (uint32_t i = 0; i < instance.model.n_connections; ++i) {
    const syn_connections &c = instance.model.connections[i];
    if (c.hidden)
      continue;
    const BuiltConnections &built = instance.connections[i];
    result.push_back({c.name, built.rows.connections, built.bytes});
    if (!hashes)
      continue;
    auto hash = instance.weightHashOf(team, i);
    if (!hash)
      return hash.status();
    result.back().weightHash = *hash;
  }
  return result;
}

/// Whether \p path can be made.
Status checkWritable(const std::string &path) {
  if (path.empty())
    return Status::success();
  size_t slash = path.rfind('/');
  std::string folder = slash == std::string::npos ? "." : path.substr(0, slash + 1);
  bool exists = access(path.c_str(), F_OK) == 0;
  if (access(exists ? path.c_str() : folder.c_str(), W_OK) == 0)
    return Status::success();
  return Status::machineError("cannot write `" + path + "`: " + std::strerror(errno));
}

/// What was not foreseen, small allocations mostly, ends here.
[[noreturn]] void outOfMemory() {
  // Nothing may be allocated any more.
  static const char text[] = "error: the system has no more memory for this model\n";
  ssize_t written = write(STDERR_FILENO, text, sizeof text - 1);
  (void)written;
  std::_Exit(2);
}

/// The runs of one experiment, one after the other.
class Experiment {
public:
  Experiment(const syn_model &model, const RunOptions &options, const std::atomic<bool> *stop)
      : model(model), options(options), stop(stop),
        team(options.threads ? options.threads : chooseThreads()) {}
  Status run();

private:
  unsigned chooseThreads() const;
  Status loadCheckpoint();
  Status start(uint32_t number);
  std::string outputOf(uint32_t number) const;
  Status openOutputs(uint32_t number, int64_t steps);
  Status simulate(uint32_t number);
  Status report(const syn_run &run, Simulator &simulator, int64_t from);
  bool isStopped() const { return stop && *stop; }
  bool isLast(uint32_t number) const { return options.isLastNetwork && number + 1 == model.n_runs; }
  Status keepForOthers(uint32_t number);
  Status keepCheckpoint(const syn_run &run);

  const syn_model &model;
  const RunOptions &options;
  const std::atomic<bool> *stop;
  Team team;
  std::unique_ptr<Instance> instance;
  std::optional<Snapshot> resumed;
  std::map<std::string, Snapshot> kept; // the ends of runs from which later ones go on
  Outputs outputs;
  std::unique_ptr<Recorder> recorder;
  std::optional<Picture> picture;
  std::optional<Progress> progress;
  RunSummary summary;
};

/// Where the user says none: as many as there are cores, if that pays.
unsigned Experiment::chooseThreads() const {
  unsigned cores = availableCores();
  if (cores == 1)
    return 1;
  double work = 0;
  for (uint32_t number = 0; number < model.n_runs; ++number)
    work = std::max(work, foreseeBlock(model, model.runs[number],
                                       options.seed.value_or(model.runs[number].seed)));
  if (std::isinf(work))
    return cores;
  Team team(cores);
  return isBetterAlone(work, measureMeeting(team), cores) ? 1 : cores;
}

Status Experiment::loadCheckpoint() {
  auto read = readCheckpoint(options.resume);
  if (!read)
    return read.status();
  resumed = std::move(*read);
  const syn_run &run = model.runs[model.n_runs - 1];
  if (Status status = checkSnapshot(model, run, *resumed, options.resume); !status.ok())
    return status;
  if (options.seed && *options.seed != resumed->seed)
    return Status::userError("the state in `" + options.resume + "` was made with the seed " +
                             std::to_string(resumed->seed) +
                             "; a run that goes on from it cannot have the seed " +
                             std::to_string(*options.seed));
  return Status::success();
}

/// Brings the instance to where the run begins.
Status Experiment::start(uint32_t number) {
  const syn_run &run = model.runs[number];
  double begin = seconds();
  const Snapshot *from = resumed ? &*resumed : nullptr;
  if (!from && run.origin) {
    bool goesOn = number && std::strcmp(model.runs[number - 1].name, run.origin) == 0;
    if (goesOn && instance->dt != run.step_ms)
      return Status::userError("run `" + std::string(run.name) + "` goes on from `" + run.origin +
                               "`, which has another step");
    auto end = kept.find(run.origin);
    if (!goesOn && end == kept.end())
      return Status::userError("there is no run `" + std::string(run.origin) + "` before `" +
                               run.name + "`");
    if (!goesOn)
      from = &end->second;
  }
  if (from ? !instance || instance->seed != from->seed || instance->dt != from->stepMs
           : !run.origin) {
    instance.reset(); // before the next one takes its memory
    auto made =
        Instance::create(model, run, from ? from->seed : options.seed.value_or(run.seed), team);
    if (!made)
      return made.status();
    instance = std::move(*made);
  }
  if (from) {
    Status status = restoreSnapshot(*instance, *from, resumed ? options.resume : run.origin);
    if (!status.ok())
      return status;
  }
  // A resumed run is the same run: its protocol goes on.
  if (!resumed)
    instance->origin = instance->step;
  summary.buildSeconds = seconds() - begin;
  return Status::success();
}

std::string Experiment::outputOf(uint32_t number) const {
  return isLast(number) ? options.output
                        : runtime::outputOf(options.output, model.runs[number].name);
}

Status Experiment::openOutputs(uint32_t number, int64_t steps) {
  const syn_run &run = model.runs[number];
  recorder.reset();
  outputs.recorder = nullptr;
  if (!options.output.empty() && (isLast(number) || run.n_records)) {
    auto opened = Recorder::open(outputOf(number), run.step_ms);
    if (!opened)
      return opened.status();
    recorder = std::move(*opened);
    outputs.recorder = recorder.get();
  }
  if (isLast(number) && !options.picture.empty()) {
    picture.emplace(model.name, double(instance->step) * run.step_ms, double(steps) * run.step_ms,
                    run.step_ms);
    outputs.picture = &*picture;
  }
  return Status::success();
}

Status Experiment::keepForOthers(uint32_t number) {
  // The next run finds the instance as it is.
  for (uint32_t later = number + 2; later < model.n_runs; ++later)
    if (model.runs[later].origin &&
        std::strcmp(model.runs[later].origin, model.runs[number].name) == 0) {
      auto end = takeSnapshot(*instance, model.runs[number].name);
      if (!end)
        return end.status();
      kept[model.runs[number].name] = std::move(*end);
      break;
    }
  return Status::success();
}

Status Experiment::keepCheckpoint(const syn_run &run) {
  auto snapshot = takeSnapshot(*instance, run.name);
  return snapshot ? writeCheckpoint(*snapshot, options.checkpoint) : snapshot.status();
}

Status Experiment::simulate(uint32_t number) {
  const syn_run &run = model.runs[number];
  int64_t steps = run.steps;
  if (isLast(number) && options.durationMs)
    steps = toSteps(*options.durationMs, run.step_ms).steps;
  if (instance->remembers() && steps > History::lastStep - instance->step)
    return Status::userError(
        "plastic connections know 2^31 steps; expected a run that ends before " +
        formatMilliseconds(double(History::lastStep) * run.step_ms) + ", or a longer step");
  if (Status status = openOutputs(number, steps); !status.ok())
    return status;
  progress.reset();
  if (!options.quiet && !options.json)
    outputs.progress = &progress.emplace(double(steps) * run.step_ms);
  Simulator simulator(*instance, run, team, outputs);
  if (Status status = simulator.prepare(); !status.ok())
    return status;
  int64_t from = instance->step;
  double begin = seconds();
  Status status = simulator.advance(steps, stop, /*late=*/true);
  summary.simulateSeconds = seconds() - begin;
  // Connections follow what their targets did since the last spike of their sources when somebody
  // reads them.
  if (status.ok() && (options.json || !options.checkpoint.empty() || !isLast(number)))
    status = simulator.advance(0);
  if (progress)
    progress->finish();
  if (status.ok())
    for (Accuracy &accuracy : simulator.finish())
      summary.accuracies.push_back(std::move(accuracy));
  // What was recorded before a failure stays readable.
  if (recorder) {
    Status closed = recorder->close();
    if (status.ok())
      status = closed;
  }
  if (!status.ok())
    return status;
  if (isStopped() && instance->step < from + steps)
    std::fprintf(stderr, "stopped at %s, after %s of %s\n",
                 formatMilliseconds(double(instance->step) * run.step_ms).c_str(),
                 formatMilliseconds(double(instance->step - from) * run.step_ms).c_str(),
                 formatMilliseconds(double(steps) * run.step_ms).c_str());
  if (!isLast(number) && !isStopped())
    return keepForOthers(number);
  // One of them may fail; the others are still made.
  if (!options.checkpoint.empty() && !isLast(number))
    status = Status::userError("stopped in run `" + std::string(run.name) +
                               "`: only the state of the last run is "
                               "kept, and `" +
                               options.checkpoint + "` was not written");
  else if (!options.checkpoint.empty())
    status = keepCheckpoint(run);
  if (picture) {
    Status drawn = picture->draw(options.picture);
    if (status.ok())
      status = drawn;
  }
  Status reported = report(run, simulator, from);
  return status.ok() ? reported : status;
}

Status Experiment::report(const syn_run &run, Simulator &simulator, int64_t from) {
  summary.model = model.name;
  summary.target = options.target;
  summary.threads = team.size();
  summary.seed = instance->seed;
  summary.stepSeconds = run.step_ms / 1000;
  summary.durationSeconds = double(instance->step - from) * run.step_ms / 1000;
  summary.populations = simulator.populations(summary.durationSeconds);
  auto summaries = projections(*instance, team, options.json);
  if (!summaries)
    return summaries.status();
  summary.projections = std::move(*summaries);
  summary.recorded = simulator.recorded();
  summary.synapticEvents = simulator.synapticEvents();
  summary.compileSeconds = options.compileSeconds;
  summary.peakRssBytes = peakRss();
  if (options.profile) {
    const Profile &p = simulator.profile();
    double n = team.size();
    summary.phases = PhaseSeconds{p.deliver / n, p.gather / n, p.update / n, p.wait / n};
  }
  errno = 0;
  if (options.json)
    std::printf("%s\n", summaryJson(summary).c_str());
  else if (!options.quiet)
    std::fputs(summaryTable(summary).c_str(), stdout);
  if (std::fflush(stdout) != 0 || std::ferror(stdout))
    return Status::machineError("cannot write to standard output: " +
                                std::string(std::strerror(errno)));
  if (summary.phases && !options.json) {
    const PhaseSeconds &p = *summary.phases;
    std::fprintf(stderr, "per thread: deliver %s, gather %s, update %s, wait %s\n",
                 formatSeconds(p.deliver).c_str(), formatSeconds(p.gather).c_str(),
                 formatSeconds(p.update).c_str(), formatSeconds(p.wait).c_str());
  }
  return Status::success();
}

Status Experiment::run() {
  if (!options.resume.empty())
    if (Status status = loadCheckpoint(); !status.ok())
      return status;
  // A long run must not end with these surprises.
  if (!options.output.empty())
    if (Status status = Recorder::checkFormat(options.output); !status.ok())
      return status;
  if (!options.picture.empty())
    if (Status status = Picture::checkFormat(options.picture); !status.ok())
      return status;
  for (const std::string &path : {options.output, options.checkpoint, options.picture})
    if (Status status = checkWritable(path); !status.ok())
      return status;
  // The runs before the last one are in the checkpoint.
  for (uint32_t number = resumed ? model.n_runs - 1 : 0; number < model.n_runs; ++number) {
    if (Status status = start(number); !status.ok())
      return status;
    if (Status status = simulate(number); !status.ok())
      return status;
    if (isStopped())
      break;
  }
  return Status::success();
}

} // namespace

std::string outputOf(const std::string &output, const std::string &run) {
  size_t dot = output.rfind('.'); // the suffix names the format
  return output.substr(0, dot) + "." + run + (dot == std::string::npos ? "" : output.substr(dot));
}

Status runModel(const syn_model &model, const RunOptions &options, const std::atomic<bool> *stop) {
  std::set_new_handler(outOfMemory);
  return Experiment(model, options, stop).run();
}

} // namespace synfire::runtime
