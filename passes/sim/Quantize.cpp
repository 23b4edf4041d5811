//===- Quantize.cpp - sim-quantize ---===//
//
// The formats of a kernel are those of all populations that it serves, unless their models give
// different ones. Kernels of events only need
// to know the units of the sums that they add to: the amount of a connection is the nearest
// integer.
//
//===----------------------------------------------------------------------===//
#include "passes/sim/Passes.h"
#include "passes/sim/fixed/Outside.h"
#include "passes/sim/fixed/Refusals.h"
#include "passes/sim/fixed/RuleFormats.h"
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
      : program(program), symbols(program), settings(settings),
        outside(outsidePopulations(program)) {}

  LogicalResult run();

private:
  LogicalResult checkSupported();
  bool isForOutside(FramesOp frames);
  KernelOp separate(KernelOp kernel, ArrayRef<LaunchInterface> launches);
  LogicalResult quantize(KernelOp kernel, ArrayRef<LaunchInterface> launches);
  void note(const FixedField &field);
  void roundStart(ArrayOp array, int fraction);
  LogicalResult beginRules();
  LogicalResult finishRules();
  void demandTraces(RuleFormats &rule, ConnectionsOp connections);
  void noteLatched(KernelOp kernel, const KernelFormats &formats,
                   ArrayRef<LaunchInterface> launches);
  LogicalResult useUnits();
  LogicalResult useUnits(LaunchInterface launch, const llvm::StringMap<double> &scales);
  KernelOp inUnits(KernelOp original, ArrayRef<Attribute> numbers);
  void dropUnits();

  ProgramOp program;
  SymbolTable symbols;
  FixedSettings settings;
  llvm::StringSet<> outside; ///< domains that stay as they are
  /// Handlers with what they mean.
  std::vector<std::pair<HandleOp, RuleFormats>> rules;
  LatchedFormats latched;
  /// Kernels of events by what they were and their numbers.
  llvm::MapVector<std::pair<StringAttr, Attribute>, KernelOp> withUnits;
};

/// Kernels that only what is outside runs may do anything.
LogicalResult Quantizer::checkSupported() {
  llvm::StringSet<> free, used;
  for (Operation &op : program.getBody().front())
    if (auto launch = dyn_cast<LaunchInterface>(op))
      (outside.contains(launch.overName()) ? free : used).insert(launch.kernelName());
  auto isFree = [&](Operation *op) {
    if (auto frames = dyn_cast<FramesOp>(op))
      return isForOutside(frames);
    auto launch = dyn_cast<LaunchInterface>(op);
    auto kernel = dyn_cast<KernelOp>(op);
    return (launch && outside.contains(launch.overName())) ||
           (kernel && free.contains(kernel.getSymName()) && !used.contains(kernel.getSymName()));
  };
  // What projections do says more than the spikes of their cells, which carry values for it.
  for (Operation &op : program.getBody().front())
    if (!isFree(&op) && failed(checkFixedForm(&op)))
      return failure();
  WalkResult walked = program.walk<WalkOrder::PreOrder>([&](Operation *op) {
    if (isFree(op))
      return WalkResult::skip();
    return failed(checkFixedForm(op)) ? WalkResult::interrupt() : WalkResult::advance();
  });
  return failure(walked.wasInterrupted());
}

/// Whether only what is outside reads frames.
bool Quantizer::isForOutside(FramesOp frames) {
  llvm::StringSet<> arrays;
  frames->getAttrDictionary().walk([&](FlatSymbolRefAttr name) { arrays.insert(name.getValue()); });
  WalkResult read = program.walk([&](LaunchInterface launch) {
    bool reads =
        !outside.contains(launch.overName()) && llvm::any_of(launch.bindings(), [&](Attribute to) {
          auto symbol = dyn_cast<FlatSymbolRefAttr>(to);
          return symbol && arrays.contains(symbol.getValue());
        });
    return reads ? WalkResult::interrupt() : WalkResult::advance();
  });
  return !read.wasInterrupted();
}

