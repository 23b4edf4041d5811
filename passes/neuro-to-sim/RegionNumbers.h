//===- RegionNumbers.h - expressions told apart by what they say ---===//
#ifndef SYNFIRE_PASSES_NEURO_TO_SIM_REGIONNUMBERS_H
#define SYNFIRE_PASSES_NEURO_TO_SIM_REGIONNUMBERS_H

#include "mlir/IR/Region.h"

#include "llvm/ADT/DenseMap.h"
#include "llvm/ADT/SmallVector.h"

namespace synfire {

/// Numbers regions such that equal ones, wherever they stand, have the same number: a population of
/// hundreds that are alike repeats the same start values, each with its own copy of the expression.
class RegionNumbers {
public:
  unsigned of(mlir::Region &region);

private:
  /// The first region of each number, by the hash of what it says.
  llvm::DenseMap<size_t, llvm::SmallVector<std::pair<mlir::Region *, unsigned>, 1>> known;
  unsigned next = 0;
};

/// A hash of the ops of a region that does not depend on where it stands.
size_t hashOf(mlir::Region &region);

} // namespace synfire

#endif // SYNFIRE_PASSES_NEURO_TO_SIM_REGIONNUMBERS_H
