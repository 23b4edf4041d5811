//===- Control.cpp - the top of a design ---===//
//
// A step of biological time: the neuron engines advance their cells, one engine after another; then
// the synapse engines take the spikes from their queues, all at once, until none is left. Between
// steps they take events from outside, which act in the step to come.
//
//===----------------------------------------------------------------------===//
#include "passes/sim-to-rtl/Engines.h"
#include "passes/sim-to-rtl/Multipliers.h"
#include "passes/sim-to-rtl/parts/Fifo.h"

using namespace mlir;
using namespace synfire;
using namespace synfire::rtl;

namespace {

/// A synapse engine with its queue.
struct Synapses {
  const EnginePlan *engine;
  const SumPlan *sum;
  rtl::ModuleOp module, queue;
  Heard heard;
};

class Control {
public:
  Control(OpBuilder &builder, const Design &design, const HardwareOptions &options)
      : builder(builder), design(design), options(options) {}

  FailureOr<rtl::ModuleOp> build();

private:
  LogicalResult buildParts();
  rtl::ModuleOp queueOf(uint64_t words, unsigned width);

  OpBuilder &builder;
  const Design &design;
  const HardwareOptions &options;
  std::vector<rtl::ModuleOp> neurons;
  std::vector<Synapses> synapses;
  std::vector<HostMemory> hosted;
  std::map<std::pair<uint64_t, unsigned>, rtl::ModuleOp> queues;
  rtl::ModuleOp outQueue;
};

/// Queues of one size are one module.
rtl::ModuleOp Control::queueOf(uint64_t words, unsigned width) {
  uint64_t depth = uint64_t(1) << llvm::Log2_64_Ceil(std::max<uint64_t>(16, words));
  rtl::ModuleOp &made = queues[{depth, width}];
  if (!made)
    made = buildFifo(builder, builder.getUnknownLoc(),
                     design.name + "_queue" + std::to_string(depth) + "x" + std::to_string(width),
                     {.width = width, .depth = unsigned(depth)});
  return made;
}

LogicalResult Control::buildParts() {
  Multiplied multiplied = chooseMultipliers(design, options.multipliers);
  for (const EnginePlan &engine : design.engines) {
    auto made = buildNeuronEngine(builder, design, engine, options, multiplied);
    if (failed(made))
      return failure();
    neurons.push_back(*made);
    for (const SumPlan &sum : engine.sums) {
      if (sum.contacts.empty())
        continue;
      Heard heard = heardBy(design, sum);
      rtl::ModuleOp made = sum.rule
                               ? buildPlasticEngine(builder, design, engine, sum, heard, options)
                               : buildSynapseEngine(builder, design, engine, sum, heard);
      uint64_t most = sum.holdsInputs && heard.inputs ? design.inputs : 0; // once in a step
      for (auto [other, hears] : llvm::zip_equal(design.engines, heard.engines))
        most += hears ? other.cells : 0;
      synapses.push_back(
          {&engine, &sum, made, queueOf(most, design.sourceBits()), std::move(heard)});
    }
  }
  outQueue = queueOf(design.cells, bitsToTell(design.cells));
  return success();
}

FailureOr<rtl::ModuleOp> Control::build() {
  if (failed(buildParts()))
    return failure();
  ModuleBuilder m(builder, builder.getUnknownLoc(), design.name,
                  std::to_string(design.cells) + " cells, stepped by `step`");
  unsigned sourceBits = design.sourceBits(), cellBits = bitsToTell(design.cells);
  Wire rst = m.input("rst", 1), step = m.input("step", 1);
  Wire inValid, inEvent;
  if (design.inputs) {
    inValid = m.input("in_valid", 1);
    inEvent = m.input("in_event", bitsToTell(design.inputs));
  }
  Wire load, loadAddress, loadData, fetch, fetched;
  hosted = hostMemories(design, options);
  if (llvm::any_of(hosted, [](const HostMemory &of) { return of.sum->isLoaded; })) {
    load = m.input("load", 1);
    loadData = m.input("load_data", loadBits);
  }
  if (llvm::any_of(hosted, [](const HostMemory &of) { return of.isRead; })) {
    fetch = m.input("fetch", 1);
    fetched = m.constant(loadBits, 0);
  }
  if (!hosted.empty())
    loadAddress = m.input("load_address",
                          largestAddressBits(hosted) + llvm::Log2_32_Ceil(uint32_t(hosted.size())));
  Wire outReady = m.input("out_ready", 1);

  Register idle = m.reg("idle", 1, {.reset = rst, .resetValue = 1}),
           updating = m.reg("updating", 1, {rst}), delivering = m.reg("delivering", 1, {rst});
  unsigned turnBits = bitsToTell(design.engines.size());
  Register turn = m.reg("turn", turnBits, {rst});
  Register starts = m.reg("starts", 1, {rst}); // the engine whose turn it is

  bool draws = llvm::any_of(design.engines, [](const EnginePlan &e) { return e.draws; });
  Register count = draws ? m.reg("step_count", 32, {rst}) : Register();
  Wire done; // the step ends

  // Queues and engines are connected in a circle; these registers cut none of it, the wires are
  // values of instances that come later.
  struct Link {
    Wire valid, event, eventReady, busy, word;
    /// Where weights change: spikes of targets and of sources, with what they leave.
    rtl::WireOp spike, spikeCell, spikeLeft, sourceSpike, sourceCell, sourceLeft;
  };
  std::vector<Link> links(synapses.size());
  std::vector<std::vector<Wire>> engineOut(design.engines.size());

  // Placeholders for what flows back: each is a wire whose value is given afterwards.
  auto later = [&](StringRef name, unsigned width) {
    Wire zero = m.constant(width, 0);
    Wire wire = m.wire(name, zero);
    return std::pair(wire, wire.get().getDefiningOp<rtl::WireOp>());
  };
  auto [doneWire, doneOp] = later("step_ends", 1);
  done = doneWire;
  bool learns = llvm::any_of(synapses, [](const Synapses &s) { return s.sum->rule.has_value(); });
  auto begin = learns ? later("learn", 1) : std::pair(Wire(), rtl::WireOp());
  Wire learning = m.constant(1, 0);

  // Synapse engines first: a neuron engine reads their words.
  std::vector<std::vector<std::pair<Wire, rtl::WireOp>>> synapseInputs(synapses.size());
  for (size_t i = 0; i < synapses.size(); ++i) {
    auto &s = synapses[i];
    std::string name = s.sum->name;
    auto input = [&](StringRef port, unsigned width) {
      synapseInputs[i].push_back(later(name + "_" + port.str(), width));
      return synapseInputs[i].back().first;
    };
    std::vector<Wire> in = {rst, done, s.sum->holdsInputs ? ~delivering : updating};
    in.push_back(input("read", 1));
    in.push_back(input("read_address", s.sum->wordBits()));
    in.push_back(input("clear", 1));
    in.push_back(input("clear_address", s.sum->wordBits()));
    if (portsOf(*s.engine, *s.sum) == 5)
      in.push_back(input("clear_lanes", s.sum->lanes));
    in.push_back(input("event_valid", 1));
    in.push_back(input("event", sourceBits));
    if (s.sum->rule) {
      auto spike = later(name + "_spike", 1),
           cell = later(name + "_spike_cell", bitsToTell(s.engine->cells));
      in.insert(in.end(), {begin.first, spike.first, cell.first});
      links[i].spike = spike.second;
      links[i].spikeCell = cell.second;
      auto more = [&](StringRef port, unsigned bits) {
        auto wire = later(name + "_" + port.str(), bits);
        in.push_back(wire.first);
        return wire.second;
      };
      if (unsigned bits = s.sum->rule->latches(false) ? s.sum->rule->leftBits(false) : 0)
        links[i].spikeLeft = more("spike_left", bits);
      if (unsigned bits = s.sum->rule->latches(true) ? s.sum->rule->leftBits(true) : 0) {
        links[i].sourceSpike = more("source_spike", 1);
        links[i].sourceCell = more("source_cell", bitsToTell(s.sum->sources));
        links[i].sourceLeft = more("source_left", bits);
      }
    }
    const HostMemory *host = nullptr;
    for (const HostMemory &of : hosted)
      if (of.sum == s.sum)
        host = &of;
    Wire asked; // the host means this memory
    if (host) {
      unsigned above = loadAddress.width() - host->addressBits;
      asked = above ? loadAddress.bits(host->addressBits, above) ==
                          int64_t(host->first >> host->addressBits)
                    : m.constant(1, 1);
      if (s.sum->isLoaded)
        in.insert(in.end(), {load & asked, loadData});
      if (host->isRead)
        in.push_back(fetch & asked);
      in.push_back(loadAddress.low(host->addressBits));
    }
    auto out = m.instance(name + "_synapses", s.module, in);
    links[i].word = out[0];
    links[i].eventReady = out[1];
    if (s.sum->rule)
      learning = learning | out[2];
    else if (!s.sum->isDense)
      links[i].busy = out[2];
    if (host && host->isRead)
      fetched = asked.select(out[3], fetched);
  }

  for (auto [e, engine] : llvm::enumerate(design.engines)) {
    std::vector<Wire> in = {rst, starts & (turn == int64_t(e))};
    if (engine.draws)
      in.push_back(count);
    for (const SumPlan &sum : engine.sums) {
      Wire word = m.constant(APInt(sum.lanes * sum.bits, 0));
      for (auto [i, s] : llvm::enumerate(synapses))
        if (s.sum == &sum)
          word = links[i].word;
      in.push_back(word);
    }
    engineOut[e] = m.instance(engine.name + "_neurons", neurons[e], in);
    unsigned port = 3;
    for (const SumPlan &sum : engine.sums) {
      unsigned ports = portsOf(engine, sum);
      for (auto [i, s] : llvm::enumerate(synapses))
        if (s.sum == &sum)
          for (unsigned k = 0; k < ports; ++k)
            synapseInputs[i][k].second.getValueMutable().assign(engineOut[e][port + k].get());
      port += ports;
    }
  }
  for (size_t i = 0; i < synapses.size(); ++i) {
    auto &s = synapses[i];
    if (!s.sum->rule)
      continue;
    auto &out = engineOut[size_t(s.engine - design.engines.data())];
    Wire cell = out[2] - int64_t(s.engine->shares.front().source);
    links[i].spike.getValueMutable().assign(out[1].get());
    links[i].spikeCell.getValueMutable().assign(cell.low(bitsToTell(s.engine->cells)).get());
    // What a spike leaves, the first input lowest.
    auto left = [&](bool ofSource) {
      SmallVector<Wire> parts;
      for (const PlasticRule::Input &input : s.sum->rule->inputs) {
        if (input.ofSource != ofSource || !input.bits)
          continue;
        const EnginePlan &of = design.engines[input.engine];
        size_t port = 3 + input.latch;
        for (const SumPlan &sum : of.sums)
          port += portsOf(of, sum);
        parts.push_back(input.left ? m.constant(input.bits, *input.left)
                                   : engineOut[input.engine][port]);
      }
      std::reverse(parts.begin(), parts.end());
      return parts.size() == 1 ? parts.front() : m.concat(parts);
    };
    if (links[i].spikeLeft)
      links[i].spikeLeft.getValueMutable().assign(left(false).get());
    if (links[i].sourceSpike) {
      const PlasticRule::Input *latched = nullptr;
      for (const PlasticRule::Input &input : s.sum->rule->inputs)
        if (input.ofSource && input.bits && !input.left)
          latched = &input;
      auto &source = engineOut[latched->engine];
      Wire own = source[2] - int64_t(s.sum->firstSource);
      Wire isOwn = s.sum->sources < uint64_t(1) << sourceBits
                       ? own.ult(m.constant(sourceBits, s.sum->sources))
                       : m.constant(1, 1);
      unsigned bits = bitsToTell(s.sum->sources);
      links[i].sourceSpike.getValueMutable().assign((source[1] & isOwn).get());
      links[i].sourceCell.getValueMutable().assign(
          (bits > sourceBits ? own.zext(bits) : own.low(bits)).get());
      links[i].sourceLeft.getValueMutable().assign(left(true).get());
    }
  }
  Wire busy = m.constant(1, 0), spike = m.constant(1, 0), spikeSource = m.constant(sourceBits, 0);
  for (auto &out : engineOut) {
    busy = busy | out[0];
    spikeSource = &out == &engineOut.front() ? out[2] : out[1].select(out[2], spikeSource);
    spike = spike | out[1];
  }

  // Queues. Events from outside come only between steps.
  Wire accepts = m.constant(1, 1);
  std::vector<std::pair<Wire, rtl::WireOp>> pushes;
  Wire inSource = design.inputs
                      ? inEvent.zext(std::max(sourceBits, inEvent.width())).low(sourceBits) +
                            int64_t(design.cells)
                      : Wire();
  auto [acceptedWire, acceptedOp] = later("in_accepted", 1);
  // The queues have one port to push: their words come one at a time.
  std::vector<Wire> spikes;
  for (auto &out : engineOut) {
    for (Wire other : spikes)
      m.assertThat(~(out[1] & other), "one engine at a time has a spike", ~rst);
    spikes.push_back(out[1]);
  }
  Wire quiet = m.constant(1, 1),
       held = m.constant(1, 1); // queues that wait for the cells have time until then
  for (auto [i, s] : llvm::enumerate(synapses)) {
    Wire push = m.constant(1, 0);
    Wire data;
    for (auto [e, hears] : llvm::enumerate(s.heard.engines)) {
      if (!hears)
        continue;
      push = push | engineOut[e][1];
      data = data ? spikeSource : engineOut[e][2];
    }
    if (s.heard.inputs) {
      push = push | acceptedWire;
      data = data ? updating.select(data, inSource) : inSource;
    }
    auto out = m.instance(s.sum->name + "_queue", s.queue, {rst, push, data, links[i].eventReady});
    if (s.heard.inputs)
      accepts = accepts & out[0];
    Wire valid = out[1];
    unsigned k = portsOf(*s.engine, *s.sum);
    synapseInputs[i][k].second.getValueMutable().assign(valid.get());
    synapseInputs[i][k + 1].second.getValueMutable().assign(out[2].get());
    Wire &over = s.sum->holdsInputs ? held : quiet;
    over = over & ~valid;
    if (links[i].busy)
      over = over & ~links[i].busy;
  }
  auto shown = m.instance("out_queue", outQueue, {rst, spike, spikeSource.low(cellBits), outReady});

  Wire accepted = m.constant(1, 0);
  if (design.inputs) {
    accepts = m.wire("accepts", idle & accepts);
    accepted = inValid & accepts;
    m.output("in_ready", accepts);
  }
  acceptedOp.getValueMutable().assign(accepted.get());
  m.assertThat(~(spike & accepted), "no event is taken beside a spike", ~rst);

  // What was taken shows at the other end of its queue a clock later. Spikes have come that far
  // when their engine is no longer busy.
  if (llvm::any_of(synapses,
                   [](const Synapses &s) { return s.heard.inputs && !s.sum->holdsInputs; })) {
    Register enters = m.reg("enters", 1, {rst});
    enters.set(accepted);
    quiet = quiet & ~enters;
  }
  Wire ready = m.wire("can_step", idle & quiet & ~accepted & ~shown[1]);
  Wire begins = m.wire("begins", ready & step);
  Wire engineEnds = m.wire("engine_ends", updating & ~starts & ~busy);
  Wire lastTurn = turn == int64_t(design.engines.size() - 1);
  Wire updatesEnd = m.wire("updates_end", engineEnds & lastTurn);
  doneOp.getValueMutable().assign((delivering & quiet & held).get());
  idle.set((idle & ~begins) | done);
  // Rules follow the spikes that are due before the cells are advanced.
  Wire updateBegins = begins;
  if (learns) {
    begin.second.getValueMutable().assign(begins.get());
    Register waits = m.reg("learning", 1, {rst});
    Wire ends = m.wire("learning_ends", waits & ~learning);
    waits.set(begins | (waits & ~ends));
    m.assertThat(~(idle & ~begins & learning), "nothing learns between steps", ~rst);
    updateBegins = ends;
  }
  updating.set(updateBegins | (updating & ~updatesEnd));
  delivering.set(updatesEnd | (delivering & ~done));
  starts.set(updateBegins | (engineEnds & ~lastTurn));
  m.assertThat(~starts | updating, "engines start in their turn", ~rst);
  turn.set(begins.select(m.constant(turnBits, 0), engineEnds.select(turn + 1, turn)));
  if (design.engines.size() > 1) { // none is left out
    unsigned engines = design.engines.size();
    Register served = m.reg("f_served", engines, {rst});
    Wire one = m.constant(engines, 0);
    for (unsigned e = 0; e < engines; ++e)
      one = one | (starts & (turn == int64_t(e)))
                      .select(m.constant(engines, int64_t(1) << e), m.constant(engines, 0));
    served.set(begins.select(m.constant(engines, 0), served | one));
    m.assertThat((served & one) == 0, "an engine has one turn a step", ~rst);
    m.assertThat(~updatesEnd | served.all(), "each engine has its turn", ~rst);
  }
  if (draws)
    count.set(done.select(count + 1, count));

  m.output("ready", ready);
  m.output("done", done);
  m.output("out_valid", shown[1]);
  m.output("out_event", shown[2]);
  if (fetched)
    m.output("fetched", fetched);
  return m.finish();
}

} // namespace

FailureOr<rtl::ModuleOp> synfire::buildDesign(OpBuilder &builder, const Design &design,
                                              const HardwareOptions &options) {
  return Control(builder, design, options).build();
}
