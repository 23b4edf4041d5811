//===- Edges.cpp - Connections stored by an earlier run -------------------===//

#include "frontend/sema/Edges.h"
#include "frontend/sema/Program.h"

#include <hdf5.h>

using namespace synfire;
using namespace synfire::sema;
using llvm::StringRef;

namespace {

/// Closes what HDF5 opened.
class Handle {
public:
  Handle(hid_t id, herr_t (*close)(hid_t)) : id(id), close(close) {}
  Handle(const Handle &) = delete;
  ~Handle() {
    if (id >= 0)
      close(id);
  }
  bool valid() const { return id >= 0; }
  operator hid_t() const { return id; }

private:
  hid_t id;
  herr_t (*close)(hid_t);
};

/// The names of what a group holds.
std::vector<std::string> namesIn(hid_t group) {
  std::vector<std::string> names;
  H5Literate(
      group, H5_INDEX_NAME, H5_ITER_INC, nullptr,
      [](hid_t, const char *name, const H5L_info_t *, void *data) -> herr_t {
        static_cast<std::vector<std::string> *>(data)->push_back(name);
        return 0;
      },
      &names);
  return names;
}

/// A dataset of one dimension as numbers; nothing if it is none.
std::optional<std::vector<double>> numbersOf(hid_t group, const std::string &name) {
  Handle data(H5Dopen2(group, name.c_str(), H5P_DEFAULT), H5Dclose);
  if (!data.valid())
    return std::nullopt;
  Handle space(H5Dget_space(data), H5Sclose);
  hssize_t size = H5Sget_simple_extent_npoints(space);
  if (H5Sget_simple_extent_ndims(space) != 1 || size < 0)
    return std::nullopt;
  std::vector<double> values(static_cast<size_t>(size));
  if (size && H5Dread(data, H5T_NATIVE_DOUBLE, H5S_ALL, H5S_ALL, H5P_DEFAULT, values.data()) < 0)
    return std::nullopt;
  return values;
}

std::string cell(double value) {
  char text[32];
  std::snprintf(text, sizeof text, "%.17g", value);
  return text;
}

/// One table with a row for each edge.
std::unique_ptr<CsvFile> tableOf(hid_t edges, const std::string &path) {
  auto file = std::make_unique<CsvFile>();
  file->path = path;
  file->isEdges = true;
  auto add = [&](hid_t group, const std::string &name, const std::string &title) {
    auto values = numbersOf(group, name);
    if (!values || (!file->header.empty() && values->size() != file->rows.size()))
      return false;
    file->rows.resize(values->size());
    file->header.push_back(title);
    for (size_t row = 0; row != values->size(); ++row)
      file->rows[row].push_back(cell((*values)[row]));
    return true;
  };
  if (!add(edges, "source_node_id", "pre") || !add(edges, "target_node_id", "post"))
    return nullptr;
  Handle attributes(H5Gopen2(edges, "0", H5P_DEFAULT), H5Gclose);
  if (attributes.valid())
    for (const std::string &name : namesIn(attributes))
      add(attributes, name, name);
  for (size_t row = 0; row != file->rows.size(); ++row)
    file->lines.push_back(unsigned(row + 1));
  return file;
}

} // namespace

bool sema::isEdgeFile(StringRef path) { return path.ends_with(".h5"); }

const CsvFile *sema::readEdges(Program &program, const std::string &path, StringRef projection,
                               SourceRange range) {
  auto [it, isNew] = program.getTables().try_emplace(path + "#" + projection.str());
  if (!isNew)
    return it->second.get();
  H5Eset_auto2(H5E_DEFAULT, nullptr, nullptr); // messages are ours
  DiagnosticEngine &diags = program.getDiags();
  Handle file(H5Fopen(path.c_str(), H5F_ACC_RDONLY, H5P_DEFAULT), H5Fclose);
  Handle all(file.valid() ? H5Gopen2(file, "edges", H5P_DEFAULT) : -1, H5Gclose);
  if (!all.valid()) {
    diags.report(diag::err_no_edges, range) << path;
    return nullptr;
  }
  std::vector<std::string> names = namesIn(all);
  std::string name = projection.empty() && names.size() == 1 ? names[0] : projection.str();
  if (std::find(names.begin(), names.end(), name) == names.end()) {
    program.reportUnknown(diag::err_unknown_edges, name, range, names, path);
    return nullptr;
  }
  Handle edges(H5Gopen2(all, name.c_str(), H5P_DEFAULT), H5Gclose);
  it->second = edges.valid() ? tableOf(edges, path) : nullptr;
  if (!it->second)
    diags.report(diag::err_damaged_edges, range) << path << name;
  return it->second.get();
}
