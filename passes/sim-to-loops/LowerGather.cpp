//===- LowerGather.cpp - continuous couplings, summed per target ---===//
//
// One sum per target in the order of its sources, so that the result does not depend on how many
// partitions or lanes there are. Rows of targets are summed one after the other; rows of sources,
// which connections with events have, are walked in order, and each adds to the sums of its
// targets. What comes with a delay is read from the values kept of the past.
//
//===----------------------------------------------------------------------===//
#include "passes/sim-to-loops/KernelBody.h"

using namespace mlir;

namespace synfire::sim {

namespace {

class GatherLowering {
public:
  GatherLowering(Emitter &e, KernelOp kernel, RowForm form)
      : e(e), k(beginFunction(e, kernel)), form(form),
        sums(kernel.getBody().getOps<AccumulateOp>()) {}

  void run(bool alike) {
    prepare();
    Value rows = rangeMember(e, k, Count);
    if (alike) {
      copyFirst(rows);
      return endFunction(e);
    }
    e.loop(e.i64(0), rows, e.i64(1),
           [&](Value row) { form.byTarget ? sumRow(row) : spreadRow(row); });
    endFunction(e);
  }

private:
  void prepare() {
    now = rangeMember(e, k, Step);
    for (FieldOp field : k.kernel.getBody().getOps<FieldOp>()) {
      Value slot = k.pointer[field.getSymName()];
      if (field.getKind() == FieldKind::Rows) {
        offsets = e.member(e.pointerType(), slot, 0);
        others = e.member(e.pointerType(), slot, form.byTarget ? 2 : 1);
        delays = e.member(e.pointerType(), slot, 3);
        delay = e.member(e.getI64Type(), slot, 5);
      } else if (field.getKind() == FieldKind::Uniform) {
        uniforms[field.getSymName()] = e.load(field.getType(), slot);
      }
    }
  }

  Value rowStart(Value row) {
    Value value = e.load(e.getI32Type(), e.at(e.getI32Type(), offsets, row));
    return arith::ExtUIOp::create(e, e.getI64Type(), value);
  }

  Value wide(Type stored, Value base, Value place) {
    return arith::ExtUIOp::create(e, e.getI64Type(), e.load(stored, e.at(stored, base, place)));
  }

  Value placeOfSum(AccumulateOp sum, Value target) {
    return e.at(k.typeOf(sum.getField()), k.pointer[sum.getField()], target);
  }

  /// The sums of one target, over its connections.
  void sumRow(Value target) {
    SmallVector<Value> init;
    for (AccumulateOp sum : sums)
      init.push_back(e.load(k.typeOf(sum.getField()), placeOfSum(sum, target)));
    Value begin = rowStart(target), end = rowStart(e.add(target, e.i64(1)));
    auto loop = scf::ForOp::create(e, begin, end, e.i64(1), init);
    {
      OpBuilder::InsertionGuard guard(e);
      e.setInsertionPointToStart(loop.getBody());
      Value c = loop.getInductionVar();
      SmallVector<Value> next = termsOf(c, wide(e.getI32Type(), others, c), target);
      for (auto [term, running] : llvm::zip(next, loop.getRegionIterArgs()))
        term = arith::AddFOp::create(e, running, term);
      scf::YieldOp::create(e, next);
    }
    for (auto [sum, value] : llvm::zip(sums, loop.getResults()))
      e.store(value, placeOfSum(sum, target));
  }

  /// The sum of the first target is that of all.
  void copyFirst(Value rows) {
    e.loop(e.i64(0), arith::MinSIOp::create(e, rows, e.i64(1)), e.i64(1),
           [&](Value row) { sumRow(row); });
    e.loop(e.i64(1), rows, e.i64(1), [&](Value row) {
      for (AccumulateOp sum : sums)
        e.store(e.load(k.typeOf(sum.getField()), placeOfSum(sum, e.i64(0))), placeOfSum(sum, row));
    });
  }

  /// Adds the connections of one source to the sums of their targets.
  void spreadRow(Value source) {
    e.loop(rowStart(source), rowStart(e.add(source, e.i64(1))), e.i64(1), [&](Value c) {
      Value target = wide(e.getI16Type(), others, c);
      for (auto [sum, term] : llvm::zip(sums, termsOf(c, source, target))) {
        Value place = placeOfSum(sum, target);
        e.store(arith::AddFOp::create(e, e.load(term.getType(), place), term), place);
      }
    });
  }

  /// What a connection adds to each of the sums.
  SmallVector<Value> termsOf(Value c, Value source, Value target) {
    Value late = form.delaysVary ? wide(e.getI16Type(), delays, c) : delay;
    IRMapping map;
    SmallVector<Value> terms;
    auto lower = [&](Operation *op) {
      if (auto get = dyn_cast<GetOp>(op)) {
        Value value = valueOf(get, c, source, target, late);
        map.map(get.getResult(), e.convert(value, get.getType()));
      } else if (isa<StepOp>(op)) {
        map.map(op->getResult(0), now);
      } else if (auto sum = dyn_cast<AccumulateOp>(op)) {
        terms.push_back(e.convert(map.lookup(sum.getValue()), k.typeOf(sum.getField())));
      }
    };
    emitBody(e, k, 1, map, lower, [](Operation *) { return true; });
    return terms;
  }

  Value valueOf(GetOp get, Value c, Value source, Value target, Value late) {
    StringRef name = get.getField();
    Type type = k.typeOf(name);
    Value slot = k.pointer[name];
    switch (k.kindOf(name)) {
    case FieldKind::Past:
      return pastValue(type, slot, source, late);
    case FieldKind::Source:
      return e.load(type, e.at(type, slot, source));
    case FieldKind::Element:
    case FieldKind::Target:
      return e.load(type, e.at(type, slot, target));
    case FieldKind::Connection: {
      Value base = e.member(e.pointerType(), slot, 0), scale = e.member(e.getF64Type(), slot, 1);
      return connectionValue(e, get, type, base, scale, c, 1);
    }
    default:
      return uniforms[name];
    }
  }

  /// Where in the past of a population the present step, less the connection's delay, begins.
  Value pastValue(Type type, Value slot, Value source, Value late) {
    Value slots = e.member(e.getI64Type(), slot, 1), stride = e.member(e.getI64Type(), slot, 2);
    Value place = e.bitAnd(e.sub(now, late), e.sub(slots, e.i64(1)));
    Value index = e.add(e.mul(place, stride), source);
    return e.load(type, e.at(type, e.member(e.pointerType(), slot, 0), index));
  }

  Emitter &e;
  LoweredKernel k;
  RowForm form;
  SmallVector<AccumulateOp> sums;
  Value offsets, others, delays, delay, now; ///< others: the elements at the other end of a row
  llvm::StringMap<Value> uniforms;
};

} // namespace

void lowerGather(Emitter &e, KernelOp kernel, RowForm rows, bool alike) {
  GatherLowering(e, kernel, rows).run(alike);
}

} // namespace synfire::sim
