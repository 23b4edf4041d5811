//===- PackRecall.cpp - the spikes of a block of connections, packed ---===//
//
// One list for each of the last spikes of a target, with the connections that have to follow it.
// Going through them from the oldest spike to the newest one, every connection meets its spikes in
// their order, and every lane of a vector has one to follow. Who has older ones than the lists
// hold follows those first; such connections are few.
//
// Vectors at the end of a list are filled with a connection that is none: it has the last place of
// each room.
//
//===----------------------------------------------------------------------===//
#include "passes/sim-to-loops/HandleLowering.h"
#include "runtime/synfire.h"

using namespace mlir;

namespace synfire::sim {

/// Truth values take a byte each.
static Type storedType(Emitter &e, Type type) {
  return type.isInteger(1) ? Type(e.getI8Type()) : type;
}

static Value toStored(Emitter &e, Value value) {
  auto type = cast<VectorType>(value.getType());
  Type stored = storedType(e, type.getElementType());
  return stored == type.getElementType()
             ? value
             : Value(arith::ExtUIOp::create(e, type.clone(stored), value));
}

Value HandleLowering::roomFor(Type type) {
  Type stored = storedType(e, type);
  Value room = e.stack(stored, blockSize + 1);
  e.store(arith::ConstantOp::create(e, cast<TypedAttr>(e.getZeroAttr(stored))),
          e.at(stored, room, e.i64(blockSize)));
  return room;
}

void HandleLowering::preparePacking() {
  if (width == 1 || byTarget || !compresses)
    return;
  plan = PackPlan(k.kernel, varying);
  RecallOp op = plan.recall();
  if (!op)
    return;
  for (Value value : op.getStart())
    runningRooms.push_back(roomFor(value.getType()));
  for (Value value : plan.kept())
    keptRooms[value] = roomFor(value.getType());
  for (LatestOp latest : plan.latest())
    latestRooms[latest] = {roomFor(e.getI64Type()), roomFor(e.getI32Type())};
  neverFired = e.stack(e.getF64Type(), 1);
  e.store(e.f64(0), neverFired);
  auto column = [&](int64_t lists) { return e.stack(e.getI32Type(), lists * (blockSize + width)); };
  // The spike before the last one of those at hand is not at hand.
  listCount = plan.needsElapsed() ? recent - 1 : recent;
  allLists.count = e.stack(e.getI64Type(), listCount);
  allLists.place = column(listCount);
  if (plan.needsRemembered())
    allLists.target = column(listCount);
  if (plan.needsElapsed())
    allLists.elapsed = column(listCount);
  if (plan.needsSince())
    allLists.since = column(listCount);
  for (int64_t number = 0; number < listCount; ++number) {
    lists[number] = listAt(allLists, e.i64(number));
    lists[number].count = e.stack(e.getI64Type(), 1); // a register's, unlike that of one of many
  }
  olderSpikes.count = e.stack(e.getI64Type(), 1);
  olderSpikes.place = column(1);
  olderSpikes.target = column(1);
  if (delaysVary)
    olderSpikes.ago = column(1);
  if (op.getLast() && k.kindOf(*op.getLast()) == FieldKind::Connection)
    olderSpikes.last = column(1);
}

HandleLowering::List HandleLowering::listAt(const List &first, Value number) {
  List list;
  list.count = e.at(e.getI64Type(), first.count, number);
  Value begin = e.mul(number, e.i64(blockSize + width));
  auto column = [&](Value whole) { return whole ? e.at(e.getI32Type(), whole, begin) : Value(); };
  list.place = column(first.place);
  list.target = column(first.target);
  list.elapsed = column(first.elapsed);
  list.since = column(first.since);
  return list;
}

/// The kernel for connections of the present row, some hundreds at a time.
void HandleLowering::eachBlock(Value begin, Value end) {
  e.loop(begin, end, e.i64(blockSize), [&](Value c) {
    blockBegin = c;
    Value blockEnd = arith::MinSIOp::create(e, end, e.add(c, e.i64(blockSize)));
    auto used = MutableArrayRef<List>(lists).take_front(listCount);
    for (List &list : used)
      e.store(e.i64(0), list.count);
    e.store(e.i64(0), olderSpikes.count);
    eachVector(c, blockEnd, /*after=*/false);
    closeList(olderSpikes);
    for (auto [number, list] : llvm::enumerate(used)) {
      closeList(list);
      e.store(e.load(e.getI64Type(), list.count),
              e.at(e.getI64Type(), allLists.count, e.i64(number)));
    }
    followOlder();
    followLists();
    eachVector(c, blockEnd, /*after=*/true);
  });
}

/// What comes before the spikes of a block's connections, or after them.
void HandleLowering::eachVector(Value begin, Value end, bool after) {
  RecallOp op = plan.recall();
  e.loop(begin, end, e.i64(width), [&](Value c) {
    beginVector(c, end);
    Value place = e.sub(c, blockBegin);
    if (after) {
      position = place;
      for (Value value : plan.kept())
        map.map(value, loadRoom(value.getType(), keptRooms[value], place));
      for (auto [result, room] : llvm::zip(op.getResults(), runningRooms))
        map.map(result, loadRoom(result.getType(), room, place));
    } else {
      prefetchValues();
      for (GetOp get : plan.reads())
        lower(get);
    }
    emitBlock(
        e, k.kernel.getBody().front(), width, map, [&](Operation *inner) { lower(inner); },
        [&](Operation *inner) { return varying.count(inner) && plan.isAfter(inner) == after; });
    if (after)
      return addAmounts();
    auto keep = [&](Value value, Value room) {
      Value vector = toStored(e, map.lookup(value));
      Type stored = storedType(e, value.getType());
      e.store(vector, e.at(stored, room, place), stored.getIntOrFloatBitWidth() / 8);
    };
    for (Value value : plan.kept())
      keep(value, keptRooms[value]);
    for (auto [value, room] : llvm::zip(op.getStart(), runningRooms))
      keep(value, room);
  });
}

/// Asks for the values of connections some vectors ahead: rows are read from memory, and end before
/// the machine sees how they go on.
void HandleLowering::prefetchValues() {
  for (FieldOp field : k.kernel.getBody().getOps<FieldOp>()) {
    if (field.getKind() != FieldKind::Connection)
      continue;
    Type type = field.getType();
    int64_t bytes = width * type.getIntOrFloatBitWidth() / 8;
    Value place = e.at(type, bases[field.getSymName()], e.add(connection, e.i64(ahead * width)));
    for (int64_t byte = 0; byte < bytes; byte += 64)
      LLVM::Prefetch::create(e, e.at(e.getI8Type(), place, e.i64(byte)), 0, 3, 1);
  }
}

/// What was kept of the connections from a place on.
Value HandleLowering::loadRoom(Type type, Value room, Value place) {
  Type stored = storedType(e, type);
  Value value = e.load(e.vectorOf(stored, width), e.at(stored, room, place),
                       stored.getIntOrFloatBitWidth() / 8);
  return stored == type ? value : Value(arith::TruncIOp::create(e, e.vectorOf(type, width), value));
}

//===----------------------------------------------------------------------===//
// Filling lists
//===----------------------------------------------------------------------===//

/// Puts the spikes that the present connections have to follow in the lists.
void HandleLowering::packSpikes(RecallOp op) {
  Value followedUntil = firedBefore(known), seenUntil = firedBefore(present());
  List entry;
  entry.place = e.add(e.laneNumbers(e.getI32Type(), width),
                      vectorOf(e.convert(e.sub(connection, blockBegin), e.getI32Type())));
  entry.target = target;
  entry.ago = ago;
  entry.last = last;
  auto isOpen = [&](int64_t number) -> Value {
    Value later = e.less(followedUntil, newest[number]);
    return arith::AndIOp::create(e, later, active);
  };
  append(olderSpikes, isOpen(listCount - 1), entry);
  for (int64_t number = 0; number < listCount; ++number) {
    Value now = e.add(newest[number], ago);
    if (plan.needsElapsed()) {
      // The connection was last up to date when it saw a spike of either end.
      Value before = e.add(newest[number + 1], ago);
      entry.elapsed = stepsSince(arith::MaxSIOp::create(e, last, before), now);
    }
    entry.since = stepsSince(last, now);
    Value isSeen = arith::CmpIOp::create(e, arith::CmpIPredicate::sle, newest[number], seenUntil);
    append(lists[number], arith::AndIOp::create(e, isOpen(number), isSeen), entry);
  }
  // What is read of the target's last spike, now or before, is seldom older than those at hand.
  isDeep = any(e.less(firedBefore(e.sub(present(), vectorOf(1))), newest[recent - 1]));
  for (LatestOp latest : plan.latest())
    placeLatest(latest);
  if (!op.getAge().use_empty()) {
    Value seen = e.add(lastUntil(seenUntil).fired, ago);
    setAge(op.getAge(), e.sub(present(), arith::MaxSIOp::create(e, last, seen)));
  }
}

/// Where the value is that the target's last spike left, and how old it is.
void HandleLowering::placeLatest(LatestOp op) {
  Spike found = latestSpike(op);
  Value isNone =
      arith::CmpIOp::create(e, arith::CmpIPredicate::eq, found.fired, vectorOf(SYN_NEVER));
  auto addressOf = [&](Value pointer) {
    return vectorOf(LLVM::PtrToIntOp::create(e, e.getI64Type(), pointer));
  };
  Value offset =
      arith::ExtUIOp::create(e, e.vectorOf(e.getI64Type(), width), rememberedPlace(found.number));
  Value address = arith::SelectOp::create(e, isNone, addressOf(neverFired),
                                          e.add(addressOf(rememberedBase(op.getNumber())), offset));
  Value place = e.sub(connection, blockBegin);
  LatestRoom &room = latestRooms[op];
  e.store(address, e.at(e.getI64Type(), room.address, place), 8);
  e.store(ageOfLatest(found, isNone), e.at(e.getI32Type(), room.age, place), 4);
}

/// Adds the entries of the lanes where `mask` holds.
void HandleLowering::append(List &list, Value mask, const List &entry) {
  Type words = e.vectorOf(e.getI32Type(), width), counts = e.getI64Type();
  Value count = e.load(counts, list.count);
  Value unused = LLVM::PoisonOp::create(e, words);
  auto add = [&](Value column, Value values) {
    if (!column)
      return;
    // Not a compressing store: some processors take a hundred cycles for one.
    auto packed = LLVM::CallIntrinsicOp::create(
        e, words, e.getStringAttr("llvm.experimental.vector.compress"),
        ValueRange{values, mask, unused});
    e.store(packed.getResult(0), e.at(e.getI32Type(), column, count), 4);
  };
  add(list.place, entry.place);
  add(list.target, entry.target);
  add(list.ago, entry.ago);
  add(list.last, entry.last);
  add(list.elapsed, entry.elapsed);
  add(list.since, entry.since);
  Value bits = LLVM::BitcastOp::create(e, e.getIntegerType(width), mask);
  Value added = math::CtPopOp::create(e, arith::ExtUIOp::create(e, counts, bits));
  e.store(e.add(count, added), list.count);
}

/// Fills the last vector.
void HandleLowering::closeList(List &list) {
  Value count = e.load(e.getI64Type(), list.count);
  for (Value column : {list.target, list.ago, list.last, list.elapsed, list.since})
    if (column)
      e.store(vectorOf(0), e.at(e.getI32Type(), column, count), 4);
  e.store(vectorOf(int32_t(blockSize)), e.at(e.getI32Type(), list.place, count), 4);
}

//===----------------------------------------------------------------------===//
// Emptying them
//===----------------------------------------------------------------------===//

/// The present entries of a column.
Value HandleLowering::entries(Value column) {
  return e.load(e.vectorOf(e.getI32Type(), width), e.at(e.getI32Type(), column, position), 4);
}

/// One of them, as i64. To take it from the vector costs more.
Value HandleLowering::entryAt(Value column, int64_t lane) {
  Value place = e.at(e.getI32Type(), column, e.add(position, e.i64(lane)));
  return arith::ExtUIOp::create(e, e.getI64Type(), e.load(e.getI32Type(), place));
}

/// The vectors of a list.
void HandleLowering::eachEntry(const List &list, llvm::function_ref<void()> body) {
  e.loop(e.i64(0), e.load(e.getI64Type(), list.count), e.i64(width), [&](Value at) {
    position = at;
    placeOf.clear();
    for (int64_t lane = 0; lane < width; ++lane)
      placeOf.push_back(entryAt(list.place, lane));
    if (list.target)
      target = entries(list.target);
    body();
  });
}

/// What was found by placeLatest().
void HandleLowering::loadLatest(LatestOp op) {
  LatestRoom &room = latestRooms[op];
  Value value = gather(e.getF64Type(), [&](int64_t lane) -> Value {
    Value place = e.at(e.getI64Type(), room.address, e.add(position, e.i64(lane)));
    return LLVM::IntToPtrOp::create(e, e.pointerType(), e.load(e.getI64Type(), place));
  });
  map.map(op.getResult(), e.convert(value, op.getResult().getType()));
  ageColumns[op.getAge()] = room.age;
  setAge(op.getAge(), entries(room.age));
}

/// The running values of the connections of a vector's entries; also what their spikes need of what
/// is kept.
SmallVector<Value> HandleLowering::loadOfConnections() {
  RecallOp op = plan.recall();
  auto load = [&](Type type, Value room) -> Value {
    Type stored = storedType(e, type);
    Value value = gather(stored, [&](int64_t lane) { return e.at(stored, room, placeOf[lane]); });
    return stored == type ? value
                          : Value(arith::TruncIOp::create(e, e.vectorOf(type, width), value));
  };
  for (Value value : plan.kept())
    if (llvm::any_of(value.getUsers(), [&](Operation *user) { return op->isAncestor(user); }))
      map.map(value, load(value.getType(), keptRooms[value]));
  SmallVector<Value> running;
  for (auto [value, room] : llvm::zip(op.getStart(), runningRooms))
    running.push_back(load(value.getType(), room));
  return running;
}

void HandleLowering::storeRunning(ArrayRef<Value> values) {
  for (auto [value, room] : llvm::zip(values, runningRooms)) {
    Type type = cast<VectorType>(value.getType()).getElementType();
    for (int64_t lane = 0; lane < width; ++lane)
      e.store(vector::ExtractOp::create(e, value, ArrayRef<int64_t>{lane}),
              e.at(type, room, placeOf[lane]));
  }
}

/// What comes before the spikes at hand: the connections wait for the one with most of them.
void HandleLowering::followOlder() {
  isDeep = arith::ConstantOp::create(e, e.getBoolAttr(true));
  eachEntry(olderSpikes, [&] {
    ago = olderSpikes.ago ? entries(olderSpikes.ago) : vectorOf(e.convert(delay, e.getI32Type()));
    if (olderSpikes.last)
      setLast(entries(olderSpikes.last));
    Value atHand = vectorOf(int32_t(listCount));
    Spike lastFollowed = olderUntil(firedBefore(known), atHand);
    Value newestSeen = olderUntil(firedBefore(present()), atHand).number;
    Value left = e.sub(e.load(e.getI64Type(), olderSpikes.count), position);
    Value isEntry =
        e.less(e.laneNumbers(e.getI32Type(), width), vectorOf(e.convert(left, e.getI32Type())));
    Value oldest =
        arith::SelectOp::create(e, isEntry, e.sub(lastFollowed.number, vectorOf(1)), vectorOf(-1));
    storeRunning(followAll(plan.recall(), loadOfConnections(), lastFollowed, oldest, newestSeen));
  });
}

/// All lanes have a spike to follow, the oldest ones first.
void HandleLowering::followLists() {
  RecallOp op = plan.recall();
  Block &block = op.getBody().front();
  auto ages = block.getArguments().drop_front(op.getStart().size());
  isDeep = arith::ConstantOp::create(e, e.getBoolAttr(false));
  e.loop(e.i64(0), e.i64(listCount), e.i64(1), [&](Value turn) {
    Value number = e.sub(e.i64(listCount - 1), turn);
    List list = listAt(allLists, number);
    followed = vectorOf(e.convert(number, e.getI32Type()));
    eachEntry(list, [&] {
      std::array<Value, 2> columns = {list.elapsed, list.since};
      for (auto [age, column] : llvm::zip(ages, columns))
        if (column) {
          ageColumns[age] = column;
          setAge(age, entries(column));
        }
      storeRunning(handleSpike(op, loadOfConnections()));
    });
  });
}

} // namespace synfire::sim
