//===- LowerDue.cpp - connections by source and delay ---===//
//
// What each connection sends is computed once, by the deliver kernel; the rest of the work is the
// same for all models: additions of stored amounts to the sums of one step.
//
//===----------------------------------------------------------------------===//
#include "passes/sim-to-loops/KernelBody.h"
#include "passes/sim-to-loops/SumWatch.h"

#include "runtime/synfire.h"

using namespace mlir;

namespace synfire::sim {

namespace {

constexpr int64_t width = 16;
/// Additions without a branch; of them, as many at a time as there are registers for.
constexpr int64_t block = 8, unrolled = 4;
/// Members of syn_due (synfire.h), by position.
enum DueMember { Sums, Segments, SegmentCount, Entries, Amounts, Shift, Amount };
/// Rows are far apart, so that the machine cannot foresee them: the first connections of a segment
/// are asked for some segments ahead of time, and those that follow while its predecessor is added.
constexpr int64_t ahead = 8, together = 64, mostAhead = 4 * together, line = 64;

enum class Form { Packed, Wide, Uniform };

struct DueFunction {
  Emitter &e;
  Form form;
  Type sum; // of the sums and amounts
  Value sums, segments, entries, amounts, shift, amount;

  DueFunction(Emitter &e, Form form, Type sum) : e(e), form(form), sum(sum) {}

