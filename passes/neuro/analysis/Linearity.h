//===- Linearity.h - how an expression depends on variables ---===//
//
// The solver choice (X1), the lumping of synapse states (X2) and the exact treatment of noise (N6)
// ask the same question of an expression: how does it depend on each of some variables? The
// analysis is structural and errs on the safe side: `x*x/x` is nonlinear.
//
//===----------------------------------------------------------------------===//
#ifndef SYNFIRE_PASSES_NEURO_ANALYSIS_LINEARITY_H
#define SYNFIRE_PASSES_NEURO_ANALYSIS_LINEARITY_H

#include "mlir/IR/Value.h"

#include "llvm/ADT/STLFunctionalExtras.h"
#include "llvm/ADT/SmallVector.h"

namespace synfire::neuro {

/// How an expression depends on one variable; each case contains the ones before it.
enum class Dependence {
  None,           ///< not at all
  AffineConstant, ///< c * x + d, c made of constants and parameters
  AffineVarying,  ///< c * x + d, c depends on other variables, inputs or the time
  Nonlinear,
};

/// What is left of an expression where all variables are zero (and it is affine in each).
enum class Rest {
  Zero,     ///< nothing: the expression is homogeneous in the variables
  Constant, ///< made of constants and parameters
  Varying,  ///< depends on inputs or the time
};

/// What a leaf of an expression (a read, a block argument) is to the question.
struct Leaf {
  enum class Kind { Constant, Varying, Variable } kind;
  unsigned variable = 0; ///< its number, for `Variable`

  static Leaf constant() { return {Kind::Constant}; }
  static Leaf varying() { return {Kind::Varying}; }
  static Leaf variableNumber(unsigned number) { return {Kind::Variable, number}; }
};

/// The dependence of an expression on all variables.
struct Form {
  llvm::SmallVector<Dependence, 4> on;
  Rest rest = Rest::Zero;

  /// No variable occurs, and what is there does not vary.
  bool isConstant() const;
  /// No variable occurs.
  bool isFree() const;
  /// Affine with constant coefficients in all variables.
  bool isAffineConstant() const;
  /// Linear in the variables together, nothing beside them: sums of c_i * x_i.
  bool isHomogeneous() const;
};

/// The form of `root` in `count` variables. `leaf` says what a value is that is not computed by
/// `arith` or `math`.
Form analyzeForm(mlir::Value root, unsigned count, llvm::function_ref<Leaf(mlir::Value)> leaf);

} // namespace synfire::neuro

#endif // SYNFIRE_PASSES_NEURO_ANALYSIS_LINEARITY_H
