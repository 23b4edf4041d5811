//===- MathExpansion.cpp - elementary functions in arith and fma ---===//
//
// Range reduction by powers of two or multiples of pi/2, then a minimax polynomial on the reduced
// interval (Remez's algorithm in 200 bits; the relative error of each stands beside it, f64 / f32),
// with few enough operations left that roundings, not polynomials, make the error.
//
// Special values come out of the same arithmetic where that is possible: a select and its
// comparison cost as much as a tenth of an exponential.
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
  int mantissa; // explicit bits
  int bias;     // of the exponent
  double magic; // adding it rounds to an integer and leaves it in the low bits
  // Arguments of exp between which n = x / ln 2 has a biased exponent that does not wrap, and
  // beyond which e^x is 0 or infinite anyway.
  double lowest, highest;
};
Format formatOf(Value x) {
  bool wide = getElementTypeOrSelf(x.getType()).isF64();
  if (wide)
    return {true, 52, 1023, 0x1.8p52, -709.0, 710.0};
  return {false, 23, 127, 0x1.8p23, -88.0, 89.0};
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

/// The same in two independent halves, of the even and of the odd powers: half as many dependent
/// steps for one operation more. `square` is x^2.
Value polynomial(ImplicitLocOpBuilder &b, Value x, Value square, ArrayRef<double> c) {
  SmallVector<double> even, odd;
  for (auto [i, coefficient] : llvm::enumerate(c))
    (i % 2 ? odd : even).push_back(coefficient);
  return fma(b, horner(b, square, odd), x, horner(b, square, even));
}

/// x = n ln 2 + r: e^x = 2^n (1 + p), and 2^(n - less) as a float.
struct ReducedExp {
  Value p, scale;
};
ReducedExp reduceExp(ImplicitLocOpBuilder &b, Value x, int less) {
  Format f = formatOf(x);
  // The low bits of `shifted` are the biased exponent of the scale.
  Value magic = constant(b, x, f.magic + f.bias - less);
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
  // e^r = 1 + r + r^2 q(r) for |r| <= ln2/2: 3.7e-18 / 3.1e-9.
  static const double wide[] = {0x1.000000000000ap-1,  0x1.55555555554f9p-3,  0x1.55555555507f1p-5,
                                0x1.1111111127e85p-7,  0x1.6c16c1844adf2p-10, 0x1.a01a0129b3242p-13,
                                0x1.a01999ae210aep-16, 0x1.71df262fbb004p-19, 0x1.28adce2bb3e4ap-22,
                                0x1.ad7efcdea06afp-26};
  static const double narrow[] = {0x1.fffffb9437311p-2, 0x1.5554909ead87fp-3, 0x1.5558f4d1750efp-5,
                                  0x1.123a6be7a298ap-7, 0x1.6a235218c6e75p-10};
  Value square = mul(b, r, r);
  Value q = f.wide ? polynomial(b, r, square, wide) : polynomial(b, r, square, narrow);
  Value exponent =
      arith::ShLIOp::create(b, bits(b, shifted), integerConstant(b, integerLike(x), f.mantissa));
  return {fma(b, square, q, r), arith::BitcastOp::create(b, x.getType(), exponent)};
}

/// Keeps x where the exponent of the scale does not wrap; NaN stays. One instruction each on x86.
Value clampExp(ImplicitLocOpBuilder &b, Value x) {
  Format f = formatOf(x);
  Value low = constant(b, x, f.lowest), high = constant(b, x, f.highest);
  Value y = select(b, compare(b, arith::CmpFPredicate::OLT, x, low), low, x);
  return select(b, compare(b, arith::CmpFPredicate::OGT, y, high), high, y);
}

/// e^x - 1 for x within the bounds of clampExp.
Value expm1WithinBounds(ImplicitLocOpBuilder &b, Value x) {
  // Half of it first: 2^n alone would be infinite for the largest x with a finite result.
  ReducedExp e = reduceExp(b, x, 1);
  Value half = fma(b, e.scale, e.p, sub(b, e.scale, constant(b, x, 0.5)));
  return add(b, half, half);
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
  // On |r| <= pi/4: sin 3.7e-18 / 3.8e-9, cos 3.9e-20 / 6.4e-11.
  static const double wideSine[] = {-0x1.5555555555548p-3,  0x1.111111110f78fp-7,
                                    -0x1.a01a019bf57fap-13, 0x1.71de3560403e3p-19,
                                    -0x1.ae5e5472c1947p-26, 0x1.5d8dfe3872daep-33};
  static const double wideCosine[] = {
      -0x1.0000000000000p-1,  0x1.5555555555539p-5,  -0x1.6c16c16c13b28p-10, 0x1.a01a019b233a7p-16,
      -0x1.27e4f724bb088p-22, 0x1.1ee9687a6d220p-29, -0x1.8f732003ac4fbp-37};
  static const double narrowSine[] = {-0x1.5555450d90c39p-3, 0x1.110730e34d472p-7,
                                      -0x1.994061ea2a129p-13};
  static const double narrowCosine[] = {-0x1.ffffffcb13dd7p-2, 0x1.55553c516f98ep-5,
                                        -0x1.6c07e1f3a2da5p-10, 0x1.9912fce32dbffp-16};
  bool wide = formatOf(x).wide;
  Value s = wide ? horner(b, z, wideSine) : horner(b, z, narrowSine);
  Value c = wide ? horner(b, z, wideCosine) : horner(b, z, narrowCosine);
  Value sine = fma(b, mul(b, a.r, z), s, a.r);
  Value cosine = fma(b, z, c, constant(b, x, 1.0));
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
  // The scale is 0 or infinite where the result is to be.
  ReducedExp e = reduceExp(b, clampExp(b, x), 0);
  return mul(b, add(b, constant(b, x, 1.0), e.p), e.scale);
}

Value emitExpm1(ImplicitLocOpBuilder &b, Value x) { return expm1WithinBounds(b, clampExp(b, x)); }

Value emitPhi1(ImplicitLocOpBuilder &b, Value x) {
  // phi1(x) = 1 + x s(x) for |x| <= 1: 4.7e-18 / 1.7e-9.
  static const double wide[] = {0x1.0000000000001p-1,  0x1.5555555555556p-3,  0x1.55555555553fdp-5,
                                0x1.1111111110ed4p-7,  0x1.6c16c16c32275p-10, 0x1.a01a01a068d34p-13,
                                0x1.a01a018170f9ap-16, 0x1.71de3a0b21af7p-19, 0x1.27e50d1042085p-22,
                                0x1.ae649b6b8e99ep-26, 0x1.1ee2bf88c581ep-29, 0x1.610461aa4124ap-33,
                                0x1.9a5935f21e9cep-37, 0x1.bbd0126925704p-41};
  static const double narrow[] = {
      0x1.ffffff075a350p-2,  0x1.5555547334adep-3,  0x1.5555b3b90b35ap-5,  0x1.11119b94ae63cp-7,
      0x1.6bf04dbb7cddap-10, 0x1.9fc48d79afe88p-13, 0x1.abae79ad1c8ffp-16, 0x1.831b206d2d326p-19};
  Value one = constant(b, x, 1.0), square = mul(b, x, x);
  Value s = formatOf(x).wide ? polynomial(b, x, square, wide) : polynomial(b, x, square, narrow);
  Value near = fma(b, x, s, one);
  Value far = div(b, emitExpm1(b, x), x);
  Value small = compare(b, arith::CmpFPredicate::OLE, math::AbsFOp::create(b, x), one);
  auto result = arith::SelectOp::create(b, small, near, far);
  // Steps are short against the time constants of stable equations.
  result->setAttr("sim.usually", b.getBoolAttr(true));
  return result;
}

/// ln x of a positive normal number.
static Value logOfNormal(ImplicitLocOpBuilder &b, Value x, Value correction) {
  Format f = formatOf(x);
  Type integer = integerLike(x);
  auto whole = [&](int64_t number) { return integerConstant(b, integer, number); };
  // x = 2^k m with m in [sqrt(1/2), sqrt 2); `offset` holds k, biased, above the mantissa.
  int64_t root = f.wide ? 0x3fe6a09e667f3bcd : 0x3f3504f3;
  int64_t unit = int64_t(f.bias) << f.mantissa;
  Value offset = arith::AddIOp::create(b, bits(b, x), whole(unit - root));
  Value biased = arith::ShRUIOp::create(b, offset, whole(f.mantissa));
  Value exponent = arith::ShLIOp::create(b, biased, whole(f.mantissa));
  Value m = arith::SubIOp::create(b, arith::AddIOp::create(b, bits(b, x), whole(unit)), exponent);
  m = arith::BitcastOp::create(b, x.getType(), m);
  // As a float: in the low bits of 2^52 or 2^23.
  double anchor = f.wide ? 0x1p52 : 0x1p23;
  Value placed = arith::OrIOp::create(b, biased, whole(f.wide ? 0x4330000000000000 : 0x4b000000));
  Value k =
      sub(b, arith::BitcastOp::create(b, x.getType(), placed), constant(b, x, anchor + f.bias));
  if (correction)
    k = add(b, k, correction);
  // ln m = 2 artanh(s) = 2 s + s z a(z), s = (m - 1) / (m + 1), z = s^2: 1.3e-18 / 8.1e-10.
  static const double wide[] = {0x1.5555555555593p-1, 0x1.999999997fc67p-2, 0x1.24924942071ccp-2,
                                0x1.c71c51f4f8df5p-3, 0x1.7466439545831p-3, 0x1.39a13608658efp-3,
                                0x1.2f0b106b46fd4p-3};
  static const double narrow[] = {0x1.55557a28e4e38p-1, 0x1.995eb1007ea88p-2, 0x1.31e46533af58dp-2};
  Value one = constant(b, x, 1.0);
  Value s = div(b, sub(b, m, one), add(b, m, one));
  Value z = mul(b, s, s);
  Value a = f.wide ? horner(b, z, wide) : horner(b, z, narrow);
  Value tail = mul(b, mul(b, s, z), a);
  Value low = fma(b, k, constant(b, x, f.wide ? 0x1.cf79abc9e3b3ap-40 : 0x1.7f7d1cp-20), tail);
  Value sum = add(b, add(b, s, s), low);
  return fma(b, k, constant(b, x, f.wide ? 0x1.62e42fefa0000p-1 : 0x1.62e400p-1), sum);
}

Value emitLog(ImplicitLocOpBuilder &b, Value x) {
  Format f = formatOf(x);
  // Subnormal arguments are scaled up first.
  Value tiny = constant(b, x, f.wide ? 0x1p-1022 : 0x1p-126);
  Value small = compare(b, arith::CmpFPredicate::OLT, x, tiny);
  Value lift = constant(b, x, f.wide ? 0x1p54 : 0x1p25), zero = constant(b, x, 0.0);
  Value normal = select(b, small, mul(b, x, lift), x);
  Value correction = select(b, small, constant(b, x, f.wide ? -54.0 : -25.0), zero);
  Value result = logOfNormal(b, normal, correction);
  Value isZero = compare(b, arith::CmpFPredicate::OEQ, x, zero);
  Value negative = compare(b, arith::CmpFPredicate::ULT, x, zero);
  Value infinite = compare(b, arith::CmpFPredicate::OEQ, x, constant(b, x, INFINITY));
  result = select(b, isZero, constant(b, x, -INFINITY), result);
  result = select(b, negative, constant(b, x, NAN), result);
  return select(b, infinite, x, result);
}

Value emitLogOfNormal(ImplicitLocOpBuilder &b, Value x) { return logOfNormal(b, x, Value()); }

Value emitSin(ImplicitLocOpBuilder &b, Value x) { return sineOrCosine(b, x, 0); }
Value emitCos(ImplicitLocOpBuilder &b, Value x) { return sineOrCosine(b, x, 1); }

Value emitTanh(ImplicitLocOpBuilder &b, Value x) {
  Value magnitude = math::AbsFOp::create(b, x);
  Value limit = constant(b, x, 20.0); // tanh 20 is 1 in both formats
  magnitude = select(b, compare(b, arith::CmpFPredicate::OGT, magnitude, limit), limit, magnitude);
  Value e = expm1WithinBounds(b, add(b, magnitude, magnitude));
  Value y = div(b, e, add(b, e, constant(b, x, 2.0)));
  return math::CopySignOp::create(b, y, x);
}

/// x^y for any numbers.
static Value anyPower(ImplicitLocOpBuilder &b, Value x, Value y) {
  Value result = emitExp(b, mul(b, y, emitLog(b, x)));
  Value zero = constant(b, x, 0.0), one = constant(b, x, 1.0);
  Value baseZero = compare(b, arith::CmpFPredicate::OEQ, x, zero);
  Value positive = compare(b, arith::CmpFPredicate::OGT, y, zero);
  Value zeroPower = select(b, positive, zero, constant(b, x, INFINITY));
  result = select(b, baseZero, zeroPower, result);
  return select(b, compare(b, arith::CmpFPredicate::OEQ, y, zero), one, result);
}

Value emitPow(ImplicitLocOpBuilder &b, Value x, Value y) {
  // Positive normal numbers need none of the checks, and nearly all are such: a difference without
  // a sign tells them.
  Format f = formatOf(x);
  Type integer = integerLike(x);
  int64_t least = int64_t(1) << f.mantissa, infinite = int64_t(2 * f.bias + 1) << f.mantissa;
  Value above = arith::SubIOp::create(b, bits(b, x), integerConstant(b, integer, least));
  Value normal = arith::CmpIOp::create(b, arith::CmpIPredicate::ult, above,
                                       integerConstant(b, integer, infinite - least));
  Value plain = emitExp(b, mul(b, y, emitLogOfNormal(b, x)));
  auto result = arith::SelectOp::create(b, normal, plain, anyPower(b, x, y));
  result->setAttr("sim.usually", b.getBoolAttr(true));
  return result;
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
