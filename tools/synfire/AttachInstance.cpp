//===- AttachInstance.cpp - the numbers of a program, as it is when it is built ---===//
//
// What parameters, derived values and start values are is computed by compiled kernels. So the
// program is compiled and built once, and what its arrays hold then is written down on it.
//
//===----------------------------------------------------------------------===//
#include "runtime/engine/ConnectionList.h"
#include "runtime/engine/Instance.h"
#include "targets/cpu/Jit.h"
#include "tools/synfire/Commands.h"

#include "llvm/ADT/StringSet.h"

using namespace mlir;
using namespace synfire;
using namespace synfire::tool;

namespace {

/// Arrays that kernels set when a program is built; the others begin as they are declared.
llvm::StringSet<> computedArrays(sim::ProgramOp program) {
  llvm::StringSet<> names;
  for (Operation &op : program.getBody().front())
    if (isa<sim::InitOp, sim::DeriveOp>(op))
      for (Attribute bound : cast<sim::LaunchInterface>(op).bindings())
        if (auto symbol = dyn_cast<FlatSymbolRefAttr>(bound))
          names.insert(symbol.getValue());
  return names;
}

/// What is known of an array before the first step: one number, or one for each element.
Attribute valuesOf(sim::ArrayOp op, runtime::Instance &instance, uint32_t number, bool computed) {
  Builder b(op.getContext());
  using sim::ArrayKind;
  if (op.getUniform()) {
    bool data = op.getKind() == ArrayKind::Parameter || op.getKind() == ArrayKind::Derived;
    return data ? b.getF64FloatAttr(instance.value(number, 0)) : Attribute();
  }
  const syn_array &array = instance.model.arrays[number];
  if (!computed || array.domain == SYN_NONE || array.past_of != SYN_NONE)
    return nullptr;
  std::vector<double> values;
  for (uint64_t i = 0; i < instance.model.domains[array.domain].size; ++i)
    values.push_back(instance.value(number, i));
  auto type = RankedTensorType::get({int64_t(values.size())}, b.getF64Type());
  return DenseElementsAttr::get(type, ArrayRef<double>(values));
}

/// Whether a kernel sends the weight itself, and not something that is computed from it.
bool sendsWeight(sim::KernelOp kernel) {
  bool plain = true;
  kernel.walk([&](sim::SendOp send) {
    auto round = send.getAmount().getDefiningOp<sim::RoundOp>();
    auto product = round ? round.getValue().getDefiningOp<arith::MulFOp>() : arith::MulFOp();
    plain &= product && product.getLhs().getDefiningOp<sim::GetOp>() &&
             product.getRhs().getDefiningOp<sim::GetOp>();
  });
  return plain;
}

/// What may come to a sum in one step: the least and the largest sum over its elements, if every
/// connection brings all its events, and the number of amounts.
class SumRanges {
public:
  SumRanges(sim::ProgramOp program, runtime::Instance &instance,
            const llvm::StringMap<uint32_t> &arrays)
      : program(program), instance(instance), arrays(arrays) {
    for (uint32_t c = 0; c < instance.model.n_connections; ++c)
      connections[instance.model.connections[c].name] = c;
  }

  void attachTo(SmallVectorImpl<NamedAttribute> &known) {
    llvm::StringMap<sim::KernelOp> kernels;
    for (auto kernel : program.getBody().getOps<sim::KernelOp>())
      kernels[kernel.getSymName()] = kernel;
    llvm::StringMap<bool> plain;
    for (auto deliver : program.getBody().getOps<sim::DeliverOp>())
      plain[deliver.getOver()] = sendsWeight(kernels[deliver.getKernel()]);
    for (auto handle : program.getBody().getOps<sim::HandleOp>())
      plastic.insert(handle.getOver());
    for (auto sum : program.getBody().getOps<sim::AccumulatorOp>()) {
      std::vector<std::array<double, 3>> ofElement(sizeOf(sum.getOver()));
      llvm::StringMap<std::vector<sim::CapOp>> ofPlastic;
      for (auto cap : program.getBody().getOps<sim::CapOp>())
        if (cap.getAccumulator() != sum.getSymName() || !cap.getConnections())
          continue;
        else if (plastic.contains(*cap.getConnections()))
          ofPlastic[*cap.getConnections()].push_back(cap);
        else
          add(cap, plain.lookup(*cap.getConnections()), ofElement);
      for (auto &[name, caps] : ofPlastic)
        addPlastic(caps, ofElement);
      std::array<double, 3> all{};
      for (const auto &one : ofElement) {
        all[0] = std::min(all[0], one[0]);
        all[1] = std::max(all[1], one[1]);
        all[2] = std::max(all[2], one[2]);
      }
      known.emplace_back(sum.getSymNameAttr(),
                         Builder(program.getContext()).getDenseF64ArrayAttr(all));
    }
    for (auto array : program.getBody().getOps<sim::ArrayOp>())
      if (array.getOver() && plastic.contains(*array.getOver()))
        if (auto start = startOf(array))
          known.emplace_back(array.getSymNameAttr(), start);
    for (auto drive : program.getBody().getOps<sim::PoissonOp>())
      for (uint32_t d = 0; d < instance.model.n_poissons; ++d)
        if (instance.model.poissons[d].name == drive.getSymName()) {
          const std::vector<uint32_t> &table = instance.sums.thresholdsOf(d);
          auto type = RankedTensorType::get({int64_t(table.size())},
                                            IntegerType::get(program.getContext(), 32));
          known.emplace_back(drive.getSymNameAttr(),
                             DenseElementsAttr::get(type, ArrayRef<uint32_t>(table)));
        }
  }

private:
  size_t sizeOf(StringRef domain) {
    for (auto op : program.getBody().getOps<sim::DomainOp>())
      if (op.getSymName() == domain)
        return size_t(op.getSize());
    return 0;
  }

