//===- CsvRecorder.cpp - Records as text ------------------------*- C++ -*-===//

#include "runtime/record/Recorder.h"

#include <algorithm>
#include <cerrno>
#include <cmath>
#include <cstdio>

using namespace synfire::runtime;

namespace {

struct FileCloser {
  void operator()(std::FILE *file) const { std::fclose(file); }
};

/// An open file with its name for messages.
struct TextFile {
  std::string path;
  std::unique_ptr<std::FILE, FileCloser> stream;
};

class CsvRecorder : public Recorder {
public:
  CsvRecorder(const std::string &path, double dtMs) : Recorder(path, dtMs) {}
  ~CsvRecorder() override { (void)close(); }

  Status openSpikes();

protected:
  Status createSpikes(size_t) override { return Status::success(); }
  Status createTrace(size_t stream) override;
  Status writeSpikes() override;
  Status writeTrace(size_t stream, size_t numRows) override;
  Status sync() override;
  Status closeFiles() override;

private:
  Status openFile(TextFile &file, const std::string &name);
  Status check(const TextFile &file) const {
    return std::ferror(file.stream.get()) ? writeError(file.path, errno) : Status::success();
  }

  TextFile spikeFile;
  std::vector<TextFile> traceFiles; // by trace
};

} // namespace

/// \p text as one field: quoted where it holds a separator.
static std::string field(const std::string &text) {
  if (text.find_first_of(",\"\n") == std::string::npos)
    return text;
  std::string quoted = "\"";
  for (char c : text)
    quoted += c == '"' ? std::string("\"\"") : std::string(1, c);
  return quoted + "\"";
}

Status CsvRecorder::openFile(TextFile &file, const std::string &name) {
  file.path = name;
  file.stream.reset(std::fopen(name.c_str(), "w"));
  return file.stream ? Status::success() : writeError(name, errno);
}

Status CsvRecorder::openSpikes() {
  if (Status status = openFile(spikeFile, path); !status.ok())
    return status;
  std::fputs("population,element,time [ms]\n", spikeFile.stream.get());
  return sync();
}

Status CsvRecorder::createTrace(size_t number) {
  const TraceSpec &spec = traceStreams[number].spec;
  std::string stem = path.substr(0, path.size() - 4);
  traceFiles.emplace_back();
  TextFile &file = traceFiles.back();
  if (Status status = openFile(file, stem + "." + spec.population + "." + spec.variable + ".csv");
      !status.ok())
    return status;
  std::fputs("time [ms]", file.stream.get());
  for (uint32_t element : spec.elements) {
    std::string which = std::to_string(element);
    if (!spec.ends.empty()) // a connection, by its cells
      which = std::to_string(spec.ends[element].first) + "->" +
              std::to_string(spec.ends[element].second);
    std::string name =
        spec.population + "[" + which + "]." + spec.variable + " [" + spec.unit + "]";
    std::fprintf(file.stream.get(), ",%s", field(name).c_str());
  }
  std::fputc('\n', file.stream.get());
  return check(file);
}

/// By time, then by population and element; every stream is in order already.
Status CsvRecorder::writeSpikes() {
  if (!spikeFile.stream)
    return Status::success(); // it was not opened, which has been told
  std::vector<size_t> next(spikeStreams.size(), 0);
  std::vector<std::string> names;
  for (const SpikeStream &stream : spikeStreams)
    names.push_back(field(stream.population));
  for (;;) {
    double time = INFINITY;
    for (size_t s = 0; s < next.size(); ++s)
      if (next[s] < spikeStreams[s].times.size())
        time = std::min(time, spikeStreams[s].times[next[s]]);
    if (time == INFINITY)
      break;
    for (size_t s = 0; s < next.size(); ++s) {
      const SpikeStream &stream = spikeStreams[s];
      // Twelve digits show every step of a run and hide the noise of f64.
      for (; next[s] < stream.times.size() && stream.times[next[s]] == time; ++next[s])
        std::fprintf(spikeFile.stream.get(), "%s,%llu,%.12g\n", names[s].c_str(),
                     static_cast<unsigned long long>(stream.nodes[next[s]]), time);
    }
  }
  return check(spikeFile);
}

Status CsvRecorder::writeTrace(size_t number, size_t numRows) {
  const TraceStream &stream = traceStreams[number];
  const TextFile &file = traceFiles[number];
  const double *values = stream.rows.data();
  for (size_t row = 0; row < numRows; ++row) {
    uint64_t step = stream.spec.firstStep + (stream.written + row) * stream.spec.everySteps;
    std::fprintf(file.stream.get(), "%.12g", double(step) * dtMs);
    // 17 digits give every f64 back.
    for (size_t i = 0; i < stream.spec.elements.size(); ++i)
      std::fprintf(file.stream.get(), ",%.17g", *values++);
    std::fputc('\n', file.stream.get());
  }
  return check(file);
}

Status CsvRecorder::sync() {
  auto syncOne = [this](const TextFile &file) {
    return std::fflush(file.stream.get()) == 0 ? Status::success() : writeError(file.path, errno);
  };
  Status status = syncOne(spikeFile);
  for (const TextFile &file : traceFiles)
    if (status.ok())
      status = syncOne(file);
  return status;
}

Status CsvRecorder::closeFiles() {
  spikeFile.stream.reset();
  traceFiles.clear();
  return Status::success();
}

Result<std::unique_ptr<Recorder>> synfire::runtime::openCsvRecorder(const std::string &path,
                                                                    double dtMs) {
  auto recorder = std::make_unique<CsvRecorder>(path, dtMs);
  if (Status status = recorder->openSpikes(); !status.ok())
    return status;
  return std::unique_ptr<Recorder>(std::move(recorder));
}
