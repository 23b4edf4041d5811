//===- KernelBody.cpp - a kernel's straight-line code for some lanes ---===//
#include "passes/sim-to-loops/KernelBody.h"

using namespace mlir;

namespace synfire::sim {

LoweredKernel beginFunction(Emitter &e, KernelOp kernel) {
  LoweredKernel k;
  k.kernel = kernel;
  auto module = kernel->getParentOfType<ModuleOp>();
  e.setLoc(kernel.getLoc());
  e.setInsertionPointToEnd(module.getBody());
  auto type = e.getFunctionType({e.pointerType(), e.pointerType()}, {});
  k.function = func::FuncOp::create(e, kernel.getSymName(), type);
  for (unsigned i = 0; i < 2; ++i)
    k.function.setArgAttr(i, "llvm.noalias", e.getUnitAttr());
  Block *entry = k.function.addEntryBlock();
  e.setInsertionPointToEnd(entry);
  k.slots = entry->getArgument(0);
  k.range = entry->getArgument(1);
  int64_t number = 0;
  for (FieldOp field : kernel.getBody().getOps<FieldOp>()) {
    k.field[field.getSymName()] = field;
    k.pointer[field.getSymName()] =
        e.load(e.pointerType(), e.at(e.pointerType(), k.slots, e.i64(number++)));
  }
  return k;
}

void endFunction(Emitter &e) { func::ReturnOp::create(e); }

Value rangeMember(Emitter &e, LoweredKernel &k, RangeMember which) {
  bool pointer = (which >= Pre && which <= Payload) || which == Fault || which == Segments;
  return e.member(pointer ? e.pointerType() : Type(e.getI64Type()), k.range, which);
}

std::pair<Value, Value> seedWords(Emitter &e, LoweredKernel &k) {
  Value seed = rangeMember(e, k, Seed);
  Value high = arith::ShRUIOp::create(e, seed, e.i64(32));
  return {e.convert(seed, e.getI32Type()), e.convert(high, e.getI32Type())};
}

unsigned vectorAlignment(Type element, int64_t lanes) {
  return std::min<int64_t>(64, lanes * element.getIntOrFloatBitWidth() / 8);
}

void emitBody(Emitter &e, LoweredKernel &k, int64_t lanes, IRMapping &map,
              llvm::function_ref<void(Operation *)> lower,
              llvm::function_ref<bool(Operation *)> select) {
  emitBlock(e, k.kernel.getBody().front(), lanes, map, lower, select);
}

void emitBlock(Emitter &e, Block &block, int64_t lanes, IRMapping &map,
               llvm::function_ref<void(Operation *)> lower,
               llvm::function_ref<bool(Operation *)> select,
               llvm::function_ref<bool(Operation *)> special) {
  for (Operation &op : block) {
    if (isa<FieldOp, EndOp, YieldOp>(op) || !select(&op))
      continue;
    e.setLoc(op.getLoc());
    if (isa<SimDialect>(op.getDialect())) {
      lower(&op);
      continue;
    }
    if (special && special(&op))
      continue;
    if (auto constant = dyn_cast<arith::ConstantOp>(op)) {
      Value value = e.clone(op)->getResult(0);
      map.map(constant.getResult(), e.splat(value, lanes));
      continue;
    }
    for (Value operand : op.getOperands())
      map.map(operand, e.splat(map.lookup(operand), lanes));
    Operation *copy = e.clone(op, map);
    for (auto [result, original] : llvm::zip(copy->getResults(), op.getResults())) {
      result.setType(e.vectorOf(original.getType(), lanes));
      map.map(original, result);
    }
  }
}

} // namespace synfire::sim
