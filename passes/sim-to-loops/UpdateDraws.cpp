//===- UpdateDraws.cpp - random numbers of an update ---===//
//
// The numbers of 64 elements are made together: sixteen Philox blocks have one word for each of
// them.
//
//===----------------------------------------------------------------------===//
#include "passes/sim-to-loops/Philox.h"
#include "passes/sim-to-loops/UpdateLowering.h"
#include "passes/sim/MathExpansion.h"

using namespace mlir;

namespace synfire::sim {

namespace {

constexpr int64_t randomLanes = blocksAtOnce;

} // namespace

/// Words of the chunk's sixteen blocks: that of element 16 i + l in lane l of word i.
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
    Value number = before->getArgument(0);
    // The table of a drive without events is empty.
    auto reached = scf::IfOp::create(e, TypeRange{e.getI1Type()}, e.less(number, size),
                                     /*withElseRegion=*/true);
    {
      OpBuilder::InsertionGuard inner(e);
      e.setInsertionPointToStart(reached.thenBlock());
      Value low = arith::CmpIOp::create(e, arith::CmpIPredicate::sle, threshold(number), word);
      scf::YieldOp::create(e, low);
      e.setInsertionPointToStart(reached.elseBlock());
      scf::YieldOp::create(e, Value(arith::ConstantOp::create(e, e.getBoolAttr(false))));
    }
    scf::ConditionOp::create(e, reached.getResult(0), ValueRange{number});
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

/// The word of each element, where their draws differ and no block serves several.
Value UpdateLowering::wordOfDraw(CountOp op) {
  Value number = e.add(e.splat(e.add(first, element), lanes), e.laneNumbers(e.getI64Type(), lanes));
  auto bits = [&](int64_t shift, int64_t mask) {
    Value shifted = arith::ShRSIOp::create(e, number, e.splat(e.i64(shift), lanes));
    return e.bitAnd(shifted, e.splat(e.i64(mask), lanes));
  };
  // random.md, section 3
  Value block = e.add(e.bitAnd(arith::ShRSIOp::create(e, number, e.splat(e.i64(2), lanes)),
                               e.splat(e.i64(-blocksAtOnce), lanes)),
                      bits(0, blocksAtOnce - 1));
  Value which = bits(4, 3);
  auto w = emitPhilox(e, blockCounter(e, block, map.lookup(op.getDraw()), uniforms[op.getKey()]),
                      keyLow, keyHigh);
  Value word = w[0];
  for (int i = 1; i < 4; ++i) {
    Value is = arith::CmpIOp::create(e, arith::CmpIPredicate::eq, which, e.splat(e.i64(i), lanes));
    word = arith::SelectOp::create(e, is, w[i], word);
  }
  return word;
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
  // Terms get small beyond the mode; before it, those of a large mean are small as well.
  Value growing = arith::CmpFOp::create(e, arith::CmpFPredicate::OGT, before->getArgument(1),
                                        floatConstantLike(e, mean, 1e-18));
  Value most = arith::MinimumFOp::create(e, mean, floatConstantLike(e, mean, 1e3));
  Value rising = arith::CmpFOp::create(e, arith::CmpFPredicate::OLE, before->getArgument(3), most);
  growing = arith::OrIOp::create(e, growing, rising);
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

} // namespace synfire::sim
