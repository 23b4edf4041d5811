//===- WriteRule.cpp - a quantised rule, back in its handler ---===//
#include "passes/sim/fixed/Rule.h"

#include "mlir/IR/Builders.h"
#include "mlir/IR/IRMapping.h"
#include "llvm/ADT/StringMap.h"

using namespace mlir;

namespace synfire::sim {

namespace {

/// Copies what a value of the quantised flat kernel is computed from to another place.
class Returner {
public:
  Returner(OpBuilder &b, llvm::function_ref<Value(StringRef field)> input) : b(b), input(input) {}

  Value copy(Value value) {
    if (Value known = copies.lookup(value))
      return known;
    Operation *op = value.getDefiningOp();
    if (auto get = dyn_cast<GetOp>(op))
      return copies[value] = input(get.getField());
    IRMapping map;
    for (Value operand : op->getOperands())
      map.map(operand, copy(operand));
    b.clone(*op, map);
    return copies[value] = map.lookup(value);
  }

private:
  OpBuilder &b;
  llvm::function_ref<Value(StringRef)> input;
  DenseMap<Value, Value> copies;
};

void eraseUnused(Block &block) {
  for (Operation &op : llvm::make_early_inc_range(llvm::reverse(block)))
    if (op.use_empty() && !isa<FieldOp, EndOp, SetOp, SendOp, YieldOp>(op))
      op.erase();
}

/// A field for a table, behind the others.
void addTableField(KernelOp kernel, Location loc, StringRef name) {
  FieldOp last;
  for (auto field : kernel.getBody().getOps<FieldOp>())
    last = field;
  OpBuilder b(kernel.getContext());
  b.setInsertionPointAfter(last);
  FieldOp::create(b, loc, name, FieldKind::Whole, b.getF64Type());
}

/// A table of its own for each decay of a rule, in the handler.
class TableWriter {
public:
  TableWriter(HandleOp handle, KernelOp kernel, ProgramOp program)
      : handle(handle), kernel(kernel), program(program) {}

  Value write(const RuleInput &input) {
    auto old = input.origin.getDefiningOp<LookupOp>();
    OpBuilder b(old);
    Location loc = old.getLoc();
    std::string name = "table_" + std::to_string(number++);
    addField(name, addArray(input, (handle.getOver() + ".#" + name).str()));
    auto lookup = LookupOp::create(b, loc, old.getResult().getType(), name,
                                   int64_t(input.table.size()), old.getAge());
    OpBuilder inside = OpBuilder::atBlockEnd(&lookup.getOtherwise().emplaceBlock());
    auto beyond = [&](OpBuilder &at) -> Value {
      return arith::ConstantOp::create(at, loc, at.getF64FloatAttr(input.beyond));
    };
    YieldOp::create(inside, loc, beyond(inside));
    if (!input.gate)
      return lookup.getResult();
    Value none = arith::ConstantOp::create(b, loc, b.getF64FloatAttr(0));
    Value fired = arith::CmpFOp::create(b, loc, arith::CmpFPredicate::UNE, input.gate, none);
    return arith::SelectOp::create(b, loc, fired, lookup.getResult(), beyond(b));
  }

private:
  ArrayOp addArray(const RuleInput &input, const std::string &name) {
    StringRef field = input.origin.getDefiningOp<LookupOp>().getField();
    auto ages = cast<ArrayOp>(
        SymbolTable::lookupSymbolIn(program, boundTo(handle, kernel, field).getValue()));
    OpBuilder b(ages);
    auto array = cast<ArrayOp>(b.clone(*ages.getOperation()));
    array.setSymName(name);
    array.setValuesAttr(
        DenseElementsAttr::get(RankedTensorType::get({int64_t(input.table.size())}, b.getF64Type()),
                               ArrayRef<double>(input.table)));
    array.setFormatAttr(b.getDenseI64ArrayAttr(input.format));
    return array;
  }

  void addField(StringRef name, ArrayOp array) {
    addTableField(kernel, handle.getLoc(), name);
    Builder b(kernel.getContext());
    SmallVector<Attribute> bind(handle.getBind().begin(), handle.getBind().end());
    bind.push_back(FlatSymbolRefAttr::get(array.getSymNameAttr()));
    handle.setBindAttr(b.getArrayAttr(bind));
  }

