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

/// The constraints that name a projection, in their order in the circuit.
llvm::SmallVector<ConstrainOp> constraintsOf(ProjectionOp projection);

/// Some connections of a projection: those from and onto elements in these inclusive, flattened
/// ranges; empty ones mean all.
struct ConnectionPart {
  llvm::ArrayRef<int64_t> sources, targets;
  bool isWhole() const { return sources.empty() && targets.empty(); }
  bool operator==(const ConnectionPart &other) const {
    return sources == other.sources && targets == other.targets;
  }
};

/// What a constraint is about of the projection that it names as number i.
ConnectionPart partOf(ConstrainOp constraint, unsigned i);
/// What a constraint is about of a projection, which it may name several times.
llvm::SmallVector<ConnectionPart> partsOf(ConstrainOp constraint, ProjectionOp projection);
/// Whether that is all of it.
bool isOfWhole(ConstrainOp constraint, ProjectionOp projection);

/// Connections of a projection between which nothing that is said of parts makes a difference: one
/// of them stands for all.
struct ConnectionClass {
  ProjectionOp projection;
  int64_t source, target;

  bool isIn(const ConnectionPart &part) const;
  bool isIn(ConstrainOp constraint) const;
};

/// The classes of a projection; a projection of whose parts nothing is said has one.
llvm::SmallVector<ConnectionClass> classesOf(ProjectionOp projection);

/// The place of a projection among those of a constraint.
unsigned numberIn(ConstrainOp constraint, ProjectionOp projection);

/// The number that a constraint's right side is, or the lower (0) and upper (1) bound.
double numberOf(ConstrainOp constraint, unsigned value = 0);

/// What `effect` or `bound` says about the weight of a projection (S4): a weight's sign is its
/// effect, unless the synapse states one, where the weight is a conductance, which is not negative.
/// Everything for other predicates.
Interval limitsOf(ConstrainOp constraint, ProjectionOp projection);

/// What all constraints on the whole projection say together.
Interval limitsOf(ProjectionOp projection);

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

/// What all constraints say of some connections.
Interval limitsOf(const ConnectionClass &connections);

/// Where the bound of a rule lies that is attached to the weight.
Interval boundOf(AttachOp attach);

/// Where the value lies that `owner` (a projection, stimulus or attachment) gives a parameter or
/// the start of a state of `type`. Columns of files are between their least and largest value.
Interval startOf(mlir::Operation *owner, mlir::Operation *type, llvm::StringRef name,
                 const ConnectionClass *connections = nullptr);

/// Where the values lie that protocols assign to a parameter or state of a projection.
Interval assignedTo(ProjectionOp projection, llvm::StringRef name,
                    const ConnectionClass *connections = nullptr);

/// Whether the values are the user's: read from a file.
bool readsFile(ProjectionOp projection, llvm::StringRef name);

} // namespace synfire::neuro

#endif // SYNFIRE_PASSES_NEURO_ANALYSIS_WEIGHTLIMITS_H
