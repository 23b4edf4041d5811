//===- Split.h - taking expressions apart ---===//
//
// Emits the coefficients of an affine expression, or the two factors of an amount that a
// connection sends, as new values beside the expression. What is left unused is dead and goes.
//
//===----------------------------------------------------------------------===//
#ifndef SYNFIRE_PASSES_NEURO_ANALYSIS_SPLIT_H
#define SYNFIRE_PASSES_NEURO_ANALYSIS_SPLIT_H

#include "mlir/IR/Builders.h"

#include <optional>

namespace synfire::neuro {

/// `constant + sum(coefficients[i] * variables[i])`. A null value stands for zero.
struct AffineParts {
  mlir::Value constant;
  llvm::SmallVector<mlir::Value, 4> coefficients;
};

/// Splits `root` by `variables` (values of the same place, such as block arguments or reads),
/// emitting the coefficients at the builder. None where `root` is not affine in all of them
/// together (products of two variables count as not affine).
std::optional<AffineParts> splitAffine(mlir::OpBuilder &builder, mlir::Value root,
                                       llvm::ArrayRef<mlir::Value> variables);

/// To whom a leaf of an amount belongs.
enum class Part {
  Either,     ///< equal for all connections of a target and constant: goes to either factor
  Connection, ///< the connection's own: its weight, its latched states, its source
  Target,     ///< the target's at the moment of arrival
};

/// `connection * target`. A null value stands for one.
struct Factors {
  mlir::Value connection, target;
};

/// Splits an amount into what a connection sends and what the target multiplies it by, so that the
/// parts that connections send can be summed as integers (D2). None where the two do not separate
/// as a product. `part` says to whom a value that stands for a read belongs; of none it asks
/// further, through its operands.
std::optional<Factors> splitFactors(mlir::OpBuilder &builder, mlir::Value amount,
                                    llvm::function_ref<std::optional<Part>(mlir::Value)> part);

} // namespace synfire::neuro

#endif // SYNFIRE_PASSES_NEURO_ANALYSIS_SPLIT_H
