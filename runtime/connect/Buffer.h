//===- Buffer.h - Big aligned arrays ----------------------------*- C++ -*-===//
//
// Memory for connections and states: aligned to cache lines, zeroed, padded so
// that vector reads past the end are safe, on huge pages where it is big.
//
//===----------------------------------------------------------------------===//

#ifndef SYNFIRE_RUNTIME_CONNECT_BUFFER_H
#define SYNFIRE_RUNTIME_CONNECT_BUFFER_H

#include <cstddef>
#include <cstdint>
#include <utility>

namespace synfire::runtime {

/// An owned array of bytes. Pages are touched first by the thread that writes
/// them.
class Buffer {
public:
  /// Readable bytes behind the end.
  static constexpr size_t padding = 128;

  Buffer() = default;
  Buffer(Buffer &&other) noexcept { swap(other); }
  Buffer &operator=(Buffer &&other) noexcept {
    swap(other);
    return *this;
  }
  ~Buffer() { release(); }

  /// Replaces the contents by \p bytes zeros. False: the system has no memory.
  [[nodiscard]] bool allocate(size_t bytes);
  void release();

  template <typename T> T *as() { return static_cast<T *>(memory); }
  template <typename T> const T *as() const { return static_cast<const T *>(memory); }
  void *data() { return memory; }
  const void *data() const { return memory; }
  /// Bytes asked for.
  size_t size() const { return bytes; }
  bool empty() const { return bytes == 0; }

private:
  void swap(Buffer &other) {
    std::swap(memory, other.memory);
    std::swap(bytes, other.bytes);
    std::swap(mapped, other.mapped);
  }

  void *memory = nullptr;
  size_t bytes = 0;
  size_t mapped = 0;
};

/// Bytes that can be allocated without running the machine out of memory: the
/// least of what is free, what the cgroup allows and the process limit.
uint64_t availableMemory();

} // namespace synfire::runtime

#endif // SYNFIRE_RUNTIME_CONNECT_BUFFER_H
