//===- LowerPrecision.cpp - sim-lower-precision ---===//
#include "dialects/sim/Sim.h"
#include "passes/sim/Passes.h"
#include "passes/sim/StepCounts.h"

namespace synfire::sim {
#define GEN_PASS_DEF_SIMLOWERPRECISIONPASS
#include "passes/sim/Passes.h.inc"
} // namespace synfire::sim

using namespace mlir;
using namespace synfire::sim;

namespace {

/// Arrays whose values are kept in single precision. Parameters are inputs of the f64 derivation.
bool isNarrowed(ArrayOp array) {
  if (!array.getType().isF64() || array.getWide())
    return false;
  switch (array.getKind()) {
  case ArrayKind::State:
  case ArrayKind::Coupling:
  case ArrayKind::History:
    return true;
  case ArrayKind::Derived:
    return true;
  default:
    return false;
  }
}

/// Who else uses numbers of steps takes them in single precision, their differences as a rule; what
/// they are made of beside themselves becomes wide.
void separate(const llvm::SetVector<Value> &counts) {
  OpBuilder b(counts.front().getContext());
  auto isWide = [&](OpOperand &use) {
    Operation *user = use.getOwner();
    return isa<SetOp, EmitOp, arith::FPToSIOp>(user) ||
           (user->getNumResults() == 1 && counts.contains(user->getResult(0)));
  };
  for (Value count : counts) {
    Operation *op = count.getDefiningOp();
    b.setInsertionPoint(op);
    for (OpOperand &operand : op->getOpOperands())
      if (isa<FloatType>(operand.get().getType()) && !counts.contains(operand.get()))
        operand.set(arith::ExtFOp::create(b, op->getLoc(), b.getF64Type(), operand.get()));
    b.setInsertionPointAfter(op);
    if (llvm::all_of(count.getUses(), isWide))
      continue;
    Value narrow = arith::TruncFOp::create(b, op->getLoc(), b.getF32Type(), count);
    count.replaceUsesWithIf(narrow, [&](OpOperand &use) {
      return use.getOwner() != narrow.getDefiningOp() && !isWide(use);
    });
  }
}

/// f64 becomes f32 and i64 sums become i32 in a kernel that runs every step, but for \p counts.
void narrowBody(KernelOp kernel, const llvm::SetVector<Value> &counts) {
  Builder b(kernel.getContext());
  if (!counts.empty())
    separate(counts);
  kernel.walk([&](Operation *op) {
    if (isa<FieldOp, StepOp, ElementOp, KernelOp, arith::ExtFOp>(op) ||
        (op->getNumResults() == 1 && counts.contains(op->getResult(0))))
      return;
    if (auto constant = dyn_cast<arith::ConstantOp>(op)) {
      if (auto number = dyn_cast<FloatAttr>(constant.getValue()))
        constant.setValueAttr(b.getF32FloatAttr(number.getValueAsDouble()));
    }
    bool sum = isa<CollectOp, RoundOp>(op);
    for (Value result : op->getResults()) {
      if (result.getType().isF64())
        result.setType(b.getF32Type());
      else if (sum && result.getType().isInteger(64))
        result.setType(b.getI32Type());
    }
  });
  kernel.walk([&](RecallOp recall) {
    for (BlockArgument argument : recall.getBody().getArguments())
      argument.setType(b.getF32Type());
  });
  kernel.walk([&](RepeatOp repeat) {
    // The running values are of the types that one event gives them.
    for (auto [i, value] :
         llvm::enumerate(repeat.getBody().front().getTerminator()->getOperands())) {
      Type type = value.getType();
      if (auto sum = value.getDefiningOp<arith::AddIOp>())
        type = sum->getOperand(0).getType();
      Operation *start = repeat.getStart()[i].getDefiningOp();
      OpBuilder at(repeat);
      if (isa_and_nonnull<arith::ConstantOp>(start) && type.isInteger(32))
        repeat.getStartMutable()[i].set(
            arith::ConstantOp::create(at, repeat.getLoc(), b.getI32IntegerAttr(0)));
      repeat.getBody().front().getArgument(i).setType(type);
      repeat.getResult(i).setType(type);
    }
  });
  // Sums made of sums: everything integer between collect, round and their uses narrows with them.
  kernel.walk([&](Operation *op) {
    if (isa<arith::AddIOp, arith::MulIOp, arith::SubIOp>(op) &&
        op->getOperand(0).getType().isInteger(32))
      op->getResult(0).setType(b.getI32Type());
    if (isa<arith::ExtSIOp, arith::ExtUIOp>(op) && op->getOperand(0).getType().isInteger(32))
      op->getResult(0).replaceAllUsesWith(op->getOperand(0));
    if (auto narrow = dyn_cast<arith::TruncIOp>(op);
        narrow && narrow.getIn().getType().isInteger(32))
      narrow.replaceAllUsesWith(narrow.getIn());
  });
  // What was a widening or narrowing cast is none any more.
  kernel.walk([](Operation *op) {
    if (isa<arith::ExtSIOp, arith::ExtUIOp, arith::TruncIOp>(op) && op->use_empty())
      op->erase();
  });
}

/// The array that the amounts of spikes follow from, where it is one for each connection: the
/// weights.
ArrayOp soleValues(SymbolTable &symbols, DeliverOp deliver) {
  ArrayOp found;
  auto kernel = symbols.lookup<KernelOp>(deliver.getKernel());
  for (auto [field, bound] : llvm::zip(kernel.getBody().getOps<FieldOp>(), deliver.getBind())) {
    if (field.getKind() != FieldKind::Connection)
      continue;
    if (found)
      return ArrayOp();
    found = symbols.lookup<ArrayOp>(cast<FlatSymbolRefAttr>(bound).getValue());
  }
  return found;
}

/// Data of one role may be a parameter here, which stays wide, and a state there: a kernel that
/// both share has a copy for each list of types that its fields are bound to.
class Variants {
public:
  explicit Variants(SymbolTable &symbols) : symbols(symbols) {}

