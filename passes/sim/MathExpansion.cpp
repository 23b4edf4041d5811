//===- MathExpansion.cpp - elementary functions in arith and fma ---===//
//
// Range reduction by powers of two or multiples of pi/2, then the Taylor series of the function on
// the reduced interval, long enough that the truncation is below a quarter of an ulp there.
//
//===----------------------------------------------------------------------===//
#include "passes/sim/MathExpansion.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Math/IR/Math.h"

#include <cmath>

using namespace mlir;

namespace synfire::sim {

namespace {

/// Numbers that depend on the width of the float.
struct Format {
  bool wide;
  int mantissa;           // explicit bits
  double magic;           // adding it rounds to an integer and leaves it in the low bits
  double lowest, highest; // arguments between which exp is a normal number
};
Format formatOf(Value x) {
  bool wide = getElementTypeOrSelf(x.getType()).isF64();
  if (wide)
    return {true, 52, 0x1.8p52, -708.0, 709.7};
  return {false, 23, 0x1.8p23, -87.0, 88.7};
}

Type integerLike(Value x) {
  Type element = getElementTypeOrSelf(x.getType());
  Type integer = IntegerType::get(x.getContext(), element.getIntOrFloatBitWidth());
  if (auto vector = dyn_cast<VectorType>(x.getType()))
    return vector.clone(integer);
  return integer;
}
Value integerConstant(ImplicitLocOpBuilder &b, Type type, int64_t value) {
  auto element = cast<IntegerType>(getElementTypeOrSelf(type));
  auto attr = b.getIntegerAttr(element, APInt(element.getWidth(), value, true).getSExtValue());
  if (auto vector = dyn_cast<VectorType>(type))
    return arith::ConstantOp::create(b, DenseElementsAttr::get(vector, attr.getValue()));
  return arith::ConstantOp::create(b, attr);
}

Value mul(ImplicitLocOpBuilder &b, Value x, Value y) { return arith::MulFOp::create(b, x, y); }
Value add(ImplicitLocOpBuilder &b, Value x, Value y) { return arith::AddFOp::create(b, x, y); }
Value sub(ImplicitLocOpBuilder &b, Value x, Value y) { return arith::SubFOp::create(b, x, y); }
Value div(ImplicitLocOpBuilder &b, Value x, Value y) { return arith::DivFOp::create(b, x, y); }
Value fma(ImplicitLocOpBuilder &b, Value x, Value y, Value z) {
  return math::FmaOp::create(b, x, y, z);
}
Value compare(ImplicitLocOpBuilder &b, arith::CmpFPredicate p, Value x, Value y) {
  return arith::CmpFOp::create(b, p, x, y);
}
Value select(ImplicitLocOpBuilder &b, Value c, Value x, Value y) {
  return arith::SelectOp::create(b, c, x, y);
}
Value bits(ImplicitLocOpBuilder &b, Value x) {
  return arith::BitcastOp::create(b, integerLike(x), x);
}
Value constant(ImplicitLocOpBuilder &b, Value like, double v) {
  return floatConstantLike(b, like, v);
}

/// The sum of c[i] * x^i by Horner's rule.
Value horner(ImplicitLocOpBuilder &b, Value x, ArrayRef<double> c) {
  Value sum = constant(b, x, c.back());
  for (double coefficient : llvm::reverse(c.drop_back()))
    sum = fma(b, sum, x, constant(b, x, coefficient));
  return sum;
}

/// The same by Estrin's scheme: fewer dependent steps for long polynomials.
Value estrin(ImplicitLocOpBuilder &b, Value x, ArrayRef<double> c) {
  SmallVector<Value> terms;
  for (size_t i = 0; i < c.size(); i += 2) {
    Value low = constant(b, x, c[i]);
    terms.push_back(i + 1 < c.size() ? fma(b, constant(b, x, c[i + 1]), x, low) : low);
  }
  Value power = x;
  while (terms.size() > 1) {
    power = mul(b, power, power);
    SmallVector<Value> next;
    for (size_t i = 0; i < terms.size(); i += 2)
      next.push_back(i + 1 < terms.size() ? fma(b, terms[i + 1], power, terms[i]) : terms[i]);
    terms = std::move(next);
  }
  return terms.front();
}

/// x = n ln 2 + r: e^x = 2^n (1 + p). `shifted` holds n in its low bits.
struct ReducedExp {
  Value p, shifted, n;
};
ReducedExp reduceExp(ImplicitLocOpBuilder &b, Value x) {
  Format f = formatOf(x);
  Value magic = constant(b, x, f.magic);
  Value shifted = fma(b, x, constant(b, x, 1.4426950408889634074), magic);
  Value n = sub(b, shifted, magic);
  Value r;
  if (f.wide) {
    // ln 2 in two parts; the first has enough trailing zeros for n * part to be exact.
    r = fma(b, n, constant(b, x, -0x1.62e42fefa0000p-1), x);
    r = fma(b, n, constant(b, x, -0x1.cf79abc9e3b3ap-40), r);
  } else {
    r = fma(b, n, constant(b, x, -0x1.62e400p-1), x);
    r = fma(b, n, constant(b, x, -0x1.7f7d1cp-20), r);
  }
  // 1/2!, 1/3!, ...: 12 terms leave 4e-18 at |r| = ln2/2; 6 leave 5e-9.
  SmallVector<double> c;
  double factorial = 1;
  for (int i = 2; i <= (f.wide ? 13 : 7); ++i) {
    factorial *= i;
    c.push_back(1.0 / factorial);
  }
  Value p = fma(b, mul(b, r, r), estrin(b, r, c), r);
  return {p, shifted, n};
}

/// Keeps x where e^x is a normal number; NaN stays.
Value clampExp(ImplicitLocOpBuilder &b, Value x) {
  Format f = formatOf(x);
  Value low = constant(b, x, f.lowest), high = constant(b, x, f.highest);
  Value y = select(b, compare(b, arith::CmpFPredicate::OLT, x, low), low, x);
  return select(b, compare(b, arith::CmpFPredicate::OGT, y, high), high, y);
}
/// Multiplies a normal number by 2^n, n in the low bits of `shifted`.
Value scaleByPowerOfTwo(ImplicitLocOpBuilder &b, Value x, Value shifted) {
  Type integer = integerLike(x);
  Value exponent =
      arith::ShLIOp::create(b, bits(b, shifted), integerConstant(b, integer, formatOf(x).mantissa));
  return arith::BitcastOp::create(b, x.getType(), arith::AddIOp::create(b, bits(b, x), exponent));
}

/// x = n pi/2 + r, |r| <= pi/4 (Cody and Waite, three parts).
struct ReducedAngle {
  Value r, quadrant;
};
ReducedAngle reduceAngle(ImplicitLocOpBuilder &b, Value x) {
  Format f = formatOf(x);
  Value magic = constant(b, x, f.magic);
  Value shifted = fma(b, x, constant(b, x, 0.63661977236758134308), magic);
  Value n = sub(b, shifted, magic);
  Value r;
  if (f.wide) {
    r = fma(b, n, constant(b, x, -0x1.921fb54400000p+0), x);
    r = fma(b, n, constant(b, x, -0x1.0b4611a600000p-34), r);
    r = fma(b, n, constant(b, x, -0x1.3198a2e037073p-69), r);
  } else {
    r = fma(b, n, constant(b, x, -0x1.921f00p+0), x);
    r = fma(b, n, constant(b, x, -0x1.6a8800p-17), r);
    r = fma(b, n, constant(b, x, -0x1.0b4612p-34), r);
  }
  return {r, bits(b, shifted)};
}
/// Sine or cosine from the quadrant and the two series on |r| <= pi/4.
Value sineOrCosine(ImplicitLocOpBuilder &b, Value x, int64_t turn) {
  ReducedAngle a = reduceAngle(b, x);
  Value z = mul(b, a.r, a.r);
  SmallVector<double> s, c;
  double factorial = 1;
  int last = formatOf(x).wide ? 17 : 9;
  for (int i = 2; i <= last + 1; ++i) {
    factorial *= i;
    double sign = (i / 2) % 2 ? -1.0 : 1.0;
    (i % 2 ? s : c).push_back(sign / factorial);
  }
  Value sine = fma(b, mul(b, a.r, z), horner(b, z, s), a.r);
  Value cosine = fma(b, z, horner(b, z, c), constant(b, x, 1.0));
  Type integer = a.quadrant.getType();
  Value quadrant = arith::AddIOp::create(b, a.quadrant, integerConstant(b, integer, turn));
  Value one = integerConstant(b, integer, 1), two = integerConstant(b, integer, 2);
  Value zero = integerConstant(b, integer, 0);
  Value odd = arith::CmpIOp::create(b, arith::CmpIPredicate::ne,
                                    arith::AndIOp::create(b, quadrant, one), zero);
  Value flip = arith::CmpIOp::create(b, arith::CmpIPredicate::ne,
                                     arith::AndIOp::create(b, quadrant, two), zero);
  Value y = select(b, odd, cosine, sine);
  return select(b, flip, arith::NegFOp::create(b, y), y);
}

} // namespace

Value floatConstantLike(ImplicitLocOpBuilder &b, Value x, double value) {
  Type element = getElementTypeOrSelf(x.getType());
  auto attr = b.getFloatAttr(element, value);
  if (auto vector = dyn_cast<VectorType>(x.getType()))
    return arith::ConstantOp::create(b, DenseElementsAttr::get(vector, attr.getValue()));
  return arith::ConstantOp::create(b, attr);
}

Value emitExp(ImplicitLocOpBuilder &b, Value x) {
  Format f = formatOf(x);
  Value clamped = clampExp(b, x);
  ReducedExp e = reduceExp(b, clamped);
  Value y = scaleByPowerOfTwo(b, add(b, constant(b, x, 1.0), e.p), e.shifted);
  Value below = compare(b, arith::CmpFPredicate::OLT, x, constant(b, x, f.lowest));
  Value above = compare(b, arith::CmpFPredicate::OGT, x, constant(b, x, f.highest));
  y = select(b, below, constant(b, x, 0.0), y);
  return select(b, above, constant(b, x, INFINITY), y);
}

Value emitExpm1(ImplicitLocOpBuilder &b, Value x) {
  Format f = formatOf(x);
  ReducedExp e = reduceExp(b, clampExp(b, x));
  Value one = constant(b, x, 1.0);
  Value scale = scaleByPowerOfTwo(b, one, e.shifted);
  Value y = fma(b, scale, e.p, sub(b, scale, one));
  Value above = compare(b, arith::CmpFPredicate::OGT, x, constant(b, x, f.highest));
  return select(b, above, constant(b, x, INFINITY), y);
}

Value emitLog(ImplicitLocOpBuilder &b, Value x) {
  Format f = formatOf(x);
  Type integer = integerLike(x);
  // Subnormal arguments are scaled up first.
  Value tiny = constant(b, x, f.wide ? 0x1p-1022 : 0x1p-126);
  Value small = compare(b, arith::CmpFPredicate::OLT, x, tiny);
  Value lift = constant(b, x, f.wide ? 0x1p54 : 0x1p25);
  Value y = select(b, small, mul(b, x, lift), x);
  // y = 2^k m with m in [sqrt(1/2), sqrt 2).
  int64_t root = f.wide ? 0x3fe6a09e667f3bcd : 0x3f3504f3;
  Value offset = arith::SubIOp::create(b, bits(b, y), integerConstant(b, integer, root));
  Value k = arith::ShRSIOp::create(b, offset, integerConstant(b, integer, f.mantissa));
  Value shiftedK = arith::ShLIOp::create(b, k, integerConstant(b, integer, f.mantissa));
  Value m =
      arith::BitcastOp::create(b, x.getType(), arith::SubIOp::create(b, bits(b, y), shiftedK));
  Value kf = arith::SIToFPOp::create(b, x.getType(), k);
  kf = select(b, small, sub(b, kf, constant(b, x, f.wide ? 54.0 : 25.0)), kf);
  // ln m = 2 artanh(s), s = (m - 1) / (m + 1), |s| < 0.172.
  Value unit = constant(b, x, 1.0);
  Value s = div(b, sub(b, m, unit), add(b, m, unit));
  Value z = mul(b, s, s);
  SmallVector<double> c;
  for (int i = 1; i <= (f.wide ? 11 : 5); ++i)
    c.push_back(2.0 / (2 * i + 1));
  Value tail = mul(b, mul(b, s, z), horner(b, z, c));
  Value low = fma(b, kf, constant(b, x, f.wide ? 0x1.cf79abc9e3b3ap-40 : 0x1.7f7d1cp-20), tail);
  Value sum = add(b, add(b, s, s), low);
  Value result = fma(b, kf, constant(b, x, f.wide ? 0x1.62e42fefa0000p-1 : 0x1.62e400p-1), sum);
  Value zero = constant(b, x, 0.0);
  Value isZero = compare(b, arith::CmpFPredicate::OEQ, x, zero);
  Value negative = compare(b, arith::CmpFPredicate::ULT, x, zero);
  Value infinite = compare(b, arith::CmpFPredicate::OEQ, x, constant(b, x, INFINITY));
  result = select(b, isZero, constant(b, x, -INFINITY), result);
  result = select(b, negative, constant(b, x, NAN), result);
  return select(b, infinite, x, result);
}

Value emitSin(ImplicitLocOpBuilder &b, Value x) { return sineOrCosine(b, x, 0); }
Value emitCos(ImplicitLocOpBuilder &b, Value x) { return sineOrCosine(b, x, 1); }

Value emitTanh(ImplicitLocOpBuilder &b, Value x) {
  Value magnitude = math::AbsFOp::create(b, x);
  Value limit = constant(b, x, 20.0); // tanh 20 is 1 in both formats
  magnitude = select(b, compare(b, arith::CmpFPredicate::OGT, magnitude, limit), limit, magnitude);
  Value e = emitExpm1(b, add(b, magnitude, magnitude));
  Value y = div(b, e, add(b, e, constant(b, x, 2.0)));
  return math::CopySignOp::create(b, y, x);
}

Value emitPow(ImplicitLocOpBuilder &b, Value x, Value y) {
  Value result = emitExp(b, mul(b, y, emitLog(b, x)));
  Value zero = constant(b, x, 0.0), one = constant(b, x, 1.0);
  Value baseZero = compare(b, arith::CmpFPredicate::OEQ, x, zero);
  Value positive = compare(b, arith::CmpFPredicate::OGT, y, zero);
  Value zeroPower = select(b, positive, zero, constant(b, x, INFINITY));
  result = select(b, baseZero, zeroPower, result);
  return select(b, compare(b, arith::CmpFPredicate::OEQ, y, zero), one, result);
}

Value emitIntegerPower(ImplicitLocOpBuilder &b, Value x, int64_t n) {
  uint64_t magnitude = n < 0 ? 0 - static_cast<uint64_t>(n) : n;
  Value result, square = x;
  for (; magnitude; magnitude >>= 1) {
    if (magnitude & 1)
      result = result ? mul(b, result, square) : square;
    if (magnitude > 1)
      square = mul(b, square, square);
  }
  if (!result)
    return constant(b, x, 1.0);
  return n < 0 ? div(b, constant(b, x, 1.0), result) : result;
}

} // namespace synfire::sim