  void add(sim::CapOp cap, bool plain, std::vector<std::array<double, 3>> &ofElement) {
    uint32_t number = connections.lookup(*cap.getConnections());
    uint32_t events = runtime::mostEventsOfStep(instance, number);
    for (const auto &c : runtime::listConnections(instance, number)) {
      double amount = amountOf(cap, number, c) * events;
      auto &sums = ofElement[c.target];
      if (!plain || amount < 0)
        sums[0] -= std::abs(amount);
      if (!plain || amount > 0)
        sums[1] += std::abs(amount);
      sums[2] += events;
    }
  }

  /// The least and the largest of the values of connections.
  DenseF64ArrayAttr startOf(sim::ArrayOp array) {
    uint32_t number = connections.lookup(*array.getOver());
    double least = INFINITY, largest = -INFINITY;
    for (const auto &c : runtime::listConnections(instance, number)) {
      double value = runtime::valueOf(instance, arrays.lookup(array.getSymName()), number, c);
      least = std::min(least, value);
      largest = std::max(largest, value);
    }
    Builder b(program.getContext());
    return least <= largest ? b.getDenseF64ArrayAttr({least, largest}) : DenseF64ArrayAttr();
  }

  double amountOf(sim::CapOp cap, uint32_t number, const runtime::ListedConnection &c) {
    double largest = cap.getArray()
                         ? runtime::valueOf(instance, arrays.lookup(*cap.getArray()), number, c)
                         : 1.0;
    return largest * cap.getHeadroom().convertToDouble();
  }

  /// A weight that changes is where it began or in the bounds of its rule. Whether it is ever below
  /// 0 shows when the rule is quantised.
  void addPlastic(ArrayRef<sim::CapOp> caps, std::vector<std::array<double, 3>> &ofElement) {
    uint32_t number = connections.lookup(*sim::CapOp(caps.front()).getConnections());
    uint32_t events = runtime::mostEventsOfStep(instance, number);
    for (const auto &c : runtime::listConnections(instance, number)) {
      double most = 0;
      for (sim::CapOp cap : caps)
        most = std::max(most, std::abs(amountOf(cap, number, c)));
      ofElement[c.target][1] += most * events;
      ofElement[c.target][2] += events;
    }
  }

  sim::ProgramOp program;
  runtime::Instance &instance;
  const llvm::StringMap<uint32_t> &arrays;
  llvm::StringMap<uint32_t> connections;
  llvm::StringSet<> plastic; ///< connections whose weights change
};

int fail(const Twine &message, int code) {
  llvm::errs() << "synfire: error: " << message << '\n';
  return code;
}

} // namespace