/// A quotient by a number is a product with another.
void invertNumbers(KernelOp kernel) {
  kernel.walk([&](arith::DivFOp quotient) {
    auto divisor = constantOf(quotient.getRhs());
    if (!divisor || *divisor == 0)
      return;
    OpBuilder b(quotient);
    Value inverse = arith::ConstantOp::create(b, quotient.getLoc(),
                                              FloatAttr::get(quotient.getType(), 1 / *divisor));
    quotient.replaceAllUsesWith(
        arith::MulFOp::create(b, quotient.getLoc(), quotient.getLhs(), inverse).getResult());
    quotient.erase();
  });
}

/// The formats that models give to what a launch works on.
ArrayAttr givenFormats(LaunchInterface launch, SymbolTable &symbols) {
  Builder b(launch.getContext());
  SmallVector<Attribute> formats;
  for (Attribute to : launch.bindings()) {
    auto symbol = dyn_cast<FlatSymbolRefAttr>(to);
    auto array = symbol ? symbols.lookup<ArrayOp>(symbol.getValue()) : ArrayOp();
    Attribute format = array ? Attribute(array.getFormatAttr()) : Attribute();
    formats.push_back(format ? format : b.getUnitAttr());
  }
  return b.getArrayAttr(formats);
}

/// A kernel of their own for some of the launches of one.
KernelOp Quantizer::separate(KernelOp kernel, ArrayRef<LaunchInterface> launches) {
  OpBuilder b(kernel);
  auto copy = cast<KernelOp>(b.clone(*kernel));
  symbols.insert(copy);
  for (LaunchInterface launch : launches)
    launch->setAttr("kernel", FlatSymbolRefAttr::get(copy.getSymNameAttr()));
  return copy;
}

LogicalResult Quantizer::run() {
  if (failed(checkSupported()) || failed(beginRules()))
    return failure();
  // A kernel may serve populations that differ in nothing but the formats that their models give.
  llvm::MapVector<std::pair<StringAttr, Attribute>, SmallVector<LaunchInterface>> updates;
  for (auto update : program.getBody().getOps<UpdateOp>())
    if (!outside.contains(update.getOver()))
      updates[{update.getKernelAttr().getAttr(), givenFormats(update, symbols)}].push_back(update);
  llvm::DenseSet<StringAttr> taken;
  for (auto update : program.getBody().getOps<UpdateOp>())
    if (outside.contains(update.getOver()))
      taken.insert(update.getKernelAttr().getAttr());
  SmallVector<std::pair<KernelOp, ArrayRef<LaunchInterface>>> kernels;
  for (auto &[key, launches] : updates) {
    auto kernel = symbols.lookup<KernelOp>(key.first);
    bool isFirst = taken.insert(key.first).second;
    kernels.emplace_back(isFirst ? kernel : separate(kernel, launches), launches);
  }
  for (auto &[kernel, launches] : kernels)
    if (failed(quantize(kernel, launches)))
      return failure();
  return failed(finishRules()) ? failure() : useUnits();
}

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
    if (field.isClock)
      continue;
    array.setFormatAttr(b.getDenseI64ArrayAttr({field.bits, field.fraction}));
    if (field.hasError && field.isState)
      array.setErrorAttr(b.getF64FloatAttr(field.range.error));
    if (!field.isWhole)
      roundStart(array, field.fraction);
  }
}

LogicalResult Quantizer::quantize(KernelOp kernel, ArrayRef<LaunchInterface> launches) {
  invertNumbers(kernel);
  KernelFormats formats(kernel, program, launches, settings);
  if (failed(formats.choose()))
    return failure();
  noteLatched(kernel, formats, launches);
  if (failed(writeFixed(kernel, formats)))
    return failure();
  Builder b(program.getContext());
  for (auto &entry : formats.fields)
    note(entry.second);
  for (auto &entry : formats.sums)
    for (AccumulatorOp sum : entry.second.accumulators)
      sum.setFormatAttr(b.getDenseI64ArrayAttr({entry.second.bits, entry.second.fraction}));
  return success();
}

