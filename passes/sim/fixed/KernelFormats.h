//===- KernelFormats.h - the formats of an update ---===//
//
// What is decided for one kernel before it is rewritten: the ranges of the states that hold from
// step to step, the fraction of every value, and how far states can be from the unquantised
// program.
//
//===----------------------------------------------------------------------===//
#ifndef SYNFIRE_PASSES_SIM_FIXED_KERNELFORMATS_H
#define SYNFIRE_PASSES_SIM_FIXED_KERNELFORMATS_H

#include "passes/sim/fixed/Paths.h"

#include "llvm/ADT/StringMap.h"
#include "llvm/ADT/StringSet.h"

#include <limits>

namespace synfire::sim {

/// What the user asks for.
struct FixedSettings {
  double tolerance = 0.1; ///< mV: how far a potential may be from the unquantised program
  int64_t bits = 0;       ///< of a state; 0: the fewest
  /// Of traces that rules read, by array: how far they may be off.
  llvm::StringMap<double> errors;
  int guardBits = 0; ///< finer than a state is what is added up for it
  /// Of sums, by name: fractions that their units must have at least, so that what comes is exact.
  llvm::StringMap<int> leastFractions;
};

/// A field of a quantised kernel with the arrays that it is bound to.
struct FixedField {
  FieldOp field;
  llvm::SmallVector<ArrayOp> arrays;
  bool isState = false; ///< the kernel sets it
  bool isWhole = false; ///< an integer already: a counter
  bool isClock = false; ///< a whole number of steps or spikes, kept as it is
  bool isHeld = false;  ///< only ever one of a few numbers, which its format has exactly
  bool isTable = false; ///< as fine as what is computed from it needs
  /// What the model says of it (N9); else bits and fraction are chosen.
  std::optional<std::pair<int64_t, int64_t>> given;
  Bound range;           ///< before each step
  int fraction = 0;      ///< its values are multiples of 2^-fraction
  int64_t bits = 0;      ///< sign included
  bool hasError = false; ///< whether the error has a bound
};

/// The sums that a kernel takes.
struct FixedSum {
  FieldOp field;
  llvm::SmallVector<AccumulatorOp> accumulators;
  int fraction = 0;
  int64_t bits = 1;
};

/// What a constant is as a factor: a multiple of 2^-fraction.
struct Coefficient {
  int64_t whole = 0;
  int fraction = 0;
  double value() const { return std::ldexp(double(whole), -fraction); }
};

/// How one op is done in integers.
struct FixedOperation {
  static constexpr int nothing = std::numeric_limits<int>::min();
  int demand = nothing; ///< the finest fraction that anybody needs of it
  int fraction = 0;     ///< that of the result
  int full = 0;         ///< that of the result before it is rounded
  bool rounds = false;
  Coefficient coefficients[2]; ///< of a product: what constant factors are taken to be
};

/// States longer than this would need products that no 64-bit integer holds.
inline constexpr int MostBits = 32;

class KernelFormats {
public:
  KernelFormats(KernelOp kernel, ProgramOp program, llvm::ArrayRef<LaunchInterface> launches,
                const FixedSettings &settings);

  /// Decides everything; says at the op concerned what cannot be done.
  mlir::LogicalResult choose();
  /// Ranges of the states, as far as they follow from the unrounded kernel; null where one has
  /// none.
  const FixedField *findOnlyRanges();
  /// After that, how fine a field has to be, where states have formats.
  int demandOf(llvm::StringRef field);

  /// Fields that are tables, to be named before the choice.
  llvm::StringSet<> tables;

  llvm::StringMap<FixedField> fields;
  llvm::StringMap<FixedSum> sums;
  llvm::DenseMap<mlir::Operation *, FixedOperation> plan;

  /// What operand \p number of a product, a constant, is taken to be.
  const Coefficient &coefficient(mlir::Operation *op, unsigned number) const {
    return plan.find(op)->second.coefficients[number];
  }
  /// The fraction of a value, and that of operand \p number of a product.
  int fractionOf(mlir::Value value) const;
  /// Where a value lies over all paths.
  const Bound &boundOf(mlir::Value value) const { return hull[paths.numberOf(value)]; }
  int factorFraction(mlir::Operation *op, unsigned number) const;
  /// A number that a value always is; sums' scales count once their fractions are chosen.
  std::optional<double> constantOf(mlir::Value value) const;

private:
  // Fields (KernelFormats.cpp).
  mlir::LogicalResult collectFields();
  void findClocks();
  mlir::LogicalResult collectArrays(FieldOp field, llvm::ArrayRef<mlir::Operation *> bound);
  mlir::LogicalResult collectSums(FieldOp field, llvm::ArrayRef<mlir::Operation *> bound);
  mlir::LogicalResult collectScale(FieldOp field, llvm::ArrayRef<mlir::Operation *> bound);
  mlir::LogicalResult collectCounts();
  Bound leaf(mlir::Operation *op);
  /// A state whose error is larger than is asked for, if there is one.
  /// The state that is furthest outside of what it may be, and how many times that.
  std::pair<const FixedField *, double> outsideTolerance() const;
  mlir::LogicalResult chooseBits();
  mlir::LogicalResult setWidths();

  // Fractions.cpp
  void demandAll();
  void demandCompared(mlir::arith::CmpFOp compare);
  void demand(mlir::Value value, int fraction);
  Coefficient chooseCoefficient(mlir::Operation *op, unsigned number, double value) const;
  void planForward();
  std::optional<int> heldFraction(const FixedField &field);
  void setTableFractions();
  void setFractions(int64_t bits);
  void findConstants();
  std::pair<mlir::Operation *, int64_t> widest();

  // Ranges.cpp
  const FixedField *findRanges(bool rounded, double most);
  bool findErrors();
  /// One step of all states from the present ranges: what they are after it. With \p hulls, also
  /// what all values are over all paths.
  void step(llvm::StringMap<Bound> &next, bool rounded, bool hulls = false);
  Bound assigned(SetOp set, llvm::ArrayRef<Bound> values, bool rounded) const;
  Bound constantFor(mlir::Operation *op, unsigned number, double value) const;

  KernelOp kernel;
  ProgramOp program;
  llvm::SmallVector<LaunchInterface> launches;
  FixedSettings settings;
  Paths paths;
  llvm::DenseMap<mlir::Operation *, std::optional<double>> constants; ///< results that never change
  llvm::DenseMap<mlir::Operation *, double> mostCounted; ///< by Poisson counts in a step
  llvm::SmallVector<Bound> hull;                         ///< of each value over all paths
  int64_t stateBits = 0;                                 ///< of states without a given format
  llvm::StringMap<std::pair<std::string, bool>>
      scales; ///< uniform field: its sum, and whether it is the inverse
};

/// 2^exponent.
inline double power(int exponent) { return std::ldexp(1.0, exponent); }
/// The least k with |value| <= 2^k.
inline int exponentAbove(double value) {
  return value == 0 ? -60 : int(std::ceil(std::log2(std::abs(value)) - 1e-12));
}
/// The bits, sign included, of the integers between two.
int64_t bitsFor(double low, double high);

} // namespace synfire::sim

#endif // SYNFIRE_PASSES_SIM_FIXED_KERNELFORMATS_H
