//===- GoldenRun.cpp - the run that a design must repeat ---===//
//
// The quantised program on the CPU, one step after another: what fires in each, and a hash of the
// states, packed as the memories of the design pack them.
//
//===----------------------------------------------------------------------===//
#include "passes/sim-to-rtl/Design.h"
#include "runtime/engine/Instance.h"
#include "runtime/engine/Simulator.h"
#include "runtime/random/Grid.h"
#include "runtime/report/Progress.h"
#include "targets/cpu/Jit.h"
#include "targets/verilog/Names.h"
#include "tools/synfire/Commands.h"

using namespace mlir;
using namespace synfire;
using namespace synfire::tool;
using verilog::Golden;

namespace {

/// Without a word of how many, a design is compared for no more steps than these.
constexpr int64_t mostSteps = 1000;
/// A testbench in a slow simulator, with vectors as text, has no more than these, or takes about so
/// many clocks.
constexpr int64_t mostShown = 1000, shownClocks = 50000;

class GoldenRun {
public:
  GoldenRun(const Design &design, sim::ProgramOp program, const syn_model &model)
      : design(design), program(program), model(model) {
    for (uint32_t a = 0; a < model.n_arrays; ++a)
      arrayOf[model.arrays[a].name] = a;
    for (uint32_t d = 0; d < model.n_domains; ++d)
      domainOf[model.domains[d].name] = d;
  }

  runtime::Status run(int64_t steps);
  Golden golden;

private:
  /// A value of a cell in the memory of its engine.
  struct Field {
    unsigned bits;
    int fraction;
    std::vector<uint32_t> arrays; ///< of each share
  };
  void describe();
  void findFields();
  void countConnections();
  void readInputs(runtime::Instance &instance, Golden::Step &step);
  void readSpikes(runtime::Instance &instance, const SpikeSource &source, uint32_t first,
                  std::vector<uint32_t> &list);
  int64_t clocksOf(const Golden::Step &step) const;
  llvm::APInt word(runtime::Instance &instance, size_t engine, const EngineShare &share,
                   size_t number, uint32_t cell);
  template <typename Function> void forEachWord(runtime::Instance &instance, Function function);
  void findWeights(runtime::Instance &instance);
  template <typename Function> void forEachWeight(int64_t steps, Function function);