  HandleOp handle;
  KernelOp kernel;
  ProgramOp program;
  unsigned number = 0;
};

} // namespace

/// What settles connections follows spikes as the handler does.
static LogicalResult writeSettle(SettleOp settle, HandleOp handle, RecallOp from,
                                 ProgramOp program) {
  auto kernel = cast<KernelOp>(SymbolTable::lookupSymbolIn(program, settle.getKernel()));
  auto connections = cast<ConnectionsOp>(SymbolTable::lookupSymbolIn(program, settle.getOver()));
  RecallOp recall;
  kernel.walk([&](RecallOp op) { recall = op; });
  OpBuilder b(recall);
  IRMapping map;
  auto handler = cast<KernelOp>(SymbolTable::lookupSymbolIn(program, handle.getKernel()));
  SmallVector<Attribute> bind(settle.getBind().begin(), settle.getBind().end());
  llvm::StringMap<std::string> tables;
  from.getBody().walk([&](LookupOp lookup) {
    std::string &name = tables[lookup.getField()];
    if (!name.empty())
      return;
    name = ("fixed_" + lookup.getField()).str();
    addTableField(kernel, lookup.getLoc(), name);
    bind.push_back(boundTo(handle, handler, lookup.getField()));
  });
  settle.setBindAttr(b.getArrayAttr(bind));
  // Values that the handler has of the spike of the source are those that the source keeps.
  std::function<LogicalResult(Value)> bring = [&](Value value) -> LogicalResult {
    if (map.contains(value) || !value.getDefiningOp())
      return success();
    Operation *op = value.getDefiningOp();
    if (auto payload = dyn_cast<PayloadOp>(op)) {
      auto get =
          latchedValue(connections, true, payload.getNumber(), program).getDefiningOp<GetOp>();
      auto update = llvm::find_if(program.getBody().getOps<UpdateOp>(), [&](UpdateOp one) {
        return one.getOver() == connections.getSource();
      });
      auto ofSource = cast<KernelOp>(SymbolTable::lookupSymbolIn(program, (*update).getKernel()));
      Attribute array = get ? Attribute(boundTo(*update, ofSource, get.getField())) : Attribute();
      for (auto [field, to] : llvm::zip(kernel.getBody().getOps<FieldOp>(), settle.getBind()))
        if (to == array) {
          map.map(value, GetOp::create(b, op->getLoc(), value.getType(), field.getSymName()));
          return success();
        }
      return settle.emitOpError("does not read what the source latched");
    }
    for (Value operand : op->getOperands())
      if (failed(bring(operand)))
        return failure();
    b.clone(*op, map);
    return success();
  };
  WalkResult brought = from.getBody().walk([&](Operation *op) {
    for (Value operand : op->getOperands())
      if (!from.getBody().isAncestor(operand.getParentRegion()) && failed(bring(operand)))
        return WalkResult::interrupt();
    return WalkResult::advance();
  });
  if (brought.wasInterrupted())
    return failure();
  Region &body = recall.getBody();
  body.dropAllReferences();
  body.getBlocks().clear();
  from.getBody().cloneInto(&body, map);
  body.walk([&](Operation *op) {
    if (auto lookup = dyn_cast<LookupOp>(op))
      lookup.setFieldAttr(FlatSymbolRefAttr::get(b.getStringAttr(tables[lookup.getField()])));
    else if (auto remembered = dyn_cast<RememberedOp>(op))
      remembered.setHistoryAttr(recall.getHistoryAttr());
  });
  eraseUnused(kernel.getBody().front());
  return success();
}

LogicalResult writeRule(const FlatRule &rule, HandleOp handle, ProgramOp program) {
  auto kernel = cast<KernelOp>(SymbolTable::lookupSymbolIn(program, handle.getKernel()));
  RecallOp recall;
  SetOp set;
  for (Operation &op : kernel.getBody().front()) {
    if (auto one = dyn_cast<RecallOp>(op))
      recall = one;
    if (auto one = dyn_cast<SetOp>(op))
      set = one;
  }
  TableWriter tables(handle, kernel, program);
  auto origin = [&](StringRef field, Value weight) {
    const RuleInput *input = rule.input(field);
    return !input ? weight : input->isDecay() ? tables.write(*input) : input->origin;
  };
  if (rule.post) {
    Block &block = recall.getBody().front();
    OpBuilder b(block.getTerminator());
    auto input = [&](StringRef field) { return origin(field, block.getArgument(0)); };
    Value next = Returner(b, input).copy(rule.post->getOperand(0));
    block.getTerminator()->setOperand(0, next);
    eraseUnused(block);
  }
  if (rule.pre) {
    Value old = set.getValue();
    OpBuilder b(kernel.getContext());
    b.setInsertionPointAfter(old.getDefiningOp());
    Value before = recall ? recall.getResults().front() : Value();
    if (!before)
      before = GetOp::create(b, set.getLoc(), b.getF64Type(), set.getField());
    auto input = [&](StringRef field) { return origin(field, before); };
    // Set, and sent.
    old.replaceAllUsesWith(Returner(b, input).copy(rule.pre->getOperand(0)));
  }
  eraseUnused(kernel.getBody().front());
  if (recall)
    for (auto settle : program.getBody().getOps<SettleOp>())
      if (settle.getOver() == handle.getOver() &&
          failed(writeSettle(settle, handle, recall, program)))
        return failure();
  return success();
}

} // namespace synfire::sim
