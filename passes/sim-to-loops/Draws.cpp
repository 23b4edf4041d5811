//===- Draws.cpp - draws of start values and connections, with rejection ---===//
#include "passes/sim-to-loops/KernelBody.h"
#include "passes/sim-to-loops/Philox.h"
#include "passes/sim/MathExpansion.h"

using namespace mlir;

namespace synfire::sim {

namespace {

Value mulf(Emitter &e, Value x, Value y) { return arith::MulFOp::create(e, x, y); }
Value addf(Emitter &e, Value x, Value y) { return arith::AddFOp::create(e, x, y); }
Value isWord(Emitter &e, Value word, int64_t n) {
  return arith::CmpIOp::create(e, arith::CmpIPredicate::eq, word, e.i64(n));
}

/// Marsaglia and Tsang's gamma number of attempt `attempt` (i64); its inner attempts have blocks of
/// their own, 256 for each attempt, and an element does not share them (random.md, section 4).
Value gammaDraw(Emitter &e, Value mean, Value cv, const DrawSite &site, Value attempt) {
  Value one = e.f64(1.0), variance = mulf(e, cv, cv);
  auto divide = [&](Value x, Value y) { return Value(arith::DivFOp::create(e, x, y)); };
  auto below = [&](Value x, Value y) {
    return Value(arith::CmpFOp::create(e, arith::CmpFPredicate::OLT, x, y));
  };
  Value shape = divide(one, variance), scale = mulf(e, mean, variance);
  Value boosted = below(shape, one);
  Value d = arith::SelectOp::create(e, boosted, addf(e, shape, one), shape);
  d = arith::SubFOp::create(e, d, e.f64(1.0 / 3.0));
  Value spread = math::SqrtOp::create(e, mulf(e, e.f64(9.0), d));
  SmallVector<Type> types = {e.getI64Type(), e.getF64Type()};
  SmallVector<Location> locs(2, e.getLoc());
  auto loop = scf::WhileOp::create(e, types, ValueRange{e.i64(0), e.f64(0.0)});
  {
    OpBuilder::InsertionGuard guard(e);
    Block *before = e.createBlock(&loop.getBefore(), {}, types, locs);
    Value inner = before->getArgument(0);
    Value draw = e.add(e.mul(attempt, e.i64(256)), inner);
    auto counter = site.word ? blockCounter(e, site.element, draw, site.hash)
                             : std::array<Value, 4>{site.position, site.target,
                                                    e.convert(draw, e.getI32Type()), site.hash};
    auto w = emitPhilox(e, counter, site.keyLow, site.keyHigh);
    Value z = normalsFromWords(e, w[0], w[1]).first;
    Value root = addf(e, one, divide(z, spread));
    Value v = mulf(e, mulf(e, root, root), root);
    // Where root <= 0 the logarithm is no number, and the comparison false.
    Value bound = addf(e, mulf(e, mulf(e, e.f64(0.5), z), z), d);
    bound = arith::SubFOp::create(e, bound, mulf(e, d, v));
    bound = addf(e, bound, mulf(e, d, emitLog(e, v)));
    Value accepted = arith::AndIOp::create(e, below(e.f64(0.0), root),
                                           below(emitLog(e, uniformFromWord(e, w[2])), bound));
    Value x = mulf(e, mulf(e, scale, d), v);
    Value boost = emitPow(e, uniformFromWord(e, w[3]), divide(one, shape));
    x = arith::SelectOp::create(e, boosted, mulf(e, x, boost), x);
    x = arith::SelectOp::create(e, accepted, x, e.f64(0.0));
    Value rejected = arith::XOrIOp::create(
        e, accepted, arith::ConstantOp::create(e, e.getBoolAttr(true)).getResult());
    Value again = arith::AndIOp::create(e, rejected, e.less(inner, e.i64(255)));
    scf::ConditionOp::create(e, again, ValueRange{inner, x});
    Block *after = e.createBlock(&loop.getAfter(), {}, types, locs);
    scf::YieldOp::create(e,
                         ValueRange{e.add(after->getArgument(0), e.i64(1)), after->getArgument(1)});
  }
  return loop.getResult(1);
}

/// The deviate of attempt `attempt` (i64).
Value attemptDraw(Emitter &e, DrawOp draw, const DrawSite &site, IRMapping &map, Value attempt) {
  if (draw.getDistribution() == Distribution::Gamma)
    return gammaDraw(e, map.lookup(draw.getArguments()[0]), map.lookup(draw.getArguments()[1]),
                     site, attempt);
  std::array<Value, 4> w;
  if (site.word) {
    w = emitPhilox(e, blockCounter(e, site.block, attempt, site.hash), site.keyLow, site.keyHigh);
    // The element's own word first, its partner of a Box-Muller pair second.
    Value second = isWord(e, e.bitAnd(site.word, e.i64(2)), 2);
    w[0] = arith::SelectOp::create(e, second, w[2], w[0]);
    w[1] = arith::SelectOp::create(e, second, w[3], w[1]);
  } else {
    Value low = e.splat(e.convert(attempt, e.getI32Type()), site.lanes);
    w = emitPhilox(e, {site.position, site.target, low, site.hash}, site.keyLow, site.keyHigh);
  }
  Value odd = site.word ? isWord(e, e.bitAnd(site.word, e.i64(1)), 1) : Value();
  auto argument = [&](unsigned i) {
    return e.splat(map.lookup(draw.getArguments()[i]), site.lanes);
  };
  auto uniform = [&] {
    Value word = odd ? Value(arith::SelectOp::create(e, odd, w[1], w[0])) : w[0];
    return uniformFromWord(e, word);
  };
  auto normal = [&] {
    auto [c, s] = normalsFromWords(e, w[0], w[1]);
    return odd ? Value(arith::SelectOp::create(e, odd, s, c)) : c;
  };
  switch (draw.getDistribution()) {
  case Distribution::Uniform: {
    Value width = arith::SubFOp::create(e, argument(1), argument(0));
    return addf(e, argument(0), mulf(e, width, uniform()));
  }
  case Distribution::Normal:
    return addf(e, argument(0), mulf(e, argument(1), normal()));
  case Distribution::Lognormal: {
    Value square = mulf(e, argument(1), argument(1));
    Value s2 = emitLog(e, addf(e, floatConstantLike(e, square, 1.0), square));
    Value mu = arith::SubFOp::create(e, emitLog(e, argument(0)),
                                     mulf(e, floatConstantLike(e, s2, 0.5), s2));
    return emitExp(e, addf(e, mu, mulf(e, math::SqrtOp::create(e, s2), normal())));
  }
  case Distribution::Exponential:
    return arith::NegFOp::create(e, mulf(e, argument(0), emitLog(e, uniform())));
  case Distribution::Gamma:
    break; // above
  }
  return e.f64(0.0);
}

} // namespace

Value emitDraw(Emitter &e, DrawOp draw, const DrawSite &site, IRMapping &map) {
  if (draw.getLimit() == Limit::None)
    return attemptDraw(e, draw, site, map, e.i64(0));
  auto border = [&](unsigned i) { return e.splat(map.lookup(draw.getInterval()[i]), site.lanes); };
  Value low = border(0), high = border(1);
  auto clip = [&](Value x) {
    Value above = arith::CmpFOp::create(e, arith::CmpFPredicate::OGT, x, high);
    x = arith::SelectOp::create(e, above, high, x);
    Value below = arith::CmpFOp::create(e, arith::CmpFPredicate::OLT, x, low);
    return Value(arith::SelectOp::create(e, below, low, x));
  };
  if (draw.getLimit() == Limit::Clip)
    return clip(attemptDraw(e, draw, site, map, e.i64(0)));
  // Attempt after attempt until every lane is inside; after 10000 the nearest border, so that it
  // always ends.
  Value open = arith::ConstantOp::create(e, e.getBoolAttr(true));
  SmallVector<Value> init = {e.i64(0), e.splat(e.f64(0.0), site.lanes), e.splat(open, site.lanes)};
  SmallVector<Type> types;
  for (Value v : init)
    types.push_back(v.getType());
  SmallVector<Location> locs(3, e.getLoc());
  auto loop = scf::WhileOp::create(e, types, init);
  {
    OpBuilder::InsertionGuard guard(e);
    Block *before = e.createBlock(&loop.getBefore(), {}, types, locs);
    Value x = attemptDraw(e, draw, site, map, before->getArgument(0));
    x = arith::SelectOp::create(e, before->getArgument(2), x, before->getArgument(1));
    Value below = arith::CmpFOp::create(e, arith::CmpFPredicate::OLT, x, low);
    Value above = arith::CmpFOp::create(e, arith::CmpFPredicate::OGT, x, high);
    Value outside = arith::OrIOp::create(e, below, above);
    Value any = outside;
    if (site.lanes > 1)
      any = vector::ReductionOp::create(e, vector::CombiningKind::OR, outside);
    Value patient = e.less(before->getArgument(0), e.i64(10000));
    scf::ConditionOp::create(e, arith::AndIOp::create(e, any, patient),
                             ValueRange{before->getArgument(0), x, outside});
    Block *after = e.createBlock(&loop.getAfter(), {}, types, locs);
    scf::YieldOp::create(e, ValueRange{e.add(after->getArgument(0), e.i64(1)),
                                       after->getArgument(1), after->getArgument(2)});
  }
  return clip(loop.getResult(1));
}

} // namespace synfire::sim
