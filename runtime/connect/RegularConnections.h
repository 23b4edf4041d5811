//===- RegularConnections.h - Connections that need no memory ----*- C++ -*-===//
//
// one_to_one, all_to_all and all_but_one follow from the numbers of the elements:
// where the amount is the same for all of them, nothing is stored.
//
//===----------------------------------------------------------------------===//

#ifndef SYNFIRE_RUNTIME_CONNECT_REGULARCONNECTIONS_H
#define SYNFIRE_RUNTIME_CONNECT_REGULARCONNECTIONS_H

#include "runtime/connect/Rule.h"
#include "runtime/report/Status.h"

namespace synfire::runtime {

/// The connections of one projection with a regular rule.
class RegularConnections {
public:
  /// Nothing.
  RegularConnections() = default;
  /// Checks \p spec; a user error says what is wrong with the rule.
  static Result<RegularConnections> create(ConnectSpec spec);

  const ConnectSpec &spec() const { return theSpec; }
  uint64_t connections() const { return total; }
  uint32_t maxInDegree() const { return mostOnOne; }

  /// Connections of \p source onto the targets \p begin .. \p end - 1.
  uint64_t connectionsOf(uint32_t source, uint32_t begin, uint32_t end) const;
  /// Adds \p amount for every connection of each of the \p n \p sources onto those targets; the sum
  /// of target \p begin is sums[0].
  template <typename Sum>
  void add(const uint32_t *sources, size_t n, Sum amount, uint32_t begin, uint32_t end,
           Sum *sums) const;

private:
  explicit RegularConnections(ConnectSpec given) : theSpec(std::move(given)) {}

  uint32_t inDegree(uint32_t targetOrdinal) const;
  /// The targets that \p source leaves out, at most two; returns how many.
  unsigned leftOut(uint32_t source, uint32_t out[2]) const;

  ConnectSpec theSpec;
  bool skipSelf = false;
  uint64_t total = 0;
  uint32_t mostOnOne = 0;
};

} // namespace synfire::runtime

#endif // SYNFIRE_RUNTIME_CONNECT_REGULARCONNECTIONS_H
