//===- LowerElementwise.cpp - start values, derived values, changes, values of connections ---===//
//
// These run rarely and may draw with rejection, so they are scalar loops.
//
//===----------------------------------------------------------------------===//
#include "passes/sim-to-loops/KernelBody.h"

#include "runtime/synfire.h"

using namespace mlir;

namespace synfire::sim {

namespace {

/// Rounds to the nearest integer, ties to even.
void lowerRound(Emitter &e, RoundOp round, IRMapping &map) {
  Value whole = math::RoundEvenOp::create(e, map.lookup(round.getValue()));
  map.map(round.getResult(), e.convert(whole, round.getType()));
}

} // namespace

void lowerElementwise(Emitter &e, KernelOp kernel) {
  LoweredKernel k = beginFunction(e, kernel);
  auto [keyLow, keyHigh] = seedWords(e, k);
  Value first = rangeMember(e, k, First), count = rangeMember(e, k, Count);
  Value step = rangeMember(e, k, Step);
  e.loop(e.i64(0), count, e.i64(1), [&, keyLow = keyLow, keyHigh = keyHigh](Value i) {
    IRMapping map;
    Value number = e.add(first, i);
    auto place = [&](StringRef field) {
      bool element = k.kindOf(field) == FieldKind::Element;
      return element ? e.at(k.typeOf(field), k.pointer[field], i) : k.pointer[field];
    };
    llvm::StringMap<Value> read;
    auto lower = [&](Operation *op) {
      if (auto get = dyn_cast<GetOp>(op)) {
        Value &value = read[get.getField()];
        if (!value)
          value = e.load(k.typeOf(get.getField()), place(get.getField()));
        map.map(get.getResult(), e.convert(value, get.getType()));
      } else if (auto set = dyn_cast<SetOp>(op)) {
        e.store(e.convert(map.lookup(set.getValue()), k.typeOf(set.getField())),
                place(set.getField()));
      } else if (isa<StepOp>(op)) {
        map.map(op->getResult(0), step);
      } else if (isa<ElementOp>(op)) {
        map.map(op->getResult(0), number);
      } else if (auto round = dyn_cast<RoundOp>(op)) {
        lowerRound(e, round, map);
      } else if (auto propagator = dyn_cast<PropagatorOp>(op)) {
        emitPropagator(e, propagator, map);
      } else if (auto draw = dyn_cast<DrawOp>(op)) {
        DrawSite site;
        site.keyLow = keyLow;
        site.keyHigh = keyHigh;
        site.hash = e.load(e.getI32Type(), k.pointer[draw.getKey()]);
        site.element = number;
        // Element n: block (n >> 6) * 16 + (n & 15), word (n >> 4) & 3.
        Value group = e.mul(arith::ShRUIOp::create(e, number, e.i64(6)), e.i64(16));
        site.block = e.add(group, e.bitAnd(number, e.i64(15)));
        site.word = e.bitAnd(arith::ShRUIOp::create(e, number, e.i64(4)), e.i64(3));
        map.map(draw.getResult(), emitDraw(e, draw, site, map));
      }
    };
    emitBody(e, k, 1, map, lower, [](Operation *) { return true; });
  });
  endFunction(e);
}

/// Values of connections are made by the hundred million, so several at a time; a gamma number
/// takes a loop of its own.
static int64_t lanesOf(KernelOp kernel) {
  bool gamma = false;
  kernel.walk([&](DrawOp draw) { gamma |= draw.getDistribution() == Distribution::Gamma; });
  return gamma ? 1 : SYN_VALUES_LANES;
}

void lowerValues(Emitter &e, KernelOp kernel) {
  LoweredKernel k = beginFunction(e, kernel);
  int64_t lanes = lanesOf(kernel);
  auto [keyLow, keyHigh] = seedWords(e, k);
  Value count = rangeMember(e, k, Count);
  Value pre = rangeMember(e, k, Pre), post = rangeMember(e, k, Post);
  Value position = rangeMember(e, k, Position), out = rangeMember(e, k, Out);
  e.loop(e.i64(0), count, e.i64(lanes), [&, keyLow = keyLow, keyHigh = keyHigh](Value i) {
    IRMapping map;
    auto numbers = [&](Value list) {
      return e.load(e.vectorOf(e.getI32Type(), lanes), e.at(e.getI32Type(), list, i), 4);
    };
    Value source = numbers(pre), target = numbers(post), ordinal = numbers(position);
    auto wide = [&](Value v) {
      return arith::ExtUIOp::create(e, e.vectorOf(e.getI64Type(), lanes), v).getResult();
    };
    auto lookUp = [&](Type type, Value base, Value index) {
      if (lanes == 1)
        return e.load(type, e.at(type, base, wide(index)));
      Value all =
          arith::ConstantOp::create(e, cast<TypedAttr>(e.getZeroAttr(e.vectorOf(type, lanes))));
      Value places = wide(index);
      for (int64_t lane = 0; lane < lanes; ++lane) {
        Value place = vector::ExtractOp::create(e, places, ArrayRef<int64_t>{lane});
        all = vector::InsertOp::create(e, e.load(type, e.at(type, base, place)), all,
                                       ArrayRef<int64_t>{lane});
      }
      return all;
    };
    auto lower = [&](Operation *op) {
      if (auto get = dyn_cast<GetOp>(op)) {
        Type type = k.typeOf(get.getField());
        Value base = k.pointer[get.getField()], value;
        switch (k.kindOf(get.getField())) {
        case FieldKind::Source:
          value = lookUp(type, base, source);
          break;
        case FieldKind::Target:
          value = lookUp(type, base, target);
          break;
        case FieldKind::Connection:
          value = lookUp(type, base, ordinal);
          break;
        default:
          value = e.splat(e.load(type, base), lanes);
          break;
        }
        map.map(get.getResult(), e.convert(value, get.getType()));
      } else if (auto set = dyn_cast<SetOp>(op)) {
        e.store(e.splat(map.lookup(set.getValue()), lanes), e.at(e.getF64Type(), out, i), 8);
      } else if (isa<ElementOp>(op)) {
        map.map(op->getResult(0), wide(target));
      } else if (auto draw = dyn_cast<DrawOp>(op)) {
        DrawSite site;
        site.keyLow = keyLow;
        site.keyHigh = keyHigh;
        site.hash = e.splat(e.load(e.getI32Type(), k.pointer[draw.getKey()]), lanes);
        site.position = ordinal;
        site.target = target;
        site.lanes = lanes;
        map.map(draw.getResult(), emitDraw(e, draw, site, map));
      }
    };
    emitBody(e, k, lanes, map, lower, [](Operation *) { return true; });
  });
  endFunction(e);
}

} // namespace synfire::sim
