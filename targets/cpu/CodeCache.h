//===- CodeCache.h - programs in memory that share functions ---===//
//
// For sessions, where one equation changes at a time: what was compiled for an earlier program is
// taken again wherever a function is the same to the last instruction.
//
//===----------------------------------------------------------------------===//
#ifndef SYNFIRE_TARGETS_CPU_CODECACHE_H
#define SYNFIRE_TARGETS_CPU_CODECACHE_H

#include "runtime/synfire.h"
#include "targets/cpu/Codegen.h"

namespace synfire::cpu {

/// A program that a cache has made ready to run. It may outlive later programs, not the cache.
class CachedProgram {
public:
  ~CachedProgram();
  const syn_model *model() const { return table; }

private:
  friend class CodeCache;
  CachedProgram();
  struct Implementation;
  std::unique_ptr<Implementation> implementation;
  const syn_model *table = nullptr;
};

class CodeCache {
public:
  explicit CodeCache(const CodegenOptions &options);
  ~CodeCache();

  /// Compiles the program of `module`; null after a diagnostic.
  std::unique_ptr<CachedProgram> compile(mlir::ModuleOp module);
  /// How many functions the last program has, and how many of them had to be compiled.
  struct Counts {
    size_t functions = 0, compiled = 0;
  };
  Counts counts() const { return last; }

private:
  struct Implementation;
  CodegenOptions options;
  std::unique_ptr<Implementation> implementation;
  Counts last;
};

} // namespace synfire::cpu

#endif // SYNFIRE_TARGETS_CPU_CODECACHE_H
