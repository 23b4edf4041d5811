//===- Description.cpp - what a host and a report know of a design ---===//
#include "passes/sim-to-rtl/Description.h"

#include "passes/sim-to-rtl/Engines.h"

#include <cmath>

using namespace mlir;
using namespace synfire;

namespace {

class Describer {
public:
  Describer(const Design &design, const HardwareOptions &options, sim::ProgramOp program)
      : design(design), options(options), program(program), symbols(program),
        builder(program.getContext()) {}

  DictionaryAttr describe();
  DenseElementsAttr load();
  DenseElementsAttr given();

private:
  using Entries = SmallVector<NamedAttribute>;
  void add(Entries &to, StringRef name, StringRef text) {
    to.push_back(builder.getNamedAttr(name, builder.getStringAttr(text)));
  }
  void add(Entries &to, StringRef name, int64_t number) {
    to.push_back(builder.getNamedAttr(name, builder.getI64IntegerAttr(number)));
  }
  void addReal(Entries &to, StringRef name, double number) {
    to.push_back(builder.getNamedAttr(name, builder.getF64FloatAttr(number)));
  }
  void addFlag(Entries &to, StringRef name, bool flag) {
    to.push_back(builder.getNamedAttr(name, builder.getBoolAttr(flag)));
  }
  void add(Entries &to, StringRef name, ArrayRef<Attribute> list) {
    to.push_back(builder.getNamedAttr(name, builder.getArrayAttr(list)));
  }
  Attribute describe(const EnginePlan &engine);
  Attribute describe(const EnginePlan &engine, const SumPlan &sum);
  Attribute describe(const HostMemory &memory);
  Attribute describe(sim::ArrayOp array, bool changes);
  sim::AccumulatorOp sumOf(const EnginePlan &engine, const SumPlan &sum);

