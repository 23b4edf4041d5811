//===- Design.cpp ---===//
#include "passes/sim-to-rtl/Design.h"

#include "passes/sim-to-rtl/EngineRanges.h"
#include "passes/sim/fixed/KernelFormats.h"
#include "passes/sim/fixed/Outside.h"

using namespace mlir;
using namespace synfire;
using namespace synfire::sim;

std::string synfire::hardwareName(StringRef name) {
  std::string result;
  for (char c : name)
    if (llvm::isAlnum(c))
      result += llvm::toLower(c);
    else if (!result.empty() && result.back() != '_')
      result += '_';
  while (!result.empty() && result.back() == '_')
    result.pop_back();
  return result.empty() || !llvm::isAlpha(result.front()) ? "n" + result : result;
}

namespace {

class Planner {
public:
  Planner(ProgramOp program, const HardwareOptions &options)
      : program(program), symbols(program), options(options) {}

  FailureOr<Design> plan();

private:
  LogicalResult checkOps();
  bool isHistory(UpdateOp update, size_t number);
  bool isRelay(UpdateOp update);
  void findSources();
  LogicalResult findEngines();
  LogicalResult findStates(EnginePlan &engine);
  LogicalResult findSums(EnginePlan &engine);
  LogicalResult addContacts(EnginePlan &engine, SumPlan &sum, DeliverOp deliver,
                            uint32_t firstTarget);
  LogicalResult checkWidth(EnginePlan &engine, const SumPlan &sum);
  void layOut(SumPlan &sum, uint32_t cells);
  LogicalResult addPlastic(EnginePlan &engine, SumPlan &sum, HandleOp handle);

  template <typename Op> Op lookup(Attribute symbol) {
    return symbols.lookup<Op>(cast<FlatSymbolRefAttr>(symbol).getValue());
  }

