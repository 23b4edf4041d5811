//===- OutputFile.h - files that appear complete or not at all ---===//
#ifndef SYNFIRE_TARGETS_CPU_OUTPUTFILE_H
#define SYNFIRE_TARGETS_CPU_OUTPUTFILE_H

#include "llvm/ADT/STLFunctionalExtras.h"
#include "llvm/ADT/StringRef.h"
#include "llvm/Support/raw_ostream.h"

namespace synfire::cpu {

/// Writes to a temporary file that then takes the name `path`; a device or a pipe is written to
/// itself, and `-` is the standard output. Returns the exit code after a message.
int writeOutputFile(llvm::StringRef path,
                    llvm::function_ref<bool(llvm::raw_pwrite_stream &)> write);

/// The exit code of what was printed on the standard output: 2, with a message, if it was lost.
int finishStandardOutput();

} // namespace synfire::cpu

#endif // SYNFIRE_TARGETS_CPU_OUTPUTFILE_H
