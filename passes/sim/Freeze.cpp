//===- Freeze.cpp - sim-freeze ---===//
//
// A kernel is shared by all that are alike in structure; with their numbers inside, it is shared by
// those that have the same numbers.
//
//===----------------------------------------------------------------------===//
#include "passes/sim/LiveArrays.h"
#include "passes/sim/Passes.h"
#include "runtime/random/Grid.h"

#include "mlir/IR/Matchers.h"
#include "mlir/Transforms/GreedyPatternRewriteDriver.h"
#include "llvm/ADT/MapVector.h"
#include "llvm/ADT/StringSet.h"

namespace synfire::sim {
#define GEN_PASS_DEF_SIMFREEZEPASS
#include "passes/sim/Passes.h.inc"
} // namespace synfire::sim

using namespace mlir;
using namespace synfire::sim;

namespace {

/// A number as what a kernel reads of it: parameters are f64 where states are f32.
TypedAttr converted(Attribute number, FieldOp field, Type type) {
  auto real = dyn_cast<FloatAttr>(number);
  if (!real)
    return IntegerAttr::get(type, cast<IntegerAttr>(number).getInt());
  llvm::APFloat value = real.getValue();
  bool inexact;
  for (Type step : {field.getType(), type}) // as it is kept, then as it is read
    value.convert(cast<FloatType>(step).getFloatSemantics(), llvm::APFloat::rmNearestTiesToEven,
                  &inexact);
  return FloatAttr::get(type, value);
}

class Freezer {
public:
  explicit Freezer(ProgramOp program) : program(program), symbols(program), changing(program) {
    if (auto given = program->getAttrOfType<DictionaryAttr>("sim.instance"))
      instance = given;
  }

  void freeze() {
    if (!instance)
      return;
    for (auto array : program.getBody().getOps<ArrayOp>())
      if (auto values = instance.getAs<ElementsAttr>(array.getSymNameAttr()))
        array.setValuesAttr(values);
      else if (auto number = instance.getAs<FloatAttr>(array.getSymNameAttr()))
        array.setValueAttr(number); // the runtime makes tables of some
      else if (auto start = instance.getAs<DenseF64ArrayAttr>(array.getSymNameAttr()))
        array.setStartAttr(start);
    for (auto sum : program.getBody().getOps<AccumulatorOp>())
      if (auto range = instance.getAs<DenseF64ArrayAttr>(sum.getSymNameAttr()))
        sum.setRangeAttr(range);
    for (auto drive : program.getBody().getOps<PoissonOp>())
      if (auto thresholds = instance.getAs<ElementsAttr>(drive.getSymNameAttr()))
        drive.setThresholdsAttr(thresholds);
    for (auto list : program.getBody().getOps<SpikeListOp>())
      if (list.getDelays())
        shift(list);
    // Launches by what they have in common.
    llvm::MapVector<std::pair<StringAttr, Attribute>, SmallVector<LaunchInterface>> groups;
    program.walk([&](LaunchInterface launch) {
      auto kernel = symbols.lookup<KernelOp>(launch.kernelName());
      groups[{kernel.getSymNameAttr(), numbersOf(launch, kernel)}].push_back(launch);
    });
    for (auto &[key, launches] : groups) {
      auto numbers = cast<ArrayAttr>(key.second);
      bool frozen = llvm::any_of(numbers, [](Attribute number) { return !isa<UnitAttr>(number); });
      if (!dropKnown(launches) && frozen)
        bake(symbols.lookup<KernelOp>(key.first), numbers, launches);
    }
    eraseUnused();
    program->removeAttr("sim.instance");
  }

private:
  void shift(SpikeListOp list);
  ArrayAttr numbersOf(LaunchInterface launch, KernelOp kernel);
  bool dropKnown(ArrayRef<LaunchInterface> launches);
  void bake(KernelOp kernel, ArrayAttr numbers, ArrayRef<LaunchInterface> launches);
  void fold(KernelOp kernel);
  void eraseUnused();

