//===- LowerUpdate.cpp - the loop over steps and elements of an update ---===//
//
// for each step
//   for each chunk of 64 elements
//     random numbers of the chunk (16 Philox blocks serve its 64 elements)
//     for each vector of the chunk: the kernel's body
//
//===----------------------------------------------------------------------===//
#include "passes/sim-to-loops/KernelBody.h"
#include "passes/sim-to-loops/Philox.h"
#include "passes/sim/MathExpansion.h"

#include "mlir/IR/Matchers.h"

using namespace mlir;

namespace synfire::sim {

namespace {

constexpr int64_t chunkSize = 64;
constexpr int64_t randomLanes = 16;

struct UpdateLowering {
  Emitter &e;
  int64_t lanes;
  LoweredKernel k;
  Value step;                           // the step that this iteration starts from
  Value chunk;                          // first element of the chunk in the slice
  Value element;                        // first element of the vector in the slice
  Value within;                         // the same, from the start of the chunk
  Value first, count;                   // of the slice
  Value keyLow, keyHigh;                // the seed
  Value emitted;                        // stack: spikes emitted in this call
  Value emittedBefore;                  // stack: of them, in earlier steps
  llvm::StringMap<Value> uniforms;      // value of uniform and key fields
  llvm::StringMap<Value> ringRow;       // start of the ring's row of this step
  DenseMap<Operation *, Value> buffers; // random numbers of the chunk, per op
  IRMapping map;

  UpdateLowering(Emitter &e, KernelOp kernel, int64_t lanes)
      : e(e), lanes(lanes), k(beginFunction(e, kernel)) {}

