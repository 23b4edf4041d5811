//===- Checkpoint.cpp - A snapshot as an HDF5 file ------------------------===//
//
// /                      attributes format, model, run, seed, step_ms, step, origin, last_length
// /arrays/<name>         the values; attributes unit, declared, hidden
// /pending/<name>        [steps ahead][elements] integers; attribute k: units of 2^-k
// /spikes/<population>   stamps, elements, payload [spikes * payloads]; attribute payloads; those
//                        that wait for synapses are called after the projection
// /projections/<name>    attributes connections, max_delay
//
//===----------------------------------------------------------------------===//

#include "runtime/engine/Snapshot.h"
#include "runtime/record/Hdf5.h"

#include <cerrno>
#include <cstdio>
#include <cstring>

namespace synfire::runtime {

namespace {

constexpr int64_t formatVersion = 2;

/// A name as one link of HDF5, where a slash would end it.
std::string linkName(const std::string &name) {
  std::string link;
  for (char c : name)
    link += c == '/' ? "%2f" : c == '%' ? "%25" : std::string(1, c);
  return link;
}

std::string nameOfLink(const std::string &link) {
  std::string name;
  for (size_t i = 0; i < link.size(); ++i) {
    bool escaped = link[i] == '%' && i + 2 < link.size();
    name += !escaped ? link[i] : link[i + 1] == '2' && link[i + 2] == 'f' ? '/' : '%';
    i += escaped ? 2 : 0;
  }
  return name;
}

hid_t fileType(uint32_t type) {
  switch (type) {
  case SYN_F64:
    return H5T_IEEE_F64LE;
  case SYN_F32:
    return H5T_IEEE_F32LE;
  case SYN_I64:
    return H5T_STD_I64LE;
  case SYN_I32:
    return H5T_STD_I32LE;
  case SYN_I16:
    return H5T_STD_I16LE;
  case SYN_U16:
    return H5T_STD_U16LE;
  default:
    return H5T_STD_U8LE;
  }
}

/// The syn_type of a dataset; false: none of ours.
bool typeOf(hid_t dataset, uint32_t &type) {
  Hdf5Handle found(H5Dget_type(dataset), H5Tclose);
  for (uint32_t t = SYN_F64; t <= SYN_U16; ++t)
    if (H5Tequal(found, fileType(t)) > 0) {
      type = t;
      return true;
    }
  return false;
}

template <typename T> hid_t numberType() {
  return sizeof(T) == 8 ? (T(0.5) != 0 ? H5T_IEEE_F64LE : H5T_STD_I64LE) : H5T_STD_U32LE;
}

template <typename T> bool setNumber(hid_t object, const char *name, T value) {
  Hdf5Handle space(H5Screate(H5S_SCALAR), H5Sclose);
  Hdf5Handle attribute(H5Acreate2(object, name, numberType<T>(), space, H5P_DEFAULT, H5P_DEFAULT),
                       H5Aclose);
  return attribute.valid() && H5Awrite(attribute, numberType<T>(), &value) >= 0;
}

template <typename T> bool getNumber(hid_t object, const char *name, T &value) {
  Hdf5Handle attribute(H5Aopen(object, name, H5P_DEFAULT), H5Aclose);
  return attribute.valid() && H5Aread(attribute, numberType<T>(), &value) >= 0;
}

bool getText(hid_t object, const char *name, std::string &text) {
  Hdf5Handle attribute(H5Aopen(object, name, H5P_DEFAULT), H5Aclose);
  if (!attribute.valid())
    return false;
  Hdf5Handle type(H5Aget_type(attribute), H5Tclose);
  if (H5Tget_class(type) != H5T_STRING || H5Tis_variable_str(type))
    return false;
  std::string room(H5Tget_size(type) + 1, '\0');
  if (H5Aread(attribute, type, room.data()) < 0)
    return false;
  text = room.c_str();
  return true;
}

/// A dataset of one or, with \p columns, two dimensions.
Hdf5Handle writeValues(hid_t parent, const std::string &name, hid_t type, uint64_t rows,
                       uint64_t columns, const void *data) {
  hsize_t size[2] = {rows, columns};
  Hdf5Handle space(H5Screate_simple(columns ? 2 : 1, size, nullptr), H5Sclose);
  Hdf5Handle dataset(
      H5Dcreate2(parent, name.c_str(), type, space, H5P_DEFAULT, H5P_DEFAULT, H5P_DEFAULT),
      H5Dclose);
  if (dataset.valid() && rows && H5Dwrite(dataset, type, H5S_ALL, H5S_ALL, H5P_DEFAULT, data) < 0)
    return Hdf5Handle();
  return dataset;
}

Hdf5Handle openDataset(hid_t parent, const std::string &name) {
  return Hdf5Handle(H5Dopen2(parent, name.c_str(), H5P_DEFAULT), H5Dclose);
}

Hdf5Handle openGroup(hid_t parent, const std::string &name) {
  return Hdf5Handle(H5Gopen2(parent, name.c_str(), H5P_DEFAULT), H5Gclose);
}

/// Rows and columns (0: one dimension) of a dataset.
bool sizeOf(hid_t dataset, uint64_t &rows, uint64_t &columns) {
  Hdf5Handle space(H5Dget_space(dataset), H5Sclose);
  hsize_t size[2] = {0, 0};
  int rank = H5Sget_simple_extent_ndims(space);
  if (rank < 1 || rank > 2 || H5Sget_simple_extent_dims(space, size, nullptr) < 0)
    return false;
  rows = size[0];
  columns = rank == 2 ? size[1] : 0;
  return true;
}

template <typename T>
bool readVector(hid_t parent, const char *name, hid_t type, std::vector<T> &values) {
  Hdf5Handle dataset = openDataset(parent, name);
  uint64_t rows, columns;
  if (!dataset.valid() || !sizeOf(dataset, rows, columns))
    return false;
  if (rows && (columns ? columns : 1) > H5Dget_storage_size(dataset) / sizeof(T) / rows)
    return false; // damaged: the file does not hold so much
  values.resize(rows * (columns ? columns : 1));
  return values.empty() ||
         H5Dread(dataset, type, H5S_ALL, H5S_ALL, H5P_DEFAULT, values.data()) >= 0;
}

std::vector<std::string> linksOf(hid_t group) {
  std::vector<std::string> links;
  auto add = [](hid_t, const char *name, const H5L_info_t *, void *to) -> herr_t {
    static_cast<std::vector<std::string> *>(to)->push_back(name);
    return 0;
  };
  H5Literate(group, H5_INDEX_NAME, H5_ITER_NATIVE, nullptr, add, &links);
  return links;
}

bool writeHeader(hid_t file, const Snapshot &s) {
  return setNumber(file, "format", formatVersion) && hdf5TextAttribute(file, "model", s.model) &&
         hdf5TextAttribute(file, "run", s.run) && setNumber(file, "seed", int64_t(s.seed)) &&
         setNumber(file, "step_ms", s.stepMs) && setNumber(file, "step", s.step) &&
         setNumber(file, "origin", s.origin) && setNumber(file, "last_length", s.lastLength);
}

bool writeArrays(hid_t group, const Snapshot &s) {
  for (const Snapshot::Array &array : s.arrays) {
    Hdf5Handle set = writeValues(group, linkName(array.name), fileType(array.type), array.length, 0,
                                 array.values.data());
    if (!set.valid() || !hdf5TextAttribute(set, "unit", array.unit) ||
        !setNumber(set, "declared", int64_t(array.declared)) ||
        !setNumber(set, "hidden", array.hidden))
      return false;
  }
  return true;
}

bool writePending(hid_t group, const Snapshot &s) {
  for (const Snapshot::Sums &sums : s.pending) {
    Hdf5Handle set = writeValues(group, linkName(sums.name), H5T_STD_I64LE, sums.ahead,
                                 sums.elements, sums.values.data());
    if (!set.valid() || !setNumber(set, "k", int64_t(sums.exponent)))
      return false;
  }
  return true;
}

bool writeSpikes(hid_t parent, const Snapshot &s) {
  for (const Snapshot::Spikes &spikes : s.spikes) {
    Hdf5Handle group = hdf5Group(parent, linkName(spikes.population));
    if (!group.valid() || !setNumber(group, "payloads", int64_t(spikes.payloads)) ||
        !writeValues(group, "stamps", H5T_STD_I64LE, spikes.stamps.size(), 0, spikes.stamps.data())
             .valid() ||
        !writeValues(group, "elements", H5T_STD_U32LE, spikes.elements.size(), 0,
                     spikes.elements.data())
             .valid() ||
        !writeValues(group, "payload", H5T_IEEE_F64LE, spikes.payload.size(), 0,
                     spikes.payload.data())
             .valid())
      return false;
  }
  return true;
}

bool writeProjections(hid_t parent, const Snapshot &s) {
  for (const Snapshot::Projection &projection : s.projections) {
    Hdf5Handle group = hdf5Group(parent, linkName(projection.name));
    if (!group.valid() || !setNumber(group, "connections", int64_t(projection.connections)) ||
        !setNumber(group, "max_delay", int64_t(projection.maxDelay)))
      return false;
  }
  return true;
}

bool writeGroups(hid_t file, const Snapshot &s) {
  Hdf5Handle arrays = hdf5Group(file, "arrays"), pending = hdf5Group(file, "pending"),
             spikes = hdf5Group(file, "spikes"), projections = hdf5Group(file, "projections");
  return arrays.valid() && pending.valid() && spikes.valid() && projections.valid() &&
         writeHeader(file, s) && writeArrays(arrays, s) && writePending(pending, s) &&
         writeSpikes(spikes, s) && writeProjections(projections, s);
}

bool readHeader(hid_t file, Snapshot &s) {
  int64_t seed;
  bool done = getText(file, "model", s.model) && getText(file, "run", s.run) &&
              getNumber(file, "seed", seed) && getNumber(file, "step_ms", s.stepMs) &&
              getNumber(file, "step", s.step) && getNumber(file, "origin", s.origin) &&
              getNumber(file, "last_length", s.lastLength);
  s.seed = done ? uint64_t(seed) : 0;
  return done;
}

bool readArrays(hid_t group, Snapshot &s) {
  for (const std::string &link : linksOf(group)) {
    Hdf5Handle set = openDataset(group, link);
    Snapshot::Array array;
    array.name = nameOfLink(link);
    uint64_t columns;
    int64_t declared, hidden;
    if (!set.valid() || !sizeOf(set, array.length, columns) || columns ||
        !typeOf(set, array.type) || !getText(set, "unit", array.unit) ||
        !getNumber(set, "declared", declared) || !getNumber(set, "hidden", hidden))
      return false;
    array.declared = uint64_t(declared);
    array.hidden = hidden;
    // A damaged length is not worth trying: the file does not hold so much.
    if (array.length > H5Dget_storage_size(set) / sizeOfType(array.type))
      return false;
    array.values.resize(array.length * sizeOfType(array.type));
    if (array.length &&
        H5Dread(set, fileType(array.type), H5S_ALL, H5S_ALL, H5P_DEFAULT, array.values.data()) < 0)
      return false;
    s.arrays.push_back(std::move(array));
  }
  return true;
}

bool readPending(hid_t group, Snapshot &s) {
  for (const std::string &link : linksOf(group)) {
    Hdf5Handle set = openDataset(group, link);
    Snapshot::Sums sums;
    sums.name = nameOfLink(link);
    int64_t k;
    if (!set.valid() || !sizeOf(set, sums.ahead, sums.elements) || !getNumber(set, "k", k) ||
        !readVector(group, link.c_str(), H5T_STD_I64LE, sums.values))
      return false;
    sums.exponent = int(k);
    s.pending.push_back(std::move(sums));
  }
  return true;
}

bool readSpikes(hid_t parent, Snapshot &s) {
  for (const std::string &link : linksOf(parent)) {
    Hdf5Handle group = openGroup(parent, link);
    Snapshot::Spikes spikes;
    spikes.population = nameOfLink(link);
    int64_t payloads;
    if (!group.valid() || !getNumber(group, "payloads", payloads) ||
        !readVector(group, "stamps", H5T_STD_I64LE, spikes.stamps) ||
        !readVector(group, "elements", H5T_STD_U32LE, spikes.elements) ||
        !readVector(group, "payload", H5T_IEEE_F64LE, spikes.payload))
      return false;
    spikes.payloads = uint64_t(payloads);
    if (spikes.elements.size() != spikes.stamps.size() ||
        spikes.payload.size() != spikes.stamps.size() * spikes.payloads)
      return false;
    s.spikes.push_back(std::move(spikes));
  }
  return true;
}

bool readProjections(hid_t parent, Snapshot &s) {
  for (const std::string &link : linksOf(parent)) {
    Hdf5Handle group = openGroup(parent, link);
    int64_t connections, delay;
    if (!group.valid() || !getNumber(group, "connections", connections) ||
        !getNumber(group, "max_delay", delay))
      return false;
    s.projections.push_back({nameOfLink(link), uint64_t(connections), uint64_t(delay)});
  }
  return true;
}

} // namespace

Status writeCheckpoint(const Snapshot &snapshot, const std::string &path) {
  silenceHdf5();
  std::string partial = path + ".partial";
  errno = 0;
  auto failed = [&] {
    int reason = errno;
    std::remove(partial.c_str());
    return Status::machineError("cannot write the checkpoint `" + path + "`: " +
                                (reason ? std::strerror(reason) : "the HDF5 library gave up"));
  };
  Hdf5Handle file(H5Fcreate(partial.c_str(), H5F_ACC_TRUNC, H5P_DEFAULT, H5P_DEFAULT), H5Fclose);
  bool done = file.valid() && writeGroups(file, snapshot) && H5Fflush(file, H5F_SCOPE_GLOBAL) >= 0;
  if (!file.close() || !done || std::rename(partial.c_str(), path.c_str()) != 0)
    return failed();
  return Status::success();
}

Result<Snapshot> readCheckpoint(const std::string &path) {
  silenceHdf5();
  if (std::FILE *probe = std::fopen(path.c_str(), "rb"))
    std::fclose(probe);
  else
    return Status::userError("cannot read the checkpoint `" + path + "`: " + std::strerror(errno));
  Hdf5Handle file(H5Fopen(path.c_str(), H5F_ACC_RDONLY, H5P_DEFAULT), H5Fclose);
  int64_t version = 0;
  if (!file.valid() || !getNumber(file, "format", version))
    return Status::userError("`" + path + "` is not a checkpoint");
  if (version != formatVersion)
    return Status::userError("`" + path + "` is a checkpoint of another version of Synfire");
  Hdf5Handle arrays = openGroup(file, "arrays"), pending = openGroup(file, "pending"),
             spikes = openGroup(file, "spikes"), projections = openGroup(file, "projections");
  Snapshot snapshot;
  if (!readHeader(file, snapshot) || !arrays.valid() || !readArrays(arrays, snapshot) ||
      !pending.valid() || !readPending(pending, snapshot) || !spikes.valid() ||
      !readSpikes(spikes, snapshot) || !projections.valid() ||
      !readProjections(projections, snapshot))
    return Status::userError("the checkpoint `" + path + "` is damaged");
  return snapshot;
}

} // namespace synfire::runtime
