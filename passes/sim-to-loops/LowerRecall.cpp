//===- LowerRecall.cpp - connections follow the spikes of their targets ---===//
//
// The last spikes of a target stand beside each other, newest first (syn_history): one read brings
// them, and comparisons tell how many the connection has not seen yet and how many it has followed
// before. Where they do not suffice for one of the connections at hand, older ones are looked up
// one after the other. Then each connection follows its spikes, oldest first, until all are done;
// who has none left waits. Where the machine can do better, PackRecall.cpp says how.
//
//===----------------------------------------------------------------------===//
#include "passes/sim-to-loops/HandleLowering.h"
#include "runtime/synfire.h"

using namespace mlir;

namespace synfire::sim {

static_assert(SYN_RECENT == 4, "loadRecent() transposes groups of four");

namespace {

Value compare(Emitter &e, arith::CmpIPredicate predicate, Value x, Value y) {
  return arith::CmpIOp::create(e, predicate, x, y);
}
Value select(Emitter &e, Value condition, Value x, Value y) {
  return arith::SelectOp::create(e, condition, x, y);
}

} // namespace

//===----------------------------------------------------------------------===//
// Vectors
//===----------------------------------------------------------------------===//

Value HandleLowering::any(Value mask) {
  if (width == 1)
    return mask;
  return vector::ReductionOp::create(e, vector::CombiningKind::OR, mask);
}

/// One more, where `mask` holds.
Value HandleLowering::addWhere(Value mask, Value number) {
  return e.sub(number, arith::ExtSIOp::create(e, number.getType(), mask));
}

SmallVector<Value> HandleLowering::choose(Value condition,
                                          llvm::function_ref<SmallVector<Value>()> yes,
                                          llvm::function_ref<SmallVector<Value>()> no) {
  BoolAttr known;
  if (matchPattern(condition, m_Constant(&known)))
    return known.getValue() ? yes() : no();
  auto yielding = [&](llvm::function_ref<SmallVector<Value>()> values) {
    return [&, values](OpBuilder &inner, Location) {
      OpBuilder::InsertionGuard guard(e);
      e.restoreInsertionPoint(inner.saveInsertionPoint());
      scf::YieldOp::create(e, values());
    };
  };
  return SmallVector<Value>(
      scf::IfOp::create(e, condition, yielding(yes), yielding(no)).getResults());
}

Value HandleLowering::gather(Type type, llvm::function_ref<Value(int64_t)> placeOfLane) {
  if (width == 1)
    return e.load(type, placeOfLane(0));
  Type vectors = e.vectorOf(type, width);
  Value result = arith::ConstantOp::create(e, cast<TypedAttr>(e.getZeroAttr(vectors)));
  for (int64_t lane = 0; lane < width; ++lane)
    result = vector::InsertOp::create(e, e.load(type, placeOfLane(lane)), result,
                                      ArrayRef<int64_t>{lane});
  return result;
}

/// base[indices], in units of a type; of indices of i32 without a sign.
Value HandleLowering::gather(Type type, Value base, Type unit, Value indices) {
  return gather(type, [&](int64_t lane) {
    Value index = indices;
    if (width > 1)
      index = vector::ExtractOp::create(e, indices, ArrayRef<int64_t>{lane});
    return e.at(unit, base, arith::ExtUIOp::create(e, e.getI64Type(), index));
  });
}

/// base[column[lane]]; a column of i32 without a sign.
Value HandleLowering::gather(Type type, Value base, Value column) {
  return gather(type, [&](int64_t lane) { return e.at(type, base, entryAt(column, lane)); });
}

//===----------------------------------------------------------------------===//
// The spikes of targets
//===----------------------------------------------------------------------===//

void HandleLowering::prepareHistory(Value slot) {
  auto pointer = [&](int member) { return e.member(e.pointerType(), slot, member); };
  auto number = [&](int member) { return e.member(e.getI64Type(), slot, member); };
  auto narrow = [&](Value wide) { return vectorOf(e.convert(wide, e.getI32Type())); };
  Value first = rangeMember(e, k, RememberedBase);
  Value capacity = number(4), valueBytes = e.mul(number(5), e.i64(8));
  history.recent = pointer(0);
  Value behind = e.at(e.getI32Type(), history.recent, e.i64(recent));
  history.recentValues = e.at(e.getF64Type(), behind, first);
  history.stride = number(1);
  history.steps = pointer(2);
  history.values = e.at(e.getF64Type(), pointer(3), first);
  history.settled = number(6);
  history.capacity = narrow(capacity);
  history.valueBytes = narrow(valueBytes);
  history.rowBytes = narrow(e.mul(capacity, valueBytes));
  history.recentBytes = narrow(history.stride);
}

/// What is the same for all connections, unless each keeps its own: when it saw the source's spike
/// before this one.
void HandleLowering::prepareRecall(RecallOp op) {
  Type words = e.getI32Type();
  if (auto number = op.getPayload()) {
    setLast(
        vectorOf(e.convert(e.sub(stamp, e.convert(payloadOf(*number), e.getI64Type())), words)));
  } else if (k.kindOf(*op.getLast()) == FieldKind::Source) {
    Value place = e.at(e.getF64Type(), k.pointer[*op.getLast()], row);
    setLast(vectorOf(e.convert(e.load(e.getF64Type(), place), words)));
  }
}

/// And up to which step it has followed the spikes of its target. Those of the same step come after
/// a spike of the source that is seen first.
void HandleLowering::setLast(Value step) {
  last = step;
  Value followed = sight == Sight::First ? e.sub(last, vectorOf(1)) : last;
  Value settled = vectorOf(e.convert(history.settled, e.getI32Type()));
  known = arith::MaxSIOp::create(e, followed, settled);
}

/// The steps of the last spikes of the targets: their rows become columns.
void HandleLowering::loadRecent() {
  Type word = e.getI32Type(), four = e.vectorOf(word, recent);
  auto place = [&](int64_t lane, int64_t number) {
    Value begin = e.mul(elementOf[lane], history.stride);
    return e.at(e.getI8Type(), history.recent, e.add(begin, e.i64(4 * number)));
  };
  if (width % recent) {
    for (int64_t i = 0; i < recent; ++i)
      newest[i] = gather(word, [&](int64_t lane) { return place(lane, i); });
    return;
  }
  auto shuffle = [&](Value x, Value y, ArrayRef<int64_t> mask) -> Value {
    return vector::ShuffleOp::create(e, x, y, mask);
  };
  // Rows i, i + 4, i + 8 and so on in one vector.
  std::array<Value, recent> joined;
  for (int64_t i = 0; i < recent; ++i) {
    SmallVector<Value> parts;
    for (int64_t lane = i; lane < width; lane += recent)
      parts.push_back(e.load(four, place(lane, 0), 16));
    while (parts.size() > 1) {
      SmallVector<int64_t> both;
      for (int64_t n = 0; n < width / int64_t(parts.size() / 2); ++n)
        both.push_back(n);
      for (size_t n = 0; n < parts.size() / 2; ++n)
        parts[n] = shuffle(parts[2 * n], parts[2 * n + 1], both);
      parts.resize(parts.size() / 2);
    }
    joined[i] = parts.front();
  }
  // Then each group of four is transposed.
  auto ofGroups = [&](ArrayRef<int64_t> first) {
    SmallVector<int64_t> mask;
    for (int64_t group = 0; group < width; group += recent)
      for (int64_t lane : first)
        mask.push_back(lane < recent ? group + lane : width + group + lane - recent);
    return mask;
  };
  SmallVector<int64_t> low = ofGroups({0, 4, 1, 5}), high = ofGroups({2, 6, 3, 7});
  SmallVector<int64_t> even = ofGroups({0, 1, 4, 5}), odd = ofGroups({2, 3, 6, 7});
  Value low01 = shuffle(joined[0], joined[1], low), low23 = shuffle(joined[2], joined[3], low);
  Value high01 = shuffle(joined[0], joined[1], high), high23 = shuffle(joined[2], joined[3], high);
  newest = {shuffle(low01, low23, even), shuffle(low01, low23, odd), shuffle(high01, high23, even),
            shuffle(high01, high23, odd)};
}

/// Asks for the last spikes of the targets of the connections after the next ones. Behind the end
/// of a row are targets of the next one, or zeros.
void HandleLowering::prefetchRecent() {
  int64_t ahead = 2 * width;
  for (int64_t lane = 0; lane < width; ++lane) {
    Value begin = e.mul(elementAt(e.add(connection, e.i64(ahead + lane))), history.stride);
    LLVM::Prefetch::create(e, e.at(e.getI8Type(), history.recent, begin), 0, 3, 1);
  }
}

/// The last spike that was fired at `limit` or before, as far as the newest ones tell.
HandleLowering::Spike HandleLowering::newestUntil(Value limit) {
  SmallVector<Value> later;
  Value number = vectorOf(0), fired = newest[recent - 1];
  for (Value step : newest) {
    later.push_back(compare(e, arith::CmpIPredicate::sgt, step, limit));
    number = addWhere(later.back(), number);
  }
  for (int64_t i = recent - 2; i >= 0; --i)
    fired = select(e, later[i], fired, newest[i]);
  return {number, fired};
}

/// The same among all; those before `number` were fired later.
HandleLowering::Spike HandleLowering::olderUntil(Value limit, Value number) {
  Type words = number.getType();
  auto loop = scf::WhileOp::create(e, TypeRange{words, words}, ValueRange{number});
  OpBuilder::InsertionGuard guard(e);
  Block *before = e.createBlock(&loop.getBefore(), {}, {words}, {e.getLoc()});
  e.setInsertionPointToStart(before);
  Value fired = olderFiredAt(before->getArgument(0));
  // Rows end with a spike that never was.
  Value later = compare(e, arith::CmpIPredicate::sgt, fired, limit);
  Value next = addWhere(later, before->getArgument(0));
  scf::ConditionOp::create(e, any(later), ValueRange{next, fired});
  Block *after = e.createBlock(&loop.getAfter(), {}, {words, words}, {e.getLoc(), e.getLoc()});
  e.setInsertionPointToStart(after);
  scf::YieldOp::create(e, ValueRange{after->getArgument(0)});
  return {loop.getResult(0), loop.getResult(1)};
}

/// The last spike that was fired at `limit` or before.
HandleLowering::Spike HandleLowering::lastUntil(Value limit) {
  auto both = [](Spike spike) { return SmallVector<Value>{spike.number, spike.fired}; };
  auto found = choose(
      isDeep, [&] { return both(olderUntil(limit, vectorOf(0))); },
      [&] { return both(newestUntil(limit)); });
  return {found[0], found[1]};
}

/// When the spikes of these numbers were fired.
Value HandleLowering::firedAt(Value number) {
  auto amongNewest = [&] {
    Value result = newest[recent - 1];
    for (int64_t i = recent - 2; i >= 0; --i) {
      Value here = compare(e, arith::CmpIPredicate::eq, number, vectorOf(int32_t(i)));
      result = select(e, here, newest[i], result);
    }
    return SmallVector<Value>{result};
  };
  return choose(isDeep, [&] { return SmallVector<Value>{olderFiredAt(number)}; }, amongNewest)[0];
}

Value HandleLowering::olderFiredAt(Value number) {
  Value place = e.add(e.mul(target, history.capacity), number);
  return gather(e.getI32Type(), history.steps, e.getI32Type(), place);
}

/// Where the values of the spikes of these numbers are, in bytes from the base.
Value HandleLowering::rememberedPlace(Value number) {
  Value rowBytes = select(e, isDeep, history.rowBytes, history.recentBytes);
  return e.add(e.mul(target, rowBytes), e.mul(number, history.valueBytes));
}

Value HandleLowering::rememberedBase(int64_t which) {
  Value values = select(e, isDeep, history.values, history.recentValues);
  return e.at(e.getF64Type(), values, e.i64(which));
}

Value HandleLowering::rememberedValue(Value number, int64_t which, Type type) {
  Value place = rememberedPlace(number);
  return e.convert(gather(e.getF64Type(), rememberedBase(which), e.getI8Type(), place), type);
}

//===----------------------------------------------------------------------===//
// Ops
//===----------------------------------------------------------------------===//

/// An age that the kernel reads, in steps.
void HandleLowering::setAge(Value age, Value steps) {
  ages[age] = steps;
  map.map(age, e.convert(steps, age.getType()));
}

/// Where each connection has its own time of the source's spike before this one.
void HandleLowering::loadLast(RecallOp op) {
  if (op.getLast() && k.kindOf(*op.getLast()) == FieldKind::Connection)
    setLast(e.convert(e.load(e.vectorOf(e.getF64Type(), width),
                             e.at(e.getF64Type(), bases[*op.getLast()], connection), 8),
                      e.getI32Type()));
}

void HandleLowering::recall(RecallOp op) {
  prefetchRecent();
  loadRecent();
  loadLast(op);
  if (plan.recall())
    return packSpikes(op);
  Value handled = newestUntil(firedBefore(known)).number;
  isDeep = any(compare(e, arith::CmpIPredicate::eq, handled, vectorOf(int32_t(recent))));
  // The last spike that the connection has followed before, and the last that it sees.
  Spike lastFollowed = lastUntil(firedBefore(known));
  Value newestSeen = lastUntil(firedBefore(present())).number;
  SmallVector<Value> start;
  for (Value value : op.getStart())
    start.push_back(map.lookup(value));
  SmallVector<Value> results =
      followAll(op, start, lastFollowed, e.sub(lastFollowed.number, vectorOf(1)), newestSeen);
  for (auto [result, value] : llvm::zip(op.getResults(), results))
    map.map(result, value);
  setAge(op.getAge(), e.sub(present(), results.back()));
}

/// Follows the spikes from number `oldest` down to number `newestSeen`, after the spike
/// `lastFollowed`. Gives the running values, then when the connection saw anything last.
SmallVector<Value> HandleLowering::followAll(RecallOp op, ArrayRef<Value> running,
                                             Spike lastFollowed, Value oldest, Value newestSeen) {
  SmallVector<Value> start(running);
  // The connection was last up to date when it saw a spike of either end.
  start.push_back(arith::MaxSIOp::create(e, last, e.add(lastFollowed.fired, ago)));
  start.push_back(oldest);
  SmallVector<Type> types;
  for (Value value : start)
    types.push_back(value.getType());
  SmallVector<Location> locations(types.size(), e.getLoc());
  Value beforeSeen = e.sub(newestSeen, vectorOf(1));
  auto loop = scf::WhileOp::create(e, types, start);
  OpBuilder::InsertionGuard guard(e);
  Block *before = e.createBlock(&loop.getBefore(), {}, types, locations);
  e.setInsertionPointToStart(before);
  Value more = compare(e, arith::CmpIPredicate::sge, before->getArguments().back(), newestSeen);
  scf::ConditionOp::create(e, any(more), before->getArguments());
  Block *after = e.createBlock(&loop.getAfter(), {}, types, locations);
  e.setInsertionPointToStart(after);
  Value number = after->getArguments().back();
  // Who has none left does as if the last one came again.
  followed = arith::MaxSIOp::create(e, number, newestSeen);
  SmallVector<Value> values(after->getArguments().drop_back()), next = follow(op, values);
  // As above, in other words: a mask that goes from block to block costs more than a new one.
  Value mask = compare(e, arith::CmpIPredicate::sgt, number, beforeSeen);
  for (auto [value, kept] : llvm::zip(next, values))
    value = select(e, mask, value, kept);
  next.push_back(e.sub(number, vectorOf(1)));
  scf::YieldOp::create(e, next);
  return SmallVector<Value>(loop.getResults().drop_back());
}

/// Follows the spikes `followed`; the values are the running ones, then when the connection saw
/// anything before.
SmallVector<Value> HandleLowering::follow(RecallOp op, ArrayRef<Value> values) {
  Value now = e.add(firedAt(followed), ago);
  Block &block = op.getBody().front();
  unsigned n = op.getStart().size();
  setAge(block.getArgument(n), stepsSince(values[n], now));
  setAge(block.getArgument(n + 1), stepsSince(last, now));
  SmallVector<Value> next = handleSpike(op, values.take_front(n));
  next.push_back(now);
  return next;
}

/// Where there is nothing to follow, ages have no meaning, but should not be wild.
Value HandleLowering::stepsSince(Value then, Value now) {
  return e.sub(arith::MaxSIOp::create(e, now, then), then);
}

/// What a spike does to the running values.
SmallVector<Value> HandleLowering::handleSpike(RecallOp op, ArrayRef<Value> values) {
  Block &block = op.getBody().front();
  for (auto [argument, value] : llvm::zip(block.getArguments(), values))
    map.map(argument, value);
  lowerVarying(block);
  SmallVector<Value> next;
  for (Value value : block.getTerminator()->getOperands())
    next.push_back(map.lookup(value));
  return next;
}

/// The target's last spike before now: one that is seen now counts only if it is said so (G4).
HandleLowering::Spike HandleLowering::latestSpike(LatestOp op) {
  Value limit = op.getNow() ? present() : e.sub(present(), vectorOf(1));
  return lastUntil(firedBefore(limit));
}

Value HandleLowering::ageOfLatest(Spike found, Value isNone) {
  return select(e, isNone, vectorOf(0), e.sub(present(), e.add(found.fired, ago)));
}

/// What it left.
void HandleLowering::latest(LatestOp op) {
  if (plan.isAfter(op))
    return loadLatest(op);
  Spike found = latestSpike(op);
  Value none = compare(e, arith::CmpIPredicate::eq, found.fired, vectorOf(SYN_NEVER));
  Type real = op.getResult().getType();
  Value value = rememberedValue(found.number, op.getNumber(), real);
  map.map(op.getResult(), select(e, none, vectorOf(e.convert(e.f64(0), real)), value));
  setAge(op.getAge(), ageOfLatest(found, none));
}

/// Of each lane the table's value, or where its age lies beyond the table the block's.
void HandleLowering::lookup(LookupOp op) {
  Value steps = ages.lookup(op.getAge());
  Type type = op.getResult().getType(), stored = k.typeOf(op.getField());
  Value isBeyond = compare(e, arith::CmpIPredicate::uge, steps, vectorOf(int32_t(op.getSize())));
  auto find = [&](Value age) {
    Value found = gather(stored, k.pointer[op.getField()], stored, age);
    return e.convert(found, type);
  };
  // Rare, so that it need not be quick.
  auto both = [&] {
    Value inside = find(select(e, isBeyond, vectorOf(0), steps));
    Block &block = op.getOtherwise().front();
    lowerVarying(block);
    Value beyond = map.lookup(block.getTerminator()->getOperand(0));
    return SmallVector<Value>{select(e, isBeyond, beyond, inside)};
  };
  auto table = [&] {
    Value column = ageColumns.lookup(op.getAge());
    return SmallVector<Value>{
        column ? e.convert(gather(stored, k.pointer[op.getField()], column), type) : find(steps)};
  };
  map.map(op.getResult(), choose(any(isBeyond), both, table)[0]);
}

} // namespace synfire::sim
