//===- LowerHandle.cpp - spikes at connections with values or chances of their own ---===//
//
// for each step, for each spike, for each connection of its source: the kernel, one by one
//
// A connection stores what it changes, and draws its own random numbers, so rows are walked without
// the buffers of a plain delivery.
//
//===----------------------------------------------------------------------===//
#include "passes/sim-to-loops/KernelBody.h"
#include "passes/sim-to-loops/Philox.h"

using namespace mlir;

namespace synfire::sim {

namespace {

struct HandleLowering {
  Emitter &e;
  LoweredKernel k;
  bool delaysVary;
  Value offsets, targets, delays, positions, delay, payload, payloadBase, first, keyLow, keyHigh;
  Value spike, source, stamp;      // place in the list, element, the step it is stamped with
  Value connection, target;        // place in the rows, place in the slice
  llvm::StringMap<Value> uniforms; // value of uniform and key fields
  IRMapping map;

  HandleLowering(Emitter &e, KernelOp kernel, bool delaysVary)
      : e(e), k(beginFunction(e, kernel)), delaysVary(delaysVary) {}

  void prepare();
  Value get(GetOp op);
  Value chance(ChanceOp op);
  void send(SendOp op);
  void lower(Operation *op);
  void run();
};

void HandleLowering::prepare() {
  for (FieldOp field : k.kernel.getBody().getOps<FieldOp>()) {
    Value slot = k.pointer[field.getSymName()];
    if (field.getKind() == FieldKind::Rows) {
      offsets = e.member(e.pointerType(), slot, 0);
      targets = e.member(e.pointerType(), slot, 1);
      delays = e.member(e.pointerType(), slot, 3);
      positions = e.member(e.pointerType(), slot, 4);
      delay = e.member(e.getI64Type(), slot, 5);
    } else if (field.getKind() == FieldKind::Uniform || field.getKind() == FieldKind::Key) {
      uniforms[field.getSymName()] = e.load(field.getType(), slot);
    }
  }
  payload = rangeMember(e, k, Payload);
  payloadBase = rangeMember(e, k, PayloadBase);
  first = rangeMember(e, k, First);
  std::tie(keyLow, keyHigh) = seedWords(e, k);
}

Value HandleLowering::get(GetOp op) {
  StringRef name = op.getField();
  Type type = k.typeOf(name);
  Value slot = k.pointer[name];
  switch (k.kindOf(name)) {
  case FieldKind::Source:
    return e.load(type, e.at(type, slot, source));
  case FieldKind::Target:
    return e.load(type, e.at(type, slot, target));
  case FieldKind::Connection: {
    Value value = e.load(type, e.at(type, e.member(e.pointerType(), slot, 0), connection));
    if (!type.isInteger(16))
      return value;
    return arith::MulFOp::create(e, e.convert(value, e.getF64Type()),
                                 e.member(e.getF64Type(), slot, 1));
  }
  default:
    return uniforms[name];
  }
}

/// Word 0 of the connection's block for this draw (random.md, section 3).
Value HandleLowering::chance(ChanceOp op) {
  Value position = e.load(e.getI32Type(), e.at(e.getI32Type(), positions, connection));
  Value post = e.convert(e.add(first, target), e.getI32Type());
  Value draw = e.convert(map.lookup(op.getDraw()), e.getI32Type());
  auto w = emitPhilox(e, {position, post, draw, uniforms[op.getKey()]}, keyLow, keyHigh);
  return uniformFromWord(e, w[0]);
}

void HandleLowering::send(SendOp op) {
  Value ring = k.pointer[op.getRing()], late = delay;
  if (delaysVary)
    late = arith::ExtUIOp::create(e, e.getI64Type(),
                                  e.load(e.getI16Type(), e.at(e.getI16Type(), delays, connection)));
  Value mask = e.sub(e.member(e.getI64Type(), ring, 1), e.i64(1));
  Value row = e.mul(e.bitAnd(e.add(stamp, late), mask), e.member(e.getI64Type(), ring, 2));
  Type type = op.getAmount().getType();
  Value place = e.at(type, e.member(e.pointerType(), ring, 0), e.add(row, target));
  e.store(e.add(e.load(type, place), map.lookup(op.getAmount())), place);
}

void HandleLowering::lower(Operation *op) {
  if (auto read = dyn_cast<GetOp>(op)) {
    map.map(read.getResult(), e.convert(get(read), read.getType()));
  } else if (auto set = dyn_cast<SetOp>(op)) {
    Type type = k.typeOf(set.getField());
    Value base = e.member(e.pointerType(), k.pointer[set.getField()], 0);
    e.store(e.convert(map.lookup(set.getValue()), type), e.at(type, base, connection));
  } else if (auto latched = dyn_cast<PayloadOp>(op)) {
    Value number = e.add(payloadBase, e.i64(latched.getNumber()));
    Value list = e.load(e.pointerType(), e.at(e.pointerType(), payload, number));
    Value value = e.load(e.getF64Type(), e.at(e.getF64Type(), list, spike));
    map.map(latched.getResult(), e.convert(value, latched.getType()));
  } else if (auto round = dyn_cast<RoundOp>(op)) {
    Value whole = math::RoundEvenOp::create(e, map.lookup(round.getValue()));
    map.map(round.getResult(), e.convert(whole, round.getType()));
  } else if (auto draw = dyn_cast<ChanceOp>(op)) {
    map.map(draw.getResult(), e.convert(chance(draw), draw.getType()));
  } else if (auto sent = dyn_cast<SendOp>(op)) {
    send(sent);
  }
}

void HandleLowering::run() {
  prepare();
  Value list = rangeMember(e, k, Spikes), counts = rangeMember(e, k, SpikeCounts);
  Value start = rangeMember(e, k, Step), steps = rangeMember(e, k, Steps);
  Value cursor = e.stack(e.getI64Type(), 1);
  e.store(e.i64(0), cursor);
  auto rowStart = [&](Value row) {
    Value value = e.load(e.getI32Type(), e.at(e.getI32Type(), offsets, row));
    return Value(arith::ExtUIOp::create(e, e.getI64Type(), value));
  };
  e.loop(e.i64(0), steps, e.i64(1), [&](Value s) {
    stamp = e.add(e.add(start, s), e.i64(1));
    Value begin = e.load(e.getI64Type(), cursor);
    Value end = e.add(begin, e.load(e.getI64Type(), e.at(e.getI64Type(), counts, s)));
    e.store(end, cursor);
    e.loop(begin, end, e.i64(1), [&](Value number) {
      spike = number;
      Value element = e.load(e.getI32Type(), e.at(e.getI32Type(), list, number));
      source = arith::ExtUIOp::create(e, e.getI64Type(), element);
      e.loop(rowStart(source), rowStart(e.add(source, e.i64(1))), e.i64(1), [&](Value c) {
        connection = c;
        Value t = e.load(e.getI16Type(), e.at(e.getI16Type(), targets, c));
        target = arith::ExtUIOp::create(e, e.getI64Type(), t);
        emitBody(e, k, 1, map, [&](Operation *op) { lower(op); }, [](Operation *) { return true; });
      });
    });
  });
  endFunction(e);
}

} // namespace

void lowerHandle(Emitter &e, KernelOp kernel, bool delaysVary) {
  HandleLowering(e, kernel, delaysVary).run();
}

} // namespace synfire::sim
