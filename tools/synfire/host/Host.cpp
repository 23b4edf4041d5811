//===- Host.cpp - `synfire host` ---===//
#include "tools/synfire/host/Host.h"

#include "runtime/record/Recorder.h"
#include "runtime/record/SpikeStatistics.h"
#include "runtime/report/Summary.h"
#include "tools/synfire/Driver.h"
#include "tools/synfire/host/Device.h"
#include "tools/synfire/host/Folder.h"
#include "tools/synfire/host/Twin.h"
#include "tools/synfire/host/Weights.h"

#include "llvm/ADT/SmallString.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/raw_ostream.h"

#include <algorithm>
#include <chrono>
#include <cstdio>

using namespace synfire;
using namespace synfire::host;
using runtime::Status;

namespace {

double seconds() {
  using Clock = std::chrono::steady_clock;
  return std::chrono::duration<double>(Clock::now().time_since_epoch()).count();
}

class Session {
public:
  explicit Session(const tool::HostCommand &command) : command(command) {}

  Status run();
  int code() const { return different ? 1 : 0; }

private:
  Status connect();
  Status findSpikes();
  Status checkIdentity();
  Status take();
  Status readLearned();
  Status record(uint64_t step);
  Status compare();
  void report();

  using Fired = std::vector<std::pair<const Population *, uint32_t>>;

