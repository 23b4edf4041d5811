//===- LowerDeliver.cpp - spikes along their connections into rings ---===//
//
// for each step, for each spike
//   what is the same for all connections of the spike
//   for each 16 connections: amounts and places into a buffer, then the additions
// Where the amount and the delay are the same for all connections, there is no buffer.
//
//===----------------------------------------------------------------------===//
#include "passes/sim-to-loops/KernelBody.h"
#include "passes/sim-to-loops/SumWatch.h"

using namespace mlir;

namespace synfire::sim {

namespace {

constexpr int64_t width = 16;

struct DeliverLowering {
  Emitter &e;
  LoweredKernel k;
  bool delaysVary;
  StringRef rowsField;
  DenseSet<Operation *> varying; // ops that differ between the connections of a spike
  Value offsets, targets, delays, delay, payload, payloadBase;
  llvm::StringMap<Value> uniforms, connectionBase, connectionScale;
  struct Ring {
    Value base, mask, stride;
  };
  llvm::StringMap<Ring> rings;
  SmallVector<SendOp> sends;
  DenseMap<Operation *, Value> amounts; // stack buffer per send
  DenseMap<Operation *, Value> places;  // per send: offsets in the ring
  IRMapping map;
  Value spikeNumber, source, stamp; // position in the list, element, step stamp
  SumWatch sums;

  DeliverLowering(Emitter &e, KernelOp kernel, bool delaysVary)
      : e(e), k(beginFunction(e, kernel)), delaysVary(delaysVary), sums(e, k) {}

