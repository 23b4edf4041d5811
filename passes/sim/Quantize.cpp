//===- Quantize.cpp - sim-quantize ---===//
//
// The formats of a kernel are those of all populations that it serves. Kernels of events only need
// to know the units of the sums that they add to: the amount of a connection is the nearest
// integer.
//
//===----------------------------------------------------------------------===//
#include "passes/sim/Passes.h"
#include "passes/sim/fixed/WriteKernel.h"

#include "mlir/IR/Builders.h"
#include "llvm/ADT/StringSet.h"

namespace synfire::sim {
#define GEN_PASS_DEF_SIMQUANTIZEPASS
#include "passes/sim/Passes.h.inc"
} // namespace synfire::sim

using namespace mlir;
using namespace synfire::sim;

namespace {

class Quantizer {
public:
  Quantizer(ProgramOp program, const FixedSettings &settings)
      : program(program), symbols(program), settings(settings) {}

  LogicalResult run() {
    for (Operation &op : program.getBody().front())
      if (isa<HandleOp, AdvanceOp, GatherOp, TimerOp, FramesOp, AssignOp, ConstrainOp>(op))
        return op.emitOpError(
            "has no fixed-point form yet: what fixed point takes are cells that meet by "
            "events of constant weight");
    llvm::MapVector<StringAttr, SmallVector<LaunchInterface>> updates;
    for (auto update : program.getBody().getOps<UpdateOp>())
      updates[update.getKernelAttr().getAttr()].push_back(update);
    for (auto &[name, launches] : updates)
      if (failed(quantize(symbols.lookup<KernelOp>(name), launches)))
        return failure();
    return useUnits();
  }

private:
  LogicalResult quantize(KernelOp kernel, ArrayRef<LaunchInterface> launches);
  void note(const FixedField &field);
  void roundStart(ArrayOp array, int fraction);
  LogicalResult useUnits();
  void dropUnits();

