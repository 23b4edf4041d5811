//===- Philox.cpp - Philox4x32-10 as IR ---===//
#include "passes/sim-to-loops/Philox.h"
#include "passes/sim/MathExpansion.h"

using namespace mlir;

namespace synfire::sim {

namespace {

Value like(Emitter &e, Value model, int64_t number) {
  Type element = getElementTypeOrSelf(model.getType());
  Value scalar = arith::ConstantOp::create(
      e, IntegerAttr::get(element, APInt(element.getIntOrFloatBitWidth(), number, false, true)));
  auto shaped = dyn_cast<VectorType>(model.getType());
  return shaped ? e.splat(scalar, shaped.getNumElements()) : scalar;
}
Type withElement(Value model, Type element) {
  auto shaped = dyn_cast<VectorType>(model.getType());
  return shaped ? Type(shaped.clone(element)) : element;
}
/// High and low 32 bits of a 32 x 32 bit product.
std::pair<Value, Value> wideProduct(Emitter &e, Value x, uint32_t factor) {
  Type wide = withElement(x, e.getI64Type());
  Value extended = arith::ExtUIOp::create(e, wide, x);
  Value product = e.mul(extended, like(e, extended, factor));
  Value high = arith::TruncIOp::create(e, x.getType(),
                                       arith::ShRUIOp::create(e, product, like(e, product, 32)));
  return {high, arith::TruncIOp::create(e, x.getType(), product)};
}
Value exclusiveOr(Emitter &e, Value x, Value y) { return arith::XOrIOp::create(e, x, y); }

} // namespace

std::array<Value, 4> emitPhilox(Emitter &e, std::array<Value, 4> c, Value keyLow, Value keyHigh) {
  auto shaped = dyn_cast<VectorType>(c[0].getType());
  int64_t lanes = shaped ? shaped.getNumElements() : 1;
  for (Value &word : c)
    word = e.splat(word, lanes);
  for (int round = 0; round < 10; ++round) {
    auto [high0, low0] = wideProduct(e, c[0], 0xD2511F53);
    auto [high1, low1] = wideProduct(e, c[2], 0xCD9E8D57);
    Value k0 = e.splat(keyLow, lanes), k1 = e.splat(keyHigh, lanes);
    c = {exclusiveOr(e, exclusiveOr(e, high1, c[1]), k0), low1,
         exclusiveOr(e, exclusiveOr(e, high0, c[3]), k1), low0};
    keyLow = e.add(keyLow, e.i32(static_cast<int32_t>(0x9E3779B9)));
    keyHigh = e.add(keyHigh, e.i32(static_cast<int32_t>(0xBB67AE85)));
  }
  return c;
}

std::array<Value, 4> blockCounter(Emitter &e, Value block, Value draw, Value hash) {
  Type narrow = withElement(block, e.getI32Type());
  auto shaped = dyn_cast<VectorType>(block.getType());
  int64_t lanes = shaped ? shaped.getNumElements() : 1;
  draw = e.splat(draw, lanes);
  Value blockHigh =
      e.bitAnd(arith::ShRUIOp::create(e, block, like(e, block, 32)), like(e, block, 0xffff));
  Value drawHigh =
      e.bitAnd(arith::ShRUIOp::create(e, draw, like(e, draw, 32)), like(e, draw, 0xffff));
  Value c1 =
      arith::OrIOp::create(e, blockHigh, arith::ShLIOp::create(e, drawHigh, like(e, draw, 16)));
  return {arith::TruncIOp::create(e, narrow, block), arith::TruncIOp::create(e, narrow, c1),
          arith::TruncIOp::create(e, narrow, draw), e.splat(hash, lanes)};
}

Value uniformFromWord(Emitter &e, Value word) {
  Value number = arith::UIToFPOp::create(e, withElement(word, e.getF64Type()), word);
  Value half = floatConstantLike(e, number, 0.5);
  return arith::MulFOp::create(e, arith::AddFOp::create(e, number, half),
                               floatConstantLike(e, number, 0x1p-32));
}

std::pair<Value, Value> normalsFromWords(Emitter &e, Value even, Value odd) {
  Value u = uniformFromWord(e, even), v = uniformFromWord(e, odd);
  Value r2 = arith::MulFOp::create(e, floatConstantLike(e, u, -2.0), emitLog(e, u));
  Value r = math::SqrtOp::create(e, r2);
  Value phi = arith::MulFOp::create(e, floatConstantLike(e, v, 6.283185307179586), v);
  return {arith::MulFOp::create(e, r, emitCos(e, phi)),
          arith::MulFOp::create(e, r, emitSin(e, phi))};
}

} // namespace synfire::sim
