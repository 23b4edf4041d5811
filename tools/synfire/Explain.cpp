//===- Explain.cpp - what the compiler decided, and why ---===//
//
// Everything printed here is read from the ops themselves: solvers and reasons from the
// populations, places and memory from the arrays, so that it cannot differ from what runs.
//
//===----------------------------------------------------------------------===//
#include "dialects/neuro/Neuro.h"
#include "dialects/sim/Sim.h"
#include "passes/Pipelines.h"
#include "runtime/engine/Instance.h"
#include "runtime/report/Format.h"
#include "targets/count/Count.h"
#include "tools/synfire/Commands.h"

#include "mlir/Pass/PassManager.h"
#include "mlir/Pass/PassRegistry.h"

#include <fmt/format.h>

using namespace mlir;
using namespace synfire;
using namespace synfire::tool;

namespace {

std::string counted(uint64_t n, const char *noun) { return runtime::formatCounted(n, noun); }

uint64_t bytesOf(Type type) { return std::max(1u, type.getIntOrFloatBitWidth() / 8); }

double number(DictionaryAttr arguments, StringRef name) {
  Attribute attr = arguments.get(name);
  if (auto real = dyn_cast_or_null<FloatAttr>(attr))
    return real.getValueAsDouble();
  if (auto integer = dyn_cast_or_null<IntegerAttr>(attr))
    return double(integer.getInt());
  return 0;
}

/// Expected number of connections of a rule between m sources and n targets.
double expectedConnections(sim::ConnectionsOp op, double m, double n) {
  auto arguments = op.getArguments();
  switch (op.getRule()) {
  case sim::Rule::OneToOne:
    return std::min(m, n);
  case sim::Rule::AllToAll:
    return m * n;
  case sim::Rule::AllButOne:
    return m * n - std::min(m, n);
  case sim::Rule::Probability:
    return m * n * (arguments.contains("p") ? number(arguments, "p") : 1.0);
  case sim::Rule::FixedIndegree:
    return n * number(arguments, "k");
  case sim::Rule::FixedOutdegree:
    return m * number(arguments, "k");
  case sim::Rule::FixedNumber:
    return number(arguments, "n");
  case sim::Rule::SmallWorld:
    return m * number(arguments, "k");
  case sim::Rule::Modular: {
    double groups = std::max(1.0, number(arguments, "groups"));
    double within = m * n / groups;
    return within * number(arguments, "p_in") + (m * n - within) * number(arguments, "p_out");
  }
  case sim::Rule::Table:
    return op.getPairs() ? double(op.getPairs()->getNumElements()) / 2 : 0;
  }
  return 0;
}

uint64_t selected(std::optional<ArrayRef<int64_t>> ranges, uint64_t size) {
  if (!ranges)
    return size;
  uint64_t sum = 0;
  for (size_t i = 0; i + 1 < ranges->size(); i += 2)
    sum += uint64_t((*ranges)[i + 1] - (*ranges)[i] + 1);
  return sum;
}

class SimExplainer {
public:
  SimExplainer(sim::ProgramOp program, llvm::raw_ostream &os)
      : program(program), symbols(program), launches(count::countOperations(program)), os(os) {}
  void print() {
    for (auto domain : program.getBody().getOps<sim::DomainOp>())
      if (!domain.getHidden())
        population(domain);
    for (auto connections : program.getBody().getOps<sim::ConnectionsOp>())
      if (!connections.getHidden())
        projection(connections);
    constraints();
    removed();
    size_t kernels =
        llvm::count_if(program.getBody().getOps<sim::KernelOp>(), [](auto) { return true; });
    os << fmt::format("\ncode: {}\n", counted(kernels, "kernel"));
  }

private:
  void population(sim::DomainOp domain) {
    uint64_t bytes = 0, states = 0;
    std::string places;
    for (auto array : program.getBody().getOps<sim::ArrayOp>()) {
      if (array.getOver() != domain.getSymName() || array.getUniform())
        continue;
      bytes += bytesOf(array.getType()) * domain.getSize();
      states += array.getKind() == sim::ArrayKind::State;
      if (auto why = array.getWhy())
        places += fmt::format("    {}: one per {} ({})\n", array.getSymName().str(),
                              *array.getPlacement() == sim::Placement::Source ? "source" : "target",
                              why->str());
    }
    os << fmt::format("\npopulation {}: {}, {}, {} ({} an element)\n", domain.getSymName().str(),
                      counted(domain.getSize(), "element"), counted(states, "state"),
                      runtime::formatBytes(bytes),
                      runtime::formatBytes(domain.getSize() ? bytes / domain.getSize() : 0));
    os << places;
    for (auto sum : program.getBody().getOps<sim::AccumulatorOp>())
      if (sum.getOver() == domain.getSymName())
        os << fmt::format(
            "    events to {}: summed as {}-bit integers in units of 2^-k; k follows from the "
            "connections\n",
            sum.getSymName().str(), sum.getType().getIntOrFloatBitWidth());
    for (auto update : program.getBody().getOps<sim::UpdateOp>())
      if (update.getOver() == domain.getSymName())
        os << fmt::format("    code: kernel {}\n", update.getKernel().str());
    work<sim::UpdateOp>(domain.getSymName(), "an element and step");
  }

