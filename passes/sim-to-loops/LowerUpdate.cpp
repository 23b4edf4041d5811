//===- LowerUpdate.cpp - the loop over steps and elements of an update ---===//
//
// what is the same for all elements and steps
// for each step
//   what is the same for all elements
//   for each chunk of 64 elements, where there are random numbers
//     random numbers of the chunk (16 Philox blocks serve its 64 elements)
//     for each vector of the chunk: the rest of the kernel's body
//
//===----------------------------------------------------------------------===//
#include "passes/sim-to-loops/Guards.h"
#include "passes/sim-to-loops/KernelBody.h"
#include "passes/sim-to-loops/NaNWatch.h"
#include "passes/sim-to-loops/Philox.h"
#include "passes/sim/MathExpansion.h"
#include "passes/sim/Rates.h"

#include "llvm/ADT/MapVector.h"

using namespace mlir;

namespace synfire::sim {

namespace {

constexpr int64_t chunkSize = 64;
constexpr int64_t randomLanes = blocksAtOnce;

struct UpdateLowering {
  Emitter &e;
  const UpdateOptions &options;
  int64_t lanes;
  LoweredKernel k;
  Value step;                                  // the step that this iteration starts from
  Value chunk;                                 // first element of the chunk in the slice
  Value element;                               // first element of the vector in the slice
  Value within;                                // the same, from the start of the chunk
  Value first, count;                          // of the slice
  Value keyLow, keyHigh;                       // the seed
  Value emitted;                               // stack: spikes emitted in this call
  Value emittedBefore;                         // stack: of them, in earlier steps
  llvm::StringMap<Value> uniforms;             // value of uniform and key fields
  llvm::StringMap<Value> ringRow;              // start of the ring's row of this step
  llvm::MapVector<Operation *, Value> buffers; // random numbers of the chunk, per op
  SmallVector<Value> payloads;                 // stack: latched values of one vector
  Rates rates;
  Guards guards;
  IRMapping map; // scalars for what is not per element
  NaNWatch nans;

  UpdateLowering(Emitter &e, KernelOp kernel, const UpdateOptions &options)
      : e(e), options(options), lanes(options.lanes), k(beginFunction(e, kernel)), rates(kernel),
        guards(findGuards(kernel)), nans(e, k, lanes) {}