  KernelOp of(KernelOp kernel, ArrayRef<Type> types) {
    auto &known = variants[kernel];
    for (auto &[own, variant] : known)
      if (ArrayRef<Type>(own) == types)
        return variant;
    KernelOp variant = kernel;
    if (!known.empty()) {
      variant = cast<KernelOp>(kernel->clone());
      symbols.insert(variant, std::next(kernel->getIterator()));
    }
    for (auto [field, type] : llvm::zip(variant.getBody().getOps<FieldOp>(), types))
      field.setType(type);
    known.push_back({SmallVector<Type>(types), variant});
    return variant;
  }

private:
  SymbolTable &symbols;
  llvm::DenseMap<Operation *, SmallVector<std::pair<SmallVector<Type>, KernelOp>>> variants;
};

struct SimLowerPrecisionPass
    : synfire::sim::impl::SimLowerPrecisionPassBase<SimLowerPrecisionPass> {
  void runOnOperation() override {
    Builder b(&getContext());
    getOperation()->walk([&](ProgramOp program) {
      SymbolTable symbols(program);
      Variants variants(symbols);
      StepCounts counts(program);
      llvm::DenseSet<Operation *> narrowed;
      program.walk([&](ArrayOp array) {
        if (isNarrowed(array))
          array.setType(b.getF32Type());
      });
      for (auto deliver : program.getBody().getOps<DeliverOp>())
        if (ArrayOp amounts = soleValues(symbols, deliver))
          amounts.setType(b.getIntegerType(16));
      program.walk([&](AccumulatorOp accumulator) { accumulator.setType(b.getI32Type()); });
      program.walk([&](LaunchInterface launch) {
        auto kernel = symbols.lookup<KernelOp>(launch.kernelName());
        if (!kernel)
          return;
        if (isa<UpdateOp, DeliverOp, HandleOp, SettleOp, AdvanceOp, TimerOp, GatherOp>(
                launch.getOperation()) &&
            narrowed.insert(kernel).second)
          narrowBody(kernel, counts.find(kernel));
        SmallVector<Type> types;
        for (auto [field, bound] :
             llvm::zip(kernel.getBody().getOps<FieldOp>(), launch.bindings())) {
          auto name = dyn_cast<FlatSymbolRefAttr>(bound);
          Operation *data = name ? symbols.lookup(name.getValue()) : nullptr;
          types.push_back(field.getType());
          if (auto array = dyn_cast_or_null<ArrayOp>(data))
            types.back() = array.getType();
          else if (auto accumulator = dyn_cast_or_null<AccumulatorOp>(data))
            types.back() = accumulator.getType();
        }
        KernelOp variant = variants.of(kernel, types);
        launch->setAttr("kernel", FlatSymbolRefAttr::get(variant.getSymNameAttr()));
      });
    });
  }
};

} // namespace
