//===- Buffer.cpp ---------------------------------------------------------===//

#include "runtime/connect/Buffer.h"

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <string>

#include <sys/mman.h>
#include <sys/resource.h>

using namespace synfire::runtime;

static constexpr size_t hugePage = size_t(2) << 20;

void Buffer::release() {
  if (mapped)
    munmap(memory, mapped);
  else
    std::free(memory);
  memory = nullptr;
  bytes = mapped = 0;
}

bool Buffer::allocate(size_t wanted) {
  release();
  size_t total = wanted + padding;
  if (total < hugePage) {
    total = (total + 63) / 64 * 64;
    memory = std::aligned_alloc(64, total);
    if (!memory)
      return false;
    std::memset(memory, 0, total);
    bytes = wanted;
    return true;
  }
  // Ask for one huge page more and give back what is not aligned.
  total = (total + 4095) / 4096 * 4096;
  void *raw =
      mmap(nullptr, total + hugePage, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (raw == MAP_FAILED)
    return false;
  uintptr_t begin = reinterpret_cast<uintptr_t>(raw);
  uintptr_t aligned = (begin + hugePage - 1) / hugePage * hugePage;
  if (aligned != begin)
    munmap(raw, aligned - begin);
  if (size_t tail = begin + hugePage - aligned)
    munmap(reinterpret_cast<void *>(aligned + total), tail);
  memory = reinterpret_cast<void *>(aligned);
  madvise(memory, total, MADV_HUGEPAGE);
  bytes = wanted;
  mapped = total;
  return true;
}

/// The number behind \p key in a file, or the file's first number; otherwise
/// \p fallback.
static uint64_t readNumber(const char *path, const char *key, uint64_t fallback) {
  std::FILE *file = std::fopen(path, "r");
  if (!file)
    return fallback;
  char line[256];
  uint64_t value = fallback;
  size_t keyLength = std::strlen(key);
  while (std::fgets(line, sizeof(line), file)) {
    if (std::strncmp(line, key, keyLength) != 0)
      continue;
    unsigned long long number;
    if (std::sscanf(line + keyLength, "%llu", &number) == 1)
      value = number;
    break;
  }
  std::fclose(file);
  return value;
}

uint64_t synfire::runtime::availableMemory() {
  uint64_t available = readNumber("/proc/meminfo", "MemAvailable:", ~0ull);
  if (available != ~0ull)
    available *= 1024;
  uint64_t limit = readNumber("/sys/fs/cgroup/memory.max", "", ~0ull);
  if (limit != ~0ull) {
    uint64_t used = readNumber("/sys/fs/cgroup/memory.current", "", 0);
    // Cached file pages count as used but can be dropped.
    uint64_t cached = readNumber("/sys/fs/cgroup/memory.stat", "file ", 0);
    used -= std::min(used, cached);
    available = std::min(available, limit > used ? limit - used : 0);
  }
  rlimit space;
  if (getrlimit(RLIMIT_AS, &space) == 0 && space.rlim_cur != RLIM_INFINITY) {
    uint64_t used = readNumber("/proc/self/statm", "", 0) * uint64_t(4096);
    available = std::min<uint64_t>(available, space.rlim_cur > used ? space.rlim_cur - used : 0);
  }
  return available;
}