  ProgramOp program;
  SymbolTable symbols;
  LiveArrays changing;
  DictionaryAttr instance;
};

/// Gives the times at which spikes act, where their delays are known.
void Freezer::shift(SpikeListOp list) {
  auto delays = instance.getAs<DenseElementsAttr>(list.getDelaysAttr().getAttr());
  auto runs = program.getBody().getOps<RunOp>();
  if (!delays || runs.empty())
    return;
  double step = (*runs.begin()).getStep().convertToDouble();
  auto late = llvm::to_vector(delays.getValues<double>());
  std::vector<std::pair<double, int32_t>> spikes;
  for (auto [time, element] :
       llvm::zip(list.getTimes().getValues<double>(), list.getElements().getValues<int32_t>())) {
    int64_t stamp = std::max<int64_t>(1, synfire::runtime::toSteps(time, step).steps);
    spikes.push_back({(double(stamp) + late[element]) * step, element});
  }
  llvm::stable_sort(spikes, llvm::less_first());
  SmallVector<double> times;
  SmallVector<int32_t> elements;
  for (auto [time, element] : spikes) {
    times.push_back(time);
    elements.push_back(element);
  }
  list.setTimesAttr(
      DenseElementsAttr::get(cast<ShapedType>(list.getTimes().getType()), ArrayRef(times)));
  list.setElementsAttr(
      DenseElementsAttr::get(cast<ShapedType>(list.getElements().getType()), ArrayRef(elements)));
  list.removeDelaysAttr();
}

/// For each field the number that it always has, or unit.
ArrayAttr Freezer::numbersOf(LaunchInterface launch, KernelOp kernel) {
  Builder b(program.getContext());
  SmallVector<Attribute> numbers;
  for (auto [field, bound] : llvm::zip(kernel.getBody().getOps<FieldOp>(), launch.bindings())) {
    Attribute number = b.getUnitAttr();
    if (field.getKind() == FieldKind::Uniform) {
      auto symbol = dyn_cast<FlatSymbolRefAttr>(bound);
      if (auto datum = dyn_cast<IntegerAttr>(bound))
        number = datum;
      else if (symbol && !changing.contains(symbol.getValue()))
        if (auto known = instance.getAs<FloatAttr>(symbol.getAttr()))
          number = known;
    }
    numbers.push_back(number);
  }
  return b.getArrayAttr(numbers);
}

/// What computes only values that are known is not needed, unless it does so again in a run.
bool Freezer::dropKnown(ArrayRef<LaunchInterface> launches) {
  for (LaunchInterface launch : launches) {
    if (!isa<DeriveOp, InitOp>(launch.getOperation()))
      return false;
    bool again = isa<DeriveOp>(launch.getOperation());
    auto kernel = symbols.lookup<KernelOp>(launch.kernelName());
    llvm::StringMap<Attribute> bound;
    for (auto [field, to] : llvm::zip(kernel.getBody().getOps<FieldOp>(), launch.bindings()))
      bound[field.getSymName()] = to;
    for (auto set : kernel.getBody().getOps<SetOp>()) {
      auto array = dyn_cast<FlatSymbolRefAttr>(bound[set.getField()]);
      if (!array || !instance.contains(array.getAttr()) ||
          (again && changing.contains(array.getValue())))
        return false;
    }
  }
  for (LaunchInterface launch : launches)
    launch->erase();
  return true;
}

/// A copy of a kernel, with numbers in place of the fields that have one.
void Freezer::bake(KernelOp original, ArrayAttr numbers, ArrayRef<LaunchInterface> launches) {
  OpBuilder b(original);
  auto kernel = cast<KernelOp>(b.clone(*original));
  kernel.setSymName((original.getSymName() + "_frozen").str());
  symbols.insert(kernel);
  llvm::StringMap<Attribute> known;
  llvm::StringMap<FieldOp> fields;
  for (auto [field, number] : llvm::zip(kernel.getBody().getOps<FieldOp>(), numbers)) {
    fields[field.getSymName()] = field;
    if (!isa<UnitAttr>(number))
      known[field.getSymName()] = number;
  }
  kernel.walk([&](GetOp get) {
    auto number = known.find(get.getField());
    if (number == known.end())
      return;
    b.setInsertionPoint(get);
    auto value = arith::ConstantOp::create(
        b, get.getLoc(),
        converted(number->second, fields.lookup(get.getField()), get.getResult().getType()));
    get.replaceAllUsesWith(value.getResult());
    get.erase();
  });
  llvm::StringSet<> used; // a limit of sums, for one, is named
  kernel.walk([&](Operation *op) {
    if (!isa<FieldOp>(op))
      for (NamedAttribute attribute : op->getAttrDictionary())
        if (auto field = dyn_cast<FlatSymbolRefAttr>(attribute.getValue()))
          used.insert(field.getValue());
  });
  SmallVector<bool> kept;
  for (auto field : llvm::make_early_inc_range(kernel.getBody().getOps<FieldOp>())) {
    kept.push_back(!known.contains(field.getSymName()) || used.contains(field.getSymName()));
    if (!kept.back())
      field.erase();
  }
  for (LaunchInterface launch : launches) {
    SmallVector<Attribute> bind;
    for (auto [keep, bound] : llvm::zip(kept, launch.bindings()))
      if (keep)
        bind.push_back(bound);
    launch->setAttr("bind", b.getArrayAttr(bind));
    launch->setAttr("kernel", FlatSymbolRefAttr::get(kernel.getSymNameAttr()));
  }
  fold(kernel);
}

/// math has no folder for it.
LogicalResult foldFma(math::FmaOp op, PatternRewriter &rewriter) {
  APFloat a(0.0), b(0.0), c(0.0);
  if (!matchPattern(op.getA(), m_ConstantFloat(&a)) ||
      !matchPattern(op.getB(), m_ConstantFloat(&b)) ||
      !matchPattern(op.getC(), m_ConstantFloat(&c)))
    return failure();
  a.fusedMultiplyAdd(b, c, APFloat::rmNearestTiesToEven);
  rewriter.replaceOpWithNewOp<arith::ConstantOp>(op, FloatAttr::get(op.getType(), a));
  return success();
}

/// Folds what follows from numbers; that keeps each rounding.
void Freezer::fold(KernelOp kernel) {
  RewritePatternSet patterns(kernel.getContext());
  for (RegisteredOperationName name : kernel.getContext()->getRegisteredOperations())
    if (isa<arith::ArithDialect>(name.getDialect()))
      name.getCanonicalizationPatterns(patterns, kernel.getContext());
  patterns.add(foldFma);
  (void)applyPatternsGreedily(kernel.getBody(), std::move(patterns));
  // Constants went to the begin, which is where fields stand.
  Block &body = kernel.getBody().front();
  Operation *first = &body.front();
  for (auto field : llvm::make_early_inc_range(body.getOps<FieldOp>()))
    if (first != field)
      field->moveBefore(first);
    else
      first = first->getNextNode();
}

/// Kernels that nothing runs, and numbers that nothing reads any more.
void Freezer::eraseUnused() {
  llvm::DenseSet<Attribute> used;
  for (auto connections : program.getBody().getOps<ConnectionsOp>()) // told at the end of a run
    used.insert(StringAttr::get(program.getContext(), connections.getSymName() + ".weight"));
  program.walk<WalkOrder::PreOrder>([&](Operation *op) {
    if (isa<KernelOp>(op))
      return WalkResult::skip();
    if (op != program)
      op->getAttrDictionary().walk([&](FlatSymbolRefAttr name) { used.insert(name.getAttr()); });
    return WalkResult::advance();
  });
  for (Operation &op : llvm::make_early_inc_range(program.getBody().front())) {
    auto array = dyn_cast<ArrayOp>(op);
    bool goes = isa<KernelOp>(op) ||
                (array && array.getUniform() && instance.contains(array.getSymNameAttr()) &&
                 array.getSymName() != "dt"); // the runtime sets the step
    if (goes && !used.contains(SymbolTable::getSymbolName(&op)))
      op.erase();
  }
}

struct SimFreezePass : synfire::sim::impl::SimFreezePassBase<SimFreezePass> {
  void runOnOperation() override {
    for (ProgramOp program : getOperation().getOps<ProgramOp>())
      Freezer(program).freeze();
  }
};

} // namespace
