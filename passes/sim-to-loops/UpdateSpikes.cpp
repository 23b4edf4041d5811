//===- UpdateSpikes.cpp - the spikes of an update ---===//
#include "passes/sim-to-loops/UpdateLowering.h"

using namespace mlir;

namespace synfire::sim {

/// Writes element numbers and latched values of the lanes in `mask` (an i64), the lowest first. Few
/// elements fire in a step, so that a loop over them costs less than compressing vectors.
void UpdateLowering::writeSpikes(EmitOp op, Value mask) {
  Type i64 = e.getI64Type(), i32 = e.getI32Type(), f64 = e.getF64Type();
  Value target = k.pointer[op.getEmit()];
  Value elements = e.member(e.pointerType(), target, 0);
  SmallVector<Value> places;
  for (auto [i, value] : llvm::enumerate(op.getPayload())) {
    e.store(e.convert(e.splat(map.lookup(value), lanes), f64), payloads[i], 64);
    places.push_back(e.member(e.pointerType(), e.member(e.pointerType(), target, 2), i));
  }
  Value start = e.add(first, element);
  // Padding has numbers from `count` on.
  Value room = arith::MinSIOp::create(e, e.sub(count, element), e.i64(lanes));
  room = arith::MaxSIOp::create(e, room, e.i64(0));
  mask = e.bitAnd(mask, e.sub(arith::ShLIOp::create(e, e.i64(1), room), e.i64(1)));
  auto loop = scf::WhileOp::create(e, TypeRange{i64, i64}, ValueRange{mask, e.load(i64, emitted)});
  {
    OpBuilder::InsertionGuard guard(e);
    SmallVector<Type> types = {i64, i64};
    SmallVector<Location> locs(2, e.getLoc());
    Block *before = e.createBlock(&loop.getBefore(), {}, types, locs);
    Value more =
        arith::CmpIOp::create(e, arith::CmpIPredicate::ne, before->getArgument(0), e.i64(0));
    scf::ConditionOp::create(e, more, before->getArguments());
    Block *after = e.createBlock(&loop.getAfter(), {}, types, locs);
    Value rest = after->getArgument(0), position = after->getArgument(1);
    Value lane = math::CountTrailingZerosOp::create(e, rest);
    e.store(e.convert(e.add(start, lane), i32), e.at(i32, elements, position));
    for (auto [buffer, place] : llvm::zip(payloads, places))
      e.store(e.load(f64, e.at(f64, buffer, lane)), e.at(f64, place, position));
    scf::YieldOp::create(
        e, ValueRange{e.bitAnd(rest, e.sub(rest, e.i64(1))), e.add(position, e.i64(1))});
  }
  e.store(loop.getResult(1), emitted);
}

void UpdateLowering::emitSpikes(EmitOp op) {
  Value fires = e.splat(map.lookup(op.getFires()), lanes);
  Type bits = e.getIntegerType(lanes);
  Value mask = lanes == 1 ? fires : Value(LLVM::BitcastOp::create(e, bits, fires));
  Value any = arith::CmpIOp::create(e, arith::CmpIPredicate::ne, mask,
                                    arith::ConstantOp::create(e, e.getIntegerAttr(bits, 0)));
  e.branch(any, [&] { writeSpikes(op, arith::ExtUIOp::create(e, e.getI64Type(), mask)); });
}

} // namespace synfire::sim
