//===- LowerHandle.cpp - spikes at connections with values or chances of their own ---===//
//
// handle: for each step, for each spike, for each connection of its source: the kernel, one by one
// settle, advance, timer: for each source, for each of its connections: the kernel
//
// A connection stores what it changes, and draws its own random numbers, so rows are walked without
// the buffers of a plain delivery.
//
//===----------------------------------------------------------------------===//
#include "passes/sim-to-loops/KernelBody.h"
#include "passes/sim-to-loops/Philox.h"
#include "passes/sim-to-loops/SumWatch.h"

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
  // Spikes of the targets (syn_history), counted from the newest; and for the present connection:
  // the row of its target, how many spikes it has, and the first that the connection has seen.
  Value rows, stride, width, settled, rememberedBase;
  Value row, kept, seen, followed;   // followed: the spike in the block of a recall
  llvm::DenseMap<Value, Value> ages; // of the kernel, in steps
  SumWatch sums;

  HandleLowering(Emitter &e, KernelOp kernel, bool delaysVary)
      : e(e), k(beginFunction(e, kernel)), delaysVary(delaysVary), sums(e, k) {}

  void prepare();
  void prepareHistory(Value slot);
  Value get(GetOp op);
  Value peekAt(PeekOp op);
  Value chance(ChanceOp op);
  Value delayOf();
  Value payloadOf(int64_t number);
  Value entry(Value number);
  Value arrival(Value number);
  Value rememberedValue(Value number, int64_t value);
  Value firstSeenBy(Value from, Value step);
  void recall(RecallOp op);
  void latest(LatestOp op);
  void lookup(LookupOp op);
  void mapAge(Value age, Value steps, Type real);
  void send(SendOp op);
  void lower(Operation *op);
  void eachConnection();
  void run();
  void runAll();
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
    } else if (field.getKind() == FieldKind::History) {
      prepareHistory(slot);
    } else if (field.getKind() == FieldKind::Uniform || field.getKind() == FieldKind::Key) {
      uniforms[field.getSymName()] = e.load(field.getType(), slot);
    }
  }
  payload = rangeMember(e, k, Payload);
  payloadBase = rangeMember(e, k, PayloadBase);
  first = rangeMember(e, k, First);
  std::tie(keyLow, keyHigh) = seedWords(e, k);
  sums.prepare();
}