  Type entryType() { return form == Form::Packed ? e.getI32Type() : e.getI16Type(); }
  void add(Value c, Value rest = {});
  Value border(Value number, int64_t which);
  void prefetch(Value c, int64_t number);
  void ask(Value number);
  void segment(Value number);
  void emit(StringRef name, ModuleOp module);
};

/// The additions of a block of connections from c on, or of the first `rest` of them. All entries
/// are read before the first sum is written, so that no addition waits for another that goes
/// elsewhere.
void DueFunction::add(Value c, Value rest) {
  for (int64_t first = 0; first < block; first += unrolled) {
    SmallVector<std::pair<Value, Value>> additions; // place, amount
    for (int64_t i = first; i < first + unrolled; ++i) {
      Value place = e.add(c, e.i64(i));
      Value index, what = amount;
      if (form == Form::Packed) {
        // Two loads are less than one and what takes it apart.
        Value entry = e.at(entryType(), entries, place);
        index = e.load(e.getI16Type(), entry);
        what = e.load(e.getI16Type(), e.at(e.getI16Type(), entry, e.i64(1)));
        what = arith::ShLIOp::create(e, e.convert(what, sum), shift);
      } else {
        index = e.load(entryType(), e.at(entryType(), entries, place));
      }
      if (form == Form::Wide) {
        what = e.load(sum, e.at(sum, amounts, place));
      }
      if (rest)
        what = arith::SelectOp::create(e, e.less(e.i64(i), rest), what,
                                       arith::ConstantOp::create(e, e.getIntegerAttr(sum, 0)));
      additions.push_back(
          {e.at(sum, sums, arith::ExtUIOp::create(e, e.getI64Type(), index)), what});
    }
    for (auto [place, what] : additions)
      e.store(e.add(e.load(sum, place), what), place);
  }
}

Value DueFunction::border(Value number, int64_t which) {
  Value place = e.at(e.getI32Type(), segments, e.add(e.mul(number, e.i64(2)), e.i64(which)));
  return arith::ExtUIOp::create(e, e.getI64Type(), e.load(e.getI32Type(), place));
}

/// Asks for what belongs to `number` connections from c on.
void DueFunction::prefetch(Value c, int64_t number) {
  for (Value list : {entries, form == Form::Wide ? amounts : Value()}) {
    if (!list)
      continue;
    Type type = list == entries ? entryType() : sum;
    int64_t bytes = number * (type.getIntOrFloatBitWidth() / 8);
    Value place = e.at(type, list, c);
    for (int64_t i = 0; i < bytes; i += line)
      LLVM::Prefetch::create(e, e.at(e.getI8Type(), place, e.i64(i)), 0, 3, 1);
  }
}

/// Asks for the first connections of a segment.
void DueFunction::ask(Value number) {
  Value first = border(number, 0);
  Value last = arith::MinSIOp::create(e, border(number, 1), e.add(first, e.i64(mostAhead)));
  prefetch(first, together);
  e.loop(e.add(first, e.i64(together)), last, e.i64(together),
         [&](Value c) { prefetch(c, together); });
}

void DueFunction::segment(Value number) {
  ask(e.add(number, e.i64(ahead)));
  Value begin = border(number, 0), end = border(number, 1);
  Value whole = e.add(begin, e.bitAnd(e.sub(end, begin), e.i64(-block)));
  Value known = arith::MinSIOp::create(e, whole, e.add(begin, e.i64(mostAhead)));
  Value toNext = e.sub(border(e.add(number, e.i64(1)), 0), begin);
  e.loop(begin, known, e.i64(block), [&](Value c) { add(c); });
  e.loop(known, whole, e.i64(block), [&](Value c) {
    prefetch(e.add(c, toNext), block);
    add(c);
  });
  // Segments are short, and a branch that goes the wrong way costs more than some additions of 0:
  // behind the end are connections of the next row to the same sums, or zeros.
  add(whole, e.sub(end, whole));
}

void DueFunction::emit(StringRef name, ModuleOp module) {
  e.setInsertionPointToEnd(module.getBody());
  auto type = e.getFunctionType({e.pointerType()}, {});
  auto function = func::FuncOp::create(e, name, type);
  e.setInsertionPointToStart(function.addEntryBlock());
  Value due = function.getArgument(0);
  sums = e.member(e.pointerType(), due, Sums);
  segments = e.member(e.pointerType(), due, Segments);
  entries = e.member(e.pointerType(), due, Entries);
  if (form == Form::Wide)
    amounts = e.member(e.pointerType(), due, Amounts);
  if (form == Form::Packed)
    shift = e.convert(e.member(e.getI64Type(), due, Shift), e.getI32Type());
  if (form == Form::Uniform)
    amount = e.convert(e.member(e.getI64Type(), due, Amount), sum);
  // Behind the last segment are empty ones.
  e.loop(e.i64(0), e.i64(ahead), e.i64(1), [&](Value number) { ask(number); });
  e.loop(e.i64(0), e.member(e.getI64Type(), due, SegmentCount), e.i64(1),
         [&](Value number) { segment(number); });
  func::ReturnOp::create(e);
}

} // namespace

void emitDueFunctions(Emitter &e, ModuleOp module, Type sum) {
  // Packed amounts are added to 32-bit sums: with 64 bits for a sum, 16 are too few for an amount.
  if (sum.isInteger(32))
    DueFunction(e, Form::Packed, sum).emit(SYN_DUE_PACKED, module);
  DueFunction(e, Form::Wide, sum).emit(SYN_DUE_WIDE, module);
  DueFunction(e, Form::Uniform, sum).emit(SYN_DUE_UNIFORM, module);
}

void lowerAmounts(Emitter &e, KernelOp kernel) {
  LoweredKernel k = beginFunction(e, kernel);
  Value count = rangeMember(e, k, Count), out = rangeMember(e, k, Out);
  llvm::StringMap<Value> base, factor; // of the value per connection; uniform values
  for (FieldOp field : kernel.getBody().getOps<FieldOp>()) {
    StringRef name = field.getSymName();
    if (field.getKind() == FieldKind::Connection) {
      base[name] = e.member(e.pointerType(), k.pointer[name], 0);
      factor[name] = e.member(e.getF64Type(), k.pointer[name], 1);
    } else if (field.getKind() == FieldKind::Uniform) {
      factor[name] = e.load(field.getType(), k.pointer[name]);
    }
  }
  SumWatch sums(e, k);
  sums.prepare();
  auto valueOf = [&](GetOp get, Value c) {
    StringRef name = get.getField();
    Value own = factor[name];
    if (k.kindOf(name) == FieldKind::Connection)
      return connectionValue(e, get, k.typeOf(name), base[name], own, c, width);
    return e.convert(own, get.getType());
  };
  e.loop(e.i64(0), count, e.i64(width), [&](Value c) {
    IRMapping map;
    emitBody(
        e, k, width, map,
        [&](Operation *op) {
          if (auto get = dyn_cast<GetOp>(op)) {
            map.map(get.getResult(), valueOf(get, c));
          } else if (auto round = dyn_cast<RoundOp>(op)) {
            Value value = e.splat(map.lookup(round.getValue()), width);
            if (sums.watches(round)) {
              Value number = e.add(e.splat(c, width), e.laneNumbers(e.getI64Type(), width));
              sums.rounded(round, value, e.i64(0), c, e.less(number, e.splat(count, width)));
            }
            map.map(round.getResult(), nearestInteger(e, round, value));
          } else if (auto send = dyn_cast<SendOp>(op)) {
            Type type = send.getAmount().getType();
            Value amounts = e.splat(map.lookup(send.getAmount()), width);
            e.store(amounts, e.at(type, out, c), type.getIntOrFloatBitWidth() / 8);
          }
        },
        [](Operation *) { return true; });
  });
  endFunction(e);
}

} // namespace synfire::sim