int synfire::tool::attachInstance(ModuleOp module, const cpu::CodegenOptions &options,
                                  bool quantized) {
  for (auto program : module.getOps<sim::ProgramOp>()) {
    sim::RunOp before;
    for (auto run : program.getBody().getOps<sim::RunOp>()) {
      if (before && run.getOrigin().value_or("") != before.getName())
        return fail(Twine(quantized ? "--precision fixed" : "--freeze") +
                        " needs an experiment of one run, or of runs that go on from each other: "
                        "the numbers of another may differ",
                    1);
      before = run;
    }
  }
  OwningOpRef<ModuleOp> copy(module.clone());
  if (quantized) { // its updates have exponentials yet, which are not run here
    PassManager pm(module.getContext());
    buildExpandPipeline(pm);
    if (failed(pm.run(*copy)))
      return 1;
  }
  auto jit = cpu::Jit::compile(*copy, options);
  if (!jit)
    return 1;
  const syn_model &model = *jit->model();
  const syn_run &run = model.runs[0];
  runtime::Team team(0);
  llvm::StringMap<uint32_t> numbers;
  for (uint32_t a = 0; a < model.n_arrays; ++a)
    numbers[model.arrays[a].name] = a;
  SmallVector<NamedAttribute> sums;
  auto instance =
      runtime::Instance::create(model, run, run.seed, team, [&](runtime::Instance &made) {
        if (quantized)
          for (auto program : module.getOps<sim::ProgramOp>())
            SumRanges(program, made, numbers).attachTo(sums);
      });
  if (!instance)
    return fail(instance.status().message(), instance.status().exitCode());
  for (auto program : module.getOps<sim::ProgramOp>()) {
    llvm::StringSet<> computed = computedArrays(program);
    SmallVector<NamedAttribute> known = sums;
    llvm::StringSet<> units; // are chosen when the program is quantised
    if (quantized)
      for (auto sum : program.getBody().getOps<sim::AccumulatorOp>()) {
        units.insert(sum.getScale());
        units.insert(sum.getInverse());
      }
    for (auto array : program.getBody().getOps<sim::ArrayOp>())
      if (units.contains(array.getSymName()))
        continue;
      else if (Attribute values = valuesOf(array, **instance, numbers.lookup(array.getSymName()),
                                           computed.contains(array.getSymName())))
        known.emplace_back(array.getSymNameAttr(), values);
    program->setAttr("sim.instance", DictionaryAttr::get(module.getContext(), known));
  }
  return 0;
}

/// Each connection that the network has, as its kind of rule is forgotten.
static void writeDown(sim::ProgramOp program, runtime::Instance &instance,
                      const llvm::StringMap<uint32_t> &numbers) {
  Builder b(program.getContext());
  llvm::StringMap<uint32_t> order;
  for (uint32_t c = 0; c < instance.model.n_connections; ++c)
    order[instance.model.connections[c].name] = c;
  for (auto connections : program.getBody().getOps<sim::ConnectionsOp>()) {
    uint32_t number = order.lookup(connections.getSymName());
    auto all = runtime::listConnections(instance, number);
    auto n = int64_t(all.size());
    std::vector<int32_t> ends(2 * all.size()), steps;
    for (size_t i = 0; i < all.size(); ++i) {
      ends[i] = int32_t(all[i].source);
      ends[all.size() + i] = int32_t(all[i].target);
      steps.push_back(int32_t(all[i].steps));
    }
    auto pairs = RankedTensorType::get({2, n}, b.getI32Type());
    connections.setPairsAttr(DenseElementsAttr::get(pairs, ArrayRef<int32_t>(ends)));
    auto delays = RankedTensorType::get({n}, b.getI32Type());
    connections.setStepsAttr(DenseElementsAttr::get(delays, ArrayRef<int32_t>(steps)));
    connections.setRule(sim::Rule::Table);
    connections.setArgumentsAttr(b.getDictionaryAttr({}));
    connections.setLayout(sim::Layout::BySource);
    for (auto array : program.getBody().getOps<sim::ArrayOp>()) {
      if (array.getOver().value_or("") != connections.getSymName())
        continue;
      std::vector<double> values;
      for (const auto &c : all)
        values.push_back(runtime::valueOf(instance, numbers.lookup(array.getSymName()), number, c));
      auto type = RankedTensorType::get({n}, b.getF64Type());
      array.setValuesAttr(DenseElementsAttr::get(type, ArrayRef<double>(values)));
    }
  }
  for (auto values : llvm::make_early_inc_range(program.getBody().getOps<sim::ValuesOp>()))
    values.erase();
}

int synfire::tool::attachConnections(ModuleOp module, const cpu::CodegenOptions &options) {
  OwningOpRef<ModuleOp> copy(module.clone());
  auto jit = cpu::Jit::compile(*copy, options);
  if (!jit)
    return 1;
  const syn_model &model = *jit->model();
  llvm::StringMap<uint32_t> numbers;
  for (uint32_t a = 0; a < model.n_arrays; ++a)
    numbers[model.arrays[a].name] = a;
  runtime::Team team(1);
  auto instance = runtime::Instance::create(model, model.runs[0], model.runs[0].seed, team,
                                            [&](runtime::Instance &made) {
                                              for (auto program : module.getOps<sim::ProgramOp>())
                                                writeDown(program, made, numbers);
                                            });
  return instance ? 0 : fail(instance.status().message(), instance.status().exitCode());
}
