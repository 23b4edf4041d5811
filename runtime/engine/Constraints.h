//===- Constraints.h - What priors state of connections ---------*- C++ -*-===//
//
// Limits of weights and the structure that the user gives are checked when a
// model is built. Ties, symmetry, sums and densities are brought about then, and
// again at their period, in this order (R2), by all threads together. Nothing here
// depends on how the targets are divided into partitions, nor on who does what:
// sums are exact, and what counts connections counts them in one order.
//
//===----------------------------------------------------------------------===//

#ifndef SYNFIRE_RUNTIME_ENGINE_CONSTRAINTS_H
#define SYNFIRE_RUNTIME_ENGINE_CONSTRAINTS_H

#include "runtime/engine/ConstrainedWeights.h"
#include "runtime/report/Status.h"
#include "runtime/synfire.h"

#include <string>
#include <vector>

namespace synfire::runtime {

class Instance;

/// Checks and keeps all constraints of a model.
class Constraints {
public:
  explicit Constraints(Instance &instance);

  /// What must hold before the first step.
  Status start(Team &team);
  /// Steps to the next time at which one is due, from a time at which one may be due.
  int64_t stepsToNext(int64_t step) const;
  bool areDue(int64_t step) const;
  /// Those that are due at a step, or all. One thread leads, and shares the work out.
  Status keep(int64_t step, Shares &shares, bool all = false);

private:
  /// Frozen weights stay as they are (P6).
  bool isFrozen(const syn_constraint &constraint) const;
  Status keepOne(const syn_constraint &constraint, Shares &shares);
  Status checkLimits(const syn_constraint &constraint, Shares &shares);
  Status checkAutapses(const syn_constraint &constraint, Shares &shares);
  Status tie(const syn_constraint &constraint, Shares &shares);
  Status symmetrize(const syn_constraint &constraint, Shares &shares);
  Status scaleSums(const syn_constraint &constraint, Shares &shares);
  Status scaleSums(const syn_constraint &constraint, uint32_t domain,
                   const std::vector<uint32_t> &members, Shares &shares);
  Status thin(const syn_constraint &constraint, uint32_t member, Shares &shares);

  /// `E[17]`, or the element's own name.
  std::string nameOf(uint32_t domain, uint32_t element) const;
  Status broken(const syn_constraint &constraint, const std::string &how) const;

  Instance &instance;
  const syn_model &model;
};

} // namespace synfire::runtime

#endif // SYNFIRE_RUNTIME_ENGINE_CONSTRAINTS_H
