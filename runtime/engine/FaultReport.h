//===- FaultReport.h - What went wrong in a run, where and when -*- C++ -*-===//
//
// Updates tell the first NaN that they store, and every sender the first amount that is beyond the
// limit of its sum; the run ends with the block. Neither can spread between elements within a
// block, so the earliest that was told is the cause.
//
//===----------------------------------------------------------------------===//

#ifndef SYNFIRE_RUNTIME_ENGINE_FAULTREPORT_H
#define SYNFIRE_RUNTIME_ENGINE_FAULTREPORT_H

#include "runtime/engine/Instance.h"

#include <atomic>
#include <string>

namespace synfire::runtime {

/// How a model writes an element: `E[3]`, or `N["AVAL"]` where elements have names.
std::string elementText(const syn_domain &domain, uint64_t element);

/// The sum that an array is the limit of, or SYN_NONE.
uint32_t sumOfLimit(const syn_model &model, uint32_t array);

/// That \p what sends more to a sum than fits; \p when may be empty.
Status beyondLimit(const syn_model &model, uint32_t accumulator, const std::string &what,
                   const std::string &when);

class FaultReport {
public:
  explicit FaultReport(const Instance &instance);

  /// Calls an update or a delivery on partition p and keeps what it tells. Each thread calls it for
  /// partitions of its own.
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
    uint32_t launch;
  };
  Status describe(const Found &found) const;
  Status describeNaN(const Found &found) const;

  const Instance &instance;
  std::vector<std::vector<Found>> all; // per partition
  std::atomic<bool> any{false};
};

} // namespace synfire::runtime

#endif // SYNFIRE_RUNTIME_ENGINE_FAULTREPORT_H
