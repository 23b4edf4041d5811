//===- Answers.h - How populations answer to frames -------------*- C++ -*-===//
//
// Counts the spikes of each cell since the present frame began, and keeps, for
// the labels and the accuracy of one run, what was answered to each frame.
//
//===----------------------------------------------------------------------===//

#ifndef SYNFIRE_RUNTIME_ENGINE_ANSWERS_H
#define SYNFIRE_RUNTIME_ENGINE_ANSWERS_H

#include "runtime/engine/Instance.h"
#include "runtime/frames/Responses.h"

namespace synfire::runtime {

/// The answers in one run.
class Answers {
public:
  Answers(Instance &instance, const syn_run &run);

  /// Spikes of a domain; those of different elements may be counted at the same time.
  void count(uint32_t domain, const uint32_t *elements, size_t n);
  /// Sets the sums that conditions on the frame that ends read.
  void total(uint32_t frames);
  /// The frame that ends is not shown again: its answers count.
  void keep(uint32_t frames);
  /// A frame begins.
  void restart(uint32_t frames);
  /// Assigns the labels of the run, and tells how well those of its reports fit.
  std::vector<Accuracy> finish();

private:
  double *counts(uint32_t answers) {
    return static_cast<double *>(instance.arrayData(instance.model.answers[answers].counts));
  }
  uint64_t sizeOf(uint32_t answers) const {
    return instance.model.domains[instance.model.answers[answers].domain].size;
  }

  Instance &instance;
  const syn_run &run;
  std::vector<std::vector<double *>> countsOf; ///< by domain
  std::vector<Responses> responses;            ///< by answers
  std::vector<bool> isKept;
};

} // namespace synfire::runtime

#endif // SYNFIRE_RUNTIME_ENGINE_ANSWERS_H
