//===- Expression.h - copying an expression to another place ---===//
//
// The body of an equation, contribution, let or start value is one block that ends in `yield`.
// Passes copy such expressions: into another region, a scratch block for an analysis, or a kernel.
// What differs is only what a read (`neuro.get`, `neuro.time`, ...) becomes.
//
//===----------------------------------------------------------------------===//
#ifndef SYNFIRE_PASSES_NEURO_ANALYSIS_EXPRESSION_H
#define SYNFIRE_PASSES_NEURO_ANALYSIS_EXPRESSION_H

#include "dialects/neuro/Neuro.h"

#include "mlir/IR/Builders.h"

namespace synfire::neuro {

/// Gives the value of one op of the neuro dialect (a read) at the new place; null: clone the op.
using ReadOpFn = llvm::function_ref<mlir::Value(mlir::Operation *)>;

/// Copies the expression of `body` to the builder's place and returns the values that it yields.
/// Only ops that the yielded values need are copied, so that the arithmetic is the same op for op.
llvm::SmallVector<mlir::Value> copyExpression(mlir::OpBuilder &builder, mlir::Block &body,
                                              ReadOpFn read);

/// Copies what `roots` of one block need; returns their copies.
llvm::SmallVector<mlir::Value> copyValues(mlir::OpBuilder &builder,
                                          llvm::ArrayRef<mlir::Value> roots, ReadOpFn read);

/// The values that the block yields.
mlir::ValueRange yieldedValues(mlir::Block &body);

/// True where the op belongs to the neuro dialect: a leaf of an expression.
bool isRead(mlir::Operation *op);

} // namespace synfire::neuro

#endif // SYNFIRE_PASSES_NEURO_ANALYSIS_EXPRESSION_H
