//===- Invariants.h - where the states of a synapse type stay ---===//
//
// A state stays in an interval if it starts there, no statement of a handler or timer leads out of
// it, and its equation points inwards at the ends. The intervals of all states of a type are
// widened together until that is so (an abstract interpretation; Cousot and Cousot, POPL 1977),
// through the few numbers that occur: 0, 1, the values of parameters, and without an end.
//
//===----------------------------------------------------------------------===//
#ifndef SYNFIRE_PASSES_NEURO_ANALYSIS_INVARIANTS_H
#define SYNFIRE_PASSES_NEURO_ANALYSIS_INVARIANTS_H

#include "passes/neuro/analysis/WeightLimits.h"

#include "llvm/ADT/DenseMap.h"
#include "llvm/ADT/MapVector.h"

namespace synfire::neuro {

/// Where parameters and states of a synapse type stay, for all connections of some classes.
class Invariants {
public:
  Invariants(SynapseOp synapse, llvm::ArrayRef<ConnectionClass> connections);

  /// Of a parameter or state; everything for what is not known.
  Interval of(llvm::StringRef variable) const;

  /// Whether `value`, an expression of a handler or timer, is never below (above) a parameter.
  /// `value` may read the state `self`; ends that rounding may cross do not count.
  bool isAtLeast(mlir::Value value, llvm::StringRef parameter, llvm::StringRef self) const;
  bool isAtMost(mlir::Value value, llvm::StringRef parameter, llvm::StringRef self) const;

  /// Whether the equation of a state leads inwards where the state is at a parameter's value.
  bool staysAbove(EquationOp equation, llvm::StringRef parameter) const;
  bool staysBelow(EquationOp equation, llvm::StringRef parameter) const;

private:
  void start();
  bool widenAll();
  void visit(mlir::Block &block, llvm::StringMap<Interval> now);
  bool visitEquation(EquationOp equation);
  Interval leaf(mlir::Value value) const;
  /// The same where a state is at one value.
  Interval at(mlir::Value value, llvm::StringRef self, double there) const;
  /// Where `value` lies, with what is known of its dependence on `self`.
  Interval resultOf(mlir::Value value, llvm::StringRef self, const Interval &of) const;
  /// The change of `value` with `self`, which it is affine in.
  Interval slopeOf(mlir::Value value, llvm::StringRef self) const;
  bool reach(llvm::StringRef state, const Interval &values);
  bool isBeyond(mlir::Value value, const Interval &limit, bool below, llvm::StringRef self) const;

  SynapseOp synapse;
  llvm::ArrayRef<ConnectionClass> connections;
  llvm::StringMap<Interval> known;
  llvm::DenseMap<mlir::Operation *, Interval> reads; ///< by the handlers' reads, as they stand
  llvm::SmallVector<double> thresholds;
  bool changed = false;
};

} // namespace synfire::neuro

#endif // SYNFIRE_PASSES_NEURO_ANALYSIS_INVARIANTS_H
