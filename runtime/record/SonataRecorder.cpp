//===- SonataRecorder.cpp - Records as SONATA HDF5 --------------*- C++ -*-===//

#include "runtime/record/Hdf5.h"
#include "runtime/record/Recorder.h"

#include <algorithm>
#include <cerrno>
#include <numeric>

using namespace synfire::runtime;

/// Values in one chunk of a dataset: 64 KiB of f64.
static constexpr uint64_t chunkValues = 8192;

namespace {

class SonataRecorder : public Recorder {
public:
  SonataRecorder(const std::string &path, double dtMs) : Recorder(path, dtMs) {}
  ~SonataRecorder() override { (void)close(); }

  Status openFile();

protected:
  Status createSpikes(size_t stream) override;
  Status createTrace(size_t stream) override;
  Status writeSpikes() override;
  Status writeTrace(size_t stream, size_t numRows) override;
  Status sync() override;
  Status closeFiles() override;

private:
  struct SpikeDatasets {
    Hdf5Handle times, nodes;
    uint64_t written = 0;
  };
  struct TraceDatasets {
    Hdf5Handle data, time;
    Hdf5Handle last; ///< of values of connections: those of the last record
  };

  /// Success, or the failure of the call before, whose reason is in errno.
  Status result(bool done) const { return done ? Status::success() : writeError(path, errno); }
  bool writeHeader();
  Status appendSpikes(size_t stream);
  bool makeSpikeGroup(SpikeDatasets &datasets, const std::string &population);
  bool makeTraceGroup(TraceDatasets &datasets, const TraceSpec &spec, const std::string &name);
  bool makeEdges(TraceDatasets &datasets, const TraceSpec &spec);
  bool makeMapping(hid_t group, TraceDatasets &datasets, const TraceSpec &spec);
  bool writeTimes(const TraceStream &stream, const TraceDatasets &datasets, uint64_t rows);

  Hdf5Handle file, spikeGroup, reportGroup, edgeGroup;
  std::vector<SpikeDatasets> spikeSets;
  std::vector<TraceDatasets> traceSets;
};

} // namespace

Status SonataRecorder::openFile() {
  silenceHdf5();
  errno = 0;
  file = Hdf5Handle(H5Fcreate(path.c_str(), H5F_ACC_TRUNC, H5P_DEFAULT, H5P_DEFAULT), H5Fclose);
  if (!file.valid())
    return writeError(path, errno);
  return result(writeHeader() && H5Fflush(file, H5F_SCOPE_GLOBAL) >= 0);
}

/// The attributes by which a SONATA file is known.
bool SonataRecorder::writeHeader() {
  const uint32_t magic = 0x0A7A, version[2] = {0, 1};
  hsize_t two = 2;
  Hdf5Handle scalar(H5Screate(H5S_SCALAR), H5Sclose);
  Hdf5Handle pair(H5Screate_simple(1, &two, nullptr), H5Sclose);
  Hdf5Handle a(H5Acreate2(file, "magic", H5T_STD_U32LE, scalar, H5P_DEFAULT, H5P_DEFAULT),
               H5Aclose);
  Hdf5Handle b(H5Acreate2(file, "version", H5T_STD_U32LE, pair, H5P_DEFAULT, H5P_DEFAULT),
               H5Aclose);
  return a.valid() && b.valid() && H5Awrite(a, H5T_NATIVE_UINT32, &magic) >= 0 &&
         H5Awrite(b, H5T_NATIVE_UINT32, version) >= 0;
}

/// SONATA's enumeration of orders, with the value `by_time`.
static bool writeSorting(hid_t group) {
  Hdf5Handle type(H5Tenum_create(H5T_STD_U8LE), H5Tclose);
  const char *names[] = {"none", "by_id", "by_time"};
  for (uint8_t value = 0; value < 3; ++value)
    H5Tenum_insert(type, names[value], &value);
  Hdf5Handle space(H5Screate(H5S_SCALAR), H5Sclose);
  Hdf5Handle attribute(H5Acreate2(group, "sorting", type, space, H5P_DEFAULT, H5P_DEFAULT),
                       H5Aclose);
  const uint8_t byTime = 2;
  return attribute.valid() && H5Awrite(attribute, type, &byTime) >= 0;
}

