//===- WeightLimits.h - where priors and rules let a weight be ---===//
#ifndef SYNFIRE_PASSES_NEURO_ANALYSIS_WEIGHTLIMITS_H
#define SYNFIRE_PASSES_NEURO_ANALYSIS_WEIGHTLIMITS_H

#include "passes/neuro/analysis/Interval.h"
#include "passes/neuro/analysis/Model.h"

#include "llvm/ADT/DenseMap.h"

namespace synfire::neuro {

/// The hidden parameters of a synapse type that carry what `effect` and `bound` of priors say; the
/// hidden state is 1 while a connection is there (P5).
constexpr llvm::StringLiteral lowerLimitName = "#lower";
constexpr llvm::StringLiteral upperLimitName = "#upper";
constexpr llvm::StringLiteral presentName = "#present";

/// The place of a projection among those of a constraint.
unsigned numberIn(ConstrainOp constraint, ProjectionOp projection);

/// The number that a constraint's right side is, or the lower (0) and upper (1) bound.
double numberOf(ConstrainOp constraint, unsigned value = 0);

/// What `effect` or `bound` says about the weight of a projection (S4): a weight's sign is its
/// effect, unless the synapse states one, where the weight is a conductance, which is not negative.
/// Everything for other predicates.
Interval limitsOf(ConstrainOp constraint, ProjectionOp projection);

/// The constraints of a circuit by the projections that they name: found in one walk, because a
/// circuit can have thousands of both.
class Constraints {
public:
  explicit Constraints(CircuitOp circuit);

  /// In their order in the circuit.
  llvm::ArrayRef<ConstrainOp> on(ProjectionOp projection) const;
  /// What all of them say together about the weight.
  Interval limitsOf(ProjectionOp projection) const;

private:
  llvm::DenseMap<mlir::StringAttr, llvm::SmallVector<ConstrainOp>> byProjection;
};

/// Where the bound of a rule lies that is attached to the weight.
Interval boundOf(AttachOp attach);

/// Where the value lies that `owner` (a projection, stimulus or attachment) gives a parameter or
/// the start of a state of `type`. Columns of files are between their least and largest value.
Interval startOf(mlir::Operation *owner, mlir::Operation *type, llvm::StringRef name);

/// Where the values lie that protocols assign to a parameter or state of a projection.
Interval assignedTo(ProjectionOp projection, llvm::StringRef name);

/// Whether the values are the user's: read from a file.
bool readsFile(ProjectionOp projection, llvm::StringRef name);

} // namespace synfire::neuro

#endif // SYNFIRE_PASSES_NEURO_ANALYSIS_WEIGHTLIMITS_H