  void projection(sim::ConnectionsOp op) {
    auto size = [&](StringRef name) { return symbols.lookup<sim::DomainOp>(name).getSize(); };
    double n = expectedConnections(op, double(selected(op.getSourceRanges(), size(op.getSource()))),
                                   double(selected(op.getTargetRanges(), size(op.getTarget()))));
    uint64_t each = op.getContinuous() ? 4 : 2;
    std::string parts = op.getContinuous() ? "source 32 bits" : "target 16 bits";
    bool byDelay = op.getLayout() == sim::Layout::BySourceAndDelay;
    bool delays = false;
    for (auto values : program.getBody().getOps<sim::ValuesOp>())
      delays |= values.getOver() == op.getSymName() && values.getRole() == "delay";
    if (delays && !byDelay) {
      each += 2;
      parts += ", delay 16 bits";
    }
    bool implicit = op.getLayout() == sim::Layout::Implicit;
    if (implicit) {
      each = 0;
      parts = "not stored";
    }
    std::string constant;
    for (auto array : program.getBody().getOps<sim::ArrayOp>()) {
      if (array.getOver() == op.getSymName()) {
        each += bytesOf(array.getType());
        parts += fmt::format(", {} {} bits", array.getSymName().str(),
                             array.getType().getIntOrFloatBitWidth());
      } else if (array.getUniform() &&
                 array.getSymName().starts_with((op.getSymName() + ".").str())) {
        constant += fmt::format("{}{}", constant.empty() ? "" : ", ",
                                array.getSymName().drop_front(op.getSymName().size() + 1).str());
      }
    }
    uint64_t bytes = implicit ? 0 : uint64_t(n * double(each)) + 4 * size(op.getSource());
    os << fmt::format("\nprojection {}: {}, about {}, {} each ({}), {}\n", op.getSymName().str(),
                      sim::stringifyRule(op.getRule()).str(), counted(uint64_t(n), "connection"),
                      counted(each, "byte"), parts, runtime::formatBytes(bytes));
    if (!constant.empty())
      os << "    the same for all connections, not stored: " << constant << '\n';
    if (delays && byDelay)
      os << "    delays are not stored: each segment of connections has one\n";
    if (!delays && !op.getUndelayed())
      os << "    one delay for all connections, not stored\n";
    if (std::optional<int64_t> products = op.getProducts())
      os << fmt::format(
          "    weights are not stored: {} {} of a number of the source and one of the "
          "target (`low_rank`)\n",
          *products, *products == 1 ? "product" : "products");
    bool alike = false; // all its sums
    for (auto gather : program.getBody().getOps<sim::GatherOp>())
      if (gather.getOver() == op.getSymName())
        alike = gather.getAlike();
    os << (alike ? "    continuous: one sum for all targets, in the order of the sources\n"
           : op.getContinuous()
               ? "    continuous: gathered per target, in the order of the sources\n"
           : implicit ? "    recomputed from the numbers of the elements"
           : byDelay  ? "    by source and delay, together with other projections of the source"
                      : "    rows by source, one set for each partition of the targets\n");
    if (byDelay || implicit)
      os << fmt::format(" ({})\n", op.getWhy()->str());
    sight(op);
    states(op);
    work<sim::HandleOp>(op.getSymName(), "a spike and connection, beside its row");
    work<sim::SettleOp>(op.getSymName(), "a connection, where all are brought up to date");
    bool stepped = false;
    for (auto advance : program.getBody().getOps<sim::AdvanceOp>())
      stepped |= advance.getOver() == op.getSymName() && !advance.getPeriod();
    work<sim::AdvanceOp>(op.getSymName(),
                         stepped ? "a connection and step" : "a connection and epoch");
    work<sim::TimerOp>(op.getSymName(), "a connection and turn of its timer");
    work<sim::DeliverOp>(op.getSymName(),
                         byDelay || implicit ? "a connection, once; then an addition for each event"
                                             : "a spike and connection, beside its row");
    work<sim::GatherOp>(op.getSymName(), alike ? "a source and step" : "a connection and step");
  }

  /// What becomes of the constraints of priors (R3).
  void constraints() {
    auto all = program.getBody().getOps<sim::ConstrainOp>();
    if (!all.empty())
      os << "\nconstraints\n";
    for (sim::ConstrainOp op : all) {
      os << fmt::format("    {}\n", op.getText().str());
      if (auto outcome = op.getOutcome())
        os << fmt::format("        {}\n", outcome->str());
      else if (op.getKind() == sim::ConstraintKind::NoAutapses)
        os << "        drawn without; a connection table is checked when the model is built\n";
      else if (auto period = op.getPeriod())
        os << fmt::format("        brought about at the start and every {}\n",
                          counted(uint64_t(*period), "step"));
      else
        os << "        brought about at the start; nothing moves the weights afterwards\n";
    }
  }

