//===- Evaluate.h - the value of an expression whose leaves are known ---===//
#ifndef SYNFIRE_PASSES_NEURO_ANALYSIS_EVALUATE_H
#define SYNFIRE_PASSES_NEURO_ANALYSIS_EVALUATE_H

#include "mlir/IR/Value.h"

#include "llvm/ADT/STLFunctionalExtras.h"

namespace synfire::neuro {

/// The value of `root` while compiling, for estimates that guide a choice: it uses the C library,
/// so it must never become part of an answer. `leaf` gives what `arith` and `math` do not compute;
/// a truth value is 1 or 0. NaN where something is not known.
double evaluateExpression(mlir::Value root, llvm::function_ref<double(mlir::Value)> leaf);

} // namespace synfire::neuro

#endif // SYNFIRE_PASSES_NEURO_ANALYSIS_EVALUATE_H
