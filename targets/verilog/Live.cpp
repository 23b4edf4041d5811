//===- Live.cpp - what of a module is hardware, and what is for proofs only ---===//
#include "targets/verilog/Live.h"

#include "targets/verilog/Expressions.h"

#include "mlir/IR/Matchers.h"

using namespace mlir;
using namespace synfire;
using namespace synfire::verilog;

Live::Live(rtl::ModuleOp module) {
  SmallVector<Operation *> roots, properties;
  for (Operation &op : module.getBody().front()) {
    if (isa<rtl::OutputOp, rtl::InstanceOp>(op))
      roots.push_back(&op);
    if (isa<rtl::AssertOp, rtl::AssumeOp>(op))
      properties.push_back(&op);
  }
  mark(roots, hardware);
  mark(properties, proof);
}

void Live::mark(SmallVector<Operation *> open, llvm::DenseSet<Operation *> &set) {
  while (!open.empty()) {
    Operation *op = open.pop_back_val();
    if (isWritten(op))
      continue;
    set.insert(op);
    for (Value operand : op->getOperands())
      if (Operation *source = operand.getDefiningOp())
        open.push_back(source);
    // Who sees a memory sees what is written to it.
    if (isa<rtl::MemoryOp>(op))
      for (Operation *user : op->getUsers())
        if (isa<rtl::WriteOp, rtl::AccessOp>(user))
          open.push_back(user);
  }
}

bool Live::hasOneUse(Value value) const {
  unsigned uses = 0;
  for (OpOperand &use : value.getUses())
    uses += isWritten(use.getOwner());
  return uses == 1;
}

/// The bits of its only operand, or of its first, that an op depends on.
static APInt bitsUsedBy(OpOperand &use) {
  unsigned width = rtl::widthOf(use.get());
  Operation *op = use.getOwner();
  if (auto extract = dyn_cast<rtl::ExtractOp>(op))
    return APInt::getBitsSet(width, extract.getFrom(),
                             extract.getFrom() + rtl::widthOf(extract.getResult()));
  if (isa<arith::TruncIOp>(op))
    return APInt::getLowBitsSet(width, rtl::widthOf(op->getResult(0)));
  if (isSignTest(op) && use.getOperandNumber() == 0)
    return APInt::getSignMask(width);
  APInt amount;
  if (isa<arith::ShLIOp, arith::ShRUIOp, arith::ShRSIOp>(op) && use.getOperandNumber() == 0 &&
      matchPattern(op->getOperand(1), m_ConstantInt(&amount)) && amount.ult(width)) {
    unsigned kept = width - amount.getZExtValue();
    return isa<arith::ShLIOp>(op) ? APInt::getLowBitsSet(width, kept)
                                  : APInt::getHighBitsSet(width, kept);
  }
  return APInt::getAllOnes(width);
}

APInt Live::usedBits(Value value) const {
  APInt used = APInt::getZero(rtl::widthOf(value));
  for (OpOperand &use : value.getUses())
    if (isHardware(use.getOwner()))
      used |= bitsUsedBy(use);
  return used;
}
