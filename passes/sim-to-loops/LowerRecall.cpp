//===- LowerRecall.cpp - connections follow the spikes of their targets ---===//
//
// The last spikes of a target stand beside each other, newest first (syn_history): one read brings
// them, and comparisons tell how many the connection has not seen yet and how many it has followed
// before. Where they do not suffice for one of the connections at hand, older ones are looked up
// one after the other. Then each connection follows its spikes, oldest first, until all are done;
// who has none left waits.
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

Value HandleLowering::choose(Type type, Value condition, llvm::function_ref<Value()> yes,
                             llvm::function_ref<Value()> no) {
  auto op = scf::IfOp::create(e, TypeRange{type}, condition, /*withElseRegion=*/true);
  OpBuilder::InsertionGuard guard(e);
  e.setInsertionPointToStart(op.thenBlock());
  scf::YieldOp::create(e, yes());
  e.setInsertionPointToStart(op.elseBlock());
  scf::YieldOp::create(e, no());
  return op.getResult(0);
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

/// base[indices * stride], of indices of i32 without a sign.
Value HandleLowering::gather(Type type, Value base, Value indices, Value stride) {
  return gather(type, [&](int64_t lane) {
    Value index = indices;
    if (width > 1)
      index = vector::ExtractOp::create(e, indices, ArrayRef<int64_t>{lane});
    index = arith::ExtUIOp::create(e, e.getI64Type(), index);
    return e.at(type, base, stride ? e.mul(index, stride) : index);
  });
}

//===----------------------------------------------------------------------===//
// The spikes of targets
//===----------------------------------------------------------------------===//

void HandleLowering::prepareHistory(Value slot) {
  auto number = [&](int member) {
    return e.convert(e.member(e.getI64Type(), slot, member), e.getI32Type());
  };
  history = {
      e.member(e.pointerType(), slot, 0), e.member(e.pointerType(), slot, 1), vectorOf(number(2)),
      e.member(e.getI64Type(), slot, 3),  e.member(e.getI64Type(), slot, 4),  vectorOf(number(5)),
      rangeMember(e, k, RememberedBase)};
}

/// What is the same for all connections: when the source's spike before this one was, and up to
/// which step spikes of targets have been followed.
void HandleLowering::prepareRecall(RecallOp op) {
  if (auto number = op.getPayload()) {
    last = e.sub(stamp, e.convert(payloadOf(*number), e.getI64Type()));
  } else {
    Value place = e.at(e.getF64Type(), k.pointer[*op.getLast()], source);
    last = e.convert(e.load(e.getF64Type(), place), e.getI64Type());
  }
  Type words = e.getI32Type();
  known = vectorOf(e.convert(arith::MaxSIOp::create(e, last, history.settled), words));
  last = vectorOf(e.convert(last, words));
}

/// The steps of the last spikes of the targets: their rows become columns.
void HandleLowering::loadRecent() {
  Type word = e.getI32Type(), four = e.vectorOf(word, recent);
  auto place = [&](int64_t lane, int64_t number) {
    return e.at(word, history.steps, e.add(e.mul(targetOf[lane], e.i64(recent)), e.i64(number)));
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
    Value place = e.at(e.getI16Type(), targets, e.add(connection, e.i64(ahead + lane)));
    Value row = arith::ExtUIOp::create(e, e.getI64Type(), e.load(e.getI16Type(), place));
    row = e.mul(row, e.i64(recent));
    LLVM::Prefetch::create(e, e.at(e.getI32Type(), history.steps, row), 0, 3, 1);
    if (readsValues) {
      Value number = e.mul(row, history.width);
      LLVM::Prefetch::create(e, e.at(e.getF64Type(), history.values, number), 0, 3, 1);
    }
  }
}

/// `seen` and `open`: the connection sees the spikes from number `seen` on, has followed those from
/// number `open` on.
void HandleLowering::countSeen() {
  loadRecent();
  Value seeing = e.sub(vectorOf(e.convert(stamp, e.getI32Type())), ago);
  Value followed = e.sub(known, ago);
  seen = open = vectorOf(0);
  for (Value fired : newest) {
    seen = addWhere(compare(e, arith::CmpIPredicate::sgt, fired, seeing), seen);
    open = addWhere(compare(e, arith::CmpIPredicate::sgt, fired, followed), open);
  }
  isDeep = any(compare(e, arith::CmpIPredicate::eq, open, vectorOf(int32_t(recent))));
  Type words = seen.getType();
  auto deep = scf::IfOp::create(e, TypeRange{words, words}, isDeep, /*withElseRegion=*/true);
  {
    OpBuilder::InsertionGuard guard(e);
    e.setInsertionPointToStart(deep.thenBlock());
    scf::YieldOp::create(e, ValueRange{countOlder(seen, seeing), countOlder(open, followed)});
    e.setInsertionPointToStart(deep.elseBlock());
    scf::YieldOp::create(e, ValueRange{seen, open});
  }
  seen = deep.getResult(0);
  open = active ? select(e, active, deep.getResult(1), seen) : deep.getResult(1);
  stride = select(e, isDeep, history.capacity, vectorOf(int32_t(recent)));
  origin = select(e, isDeep, history.older, vectorOf(0));
}

/// How many spikes were fired after `limit`, from 4 on; smaller counts stay as they are.
Value HandleLowering::countOlder(Value count, Value limit) {
  Type words = count.getType();
  auto loop = scf::WhileOp::create(e, TypeRange{words}, ValueRange{count});
  OpBuilder::InsertionGuard guard(e);
  Block *before = e.createBlock(&loop.getBefore(), {}, {words}, {e.getLoc()});
  e.setInsertionPointToStart(before);
  Value number = before->getArgument(0);
  // Rows end with a spike that never was.
  Value later = compare(e, arith::CmpIPredicate::sgt, olderFiredAt(number), limit);
  scf::ConditionOp::create(e, any(later), ValueRange{addWhere(later, number)});
  Block *after = e.createBlock(&loop.getAfter(), {}, {words}, {e.getLoc()});
  e.setInsertionPointToStart(after);
  scf::YieldOp::create(e, after->getArguments());
  return loop.getResult(0);
}

/// When the spikes of these numbers were fired; SYN_NEVER: there is none.
Value HandleLowering::firedAt(Value number) {
  auto amongNewest = [&] {
    Value result = newest[recent - 1];
    for (int64_t i = recent - 2; i >= 0; --i) {
      Value here = compare(e, arith::CmpIPredicate::eq, number, vectorOf(int32_t(i)));
      result = select(e, here, newest[i], result);
    }
    return result;
  };
  return choose(number.getType(), isDeep, [&] { return olderFiredAt(number); }, amongNewest);
}

Value HandleLowering::olderFiredAt(Value number) {
  Value row = e.add(history.older, e.mul(target, history.capacity));
  return gather(e.getI32Type(), history.steps, e.add(row, number));
}

Value HandleLowering::rememberedValue(Value number, int64_t which, Type type) {
  Value base = e.at(e.getF64Type(), history.values, e.add(history.firstValue, e.i64(which)));
  Value place = e.add(e.add(origin, e.mul(target, stride)), number);
  return e.convert(gather(e.getF64Type(), base, place, history.width), type);
}

//===----------------------------------------------------------------------===//
// Ops
//===----------------------------------------------------------------------===//

/// An age that the kernel reads, in steps.
void HandleLowering::setAge(Value age, Value steps) {
  ages[age] = steps;
  map.map(age, e.convert(steps, age.getType()));
}

void HandleLowering::recall(RecallOp op) {
  prefetchRecent();
  countSeen();
  SmallVector<Value> start;
  for (Value value : op.getStart())
    start.push_back(map.lookup(value));
  // The connection was last up to date when it saw a spike of either end.
  start.push_back(arith::MaxSIOp::create(e, last, e.add(firedAt(open), ago)));
  start.push_back(e.sub(open, vectorOf(1)));
  SmallVector<Type> types;
  for (Value value : start)
    types.push_back(value.getType());
  SmallVector<Location> locations(types.size(), e.getLoc());
  auto loop = scf::WhileOp::create(e, types, start);
  {
    OpBuilder::InsertionGuard guard(e);
    Block *before = e.createBlock(&loop.getBefore(), {}, types, locations);
    e.setInsertionPointToStart(before);
    Value more = compare(e, arith::CmpIPredicate::sge, before->getArguments().back(), seen);
    scf::ConditionOp::create(e, any(more), before->getArguments());
    Block *after = e.createBlock(&loop.getAfter(), {}, types, locations);
    e.setInsertionPointToStart(after);
    Value number = after->getArguments().back();
    Value mask = compare(e, arith::CmpIPredicate::sge, number, seen);
    // Who waits may be at number -1.
    followed = arith::MaxSIOp::create(e, number, vectorOf(0));
    SmallVector<Value> next = follow(op, mask, after->getArguments().drop_back());
    next.push_back(e.sub(number, vectorOf(1)));
    scf::YieldOp::create(e, next);
  }
  for (auto [result, value] : llvm::zip(op.getResults(), loop.getResults()))
    map.map(result, value);
  Value present = vectorOf(e.convert(stamp, e.getI32Type()));
  setAge(op.getAge(), e.sub(present, loop.getResult(op.getStart().size())));
}

/// Follows spike number `followed`, where `mask` holds; the values are the running ones, then when
/// the connection saw anything before.
SmallVector<Value> HandleLowering::follow(RecallOp op, Value mask, ValueRange values) {
  Value now = e.add(firedAt(followed), ago);
  Block &block = op.getBody().front();
  unsigned n = op.getStart().size();
  for (unsigned i = 0; i < n; ++i)
    map.map(block.getArgument(i), values[i]);
  auto where = [&](Value steps) { return select(e, mask, steps, vectorOf(0)); };
  setAge(block.getArgument(n), where(e.sub(now, values[n])));
  setAge(block.getArgument(n + 1), where(e.sub(now, last)));
  lowerVarying(block);
  SmallVector<Value> next;
  for (auto [value, before] : llvm::zip(block.getTerminator()->getOperands(), values))
    next.push_back(select(e, mask, map.lookup(value), before));
  next.push_back(select(e, mask, now, values[n]));
  return next;
}

/// What the target's last spike before now left: one that is seen now counts only if it is said so
/// (G4).
void HandleLowering::latest(LatestOp op) {
  Value present = vectorOf(e.convert(stamp, e.getI32Type()));
  Value number = seen, fired = firedAt(seen);
  if (!op.getNow()) {
    number = addWhere(compare(e, arith::CmpIPredicate::eq, e.add(fired, ago), present), seen);
    fired = firedAt(number);
  }
  Value none = compare(e, arith::CmpIPredicate::eq, fired, vectorOf(SYN_NEVER));
  Type real = op.getResult().getType();
  Value zero = vectorOf(e.convert(e.f64(0), real));
  map.map(op.getResult(), select(e, none, zero, rememberedValue(number, op.getNumber(), real)));
  setAge(op.getAge(), select(e, none, vectorOf(0), e.sub(present, e.add(fired, ago))));
}

/// The table's values, or where an age lies beyond it those of the block: they are the same.
void HandleLowering::lookup(LookupOp op) {
  Value steps = ages.lookup(op.getAge());
  Type type = op.getResult().getType(), stored = k.typeOf(op.getField());
  Value isBeyond = compare(e, arith::CmpIPredicate::uge, steps, vectorOf(int32_t(op.getSize())));
  auto compute = [&] {
    Block &block = op.getOtherwise().front();
    lowerVarying(block);
    return map.lookup(block.getTerminator()->getOperand(0));
  };
  auto find = [&] { return e.convert(gather(stored, k.pointer[op.getField()], steps), type); };
  map.map(op.getResult(), choose(e.vectorOf(type, width), any(isBeyond), compute, find));
}

} // namespace synfire::sim
