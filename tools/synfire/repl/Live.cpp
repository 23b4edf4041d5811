//===- Live.cpp - The circuit that runs -----------------------------------===//
#include "runtime/engine/SessionText.h"
#include "runtime/engine/Simulator.h"
#include "runtime/random/Grid.h"
#include "runtime/report/Format.h"
#include "tools/synfire/repl/Clock.h"
#include "tools/synfire/repl/Session.h"

#include "llvm/Support/raw_ostream.h"

#include <cmath>
#include <csignal>
#include <cstring>

using namespace mlir;
using namespace synfire;
using namespace synfire::repl;
using namespace synfire::runtime;

/// Circuits of so many cells run on one thread, and show every step of their first cells.
static constexpr uint64_t smallCircuit = 10'000;
/// Of each population the states of so many cells are recorded without being asked for.
static constexpr uint64_t watchedCells = 10;
/// What `:undo` may keep.
static constexpr uint64_t mostBytesKept = 32u << 20;
static constexpr size_t mostMoments = 200;

//===----------------------------------------------------------------------===//
// Ctrl-C
//===----------------------------------------------------------------------===//

std::atomic<bool> &repl::interruptFlag() {
  static std::atomic<bool> flag{false};
  return flag;
}

void repl::catchInterrupts() {
  interruptFlag() = false; // made before a handler may set it
  struct sigaction action = {};
  action.sa_handler = [](int) { interruptFlag() = true; };
  sigaction(SIGINT, &action, nullptr);
}

//===----------------------------------------------------------------------===//
// From code to a circuit
//===----------------------------------------------------------------------===//

std::unique_ptr<Session::Live> Session::build(Code &compiled, std::optional<uint64_t> seed,
                                              ChangeTimes &spent) {
  Clock clock;
  ScopedDiagnosticHandler handler(
      compiled.context.get(), [&](mlir::Diagnostic &diagnostic) { messages.print(diagnostic); });
  auto made = std::make_unique<Live>();
  made->program = cache.compile(*compiled.module);
  spent.code = clock.restart();
  if (!made->program)
    return nullptr;
  const syn_model &model = *made->program->model();
  uint64_t cells = 0;
  for (uint32_t d = 0; d < model.n_domains; ++d)
    cells += model.domains[d].size;
  made->team =
      std::make_unique<Team>(options.threads || cells > smallCircuit ? options.threads : 1);
  made->run = model.runs[model.n_runs - 1];
  made->run.origin = nullptr;
  auto instance = Instance::create(model, made->run, seed.value_or(made->run.seed), *made->team);
  spent.build = clock.restart();
  if (!instance) {
    fail(instance.status().message());
    return nullptr;
  }
  made->instance = std::move(*instance);
  addRecords(*made);
  return made;
}

/// Beside what the model records: all spikes, and the states of the first cells.
void Session::addRecords(Live &made) {
  const syn_model &model = *made.program->model();
  made.records.assign(made.run.records, made.run.records + made.run.n_records);
  uint64_t cells = 0;
  for (uint32_t d = 0; d < model.n_domains; ++d) {
    const syn_domain &domain = model.domains[d];
    cells += domain.size;
    if (domain.emits && !domain.hidden)
      made.records.push_back({SYN_NONE, d, 1, nullptr, 0, 0});
  }
  uint64_t period = 1;
  if (cells > smallCircuit)
    period = uint64_t(std::max<int64_t>(1, toSteps(1, made.run.step_ms).steps));
  for (uint32_t a = 0; a < model.n_arrays; ++a) {
    const syn_array &array = model.arrays[a];
    if (array.kind != SYN_STATE || array.domain == SYN_NONE || array.connections != SYN_NONE ||
        array.uniform || array.hidden || !model.domains[array.domain].size)
      continue;
    uint64_t last = std::min(watchedCells, model.domains[array.domain].size) - 1;
    made.ranges.push_back({0, last});
    made.records.push_back({a, array.domain, period, made.ranges.back().data(), 1, 0});
  }
  made.run.records = made.records.data();
  made.run.n_records = uint32_t(made.records.size());
}

bool Session::start() {
  if (live)
    return true;
  if (!code) {
    code = compile(definitions);
    if (!code)
      return false;
  }
  if (!code->module)
    return fail("there is nothing to run yet; a circuit needs a population, such as "
                "`population E : Cell[100]` of a `neuron Cell { ... }` (`:help start`)");
  auto made = build(*code, std::nullopt, times);
  code.reset(); // it has become machine code
  if (!made)
    return false;
  live = std::move(made);
  recording = std::make_shared<Recording>(live->instance->dt, live->instance->step);
  applySilence();
  return true;
}

/// "E.v, E.w and 3 more"
static std::string listed(const std::vector<std::string> &names) {
  std::string text;
  for (size_t i = 0; i < std::min<size_t>(names.size(), 6); ++i)
    text += (i ? ", " : "") + names[i];
  return names.size() > 6 ? text + " and " + std::to_string(names.size() - 6) + " more" : text;
}

