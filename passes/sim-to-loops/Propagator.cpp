//===- Propagator.cpp - the exponential of a small matrix ---===//
//
// exp([[A, I], [0, 0]] dt) = [[P, F], [0, I]] (Van Loan 1978, IEEE Trans Automat Contr 23:395), by
// scaling to a norm below 1/2, 17 terms of the Taylor series (remainder below 1e-20) and squaring.
// Only sums and products: the same on every machine, and accurate where time constants coincide.
//
//===----------------------------------------------------------------------===//
#include "passes/sim-to-loops/KernelBody.h"

using namespace mlir;

namespace synfire::sim {

namespace {

constexpr StringLiteral functionName = "syn_matrix_exponential";

/// out = left * right (m x m), for every element first `finish`ed.
void emitProduct(Emitter &e, Value m, Value left, Value right, Value out,
                 llvm::function_ref<Value(Value row, Value column, Value sum)> finish) {
  Type f64 = e.getF64Type();
  auto place = [&](Value matrix, Value i, Value j) {
    return e.at(f64, matrix, e.add(e.mul(i, m), j));
  };
  e.loop(e.i64(0), m, e.i64(1), [&](Value i) {
    e.loop(e.i64(0), m, e.i64(1), [&](Value j) {
      auto loop = scf::ForOp::create(e, e.i64(0), m, e.i64(1), ValueRange{e.f64(0.0)});
      {
        OpBuilder::InsertionGuard guard(e);
        e.setInsertionPointToStart(loop.getBody());
        Value n = loop.getInductionVar();
        Value term = arith::MulFOp::create(e, e.load(f64, place(left, i, n)),
                                           e.load(f64, place(right, n, j)));
        scf::YieldOp::create(e,
                             ValueRange{arith::AddFOp::create(e, loop.getRegionIterArg(0), term)});
      }
      e.store(finish(i, j, loop.getResult(0)), place(out, i, j));
    });
  });
}

void emitCopy(Emitter &e, Value count, Value from, Value to) {
  Type f64 = e.getF64Type();
  e.loop(e.i64(0), count, e.i64(1),
         [&](Value i) { e.store(e.load(f64, e.at(f64, from, i)), e.at(f64, to, i)); });
}

/// func @syn_matrix_exponential(x, e, scratch : ptr, m : i64): e = exp(x); x is destroyed.
func::FuncOp exponentialFunction(ModuleOp module) {
  if (auto existing = module.lookupSymbol<func::FuncOp>(functionName))
    return existing;
  Emitter e(module.getLoc(), module.getContext());
  e.setInsertionPointToEnd(module.getBody());
  Type pointer = e.pointerType(), f64 = e.getF64Type();
  auto function = func::FuncOp::create(
      e, functionName, e.getFunctionType({pointer, pointer, pointer, e.getI64Type()}, {}));
  function.setPrivate();
  Block *entry = function.addEntryBlock();
  e.setInsertionPointToEnd(entry);
  Value x = entry->getArgument(0), result = entry->getArgument(1), scratch = entry->getArgument(2);
  Value m = entry->getArgument(3);
  Value count = e.mul(m, m);

  // The Frobenius norm squared bounds the norm; halve until it is below 1/4.
  auto norm = scf::ForOp::create(e, e.i64(0), count, e.i64(1), ValueRange{e.f64(0.0)});
  {
    OpBuilder::InsertionGuard guard(e);
    e.setInsertionPointToStart(norm.getBody());
    Value v = e.load(f64, e.at(f64, x, norm.getInductionVar()));
    Value sum = arith::AddFOp::create(e, norm.getRegionIterArg(0), arith::MulFOp::create(e, v, v));
    scf::YieldOp::create(e, ValueRange{sum});
  }
  SmallVector<Type> types = {f64, e.getI64Type(), f64};
  SmallVector<Location> locs(3, e.getLoc());
  auto halving =
      scf::WhileOp::create(e, types, ValueRange{norm.getResult(0), e.i64(0), e.f64(1.0)});
  {
    OpBuilder::InsertionGuard guard(e);
    Block *before = e.createBlock(&halving.getBefore(), {}, types, locs);
    Value large =
        arith::CmpFOp::create(e, arith::CmpFPredicate::OGT, before->getArgument(0), e.f64(0.25));
    Value more = arith::AndIOp::create(e, large, e.less(before->getArgument(1), e.i64(200)));
    scf::ConditionOp::create(e, more, before->getArguments());
    Block *after = e.createBlock(&halving.getAfter(), {}, types, locs);
    scf::YieldOp::create(e,
                         ValueRange{arith::MulFOp::create(e, after->getArgument(0), e.f64(0.25)),
                                    e.add(after->getArgument(1), e.i64(1)),
                                    arith::MulFOp::create(e, after->getArgument(2), e.f64(0.5))});
  }
  Value squarings = halving.getResult(1), scale = halving.getResult(2);
  e.loop(e.i64(0), count, e.i64(1), [&](Value i) {
    Value place = e.at(f64, x, i);
    e.store(arith::MulFOp::create(e, e.load(f64, place), scale), place);
    e.store(e.f64(0.0), e.at(f64, result, i));
  });
  auto unit = [&](Value i, Value j) {
    Value diagonal = arith::CmpIOp::create(e, arith::CmpIPredicate::eq, i, j);
    return Value(arith::SelectOp::create(e, diagonal, e.f64(1.0), e.f64(0.0)));
  };
  // Horner: E <- I + X E / n for n = 17 ... 1, from E = I.
  e.loop(e.i64(0), m, e.i64(1),
         [&](Value i) { e.store(e.f64(1.0), e.at(f64, result, e.add(e.mul(i, m), i))); });
  e.loop(e.i64(0), e.i64(17), e.i64(1), [&](Value done) {
    Value n = e.convert(e.sub(e.i64(17), done), f64);
    emitProduct(e, m, x, result, scratch, [&](Value i, Value j, Value sum) {
      return Value(arith::AddFOp::create(e, unit(i, j), arith::DivFOp::create(e, sum, n)));
    });
    emitCopy(e, count, scratch, result);
  });
  e.loop(e.i64(0), squarings, e.i64(1), [&](Value) {
    emitProduct(e, m, result, result, scratch, [](Value, Value, Value sum) { return sum; });
    emitCopy(e, count, scratch, result);
  });
  func::ReturnOp::create(e);
  return function;
}

} // namespace

void emitPropagator(Emitter &e, PropagatorOp op, IRMapping &map) {
  func::FuncOp function = exponentialFunction(op->getParentOfType<ModuleOp>());
  int64_t n = op.getSize(), m = 2 * n;
  Type f64 = e.getF64Type();
  // Inside the element loop; derived values are computed rarely, so the stack room is freed at
  // once.
  Value stack = LLVM::StackSaveOp::create(e, e.pointerType());
  Value x = e.stack(f64, m * m), result = e.stack(f64, m * m), scratch = e.stack(f64, m * m);
  for (int64_t i = 0; i < m * m; ++i)
    e.store(e.f64(0.0), e.at(f64, x, e.i64(i)));
  Value dt = map.lookup(op.getDt());
  auto entries = op.getEntries();
  for (auto [i, value] : llvm::enumerate(op.getValues())) {
    int64_t row = entries[2 * i], column = entries[2 * i + 1];
    e.store(arith::MulFOp::create(e, map.lookup(value), dt), e.at(f64, x, e.i64(row * m + column)));
  }
  for (int64_t i = 0; i < n; ++i)
    e.store(dt, e.at(f64, x, e.i64(i * m + n + i)));
  func::CallOp::create(e, function, ValueRange{x, result, scratch, e.i64(m)});
  auto wanted = op.getWanted();
  for (auto [i, value] : llvm::enumerate(op.getResults())) {
    int64_t column = wanted[3 * i + 2] + (wanted[3 * i] ? n : 0);
    map.map(value, e.load(f64, e.at(f64, result, e.i64(wanted[3 * i + 1] * m + column))));
  }
  LLVM::StackRestoreOp::create(e, stack);
}

} // namespace synfire::sim