/// The units of weights come first: sums are no coarser.
LogicalResult Quantizer::beginRules() {
  for (auto handle : program.getBody().getOps<HandleOp>()) {
    invertNumbers(symbols.lookup<KernelOp>(handle.getKernel()));
    FailureOr<FlatRule> rule = flattenRule(handle, program);
    if (failed(rule))
      return failure();
    foldDecays(*rule, symbols.lookup<ConnectionsOp>(handle.getOver()), program);
    rules.emplace_back(handle, RuleFormats(*rule, program));
    Bound range;
    FailureOr<int> fraction = rules.back().second.chooseWeight(settings, range);
    if (failed(fraction))
      return failure();
    demandTraces(rules.back().second, symbols.lookup<ConnectionsOp>(handle.getOver()));
    for (Attribute to : handle.getBind())
      if (auto symbol = dyn_cast<FlatSymbolRefAttr>(to))
        if (auto sum = symbols.lookup<AccumulatorOp>(symbol.getValue())) {
          if (range.low < 0 && sum.getRange()) { // no more below 0 than above it
            SmallVector<double> both(*sum.getRange());
            both[0] -= both[1];
            sum.setRangeAttr(DenseF64ArrayAttr::get(program.getContext(), both));
          }
          int &least =
              settings.leastFractions.try_emplace(symbol.getValue(), *fraction).first->second;
          least = std::max(least, *fraction);
        }
  }
  return success();
}

/// Traces that add up over spikes have errors that a rule takes over: they must be small beside the
/// unit of its weights.
void Quantizer::demandTraces(RuleFormats &rule, ConnectionsOp connections) {
  llvm::StringMap<int> demands = rule.demandsOfLatched(settings);
  for (const RuleInput &input : rule.rule.inputs) {
    auto demand = demands.find(input.field);
    StringRef end = input.ofSource() ? connections.getSource() : connections.getTarget();
    Value latched = latchedValue(connections, input.ofSource(), input.number, program);
    if (demand == demands.end() || !latched || outside.contains(end))
      continue;
    auto kernel = latched.getDefiningOp()->getParentOfType<KernelOp>();
    // What it is computed from, but for whether the cell fires.
    llvm::SetVector<Value> values;
    values.insert(latched);
    llvm::StringSet<> fields;
    for (size_t i = 0; i < values.size(); ++i) {
      Operation *op = values[i].getDefiningOp();
      if (auto get = dyn_cast<GetOp>(op); get && fields.insert(get.getField()).second)
        for (auto set : kernel.getBody().getOps<SetOp>())
          if (set.getField() == get.getField())
            values.insert(set.getValue());
      for (Value operand : op->getOperands())
        if (operand.getDefiningOp() && !operand.getType().isInteger(1))
          values.insert(operand);
    }
    for (auto update : program.getBody().getOps<UpdateOp>())
      for (auto [field, to] : llvm::zip(kernel.getBody().getOps<FieldOp>(), update.getBind()))
        if (update.getOver() == end && fields.contains(field.getSymName()))
          if (auto symbol = dyn_cast<FlatSymbolRefAttr>(to)) {
            double most = power(-demand->second);
            double &error = settings.errors.try_emplace(symbol.getValue(), most).first->second;
            error = std::min(error, most);
          }
  }
}

LogicalResult Quantizer::finishRules() {
  for (auto &[handle, rule] : rules) {
    auto connections = symbols.lookup<ConnectionsOp>(handle.getOver());
    if (failed(rule.choose(connections, latched, settings)) ||
        failed(writeRule(rule.rule, handle, program)))
      return failure();
    rule.finish();
  }
  return success();
}

/// What spikes of the populations carry.
void Quantizer::noteLatched(KernelOp kernel, const KernelFormats &formats,
                            ArrayRef<LaunchInterface> launches) {
  for (auto emit : kernel.getBody().getOps<EmitOp>())
    for (auto [number, value] : llvm::enumerate(emit.getPayload())) {
      LatchedFormat format{formats.boundOf(value), formats.fractionOf(value)};
      if (auto constant = formats.constantOf(value))
        format = {Bound::point(*constant), 0};
      for (LaunchInterface launch : launches)
        latched[{launch.overName().str(), int64_t(number)}] = format;
    }
}