  void run();
  void prepare();
  void startStep();
  void fillBuffers();
  void fillBuffer(Operation *op, Value buffer);
  std::array<Value, 4> words(StringRef key, Value draw);
  Value scalarSlice(Value value);
  void loadElements();
  void lower(Operation *op);
  Value countWithMean(CountOp op, Value word);
  void emitSpikes(EmitOp op);
  Value valid();
};

void UpdateLowering::prepare() {
  first = rangeMember(e, k, First);
  count = rangeMember(e, k, Count);
  std::tie(keyLow, keyHigh) = seedWords(e, k);
  emitted = e.stack(e.getI64Type(), 1);
  emittedBefore = e.stack(e.getI64Type(), 1);
  e.store(e.i64(0), emitted);
  for (FieldOp field : k.kernel.getBody().getOps<FieldOp>()) {
    StringRef name = field.getSymName();
    if (field.getKind() == FieldKind::Uniform || field.getKind() == FieldKind::Key)
      uniforms[name] = e.load(field.getType(), k.pointer[name]);
  }
  k.kernel.walk([&](Operation *op) {
    if (auto normal = dyn_cast<NormalOp>(op))
      buffers[op] = e.stack(normal.getType(), chunkSize);
    else if (isa<CountOp>(op))
      buffers[op] = e.stack(e.getI32Type(), chunkSize);
  });
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
}

std::array<Value, 4> UpdateLowering::words(StringRef key, Value draw) {
  // Block of lane l: (first + chunk) / 64 * 16 + l.
  Value group = arith::ShRSIOp::create(e, e.add(first, chunk), e.i64(2));
  Value block = e.add(e.splat(group, randomLanes), e.laneNumbers(e.getI64Type(), randomLanes));
  return emitPhilox(e, blockCounter(e, block, draw, uniforms[key]), keyLow, keyHigh);
}

/// A value that depends on the step and on uniform fields only, as one number.
Value UpdateLowering::scalarSlice(Value value) {
  Operation *op = value.getDefiningOp();
  if (isa<StepOp>(op))
    return step;
  if (auto get = dyn_cast<GetOp>(op))
    return e.convert(uniforms[get.getField()], get.getType());
  IRMapping operands;
  for (Value operand : op->getOperands())
    operands.map(operand, scalarSlice(operand));
  return e.clone(*op, operands)->getResult(0);
}

void UpdateLowering::fillBuffer(Operation *op, Value buffer) {
  auto put = [&](int word, Value value) {
    Type element = getElementTypeOrSelf(value.getType());
    e.store(value, e.at(element, buffer, e.i64(word * randomLanes)), 64);
  };
  if (auto normal = dyn_cast<NormalOp>(op)) {
    auto w = words(normal.getKey(), scalarSlice(normal.getDraw()));
    for (int pair = 0; pair < 2; ++pair) {
      auto [even, odd] = normalsFromWords(e, w[2 * pair], w[2 * pair + 1]);
      put(2 * pair, e.convert(even, normal.getType()));
      put(2 * pair + 1, e.convert(odd, normal.getType()));
    }
    return;
  }
  auto counts = cast<CountOp>(op);
  auto w = words(counts.getKey(), step);
  if (!counts.getTable()) {
    for (int i = 0; i < 4; ++i)
      put(i, w[i]);
    return;
  }
  // One comparison per threshold and element.
  Value table = k.pointer[*counts.getTable()];
  Value thresholds = e.member(e.pointerType(), table, 0);
  Value zero = e.splat(e.i32(0), randomLanes);
  auto loop = scf::ForOp::create(e, e.i64(0), e.member(e.getI64Type(), table, 1), e.i64(1),
                                 ValueRange{zero, zero, zero, zero});
  {
    OpBuilder::InsertionGuard guard(e);
    e.setInsertionPointToStart(loop.getBody());
    Value threshold =
        e.load(e.getI32Type(), e.at(e.getI32Type(), thresholds, loop.getInductionVar()));
    SmallVector<Value> sums;
    for (int i = 0; i < 4; ++i) {
      Value reached = arith::CmpIOp::create(e, arith::CmpIPredicate::uge, w[i],
                                            e.splat(threshold, randomLanes));
      Value one = arith::ExtUIOp::create(e, zero.getType(), reached);
      sums.push_back(e.add(loop.getRegionIterArg(i), one));
    }
    scf::YieldOp::create(e, sums);
  }
  for (int i = 0; i < 4; ++i)
    put(i, loop.getResult(i));
}

void UpdateLowering::fillBuffers() {
  k.kernel.walk([&](Operation *op) {
    auto buffer = buffers.find(op);
    if (buffer != buffers.end())
      fillBuffer(op, buffer->second);
  });
}

/// Reads every element field before any is written: `get` means the value at the kernel's start.
void UpdateLowering::loadElements() {
  llvm::StringMap<Value> loaded;
  k.kernel.walk([&](GetOp get) {
    StringRef name = get.getField();
    Value value;
    if (k.kindOf(name) == FieldKind::Element) {
      Value &slot = loaded[name];
      if (!slot) {
        Type type = k.typeOf(name);
        slot = e.load(e.vectorOf(type, lanes), e.at(type, k.pointer[name], element),
                      vectorAlignment(type, lanes));
      }
      value = e.convert(slot, get.getType());
    } else {
      value = e.splat(e.convert(uniforms[name], get.getType()), lanes);
    }
    map.map(get.getResult(), value);
  });
}

Value UpdateLowering::valid() {
  Value number = e.add(e.splat(element, lanes), e.laneNumbers(e.getI64Type(), lanes));
  return e.less(number, e.splat(count, lanes));
}

void UpdateLowering::emitSpikes(EmitOp op) {
  Value fires = arith::AndIOp::create(e, map.lookup(op.getFires()), valid());
  Value target = k.pointer[op.getEmit()];
  Value start = e.add(e.convert(first, e.getI32Type()), e.convert(element, e.getI32Type()));
  auto payloadPointer = [&](size_t number) {
    return e.member(e.pointerType(), e.member(e.pointerType(), target, 2), number);
  };
  Value elements = e.member(e.pointerType(), target, 0);
  auto write = [&](Value number) {
    Value position = e.load(e.getI64Type(), emitted);
    if (lanes == 1) {
      e.store(start, e.at(e.getI32Type(), elements, position));
      for (auto [i, value] : llvm::enumerate(op.getPayload()))
        e.store(e.convert(map.lookup(value), e.getF64Type()),
                e.at(e.getF64Type(), payloadPointer(i), position));
    } else {
      Value numbers = e.add(e.splat(start, lanes), e.laneNumbers(e.getI32Type(), lanes));
      LLVM::masked_compressstore::create(e, numbers, e.at(e.getI32Type(), elements, position),
                                         fires);
      for (auto [i, value] : llvm::enumerate(op.getPayload()))
        LLVM::masked_compressstore::create(
            e, e.convert(e.splat(map.lookup(value), lanes), e.getF64Type()),
            e.at(e.getF64Type(), payloadPointer(i), position), fires);
    }
    e.store(e.add(position, number), emitted);
  };
  if (lanes == 1) {
    e.branch(fires, [&] { write(e.i64(1)); });
    return;
  }
  Type bits = e.getIntegerType(lanes);
  Value mask = LLVM::BitcastOp::create(e, bits, fires);
  Value any = arith::CmpIOp::create(e, arith::CmpIPredicate::ne, mask,
                                    arith::ConstantOp::create(e, e.getIntegerAttr(bits, 0)));
  e.branch(any, [&] {
    Value number = math::CtPopOp::create(e, mask);
    write(arith::ExtUIOp::create(e, e.getI64Type(), number));
  });
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

void UpdateLowering::lower(Operation *op) {
  if (isa<GetOp>(op))
    return;
  if (auto set = dyn_cast<SetOp>(op)) {
    Type type = k.typeOf(set.getField());
    Value value = e.convert(e.splat(map.lookup(set.getValue()), lanes), type);
    e.store(value, e.at(type, k.pointer[set.getField()], element), vectorAlignment(type, lanes));
  } else if (auto collect = dyn_cast<CollectOp>(op)) {
    Type type = collect.getType();
    Value place = e.at(type, ringRow[collect.getRing()], element);
    unsigned align = vectorAlignment(type, lanes);
    map.map(collect.getResult(), e.load(e.vectorOf(type, lanes), place, align));
    Value zero = arith::ConstantOp::create(e, e.getIntegerAttr(type, 0));
    e.store(e.splat(zero, lanes), place, align);
  } else if (isa<StepOp>(op)) {
    map.map(op->getResult(0), e.splat(step, lanes));
  } else if (isa<ElementOp>(op)) {
    Value start = e.splat(e.add(first, element), lanes);
    map.map(op->getResult(0), e.add(start, e.laneNumbers(e.getI64Type(), lanes)));
  } else if (auto round = dyn_cast<RoundOp>(op)) {
    Value whole = math::RoundEvenOp::create(e, e.splat(map.lookup(round.getValue()), lanes));
    map.map(round.getResult(), e.convert(whole, round.getType()));
  } else if (isa<NormalOp, CountOp>(op)) {
    Type type = op->getResult(0).getType();
    Value value = e.load(e.vectorOf(type, lanes), e.at(type, buffers[op], within),
                         vectorAlignment(type, lanes));
    if (auto counts = dyn_cast<CountOp>(op); counts && counts.getMean())
      value = countWithMean(counts, value);
    map.map(op->getResult(0), value);
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
    e.loop(e.i64(0), padded, e.i64(chunkSize), [&](Value c) {
      chunk = c;
      fillBuffers();
      e.loop(e.i64(0), e.i64(chunkSize), e.i64(lanes), [&](Value w) {
        within = w;
        element = e.add(chunk, within);
        loadElements();
        emitBody(
            e, k, lanes, map, [&](Operation *op) { lower(op); }, [](Operation *) { return true; });
      });
    });
    if (emit) {
      Value counts = e.member(e.pointerType(), k.pointer[emit.getEmit()], 1);
      Value here = e.sub(e.load(e.getI64Type(), emitted), e.load(e.getI64Type(), emittedBefore));
      e.store(here, e.at(e.getI64Type(), counts, number));
    }
  });
  endFunction(e);
}

} // namespace

void lowerUpdate(Emitter &e, KernelOp kernel, int64_t lanes) {
  UpdateLowering(e, kernel, lanes).run();
}

} // namespace synfire::sim
