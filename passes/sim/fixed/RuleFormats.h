//===- RuleFormats.h - the formats of a plastic rule ---===//
#ifndef SYNFIRE_PASSES_SIM_FIXED_RULEFORMATS_H
#define SYNFIRE_PASSES_SIM_FIXED_RULEFORMATS_H

#include "passes/sim/fixed/KernelFormats.h"
#include "passes/sim/fixed/Rule.h"

#include "llvm/ADT/StringMap.h"

#include <map>
#include <memory>

namespace synfire::sim {

/// What a value that spikes carry can be, in multiples of 2^-fraction.
struct LatchedFormat {
  Bound range;
  int fraction = 0;
};
/// By population and number.
using LatchedFormats = std::map<std::pair<std::string, int64_t>, LatchedFormat>;

/// Chooses formats for a flat rule. A weight without a format of the model gets as many bits as
/// peers take for neurons; tables are as fine as a weight needs them.
class RuleFormats {
public:
  RuleFormats(FlatRule rule, ProgramOp program) : rule(std::move(rule)), program(program) {}

  /// The fraction of the weight, which is its array's from now on, and where the rule leads it.
  mlir::FailureOr<int> chooseWeight(const FixedSettings &settings, Bound &range);
  /// How fine values have to be that either end latches, by their fields; after `chooseWeight`.
  llvm::StringMap<int> demandsOfLatched(const FixedSettings &settings);
  /// The other formats, once those of the cells are known; rewrites the flat rule.
  mlir::LogicalResult choose(ConnectionsOp connections, const LatchedFormats &latched,
                             const FixedSettings &settings);
  /// Erases the flat rule.
  void finish();

  FlatRule rule;

private:
  void bind(llvm::function_ref<LatchedFormat(const RuleInput &)> range);
  void unbind();
  std::optional<Bound> startOfWeight();
  FixedSettings finer(FixedSettings settings);
  mlir::LogicalResult roundTables(const KernelFormats &formats);
  void roundDraws();
  ArrayOp weight();

  ProgramOp program;
  UpdateOp launch; ///< of the flat rule, for the time of the choice
  llvm::SmallVector<ArrayOp> places;
};

} // namespace synfire::sim

#endif // SYNFIRE_PASSES_SIM_FIXED_RULEFORMATS_H
