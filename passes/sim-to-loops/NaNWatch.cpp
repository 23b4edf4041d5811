//===- NaNWatch.cpp - the first step at which an update stores a NaN ---===//
#include "passes/sim-to-loops/NaNWatch.h"

using namespace mlir;

namespace synfire::sim {

namespace {

/// Lanes that a comparison is worth: more are added up first.
constexpr int64_t narrowest = 4;

} // namespace

void NaNWatch::prepare() {
  fault = rangeMember(e, k, Fault);
  first = rangeMember(e, k, First);
}

void NaNWatch::stored(StringRef field, Value value) {
  if (!isa<FloatType>(getElementTypeOrSelf(value.getType())))
    return;
  int64_t slot = 0;
  for (FieldOp each : k.kernel.getBody().getOps<FieldOp>()) {
    if (each.getSymName() == field)
      break;
    ++slot;
  }
  values.push_back({slot, value});
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
  for (Type type : {Type(e.getF64Type()), Type(e.getF32Type())}) {
    Value sum;
    for (auto [slot, value] : values)
      if (getElementTypeOrSelf(value.getType()) == type)
        sum = sum ? arith::AddFOp::create(e, sum, value).getResult() : value;
    if (!sum)
      continue;
    for (int64_t width = lanes; width > narrowest; width /= 2) {
      auto half = [&](int64_t begin) -> Value {
        return vector::ExtractStridedSliceOp::create(e, sum, begin, width / 2, 1);
      };
      sum = arith::AddFOp::create(e, half(0), half(width / 2));
    }
    any = arith::OrIOp::create(e, any, bits(unordered(sum, sum)));
  }
  return any;
}

void NaNWatch::tell(Value step, Value element, llvm::function_ref<Value()> valid) {
  if (values.empty())
    return;
  auto isSet = [&](Value word) {
    return arith::CmpIOp::create(e, arith::CmpIPredicate::ne, word, e.i32(0)).getResult();
  };
  e.branch(isSet(suspicion()), [&] {
    Value real = bits(valid());
    SmallVector<Value> masks;
    Value all = e.i32(0);
    for (auto [slot, value] : values) {
      masks.push_back(e.bitAnd(bits(unordered(value, value)), real));
      all = arith::OrIOp::create(e, all, masks.back());
    }
    Value quiet = e.less(e.load(e.getI64Type(), fault), e.i64(0));
    e.branch(arith::AndIOp::create(e, isSet(all), quiet), [&] {
      Value lane = math::CountTrailingZerosOp::create(e, all);
      Value which = e.i64(values.back().first);
      for (size_t i = values.size() - 1; i-- > 0;) {
        Value here = e.bitAnd(arith::ShRUIOp::create(e, masks[i], lane), e.i32(1));
        which = arith::SelectOp::create(e, isSet(here), e.i64(values[i].first), which);
      }
      auto put = [&](int member, Value value) {
        e.store(value, e.at(e.getI64Type(), fault, e.i64(member)));
      };
      put(0, step);
      put(1, e.add(e.add(first, element), arith::ExtUIOp::create(e, e.getI64Type(), lane)));
      put(2, which);
    });
  });
  values.clear();
}

} // namespace synfire::sim