  const tool::HostCommand &command;
  Folder folder;
  std::unique_ptr<Line> line;
  std::unique_ptr<Device> device;
  uint64_t steps = 0;
  Spikes given, came;
  std::vector<uint32_t> events; ///< of one step
  std::unique_ptr<runtime::Recorder> recorder;
  std::map<const Population *, size_t> streams;
  std::map<const Population *, runtime::SpikeStatistics> statistics;
  double preparing = 0, loading = 0, running = 0;
  bool different = false;
};

Status Session::connect() {
  if (command.port.empty()) {
    auto twin = buildTwin(folder.path, folder.name, folder.clocksPerBit);
    if (!twin)
      return twin.status();
    auto started = Line::start(*twin, folder.path);
    if (!started)
      return started.status();
    line = std::move(*started);
  } else {
    auto opened = Line::openPort(command.port, folder.baud);
    if (!opened)
      return opened.status();
    line = std::move(*opened);
  }
  // A simulation is as slow as the design is large.
  device = std::make_unique<Device>(*line, command.port.empty() ? 120 : 3);
  return checkIdentity();
}

Status Session::checkIdentity() {
  auto who = device->identify();
  if (!who)
    return who.status();
  if (who->version != 1)
    return Status::userError("the design speaks version " + std::to_string(who->version) +
                             " of the protocol, not 1");
  if (who->hash != folder.hash || who->cells != folder.cells || who->inputs != folder.inputs)
    return Status::userError("another design answers than the one in `" + folder.path +
                             "`: configure it with that one");
  if (who->wasStepped)
    return Status::userError("the design has run since it was configured, and its cells are no "
                             "longer as they begin: configure it again");
  return Status::success();
}

Status Session::findSpikes() {
  std::string path = command.spikes;
  if (path.empty() && llvm::sys::fs::exists(folder.file("_given.csv")))
    path = folder.file("_given.csv");
  if (path.empty())
    return Status::success();
  auto spikes = readSpikes(folder, path);
  if (!spikes)
    return spikes.status();
  for (auto &[step, fired] : *spikes) {
    llvm::erase_if(fired, [](auto &one) { return !one.first->isInput; });
    std::sort(fired.begin(), fired.end());
    // An input has one event in a step: the queue of a design has room for that.
    if (std::adjacent_find(fired.begin(), fired.end()) != fired.end())
      return Status::userError("`" + path + "` has two spikes of an element in one step");
  }
  given = std::move(*spikes);
  return Status::success();
}

Status Session::record(uint64_t step) {
  std::map<const Population *, std::vector<uint32_t>> fired;
  for (const Spikes *of : {&given, &came})
    if (auto found = of->find(step); found != of->end())
      for (auto [population, cell] : found->second)
        fired[population].push_back(cell);
  for (auto &[population, cells] : fired) {
    std::sort(cells.begin(), cells.end());
    statistics.at(population).add(step + 1, cells.data(), cells.size());
    if (!recorder)
      continue;
    Status status = recorder->spikes(streams.at(population), step + 1, cells.data(), cells.size());
    if (!status.ok())
      return status;
  }
  return Status::success();
}

Status Session::take() {
  auto give = [&](uint64_t step) -> const std::vector<uint32_t> & {
    events.clear();
    if (auto found = given.find(step); found != given.end())
      for (auto [population, cell] : found->second)
        events.push_back(population->first + cell);
    return events;
  };
  auto took = [&](uint64_t step, std::vector<uint32_t> &spikes) {
    for (uint32_t event : spikes)
      if (const Population *of = folder.of(event, /*isInput=*/false))
        came[step].push_back({of, event - of->first});
    return record(step);
  };
  return device->run(steps, give, took);
}

Status Session::readLearned() {
  auto words = device->read(wordsToRead(folder));
  return words ? writeWeights(folder, *words, command.weights) : words.status();
}

/// What the spikes should have been: those of a file, or of the model in fixed point.
Status Session::compare() {
  std::string path = command.check;
  llvm::SmallString<128> made;
  if (llvm::StringRef(path).ends_with(".syn")) {
    if (llvm::sys::fs::createTemporaryFile("synfire", "csv", made))
      return Status::machineError("cannot make a file for the run to compare with");
    tool::RunCommand run;
    run.model.path = path;
    run.model.precision = "fixed";
    run.options.output = path = made.str().str();
    run.options.quiet = true;
    if (tool::run(run) != 0)
      return Status::userError("there is no run to compare with");
  }
  auto golden = readSpikes(folder, path);
  if (!made.empty())
    llvm::sys::fs::remove(made);
  if (!golden)
    return golden.status();
  uint64_t same = 0;
  for (uint64_t step = 0; step < steps; ++step) {
    Fired expected = (*golden)[step], seen = came[step];
    llvm::erase_if(expected, [](auto &one) { return one.first->isInput; });
    std::sort(expected.begin(), expected.end());
    std::sort(seen.begin(), seen.end());
    if (expected == seen) {
      same += seen.size();
      continue;
    }
    auto [e, s] = std::mismatch(expected.begin(), expected.end(), seen.begin(), seen.end());
    bool missing = e != expected.end() && (s == seen.end() || *e < *s);
    auto [population, cell] = missing ? *e : *s;
    bool isRecorded = llvm::any_of(*golden, [of = population](const auto &step) {
      return llvm::any_of(step.second, [&](const auto &one) { return one.first == of; });
    });
    llvm::errs() << "synfire: error: at step " << step << " `" << population->name << "[" << cell
                 << "]` " << (missing ? "does not spike" : "spikes")
                 << ", unlike in the run that is compared"
                 << (isRecorded ? ""
                                : ", which has no spikes of that population: does it record them?")
                 << "\n";
    different = true;
    return Status::success();
  }
  if (!command.quiet && !command.json)
    std::printf("\n  all %llu spikes are those of the run that is compared\n",
                static_cast<unsigned long long>(same));
  return Status::success();
}

void Session::report() {
  runtime::RunSummary summary;
  summary.model = folder.model;
  summary.target = command.port.empty() ? "simulated hardware" : command.port;
  summary.seed = folder.seed;
  summary.stepSeconds = folder.stepMs / 1000;
  summary.durationSeconds = double(steps) * summary.stepSeconds;
  for (const Population &population : folder.populations)
    summary.populations.push_back(runtime::SpikeStatistics::summarize(
        population.name, {&statistics.at(&population)}, summary.durationSeconds));
  summary.compileSeconds = preparing;
  summary.buildSeconds = loading;
  summary.simulateSeconds = running;
  summary.peakRssBytes = runtime::peakRss();
  if (command.json)
    std::printf("%s\n", runtime::summaryJson(summary).c_str());
  else if (!command.quiet)
    std::fputs(runtime::summaryTable(summary).c_str(), stdout);
}

Status Session::run() {
  double begin = seconds();
  auto read = readFolder(command.folder);
  if (!read)
    return read.status();
  folder = std::move(*read);
  auto words = readWords(folder);
  if (!words)
    return words.status();
  if (!command.weights.empty() && folder.learned.empty())
    return Status::userError("the design in `" + folder.path + "` has no weights that learn");
  if (!command.weights.empty() && !llvm::StringRef(command.weights).ends_with(".csv"))
    return Status::userError("cannot write weights to `" + command.weights +
                             "`: the name of a table ends in `.csv`");
  steps = command.steps.value_or(folder.steps);
  for (const Population &population : folder.populations)
    statistics.emplace(&population, runtime::SpikeStatistics(0, population.size));
  if (Status status = findSpikes(); !status.ok())
    return status;
  if (!command.output.empty()) {
    auto opened = runtime::Recorder::open(command.output, folder.stepMs);
    if (!opened)
      return opened.status();
    recorder = std::move(*opened);
    for (const Population &population : folder.populations) {
      auto stream = recorder->addSpikes(population.name);
      if (!stream)
        return stream.status();
      streams[&population] = *stream;
    }
  }
  if (Status status = connect(); !status.ok())
    return status;
  double connected = seconds();
  preparing = connected - begin;
  if (command.loads && !words->empty())
    if (Status status = device->load(*words); !status.ok())
      return status;
  double loaded = seconds();
  loading = loaded - connected;
  Status status = take();
  running = seconds() - loaded;
  if (status.ok() && !command.weights.empty())
    status = readLearned();
  if (recorder)
    if (Status closed = recorder->close(); status.ok())
      status = closed;
  if (!status.ok())
    return status;
  report();
  return command.check.empty() ? Status::success() : compare();
}

} // namespace

int tool::host(const HostCommand &command) {
  if (command.simulate == !command.port.empty()) {
    llvm::errs() << "synfire: error: say where the design is: `--port` or `--simulate`\n";
    return 1;
  }
  Session session(command);
  Status status = session.run();
  std::fflush(stdout);
  if (status.ok())
    return session.code();
  llvm::errs() << "synfire: error: " << status.message() << '\n';
  return status.exitCode();
}
