//===- Constraints.h - What priors state of connections ---------*- C++ -*-===//
//
// Limits of weights and the structure that the user gives are checked when a
// model is built. Ties, symmetry, sums and densities are brought about then, and
// again at their period, in this order (R2). Nothing here depends on how the
// targets are divided into partitions.
//
//===----------------------------------------------------------------------===//

#ifndef SYNFIRE_RUNTIME_ENGINE_CONSTRAINTS_H
#define SYNFIRE_RUNTIME_ENGINE_CONSTRAINTS_H

#include "runtime/connect/Rows.h"
#include "runtime/report/Status.h"
#include "runtime/synfire.h"

#include <string>
#include <vector>

namespace synfire::runtime {

class Instance;
struct BuiltConnections;

/// The values of one array over connections while a constraint works on them.
class ConnectionValues {
public:
  /// No values where `array` is SYN_NONE, and one for all where it is uniform.
  ConnectionValues(Instance &instance, uint32_t connections, uint32_t array);

  bool areStored() const { return stored; }
  const Rows &rows() const;
  /// The value of entry `c` of partition `p`.
  double get(unsigned p, uint64_t c) const {
    return !stored    ? uniform
           : isSingle ? double(static_cast<const float *>(bases[p])[c])
                      : static_cast<const double *>(bases[p])[c];
  }
  void set(unsigned p, uint64_t c, double value) {
    if (isSingle)
      static_cast<float *>(bases[p])[c] = float(value);
    else
      static_cast<double *>(bases[p])[c] = value;
  }

private:
  BuiltConnections &built;
  bool stored = false, isSingle = false;
  double uniform = 0;
  std::vector<void *> bases; ///< per partition
};

/// One connection as constraints see it: where its values are.
struct ConstrainedConnection {
  uint32_t source, target;
  uint32_t partition;
  uint64_t entry;
};

/// All connections by source and target; those of one pair in the order of delay and position.
std::vector<ConstrainedConnection> canonicalConnections(const Rows &rows);

/// Checks and keeps all constraints of a model.
class Constraints {
public:
  explicit Constraints(Instance &instance);

  /// What must hold before the first step.
  Status start();
  /// Steps to the next time at which one is due, from a time at which one may be due.
  int64_t stepsToNext(int64_t step) const;
  bool areDue(int64_t step) const;
  /// Those that are due at a step, or all.
  Status keep(int64_t step, bool all = false);

private:
  /// Frozen weights stay as they are (P6).
  bool isFrozen(const syn_constraint &constraint) const;
  Status keepOne(const syn_constraint &constraint);
  Status checkLimits(const syn_constraint &constraint);
  Status checkAutapses(const syn_constraint &constraint);
  Status tie(const syn_constraint &constraint);
  Status symmetrize(const syn_constraint &constraint);
  Status scaleSums(const syn_constraint &constraint);
  Status scaleSums(const syn_constraint &constraint, uint32_t domain,
                   const std::vector<uint32_t> &members);
  Status thin(const syn_constraint &constraint, uint32_t member);

  /// `E[17]`, or the element's own name.
  std::string nameOf(uint32_t domain, uint32_t element) const;
  Status broken(const syn_constraint &constraint, const std::string &how) const;

  Instance &instance;
  const syn_model &model;
};

} // namespace synfire::runtime

#endif // SYNFIRE_RUNTIME_ENGINE_CONSTRAINTS_H
