//===- Verify.h - what the verifiers of the neuro dialect share ---===//
#ifndef SYNFIRE_DIALECTS_NEURO_VERIFY_H
#define SYNFIRE_DIALECTS_NEURO_VERIFY_H

#include "dialects/neuro/Neuro.h"

#include "llvm/ADT/StringExtras.h"

namespace synfire::neuro {

/// Checks that a region, if there is one, yields one f64 for each name of `what`; a value called
/// "condition" is an i1.
mlir::LogicalResult verifyYield(mlir::Operation *op, mlir::Region &region,
                                llvm::ArrayRef<llvm::StringRef> what);

} // namespace synfire::neuro

#endif // SYNFIRE_DIALECTS_NEURO_VERIFY_H
