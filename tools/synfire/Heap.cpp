//===- Heap.cpp - Memory for a compiler, in few pages ---===//
#include "tools/synfire/Heap.h"

#include "llvm/Support/MathExtras.h"

#include <cstdlib>
#include <malloc.h>
#include <sys/mman.h>
#include <unistd.h>

void synfire::tool::growHeapInLargeSteps() {
#ifdef __GLIBC__
  constexpr size_t step = size_t(128) << 20, hugePage = size_t(2) << 20;
  mallopt(M_TOP_PAD, step);
  mallopt(M_TRIM_THRESHOLD, 4 * step);
  // Tables that double come from the heap too; what the runtime allocates is far larger.
  mallopt(M_MMAP_THRESHOLD, 16 * hugePage);
  // Addresses only: memory is handed out where it is touched.
  auto *begin = static_cast<char *>(sbrk(0));
  void *volatile room = std::malloc(hugePage); // volatile: or both calls are left out
  std::free(room);
  auto *end = static_cast<char *>(sbrk(0));
  uintptr_t first = llvm::alignTo(uintptr_t(begin), hugePage);
  if (end > begin && uintptr_t(end) > first)
    madvise(reinterpret_cast<void *>(first), uintptr_t(end) - first, MADV_HUGEPAGE);
#endif
}
