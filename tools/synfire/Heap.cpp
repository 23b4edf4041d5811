//===- Heap.cpp - Memory for a compiler, in few pages ---===//
#include "tools/synfire/Heap.h"

#include "llvm/Support/MathExtras.h"

#include <cstdlib>
#include <malloc.h>
#include <sys/mman.h>
#include <unistd.h>

void synfire::tool::growHeapInLargeSteps() {
#ifdef __GLIBC__
  constexpr size_t step = size_t(128) << 20, hugePage = size_t(2) << 20, margin = size_t(256) << 10,
                   header = 16;
  static void *volatile filler; // stays allocated, and untouched
  mallopt(M_TOP_PAD, step);
  mallopt(M_TRIM_THRESHOLD, 4 * step);
  // Tables that double come from the heap too; what the runtime allocates is far larger.
  mallopt(M_MMAP_THRESHOLD, 16 * hugePage);
  mallopt(M_ARENA_MAX, 1); // or threads get small pages of their own
  // Addresses only: memory is handed out where it is touched. Of what comes next malloc may touch
  // nothing before it is advised, or it keeps small pages, so that it begins where one ends.
  auto *probe = static_cast<char *>(std::malloc(margin));
  if (!probe)
    return;
  auto *first = reinterpret_cast<char *>(llvm::alignTo(uintptr_t(probe + 2 * margin), hugePage));
  std::free(probe);
  filler = std::malloc(first - probe - header);
  (void)filler;
  auto *end = static_cast<char *>(sbrk(0));
  if (end > first)
    madvise(first, end - first, MADV_HUGEPAGE);
#endif
}