bool SonataRecorder::makeSpikeGroup(SpikeDatasets &datasets, const std::string &population) {
  if (!spikeGroup.valid())
    spikeGroup = hdf5Group(file, "spikes");
  Hdf5Handle group = hdf5Group(spikeGroup, population);
  if (!group.valid() || !writeSorting(group))
    return false;
  datasets.times = hdf5Growing(group, "timestamps", H5T_IEEE_F64LE, 0, chunkValues);
  datasets.nodes = hdf5Growing(group, "node_ids", H5T_STD_U64LE, 0, chunkValues);
  return datasets.times.valid() && datasets.nodes.valid() &&
         hdf5TextAttribute(datasets.times, "units", "ms");
}

Status SonataRecorder::createSpikes(size_t number) {
  errno = 0;
  spikeSets.emplace_back();
  return result(makeSpikeGroup(spikeSets.back(), spikeStreams[number].population));
}

bool SonataRecorder::makeMapping(hid_t group, TraceDatasets &datasets, const TraceSpec &spec) {
  // SONATA counts the values of every element; here each has one.
  std::vector<uint64_t> nodes(spec.elements.begin(), spec.elements.end());
  std::vector<uint64_t> pointers(nodes.size() + 1);
  std::iota(pointers.begin(), pointers.end(), 0);
  std::vector<uint32_t> parts(nodes.size(), 0);
  const double times[3] = {0, 0, 0};
  Hdf5Handle mapping = hdf5Group(group, "mapping");
  if (!mapping.valid() ||
      !hdf5Fixed(mapping, "node_ids", H5T_STD_U64LE, H5T_NATIVE_UINT64, nodes.size(),
                 nodes.data()) ||
      !hdf5Fixed(mapping, "index_pointers", H5T_STD_U64LE, H5T_NATIVE_UINT64, pointers.size(),
                 pointers.data()) ||
      !hdf5Fixed(mapping, "element_ids", H5T_STD_U32LE, H5T_NATIVE_UINT32, parts.size(),
                 parts.data()) ||
      !hdf5Fixed(mapping, "time", H5T_IEEE_F64LE, H5T_NATIVE_DOUBLE, 3, times))
    return false;
  datasets.time = Hdf5Handle(H5Dopen2(mapping, "time", H5P_DEFAULT), H5Dclose);
  return datasets.time.valid() && hdf5TextAttribute(datasets.time, "units", "ms");
}

/// SONATA's edges, with the values of the last record as their attribute. Several variables of one
/// projection share its ends.
bool SonataRecorder::makeEdges(TraceDatasets &datasets, const TraceSpec &spec) {
  if (!edgeGroup.valid())
    edgeGroup = hdf5Group(file, "edges");
  bool known = H5Lexists(edgeGroup, spec.population.c_str(), H5P_DEFAULT) > 0;
  Hdf5Handle group =
      known ? Hdf5Handle(H5Gopen2(edgeGroup, spec.population.c_str(), H5P_DEFAULT), H5Gclose)
            : hdf5Group(edgeGroup, spec.population);
  size_t n = spec.ends.size();
  if (!known) {
    std::vector<uint64_t> sources, targets, types(n, 0), indices(n);
    for (auto [source, target] : spec.ends) {
      sources.push_back(source);
      targets.push_back(target);
    }
    std::iota(indices.begin(), indices.end(), 0);
    auto column = [&](const char *name, const std::vector<uint64_t> &values) {
      return hdf5Fixed(group, name, H5T_STD_U64LE, H5T_NATIVE_UINT64, n, values.data());
    };
    if (!group.valid() || !column("source_node_id", sources) ||
        !column("target_node_id", targets) || !column("edge_type_id", types) ||
        !column("edge_group_id", types) || !column("edge_group_index", indices))
      return false;
    for (auto [name, population] :
         {std::pair("source_node_id", &spec.source), std::pair("target_node_id", &spec.target)}) {
      Hdf5Handle ends(H5Dopen2(group, name, H5P_DEFAULT), H5Dclose);
      if (!hdf5TextAttribute(ends, "node_population", *population))
        return false;
    }
  }
  Hdf5Handle values =
      known ? Hdf5Handle(H5Gopen2(group, "0", H5P_DEFAULT), H5Gclose) : hdf5Group(group, "0");
  std::vector<double> zeros(n, 0.0);
  bool recorded = known && H5Lexists(values, spec.variable.c_str(), H5P_DEFAULT) > 0;
  if (recorded) { // with another period
    datasets.last = Hdf5Handle(H5Dopen2(values, spec.variable.c_str(), H5P_DEFAULT), H5Dclose);
    return datasets.last.valid();
  }
  if (!values.valid() ||
      !hdf5Fixed(values, spec.variable.c_str(), H5T_IEEE_F64LE, H5T_NATIVE_DOUBLE, n, zeros.data()))
    return false;
  datasets.last = Hdf5Handle(H5Dopen2(values, spec.variable.c_str(), H5P_DEFAULT), H5Dclose);
  return datasets.last.valid() && hdf5TextAttribute(datasets.last, "units", spec.unit);
}

