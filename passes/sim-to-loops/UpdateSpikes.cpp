//===- UpdateSpikes.cpp - the spikes of an update ---===//
//
// Few elements fire in a step, and no processor foresees which: a branch for each of them costs as
// much as many vectors. So the vectors of a block only keep what fired, words of it that are not
// empty are listed without a branch, and what is in them is written. Values that a spike carries
// would have to be kept as well; where there are some, a vector writes its spikes itself.
//
#include "passes/sim-to-loops/UpdateLowering.h"

using namespace mlir;

namespace synfire::sim {

/// Writes element numbers and latched values of the lanes in `mask` (an i64), the lowest first.
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

/// Bits that are kept of a vector.
int64_t UpdateLowering::keptBits() { return std::max<int64_t>(8, lanes); }

void UpdateLowering::keepSpikes(Value fires) {
  Type type = e.getIntegerType(keptBits());
  if (lanes < keptBits())
    fires = arith::ExtUIOp::create(e, type, fires);
  Value vector =
      arith::ShRUIOp::create(e, e.sub(element, blockBegin), e.i64(int64_t(llvm::Log2_64(lanes))));
  e.store(fires, e.at(type, fired, vector));
}

/// Writes the element numbers of what fired in a block, which ends at `end`.
void UpdateLowering::writeKeptSpikes(EmitOp op, Value end) {
  Type i64 = e.getI64Type(), i32 = e.getI32Type();
  int64_t bits = keptBits(), inWord = 64 / bits * lanes;
  Value words =
      arith::ShRUIOp::create(e, e.sub(end, blockBegin), e.i64(int64_t(llvm::Log2_64(inWord))));
  auto list = scf::ForOp::create(e, e.i64(0), words, e.i64(1), ValueRange{e.i64(0)});
  {
    OpBuilder::InsertionGuard guard(e);
    e.setInsertionPointToStart(list.getBody());
    Value number = list.getInductionVar(), length = list.getRegionIterArg(0);
    e.store(number, e.at(i64, firedWords, length));
    Value any = arith::CmpIOp::create(e, arith::CmpIPredicate::ne,
                                      e.load(i64, e.at(i64, fired, number)), e.i64(0));
    scf::YieldOp::create(e, ValueRange{e.add(length, arith::ExtUIOp::create(e, i64, any))});
  }
  Value elements = e.member(e.pointerType(), k.pointer[op.getEmit()], 0);
  e.loop(e.i64(0), list.getResult(0), e.i64(1), [&](Value number) {
    Value word = e.load(i64, e.at(i64, firedWords, number));
    Value begin = e.add(blockBegin, e.mul(word, e.i64(inWord)));
    auto loop = scf::WhileOp::create(e, TypeRange{i64}, e.load(i64, e.at(i64, fired, word)));
    OpBuilder::InsertionGuard guard(e);
    Block *before = e.createBlock(&loop.getBefore(), {}, {i64}, {e.getLoc()});
    Value rest = before->getArgument(0), bit = math::CountTrailingZerosOp::create(e, rest);
    Value place = bit;
    if (lanes < bits) {
      Value vector = arith::ShRUIOp::create(e, bit, e.i64(int64_t(llvm::Log2_64(bits))));
      place = e.add(e.mul(vector, e.i64(lanes)), e.bitAnd(bit, e.i64(bits - 1)));
    }
    place = e.add(begin, place);
    e.branch(e.less(place, count), [&] { // no padding
      Value position = e.load(i64, emitted);
      e.store(e.convert(e.add(first, place), i32), e.at(i32, elements, position));
      e.store(e.add(position, e.i64(1)), emitted);
    });
    rest = e.bitAnd(rest, e.sub(rest, e.i64(1)));
    Value more = arith::CmpIOp::create(e, arith::CmpIPredicate::ne, rest, e.i64(0));
    scf::ConditionOp::create(e, more, rest);
    e.createBlock(&loop.getAfter(), {}, {i64}, {e.getLoc()});
    scf::YieldOp::create(e, loop.getAfter().front().getArguments());
  });
}

void UpdateLowering::emitSpikes(EmitOp op) {
  Value fires = e.splat(map.lookup(op.getFires()), lanes);
  Type bits = e.getIntegerType(lanes);
  Value mask = lanes == 1 ? fires : Value(LLVM::BitcastOp::create(e, bits, fires));
  if (fired) {
    keepSpikes(mask);
    return;
  }
  Value any = arith::CmpIOp::create(e, arith::CmpIPredicate::ne, mask,
                                    arith::ConstantOp::create(e, e.getIntegerAttr(bits, 0)));
  e.branch(any, [&] { writeSpikes(op, arith::ExtUIOp::create(e, e.getI64Type(), mask)); });
}

} // namespace synfire::sim