  const Design &design;
  sim::ProgramOp program;
  const syn_model &model;
  llvm::StringMap<uint32_t> arrayOf, domainOf;
  std::vector<std::vector<Field>> fields; ///< of each engine, those that change
  /// Weights that change, with where they are on the CPU.
  struct Weights {
    const SumPlan *sum;
    int fraction;
    std::vector<runtime::Instance::ConnectionPlace> places;
    size_t memory; ///< the first of those that have them
  };
  std::vector<Weights> weights;
  std::vector<std::pair<uint32_t, uint32_t>> lists; ///< spike lists, and the first of their inputs
  std::vector<size_t> next;                         ///< spike of each of `lists`
};

void GoldenRun::describe() {
  golden.top = verilog::mangle(design.name);
  golden.cells = design.cells;
  golden.inputs = design.inputs;
  for (const SpikeSource &source : design.sources) {
    std::string name = sim::DomainOp(source.domain).getSymName().str();
    if (source.isInput)
      golden.inputGroups.push_back({name, source.first - design.cells, source.size});
    else
      golden.populations.push_back({name, source.first, source.size});
    for (uint32_t i = 0; source.isInput && !source.isRelay && i < model.n_spike_lists; ++i)
      if (model.connections[model.spike_lists[i].connections].source == domainOf.lookup(name))
        lists.push_back({i, source.first - design.cells});
  }
  next.assign(lists.size(), 0);
}

void GoldenRun::findFields() {
  for (const EnginePlan &engine : design.engines) {
    std::vector<Field> &found = fields.emplace_back();
    unsigned bits = 0;
    for (const StateWord &state : engine.states) {
      if (!state.changes)
        continue;
      Field field{state.bits, 0, {}};
      bits += state.bits;
      for (const EngineShare &share : engine.shares)
        for (auto [of, to] :
             llvm::zip(sim::KernelOp(engine.kernel).getBody().getOps<sim::FieldOp>(),
                       sim::UpdateOp(share.update).getBind()))
          if (of.getSymName() == state.field) {
            StringRef name = cast<FlatSymbolRefAttr>(to).getValue();
            field.arrays.push_back(arrayOf.lookup(name));
            auto array = cast<sim::ArrayOp>(SymbolTable::lookupSymbolIn(program, name));
            field.fraction = int((*array.getFormat())[1]);
          }
      found.push_back(std::move(field));
    }
    if (bits)
      golden.memories.push_back(
          {verilog::mangle(engine.name + "_neurons"), "states", 1, bits, engine.cells, {}});
  }
}

void GoldenRun::countConnections() {
  golden.degrees.assign(design.cells + design.inputs, 0);
  for (Operation &op : program.getBody().front()) {
    if (!isa<sim::DeliverOp, sim::HandleOp>(op))
      continue;
    auto connections = cast<sim::ConnectionsOp>(
        SymbolTable::lookupSymbolIn(program, cast<sim::LaunchInterface>(op).overName()));
    auto pairs = cast<DenseIntElementsAttr>(connections.getPairsAttr());
    for (const SpikeSource &source : design.sources)
      if (sim::DomainOp(source.domain).getSymName() == connections.getSource())
        for (int32_t pre :
             llvm::make_range(pairs.getValues<int32_t>().begin(),
                              pairs.getValues<int32_t>().begin() + pairs.getNumElements() / 2))
          ++golden.degrees[source.first + uint32_t(pre)];
  }
  for (uint32_t degree : golden.degrees)
    golden.walked += degree;
  for (const EnginePlan &engine : design.engines)
    for (const SumPlan &sum : engine.sums)
      if (sum.rule)
        golden.walked += uint64_t(sum.sources) * engine.cells - sum.contacts.size();
}

void GoldenRun::readSpikes(runtime::Instance &instance, const SpikeSource &source, uint32_t first,
                           std::vector<uint32_t> &list) {
  uint32_t domain = domainOf.lookup(sim::DomainOp(source.domain).getSymName());
  for (unsigned p = 0; p < instance.partitions; ++p) {
    runtime::SpikeList &spikes = instance.spikes(instance.parity ^ 1, domain, p);
    for (int64_t i = 0; i < spikes.counts[0]; ++i)
      list.push_back(first + instance.first(domain, p) + spikes.elements[size_t(i)]);
  }
}

/// What was given in the step that has just been made.
void GoldenRun::readInputs(runtime::Instance &instance, Golden::Step &step) {
  for (const SpikeSource &source : design.sources)
    if (source.isRelay)
      readSpikes(instance, source, source.first - design.cells, step.given);
  for (auto [of, at] : llvm::zip(lists, next)) {
    const syn_spike_list &list = model.spike_lists[of.first];
    for (; at < list.count; ++at) {
      int64_t stamp = std::max<int64_t>(1, runtime::toSteps(list.times[at], instance.dt).steps);
      if (stamp > instance.step)
        break;
      step.given.push_back(of.second + list.elements[at]);
    }
  }
}

llvm::APInt GoldenRun::word(runtime::Instance &instance, size_t engine, const EngineShare &share,
                            size_t number, uint32_t cell) {
  unsigned bits = 0;
  for (const Field &field : fields[engine])
    bits += field.bits;
  llvm::APInt result(bits, 0);
  unsigned at = 0;
  for (const Field &field : fields[engine]) {
    double value = std::ldexp(instance.value(field.arrays[number], cell), field.fraction);
    result.insertBits(llvm::APInt(field.bits, uint64_t(int64_t(std::nearbyint(value))), true, true),
                      at);
    at += field.bits;
  }
  return result;
}

/// About so many: one for a cell, or ten where it draws random numbers, and less for a connection.
int64_t GoldenRun::clocksOf(const Golden::Step &step) const {
  int64_t clocks = 32;
  for (const EnginePlan &engine : design.engines)
    clocks += int64_t(engine.cells) * (engine.draws ? 10 : 1);
  for (uint32_t cell : step.fired)
    clocks += golden.degrees[cell] / 4;
  for (uint32_t input : step.given)
    clocks += golden.degrees[design.cells + input] / 4;
  return clocks;
}

template <typename Function>
void GoldenRun::forEachWord(runtime::Instance &instance, Function function) {
  size_t memory = 0;
  for (size_t e = 0; e < design.engines.size(); ++e) {
    if (fields[e].empty())
      continue;
    for (auto [number, share] : llvm::enumerate(design.engines[e].shares))
      for (uint32_t cell = 0; cell < share.size; ++cell)
        function(golden.memories[memory], word(instance, e, share, number, cell));
    ++memory;
  }
}

/// Weights are in one memory, or in one for each part of a word that a host loads.
void GoldenRun::findWeights(runtime::Instance &instance) {
  for (const EnginePlan &engine : design.engines)
    for (const SumPlan &sum : engine.sums) {
      if (!sum.rule)
        continue;
      auto array = cast<sim::ArrayOp>(SymbolTable::lookupSymbolIn(program, sum.weightArray));
      weights.push_back({&sum, int((*array.getFormat())[1]),
                         instance.connectionPlaces(arrayOf.lookup(sum.weightArray)),
                         golden.memories.size()});
      unsigned width = sum.lanes * sum.weightBits;
      unsigned parts = sum.isLoaded ? (width + loadBits - 1) / loadBits : 1;
      uint32_t words = sum.sources * sum.rowWords;
      for (unsigned part = 0; part < parts; ++part)
        golden.memories.push_back({verilog::mangle(sum.name + "_synapses"),
                                   sum.isLoaded ? "weights" + std::to_string(part) : "weights",
                                   uint32_t(llvm::PowerOf2Ceil(std::max(1u, words / 256))),
                                   sum.isLoaded ? loadBits : width,
                                   words,
                                   {}});
    }
}

template <typename Function> void GoldenRun::forEachWeight(int64_t steps, Function function) {
  for (Weights &of : weights) {
    if (steps % golden.memories[of.memory].period != 0)
      continue;
    // Contacts are in the order of the places: by source, then by target.
    SumPlan now = *of.sum;
    for (auto [contact, place] : llvm::zip(now.contacts, of.places))
      contact.amount = int64_t(
          std::nearbyint(std::ldexp(*reinterpret_cast<const double *>(place.value), of.fraction)));
    std::vector<llvm::APInt> words = denseWords(now);
    words.resize(golden.memories[of.memory].words, words.front());
    if (!of.sum->isLoaded) {
      for (const llvm::APInt &word : words)
        function(golden.memories[of.memory], word);
      continue;
    }
    unsigned width = of.sum->lanes * of.sum->weightBits;
    for (unsigned part = 0; part * loadBits < width; ++part)
      for (const llvm::APInt &word : words)
        function(golden.memories[of.memory + part],
                 word.zextOrTrunc(std::max(width, (part + 1) * loadBits))
                     .extractBits(loadBits, part * loadBits));
  }
}

runtime::Status GoldenRun::run(int64_t steps) {
  describe();
  findFields();
  countConnections();
  runtime::Team team(1);
  const syn_run &experiment = model.runs[0];
  auto made = runtime::Instance::create(model, experiment, experiment.seed, team);
  if (!made)
    return made.status();
  runtime::Instance &instance = **made;
  std::optional<runtime::Simulator> simulator;
  uint32_t number = 0; // the runs of the experiment go on from each other
  int64_t runEnds = 0;
  findWeights(instance);
  runtime::Progress progress(double(steps) * instance.dt);
  bool shows = true;
  int64_t clocks = 0;
  for (int64_t s = 0; s < steps; ++s) {
    for (; s == runEnds && number < model.n_runs; ++number) {
      instance.origin = instance.step;
      simulator.emplace(instance, model.runs[number], team, runtime::Outputs{});
      if (runtime::Status status = simulator->prepare(); !status.ok())
        return status;
      runEnds += model.runs[number].steps;
    }
    bool late = llvm::all_of(weights, [&](const Weights &of) {
      return (s + 1) % golden.memories[of.memory].period != 0;
    });
    if (runtime::Status status = simulator->advance(1, nullptr, late); !status.ok())
      return status;
    Golden::Step step;
    readInputs(instance, step);
    for (const SpikeSource &source : design.sources)
      if (!source.isInput)
        readSpikes(instance, source, source.first, step.fired);
    llvm::sort(step.given);
    llvm::sort(step.fired);
    clocks += clocksOf(step);
    bool isLast = s == std::min(steps, mostShown) - 1 || clocks > shownClocks;
    uint64_t hash = 0;
    auto add = [&](Golden::Memory &memory, const llvm::APInt &word) {
      for (unsigned i = 0; i < word.getNumWords(); ++i)
        hash = verilog::hashOn(hash, word.getRawData()[i]);
      if (shows && isLast)
        memory.last.push_back(word);
    };
    forEachWord(instance, add);
    forEachWeight(s + 1, add);
    step.hash = hash;
    progress.update(double(s + 1) * instance.dt);
    golden.add(step);
    if (shows)
      golden.steps.push_back(std::move(step));
    shows &= !isLast;
  }
  return runtime::Status::success();
}

} // namespace

int synfire::tool::recordGolden(ModuleOp quantised, ModuleOp planned,
                                const cpu::CodegenOptions &options, const HardwareOptions &hardware,
                                std::optional<int64_t> steps, Golden &golden) {
  sim::ProgramOp program = *planned.getOps<sim::ProgramOp>().begin();
  FailureOr<Design> design = planDesign(program, hardware);
  if (failed(design))
    return 1;
  auto jit = cpu::Jit::compile(quantised, options);
  if (!jit)
    return 1;
  GoldenRun run(*design, program, *jit->model());
  runtime::Status status =
      run.run(steps.value_or(std::min(mostSteps, jit->model()->runs[0].steps)));
  if (!status.ok()) {
    llvm::errs() << "synfire: error: " << status.message() << '\n';
    return status.exitCode();
  }
  golden = std::move(run.golden);
  return 0;
}
