//===- RegionNumbers.cpp - expressions told apart by what they say ---===//
#include "passes/neuro-to-sim/RegionNumbers.h"

#include "mlir/IR/Operation.h"
#include "mlir/IR/OperationSupport.h"

using namespace mlir;
using namespace synfire;

size_t synfire::hashOf(Region &region) {
  llvm::hash_code hash = 0;
  region.walk([&](Operation *op) {
    hash = llvm::hash_combine(
        hash, OperationEquivalence::computeHash(op, OperationEquivalence::ignoreHashValue,
                                                OperationEquivalence::ignoreHashValue,
                                                OperationEquivalence::IgnoreLocations));
  });
  return hash;
}

unsigned RegionNumbers::of(Region &region) {
  auto &alike = known[hashOf(region)];
  for (auto [first, number] : alike)
    if (OperationEquivalence::isRegionEquivalentTo(first, &region,
                                                   OperationEquivalence::IgnoreLocations))
      return number;
  alike.push_back({&region, next});
  return next++;
}
