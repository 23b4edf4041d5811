//===- AmountBound.h - how large what an event brings can be ---===//
//
// Amounts are summed as integers, on a grid that the runtime makes as fine as it can when it builds
// the network: so fine that the sum of all that may arrive in one step still fits. It knows how
// many connections there are; how large the amount of one of them can be is said here.
//
//===----------------------------------------------------------------------===//
#ifndef SYNFIRE_PASSES_NEURO_TO_SIM_AMOUNTBOUND_H
#define SYNFIRE_PASSES_NEURO_TO_SIM_AMOUNTBOUND_H

#include "passes/neuro/analysis/Lumping.h"
#include "passes/neuro/analysis/WeightLimits.h"

namespace synfire {

/// An amount is at most the largest of three numbers:
///   - `factor` times the largest magnitude that `variable` has on a connection,
///   - `startFactor` times the largest magnitude that the state `started` has at the start,
///   - `assigned`.
struct AmountBound {
  /// A parameter or state of the synapse that differs between connections, or that a protocol may
  /// change; empty where `factor` is the bound by itself.
  std::string variable;
  /// A parameter of the source that differs between sources, which takes the place of `variable`
  /// where there is none.
  std::string ofSource;
  double factor = 0;
  /// A state that every handler clips, but whose start values are given one by one and may lie
  /// outside; empty where there is none.
  std::string started;
  double startFactor = 0;
  /// What a protocol can make of the amount; 0 where it changes nothing.
  double assigned = 0;
  /// Whether it depends on values of the source.
  bool readsSource = false;
  /// Whether it is proven. An estimate leaves room to grow, is watched, and ends the run where an
  /// amount is larger after all.
  bool isSure = false;
};

/// The bound of an arrival of the projection or stimulus that `lumping` is of. It is sure where the
/// amount is one variable that nothing changes, whose values the runtime sees, or one that every
/// statement keeps within numbers. Anything else is estimated from start values.
AmountBound boundAmount(neuro::Arrival arrival, const neuro::Lumping &lumping,
                        const neuro::Constraints &constraints, neuro::ExperimentOp experiment);

} // namespace synfire

#endif // SYNFIRE_PASSES_NEURO_TO_SIM_AMOUNTBOUND_H
