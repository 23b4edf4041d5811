//===- Memory.h - The memory of this process --------------------*- C++ -*-===//
#ifndef SYNFIRE_TOOLS_SYNFIRE_REPL_MEMORY_H
#define SYNFIRE_TOOLS_SYNFIRE_REPL_MEMORY_H

#include <cstdint>

namespace synfire::repl {

/// Resident now; 0 where the system does not tell.
uint64_t residentBytes();

} // namespace synfire::repl

#endif // SYNFIRE_TOOLS_SYNFIRE_REPL_MEMORY_H
