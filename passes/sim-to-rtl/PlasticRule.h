//===- PlasticRule.h - what changes the weights of a sum ---===//
#ifndef SYNFIRE_PASSES_SIM_TO_RTL_PLASTICRULE_H
#define SYNFIRE_PASSES_SIM_TO_RTL_PLASTICRULE_H

#include "dialects/sim/Sim.h"
#include "passes/sim/fixed/Paths.h"
#include "passes/sim/fixed/Rule.h"

#include <memory>

namespace synfire {

/// A rule whose connections are dense. The weight of each is kept; of each source and each target
/// the step of its last spike, from which tables tell how far a trace has decayed.
struct PlasticRule {
  /// Of ages in steps, integers, sign included in their bits.
  struct Table {
    std::vector<int64_t> values;
    int64_t beyond = 0; ///< its end
    unsigned bits = 1;
  };
  /// An input of the flat rule: a table's value, or what the last spike of an end left, 0 before
  /// the first.
  struct Input {
    std::string field;
    bool ofSource = false;
    std::optional<Table> decay;
    // What a spike leaves: a number, or a value that its cell computes.
    unsigned bits = 0;
    std::optional<int64_t> left;
    mlir::Value latched;
    size_t engine = 0, latch = 0; ///< where the value comes from
  };

  sim::KernelOp kernel; ///< the flat rule, in integers
  std::shared_ptr<void> holder;
  mlir::Value post, pre; ///< the new weight at a spike of the target, or of the source, or null
  std::vector<Input> inputs;
  sim::Bound weight; ///< integers that it can be
  /// An event adds the weight times 2^shift.
  unsigned shift = 0;
  uint32_t delay = 1; ///< steps until a connection sees a spike of its target

  const Input *input(llvm::StringRef field) const {
    for (const Input &one : inputs)
      if (one.field == field)
        return &one;
    return nullptr;
  }
  /// Whether the weight is kept without a sign.
  bool isUnsigned() const { return weight.low >= 0; }
  unsigned bits() const;
  /// How many of the highest bits of a word of \p bits bits tell that it is no weight: all are high
  /// or, where weights have a sign, the first one alone. 0: each word is a weight.
  unsigned bitsOfNoWeight(unsigned bits) const;
  /// What is read by the kernel, as integers.
  sim::Bound leafOf(llvm::StringRef field) const;
  /// Bits of all that a spike of an end leaves.
  unsigned leftBits(bool ofSource) const {
    unsigned bits = 0;
    for (const Input &one : inputs)
      bits += one.ofSource == ofSource ? one.bits : 0;
    return bits;
  }
  /// Whether a spike of an end comes with values that its cell computes.
  bool latches(bool ofSource) const {
    return llvm::any_of(inputs, [&](const Input &one) {
      return one.ofSource == ofSource && one.bits && !one.left;
    });
  }
  /// Ages that tables tell apart, as bits.
  unsigned ageBits(bool ofSource) const;
};

/// The rule of a handler of a quantised program; says what has no hardware form.
mlir::FailureOr<PlasticRule> planRule(sim::HandleOp handle, sim::ProgramOp program);

} // namespace synfire

#endif // SYNFIRE_PASSES_SIM_TO_RTL_PLASTICRULE_H
