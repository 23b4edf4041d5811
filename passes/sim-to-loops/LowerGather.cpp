//===- LowerGather.cpp - continuous couplings, summed per target ---===//
//
// One sum per target in the order of its sources, so that the result does not depend on how many
// partitions or lanes there are. What comes with a delay is read from the values kept of the past.
//
//===----------------------------------------------------------------------===//
#include "passes/sim-to-loops/KernelBody.h"

using namespace mlir;

namespace synfire::sim {

void lowerGather(Emitter &e, KernelOp kernel, bool delaysVary) {
  LoweredKernel k = beginFunction(e, kernel);
  Value count = rangeMember(e, k, Count);
  Value offsets, sources, delays, delay;
  llvm::StringMap<Value> uniforms;
  for (FieldOp field : kernel.getBody().getOps<FieldOp>()) {
    Value slot = k.pointer[field.getSymName()];
    if (field.getKind() == FieldKind::Rows) {
      offsets = e.member(e.pointerType(), slot, 0);
      sources = e.member(e.pointerType(), slot, 2);
      delays = e.member(e.pointerType(), slot, 3);
      delay = e.member(e.getI64Type(), slot, 5);
    } else if (field.getKind() == FieldKind::Uniform) {
      uniforms[field.getSymName()] = e.load(field.getType(), slot);
    }
  }
  SmallVector<AccumulateOp> sums(kernel.getBody().getOps<AccumulateOp>());
  Value now = rangeMember(e, k, Step);
  // Where in the past of a population the present step, less the connection's delay, begins.
  auto pastValue = [&](Type type, Value slot, Value source, Value late) {
    Value slots = e.member(e.getI64Type(), slot, 1), stride = e.member(e.getI64Type(), slot, 2);
    Value place = e.bitAnd(e.sub(now, late), e.sub(slots, e.i64(1)));
    Value index = e.add(e.mul(place, stride), source);
    return e.load(type, e.at(type, e.member(e.pointerType(), slot, 0), index));
  };
  auto rowStart = [&](Value row) {
    Value value = e.load(e.getI32Type(), e.at(e.getI32Type(), offsets, row));
    return Value(arith::ExtUIOp::create(e, e.getI64Type(), value));
  };
  e.loop(e.i64(0), count, e.i64(1), [&](Value target) {
    SmallVector<Value> init;
    for (AccumulateOp sum : sums) {
      Type type = k.typeOf(sum.getField());
      init.push_back(e.load(type, e.at(type, k.pointer[sum.getField()], target)));
    }
    Value begin = rowStart(target), end = rowStart(e.add(target, e.i64(1)));
    auto loop = scf::ForOp::create(e, begin, end, e.i64(1), init);
    {
      OpBuilder::InsertionGuard guard(e);
      e.setInsertionPointToStart(loop.getBody());
      Value c = loop.getInductionVar();
      Value number = e.load(e.getI32Type(), e.at(e.getI32Type(), sources, c));
      Value source = arith::ExtUIOp::create(e, e.getI64Type(), number);
      Value late = delay;
      if (delaysVary)
        late = arith::ExtUIOp::create(e, e.getI64Type(),
                                      e.load(e.getI16Type(), e.at(e.getI16Type(), delays, c)));
      IRMapping map;
      SmallVector<Value> next;
      auto lower = [&](Operation *op) {
        if (auto get = dyn_cast<GetOp>(op)) {
          StringRef name = get.getField();
          Type type = k.typeOf(name);
          Value slot = k.pointer[name], value;
          switch (k.kindOf(name)) {
          case FieldKind::Past:
            value = pastValue(type, slot, source, late);
            break;
          case FieldKind::Source:
            value = e.load(type, e.at(type, slot, source));
            break;
          case FieldKind::Element:
          case FieldKind::Target:
            value = e.load(type, e.at(type, slot, target));
            break;
          case FieldKind::Connection: {
            value = e.load(type, e.at(type, e.member(e.pointerType(), slot, 0), c));
            if (type.isInteger(16)) {
              value = e.convert(value, get.getType());
              Value scale = e.convert(e.member(e.getF64Type(), slot, 1), get.getType());
              value = arith::MulFOp::create(e, value, scale);
            }
            break;
          }
          default:
            value = uniforms[name];
            break;
          }
          map.map(get.getResult(), e.convert(value, get.getType()));
        } else if (isa<StepOp>(op)) {
          map.map(op->getResult(0), now);
        } else if (auto sum = dyn_cast<AccumulateOp>(op)) {
          Value running = loop.getRegionIterArg(next.size());
          Value value = e.convert(map.lookup(sum.getValue()), running.getType());
          next.push_back(arith::AddFOp::create(e, running, value));
        }
      };
      emitBody(e, k, 1, map, lower, [](Operation *) { return true; });
      scf::YieldOp::create(e, next);
    }
    for (auto [sum, value] : llvm::zip(sums, loop.getResults())) {
      Type type = k.typeOf(sum.getField());
      e.store(value, e.at(type, k.pointer[sum.getField()], target));
    }
  });
  endFunction(e);
}

} // namespace synfire::sim