  const Design &design;
  const HardwareOptions &options;
  sim::ProgramOp program;
  SymbolTable symbols;
  Builder builder;
};

Attribute Describer::describe(sim::ArrayOp array, bool changes) {
  Entries entries;
  add(entries, "name", array.getSymName());
  ArrayRef<int64_t> format = *array.getFormat();
  add(entries, "bits", format[0]);
  add(entries, "fraction", format[1]);
  addFlag(entries, "changes", changes);
  if (array.getUnit())
    add(entries, "unit", *array.getUnit());
  if (array.getError())
    addReal(entries, "error", array.getError()->convertToDouble());
  return builder.getDictionaryAttr(entries);
}

sim::AccumulatorOp Describer::sumOf(const EnginePlan &engine, const SumPlan &sum) {
  sim::KernelOp kernel = engine.kernel;
  sim::UpdateOp update = engine.shares.front().update;
  for (auto [field, to] : llvm::zip(kernel.getBody().getOps<sim::FieldOp>(), update.getBind()))
    if (field.getSymName() == sum.field)
      return symbols.lookup<sim::AccumulatorOp>(cast<FlatSymbolRefAttr>(to).getValue());
  return {};
}

Attribute Describer::describe(const EnginePlan &engine, const SumPlan &sum) {
  Entries entries;
  add(entries, "name", sum.name);
  add(entries, "bits", sum.bits);
  if (auto accumulator = sumOf(engine, sum))
    add(entries, "fraction", (*accumulator.getFormat())[1]);
  add(entries, "weight_bits", sum.weightBits);
  add(entries, "lanes", sum.lanes);
  add(entries, "slots", sum.slots);
  add(entries, "connections", int64_t(sum.contacts.size()));
  // The rows that events read: how many there are, and words in all of them.
  uint64_t rows = sum.rule ? sum.sources : 0, words = rows * sum.words;
  for (size_t i = 0; !sum.rule && i < sum.contacts.size(); ++i) {
    const Contact &at = sum.contacts[i], *before = i ? &sum.contacts[i - 1] : nullptr;
    bool sameRow = before && before->source == at.source;
    rows += !sameRow;
    words += !sameRow || before->steps != at.steps ||
             before->target / sum.lanes != at.target / sum.lanes;
  }
  add(entries, "rows", int64_t(rows));
  add(entries, "words", int64_t(words));
  addFlag(entries, "dense", sum.isDense);
  if (sum.rule) { // spikes of sources change weights, or only add them; columns of so many sources
    add(entries, "places", int64_t(uint64_t(sum.sources) * engine.cells));
    add(entries, "absent_bits", sum.absentBits);
    addFlag(entries, "learns_in_rows", bool(sum.rule->pre));
    add(entries, "column", sum.rule->post ? int64_t(sum.sources) : 0);
  }
  addFlag(entries, "loaded", sum.isLoaded);
  return builder.getDictionaryAttr(entries);
}

/// Where the host finds the weights of a projection, and what they are.
Attribute Describer::describe(const HostMemory &memory) {
  const SumPlan &sum = *memory.sum;
  auto array = symbols.lookup<sim::ArrayOp>(sum.weightArray);
  Entries entries;
  add(entries, "projection", *array.getOver());
  if (array.getUnit())
    add(entries, "unit", *array.getUnit());
  add(entries, "fraction", (*array.getFormat())[1]);
  addFlag(entries, "signed", !sum.rule->isUnsigned());
  add(entries, "bits", sum.weightBits);
  add(entries, "absent_bits", sum.absentBits);
  add(entries, "lanes", sum.lanes);
  add(entries, "row_words", sum.rowWords);
  add(entries, "parts", int64_t(1) << memory.partBits);
  add(entries, "first", int64_t(memory.first));
  add(entries, "sources", sum.sources);
  for (const EnginePlan &engine : design.engines)
    for (const SumPlan &of : engine.sums)
      if (&of == &sum)
        add(entries, "targets", engine.cells);
  return builder.getDictionaryAttr(entries);
}

Attribute Describer::describe(const EnginePlan &engine) {
  Entries entries;
  add(entries, "name", engine.name);
  add(entries, "cells", engine.cells);
  addFlag(entries, "draws", engine.draws);
  SmallVector<Attribute> states, sums;
  sim::KernelOp kernel = engine.kernel;
  for (const EngineShare &share : engine.shares) {
    size_t next = 0;
    sim::UpdateOp update = share.update;
    for (auto [field, to] : llvm::zip(kernel.getBody().getOps<sim::FieldOp>(), update.getBind()))
      if (field.getKind() == sim::FieldKind::Element) {
        auto array = symbols.lookup<sim::ArrayOp>(cast<FlatSymbolRefAttr>(to).getValue());
        if (array.getKind() == sim::ArrayKind::History)
          continue;
        states.push_back(describe(array, engine.states[next++].changes));
      }
  }
  for (const SumPlan &sum : engine.sums)
    sums.push_back(describe(engine, sum));
  add(entries, "states", states);
  add(entries, "sums", sums);
  return builder.getDictionaryAttr(entries);
}

DictionaryAttr Describer::describe() {
  Entries entries;
  add(entries, "name", design.name);
  add(entries, "model", program.getSymName());
  SmallVector<Attribute> sources, engines;
  // In the order of the model, which is that of records.
  std::vector<std::pair<sim::DomainOp, const SpikeSource *>> ordered;
  for (auto domain : program.getBody().getOps<sim::DomainOp>())
    for (const SpikeSource &source : design.sources)
      if (source.domain == domain)
        ordered.push_back({domain, &source});
  for (auto [domain, of] : ordered) {
    const SpikeSource &source = *of;
    Entries one;
    add(one, "name", domain.getSymName());
    // As events count them: those in from 0 on, those out as well.
    add(one, "first", source.first - (source.isInput ? design.cells : 0));
    add(one, "size", source.size);
    addFlag(one, "input", source.isInput);
    sources.push_back(builder.getDictionaryAttr(one));
  }
  for (const EnginePlan &engine : design.engines)
    engines.push_back(describe(engine));
  SmallVector<Attribute> read;
  for (const HostMemory &memory : hostMemories(design, options))
    if (memory.isRead)
      read.push_back(describe(memory));
  if (!read.empty())
    add(entries, "read", read);
  add(entries, "sources", sources);
  add(entries, "engines", engines);
  add(entries, "cells", design.cells);
  add(entries, "inputs", design.inputs);
  int64_t steps = 0; // of runs that go on from each other
  sim::RunOp first;
  for (auto run : program.getBody().getOps<sim::RunOp>()) {
    steps += int64_t(run.getSteps());
    first = first ? first : run;
  }
  if (first) {
    add(entries, "steps", steps);
    addReal(entries, "step_ms", first.getStep().convertToDouble());
    add(entries, "seed", int64_t(first.getSeed()));
  }
  return builder.getDictionaryAttr(entries);
}

DenseElementsAttr Describer::load() {
  std::vector<uint16_t> words = loadImage(design, options);
  if (words.empty())
    return {};
  auto type = RankedTensorType::get({int64_t(words.size())}, builder.getIntegerType(16));
  return DenseElementsAttr::get(type, ArrayRef(words));
}

/// Spikes of the model act in the first step that begins no earlier, as in a run of it.
DenseElementsAttr Describer::given() {
  double step = 0;
  for (auto run : program.getBody().getOps<sim::RunOp>())
    step = run.getStep().convertToDouble();
  std::vector<std::pair<int32_t, int32_t>> events;
  for (auto list : program.getBody().getOps<sim::SpikeListOp>()) {
    auto through = symbols.lookup<sim::ConnectionsOp>(list.getConnections());
    const SpikeSource *source = nullptr;
    for (const SpikeSource &of : design.sources) {
      sim::DomainOp domain = of.domain;
      if (of.isInput && (domain.getSymName() == through.getSource() ||
                         (of.isRelay && domain.getSymName() == through.getTarget())))
        source = &of;
    }
    auto times = dyn_cast<DenseFPElementsAttr>(list.getTimes());
    auto elements = dyn_cast<DenseIntElementsAttr>(list.getElements());
    if (!source || !times || !elements || step <= 0)
      continue;
    for (auto [time, element] :
         llvm::zip(times.getValues<APFloat>(), elements.getValues<APInt>())) {
      double at = std::nearbyint(time.convertToDouble() / step) - 1;
      if (at >= 0)
        events.push_back({int32_t(at), int32_t(source->first - design.cells +
                                               uint32_t(element.getZExtValue()))});
    }
  }
  llvm::sort(events);
  std::vector<int32_t> flat;
  for (auto [at, number] : events)
    flat.insert(flat.end(), {at, number});
  if (flat.empty())
    return {};
  auto type = RankedTensorType::get({int64_t(events.size()), 2}, builder.getI32Type());
  return DenseElementsAttr::get(type, ArrayRef(flat));
}

} // namespace

void synfire::describeDesign(const Design &design, const HardwareOptions &options,
                             sim::ProgramOp program, rtl::ModuleOp top) {
  Describer describer(design, options, program);
  top.setDesignAttr(describer.describe());
  if (auto words = describer.load())
    top.setLoadAttr(words);
  if (auto events = describer.given())
    top.setGivenAttr(events);
}

rtl::ModuleOp synfire::describedModule(mlir::ModuleOp module) {
  for (auto of : module.getOps<rtl::ModuleOp>())
    if (of.getDesign())
      return of;
  return {};
}
