//===- Hdf5.cpp -----------------------------------------------------------===//

#include "runtime/record/Hdf5.h"

using namespace synfire::runtime;

void synfire::runtime::silenceHdf5() { H5Eset_auto2(H5E_DEFAULT, nullptr, nullptr); }

Hdf5Handle synfire::runtime::hdf5Group(hid_t parent, const std::string &name) {
  return Hdf5Handle(H5Gcreate2(parent, name.c_str(), H5P_DEFAULT, H5P_DEFAULT, H5P_DEFAULT),
                    H5Gclose);
}

Hdf5Handle synfire::runtime::hdf5Growing(hid_t parent, const char *name, hid_t type,
                                         uint64_t columns, uint64_t chunkRows) {
  int rank = columns ? 2 : 1;
  hsize_t size[2] = {0, columns}, most[2] = {H5S_UNLIMITED, columns};
  hsize_t chunk[2] = {chunkRows, columns};
  Hdf5Handle space(H5Screate_simple(rank, size, most), H5Sclose);
  Hdf5Handle properties(H5Pcreate(H5P_DATASET_CREATE), H5Pclose);
  H5Pset_chunk(properties, rank, chunk);
  return Hdf5Handle(H5Dcreate2(parent, name, type, space, H5P_DEFAULT, properties, H5P_DEFAULT),
                    H5Dclose);
}

bool synfire::runtime::hdf5Append(hid_t dataset, hid_t type, uint64_t at, uint64_t rows,
                                  uint64_t columns, const void *data) {
  int rank = columns ? 2 : 1;
  hsize_t total[2] = {at + rows, columns};
  hsize_t start[2] = {at, 0}, count[2] = {rows, columns};
  if (H5Dset_extent(dataset, total) < 0)
    return false;
  Hdf5Handle space(H5Dget_space(dataset), H5Sclose);
  Hdf5Handle memory(H5Screate_simple(rank, count, nullptr), H5Sclose);
  if (H5Sselect_hyperslab(space, H5S_SELECT_SET, start, nullptr, count, nullptr) < 0)
    return false;
  return H5Dwrite(dataset, type, memory, space, H5P_DEFAULT, data) >= 0;
}

bool synfire::runtime::hdf5Fixed(hid_t parent, const char *name, hid_t fileType, hid_t type,
                                 uint64_t n, const void *data) {
  hsize_t size = n;
  Hdf5Handle space(H5Screate_simple(1, &size, nullptr), H5Sclose);
  Hdf5Handle dataset(
      H5Dcreate2(parent, name, fileType, space, H5P_DEFAULT, H5P_DEFAULT, H5P_DEFAULT), H5Dclose);
  return dataset.valid() && H5Dwrite(dataset, type, H5S_ALL, H5S_ALL, H5P_DEFAULT, data) >= 0;
}

bool synfire::runtime::hdf5TextAttribute(hid_t object, const char *name, const std::string &text) {
  Hdf5Handle type(H5Tcopy(H5T_C_S1), H5Tclose);
  H5Tset_size(type, text.size() + 1);
  H5Tset_cset(type, H5T_CSET_UTF8);
  Hdf5Handle space(H5Screate(H5S_SCALAR), H5Sclose);
  Hdf5Handle attribute(H5Acreate2(object, name, type, space, H5P_DEFAULT, H5P_DEFAULT), H5Aclose);
  return attribute.valid() && H5Awrite(attribute, type, text.c_str()) >= 0;
}
