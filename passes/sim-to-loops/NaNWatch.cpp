//===- NaNWatch.cpp - the first step at which an update stores a NaN ---===//
#include "passes/sim-to-loops/NaNWatch.h"

using namespace mlir;

namespace synfire::sim {

void NaNWatch::prepare() {
  fault = rangeMember(e, k, Fault);
  first = rangeMember(e, k, First);
  for (Type type : {Type(e.getF64Type()), Type(e.getF32Type())})
    sums.push_back({type, e.stack(type, lanes), Value()});
}

void NaNWatch::begin() {
  for (Sum &sum : sums) {
    Value zero = arith::ConstantOp::create(e, e.getFloatAttr(sum.type, 0));
    e.store(e.splat(zero, lanes), sum.place, 64);
  }
}

void NaNWatch::stored(StringRef field, Value value) {
  Type type = getElementTypeOrSelf(value.getType());
  if (!isa<FloatType>(type))
    return;
  int64_t slot = 0;
  for (FieldOp each : k.kernel.getBody().getOps<FieldOp>()) {
    if (each.getSymName() == field)
      break;
    ++slot;
  }
  fields.push_back({slot, field});
  for (Sum &sum : sums)
    if (sum.type == type)
      sum.present = sum.present ? arith::AddFOp::create(e, sum.present, value).getResult() : value;
}

void NaNWatch::add() {
  for (Sum &sum : sums) {
    if (!sum.present)
      continue;
    Value before = e.load(e.vectorOf(sum.type, lanes), sum.place, 64);
    e.store(arith::AddFOp::create(e, before, sum.present), sum.place, 64);
  }
}

Value NaNWatch::unordered(Value x, Value y) {
  return arith::CmpFOp::create(e, arith::CmpFPredicate::UNO, x, y);
}

Value NaNWatch::bits(Value mask) {
  if (auto type = dyn_cast<VectorType>(mask.getType()))
    mask = LLVM::BitcastOp::create(e, e.getIntegerType(type.getNumElements()), mask);
  return arith::ExtUIOp::create(e, e.getI32Type(), mask);
}

/// Not 0 where a value may be NaN: a sum is NaN if a part of it is, and otherwise only for
/// infinities.
Value NaNWatch::suspicion() {
  Value any = e.i32(0);
  for (const Sum &sum : sums) {
    if (!sum.present)
      continue;
    Value total = e.load(e.vectorOf(sum.type, lanes), sum.place, 64);
    any = arith::OrIOp::create(e, any, bits(unordered(total, total)));
  }
  return any;
}

static Value isSet(Emitter &e, Value word) {
  return arith::CmpIOp::create(e, arith::CmpIPredicate::ne, word, e.i32(0));
}

/// Tells the first NaN of a vector, if none was told before.
void NaNWatch::look(Value step, Value element, Value valid) {
  Value real = bits(valid);
  SmallVector<Value> masks;
  Value all = e.i32(0);
  for (const Stored &stored : fields) {
    Type type = k.typeOf(stored.field);
    Value value = e.load(e.vectorOf(type, lanes), e.at(type, k.pointer[stored.field], element),
                         vectorAlignment(type, lanes));
    masks.push_back(e.bitAnd(bits(unordered(value, value)), real));
    all = arith::OrIOp::create(e, all, masks.back());
  }
  Value quiet = e.less(e.load(e.getI64Type(), fault), e.i64(0));
  e.branch(arith::AndIOp::create(e, isSet(e, all), quiet), [&] {
    Value lane = math::CountTrailingZerosOp::create(e, all);
    Value which = e.i64(fields.back().slot);
    for (size_t i = fields.size() - 1; i-- > 0;) {
      Value here = e.bitAnd(arith::ShRUIOp::create(e, masks[i], lane), e.i32(1));
      which = arith::SelectOp::create(e, isSet(e, here), e.i64(fields[i].slot), which);
    }
    auto put = [&](int member, Value value) {
      e.store(value, e.at(e.getI64Type(), fault, e.i64(member)));
    };
    put(0, step);
    put(1, e.add(e.add(first, element), arith::ExtUIOp::create(e, e.getI64Type(), lane)));
    put(2, which);
  });
}

void NaNWatch::tell(Value step, Value begin, Value end, llvm::function_ref<Value(Value)> valid) {
  if (fields.empty())
    return;
  e.branch(isSet(e, suspicion()), [&] {
    e.loop(begin, end, e.i64(lanes), [&](Value element) { look(step, element, valid(element)); });
  });
}

} // namespace synfire::sim
