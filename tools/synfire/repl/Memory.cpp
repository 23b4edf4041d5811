//===- Memory.cpp - The memory of this process ----------------------------===//
#include "tools/synfire/repl/Memory.h"

#include <cstdio>
#include <unistd.h>

uint64_t synfire::repl::residentBytes() {
  unsigned long long all = 0, resident = 0;
  std::FILE *file = std::fopen("/proc/self/statm", "r");
  if (!file)
    return 0;
  bool isRead = std::fscanf(file, "%llu %llu", &all, &resident) == 2;
  std::fclose(file);
  return isRead ? resident * uint64_t(sysconf(_SC_PAGESIZE)) : 0;
}
