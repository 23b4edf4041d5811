//===- LowerHandle.cpp - spikes at connections with values or chances of their own ---===//
#include "passes/sim-to-loops/HandleLowering.h"
#include "passes/sim-to-loops/Philox.h"

using namespace mlir;

namespace synfire::sim {

/// Whether an op differs between the connections of a row even where its operands do not.
bool HandleLowering::variesByItself(Operation *op) {
  if (auto get = dyn_cast<GetOp>(op)) {
    FieldKind kind = k.kindOf(get.getField());
    bool source = kind == FieldKind::Source || kind == FieldKind::Past;
    return kind == FieldKind::Connection || (byTarget ? source : kind == FieldKind::Target);
  }
  if (auto round = dyn_cast<RoundOp>(op))
    return sums.watches(round); // a source without connections sends nothing
  return isa<ChanceOp, RecallOp, RememberedOp, LatestOp, LookupOp, SendOp, DeferOp, DueOp, SetOp,
             YieldOp>(op);
}

void HandleLowering::classify() {
  k.kernel.walk([&](Block *block) { guards.find(*block); });
  k.kernel.walk([&](Operation *op) {
    bool varies = variesByItself(op);
    for (Value operand : op->getOperands()) {
      Operation *made = operand.getDefiningOp();
      varies |= !made || varying.count(made); // arguments of a recall's block vary
    }
    if (varies)
      varying.insert(op);
    if (auto send = dyn_cast<SendOp>(op))
      sends.push_back(send);
  });
}

void HandleLowering::prepare() {
  classify();
  for (FieldOp field : k.kernel.getBody().getOps<FieldOp>()) {
    StringRef name = field.getSymName();
    Value slot = k.pointer[name];
    switch (field.getKind()) {
    case FieldKind::Rows:
      offsets = e.member(e.pointerType(), slot, 0);
      targets = e.member(e.pointerType(), slot, 1);
      sources = e.member(e.pointerType(), slot, 2);
      delays = e.member(e.pointerType(), slot, 3);
      positions = e.member(e.pointerType(), slot, 4);
      delay = e.member(e.getI64Type(), slot, 5);
      break;
    case FieldKind::History:
      prepareHistory(slot);
      break;
    case FieldKind::Uniform:
    case FieldKind::Key:
      uniforms[name] = e.load(field.getType(), slot);
      break;
    case FieldKind::Connection:
      bases[name] = e.member(e.pointerType(), slot, 0);
      scales[name] = e.member(e.getF64Type(), slot, 1);
      break;
    case FieldKind::Ring:
    case FieldKind::Pending:
      rings[name] = {e.member(e.pointerType(), slot, 0),
                     e.sub(e.member(e.getI64Type(), slot, 1), e.i64(1)),
                     e.member(e.getI64Type(), slot, 2)};
      break;
    default:
      break;
    }
  }
  payload = rangeMember(e, k, Payload);
  payloadBase = rangeMember(e, k, PayloadBase);
  first = rangeMember(e, k, First);
  std::tie(keyLow, keyHigh) = seedWords(e, k);
  sums.prepare();
  for (SendOp send : sends) {
    amounts[send] = e.stack(roomType(send), width);
    if (delaysVary)
      places[send] = e.stack(e.getI32Type(), width);
  }
  preparePacking();
}

/// What is the same for the connections of the row, also inside of regions.
void HandleLowering::lowerUniform(Block &block) {
  emitBlock(
      e, block, 1, map, [&](Operation *op) { lower(op); },
      [&](Operation *op) { return !varying.count(op); });
  for (Operation &op : block)
    if (isa<RecallOp, LookupOp>(op))
      lowerUniform(op.getRegion(0).front());
}

void HandleLowering::lowerVarying(Block &block, Operation *guard) {
  emitBlock(
      e, block, width, map, [&](Operation *op) { lower(op); },
      [&](Operation *op) {
        return varying.count(op) && !plan.isRead(op) && guards.guardOf(op) == guard;
      },
      [&](Operation *op) {
        if (!guards.isGuard(op))
          return false;
        emitGuarded(e, cast<arith::SelectOp>(op), guards.usualSide(op), width, map,
                    [&] { lowerVarying(block, op); });
        return true;
      });
}

/// Makes vectors of it, here where all uses can see them.
void HandleLowering::spreadUniform() {
  k.kernel.walk([&](Operation *op) {
    if (varying.count(op))
      for (Value operand : op->getOperands())
        if (Value value = map.lookupOrNull(operand))
          map.map(operand, vectorOf(value));
  });
}

Value HandleLowering::get(GetOp op) {
  StringRef name = op.getField();
  Type type = k.typeOf(name);
  Value slot = k.pointer[name];
  FieldKind kind = k.kindOf(name);
  switch (kind) {
  case FieldKind::Source:
  case FieldKind::Target:
    if ((kind == FieldKind::Target) == byTarget)
      return e.load(type, e.at(type, slot, row));
    return gather(type, [&](int64_t lane) { return e.at(type, slot, elementOf[lane]); });
  case FieldKind::Past:
    return gather(type, [&](int64_t lane) {
      Value late = delay;
      if (delaysVary) {
        Value place = e.at(e.getI16Type(), delays, e.add(connection, e.i64(lane)));
        late = arith::ExtUIOp::create(e, e.getI64Type(), e.load(e.getI16Type(), place));
      }
      return pastAt(type, slot, elementOf[lane], late);
    });
  case FieldKind::Connection:
    return connectionValue(e, op, type, bases[name], scales[name], connection, width);
  default:
    return uniforms[name];
  }
}

/// Where a value of the past is, `ago` steps before the present.
Value HandleLowering::pastAt(Type type, Value slot, Value element, Value ago) {
  Value slots = e.member(e.getI64Type(), slot, 1), stride = e.member(e.getI64Type(), slot, 2);
  Value begin = e.mul(e.bitAnd(e.sub(stamp, ago), e.sub(slots, e.i64(1))), stride);
  return e.at(type, e.member(e.pointerType(), slot, 0), e.add(begin, element));
}

Value HandleLowering::peekAt(PeekOp op) {
  Type type = k.typeOf(op.getField());
  Value slot = k.pointer[op.getField()];
  auto place = [&](Value element, Value ago) {
    return ago ? pastAt(type, slot, element, ago) : e.at(type, slot, element);
  };
  Value element = map.lookup(op.getElement()),
        ago = op.getAgo() ? map.lookup(op.getAgo()) : Value();
  if (!isa<VectorType>(element.getType()))
    return e.load(type, place(element, ago));
  auto inLane = [](OpBuilder &b, Location at, Value values, int64_t lane) -> Value {
    return vector::ExtractOp::create(b, at, values, ArrayRef<int64_t>{lane});
  };
  return gather(type, [&](int64_t lane) {
    return place(inLane(e, e.getLoc(), element, lane),
                 ago ? inLane(e, e.getLoc(), ago, lane) : Value());
  });
}

/// Word 0 of the connection's block for this draw (random.md, section 3).
Value HandleLowering::chance(ChanceOp op) {
  Type words = e.vectorOf(e.getI32Type(), width);
  Value position = e.load(words, e.at(e.getI32Type(), positions, connection), 4);
  Value slice = vectorOf(e.convert(first, e.getI32Type()));
  Value post = e.add(slice, byTarget ? vectorOf(e.convert(row, e.getI32Type())) : target);
  Value draw = e.convert(map.lookup(op.getDraw()), e.getI32Type());
  auto w = emitPhilox(e, {position, post, draw, uniforms[op.getKey()]}, keyLow, keyHigh);
  return uniformFromWord(e, w[0]);
}

void HandleLowering::set(SetOp op) {
  Type type = k.typeOf(op.getField());
  unsigned bytes = type.getIntOrFloatBitWidth() / 8;
  Value place = e.at(type, bases[op.getField()], connection);
  Value next = e.convert(map.lookup(op.getValue()), type);
  if (active)
    next = arith::SelectOp::create(e, active, next, e.load(next.getType(), place, bytes));
  e.store(next, place, bytes);
}

/// Where the values of connections that are due at a step begin.
Value HandleLowering::pendingRow(StringRef field, Value step) {
  Ring &ring = rings[field];
  return e.mul(e.bitAnd(step, ring.mask), ring.stride);
}

/// A store of lanes whose values stand apart; those of other rows keep theirs.
void HandleLowering::defer(DeferOp op) {
  Type type = k.typeOf(op.getPending());
  Value base = rings[op.getPending()].base, value = e.convert(map.lookup(op.getValue()), type);
  auto inLane = [](OpBuilder &b, Location at, Value values, int64_t lane) -> Value {
    return isa<VectorType>(values.getType())
               ? Value(vector::ExtractOp::create(b, at, values, ArrayRef<int64_t>{lane}))
               : values;
  };
  for (int64_t lane = 0; lane < width; ++lane) {
    Value late = arith::ExtUIOp::create(e, e.getI64Type(), inLane(e, e.getLoc(), ago, lane));
    Value row = pendingRow(op.getPending(), e.add(stamp, late));
    Value place = e.at(type, base, e.add(row, e.add(connection, e.i64(lane))));
    Value next = inLane(e, e.getLoc(), value, lane);
    if (active)
      next = arith::SelectOp::create(e, inLane(e, e.getLoc(), active, lane), next,
                                     e.load(type, place));
    e.store(next, place);
  }
}

Value HandleLowering::due(DueOp op) {
  Type type = k.typeOf(op.getPending());
  unsigned bytes = type.getIntOrFloatBitWidth() / 8;
  Value row = pendingRow(op.getPending(), e.add(stamp, e.i64(1)));
  Value place = e.at(type, rings[op.getPending()].base, e.add(row, connection));
  Value value = e.load(e.vectorOf(type, width), place, bytes);
  Value none = vectorOf(Value(arith::ConstantOp::create(e, e.getFloatAttr(type, 0.0))));
  e.store(active ? Value(arith::SelectOp::create(e, active, none, value)) : none, place, bytes);
  return value;
}

Value HandleLowering::payloadOf(int64_t which) {
  Value number = e.add(payloadBase, e.i64(which));
  Value list = e.load(e.pointerType(), e.at(e.pointerType(), payload, number));
  return e.load(e.getF64Type(), e.at(e.getF64Type(), list, spike));
}

/// The element at the other end of a connection: its place in the slice of targets, or the source.
Value HandleLowering::elementAt(Value place) {
  Type type = byTarget ? e.getI32Type() : e.getI16Type();
  Value number = e.load(type, e.at(type, byTarget ? sources : targets, place));
  return arith::ExtUIOp::create(e, e.getI64Type(), number);
}

/// Whether an amount stays a float, though a whole one, until it is added: where the machine
/// converts to i64 one by one only.
bool HandleLowering::isRoundedLate(Value amount) {
  auto round = amount.getDefiningOp<RoundOp>();
  return round && varying.count(round) && !convertsWide && amount.getType().isInteger(64) &&
         round.getValue().getType().isF64() &&
         llvm::all_of(amount.getUsers(), [](Operation *user) { return isa<SendOp>(user); });
}

void HandleLowering::round(RoundOp op) {
  Value value = map.lookup(op.getValue());
  if (sums.watches(op))
    sums.rounded(op, value, e.sub(stamp, e.i64(1)), row, active);
  if (isRoundedLate(op.getResult()))
    map.map(op.getResult(), math::RoundEvenOp::create(e, value));
  else
    map.map(op.getResult(), nearestInteger(e, op, value));
}

Type HandleLowering::roomType(SendOp op) {
  return isRoundedLate(op.getAmount()) ? Type(e.getF64Type()) : op.getAmount().getType();
}

void HandleLowering::keepAmount(SendOp op) {
  e.store(map.lookup(op.getAmount()), amounts[op], 64);
  if (!delaysVary)
    return;
  Ring &ring = rings[op.getRing()];
  auto narrow = [&](Value number) { return vectorOf(e.convert(number, e.getI32Type())); };
  Value due = e.bitAnd(e.add(narrow(stamp), ago), narrow(ring.mask));
  e.store(e.add(e.mul(due, narrow(ring.stride)), target), places[op], 64);
}

/// Adds what the connection of a lane sends.
void HandleLowering::add(SendOp op, Value lane, Value target) {
  Type type = op.getAmount().getType(), kept = roomType(op);
  Value amount = e.convert(e.load(kept, e.at(kept, amounts[op], lane)), type);
  Value base = ringRows.lookup(op.getRing());
  if (delaysVary) {
    base = rings[op.getRing()].base;
    target = arith::ExtUIOp::create(e, e.getI64Type(),
                                    e.load(e.getI32Type(), e.at(e.getI32Type(), places[op], lane)));
  }
  Value sum = e.at(type, base, target);
  e.store(e.add(e.load(type, sum), amount), sum);
}

void HandleLowering::addAmounts() {
  if (sends.empty())
    return;
  auto all = [&] {
    for (int64_t lane = 0; lane < width; ++lane) {
      Value place = elementAt(e.add(connection, e.i64(lane))); // cheaper than to keep it until now
      for (SendOp op : sends)
        add(op, e.i64(lane), place);
    }
  };
  if (width == 1)
    return all();
  Value isFull = arith::CmpIOp::create(e, arith::CmpIPredicate::eq, left, e.i64(width));
  auto branch = scf::IfOp::create(e, isFull, /*withElseRegion=*/true);
  OpBuilder::InsertionGuard guard(e);
  e.setInsertionPoint(branch.thenBlock()->getTerminator());
  all();
  e.setInsertionPoint(branch.elseBlock()->getTerminator());
  e.loop(e.i64(0), left, e.i64(1), [&](Value lane) {
    Value place = elementAt(e.add(connection, lane));
    for (SendOp op : sends)
      add(op, lane, place);
  });
}

void HandleLowering::lower(Operation *op) {
  if (auto read = dyn_cast<GetOp>(op)) {
    map.map(read.getResult(), e.convert(get(read), read.getType()));
  } else if (isa<StepOp>(op)) {
    map.map(op->getResult(0), stamp);
  } else if (auto peek = dyn_cast<PeekOp>(op)) {
    map.map(peek.getResult(), e.convert(peekAt(peek), peek.getType()));
  } else if (auto change = dyn_cast<SetOp>(op)) {
    set(change);
  } else if (auto latched = dyn_cast<PayloadOp>(op)) {
    map.map(latched.getResult(), e.convert(payloadOf(latched.getNumber()), latched.getType()));
  } else if (auto kept = dyn_cast<RememberedOp>(op)) {
    map.map(kept.getResult(), rememberedValue(followed, kept.getNumber(), kept.getType()));
  } else if (auto following = dyn_cast<RecallOp>(op)) {
    recall(following);
  } else if (auto before = dyn_cast<LatestOp>(op)) {
    latest(before);
  } else if (auto tabulated = dyn_cast<LookupOp>(op)) {
    lookup(tabulated);
  } else if (auto rounded = dyn_cast<RoundOp>(op)) {
    round(rounded);
  } else if (auto draw = dyn_cast<ChanceOp>(op)) {
    map.map(draw.getResult(), e.convert(chance(draw), draw.getType()));
  } else if (auto sent = dyn_cast<SendOp>(op)) {
    keepAmount(sent);
  } else if (auto deferred = dyn_cast<DeferOp>(op)) {
    defer(deferred);
  } else if (auto arriving = dyn_cast<DueOp>(op)) {
    map.map(arriving.getResult(), e.convert(due(arriving), arriving.getType()));
  }
}

Value HandleLowering::rowStart(Value number) {
  Value value = e.load(e.getI32Type(), e.at(e.getI32Type(), offsets, number));
  return arith::ExtUIOp::create(e, e.getI64Type(), value);
}

/// What is the same for the connections of the present row.
void HandleLowering::beginRow() {
  lowerUniform(k.kernel.getBody().front());
  spreadUniform();
  k.kernel.walk([&](RecallOp op) { prepareRecall(op); });
  for (SendOp op : sends)
    if (!delaysVary) {
      Ring &ring = rings[op.getRing()];
      Value due = e.mul(e.bitAnd(e.add(stamp, delay), ring.mask), ring.stride);
      ringRows[op.getRing()] = e.at(op.getAmount().getType(), ring.base, due);
    }
}

/// The connections from c on, and who is at their other ends.
void HandleLowering::beginVector(Value c, Value end) {
  Type words = e.vectorOf(e.getI32Type(), width), shorts = e.vectorOf(e.getI16Type(), width);
  connection = c;
  if (width > 1) {
    left = arith::MinSIOp::create(e, e.sub(end, c), e.i64(width));
    active =
        e.less(e.laneNumbers(e.getI32Type(), width), vectorOf(e.convert(left, e.getI32Type())));
  }
  // One by one first: to take them from the vector costs more.
  elementOf.clear();
  for (int64_t lane = 0; lane < width; ++lane)
    elementOf.push_back(elementAt(e.add(c, e.i64(lane))));
  if (!byTarget)
    target = arith::ExtUIOp::create(e, words, e.load(shorts, e.at(e.getI16Type(), targets, c), 2));
  if (delaysVary)
    ago = arith::ExtUIOp::create(e, words, e.load(shorts, e.at(e.getI16Type(), delays, c), 2));
  else
    ago = vectorOf(e.convert(delay, e.getI32Type()));
}

/// The kernel for connections of the present row.
void HandleLowering::eachConnection(Value begin, Value end) {
  beginRow();
  if (plan.recall())
    return eachBlock(begin, end);
  e.loop(begin, end, e.i64(width), [&](Value c) {
    beginVector(c, end);
    lowerVarying(k.kernel.getBody().front());
    addAmounts();
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
      row = arith::ExtUIOp::create(e, e.getI64Type(), element);
      if (sight == Sight::AtSource)
        return eachConnection(rowStart(row), rowStart(e.add(row, e.i64(1))));
      // A syn_segment, one for each spike.
      Value segment = e.at(e.getI64Type(), rangeMember(e, k, Segments), number);
      auto word = [&](int64_t which) -> Value {
        Value value = e.load(e.getI32Type(), e.at(e.getI32Type(), segment, e.i64(which)));
        return arith::ExtUIOp::create(e, e.getI64Type(), value);
      };
      eachConnection(word(0), word(1));
    });
  });
  endFunction(e);
}

/// All rows, range->count of them; the step is the present.
void HandleLowering::runAll() {
  prepare();
  stamp = rangeMember(e, k, Step);
  e.loop(e.i64(0), rangeMember(e, k, Count), e.i64(1), [&](Value number) {
    row = number;
    eachConnection(rowStart(row), rowStart(e.add(row, e.i64(1))));
  });
  endFunction(e);
}

void lowerHandle(Emitter &e, KernelOp kernel, const VectorOptions &options, RowForm rows) {
  HandleLowering(e, kernel, options, rows).run();
}

void lowerEachConnection(Emitter &e, KernelOp kernel, const VectorOptions &options, RowForm rows) {
  HandleLowering(e, kernel, options, rows).runAll();
}

} // namespace synfire::sim
