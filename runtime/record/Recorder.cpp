//===- Recorder.cpp - What both formats share -------------------*- C++ -*-===//

#include "runtime/record/Recorder.h"

#include <algorithm>
#include <cstring>

using namespace synfire::runtime;

/// Buffered values after which they are written.
static constexpr size_t bufferLimit = 65536;
/// Blocks between looks at the clock: recording every step must cost little.
static constexpr unsigned blocksPerClock = 64;
static constexpr std::chrono::seconds flushInterval(1);

Recorder::Recorder(std::string path, double dtMs)
    : path(std::move(path)), dtMs(dtMs), nextFlush(Clock::now() + flushInterval) {}

Recorder::~Recorder() = default;

static bool endsWith(const std::string &text, const std::string &suffix) {
  return text.size() >= suffix.size() &&
         text.compare(text.size() - suffix.size(), suffix.size(), suffix) == 0;
}

static bool isSonata(const std::string &path) {
  return endsWith(path, ".h5") || endsWith(path, ".hdf5");
}

Result<std::unique_ptr<Recorder>> Recorder::open(const std::string &path, double dtMs) {
  if (Status status = checkFormat(path); !status.ok())
    return status;
  return isSonata(path) ? openSonataRecorder(path, dtMs) : openCsvRecorder(path, dtMs);
}

Status Recorder::checkFormat(const std::string &path) {
  if (isSonata(path) || endsWith(path, ".csv"))
    return Status::success();
  return Status::userError("the format of `" + path +
                           "` is not known; its name must end in `.h5` "
                           "(SONATA) or `.csv`");
}

Status Recorder::writeError(const std::string &file, int error) const {
  std::string reason = error ? std::strerror(error) : "the library gave up";
  return Status::machineError("cannot write `" + file + "`: " + reason);
}

Result<size_t> Recorder::addSpikes(const std::string &population) {
  for (const SpikeStream &stream : spikeStreams)
    if (stream.population == population)
      return size_t(&stream - spikeStreams.data());
  spikeStreams.push_back({population, {}, {}});
  size_t number = spikeStreams.size() - 1;
  if (Status status = createSpikes(number); !status.ok())
    return status;
  return number;
}

Result<size_t> Recorder::addTrace(TraceSpec spec) {
  if (spec.elements.empty())
    return Status::userError("there is no element of `" + spec.population + "` whose `" +
                             spec.variable + "` could be recorded");
  traceStreams.push_back({std::move(spec), {}, 0});
  size_t number = traceStreams.size() - 1;
  if (Status status = createTrace(number); !status.ok())
    return status;
  return number;
}

Status Recorder::spikes(size_t number, uint64_t step, const uint32_t *ids, size_t n) {
  SpikeStream &stream = spikeStreams[number];
  size_t begin = stream.nodes.size();
  stream.nodes.insert(stream.nodes.end(), ids, ids + n);
  // Threads deliver their slices in any order.
  if (!std::is_sorted(stream.nodes.begin() + begin, stream.nodes.end()))
    std::sort(stream.nodes.begin() + begin, stream.nodes.end());
  // From the step, never summed up.
  stream.times.insert(stream.times.end(), n, double(step) * dtMs);
  buffered += n;
  return Status::success();
}

Status Recorder::trace(size_t number, const double *values) {
  TraceStream &stream = traceStreams[number];
  stream.rows.insert(stream.rows.end(), values, values + stream.spec.elements.size());
  buffered += stream.spec.elements.size();
  return Status::success();
}

Status Recorder::endBlock() {
  if (untilClock == 0) {
    untilClock = blocksPerClock;
    if (Clock::now() >= nextFlush)
      return flush();
  }
  --untilClock;
  return buffered >= bufferLimit ? writeBuffers() : Status::success();
}

Status Recorder::writeBuffers() {
  buffered = 0;
  if (Status status = writeSpikes(); !status.ok())
    return status;
  for (SpikeStream &stream : spikeStreams) {
    stream.nodes.clear();
    stream.times.clear();
  }
  for (size_t i = 0; i < traceStreams.size(); ++i) {
    TraceStream &stream = traceStreams[i];
    if (stream.rows.empty())
      continue;
    size_t numRows = stream.rows.size() / stream.spec.elements.size();
    if (Status status = writeTrace(i, numRows); !status.ok())
      return status;
    stream.written += numRows;
    stream.rows.clear();
  }
  return Status::success();
}

Status Recorder::flush() {
  nextFlush = Clock::now() + flushInterval;
  if (Status status = writeBuffers(); !status.ok())
    return status;
  return sync();
}

Status Recorder::close() {
  if (!open_)
    return Status::success();
  open_ = false;
  Status status = flush();
  Status closed = closeFiles();
  return status.ok() ? closed : status;
}