void HandleLowering::prepareHistory(Value slot) {
  rows = e.member(e.pointerType(), slot, 0);
  stride = e.member(e.getI64Type(), slot, 1);
  width = e.member(e.getI64Type(), slot, 2);
  settled = e.member(e.getI64Type(), slot, 3);
  rememberedBase = rangeMember(e, k, RememberedBase);
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

Value HandleLowering::peekAt(PeekOp op) {
  Type type = k.typeOf(op.getField());
  Value slot = k.pointer[op.getField()], element = map.lookup(op.getElement());
  if (!op.getAgo())
    return e.load(type, e.at(type, slot, element));
  Value slots = e.member(e.getI64Type(), slot, 1), stride = e.member(e.getI64Type(), slot, 2);
  Value row = e.bitAnd(e.sub(stamp, map.lookup(op.getAgo())), e.sub(slots, e.i64(1)));
  Value index = e.add(e.mul(row, stride), element);
  return e.load(type, e.at(type, e.member(e.pointerType(), slot, 0), index));
}

/// Word 0 of the connection's block for this draw (random.md, section 3).
Value HandleLowering::chance(ChanceOp op) {
  Value position = e.load(e.getI32Type(), e.at(e.getI32Type(), positions, connection));
  Value post = e.convert(e.add(first, target), e.getI32Type());
  Value draw = e.convert(map.lookup(op.getDraw()), e.getI32Type());
  auto w = emitPhilox(e, {position, post, draw, uniforms[op.getKey()]}, keyLow, keyHigh);
  return uniformFromWord(e, w[0]);
}

/// The delay of the present connection, in steps.
Value HandleLowering::delayOf() {
  if (!delaysVary)
    return delay;
  return arith::ExtUIOp::create(e, e.getI64Type(),
                                e.load(e.getI16Type(), e.at(e.getI16Type(), delays, connection)));
}

Value HandleLowering::payloadOf(int64_t which) {
  Value number = e.add(payloadBase, e.i64(which));
  Value list = e.load(e.pointerType(), e.at(e.pointerType(), payload, number));
  return e.load(e.getF64Type(), e.at(e.getF64Type(), list, spike));
}

/// The first word of a spike of the target.
Value HandleLowering::entry(Value number) {
  return e.at(e.getI64Type(), row, e.add(e.mul(number, width), e.i64(1)));
}

/// The step at which the connection sees a spike of its target.
Value HandleLowering::arrival(Value number) {
  return e.add(e.load(e.getI64Type(), entry(number)), delayOf());
}

Value HandleLowering::rememberedValue(Value number, int64_t value) {
  Value place = e.at(e.getF64Type(), entry(number), e.add(rememberedBase, e.i64(value + 1)));
  return e.load(e.getF64Type(), place);
}

/// The first spike from `from` on, backwards in time, that the connection saw at `step` or before.
Value HandleLowering::firstSeenBy(Value from, Value step) {
  auto loop = scf::WhileOp::create(e, TypeRange{e.getI64Type()}, ValueRange{from});
  OpBuilder::InsertionGuard guard(e);
  Block *before = e.createBlock(&loop.getBefore(), {}, {e.getI64Type()}, {e.getLoc()});
  e.setInsertionPointToStart(before);
  Value number = before->getArgument(0);
  auto later = scf::IfOp::create(e, TypeRange{e.getI1Type()}, e.less(number, kept),
                                 /*withElseRegion=*/true);
  e.setInsertionPointToStart(later.thenBlock());
  scf::YieldOp::create(e, e.less(step, arrival(number)));
  e.setInsertionPointToStart(later.elseBlock());
  scf::YieldOp::create(e, ValueRange{arith::ConstantOp::create(e, e.getBoolAttr(false))});
  e.setInsertionPointToEnd(before);
  scf::ConditionOp::create(e, later.getResult(0), ValueRange{number});
  Block *after = e.createBlock(&loop.getAfter(), {}, {e.getI64Type()}, {e.getLoc()});
  e.setInsertionPointToStart(after);
  scf::YieldOp::create(e, ValueRange{e.add(after->getArgument(0), e.i64(1))});
  return loop.getResult(0);
}

void HandleLowering::recall(RecallOp op) {
  row = e.at(e.getI64Type(), rows, e.mul(target, stride));
  kept = e.load(e.getI64Type(), row);
  Value last;
  if (auto number = op.getPayload()) {
    last = e.sub(stamp, e.convert(payloadOf(*number), e.getI64Type()));
  } else {
    Value place = e.at(e.getF64Type(), k.pointer[*op.getLast()], source);
    last = e.convert(e.load(e.getF64Type(), place), e.getI64Type());
  }
  Value known = arith::MaxSIOp::create(e, last, settled);
  seen = firstSeenBy(e.i64(0), stamp);
  Value end = firstSeenBy(seen, known);
  // The connection was last up to date when it saw a spike of either end.
  auto before = scf::IfOp::create(e, TypeRange{e.getI64Type()}, e.less(end, kept),
                                  /*withElseRegion=*/true);
  {
    OpBuilder::InsertionGuard guard(e);
    e.setInsertionPointToStart(before.thenBlock());
    Value event = arith::MaxSIOp::create(e, last, arrival(end));
    scf::YieldOp::create(e, event);
    e.setInsertionPointToStart(before.elseBlock());
    scf::YieldOp::create(e, last);
  }
  SmallVector<Value> start;
  for (Value value : op.getStart())
    start.push_back(map.lookup(value));
  start.push_back(before.getResult(0));
  auto loop = scf::ForOp::create(e, seen, end, e.i64(1), start);
  {
    OpBuilder::InsertionGuard guard(e);
    e.setInsertionPointToStart(loop.getBody());
    // The oldest comes first.
    followed = e.sub(e.sub(e.add(seen, end), e.i64(1)), loop.getInductionVar());
    Value now = arrival(followed);
    Block &block = op.getBody().front();
    unsigned n = op.getStart().size();
    for (unsigned i = 0; i < n; ++i)
      map.map(block.getArgument(i), loop.getRegionIterArgs()[i]);
    Type real = op.getAge().getType();
    mapAge(block.getArgument(n), e.sub(now, loop.getRegionIterArgs()[n]), real);
    mapAge(block.getArgument(n + 1), e.sub(now, last), real);
    emitBlock(
        e, block, 1, map, [&](Operation *inner) { lower(inner); },
        [](Operation *) { return true; });
    SmallVector<Value> next;
    for (Value value : block.getTerminator()->getOperands())
      next.push_back(map.lookup(value));
    next.push_back(now);
    scf::YieldOp::create(e, next);
  }
  for (auto [i, result] : llvm::enumerate(op.getResults()))
    map.map(result, loop.getResult(i));
  mapAge(op.getAge(), e.sub(stamp, loop.getResults().back()), op.getAge().getType());
}

void HandleLowering::mapAge(Value age, Value steps, Type real) {
  ages[age] = steps;
  map.map(age, e.convert(steps, real));
}

/// The table's value, or where the age lies beyond it that of the block.
void HandleLowering::lookup(LookupOp op) {
  Value steps = ages.lookup(op.getAge());
  Type type = op.getResult().getType(), stored = k.typeOf(op.getField());
  auto value = scf::IfOp::create(e, TypeRange{type}, e.less(steps, e.i64(op.getSize())),
                                 /*withElseRegion=*/true);
  {
    OpBuilder::InsertionGuard guard(e);
    e.setInsertionPointToStart(value.thenBlock());
    Value found = e.load(stored, e.at(stored, k.pointer[op.getField()], steps));
    scf::YieldOp::create(e, ValueRange{e.convert(found, type)});
    e.setInsertionPointToStart(value.elseBlock());
    Block &block = op.getOtherwise().front();
    emitBlock(
        e, block, 1, map, [&](Operation *inner) { lower(inner); },
        [](Operation *) { return true; });
    scf::YieldOp::create(e, ValueRange{map.lookup(block.getTerminator()->getOperand(0))});
  }
  map.map(op.getResult(), value.getResult(0));
}

/// What the target's last spike before now left: one that is seen now does not count (G4).
void HandleLowering::latest(LatestOp op) {
  Value number = op.getNow() ? seen : firstSeenBy(seen, e.sub(stamp, e.i64(1)));
  Type real = op.getResult().getType();
  auto value = scf::IfOp::create(e, TypeRange{real, e.getI64Type()}, e.less(number, kept),
                                 /*withElseRegion=*/true);
  {
    OpBuilder::InsertionGuard guard(e);
    e.setInsertionPointToStart(value.thenBlock());
    scf::YieldOp::create(e, ValueRange{e.convert(rememberedValue(number, op.getNumber()), real),
                                       e.sub(stamp, arrival(number))});
    e.setInsertionPointToStart(value.elseBlock());
    scf::YieldOp::create(e, ValueRange{e.convert(e.f64(0), real), e.i64(0)});
  }
  map.map(op.getResult(), value.getResult(0));
  mapAge(op.getAge(), value.getResult(1), real);
}

void HandleLowering::send(SendOp op) {
  Value ring = k.pointer[op.getRing()];
  Value mask = e.sub(e.member(e.getI64Type(), ring, 1), e.i64(1));
  Value row = e.mul(e.bitAnd(e.add(stamp, delayOf()), mask), e.member(e.getI64Type(), ring, 2));
  Type type = op.getAmount().getType();
  Value place = e.at(type, e.member(e.pointerType(), ring, 0), e.add(row, target));
  e.store(e.add(e.load(type, place), map.lookup(op.getAmount())), place);
}

void HandleLowering::lower(Operation *op) {
  if (auto read = dyn_cast<GetOp>(op)) {
    map.map(read.getResult(), e.convert(get(read), read.getType()));
  } else if (isa<StepOp>(op)) {
    map.map(op->getResult(0), stamp);
  } else if (auto peek = dyn_cast<PeekOp>(op)) {
    map.map(peek.getResult(), e.convert(peekAt(peek), peek.getType()));
  } else if (auto set = dyn_cast<SetOp>(op)) {
    Type type = k.typeOf(set.getField());
    Value base = e.member(e.pointerType(), k.pointer[set.getField()], 0);
    e.store(e.convert(map.lookup(set.getValue()), type), e.at(type, base, connection));
  } else if (auto latched = dyn_cast<PayloadOp>(op)) {
    map.map(latched.getResult(), e.convert(payloadOf(latched.getNumber()), latched.getType()));
  } else if (auto kept = dyn_cast<RememberedOp>(op)) {
    map.map(kept.getResult(),
            e.convert(rememberedValue(followed, kept.getNumber()), kept.getType()));
  } else if (auto following = dyn_cast<RecallOp>(op)) {
    recall(following);
  } else if (auto before = dyn_cast<LatestOp>(op)) {
    latest(before);
  } else if (auto tabulated = dyn_cast<LookupOp>(op)) {
    lookup(tabulated);
  } else if (auto round = dyn_cast<RoundOp>(op)) {
    Value value = map.lookup(round.getValue());
    if (sums.watches(round))
      sums.rounded(round, value, e.sub(stamp, e.i64(1)), source);
    map.map(round.getResult(), nearestInteger(e, round, value));
  } else if (auto draw = dyn_cast<ChanceOp>(op)) {
    map.map(draw.getResult(), e.convert(chance(draw), draw.getType()));
  } else if (auto sent = dyn_cast<SendOp>(op)) {
    send(sent);
  }
}

/// The kernel for each connection of the present source.
void HandleLowering::eachConnection() {
  auto rowStart = [&](Value row) {
    Value value = e.load(e.getI32Type(), e.at(e.getI32Type(), offsets, row));
    return Value(arith::ExtUIOp::create(e, e.getI64Type(), value));
  };
  e.loop(rowStart(source), rowStart(e.add(source, e.i64(1))), e.i64(1), [&](Value c) {
    connection = c;
    Value t = e.load(e.getI16Type(), e.at(e.getI16Type(), targets, c));
    target = arith::ExtUIOp::create(e, e.getI64Type(), t);
    emitBody(e, k, 1, map, [&](Operation *op) { lower(op); }, [](Operation *) { return true; });
  });
}

void HandleLowering::run() {
  prepare();
  Value list = rangeMember(e, k, Spikes), perStep = rangeMember(e, k, SpikeCounts);
  Value start = rangeMember(e, k, Step), steps = rangeMember(e, k, Steps);
  Value cursor = e.stack(e.getI64Type(), 1);
  e.store(e.i64(0), cursor);
  e.loop(e.i64(0), steps, e.i64(1), [&](Value s) {
    stamp = e.add(e.add(start, s), e.i64(1));
    Value begin = e.load(e.getI64Type(), cursor);
    Value end = e.add(begin, e.load(e.getI64Type(), e.at(e.getI64Type(), perStep, s)));
    e.store(end, cursor);
    e.loop(begin, end, e.i64(1), [&](Value number) {
      spike = number;
      Value element = e.load(e.getI32Type(), e.at(e.getI32Type(), list, number));
      source = arith::ExtUIOp::create(e, e.getI64Type(), element);
      eachConnection();
    });
  });
  endFunction(e);
}

/// All sources, range->count of them; the step is the present.
void HandleLowering::runAll() {
  prepare();
  stamp = rangeMember(e, k, Step);
  e.loop(e.i64(0), rangeMember(e, k, Count), e.i64(1), [&](Value number) {
    source = number;
    eachConnection();
  });
  endFunction(e);
}

} // namespace

void lowerHandle(Emitter &e, KernelOp kernel, bool delaysVary) {
  HandleLowering(e, kernel, delaysVary).run();
}

void lowerEachConnection(Emitter &e, KernelOp kernel, bool delaysVary) {
  HandleLowering(e, kernel, delaysVary).runAll();
}

} // namespace synfire::sim