/// Kernels of events read the scale of the sum that they add to.
LogicalResult Quantizer::useUnits() {
  llvm::StringMap<double> scales;
  for (auto sum : program.getBody().getOps<AccumulatorOp>())
    if (auto format = sum.getFormat()) {
      scales[sum.getScale()] = power(int((*format)[1]));
      scales[sum.getInverse()] = power(-int((*format)[1]));
    }
  SmallVector<LaunchInterface> all;
  for (Operation &op : program.getBody().front())
    if (isa<DeliverOp, HandleOp>(op))
      all.push_back(cast<LaunchInterface>(op));
  for (LaunchInterface launch : all)
    if (failed(useUnits(launch, scales)))
      return failure();
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

/// Those that add in the same units share a kernel still.
LogicalResult Quantizer::useUnits(LaunchInterface launch, const llvm::StringMap<double> &scales) {
  auto original = symbols.lookup<KernelOp>(launch.kernelName());
  OpBuilder b(original);
  SmallVector<Attribute> kept, numbers;
  for (Attribute to : launch.bindings()) {
    auto symbol = dyn_cast<FlatSymbolRefAttr>(to);
    auto scale = symbol ? scales.find(symbol.getValue()) : scales.end();
    bool isScale = scale != scales.end();
    numbers.push_back(isScale ? Attribute(b.getF64FloatAttr(scale->second)) : b.getUnitAttr());
    if (!isScale)
      kept.push_back(to);
  }
  KernelOp &kernel = withUnits[{original.getSymNameAttr(), b.getArrayAttr(numbers)}];
  if (!kernel)
    kernel = inUnits(original, numbers);
  launch->setAttr("kernel", FlatSymbolRefAttr::get(kernel.getSymNameAttr()));
  launch->setAttr("bind", b.getArrayAttr(kept));
  WalkResult checked = kernel.walk([&](RoundOp round) {
    round.removeWithinAttr(); // sums have room for all amounts together
    auto amount = constantOf(round.getValue());
    return amount && isLost(*amount) ? WalkResult::interrupt() : WalkResult::advance();
  });
  return checked.wasInterrupted() ? refuseLostWeight(launch) : success();
}

/// A copy of a kernel that has numbers in place of some of its fields.
KernelOp Quantizer::inUnits(KernelOp original, ArrayRef<Attribute> numbers) {
  OpBuilder b(original);
  auto kernel = cast<KernelOp>(b.clone(*original));
  kernel.setSymName((original.getSymName() + "_fixed").str());
  llvm::StringMap<Attribute> known;
  for (auto [field, number] :
       llvm::zip(llvm::to_vector(kernel.getBody().getOps<FieldOp>()), numbers))
    if (!isa<UnitAttr>(number)) {
      known[field.getSymName()] = number;
      field.erase();
    }
  kernel.walk([&](GetOp get) {
    auto number = known.find(get.getField());
    if (number == known.end())
      return;
    b.setInsertionPoint(get);
    auto value = arith::ConstantOp::create(b, get.getLoc(), cast<TypedAttr>(number->second));
    get.replaceAllUsesWith(value.getResult());
    get.erase();
  });
  symbols.insert(kernel);
  return kernel;
}

/// Fields that nothing reads any more: the scales of sums, and tables.
void Quantizer::dropUnits() {
  for (auto kernel : program.getBody().getOps<KernelOp>()) {
    llvm::StringSet<> read;
    kernel.walk([&](GetOp get) { read.insert(get.getField()); });
    kernel.walk([&](LookupOp lookup) { read.insert(lookup.getField()); });
    SmallVector<bool> kept;
    for (auto field : llvm::make_early_inc_range(kernel.getBody().getOps<FieldOp>())) {
      bool isData = field.getKind() == FieldKind::Uniform || field.getKind() == FieldKind::Whole;
      kept.push_back(!isData || read.contains(field.getSymName()));
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
