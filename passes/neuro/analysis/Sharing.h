//===- Sharing.h - which values all connections of a projection share ---===//
#ifndef SYNFIRE_PASSES_NEURO_ANALYSIS_SHARING_H
#define SYNFIRE_PASSES_NEURO_ANALYSIS_SHARING_H

#include "passes/neuro/analysis/Model.h"

#include "llvm/ADT/StringSet.h"

namespace synfire::neuro {

/// How a projection's (or stimulus') connections have their parameters.
class Sharing {
public:
  /// `op` is a projection or a stimulus with a synapse, which is \p synapse.
  Sharing(mlir::Operation *op, SynapseOp synapse);

  /// True where a parameter has one value on all connections at every moment: it comes from `set`
  /// or the declaration, no rule is attached to it, and protocols give it one value only.
  bool isShared(llvm::StringRef parameter) const;

  /// The reason why a parameter is not shared, for people; empty where it is.
  std::string whyNotShared(llvm::StringRef parameter) const;

  /// The shared value if it is known now and no protocol changes it.
  std::optional<double> fixedValue(llvm::StringRef parameter) const;

  /// True where a protocol assigns the parameter.
  bool isAssigned(llvm::StringRef parameter) const { return assigned.contains(parameter); }
  bool isAnyAssigned() const { return !assigned.empty(); }

private:
  mlir::Operation *owner;
  SynapseOp synapse;
  llvm::StringSet<> assigned;           // by a protocol
  llvm::StringSet<> assignedSeparately; // to values that differ between connections
  llvm::StringSet<> plastic;            // a rule is attached
};

} // namespace synfire::neuro

#endif // SYNFIRE_PASSES_NEURO_ANALYSIS_SHARING_H
