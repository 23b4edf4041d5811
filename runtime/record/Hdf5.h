//===- Hdf5.h - Handles of the HDF5 library ---------------------*- C++ -*-===//
//
// Private to runtime/record: handles that close themselves, and the few calls
// that recording needs. Functions return false where the library fails.
//
//===----------------------------------------------------------------------===//

#ifndef SYNFIRE_RUNTIME_RECORD_HDF5_H
#define SYNFIRE_RUNTIME_RECORD_HDF5_H

#include <hdf5.h>

#include <cstdint>
#include <string>
#include <utility>

namespace synfire::runtime {

/// An HDF5 identifier of any kind, closed with its own function.
class Hdf5Handle {
public:
  using Close = herr_t (*)(hid_t);

  Hdf5Handle() = default;
  Hdf5Handle(hid_t id, Close close) : id(id), closer(close) {}
  Hdf5Handle(Hdf5Handle &&other) noexcept { swap(other); }
  Hdf5Handle &operator=(Hdf5Handle &&other) noexcept {
    swap(other);
    return *this;
  }
  ~Hdf5Handle() { (void)close(); }

  bool valid() const { return id >= 0; }
  operator hid_t() const { return id; }
  /// False: what was pending could not be written.
  bool close() {
    bool done = id < 0 || closer(id) >= 0;
    id = -1;
    return done;
  }

private:
  void swap(Hdf5Handle &other) {
    std::swap(id, other.id);
    std::swap(closer, other.closer);
  }

  hid_t id = -1;
  Close closer = nullptr;
};

/// Keeps the library from printing its own errors.
void silenceHdf5();

Hdf5Handle hdf5Group(hid_t parent, const std::string &name);
/// A dataset that grows along its first dimension. \p columns of 0: one
/// dimension.
Hdf5Handle hdf5Growing(hid_t parent, const char *name, hid_t type, uint64_t columns,
                       uint64_t chunkRows);
/// Appends \p rows rows of memory type \p type behind row \p at.
bool hdf5Append(hid_t dataset, hid_t type, uint64_t at, uint64_t rows, uint64_t columns,
                const void *data);
/// Writes a whole one-dimensional dataset of a fixed size.
bool hdf5Fixed(hid_t parent, const char *name, hid_t fileType, hid_t type, uint64_t n,
               const void *data);
bool hdf5TextAttribute(hid_t object, const char *name, const std::string &text);

} // namespace synfire::runtime

#endif // SYNFIRE_RUNTIME_RECORD_HDF5_H