  void classify();
  void prepare();
  void lowerPerSpike(Operation *op);
  void lowerPerConnection(Operation *op, Value c, Value left);
  void deliverSpike();
  void prefetchRows(Value list, Value spike);
  void run();
  Value amountOf(SendOp send, int64_t lanes);
};

void DeliverLowering::classify() {
  k.kernel.walk([&](Operation *op) {
    if (auto get = dyn_cast<GetOp>(op)) {
      FieldKind kind = k.kindOf(get.getField());
      if (kind == FieldKind::Connection || kind == FieldKind::Target)
        varying.insert(op);
    }
    for (Value operand : op->getOperands())
      if (Operation *def = operand.getDefiningOp(); def && varying.count(def))
        varying.insert(op);
    if (auto send = dyn_cast<SendOp>(op))
      sends.push_back(send);
  });
}

void DeliverLowering::prepare() {
  for (FieldOp field : k.kernel.getBody().getOps<FieldOp>()) {
    StringRef name = field.getSymName();
    Value slot = k.pointer[name];
    switch (field.getKind()) {
    case FieldKind::Rows:
      offsets = e.member(e.pointerType(), slot, 0);
      targets = e.member(e.pointerType(), slot, 1);
      delays = e.member(e.pointerType(), slot, 3);
      delay = e.member(e.getI64Type(), slot, 5);
      break;
    case FieldKind::Ring:
      rings[name] = {e.member(e.pointerType(), slot, 0),
                     e.sub(e.member(e.getI64Type(), slot, 1), e.i64(1)),
                     e.member(e.getI64Type(), slot, 2)};
      break;
    case FieldKind::Connection:
      connectionBase[name] = e.member(e.pointerType(), slot, 0);
      connectionScale[name] = e.member(e.getF64Type(), slot, 1);
      break;
    case FieldKind::Uniform:
      uniforms[name] = e.load(field.getType(), slot);
      break;
    default:
      break;
    }
  }
  payload = rangeMember(e, k, Payload);
  payloadBase = rangeMember(e, k, PayloadBase);
  sums.prepare();
  for (SendOp send : sends) {
    amounts[send] = e.stack(send.getAmount().getType(), width);
    places[send] = e.stack(e.getI32Type(), width);
  }
}

void DeliverLowering::lowerPerSpike(Operation *op) {
  if (auto get = dyn_cast<GetOp>(op)) {
    Type type = k.typeOf(get.getField());
    Value value;
    if (k.kindOf(get.getField()) == FieldKind::Source)
      value = e.load(type, e.at(type, k.pointer[get.getField()], source));
    else
      value = uniforms[get.getField()];
    map.map(get.getResult(), e.convert(value, get.getType()));
  } else if (auto latched = dyn_cast<PayloadOp>(op)) {
    Value number = e.add(payloadBase, e.i64(latched.getNumber()));
    Value list = e.load(e.pointerType(), e.at(e.pointerType(), payload, number));
    Value value = e.load(e.getF64Type(), e.at(e.getF64Type(), list, spikeNumber));
    map.map(latched.getResult(), e.convert(value, latched.getType()));
  } else if (auto round = dyn_cast<RoundOp>(op)) {
    Value value = map.lookup(round.getValue());
    if (sums.watches(round))
      sums.rounded(round, value, e.sub(stamp, e.i64(1)), source);
    map.map(round.getResult(), nearestInteger(e, round, value));
  }
}

/// For `width` connections from c on, of which `left` are the spike's.
void DeliverLowering::lowerPerConnection(Operation *op, Value c, Value left) {
  if (auto get = dyn_cast<GetOp>(op)) {
    StringRef name = get.getField();
    Type type = k.typeOf(name);
    if (k.kindOf(name) == FieldKind::Target) {
      // Target values are read one by one; the list of targets is short and close together.
      Type element = get.getType();
      Value vector =
          arith::ConstantOp::create(e, cast<TypedAttr>(e.getZeroAttr(e.vectorOf(element, width))));
      for (int64_t lane = 0; lane < width; ++lane) {
        Value t = e.load(e.getI16Type(), e.at(e.getI16Type(), targets, e.add(c, e.i64(lane))));
        Value wide = arith::ExtUIOp::create(e, e.getI64Type(), t);
        Value x = e.convert(e.load(type, e.at(type, k.pointer[name], wide)), element);
        vector = vector::InsertOp::create(e, x, vector, ArrayRef<int64_t>{lane});
      }
      map.map(get.getResult(), vector);
      return;
    }
    map.map(get.getResult(),
            connectionValue(e, get, type, connectionBase[name], connectionScale[name], c, width));
  } else if (auto round = dyn_cast<RoundOp>(op)) {
    Value value = e.splat(map.lookup(round.getValue()), width);
    if (sums.watches(round)) { // lanes behind the row's end are of other sources
      Value valid = e.less(e.laneNumbers(e.getI64Type(), width), e.splat(left, width));
      sums.rounded(round, value, e.sub(stamp, e.i64(1)), source, valid);
    }
    map.map(round.getResult(), nearestInteger(e, round, value));
  }
}

void DeliverLowering::deliverSpike() {
  auto sends = this->sends;
  emitBody(
      e, k, 1, map, [&](Operation *op) { lowerPerSpike(op); },
      [&](Operation *op) { return !varying.count(op) && !isa<SendOp>(op); });
  auto rowStart = [&](Value row) {
    Value value = e.load(e.getI32Type(), e.at(e.getI32Type(), offsets, row));
    return Value(arith::ExtUIOp::create(e, e.getI64Type(), value));
  };
  Value begin = rowStart(source), end = rowStart(e.add(source, e.i64(1)));
  auto ringRow = [&](SendOp send, Value due) {
    Ring &ring = rings[send.getRing()];
    Value row = e.mul(e.bitAnd(due, ring.mask), ring.stride);
    return e.at(send.getAmount().getType(), ring.base, row);
  };
  auto addTo = [&](Value place, Value amount) {
    e.store(e.add(e.load(amount.getType(), place), amount), place);
  };
  bool simple = varying.empty() && !delaysVary;
  if (simple) {
    SmallVector<Value> rows;
    for (SendOp send : sends)
      rows.push_back(ringRow(send, e.add(stamp, delay)));
    e.loop(begin, end, e.i64(1), [&](Value c) {
      Value t = e.load(e.getI16Type(), e.at(e.getI16Type(), targets, c));
      Value wide = arith::ExtUIOp::create(e, e.getI64Type(), t);
      for (auto [send, row] : llvm::zip(sends, rows)) {
        Value amount = map.lookup(send.getAmount());
        addTo(e.at(amount.getType(), row, wide), amount);
      }
    });
    return;
  }
  e.loop(begin, end, e.i64(width), [&](Value c) {
    Value left = arith::MinSIOp::create(e, e.sub(end, c), e.i64(width));
    emitBody(
        e, k, width, map, [&](Operation *op) { lowerPerConnection(op, c, left); },
        [&](Operation *op) { return varying.count(op) && !isa<SendOp>(op); });
    Type places32 = e.vectorOf(e.getI32Type(), width);
    Value place = arith::ExtUIOp::create(
        e, places32,
        e.load(e.vectorOf(e.getI16Type(), width), e.at(e.getI16Type(), targets, c), 2));
    Value ago;
    if (delaysVary) {
      Value steps = e.load(e.vectorOf(e.getI16Type(), width), e.at(e.getI16Type(), delays, c), 2);
      ago = arith::ExtUIOp::create(e, places32, steps);
    }
    for (SendOp send : sends) {
      Value amount = map.lookup(send.getAmount());
      e.store(e.splat(amount, width), amounts[send], 64);
      Value at = place;
      Ring &ring = rings[send.getRing()];
      if (delaysVary) {
        Value due = e.add(e.splat(e.convert(stamp, e.getI32Type()), width), ago);
        due = e.bitAnd(due, e.splat(e.convert(ring.mask, e.getI32Type()), width));
        at = e.add(place, e.mul(due, e.splat(e.convert(ring.stride, e.getI32Type()), width)));
      }
      e.store(at, places[send], 64);
    }
    e.loop(e.i64(0), left, e.i64(1), [&](Value lane) {
      for (SendOp send : sends) {
        Type type = send.getAmount().getType();
        Value at = e.load(e.getI32Type(), e.at(e.getI32Type(), places[send], lane));
        Value wide = arith::ExtUIOp::create(e, e.getI64Type(), at);
        Value base = delaysVary ? rings[send.getRing()].base : ringRow(send, e.add(stamp, delay));
        addTo(e.at(type, base, wide), e.load(type, e.at(type, amounts[send], lane)));
      }
    });
  });
}

/// Rows are short and far apart: asks for those of the next spikes ahead of time. Lists are padded,
/// so that a number past their end is an old one, never a wrong one.
void DeliverLowering::prefetchRows(Value list, Value spike) {
  constexpr int64_t ahead = 4, line = 64;
  auto element = [&](int64_t distance) {
    Value number =
        e.load(e.getI32Type(), e.at(e.getI32Type(), list, e.add(spike, e.i64(distance))));
    return Value(arith::ExtUIOp::create(e, e.getI64Type(), number));
  };
  auto prefetch = [&](Value place) { LLVM::Prefetch::create(e, place, 0, 3, 1); };
  prefetch(e.at(e.getI32Type(), offsets, element(2 * ahead)));
  Value start = e.load(e.getI32Type(), e.at(e.getI32Type(), offsets, element(ahead)));
  Value row = e.at(e.getI16Type(), targets, arith::ExtUIOp::create(e, e.getI64Type(), start));
  for (int64_t i = 0; i < 4; ++i)
    prefetch(e.at(e.getI8Type(), row, e.i64(i * line)));
}

void DeliverLowering::run() {
  classify();
  prepare();
  Value list = rangeMember(e, k, Spikes), counts = rangeMember(e, k, SpikeCounts);
  Value start = rangeMember(e, k, Step), steps = rangeMember(e, k, Steps);
  Value cursor = e.stack(e.getI64Type(), 1);
  e.store(e.i64(0), cursor);
  e.loop(e.i64(0), steps, e.i64(1), [&](Value s) {
    stamp = e.add(e.add(start, s), e.i64(1));
    Value begin = e.load(e.getI64Type(), cursor);
    Value end = e.add(begin, e.load(e.getI64Type(), e.at(e.getI64Type(), counts, s)));
    e.store(end, cursor);
    e.loop(begin, end, e.i64(1), [&](Value j) {
      spikeNumber = j;
      prefetchRows(list, j);
      Value number = e.load(e.getI32Type(), e.at(e.getI32Type(), list, j));
      source = arith::ExtUIOp::create(e, e.getI64Type(), number);
      deliverSpike();
    });
  });
  endFunction(e);
}

} // namespace

Value connectionValue(Emitter &e, GetOp get, Type stored, Value base, Value scale, Value c,
                      int64_t lanes) {
  unsigned bytes = stored.getIntOrFloatBitWidth() / 8;
  Value value = e.load(e.vectorOf(stored, lanes), e.at(stored, base, c), bytes);
  value = e.convert(value, get.getType());
  if (stored.isInteger(16))
    value = arith::MulFOp::create(e, value, e.splat(e.convert(scale, get.getType()), lanes));
  return value;
}

void lowerDeliver(Emitter &e, KernelOp kernel, bool delaysVary) {
  DeliverLowering(e, kernel, delaysVary).run();
}

} // namespace synfire::sim
