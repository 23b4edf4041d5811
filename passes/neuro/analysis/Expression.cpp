//===- Expression.cpp - copying an expression to another place ---===//
#include "passes/neuro/analysis/Expression.h"

#include "mlir/IR/IRMapping.h"

#include "llvm/ADT/DenseSet.h"

#include <functional>

using namespace mlir;
using namespace synfire::neuro;

ValueRange synfire::neuro::yieldedValues(Block &body) {
  return body.getTerminator()->getOperands();
}

bool synfire::neuro::isRead(Operation *op) { return isa<NeuroDialect>(op->getDialect()); }

SmallVector<Value> synfire::neuro::copyValues(OpBuilder &builder, ArrayRef<Value> roots,
                                              ReadOpFn read) {
  IRMapping map;
  llvm::DenseSet<Operation *> done;
  // Operands first; a value of an enclosing handler is reached the same way as one of the block.
  std::function<void(Operation *)> copy = [&](Operation *op) {
    if (!op || !done.insert(op).second)
      return;
    for (Value operand : op->getOperands())
      copy(operand.getDefiningOp());
    if (isRead(op))
      if (Value value = read(op)) {
        map.map(op->getResult(0), value);
        return;
      }
    builder.clone(*op, map);
  };
  SmallVector<Value> results;
  for (Value root : roots) {
    copy(root.getDefiningOp());
    results.push_back(map.lookupOrDefault(root));
  }
  return results;
}

SmallVector<Value> synfire::neuro::copyExpression(OpBuilder &builder, Block &body, ReadOpFn read) {
  return copyValues(builder, SmallVector<Value>(yieldedValues(body)), read);
}