  void run();
  void prepare();
  void emitOps(Rate rate, Operation *guard);
  void emitPlain(Operation *op, int64_t width);
  Value integerToFloat(arith::SIToFPOp op, Value integer);
  void emitGuarded(arith::SelectOp select);
  void startStep();
  Value mayHold(Value condition);
  void fillBuffers();
  void fillBuffer(Operation *op, Value buffer);
  std::array<Value, 4> words(StringRef key, Value draw);
  void fillCounts(CountOp counts, std::array<Value, 4> w, Value buffer);
  void loadElements();
  void lower(Operation *op);
  Value countWithMean(CountOp op, Value word);
  void repeat(RepeatOp op);
  Value valid();
  void emitSpikes(EmitOp op);
  void writeSpikes(EmitOp op, Value mask);
};

void UpdateLowering::prepare() {
  first = rangeMember(e, k, First);
  count = rangeMember(e, k, Count);
  std::tie(keyLow, keyHigh) = seedWords(e, k);
  nans.prepare();
  emitted = e.stack(e.getI64Type(), 1);
  emittedBefore = e.stack(e.getI64Type(), 1);
  e.store(e.i64(0), emitted);
  for (FieldOp field : k.kernel.getBody().getOps<FieldOp>()) {
    StringRef name = field.getSymName();
    if (field.getKind() == FieldKind::Uniform || field.getKind() == FieldKind::Key)
      uniforms[name] = e.load(field.getType(), k.pointer[name]);
  }
  for (Operation &op : k.kernel.getBody().front()) {
    if (auto normal = dyn_cast<NormalOp>(op))
      buffers[&op] = e.stack(normal.getType(), chunkSize);
    else if (isa<CountOp>(op))
      buffers[&op] = e.stack(e.getI32Type(), chunkSize);
    else if (auto emit = dyn_cast<EmitOp>(op))
      for (size_t i = 0; i < emit.getPayload().size(); ++i)
        payloads.push_back(e.stack(e.getF64Type(), lanes));
  }
  emitOps(Rate::Call, nullptr);
}

/// The ops of a rate; of those per element, the ones that stand under a guard (null: under none).
void UpdateLowering::emitOps(Rate rate, Operation *guard) {
  for (Operation &op : k.kernel.getBody().front()) {
    if (isa<FieldOp, EndOp>(op) || rates.of(&op) != rate)
      continue;
    if (rate == Rate::Element && guards.guardOf(&op) != guard)
      continue;
    e.setLoc(op.getLoc());
    if (isa<SimDialect>(op.getDialect()))
      lower(&op);
    else if (rate == Rate::Element && guards.isGuard(&op))
      emitGuarded(cast<arith::SelectOp>(op));
    else
      emitPlain(&op, rate == Rate::Element ? lanes : 1);
  }
}

/// The op itself, for `width` lanes.
void UpdateLowering::emitPlain(Operation *op, int64_t width) {
  IRMapping operands;
  for (Value operand : op->getOperands())
    operands.map(operand, e.splat(map.lookup(operand), width));
  if (auto convert = dyn_cast<arith::SIToFPOp>(op)) {
    map.map(op->getResult(0), integerToFloat(convert, operands.lookup(convert.getIn())));
    return;
  }
  Operation *copy = e.clone(*op, operands);
  for (auto [result, original] : llvm::zip(copy->getResults(), op->getResults())) {
    result.setType(e.vectorOf(original.getType(), width));
    map.map(original, result);
  }
}

/// A machine without an instruction for vectors of 64-bit integers converts the halves: 2^52 + low
/// and 2^84 + 2^63 + high 2^32 are put together as bits, the difference to 2^84 + 2^63 + 2^52 is
/// exact, and the last sum is the only rounding. The result is that of the instruction.
Value UpdateLowering::integerToFloat(arith::SIToFPOp op, Value integer) {
  auto shaped = dyn_cast<VectorType>(integer.getType());
  Type to = e.vectorOf(op.getType(), shaped ? lanes : 1);
  if (!shaped || options.convertsWide || !op.getType().isF64() ||
      !op.getIn().getType().isInteger(64))
    return arith::SIToFPOp::create(e, to, integer);
  auto bits = [&](int64_t number) { return e.splat(e.i64(number), lanes); };
  auto number = [&](double value) { return e.splat(e.f64(value), lanes); };
  Value low =
      arith::OrIOp::create(e, e.bitAnd(integer, bits(0xffffffff)), bits(0x4330000000000000));
  Value high = arith::XOrIOp::create(e, arith::ShRUIOp::create(e, integer, bits(32)),
                                     bits(0x4530000080000000));
  Value rest = arith::SubFOp::create(e, arith::BitcastOp::create(e, to, high),
                                     number(0x1p84 + 0x1p63 + 0x1p52));
  return arith::AddFOp::create(e, rest, arith::BitcastOp::create(e, to, low));
}

/// The unusual side of a select runs only where some lane takes it.
void UpdateLowering::emitGuarded(arith::SelectOp select) {
  bool usual = guards.usualSide(select);
  Value condition = e.splat(map.lookup(select.getCondition()), lanes);
  Value needed = condition;
  if (usual)
    needed = arith::XOrIOp::create(
        e, condition, e.splat(arith::ConstantOp::create(e, e.getBoolAttr(true)), lanes));
  if (lanes > 1)
    needed = vector::ReductionOp::create(e, vector::CombiningKind::OR, needed);
  Value common = e.splat(map.lookup(usual ? select.getTrueValue() : select.getFalseValue()), lanes);
  auto branch = scf::IfOp::create(e, TypeRange{common.getType()}, needed, /*withElseRegion=*/true);
  OpBuilder::InsertionGuard guard(e);
  e.setInsertionPointToStart(branch.elseBlock());
  scf::YieldOp::create(e, common);
  e.setInsertionPointToStart(branch.thenBlock());
  emitOps(Rate::Element, select);
  Value other = e.splat(map.lookup(usual ? select.getFalseValue() : select.getTrueValue()), lanes);
  Value chosen =
      arith::SelectOp::create(e, condition, usual ? common : other, usual ? other : common);
  scf::YieldOp::create(e, chosen);
  map.map(select.getResult(), branch.getResult(0));
}

void UpdateLowering::startStep() {
  // What arrives at the end of this step is stamped step + 1.
  Value stamp = e.add(step, e.i64(1));
  for (FieldOp field : k.kernel.getBody().getOps<FieldOp>()) {
    if (field.getKind() != FieldKind::Ring)
      continue;
    Value ring = k.pointer[field.getSymName()];
    Value mask = e.sub(e.member(e.getI64Type(), ring, 1), e.i64(1));
    Value row = e.mul(e.bitAnd(stamp, mask), e.member(e.getI64Type(), ring, 2));
    ringRow[field.getSymName()] = e.at(field.getType(), e.member(e.pointerType(), ring, 0), row);
  }
  emitOps(Rate::Step, nullptr);
}

/// Words of the chunk's sixteen blocks: of elements 4 l + i in lane l of word i.
std::array<Value, 4> UpdateLowering::words(StringRef key, Value draw) {
  Value block = arith::ShRSIOp::create(e, e.add(first, chunk), e.i64(2));
  return emitPhiloxBlocks(e, block, draw, uniforms[key], keyLow, keyHigh);
}

void UpdateLowering::fillBuffer(Operation *op, Value buffer) {
  auto put = [&](int word, Value value) {
    Type element = getElementTypeOrSelf(value.getType());
    e.store(value, e.at(element, buffer, e.i64(word * randomLanes)), 64);
  };
  if (auto normal = dyn_cast<NormalOp>(op)) {
    auto w = words(normal.getKey(), map.lookup(normal.getDraw()));
    for (int pair = 0; pair < 2; ++pair) {
      auto [even, odd] = normalsFromWords(e, w[2 * pair], w[2 * pair + 1]);
      put(2 * pair, e.convert(even, normal.getType()));
      put(2 * pair + 1, e.convert(odd, normal.getType()));
    }
    return;
  }
  auto counts = cast<CountOp>(op);
  auto w = words(counts.getKey(), map.lookup(counts.getDraw()));
  if (counts.getTable())
    fillCounts(counts, w, buffer);
  else
    for (int i = 0; i < 4; ++i)
      put(i, w[i]);
}

/// The number of thresholds that each word reaches. Thresholds ascend: those up to the smallest
/// word are reached by all, those above the largest by none, and only those between are compared.
void UpdateLowering::fillCounts(CountOp counts, std::array<Value, 4> w, Value buffer) {
  Type i32 = e.getI32Type(), i64 = e.getI64Type();
  Value table = k.pointer[*counts.getTable()];
  Value thresholds = e.member(e.pointerType(), table, 0), size = e.member(i64, table, 1);
  // With the sign flipped, signed comparisons order words, which every machine has.
  auto flip = [&](Value word) -> Value {
    Value sign = e.i32(INT32_MIN);
    if (isa<VectorType>(word.getType()))
      sign = e.splat(sign, randomLanes);
    return arith::XOrIOp::create(e, word, sign);
  };
  auto threshold = [&](Value number) { return flip(e.load(i32, e.at(i32, thresholds, number))); };
  for (Value &word : w)
    word = flip(word);
  auto extreme = [&](vector::CombiningKind kind, auto combine) -> Value {
    Value all = combine(combine(w[0], w[1]), combine(w[2], w[3]));
    return vector::ReductionOp::create(e, kind, all);
  };
  Value least = extreme(vector::CombiningKind::MINSI,
                        [&](Value x, Value y) -> Value { return arith::MinSIOp::create(e, x, y); });
  Value most = extreme(vector::CombiningKind::MAXSI,
                       [&](Value x, Value y) -> Value { return arith::MaxSIOp::create(e, x, y); });
  // The first threshold from `start` on that is above `word`.
  auto firstAbove = [&](Value start, Value word) -> Value {
    auto loop = scf::WhileOp::create(e, TypeRange{i64}, ValueRange{start});
    OpBuilder::InsertionGuard guard(e);
    Block *before = e.createBlock(&loop.getBefore(), {}, {i64}, {e.getLoc()});
    // A table is never empty, so that there is a threshold to look at beyond its end.
    Value number = before->getArgument(0);
    Value inside = e.less(number, size);
    Value place = arith::SelectOp::create(e, inside, number, e.i64(0));
    Value reached = arith::CmpIOp::create(e, arith::CmpIPredicate::sle, threshold(place), word);
    scf::ConditionOp::create(e, arith::AndIOp::create(e, inside, reached), ValueRange{number});
    Block *after = e.createBlock(&loop.getAfter(), {}, {i64}, {e.getLoc()});
    scf::YieldOp::create(e, ValueRange{e.add(after->getArgument(0), e.i64(1))});
    return loop.getResult(0);
  };
  Value base = firstAbove(e.i64(0), least), limit = firstAbove(base, most);
  Value all = e.splat(e.convert(limit, i32), randomLanes);
  auto loop = scf::ForOp::create(e, base, limit, e.i64(1), ValueRange{all, all, all, all});
  {
    OpBuilder::InsertionGuard guard(e);
    e.setInsertionPointToStart(loop.getBody());
    Value level = e.splat(threshold(loop.getInductionVar()), randomLanes);
    SmallVector<Value> sums;
    for (int i = 0; i < 4; ++i) {
      Value missed = arith::CmpIOp::create(e, arith::CmpIPredicate::sgt, level, w[i]);
      // An i1 that is true extends to -1.
      sums.push_back(
          e.add(loop.getRegionIterArg(i), arith::ExtSIOp::create(e, all.getType(), missed)));
    }
    scf::YieldOp::create(e, sums);
  }
  for (int i = 0; i < 4; ++i)
    e.store(loop.getResult(i), e.at(i32, buffer, e.i64(i * randomLanes)), 64);
}

/// Whether an element of the chunk may meet a condition: what does not depend on the element is
/// known, and a bound on element numbers is tried with the chunk's last or first. Null: it may.
Value UpdateLowering::mayHold(Value condition) {
  Operation *op = condition.getDefiningOp();
  if (rates.isUniform(condition))
    return map.lookup(condition);
  if (isa<arith::AndIOp>(op)) {
    Value left = mayHold(op->getOperand(0)), right = mayHold(op->getOperand(1));
    return left && right ? e.bitAnd(left, right) : left ? left : right;
  }
  auto compare = dyn_cast<arith::CmpIOp>(op);
  if (!compare || !compare.getLhs().getDefiningOp<ElementOp>() ||
      !rates.isUniform(compare.getRhs()))
    return nullptr;
  Value number = e.add(first, chunk), bound = map.lookup(compare.getRhs());
  switch (compare.getPredicate()) {
  case arith::CmpIPredicate::sge:
  case arith::CmpIPredicate::sgt:
    number = e.add(number, e.i64(chunkSize - 1));
    break;
  case arith::CmpIPredicate::sle:
  case arith::CmpIPredicate::slt:
    break;
  default:
    return nullptr;
  }
  return arith::CmpIOp::create(e, compare.getPredicate(), number, bound);
}

/// Random numbers that a select drops for all elements of a chunk are not drawn: a stimulus often
/// ends early, or reaches few elements.
void UpdateLowering::fillBuffers() {
  for (auto &entry : buffers) {
    Operation *op = entry.first;
    Value buffer = entry.second;
    auto select = op->hasOneUse() ? dyn_cast<arith::SelectOp>(*op->user_begin()) : nullptr;
    Value needed;
    if (select && select.getTrueValue() == op->getResult(0))
      needed = mayHold(select.getCondition());
    if (needed)
      e.branch(needed, [&] { fillBuffer(op, buffer); });
    else
      fillBuffer(op, buffer);
  }
}

/// Reads every element field before any is written: `get` means the value at the kernel's start.
void UpdateLowering::loadElements() {
  llvm::StringMap<Value> loaded;
  k.kernel.walk([&](GetOp get) {
    StringRef name = get.getField();
    if (rates.of(get) != Rate::Element)
      return;
    Value &slot = loaded[name];
    if (!slot) {
      Type type = k.typeOf(name);
      slot = e.load(e.vectorOf(type, lanes), e.at(type, k.pointer[name], element),
                    vectorAlignment(type, lanes));
    }
    map.map(get.getResult(), e.convert(slot, get.getType()));
  });
}

/// Writes element numbers and latched values of the lanes in `mask` (an i64), the lowest first. Few
/// elements fire in a step, so that a loop over them costs less than compressing vectors.
void UpdateLowering::writeSpikes(EmitOp op, Value mask) {
  Type i64 = e.getI64Type(), i32 = e.getI32Type(), f64 = e.getF64Type();
  Value target = k.pointer[op.getEmit()];
  Value elements = e.member(e.pointerType(), target, 0);
  SmallVector<Value> places;
  for (auto [i, value] : llvm::enumerate(op.getPayload())) {
    e.store(e.convert(e.splat(map.lookup(value), lanes), f64), payloads[i], 64);
    places.push_back(e.member(e.pointerType(), e.member(e.pointerType(), target, 2), i));
  }
  Value start = e.add(first, element);
  // Padding has numbers from `count` on.
  Value room = arith::MinSIOp::create(e, e.sub(count, element), e.i64(lanes));
  room = arith::MaxSIOp::create(e, room, e.i64(0));
  mask = e.bitAnd(mask, e.sub(arith::ShLIOp::create(e, e.i64(1), room), e.i64(1)));
  auto loop = scf::WhileOp::create(e, TypeRange{i64, i64}, ValueRange{mask, e.load(i64, emitted)});
  {
    OpBuilder::InsertionGuard guard(e);
    SmallVector<Type> types = {i64, i64};
    SmallVector<Location> locs(2, e.getLoc());
    Block *before = e.createBlock(&loop.getBefore(), {}, types, locs);
    Value more =
        arith::CmpIOp::create(e, arith::CmpIPredicate::ne, before->getArgument(0), e.i64(0));
    scf::ConditionOp::create(e, more, before->getArguments());
    Block *after = e.createBlock(&loop.getAfter(), {}, types, locs);
    Value rest = after->getArgument(0), position = after->getArgument(1);
    Value lane = math::CountTrailingZerosOp::create(e, rest);
    e.store(e.convert(e.add(start, lane), i32), e.at(i32, elements, position));
    for (auto [buffer, place] : llvm::zip(payloads, places))
      e.store(e.load(f64, e.at(f64, buffer, lane)), e.at(f64, place, position));
    scf::YieldOp::create(
        e, ValueRange{e.bitAnd(rest, e.sub(rest, e.i64(1))), e.add(position, e.i64(1))});
  }
  e.store(loop.getResult(1), emitted);
}

void UpdateLowering::emitSpikes(EmitOp op) {
  Value fires = e.splat(map.lookup(op.getFires()), lanes);
  Type bits = e.getIntegerType(lanes);
  Value mask = lanes == 1 ? fires : Value(LLVM::BitcastOp::create(e, bits, fires));
  Value any = arith::CmpIOp::create(e, arith::CmpIPredicate::ne, mask,
                                    arith::ConstantOp::create(e, e.getIntegerAttr(bits, 0)));
  e.branch(any, [&] { writeSpikes(op, arith::ExtUIOp::create(e, e.getI64Type(), mask)); });
}

/// Inversion of the Poisson distribution where the mean differs between elements.
Value UpdateLowering::countWithMean(CountOp op, Value word) {
  Value mean = e.convert(e.splat(map.lookup(op.getMean()), lanes), e.getF64Type());
  Value u = arith::UIToFPOp::create(e, mean.getType(), word);
  Value p = emitExp(e, arith::NegFOp::create(e, mean));
  Value scale = floatConstantLike(e, mean, 0x1p32);
  Value zero = e.splat(e.i32(0), lanes);
  Value one = floatConstantLike(e, mean, 1.0);
  SmallVector<Value> init = {zero, p, p, floatConstantLike(e, mean, 0.0)};
  SmallVector<Type> types;
  for (Value v : init)
    types.push_back(v.getType());
  SmallVector<Location> locs(4, e.getLoc());
  auto loop = scf::WhileOp::create(e, types, init);
  OpBuilder::InsertionGuard guard(e);
  Block *before = e.createBlock(&loop.getBefore(), {}, types, locs);
  Value above = arith::CmpFOp::create(e, arith::CmpFPredicate::OGE, u,
                                      arith::MulFOp::create(e, before->getArgument(2), scale));
  Value growing = arith::CmpFOp::create(e, arith::CmpFPredicate::OGT, before->getArgument(1),
                                        floatConstantLike(e, mean, 1e-18));
  Value more = arith::AndIOp::create(e, above, growing);
  Value any = more;
  if (lanes > 1)
    any = vector::ReductionOp::create(e, vector::CombiningKind::OR, more);
  scf::ConditionOp::create(e, any, before->getArguments());
  Block *after = e.createBlock(&loop.getAfter(), {}, types, locs);
  Value n = after->getArgument(0), term = after->getArgument(1), sum = after->getArgument(2);
  Value reached =
      arith::CmpFOp::create(e, arith::CmpFPredicate::OGE, u, arith::MulFOp::create(e, sum, scale));
  Value number = arith::AddFOp::create(e, after->getArgument(3), one);
  Value next = arith::DivFOp::create(e, arith::MulFOp::create(e, term, mean), number);
  scf::YieldOp::create(e, ValueRange{e.add(n, arith::ExtUIOp::create(e, n.getType(), reached)),
                                     next, arith::AddFOp::create(e, sum, next), number});
  return loop.getResult(0);
}

/// Which lanes hold elements rather than padding.
Value UpdateLowering::valid() {
  Value number = e.add(e.splat(element, lanes), e.laneNumbers(e.getI64Type(), lanes));
  return e.less(number, e.splat(count, lanes));
}

/// As often as the lane with the most events needs; lanes that are through keep their values.
void UpdateLowering::repeat(RepeatOp op) {
  Value number = e.splat(map.lookup(op.getCount()), lanes), most = number;
  if (lanes > 1)
    most = vector::ReductionOp::create(e, vector::CombiningKind::MAXSI, number);
  SmallVector<Value> start;
  for (Value value : op.getStart())
    start.push_back(e.splat(map.lookup(value), lanes));
  auto loop = scf::ForOp::create(e, e.i64(0), e.convert(most, e.getI64Type()), e.i64(1), start);
  {
    OpBuilder::InsertionGuard guard(e);
    e.setInsertionPointToStart(loop.getBody());
    Value done = e.splat(e.convert(loop.getInductionVar(), e.getI32Type()), lanes);
    Value on = arith::CmpIOp::create(e, arith::CmpIPredicate::slt, done, number);
    Block &block = op.getBody().front();
    map.map(block.getArguments(), loop.getRegionIterArgs());
    for (Operation &inner : block.without_terminator()) {
      e.setLoc(inner.getLoc());
      if (isa<SimDialect>(inner.getDialect()))
        lower(&inner);
      else
        emitPlain(&inner, isa<arith::ConstantOp>(inner) ? 1 : lanes);
    }
    SmallVector<Value> next;
    for (auto [value, before] :
         llvm::zip(block.getTerminator()->getOperands(), loop.getRegionIterArgs()))
      next.push_back(arith::SelectOp::create(e, on, e.splat(map.lookup(value), lanes), before));
    scf::YieldOp::create(e, next);
  }
  for (auto [result, value] : llvm::zip(op.getResults(), loop.getResults()))
    map.map(result, value);
}

void UpdateLowering::lower(Operation *op) {
  if (auto get = dyn_cast<GetOp>(op)) {
    if (rates.of(op) == Rate::Call)
      map.map(get.getResult(), e.convert(uniforms[get.getField()], get.getType()));
  } else if (auto set = dyn_cast<SetOp>(op)) {
    Type type = k.typeOf(set.getField());
    Value value = e.convert(e.splat(map.lookup(set.getValue()), lanes), type);
    e.store(value, e.at(type, k.pointer[set.getField()], element), vectorAlignment(type, lanes));
    nans.stored(set.getField(), value);
  } else if (auto collect = dyn_cast<CollectOp>(op)) {
    Type type = collect.getType();
    Value place = e.at(type, ringRow[collect.getRing()], element);
    unsigned align = vectorAlignment(type, lanes);
    map.map(collect.getResult(), e.load(e.vectorOf(type, lanes), place, align));
    Value zero = arith::ConstantOp::create(e, e.getIntegerAttr(type, 0));
    e.store(e.splat(zero, lanes), place, align);
  } else if (isa<StepOp>(op)) {
    map.map(op->getResult(0), step);
  } else if (isa<ElementOp>(op)) {
    Value start = e.splat(e.add(first, element), lanes);
    map.map(op->getResult(0), e.add(start, e.laneNumbers(e.getI64Type(), lanes)));
  } else if (auto round = dyn_cast<RoundOp>(op)) {
    Value whole = math::RoundEvenOp::create(e, map.lookup(round.getValue()));
    map.map(round.getResult(), e.convert(whole, round.getType()));
  } else if (isa<NormalOp, CountOp>(op)) {
    Type type = op->getResult(0).getType();
    Value value = e.load(e.vectorOf(type, lanes), e.at(type, buffers[op], within),
                         vectorAlignment(type, lanes));
    if (auto counts = dyn_cast<CountOp>(op); counts && counts.getMean())
      value = countWithMean(counts, value);
    map.map(op->getResult(0), value);
  } else if (auto chance = dyn_cast<ChanceOp>(op)) {
    // An element that is stimulated is a connection of position 0 (random.md, section 3).
    Value number =
        e.add(e.splat(e.add(first, element), lanes), e.laneNumbers(e.getI64Type(), lanes));
    Value draw = e.convert(e.splat(map.lookup(chance.getDraw()), lanes), e.getI32Type());
    auto w = emitPhilox(e,
                        {e.splat(e.i32(0), lanes), e.convert(number, e.getI32Type()), draw,
                         e.splat(uniforms[chance.getKey()], lanes)},
                        keyLow, keyHigh);
    map.map(chance.getResult(), e.convert(uniformFromWord(e, w[0]), chance.getType()));
  } else if (auto events = dyn_cast<RepeatOp>(op)) {
    repeat(events);
  } else if (auto emit = dyn_cast<EmitOp>(op)) {
    emitSpikes(emit);
  }
}

void UpdateLowering::run() {
  prepare();
  Value start = rangeMember(e, k, Step), steps = rangeMember(e, k, Steps);
  Value padded = e.bitAnd(e.add(count, e.i64(chunkSize - 1)), e.i64(-chunkSize));
  EmitOp emit;
  k.kernel.walk([&](EmitOp op) { emit = op; });
  e.loop(e.i64(0), steps, e.i64(1), [&](Value number) {
    step = e.add(start, number);
    e.store(e.load(e.getI64Type(), emitted), emittedBefore);
    startStep();
    auto body = [&] {
      loadElements();
      emitOps(Rate::Element, nullptr);
      nans.tell(step, element, [&] { return valid(); });
    };
    if (buffers.empty()) {
      e.loop(e.i64(0), padded, e.i64(lanes), [&](Value i) {
        element = i;
        body();
      });
    } else {
      e.loop(e.i64(0), padded, e.i64(chunkSize), [&](Value c) {
        chunk = c;
        fillBuffers();
        e.loop(e.i64(0), e.i64(chunkSize), e.i64(lanes), [&](Value w) {
          within = w;
          element = e.add(chunk, within);
          body();
        });
      });
    }
    if (emit) {
      Value counts = e.member(e.pointerType(), k.pointer[emit.getEmit()], 1);
      Value here = e.sub(e.load(e.getI64Type(), emitted), e.load(e.getI64Type(), emittedBefore));
      e.store(here, e.at(e.getI64Type(), counts, number));
    }
  });
  endFunction(e);
}

} // namespace

void lowerUpdate(Emitter &e, KernelOp kernel, const UpdateOptions &options) {
  UpdateLowering(e, kernel, options).run();
}

} // namespace synfire::sim
