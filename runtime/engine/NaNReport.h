//===- NaNReport.h - Which state stopped to be a number, and when -*- C++ -*-===//
//
// Updates tell the first NaN that they store, and the run ends with the block. NaN cannot spread
// between elements within a block, so the earliest that was told is the cause.
//
//===----------------------------------------------------------------------===//

#ifndef SYNFIRE_RUNTIME_ENGINE_NANREPORT_H
#define SYNFIRE_RUNTIME_ENGINE_NANREPORT_H

#include "runtime/engine/Instance.h"

#include <atomic>
#include <string>

namespace synfire::runtime {

/// How a model writes an element: `E[3]`, or `N["AVAL"]` where elements have names.
std::string elementText(const syn_domain &domain, uint64_t element);

class NaNReport {
public:
  explicit NaNReport(const Instance &instance);

  /// Calls an update on partition p and keeps what it tells. Each thread calls it for partitions of
  /// its own.
  void call(uint32_t launch, unsigned p, syn_range &range);
  /// Looks at the states as they are before a step.
  void checkStart();
  bool found() const { return any; }
  /// Names the first one.
  Status status() const;

private:
  struct Found {
    int64_t step;
    uint32_t array;
    uint64_t element;
    bool isStart;
  };
  Status describe(const Found &found) const;

  const Instance &instance;
  std::vector<std::vector<Found>> all; // per partition
  std::atomic<bool> any{false};
};

} // namespace synfire::runtime

#endif // SYNFIRE_RUNTIME_ENGINE_NANREPORT_H