  ProgramOp program;
  SymbolTable symbols;
  HardwareOptions options;
  Design design;
  llvm::StringMap<uint32_t> firstSource;
  llvm::StringSet<> relays;      ///< domains that pass on what is given to them
  llvm::StringSet<> relayInputs; ///< those through which it is given
  llvm::StringSet<> names;
};

/// What each connection or population does every step must be in hardware; what the host does, such
/// as records, need not.
LogicalResult Planner::checkOps() {
  for (Operation &op : program.getBody().front())
    if (isa<AdvanceOp, GatherOp, TimerOp, AssignOp, ConstrainOp>(op))
      return op.emitError("what is done here has no hardware form yet");
  return success();
}

/// What a population keeps of its spikes for its connections: these have it themselves.
bool Planner::isHistory(UpdateOp update, size_t number) {
  auto array = lookup<ArrayOp>(update.getBind()[number]);
  return array && array.getKind() == ArrayKind::History;
}

/// Start values of an array as integers in its units.
std::vector<int64_t> integersOf(ArrayOp array, uint32_t size) {
  int fraction = array.getFormat() ? int((*array.getFormat())[1]) : 0;
  auto integer = [&](double value) { return int64_t(std::nearbyint(std::ldexp(value, fraction))); };
  std::vector<int64_t> all;
  if (auto values = dyn_cast_or_null<DenseElementsAttr>(array.getValuesAttr())) {
    for (const APFloat &value : values.getValues<APFloat>())
      all.push_back(integer(value.convertToDouble()));
    return all;
  }
  all.assign(size, array.getValue() ? integer(array.getValue()->convertToDouble()) : 0);
  return all;
}

/// The integer that an event brings through a connection whose weight is known.
std::optional<int64_t> amountOf(KernelOp kernel,
                                llvm::function_ref<std::optional<double>(StringRef)> weight) {
  DenseMap<Value, double> known;
  for (Operation &op : kernel.getBody().front()) {
    auto of = [&](unsigned k) { return known.lookup(op.getOperand(k)); };
    if (isa<FieldOp, EndOp>(op))
      continue;
    if (auto send = dyn_cast<SendOp>(op))
      return int64_t(known.lookup(send.getAmount()));
    if (auto get = dyn_cast<GetOp>(op)) {
      auto value = weight(get.getField());
      if (!value)
        return std::nullopt;
      known[get.getResult()] = *value;
    } else if (auto constant = constantOf(op.getResult(0)); isa<arith::ConstantOp>(op)) {
      known[op.getResult(0)] = *constant;
    } else if (isa<arith::MulFOp>(op)) {
      known[op.getResult(0)] = of(0) * of(1);
    } else if (isa<arith::AddFOp>(op)) {
      known[op.getResult(0)] = of(0) + of(1);
    } else if (isa<arith::SubFOp>(op)) {
      known[op.getResult(0)] = of(0) - of(1);
    } else if (isa<arith::NegFOp>(op)) {
      known[op.getResult(0)] = -of(0);
    } else if (isa<RoundOp>(op)) {
      known[op.getResult(0)] = std::nearbyint(of(0));
    } else {
      return std::nullopt;
    }
  }
  return std::nullopt;
}

/// Whether the cells of an update do nothing but fire in each step in which one given spike
/// arrives: followed with every state as it begins, the kernel fires with the event and not
/// without, and leaves the states as they were.
bool Planner::isRelay(UpdateOp update) {
  auto kernel = symbols.lookup<KernelOp>(update.getKernel());
  llvm::StringMap<double> start;
  llvm::StringSet<> history;
  AccumulatorOp sum;
  for (auto [field, to] : llvm::zip(kernel.getBody().getOps<FieldOp>(), update.getBind())) {
    if (field.getKind() == FieldKind::Element) {
      auto array = lookup<ArrayOp>(to);
      if (array.getKind() == ArrayKind::History) {
        history.insert(field.getSymName());
        continue;
      }
      if (array.getValues() || !array.getFormat())
        return false; // cells that begin differently
      start[field.getSymName()] = double(integersOf(array, 1).front());
    } else if (field.getKind() == FieldKind::Ring && !sum) {
      sum = lookup<AccumulatorOp>(to);
    } else if (field.getKind() != FieldKind::Emit) {
      return false;
    }
  }
  DeliverOp only;
  for (auto deliver : program.getBody().getOps<DeliverOp>()) {
    auto of = symbols.lookup<KernelOp>(deliver.getKernel());
    for (auto [field, to] : llvm::zip(of.getBody().getOps<FieldOp>(), deliver.getBind()))
      if (field.getKind() == FieldKind::Ring && sum && lookup<AccumulatorOp>(to) == sum) {
        if (only)
          return false;
        only = deliver;
      }
  }
  auto through = only ? symbols.lookup<ConnectionsOp>(only.getOver()) : ConnectionsOp();
  auto given = llvm::any_of(program.getBody().getOps<SpikeListOp>(), [&](SpikeListOp list) {
    return through && list.getConnections() == through.getSymName();
  });
  auto amount = only ? amountOf(symbols.lookup<KernelOp>(only.getKernel()),
                                [](StringRef) { return std::nullopt; })
                     : std::nullopt;
  if (!given || !amount)
    return false;
  Paths paths(kernel);
  if (paths.unsupported())
    return false;
  for (bool event : {false, true}) {
    unsigned ends = 0;
    bool holds = true;
    auto leaf = [&](Operation *op) {
      if (auto get = dyn_cast<GetOp>(op))
        return Bound::point(start.lookup(get.getField()));
      return Bound::point(isa<CollectOp>(op) && event ? double(*amount) : 0.0);
    };
    paths.run(
        leaf, [](Operation *) { return std::nullopt; },
        [](Operation *, unsigned, double value) { return Bound::point(value); },
        [](Operation *, Bound exact) { return exact; },
        [&](ArrayRef<Bound> values) {
          ++ends;
          auto is = [&](Value value, double number) {
            if (auto constant = constantOf(value))
              return *constant == number;
            const Bound &of = values[paths.numberOf(value)];
            return of.isPoint() && of.low == number;
          };
          for (auto emit : kernel.getBody().getOps<EmitOp>())
            holds &= is(emit.getFires(), event);
          for (auto set : kernel.getBody().getOps<SetOp>())
            if (!history.contains(set.getField()))
              holds &= is(set.getValue(), start.lookup(set.getField()));
        });
    if (ends != 1 || !holds)
      return false;
  }
  relays.insert(update.getOver());
  relayInputs.insert(through.getSource());
  return true;
}

void Planner::findSources() {
  llvm::StringSet<> updated;
  for (auto &name : outsidePopulations(program)) // fires as the host says
    relays.insert(name.getKey());
  for (auto update : program.getBody().getOps<UpdateOp>())
    if (!relays.contains(update.getOver()) && !isRelay(update))
      updated.insert(update.getOver());
  for (bool inputs : {false, true})
    for (auto domain : program.getBody().getOps<DomainOp>()) {
      if (!domain.emits() || updated.contains(domain.getSymName()) == inputs ||
          relayInputs.contains(domain.getSymName()))
        continue;
      uint32_t &total = inputs ? design.inputs : design.cells;
      SpikeSource source{domain, design.cells + design.inputs, uint32_t(domain.getSize()), inputs,
                         relays.contains(domain.getSymName())};
      total += source.size;
      firstSource[domain.getSymName()] = source.first;
      design.sources.push_back(source);
    }
}

LogicalResult Planner::findEngines() {
  // Populations of one kernel share an engine, unless each has random numbers of its own.
  llvm::MapVector<std::pair<Attribute, Attribute>, EnginePlan> groups;
  for (auto update : program.getBody().getOps<UpdateOp>()) {
    if (relays.contains(update.getOver()))
      continue;
    auto kernel = symbols.lookup<KernelOp>(update.getKernel());
    bool draws = false;
    kernel.walk([&](Operation *op) { draws |= isa<CountOp, NormalOp, ChanceOp>(op); });
    EnginePlan &engine =
        groups[{update.getKernelAttr(), draws ? Attribute(update.getOverAttr()) : Attribute()}];
    auto domain = symbols.lookup<DomainOp>(update.getOver());
    engine.kernel = kernel;
    engine.draws = draws;
    if (!domain.emits())
      return domain.emitError() << "`" << domain.getSymName()
                                << "` has cells that do not spike, so that nobody could see them "
                                   "in hardware";
    engine.shares.push_back({update, domain, engine.cells, uint32_t(domain.getSize()),
                             firstSource.lookup(domain.getSymName())});
    engine.cells += uint32_t(domain.getSize());
  }
  for (auto &entry : groups) {
    EnginePlan &engine = entry.second;
    engine.name = hardwareName(engine.shares.front().domain.getSymName());
    while (!names.insert(engine.name).second)
      engine.name += "_2";
    if (failed(findStates(engine)) || failed(findSums(engine)))
      return failure();
    design.engines.push_back(std::move(engine));
  }
  return success();
}

LogicalResult Planner::findStates(EnginePlan &engine) {
  llvm::StringSet<> set;
  for (auto op : engine.kernel.getBody().getOps<SetOp>())
    set.insert(op.getField());
  for (auto [number, field] : llvm::enumerate(engine.kernel.getBody().getOps<FieldOp>())) {
    if (field.getKind() == FieldKind::Uniform)
      return engine.shares.front().update.emitOpError(
          "reads a number that changes in the run; hardware keeps "
          "numbers as constants");
    if (field.getKind() != FieldKind::Element || isHistory(engine.shares.front().update, number))
      continue;
    StateWord word;
    word.field = field.getSymName().str();
    word.changes = set.contains(field.getSymName());
    for (EngineShare &share : engine.shares) {
      auto array = lookup<ArrayOp>(share.update.getBind()[number]);
      if (!array.getFormat())
        return array.emitOpError("has no format; hardware is made of quantised programs");
      word.bits = std::max(word.bits, unsigned((*array.getFormat())[0]));
      std::vector<int64_t> values = integersOf(array, share.size);
      word.values.insert(word.values.end(), values.begin(), values.end());
    }
    engine.states.push_back(std::move(word));
  }
  return success();
}

LogicalResult Planner::addContacts(EnginePlan &engine, SumPlan &sum, DeliverOp deliver,
                                   uint32_t firstTarget) {
  auto connections = symbols.lookup<ConnectionsOp>(deliver.getOver());
  auto pairs = dyn_cast_or_null<DenseIntElementsAttr>(connections.getPairsAttr());
  auto steps = dyn_cast_or_null<DenseIntElementsAttr>(connections.getStepsAttr());
  if (!pairs || !steps)
    return connections.emitOpError("is not written down connection by connection");
  auto kernel = symbols.lookup<KernelOp>(deliver.getKernel());
  // What amounts are made of: values of the connection, or of one of its ends.
  struct Weight {
    FieldKind kind;
    ArrayOp array;
    std::vector<double> values;
  };
  llvm::StringMap<Weight> weights;
  for (auto [field, to] : llvm::zip(kernel.getBody().getOps<FieldOp>(), deliver.getBind()))
    if (auto array = dyn_cast_or_null<ArrayOp>(
            isa<FlatSymbolRefAttr>(to) ? symbols.lookup(cast<FlatSymbolRefAttr>(to).getValue())
                                       : nullptr)) {
      Weight &weight = weights[field.getSymName()];
      weight = {field.getKind(), array, {}};
      if (auto all = dyn_cast_or_null<DenseFPElementsAttr>(array.getValuesAttr()))
        for (const APFloat &value : all.getValues<APFloat>())
          weight.values.push_back(value.convertToDouble());
    }
  auto ends = llvm::to_vector(pairs.getValues<int32_t>());
  auto delays = llvm::to_vector(steps.getValues<int32_t>());
  size_t n = delays.size();
  uint32_t first = firstSource.lookup(connections.getSource());
  std::optional<int64_t> one;
  for (size_t i = 0; i < n; ++i) {
    if (!one || !weights.empty())
      one = amountOf(kernel, [&](StringRef field) -> std::optional<double> {
        auto found = weights.find(field);
        if (found == weights.end())
          return std::nullopt;
        const Weight &weight = found->second;
        size_t at = weight.kind == FieldKind::Target   ? size_t(ends[n + i])
                    : weight.kind == FieldKind::Source ? size_t(ends[i])
                                                       : i;
        if (at < weight.values.size())
          return weight.values[at];
        auto value = ArrayOp(weight.array).getValue();
        return value && weight.kind != FieldKind::Connection
                   ? std::optional(value->convertToDouble())
                   : std::nullopt;
      });
    if (!one)
      return deliver.emitError() << "`" << deliver.getOver()
                                 << "` sends amounts that have no hardware form yet; they are sums "
                                    "and products of parameters";
    sum.contacts.push_back({first + uint32_t(ends[i]), firstTarget + uint32_t(ends[n + i]),
                            uint32_t(delays[i]), *one});
  }
  return success();
}

/// Bits of an integer of this size, sign included.
static unsigned bitsOf(int64_t low, int64_t high) {
  return unsigned(bitsFor(double(low), double(high)));
}

/// How many targets a word of memory serves: as many as keep the rows small, which are most of the
/// memory.
void Planner::layOut(SumPlan &sum, uint32_t cells) {
  llvm::sort(sum.contacts, [](const Contact &a, const Contact &b) {
    return std::tie(a.source, a.steps, a.target) < std::tie(b.source, b.steps, b.target);
  });
  // Several connections of a pair with one delay are one amount.
  std::vector<Contact> merged;
  for (const Contact &contact : sum.contacts)
    if (!merged.empty() && merged.back().source == contact.source &&
        merged.back().steps == contact.steps && merged.back().target == contact.target)
      merged.back().amount += contact.amount;
    else
      merged.push_back(contact);
  sum.contacts = std::move(merged);
  bool holds = llvm::none_of(sum.contacts, [&](const Contact &contact) {
    const SpikeSource *source = design.sourceOf(contact.source);
    return source && source->isInput && !source->isRelay;
  });
  sum.holdsInputs = holds;
  int64_t low = 0, high = 0;
  for (const Contact &contact : sum.contacts) {
    low = std::min(low, contact.amount);
    high = std::max(high, contact.amount);
    // What is given before a step is of that step, whose sums are still to be taken; what fires in
    // it comes after, and waits if it can, or needs a slot more.
    const SpikeSource *source = design.sourceOf(contact.source);
    sum.slots = std::max(sum.slots, contact.steps + (!holds && source && source->isRelay ? 1 : 0));
  }
  sum.weightBits = bitsOf(low, high);
  uint64_t best = ~uint64_t(0);
  for (unsigned lanes : {8u, 4u, 2u, 1u}) {
    uint64_t words = 0;
    for (size_t i = 0; i < sum.contacts.size(); ++i) {
      const Contact &at = sum.contacts[i];
      words += i == 0 || at.source != sum.contacts[i - 1].source ||
               at.steps != sum.contacts[i - 1].steps ||
               at.target / lanes != sum.contacts[i - 1].target / lanes;
    }
    uint32_t perSlot = (cells + lanes - 1) / lanes;
    uint64_t bits = words * (lanes * sum.weightBits + llvm::Log2_32_Ceil(perSlot) +
                             llvm::Log2_32_Ceil(sum.slots));
    if (lanes > cells || bits >= best)
      continue;
    best = bits;
    sum.lanes = lanes;
    sum.words = perSlot;
  }
  // Dense: every source of a range of them reaches every target after the same time.
  uint32_t first = sum.contacts.empty() ? 0 : sum.contacts.front().source,
           last = sum.contacts.empty() ? 0 : sum.contacts.back().source;
  uint64_t sources = last - first + 1;
  bool dense = sum.contacts.size() == sources * cells && llvm::isPowerOf2_32(sum.words) &&
               sum.words >= 2 && sum.words * sum.lanes == cells;
  for (size_t i = 0; dense && i < sum.contacts.size(); ++i)
    dense = sum.contacts[i].source == first + i / cells && sum.contacts[i].target == i % cells &&
            sum.contacts[i].steps == sum.contacts[0].steps;
  if (dense) {
    sum.isDense = true;
    sum.rowWords = sum.words;
    sum.firstSource = first;
    sum.sources = uint32_t(sources);
    sum.denseSteps = sum.contacts.front().steps;
    uint64_t bits = uint64_t(sum.sources) * cells * sum.weightBits;
    sum.isLoaded = options.loadedAbove && bits > options.loadedAbove;
    sum.isHuge = sum.isLoaded && options.huge;
  }
}

/// That all events of a step together fit, as the quantised program found.
LogicalResult Planner::checkWidth(EnginePlan &engine, const SumPlan &sum) {
  std::vector<std::pair<int64_t, int64_t>> ends(engine.cells);
  for (const Contact &contact : sum.contacts)
    (contact.amount < 0 ? ends[contact.target].first : ends[contact.target].second) +=
        contact.amount;
  for (auto [low, high] : ends)
    if (bitsOf(low, high) > sum.bits)
      return engine.shares.front().update.emitOpError("gets events whose sum needs ")
             << bitsOf(low, high) << " bits, where " << sum.bits << " were found to be enough";
  return success();
}

/// Connections whose weights change, at most one for each pair of cells.
LogicalResult Planner::addPlastic(EnginePlan &engine, SumPlan &sum, HandleOp handle) {
  auto connections = symbols.lookup<ConnectionsOp>(handle.getOver());
  if (engine.shares.size() != 1)
    return connections.emitError() << "has a rule, and `" << connections.getTarget()
                                   << "` shares its engine with another population, which has no "
                                      "hardware form yet; let them differ";
  FailureOr<PlasticRule> rule = planRule(handle, program);
  if (failed(rule))
    return failure();
  auto pairs = cast<DenseIntElementsAttr>(connections.getPairsAttr());
  auto ends = llvm::to_vector(pairs.getValues<int32_t>());
  size_t n = ends.size() / 2;
  const SpikeSource *source = nullptr;
  for (const SpikeSource &of : design.sources)
    if (DomainOp(of.domain).getSymName() == connections.getSource())
      source = &of;
  if (!source)
    return connections.emitError()
           << "`" << handle.getOver() << "` has a rule, and hardware sees no spikes of its sources";
  ArrayOp array;
  for (Attribute to : handle.getBind())
    if (auto symbol = dyn_cast<FlatSymbolRefAttr>(to))
      if (auto one = symbols.lookup<ArrayOp>(symbol.getValue());
          one && one.getOver().value_or("") == connections.getSymName())
        array = one;
  std::vector<int64_t> weights = integersOf(array, uint32_t(n));
  for (size_t i = 0; i < n; ++i)
    sum.contacts.push_back(
        {source->first + uint32_t(ends[i]), uint32_t(ends[n + i]), rule->delay, weights[i]});
  llvm::sort(sum.contacts, [](const Contact &a, const Contact &b) {
    return std::tie(a.source, a.target) < std::tie(b.source, b.target);
  });
  auto twice = llvm::adjacent_find(sum.contacts, [](const Contact &a, const Contact &b) {
    return a.source == b.source && a.target == b.target;
  });
  if (twice != sum.contacts.end())
    return connections.emitError()
           << "`" << handle.getOver() << "` connects `" << connections.getSource() << "["
           << twice->source - source->first << "]` to `" << connections.getTarget() << "["
           << twice->target
           << "]` more than once, and hardware has one weight that learns for each pair; give the "
              "connect rule `multapses = false`, or leave one of these rows of its table";
  sum.weightArray = array.getSymName().str();
  sum.lanes = uint32_t(std::min<uint64_t>(8, llvm::bit_floor(engine.cells)));
  sum.words = (engine.cells + sum.lanes - 1) / sum.lanes;
  sum.rowWords = uint32_t(llvm::PowerOf2Ceil(std::max(2u, sum.words)));
  sum.slots = rule->delay;
  sum.isDense = sum.holdsInputs = true;
  sum.firstSource = source->first;
  sum.sources = source->size;
  sum.denseSteps = rule->delay;
  uint64_t places = uint64_t(source->size) * engine.cells;
  bool hasAbsent = n < places;
  sum.weightBits = rule->bits();
  if (hasAbsent && !rule->bitsOfNoWeight(sum.weightBits))
    ++sum.weightBits;
  uint64_t bits = places * sum.weightBits;
  sum.isLoaded = options.loadedAbove && bits > options.loadedAbove;
  sum.isHuge = sum.isLoaded && options.huge;
  if (sum.isLoaded && sum.weightBits > 16)
    return array.emitError("needs words of ")
           << sum.weightBits << " bits, where a board loads words of 16; give "
           << "the rule a format, such as `format weight = Q1.8`";
  if (sum.isLoaded) // the host loads halves of words, or whole ones
    sum.weightBits = sum.weightBits <= 8 ? 8 : 16;
  if (hasAbsent)
    sum.absentBits = rule->bitsOfNoWeight(sum.weightBits);
  std::vector<uint32_t> degrees(engine.cells);
  for (const Contact &contact : sum.contacts)
    ++degrees[contact.target];
  double events = *llvm::max_element(degrees);
  double most = rule->weight.high * events, least = rule->weight.low * events;
  unsigned needed =
      unsigned(bitsFor(std::ldexp(least, int(rule->shift)), std::ldexp(most, int(rule->shift))));
  if (needed > sum.fieldBits)
    return connections.emitError("gets events whose sum needs ")
           << needed << " bits, where " << sum.fieldBits << " were found to be enough";
  sum.bits = needed;
  sum.rule = std::move(*rule);
  return success();
}

LogicalResult Planner::findSums(EnginePlan &engine) {
  for (auto [number, field] : llvm::enumerate(engine.kernel.getBody().getOps<FieldOp>())) {
    if (field.getKind() != FieldKind::Ring)
      continue;
    SumPlan sum;
    sum.field = field.getSymName().str();
    sum.port = hardwareName(field.getSymName());
    sum.name = engine.name + "_" + sum.port;
    std::vector<SumPlan> plastic;
    for (EngineShare &share : engine.shares) {
      auto accumulator = lookup<AccumulatorOp>(share.update.getBind()[number]);
      if (!accumulator.getFormat())
        return accumulator.emitOpError("has no format; hardware is made of quantised programs");
      sum.bits = sum.fieldBits = std::max(sum.bits, unsigned((*accumulator.getFormat())[0]));
      for (auto deliver : program.getBody().getOps<DeliverOp>()) {
        auto kernel = symbols.lookup<KernelOp>(deliver.getKernel());
        for (auto [of, to] : llvm::zip(kernel.getBody().getOps<FieldOp>(), deliver.getBind()))
          if (of.getKind() == FieldKind::Ring && lookup<AccumulatorOp>(to) == accumulator)
            if (failed(addContacts(engine, sum, deliver, share.first)))
              return failure();
      }
      for (auto handle : program.getBody().getOps<HandleOp>())
        if (llvm::is_contained(handle.getBind(), share.update.getBind()[number]) &&
            !cast<DenseElementsAttr>(lookup<ConnectionsOp>(handle.getOverAttr()).getPairsAttr())
                 .empty()) {
          SumPlan &own = plastic.emplace_back(sum);
          own.contacts.clear();
          own.port = hardwareName(handle.getOver());
          own.name = engine.name + "_" + own.port;
          if (failed(addPlastic(engine, own, handle)))
            return failure();
        }
    }
    layOut(sum, engine.cells);
    if (failed(checkWidth(engine, sum)))
      return failure();
    if (!sum.contacts.empty() || plastic.empty())
      engine.sums.push_back(std::move(sum));
    llvm::move(plastic, std::back_inserter(engine.sums));
  }
  return success();
}

FailureOr<Design> Planner::plan() {
  design.name = hardwareName(program.getSymName());
  names.insert(design.name);
  // The numbers of the network are those of the first run, too.
  for (auto run : program.getBody().getOps<RunOp>()) {
    design.seed = uint64_t(run.getSeed());
    break;
  }
  if (failed(checkOps()))
    return failure();
  findSources();
  if (failed(findEngines()) || failed(findLatches(design)))
    return failure();
  for (EnginePlan &engine : design.engines)
    narrowStates(engine);
  if (design.engines.empty())
    return program.emitError() << "`" << program.getSymName()
                               << "` has no cells that hardware would advance";
  return std::move(design);
}

} // namespace

FailureOr<Design> synfire::planDesign(ProgramOp program, const HardwareOptions &options) {
  return Planner(program, options).plan();
}
