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

namespace {

/// A word of sixteen blocks: one number for all of them, or those of the even and of the odd blocks
/// as i64 whose upper halves mean nothing.
struct Word {
  Value scalar;
  Value half[2];
};

constexpr int64_t halfLanes = blocksAtOnce / 2;

template <typename F> Word apply(Emitter &e, const Word &x, const Word &y, F f) {
  if (x.scalar && y.scalar)
    return {f(x.scalar, y.scalar), {}};
  Word result;
  for (int i = 0; i < 2; ++i)
    result.half[i] = f(x.scalar ? e.splat(x.scalar, halfLanes) : x.half[i],
                       y.scalar ? e.splat(y.scalar, halfLanes) : y.half[i]);
  return result;
}
Word exclusiveOr(Emitter &e, const Word &x, const Word &y) {
  return apply(e, x, y, [&](Value a, Value b) { return exclusiveOr(e, a, b); });
}
/// The 64-bit product with the lower half of x: it is the lower word of the product as it stands.
Word product(Emitter &e, const Word &x, uint32_t factor) {
  return apply(e, x, {e.i64(factor), {}},
               [&](Value a, Value b) { return e.mul(e.bitAnd(a, like(e, a, 0xffffffff)), b); });
}
Word upper(Emitter &e, const Word &x) {
  return apply(e, x, {e.i64(32), {}},
               [&](Value a, Value b) -> Value { return arith::ShRUIOp::create(e, a, b); });
}
/// The words of the sixteen blocks in their order.
Value interleave(Emitter &e, const Word &x) {
  if (x.scalar)
    return e.splat(e.convert(x.scalar, e.getI32Type()), blocksAtOnce);
  Value even = e.bitAnd(x.half[0], like(e, x.half[0], 0xffffffff));
  Value odd = arith::ShLIOp::create(e, x.half[1], like(e, x.half[1], 32));
  Value both = arith::OrIOp::create(e, even, odd);
  return vector::BitCastOp::create(e, e.vectorOf(e.getI32Type(), blocksAtOnce), both);
}

} // namespace

std::array<Value, 4> emitPhiloxBlocks(Emitter &e, Value firstBlock, Value draw, Value hash,
                                      Value keyLow, Value keyHigh) {
  auto first = blockCounter(e, firstBlock, draw, hash);
  auto wide = [&](Value word) -> Value { return arith::ExtUIOp::create(e, e.getI64Type(), word); };
  Word c[4];
  for (int i = 0; i < 4; ++i)
    c[i] = {wide(first[i]), {}};
  // Sixteen blocks from a multiple of sixteen: only the lowest bits of the lowest word differ.
  Value numbers = e.laneNumbers(e.getI64Type(), halfLanes);
  Value even = e.add(numbers, numbers), base = e.splat(c[0].scalar, halfLanes);
  c[0] = {Value(), {e.add(base, even), e.add(base, e.add(even, like(e, even, 1)))}};
  for (int round = 0; round < 10; ++round) {
    Word p0 = product(e, c[0], 0xD2511F53), p1 = product(e, c[2], 0xCD9E8D57);
    Word k0 = {wide(keyLow), {}}, k1 = {wide(keyHigh), {}};
    c[0] = exclusiveOr(e, upper(e, p1), exclusiveOr(e, c[1], k0));
    c[1] = p1;
    c[2] = exclusiveOr(e, upper(e, p0), exclusiveOr(e, c[3], k1));
    c[3] = p0;
    keyLow = e.add(keyLow, e.i32(static_cast<int32_t>(0x9E3779B9)));
    keyHigh = e.add(keyHigh, e.i32(static_cast<int32_t>(0xBB67AE85)));
  }
  return {interleave(e, c[0]), interleave(e, c[1]), interleave(e, c[2]), interleave(e, c[3])};
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
  Value r2 = arith::MulFOp::create(e, floatConstantLike(e, u, -2.0), emitLogOfNormal(e, u));
  Value r = math::SqrtOp::create(e, r2);
  Value phi = arith::MulFOp::create(e, floatConstantLike(e, v, 6.283185307179586), v);
  return {arith::MulFOp::create(e, r, emitCos(e, phi)),
          arith::MulFOp::create(e, r, emitSin(e, phi))};
}

} // namespace synfire::sim