/// Takes over a program that was built for the definitions as they are now.
bool Session::goOn(std::unique_ptr<Live> next) {
  Clock clock;
  Instance &from = *live->instance, &to = *next->instance;
  bool isNew = from.step == 0 && definitions.actions.empty();
  bool restarts = from.dt != to.dt || live->run.seed != next->run.seed ||
                  std::strcmp(from.model.name, to.model.name) != 0;
  if (!isNew && !restarts) {
    if (!takesWaitingSpikes(from, to)) {
      Simulator old(from, live->run, *live->team, {});
      if (Status status = old.deliverWaiting(); !status.ok())
        return fail(status.message());
    }
    auto state = takeSnapshot(from, live->run.name);
    if (!state)
      return fail(state.status().message() + "; `:reset` first, then change it");
    auto migration = migrate(to, *state);
    if (!migration)
      return fail(migration.status().message());
    if (!migration->started.empty())
      say("new: " + listed(migration->started));
    if (!migration->dropped.empty())
      say("gone: " + listed(migration->dropped));
    if (migration->lostEvents)
      say(std::to_string(migration->lostEvents) + " events were on their way to what is gone");
  }
  live = std::move(next);
  if (isNew || restarts) {
    if (restarts && from.step)
      say("the circuit starts again at 0 ms");
    recording = std::make_shared<Recording>(live->instance->dt, live->instance->step);
    definitions.actions.clear();
  }
  applySilence();
  times.state = clock.restart();
  return true;
}

//===----------------------------------------------------------------------===//
// Running
//===----------------------------------------------------------------------===//

bool Session::run(int64_t steps, const std::function<bool()> &isMet) {
  if (!start())
    return false;
  if (live->isBroken)
    return fail("the circuit has stopped at a value that is no number; look at it, then `:undo` "
                "or `:reset`");
  remember("run");
  Instance &instance = *live->instance;
  if (instance.remembers() && steps > History::lastStep - instance.step)
    return fail("plastic connections know 2^31 steps; `:reset` begins again");
  int64_t from = instance.step, end = from + steps;
  auto recorder = makeRecorder(*recording);
  Progress progress(double(steps) * instance.dt);
  Outputs outputs;
  outputs.recorder = recorder.get();
  outputs.progress = &progress;
  Simulator simulator(instance, live->run, *live->team, outputs);
  std::atomic<bool> &stop = interruptFlag();
  stop = false;
  Status status = simulator.prepare();
  while (status.ok() && !stop && instance.step < end) {
    status = simulator.advance(isMet ? 1 : end - instance.step, &stop);
    if (!isMet || !status.ok())
      continue;
    status = recorder->flush();
    if (status.ok() && isMet())
      break;
  }
  progress.finish();
  Status closed = recorder->close();
  if (status.ok())
    status = closed;
  if (!status.ok()) {
    live->isBroken = true;
    return fail(status.message());
  }
  if (stop && instance.step < end)
    say("stopped at " + formatMilliseconds(nowMs()));
  for (const Accuracy &accuracy : simulator.finish())
    say(formatted("accuracy of %s: %.1f %% of %llu frames", accuracy.population.c_str(),
                  100 * accuracy.share(), (unsigned long long)accuracy.shown));
  return true;
}

bool Session::reset() {
  if (!live && !recording)
    return true;
  remember("reset");
  live.reset();
  recording.reset();
  definitions.actions.clear();
  code.reset();
  return true;
}

uint32_t Session::findPopulation(StringRef name) {
  if (!start())
    return SYN_NONE;
  const syn_model &model = live->instance->model;
  std::string names;
  for (uint32_t d = 0; d < model.n_domains; ++d) {
    if (name == model.domains[d].name)
      return d;
    if (!model.domains[d].hidden)
      names += (names.empty() ? "`" : ", `") + std::string(model.domains[d].name) + "`";
  }
  fail("there is no population `" + name.str() + "`; there is " + names);
  return SYN_NONE;
}

bool Session::silence(StringRef population, bool on) {
  if (findPopulation(population) == SYN_NONE)
    return false;
  remember(on ? "silence" : "wake");
  if (on)
    silenced.insert(population.str());
  else
    silenced.erase(population.str());
  applySilence();
  return true;
}

void Session::applySilence() {
  const syn_model &model = live->instance->model;
  live->instance->silenced.assign(silenced.empty() ? 0 : model.n_domains, 0);
  for (uint32_t d = 0; d < model.n_domains && !silenced.empty(); ++d)
    live->instance->silenced[d] = silenced.count(model.domains[d].name) != 0;
}

//===----------------------------------------------------------------------===//
// Going back
//===----------------------------------------------------------------------===//