  ProgramOp program;
  SymbolTable symbols;
  FixedSettings settings;
};

double nearest(double value, int fraction) {
  return std::ldexp(std::nearbyint(std::ldexp(value, fraction)), -fraction);
}

void Quantizer::roundStart(ArrayOp array, int fraction) {
  Builder b(array.getContext());
  if (auto value = array.getValue())
    array.setValueAttr(b.getF64FloatAttr(nearest(value->convertToDouble(), fraction)));
  if (auto values = dyn_cast_or_null<DenseElementsAttr>(array.getValuesAttr())) {
    SmallVector<double> rounded;
    for (const APFloat &value : values.getValues<APFloat>())
      rounded.push_back(nearest(value.convertToDouble(), fraction));
    array.setValuesAttr(DenseElementsAttr::get(values.getType(), ArrayRef<double>(rounded)));
  }
}

void Quantizer::note(const FixedField &field) {
  Builder b(program.getContext());
  for (ArrayOp array : field.arrays) {
    array.setFormatAttr(b.getDenseI64ArrayAttr({field.bits, field.fraction}));
    if (field.hasError && field.isState)
      array.setErrorAttr(b.getF64FloatAttr(field.range.error));
    if (!field.isWhole)
      roundStart(array, field.fraction);
  }
}

LogicalResult Quantizer::quantize(KernelOp kernel, ArrayRef<LaunchInterface> launches) {
  KernelFormats formats(kernel, program, launches, settings);
  if (failed(formats.choose()) || failed(writeFixed(kernel, formats)))
    return failure();
  Builder b(program.getContext());
  for (auto &entry : formats.fields)
    note(entry.second);
  for (auto &entry : formats.sums)
    for (AccumulatorOp sum : entry.second.accumulators)
      sum.setFormatAttr(b.getDenseI64ArrayAttr({entry.second.bits, entry.second.fraction}));
  return success();
}

/// Kernels of events read the scale of the sum that they add to.
LogicalResult Quantizer::useUnits() {
  llvm::StringMap<double> scales;
  for (auto sum : program.getBody().getOps<AccumulatorOp>())
    if (auto format = sum.getFormat()) {
      scales[sum.getScale()] = power(int((*format)[1]));
      scales[sum.getInverse()] = power(-int((*format)[1]));
    }
  SmallVector<DeliverOp> all(program.getBody().getOps<DeliverOp>());
  for (DeliverOp deliver : all) {
    auto original = symbols.lookup<KernelOp>(deliver.getKernel());
    OpBuilder b(original);
    auto kernel = cast<KernelOp>(b.clone(*original));
    kernel.setSymName((original.getSymName() + "_fixed").str());
    llvm::StringMap<double> numbers;
    SmallVector<Attribute> kept;
    for (auto [field, to] :
         llvm::zip(llvm::to_vector(kernel.getBody().getOps<FieldOp>()), deliver.getBind())) {
      auto symbol = dyn_cast<FlatSymbolRefAttr>(to);
      auto scale = symbol ? scales.find(symbol.getValue()) : scales.end();
      if (scale == scales.end()) {
        kept.push_back(to);
        continue;
      }
      numbers[field.getSymName()] = scale->second;
      field.erase();
    }
    kernel.walk([&](GetOp get) {
      auto number = numbers.find(get.getField());
      if (number == numbers.end())
        return;
      b.setInsertionPoint(get);
      get.replaceAllUsesWith(
          arith::ConstantOp::create(b, get.getLoc(), b.getF64FloatAttr(number->second))
              .getResult());
      get.erase();
    });
    symbols.insert(kernel);
    deliver.setKernelAttr(FlatSymbolRefAttr::get(kernel.getSymNameAttr()));
    deliver.setBindAttr(b.getArrayAttr(kept));
    WalkResult checked = kernel.walk([&](RoundOp round) {
      auto amount = constantOf(round.getValue());
      if (!amount || *amount == 0 || std::nearbyint(*amount) != 0)
        return WalkResult::advance();
      deliver.emitOpError("has a weight that is less than half a unit of its sum, and would become "
                          "zero; allow states more bits (--tolerance, or a format)");
      return WalkResult::interrupt();
    });
    if (checked.wasInterrupted())
      return failure();
  }
  dropUnits();
  for (auto kernel : llvm::make_early_inc_range(program.getBody().getOps<KernelOp>())) {
    bool used = llvm::any_of(program.getBody().front(), [&](Operation &op) {
      auto launch = dyn_cast<LaunchInterface>(op);
      return launch && launch.kernelName() == kernel.getSymName();
    });
    if (!used)
      kernel.erase();
  }
  return success();
}

/// Fields that nothing reads any more: the scales of sums.
void Quantizer::dropUnits() {
  for (auto kernel : program.getBody().getOps<KernelOp>()) {
    llvm::StringSet<> read;
    kernel.walk([&](GetOp get) { read.insert(get.getField()); });
    SmallVector<bool> kept;
    for (auto field : llvm::make_early_inc_range(kernel.getBody().getOps<FieldOp>())) {
      kept.push_back(field.getKind() != FieldKind::Uniform || read.contains(field.getSymName()));
      if (!kept.back())
        field.erase();
    }
    for (Operation &op : program.getBody().front()) {
      auto launch = dyn_cast<LaunchInterface>(op);
      if (!launch || launch.kernelName() != kernel.getSymName())
        continue;
      SmallVector<Attribute> bind;
      for (auto [keep, to] : llvm::zip(kept, launch.bindings()))
        if (keep)
          bind.push_back(to);
      launch->setAttr("bind", ArrayAttr::get(program.getContext(), bind));
    }
  }
}

struct SimQuantizePass : synfire::sim::impl::SimQuantizePassBase<SimQuantizePass> {
  using SimQuantizePassBase::SimQuantizePassBase;
  void runOnOperation() override {
    FixedSettings settings;
    settings.tolerance = tolerance;
    settings.bits = bits;
    for (ProgramOp program : getOperation().getOps<ProgramOp>())
      if (failed(Quantizer(program, settings).run()))
        return signalPassFailure();
  }
};

} // namespace
