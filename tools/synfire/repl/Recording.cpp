//===- Recording.cpp - What a session remembers of its runs ---------------===//
#include "tools/synfire/repl/Recording.h"

#include "runtime/random/Hash.h"

#include <algorithm>
#include <cmath>

using namespace synfire;
using namespace synfire::repl;

/// Of one population: 160 MB.
static constexpr size_t mostSpikes = 10'000'000;
/// Of all traces together: 160 MB; but some of each.
static constexpr size_t mostSamples = 10'000'000, leastSamples = 4000;

void Recording::addSpikes(const std::string &population, int64_t step, uint32_t element) {
  SpikeLog &log = spikeLogs[population];
  if (log.spikes.size() >= mostSpikes) {
    auto half = log.spikes.begin() + mostSpikes / 2;
    log.from = half->step - 1;
    log.spikes.erase(log.spikes.begin(), half);
  }
  log.spikes.push_back({step, element});
  ++log.count;
  log.hash += runtime::spikeHash(uint64_t(step), element);
}

void Recording::addSample(const std::string &variable, uint32_t element, const std::string &unit,
                          int64_t step, double value) {
  TraceLog &log = traceLogs[{variable, element}];
  size_t most = std::max(leastSamples, mostSamples / traceLogs.size());
  if (log.samples.size() >= most)
    log.samples.erase(log.samples.begin(), log.samples.begin() + std::ptrdiff_t(most / 2));
  log.unit = unit;
  // What is recorded twice, by the session and by the model, is one sample.
  if (!log.samples.empty() && log.samples.back().step >= step)
    return;
  log.samples.push_back({step, value});
}

void Recording::truncate(int64_t step) {
  for (auto &[name, log] : spikeLogs)
    while (!log.spikes.empty() && log.spikes.back().step > step) {
      --log.count;
      log.hash -= runtime::spikeHash(uint64_t(log.spikes.back().step), log.spikes.back().element);
      log.spikes.pop_back();
    }
  for (auto &[name, log] : traceLogs)
    while (!log.samples.empty() && log.samples.back().step > step)
      log.samples.pop_back();
}

const SpikeLog *Recording::findSpikes(const std::string &population) const {
  auto found = spikeLogs.find(population);
  return found == spikeLogs.end() ? nullptr : &found->second;
}

const TraceLog *Recording::findTrace(const std::string &variable, uint32_t element) const {
  auto found = traceLogs.find({variable, element});
  return found == traceLogs.end() ? nullptr : &found->second;
}

namespace {

class MemoryRecorder final : public runtime::Recorder {
public:
  explicit MemoryRecorder(Recording &recording)
      : Recorder("", recording.dt()), recording(recording) {}

private:
  using Status = runtime::Status;
  Status createSpikes(size_t) override { return Status::success(); }
  Status createTrace(size_t) override { return Status::success(); }
  Status writeSpikes() override {
    for (const SpikeStream &stream : spikeStreams)
      for (size_t i = 0; i < stream.nodes.size(); ++i)
        recording.addSpikes(stream.population, std::llround(stream.times[i] / dtMs),
                            uint32_t(stream.nodes[i]));
    return Status::success();
  }
  Status writeTrace(size_t number, size_t numRows) override {
    const TraceStream &stream = traceStreams[number];
    const runtime::TraceSpec &spec = stream.spec;
    const double *value = stream.rows.data();
    for (size_t row = 0; row < numRows; ++row) {
      uint64_t step = spec.firstStep + (stream.written + row) * spec.everySteps;
      for (uint32_t element : spec.elements)
        recording.addSample(spec.population + "." + spec.variable, element, spec.unit,
                            int64_t(step), *value++);
    }
    return Status::success();
  }
  Status sync() override { return Status::success(); }
  Status closeFiles() override { return Status::success(); }

  Recording &recording;
};

} // namespace

std::unique_ptr<runtime::Recorder> repl::makeRecorder(Recording &recording) {
  return std::make_unique<MemoryRecorder>(recording);
}

double repl::rateOf(const SpikeLog *log, uint64_t size, int64_t from, int64_t to, double dtMs) {
  if (!log || !size || to <= from)
    return 0;
  uint64_t spikes = 0;
  for (const SpikeLog::Spike &spike : log->spikes)
    spikes += spike.step > from && spike.step <= to;
  return double(spikes) / double(size) / (double(to - from) * dtMs * 1e-3);
}

double repl::cvOf(const SpikeLog *log, uint64_t size, int64_t from, int64_t to) {
  struct Intervals {
    int64_t last = 0;
    uint64_t spikes = 0;
    double total = 0, squares = 0;
  };
  std::vector<Intervals> elements(size);
  if (log)
    for (const SpikeLog::Spike &spike : log->spikes) {
      if (spike.step <= from || spike.step > to || spike.element >= size)
        continue;
      Intervals &element = elements[spike.element];
      if (element.spikes++) {
        double interval = double(spike.step - element.last);
        element.total += interval;
        element.squares += interval * interval;
      }
      element.last = spike.step;
    }
  double sum = 0, cells = 0;
  for (const Intervals &element : elements) {
    if (element.spikes < 3)
      continue;
    double n = double(element.spikes - 1), mean = element.total / n;
    sum += std::sqrt(std::max(0.0, element.squares / n - mean * mean)) / mean;
    ++cells;
  }
  return cells ? sum / cells : 0;
}