static uint64_t bytesOf(const Snapshot &snapshot) {
  uint64_t bytes = 0;
  for (const auto &array : snapshot.arrays)
    bytes += array.values.size();
  for (const auto &sums : snapshot.pending)
    bytes += sums.values.size() * sizeof(int64_t);
  return bytes;
}

/// What a snapshot would take, at least; taking one of ten million plastic connections costs
/// seconds.
static uint64_t bytesToKeep(Instance &instance) {
  uint64_t bytes = 0;
  for (uint32_t a = 0; a < instance.model.n_arrays; ++a) {
    const syn_array &array = instance.model.arrays[a];
    if (array.connections == SYN_NONE)
      bytes += instance.arrayLength(a) * sizeOfType(array.type);
    else if (array.kind == SYN_STATE)
      bytes += instance.connections[array.connections].rows.connections * sizeOfType(array.type);
  }
  return bytes;
}

void Session::remember(const std::string &what) {
  Moment moment;
  moment.what = what;
  moment.definitions = definitions;
  moment.recording = recording;
  moment.silenced = silenced;
  if (live && bytesToKeep(*live->instance) <= mostBytesKept)
    if (auto state = takeSnapshot(*live->instance, live->run.name)) {
      moment.bytes = bytesOf(*state);
      moment.state = std::make_shared<Snapshot>(std::move(*state));
    }
  moments.push_back(std::move(moment));
  forget();
}

/// Keeps what there is room for, and the last moment in any case.
void Session::forget() {
  uint64_t bytes = 0;
  size_t kept = 0;
  for (auto moment = moments.rbegin(); moment != moments.rend(); ++moment, ++kept) {
    bytes += moment->bytes;
    if (kept && (bytes > mostBytesKept || kept >= mostMoments))
      break;
  }
  while (moments.size() > kept)
    moments.pop_front();
}

bool Session::undo() {
  if (moments.empty())
    return fail("there is nothing to undo");
  Moment moment = std::move(moments.back());
  if (moment.recording && !moment.state)
    return fail("the state before `" + moment.what +
                "` was not kept (it is too large, or of a kind that cannot be); `:reset` starts "
                "the circuit again");
  std::unique_ptr<Live> made;
  auto compiled = compile(moment.definitions);
  if (!compiled)
    return false;
  if (moment.state) {
    ChangeTimes spent;
    made = build(*compiled, moment.state->seed, spent);
    if (!made)
      return false;
    compiled.reset();
    auto migration = migrate(*made->instance, *moment.state);
    if (!migration)
      return fail(migration.status().message());
    moment.recording->truncate(moment.state->step);
  }
  moments.pop_back();
  definitions = std::move(moment.definitions);
  silenced = std::move(moment.silenced);
  recording = std::move(moment.recording);
  live = std::move(made);
  code = std::move(compiled);
  if (live)
    applySilence();
  say("undone: " + moment.what + (live ? "; now at " + formatMilliseconds(nowMs()) : ""));
  return true;
}

//===----------------------------------------------------------------------===//
// Files
//===----------------------------------------------------------------------===//

bool Session::save(StringRef path) {
  if (!live)
    return fail("nothing runs that could be saved; `:export FILE.syn` writes the definitions");
  auto state = takeSnapshot(*live->instance, live->run.name);
  if (!state)
    return fail(state.status().message());
  std::string text = definitions.print(nowMs());
  for (const std::string &name : silenced)
    text = "# silenced: " + name + "\n" + text;
  Status status = writeCheckpoint(*state, path.str());
  if (status.ok())
    status = attachText(path.str(), text);
  return status.ok() || fail(status.message());
}

bool Session::open(StringRef path) {
  auto state = readCheckpoint(path.str());
  if (!state)
    return fail(state.status().message());
  auto text = readAttachedText(path.str());
  if (!text)
    return fail(text.status().message());
  remember("open");
  Definitions before = std::move(definitions);
  definitions = Definitions();
  std::set<std::string> silent;
  for (StringRef rest = *text; rest.consume_front("# silenced: ");) {
    auto [name, after] = rest.split('\n');
    silent.insert(name.str());
    rest = after;
  }
  auto giveUp = [&] {
    definitions = std::move(before);
    moments.pop_back();
    return false;
  };
  auto next = readModel(Definitions(), path, *text);
  if (!next)
    return giveUp();
  auto compiled = compile(*next);
  if (!compiled || !compiled->module)
    return giveUp();
  auto made = build(*compiled, state->seed, times);
  if (!made)
    return giveUp();
  if (state->stepMs != made->instance->dt) {
    fail("`" + path + "` was made with another step");
    return giveUp();
  }
  auto migration = migrate(*made->instance, *state);
  if (!migration) {
    fail(migration.status().message());
    return giveUp();
  }
  definitions = std::move(*next);
  silenced = std::move(silent);
  code.reset();
  live = std::move(made);
  recording = std::make_shared<Recording>(live->instance->dt, live->instance->step);
  applySilence();
  say("now at " + formatMilliseconds(nowMs()));
  return true;
}
