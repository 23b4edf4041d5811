//===- Verify.cpp - rtl-verify ---===//
#include "dialects/rtl/CombinationalPaths.h"
#include "passes/rtl/Passes.h"

#include "mlir/IR/Matchers.h"

namespace synfire::rtl {
#define GEN_PASS_DEF_RTLVERIFYPASS
#include "passes/rtl/Passes.h.inc"
} // namespace synfire::rtl

using namespace mlir;
using namespace synfire;

static bool isLogic(Operation *op) {
  return isa<arith::AddIOp, arith::SubIOp, arith::MulIOp, arith::AndIOp, arith::OrIOp,
             arith::XOrIOp, arith::ShLIOp, arith::ShRUIOp, arith::ShRSIOp, arith::CmpIOp,
             arith::SelectOp, arith::ExtUIOp, arith::ExtSIOp, arith::TruncIOp, arith::ConstantOp,
             arith::MaxSIOp, arith::MinSIOp, arith::MaxUIOp, arith::MinUIOp>(op);
}

static LogicalResult verifyOp(Operation *op) {
  if (isa<rtl::RtlDialect>(op->getDialect()))
    return success();
  if (!isLogic(op))
    return op->emitOpError(
        "is no hardware; modules hold `rtl` and `arith` on integers that always has a value");
  for (Type type : op->getResultTypes())
    if (!type.isSignlessInteger())
      return op->emitOpError() << "has a result of type " << type
                               << "; wires are signless integers";
  APInt amount;
  if (isa<arith::ShLIOp, arith::ShRUIOp, arith::ShRSIOp>(op) &&
      matchPattern(op->getOperand(1), m_ConstantInt(&amount)) && amount.uge(amount.getBitWidth()))
    return op->emitOpError() << "shifts a word of " << amount.getBitWidth()
                             << " bits by all of them or more";
  return success();
}

namespace {

struct RtlVerifyPass : rtl::impl::RtlVerifyPassBase<RtlVerifyPass> {
  /// For each module that was looked at, which inputs each output depends on at once.
  llvm::DenseMap<Operation *, SmallVector<llvm::BitVector>> paths;
  llvm::DenseSet<Operation *> inside; ///< the modules around the one that is looked at

  LogicalResult verifyInstances(rtl::ModuleOp module, SymbolTableCollection &symbols) {
    inside.insert(module);
    auto moduleOf = [&](rtl::InstanceOp op) {
      return symbols.lookupNearestSymbolFrom<rtl::ModuleOp>(op, op.getModuleNameAttr());
    };
    for (auto op : module.getBody().front().getOps<rtl::InstanceOp>()) {
      rtl::ModuleOp of = moduleOf(op);
      if (inside.contains(of))
        return op.emitOpError() << "puts `" << of.getSymName() << "` into itself";
      if (!paths.contains(of) && failed(verifyInstances(of, symbols)))
        return failure();
    }
    inside.erase(module);
    auto through = [&](rtl::InstanceOp op, unsigned output) { return paths[moduleOf(op)][output]; };
    if (failed(rtl::refuseCombinationalCycle(module, through)))
      return failure();
    paths[module] = rtl::combinationalPaths(module, through);
    return success();
  }

  void runOnOperation() override {
    paths.clear();
    inside.clear();
    SymbolTableCollection symbols;
    for (auto module : getOperation().getOps<rtl::ModuleOp>()) {
      for (Operation &op : module.getBody().front())
        if (failed(verifyOp(&op)))
          return signalPassFailure();
      if (!paths.contains(module) && failed(verifyInstances(module, symbols)))
        return signalPassFailure();
    }
  }
};

} // namespace
