//===- SumWatch.cpp - amounts that are too large for their sums ---===//
#include "passes/sim-to-loops/SumWatch.h"

using namespace mlir;

namespace synfire::sim {

void SumWatch::prepare() {
  k.kernel.walk([&](RoundOp round) {
    if (!watches(round) || limits.contains(*round.getWithin()))
      return;
    if (!fault)
      fault = rangeMember(e, k, Fault);
    StringRef name = *round.getWithin();
    limits[name] = e.load(k.typeOf(name), k.pointer[name]);
  });
}

void SumWatch::rounded(RoundOp round, Value value, Value step, Value element, Value valid) {
  auto shaped = dyn_cast<VectorType>(value.getType());
  int64_t lanes = shaped ? shaped.getNumElements() : 1;
  Value limit = e.convert(limits[*round.getWithin()], getElementTypeOrSelf(value.getType()));
  // True for NaN as well.
  Value over = arith::CmpFOp::create(e, arith::CmpFPredicate::UGT, math::AbsFOp::create(e, value),
                                     e.splat(limit, lanes));
  if (valid)
    over = arith::AndIOp::create(e, over, e.splat(valid, lanes));
  Value word = over;
  if (shaped)
    word = LLVM::BitcastOp::create(e, e.getIntegerType(lanes), over);
  word = arith::ExtUIOp::create(e, e.getI64Type(), word);
  auto isSet = [&](Value number) {
    return arith::CmpIOp::create(e, arith::CmpIPredicate::ne, number, e.i64(0)).getResult();
  };
  e.branch(isSet(word), [&] {
    Value quiet = e.less(e.load(e.getI64Type(), fault), e.i64(0));
    e.branch(quiet, [&] {
      int64_t slot = 0;
      for (FieldOp each : k.kernel.getBody().getOps<FieldOp>()) {
        if (each.getSymName() == *round.getWithin())
          break;
        ++slot;
      }
      auto put = [&](int member, Value number) {
        e.store(number, e.at(e.getI64Type(), fault, e.i64(member)));
      };
      Value lane = math::CountTrailingZerosOp::create(e, word);
      if (isa<VectorType>(element.getType())) {
        Value number = arith::IndexCastOp::create(e, e.getIndexType(), lane);
        element = vector::ExtractOp::create(e, element, OpFoldResult(number));
      }
      put(0, step);
      put(1, element);
      put(2, e.i64(slot));
    });
  });
}

Value nearestInteger(Emitter &e, RoundOp round, Value value) {
  Value whole = math::RoundEvenOp::create(e, value);
  return e.convert(whole, round.getType());
}

} // namespace synfire::sim
