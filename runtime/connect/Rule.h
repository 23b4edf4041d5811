//===- Rule.h - Who is connected to whom, as data ---------------*- C++ -*-===//
//
// The connect rules of the language (R1) with their options, and the sequence
// that each rule defines (random.md): connections come in a canonical order,
// and (target, position) names a connection for its draws.
//
//===----------------------------------------------------------------------===//

#ifndef SYNFIRE_RUNTIME_CONNECT_RULE_H
#define SYNFIRE_RUNTIME_CONNECT_RULE_H

#include "runtime/connect/Selection.h"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace synfire::runtime {

enum class RuleKind {
  OneToOne,       ///< ordinal i to ordinal i
  AllToAll,       ///< every pair
  AllButOne,      ///< every pair of different ordinals
  Probability,    ///< every pair with probability `p`
  ProbabilityOf,  ///< every pair with the probability that a function gives
  FixedIndegree,  ///< `number` sources drawn for every target
  FixedOutdegree, ///< `number` targets drawn for every source
  FixedNumber,    ///< `number` pairs drawn
  SmallWorld,     ///< a ring of `number` neighbours, rewired with `p`
  Modular,        ///< `number` groups; `p` within, `pOut` between them
  Table,          ///< the pairs of a file
};

/// The name of a rule in the language, for messages.
const char *ruleName(RuleKind kind);

/// Values for \p n pairs or connections, written to \p out. Called by several
/// threads at once, with batches of any size.
using PairFunction =
    std::function<void(const uint32_t *pre, const uint32_t *post, size_t n, double *out)>;

/// A connect rule with its numbers.
struct ConnectRule {
  RuleKind kind = RuleKind::AllToAll;
  /// k, n or the number of groups.
  uint64_t number = 0;
  /// p, p_in or beta.
  double p = 0;
  /// p_out of modular.
  double pOut = 0;
  /// Unset: the default of the rule.
  std::optional<bool> autapses, multapses;
  /// For ProbabilityOf: p for pairs of population indices.
  PairFunction probabilityOf;
  /// For Table: population indices, row by row.
  std::vector<uint32_t> tablePre, tablePost;
};

/// A rule between two selections, with the names of its random streams.
struct ConnectSpec {
  ConnectRule rule;
  Selection sources, targets;
  /// Sources and targets are of one population: equal indices are autapses.
  bool samePopulation = false;
  uint64_t seed = 0;
  /// The qualified name of the projection.
  std::string name;
};

} // namespace synfire::runtime

#endif // SYNFIRE_RUNTIME_CONNECT_RULE_H