bool SonataRecorder::makeTraceGroup(TraceDatasets &datasets, const TraceSpec &spec,
                                    const std::string &name) {
  if (!reportGroup.valid())
    reportGroup = hdf5Group(file, "report");
  Hdf5Handle group = hdf5Group(reportGroup, name);
  if (!group.valid() || !hdf5TextAttribute(group, "variable", spec.variable))
    return false;
  uint64_t columns = spec.elements.size();
  datasets.data = hdf5Growing(group, "data", H5T_IEEE_F64LE, columns,
                              std::max<uint64_t>(1, chunkValues / columns));
  return datasets.data.valid() && hdf5TextAttribute(datasets.data, "units", spec.unit) &&
         makeMapping(group, datasets, spec) && (spec.ends.empty() || makeEdges(datasets, spec));
}

Status SonataRecorder::createTrace(size_t number) {
  const TraceSpec &spec = traceStreams[number].spec;
  bool first = true;
  for (size_t i = 0; i < number; ++i)
    first = first && traceStreams[i].spec.population != spec.population;
  errno = 0;
  traceSets.emplace_back();
  std::string name = first ? spec.population : spec.population + "." + spec.variable;
  return result(makeTraceGroup(traceSets.back(), spec, name));
}

Status SonataRecorder::writeSpikes() {
  for (size_t i = 0; i < spikeStreams.size(); ++i)
    if (!spikeStreams[i].nodes.empty())
      if (Status status = appendSpikes(i); !status.ok())
        return status;
  return Status::success();
}

Status SonataRecorder::appendSpikes(size_t number) {
  const SpikeStream &stream = spikeStreams[number];
  SpikeDatasets &sets = spikeSets[number];
  size_t n = stream.nodes.size();
  errno = 0;
  bool done = hdf5Append(sets.times, H5T_NATIVE_DOUBLE, sets.written, n, 0, stream.times.data()) &&
              hdf5Append(sets.nodes, H5T_NATIVE_UINT64, sets.written, n, 0, stream.nodes.data());
  sets.written += n;
  return result(done);
}

/// Start, end (where the next record would be) and interval.
bool SonataRecorder::writeTimes(const TraceStream &stream, const TraceDatasets &sets,
                                uint64_t rows) {
  const TraceSpec &spec = stream.spec;
  double times[3] = {double(spec.firstStep) * dtMs,
                     double(spec.firstStep + rows * spec.everySteps) * dtMs,
                     double(spec.everySteps) * dtMs};
  return H5Dwrite(sets.time, H5T_NATIVE_DOUBLE, H5S_ALL, H5S_ALL, H5P_DEFAULT, times) >= 0;
}

Status SonataRecorder::writeTrace(size_t number, size_t numRows) {
  const TraceStream &stream = traceStreams[number];
  const TraceDatasets &sets = traceSets[number];
  errno = 0;
  return result(hdf5Append(sets.data, H5T_NATIVE_DOUBLE, stream.written, numRows,
                           stream.spec.elements.size(), stream.rows.data()) &&
                (!numRows || !sets.last.valid() ||
                 H5Dwrite(sets.last, H5T_NATIVE_DOUBLE, H5S_ALL, H5S_ALL, H5P_DEFAULT,
                          stream.rows.data() + (numRows - 1) * stream.spec.elements.size()) >= 0) &&
                writeTimes(stream, sets, stream.written + numRows));
}

Status SonataRecorder::sync() {
  errno = 0;
  return result(H5Fflush(file, H5F_SCOPE_GLOBAL) >= 0);
}

Status SonataRecorder::closeFiles() {
  errno = 0;
  spikeSets.clear();
  traceSets.clear();
  spikeGroup.close();
  reportGroup.close();
  edgeGroup.close();
  return result(file.close());
}

Result<std::unique_ptr<Recorder>> synfire::runtime::openSonataRecorder(const std::string &path,
                                                                       double dtMs) {
  auto recorder = std::make_unique<SonataRecorder>(path, dtMs);
  if (Status status = recorder->openFile(); !status.ok())
    return status;
  return std::unique_ptr<Recorder>(std::move(recorder));
}
