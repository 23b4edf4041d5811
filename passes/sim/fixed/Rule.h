//===- Rule.h - a plastic connection as two events, each by itself ---===//
//
// A handler follows the spikes of the target late, when a spike of the source comes (sim.recall).
// What it means is simpler: at a spike of the target that the connection sees, and at one of its
// source, the weight becomes a function of itself, of values that either end latched when it fired
// last, and of how far these have decayed since. A `FlatRule` is that function, as one kernel
// without regions: formats are chosen for it, and hardware is made of it.
//
//===----------------------------------------------------------------------===//
#ifndef SYNFIRE_PASSES_SIM_FIXED_RULE_H
#define SYNFIRE_PASSES_SIM_FIXED_RULE_H

#include "dialects/sim/Sim.h"

#include "llvm/ADT/SmallVector.h"

#include <array>
#include <vector>

namespace synfire::sim {

/// What a flat rule reads beside the weight.
struct RuleInput {
  enum class Kind {
    Source,      ///< a value that the source latched (sim.payload)
    Target,      ///< a value that the target latched (sim.remembered, sim.latest)
    SourceDecay, ///< what a table says of the steps since the source's last spike
    TargetDecay, ///< of those since the target's last spike
  };
  Kind kind;
  int64_t number = 0; ///< of a latched value, within the projection
  std::string field;  ///< of the flat kernel
  /// Of a decay, by age; and what it is for older spikes.
  std::vector<double> table;
  double beyond = 0;
  std::array<int64_t, 2> format = {1, 0}; ///< of its values: bits and fraction
  /// Of a decay, the latched value that is 0 before the first spike, as long as it is `beyond`; or
  /// null, where it only ever is a factor of such a value.
  mlir::Value gate;
  mlir::Value origin; ///< in the handler

  bool isDecay() const { return kind == Kind::SourceDecay || kind == Kind::TargetDecay; }
  bool ofSource() const { return kind == Kind::Source || kind == Kind::SourceDecay; }
};

/// A kernel with the element field `weight` and one for each input. It sets the weight once for a
/// spike of the target, if the rule has such an event, and then once for a spike of the source, if
/// that changes anything; each reads the weight anew.
struct FlatRule {
  static constexpr llvm::StringLiteral weightField = "weight";
  KernelOp kernel;
  std::string weight; ///< the array
  SetOp post, pre;    ///< what either event sets, or null
  llvm::SmallVector<RuleInput, 4> inputs;

  const RuleInput *input(llvm::StringRef field) const {
    for (const RuleInput &one : inputs)
      if (one.field == field)
        return &one;
    return nullptr;
  }
};

/// The data that a field of a launch is bound to.
mlir::FlatSymbolRefAttr boundTo(LaunchInterface launch, KernelOp kernel, llvm::StringRef name);

/// Makes the flat rule of a handler, a kernel at its place that no launch uses; says what has no
/// such form.
mlir::FailureOr<FlatRule> flattenRule(HandleOp handle, ProgramOp program);

/// Where each spike of an end leaves the same number, how it decays is all that matters; and what
/// is computed from a decay and from numbers alone is a table itself.
void foldDecays(FlatRule &rule, ConnectionsOp connections, ProgramOp program);

/// The latched value of a population's spikes that the projection calls so.
mlir::Value latchedValue(ConnectionsOp connections, bool ofSource, int64_t number,
                         ProgramOp program);

/// Writes a flat rule that was quantised back into its handler, and into what settles the
/// connections.
mlir::LogicalResult writeRule(const FlatRule &rule, HandleOp handle, ProgramOp program);

} // namespace synfire::sim

#endif // SYNFIRE_PASSES_SIM_FIXED_RULE_H