  /// States that `sim-remove-dead-state` took out.
  void removed() {
    auto texts = program->getAttrOfType<ArrayAttr>("sim.removed");
    if (!texts)
      return;
    os << "\nstates that are not kept, because nothing that a run shows depends on them (a run "
          "with "
          "--checkpoint or --resume, and a program that is built, keeps them)\n";
    for (auto text : texts.getAsRange<StringAttr>())
      os << fmt::format("    {}\n", text.getValue().str());
  }

  /// When its connections see spikes, if not at once (G3).
  void sight(sim::ConnectionsOp op) {
    bool arrives = op.getDendriticFraction() && op.getDendriticFraction()->isZero();
    if (op.getSight() == sim::Sight::First)
      os << "    spikes wait for each connection until its delay has passed, and are seen before "
            "those that its target fires then\n";
    else if (op.getSight() == sim::Sight::Delayed)
      os << fmt::format("    spikes wait for each connection until {}its delay has passed\n",
                        arrives ? "" : "the axonal part of ");
    else if (symbols.lookup<sim::DomainOp>(op.getSource()).getRelays())
      os << "    spikes pass relays, one for each source, until the synapses see them\n";
  }

  /// What each connection keeps and when it moves (X2).
  void states(sim::ConnectionsOp op) {
    bool any = false, stepped = false, follows = false;
    for (auto array : program.getBody().getOps<sim::ArrayOp>())
      if (array.getOver() == op.getSymName() && array.getPlacement() && array.getWhy()) {
        os << fmt::format("    {}: one per connection ({})\n", array.getSymName().str(),
                          array.getWhy()->str());
        any = true;
      }
    for (auto launch : program.getBody().getOps<sim::AdvanceOp>())
      stepped |= launch.getOver() == op.getSymName() && !launch.getPeriod();
    for (auto launch : program.getBody().getOps<sim::SettleOp>())
      follows |= launch.getOver() == op.getSymName();
    if (any)
      os << (stepped
                 ? "    these go on at every step: what moves them between events is not a decay\n"
             : follows ? "    these are brought up to date late: at spikes of the source, from the "
                         "times of "
                         "the target's spikes\n"
                       : "    these are brought up to date at spikes of the source\n");
  }

  /// What the structured ops of a kind cost that run over a domain or over connections (X4).
  template <typename LaunchT> void work(StringRef over, const char *each) {
    for (count::Launch &launch : launches)
      if (isa<LaunchT>(launch.op) && launch.op.overName() == over)
        os << fmt::format("    work: {}; {}\n", count::describe(launch.each), each);
  }

  sim::ProgramOp program;
  SymbolTable symbols;
  std::vector<count::Launch> launches;
  llvm::raw_ostream &os;
};

} // namespace

void synfire::tool::explainNeuro(ModuleOp module, llvm::raw_ostream &os) {
  os << "solvers\n";
  module.walk([&](neuro::PopulationOp population) {
    os << fmt::format("  {} : {}\n", population.getSymName().str(), population.getNeuron().str());
    if (auto solve = population.getSolve())
      for (Attribute attr : *solve) {
        auto solution = cast<neuro::SolutionAttr>(attr);
        std::string steps =
            solution.getSubsteps() > 1 ? fmt::format(" in {} steps", solution.getSubsteps()) : "";
        os << fmt::format("    {}: {}{} ({})\n", solution.getState().getValue().str(),
                          neuro::stringifyMethod(solution.getMethod()).str(), steps,
                          solution.getWhy().getValue().str());
      }
  });
}

void synfire::tool::explainSim(ModuleOp module, llvm::raw_ostream &os) {
  for (auto program : module.getOps<sim::ProgramOp>())
    SimExplainer(program, os).print();
}

int synfire::tool::explainMemory(const syn_model &model, llvm::raw_ostream &os) {
  if (!model.n_runs)
    return 0;
  const syn_run &run = model.runs[model.n_runs - 1];
  runtime::Team team(0);
  auto shares = runtime::Instance::foresee(model, run, run.seed, team);
  if (!shares) {
    llvm::errs() << model.name << ": error: " << shares.status().message() << '\n';
    return shares.status().exitCode();
  }
  os << fmt::format("\nmemory: about {} while the model is built, with {}; {} are available\n",
                    runtime::formatBytes(runtime::totalBytes(*shares)),
                    counted(team.size(), "thread"),
                    runtime::formatBytes(runtime::availableMemory()))
     << runtime::memoryTable(*shares);
  return 0;
}

void synfire::tool::explainArithmetic(const SimOptions &options, bool quantized,
                                      llvm::raw_ostream &os) {
  registerAllPipelines();
  OpPassManager pm(ModuleOp::getOperationName());
  buildNeuroToSimPipeline(pm, options);
  if (quantized)
    buildQuantizePipeline(pm, QuantizeOptions());
  os << "\narithmetic: what decides roundings; everything else keeps them\n";
  for (Pass &pass : pm.getPasses()) {
    const PassInfo *info = PassInfo::lookup(pass.getArgument());
    StringRef summary = info ? info->getPassDescription() : "";
    if (summary.consume_back(" (numeric)"))
      os << fmt::format("    {}: {}\n", pass.getArgument().str(), summary.str());
  }
}
