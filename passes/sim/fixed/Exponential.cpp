//===- Exponential.cpp ---===//
#include "passes/sim/fixed/Exponential.h"

#include "mlir/Dialect/Arith/IR/Arith.h"

#include <limits>

using namespace mlir;

namespace synfire::sim::fixed {

Bound exponential(const Bound &argument) {
  double high = std::exp(std::min(argument.high, mostArgument));
  double low = std::exp(std::min(argument.low, mostArgument));
  double error = argument.high > mostArgument ? std::numeric_limits<double>::infinity()
                                              : high * (std::expm1(argument.error) + relativeError);
  return {low * (1 - relativeError), high * (1 + relativeError), error};
}

Value writeExponential(OpBuilder &b, Location loc, Value x, int from, int to) {
  auto whole = [&](int64_t value) -> Value {
    return arith::ConstantOp::create(b, loc, b.getI64IntegerAttr(value));
  };
  auto plus = [&](Value a, Value c) -> Value { return arith::AddIOp::create(b, loc, a, c); };
  auto shifted = [&](Value a, int right) -> Value {
    if (right <= 0)
      return right == 0 ? a : arith::ShLIOp::create(b, loc, a, whole(-right)).getResult();
    return arith::ShRSIOp::create(b, loc, plus(a, whole(int64_t(1) << (right - 1))), whole(right));
  };
  auto times = [&](Value a, Value c) -> Value { return arith::MulIOp::create(b, loc, a, c); };

  // x log2 e, where log2 e = 378194 2^-18.
  Value y = shifted(times(x, whole(378194)), from + 18 - argumentFraction);
  auto most = int64_t(std::floor(mostArgument * 1.4426950408889634 * 65536));
  int least = -(to + 2); // a quarter of a unit, which becomes 0
  y = arith::MinSIOp::create(b, loc, y, whole(most));
  y = arith::MaxSIOp::create(b, loc, y, whole(int64_t(least) * 65536));
  Value k = arith::SubIOp::create(
      b, loc, arith::ShRSIOp::create(b, loc, y, whole(argumentFraction)).getResult(), whole(least));
  Value f = arith::AndIOp::create(b, loc, y, whole(65535));
  // 2^f on [0, 1) in units of 2^-18: the polynomial of degree 3 whose relative error is
  // least, 7.5e-5 (7.8e-5 with what is rounded here; found by Remez' algorithm).
  Value m = plus(shifted(times(f, whole(20454)), argumentFraction), whole(59262));
  m = plus(shifted(times(f, m), argumentFraction), whole(182409));
  m = plus(shifted(times(f, m), argumentFraction), whole(262124));
  // Up by at most 2^k, then down to the units that are wanted.
  Value scaled = arith::ShLIOp::create(b, loc, m, k);
  return shifted(scaled, 18 - least - to);
}

} // namespace synfire::sim::fixed
