//===- LowerUpdate.cpp - the loop over steps and elements of an update ---===//
//
// what is the same for all elements and steps
// for each step
//   what is the same for all elements
//   for each block of elements
//     for each chunk of 64 elements, where there are random numbers
//       random numbers of the chunk (16 Philox blocks serve its 64 elements)
//       for each vector of the chunk: the rest of the kernel's body
//     what fired, and whether a state is no number
//
//===----------------------------------------------------------------------===//
#include "passes/sim-to-loops/Philox.h"
#include "passes/sim-to-loops/UpdateLowering.h"

using namespace mlir;

namespace synfire::sim {

void UpdateLowering::prepare() {
  first = rangeMember(e, k, First);
  count = rangeMember(e, k, Count);
  std::tie(keyLow, keyHigh) = seedWords(e, k);
  nans.prepare();
  sums.prepare();
  step = rangeMember(e, k, Step);
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
    else if (auto counts = dyn_cast<CountOp>(op); counts && rates.isUniform(counts.getDraw()))
      buffers[&op] = e.stack(e.getI32Type(), chunkSize);
    else if (auto emit = dyn_cast<EmitOp>(op)) {
      for (size_t i = 0; i < emit.getPayload().size(); ++i)
        payloads.push_back(e.stack(e.getF64Type(), lanes));
      if (emit.getPayload().empty()) {
        fired = e.stack(e.getI8Type(), blockSize / lanes * keptBits() / 8);
        firedWords = e.stack(e.getI64Type(), blockSize / lanes * keptBits() / 64);
      }
    }
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
      emitGuarded(e, cast<arith::SelectOp>(op), guards.usualSide(&op), lanes, map,
                  [&] { emitOps(Rate::Element, &op); });
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

/// Which lanes hold elements rather than padding.
Value UpdateLowering::valid(Value element) {
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
    happening = on;
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
    happening = Value();
  }
  for (auto [result, value] : llvm::zip(op.getResults(), loop.getResults()))
    map.map(result, value);
}

/// What is the same for all elements is told for the first of the slice.
void UpdateLowering::round(RoundOp op) {
  Value value = map.lookup(op.getValue());
  if (sums.watches(op)) {
    Value here = first, on;
    if (rates.of(op) == Rate::Element) {
      value = e.splat(value, lanes);
      here = e.splat(e.add(first, element), lanes);
      here = e.add(here, e.laneNumbers(e.getI64Type(), lanes));
      on = happening ? arith::AndIOp::create(e, happening, valid(element)).getResult()
                     : valid(element);
    }
    sums.rounded(op, value, step, here, on);
  }
  map.map(op.getResult(), nearestInteger(e, op, value));
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
    this->round(round);
  } else if (isa<NormalOp, CountOp>(op)) {
    Type type = op->getResult(0).getType();
    Value buffer = buffers.lookup(op);
    Value value = buffer ? e.load(e.vectorOf(type, lanes), e.at(type, buffer, within),
                                  vectorAlignment(type, lanes))
                         : wordOfDraw(cast<CountOp>(op));
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

/// The elements of a block, as long as there are vectors or chunks.
void UpdateLowering::updateElements(Value begin, Value end) {
  auto body = [&] {
    loadElements();
    emitOps(Rate::Element, nullptr);
    nans.add();
  };
  if (buffers.empty()) {
    e.loop(begin, end, e.i64(lanes), [&](Value i) {
      element = i;
      body();
    });
    return;
  }
  e.loop(begin, end, e.i64(chunkSize), [&](Value c) {
    chunk = c;
    fillBuffers();
    e.loop(e.i64(0), e.i64(chunkSize), e.i64(lanes), [&](Value w) {
      within = w;
      element = e.add(chunk, within);
      body();
    });
  });
}

void UpdateLowering::updateBlock(EmitOp emit, Value begin, Value end) {
  blockBegin = begin;
  nans.begin();
  updateElements(begin, end);
  if (emit && fired)
    writeKeptSpikes(emit, end);
  nans.tell(step, begin, end, [&](Value vector) { return valid(vector); });
}

void UpdateLowering::run() {
  prepare();
  Value start = rangeMember(e, k, Step), steps = rangeMember(e, k, Steps);
  Value padded = e.bitAnd(e.add(count, e.i64(chunkSize - 1)), e.i64(-chunkSize));
  // A block of its own for elements that have padding beside them, whose states may be anything.
  Value whole = e.bitAnd(count, e.i64(-chunkSize));
  Value blocks = arith::ShRSIOp::create(e, e.add(whole, e.i64(blockSize - 1)),
                                        e.i64(llvm::Log2_64(blockSize)));
  Value rest = arith::CmpIOp::create(e, arith::CmpIPredicate::ne, whole, padded);
  blocks = e.add(blocks, arith::ExtUIOp::create(e, e.getI64Type(), rest));
  EmitOp emit;
  k.kernel.walk([&](EmitOp op) { emit = op; });
  e.loop(e.i64(0), steps, e.i64(1), [&](Value number) {
    step = e.add(start, number);
    e.store(e.load(e.getI64Type(), emitted), emittedBefore);
    startStep();
    e.loop(e.i64(0), blocks, e.i64(1), [&](Value block) {
      Value begin = arith::MinSIOp::create(e, e.mul(block, e.i64(blockSize)), whole);
      Value end = arith::MinSIOp::create(e, e.add(begin, e.i64(blockSize)), whole);
      end = arith::SelectOp::create(e, e.less(begin, whole), end, padded);
      updateBlock(emit, begin, end);
    });
    if (emit) {
      Value counts = e.member(e.pointerType(), k.pointer[emit.getEmit()], 1);
      Value here = e.sub(e.load(e.getI64Type(), emitted), e.load(e.getI64Type(), emittedBefore));
      e.store(here, e.at(e.getI64Type(), counts, number));
    }
  });
  endFunction(e);
}

void lowerUpdate(Emitter &e, KernelOp kernel, const VectorOptions &options) {
  UpdateLowering(e, kernel, options).run();
}

} // namespace synfire::sim
