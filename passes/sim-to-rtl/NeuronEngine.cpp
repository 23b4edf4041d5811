//===- NeuronEngine.cpp ---===//
#include "passes/sim-to-rtl/Datapath.h"
#include "passes/sim-to-rtl/Description.h"
#include "passes/sim-to-rtl/EngineRanges.h"
#include "passes/sim-to-rtl/Engines.h"
#include "passes/sim-to-rtl/parts/Philox.h"

#include <numeric>

using namespace mlir;
using namespace synfire;
using namespace synfire::rtl;

namespace {

class NeuronEngine {
public:
  NeuronEngine(OpBuilder &builder, const Design &design, const EnginePlan &engine,
               const HardwareOptions &options, const Multiplied &multiplied)
      : builder(builder), design(design), engine(engine), options(options), multiplied(multiplied),
        kernel(engine.kernel), loc(kernel.getLoc()) {}

  FailureOr<rtl::ModuleOp> build();

private:
  LogicalResult buildDraws();
  Memory stateMemory(StringRef name, bool changes);
  void readStates();
  void readSums();
  void writeStates(Wire place, Wire enable);

  OpBuilder &builder;
  const Design &design;
  const EnginePlan &engine;
  const HardwareOptions &options;
  const Multiplied &multiplied;
  sim::KernelOp kernel;
  Location loc;

  ModuleBuilder *m = nullptr;
  Datapath *path = nullptr;
  const Widths *widths = nullptr;
  Wire rst, start, running, issue, number; ///< the cell that is read now
  Wire valid, cell;                        ///< the cell whose values are there
  Memory changing;
  unsigned cellBits = 1;
  std::vector<std::pair<sim::CountOp, rtl::ModuleOp>> sources;
  llvm::StringMap<Wire> words; ///< sums that were read, by port
  std::vector<std::pair<std::string, Wire>> outputs;
};

/// A memory of all values that change, or of all that do not, side by side.
Memory NeuronEngine::stateMemory(StringRef name, bool changes) {
  unsigned width = 0;
  for (const StateWord &state : engine.states)
    width += state.changes == changes ? state.bits : 0;
  if (width == 0)
    return {};
  SmallVector<APInt> init;
  for (uint32_t i = 0; i < engine.cells; ++i) {
    APInt word(width, 0);
    unsigned at = 0;
    for (const StateWord &state : engine.states) {
      if (state.changes != changes)
        continue;
      word.insertBits(APInt(state.bits, uint64_t(state.values[i]), true, true), at);
      at += state.bits;
    }
    init.push_back(word);
  }
  init.resize(uint64_t(1) << cellBits, APInt(width, 0));
  auto type = RankedTensorType::get({int64_t(init.size())}, builder.getIntegerType(width));
  return m->memory(name, int64_t(init.size()), width, {.init = DenseElementsAttr::get(type, init)});
}

void NeuronEngine::readStates() {
  for (bool changes : {true, false}) {
    Memory memory = stateMemory(changes ? "states" : "parameters", changes);
    if (llvm::none_of(engine.states, [&](const StateWord &s) { return s.changes == changes; }))
      continue;
    if (changes)
      changing = memory;
    Wire word = memory.read(number, issue);
    unsigned at = 0;
    llvm::StringMap<Wire> values;
    for (const StateWord &state : engine.states) {
      if (state.changes != changes)
        continue;
      Wire value = m->wire(hardwareName(state.field), word.bits(at, state.bits));
      values[state.field] = state.isNatural ? value.zext(state.bits + 1) : value;
      at += state.bits;
    }
    kernel.walk([&](sim::GetOp get) {
      if (auto value = values.find(get.getField()); value != values.end())
        path->give(get.getResult(), value->second);
    });
  }
}

/// A state that holds in some steps is not written then: lanes of a word are as wide as all states
/// allow.
void NeuronEngine::writeStates(Wire place, Wire enable) {
  SmallVector<Wire> parts, lanes; // highest first
  unsigned lane = 0;
  bool holds = false;
  for (const StateWord &state : engine.states)
    if (state.changes)
      lane = std::gcd(lane, state.bits);
  for (const StateWord &state : llvm::reverse(engine.states)) {
    if (!state.changes)
      continue;
    Wire value = path->result(state.next);
    value = value.width() > state.bits   ? value.low(state.bits)
            : value.width() < state.bits ? value.sext(state.bits)
                                         : value;
    parts.push_back(m->wire(hardwareName(state.field) + "_next", value));
    holds |= bool(state.writes);
    lanes.append(state.bits / lane, state.writes ? path->result(state.writes) : m->constant(1, 1));
  }
  if (parts.empty())
    return;
  Wire word = parts.size() == 1 ? parts.front() : m->concat(parts);
  if (holds && lanes.size() == 1)
    changing.write(place, word, enable & lanes.front());
  else
    changing.write(place, word, enable, holds ? m->concat(lanes) : Wire());
}

/// A word of sums serves some cells that follow each other, is read with the first of them, and is
/// cleared with each: nothing reads it then. Where random numbers give the order, cells of a word
/// do not follow each other, and each reads it.
void NeuronEngine::readSums() {
  llvm::StringMap<std::pair<Wire, unsigned>> totals; // by field, of so many sums
  for (const SumPlan &sum : engine.sums) {
    unsigned laneBits = llvm::Log2_32(sum.lanes);
    std::string name = sum.port;
    auto wordOf = [&](Wire place) {
      return place.width() > laneBits
                 ? place.bits(laneBits, place.width() - laneBits)
                       .zext(std::max(sum.wordBits(), place.width() - laneBits))
                       .low(sum.wordBits())
                 : m->constant(sum.wordBits(), 0);
    };
    bool each = engine.draws || laneBits == 0;
    Wire word = words[sum.port];
    Wire reads = issue;
    if (!each) {
      reads = m->wire(name + "_reads", issue & (number.low(laneBits) == 0));
      m->assertThat(~reads | issue, "sums are read for cells only", ~rst);
    }
    outputs.push_back({name + "_read", reads});
    outputs.push_back({name + "_read_address", wordOf(number)});
    outputs.push_back({name + "_clear", valid});
    outputs.push_back({name + "_clear_address", wordOf(cell)});
    Wire value = word;
    if (laneBits) {
      std::vector<Wire> lanes;
      for (unsigned lane = 0; lane < sum.lanes; ++lane)
        lanes.push_back(word.bits(lane * sum.bits, sum.bits));
      // A tree of choices, the lowest bit of the place first.
      for (unsigned bit = 0; bit < laneBits; ++bit) {
        std::vector<Wire> half;
        for (size_t i = 0; i < lanes.size(); i += 2)
          half.push_back(cell.bit(bit).select(lanes[i + 1], lanes[i]));
        lanes = half;
      }
      value = lanes.front();
      if (engine.draws) {
        Wire one = m->constant(sum.lanes, 1);
        outputs.push_back(
            {name + "_clear_lanes",
             one.shl(cell.low(laneBits).zext(std::max(sum.lanes, laneBits)).low(sum.lanes))});
      }
    }
    value = m->wire(name + "_sum", value);
    auto &[total, terms] = totals[sum.field];
    Wire wide = value.width() < sum.fieldBits ? value.sext(sum.fieldBits) : value;
    total = terms++ ? total + wide : wide;
  }
  kernel.walk([&](sim::CollectOp collect) {
    auto &[total, terms] = totals[collect.getRing()];
    path->give(collect.getResult(), total, (terms - 1) * (3 + 0.28 * total.width()));
  });
}

/// Modules that draw must stand before the engine.
LogicalResult NeuronEngine::buildDraws() {
  WalkResult walked = kernel.walk([&](Operation *op) {
    auto count = dyn_cast<sim::CountOp>(op);
    if (!count && !isa<sim::NormalOp, sim::ChanceOp>(op))
      return WalkResult::advance();
    if (!count || !count.getTable() || !count.getDraw().getDefiningOp<sim::StepOp>() ||
        thresholdsOf(engine, count).empty()) {
      op->emitError("events of a `poisson` stimulus with a delay have no hardware form yet");
      return WalkResult::interrupt();
    }
    auto key = cast<IntegerAttr>(boundTo(engine, count.getKey()));
    std::string name = engine.name + "_random";
    if (!sources.empty())
      name += std::to_string(sources.size());
    sources.push_back(
        {count, buildPhilox(builder, loc, name, uint32_t(key.getInt()), design.seed)});
    return WalkResult::advance();
  });
  return failure(walked.wasInterrupted());
}

FailureOr<rtl::ModuleOp> NeuronEngine::build() {
  if (failed(buildDraws()))
    return failure();
  cellBits = bitsToTell(engine.cells);
  if (engine.draws)
    cellBits = std::max(cellBits, 6u); // 64 cells share 16 blocks
  ModuleBuilder module(builder, loc, engine.name + "_neurons",
                       "advances " + std::to_string(engine.cells) + " cells, one a clock");
  m = &module;
  Widths allWidths(kernel, [&](Operation *op) { return leafOf(engine, op); });
  widths = &allWidths;
  Datapath datapath(module, kernel, allWidths, options.period, multiplied);
  path = &datapath;

  rst = m->input("rst", 1);
  start = m->input("start", 1);
  Wire step = engine.draws ? m->input("step", 32) : Wire();
  for (const SumPlan &sum : engine.sums)
    words[sum.port] = m->input(sum.port + "_word", sum.lanes * sum.bits);

  // Which cell is read. With random numbers, the four words of a block go to cells that are 16
  // apart (random.md, section 3), so that a block is used up before the next is made.
  Register runs = m->reg("running", 1, {rst});
  Register at = m->reg("at", cellBits);
  Wire place = at;
  uint64_t turns = engine.cells;
  Wire drawn = m->constant(1, 1);
  if (engine.draws) {
    std::vector<Wire> parts = {at.low(2), at.bits(2, 4)};
    if (cellBits > 6)
      parts.insert(parts.begin(), at.bits(6, cellBits - 6));
    place = m->wire("place", m->concat(parts));
    turns = (uint64_t(engine.cells) + 63) / 64 * 64;
  }
  running = runs;
  number = place;
  std::vector<std::pair<Value, Wire>> counts;
  if (engine.draws) {
    Wire next = m->wire("next_block", at.bits(2, cellBits - 2).zext(32) + 1);
    Wire isLast = at.low(2) == 3;
    // The next block is asked for with the last word of this one.
    Register waits = m->reg("waits", 1, {rst});
    Wire issues = runs & ~waits;
    std::vector<Wire> blocks;
    SmallVector<Wire> dones;
    Wire blockStart = m->wire("block_start", start | (issues & isLast));
    Wire block = m->wire("block", start.select(m->constant(32, 0), next));
    for (auto [i, source] : llvm::enumerate(sources)) {
      auto out =
          m->instance("random" + std::to_string(i), source.second, {rst, blockStart, block, step});
      dones.push_back(out[0]);
      blocks.push_back(out[1]);
    }
    Wire all = dones.front();
    for (Wire done : llvm::drop_begin(dones))
      all = all & done;
    waits.set(blockStart | (waits & ~all));
    drawn = ~waits;
    for (auto [source, words] : llvm::zip(sources, blocks)) {
      std::vector<Wire> of;
      for (unsigned w = 0; w < 4; ++w)
        of.push_back(words.bits(32 * w, 32));
      Wire word = at.bit(1).select(at.bit(0).select(of[3], of[2]), at.bit(0).select(of[1], of[0]));
      std::vector<uint32_t> table = thresholdsOf(engine, source.first);
      unsigned bits = bitsToTell(table.size() + 1) + 1;
      Wire count = m->constant(bits, 0);
      for (uint32_t threshold : table)
        count = count + (~word.ult(m->constant(32, int64_t(threshold)))).zext(bits);
      Register kept = m->reg("count" + std::to_string(counts.size()), bits);
      kept.set(count);
      counts.push_back({source.first.getResult(), kept});
    }
  }
  issue = m->wire("issue", runs & drawn);
  Wire lastCell = m->wire("last_cell", at == int64_t(turns - 1));
  runs.set(start | (runs & ~(issue & lastCell)));
  at.set(start.select(m->constant(cellBits, 0), issue.select(at + 1, at)));
  Register begun = m->reg("f_begun", 1, {rst});
  begun.set(begun | start);
  m->assertThat(~runs | begun, "no cell is advanced unasked", ~rst);

  Register there = m->reg("valid", 1, {rst});
  Wire isCell =
      turns == engine.cells ? m->constant(1, 1) : place.ult(m->constant(cellBits, engine.cells));
  if (turns != engine.cells && engine.cells == uint64_t(1) << cellBits)
    isCell = m->constant(1, 1);
  there.set(issue & isCell);
  Register kept = m->reg("cell", cellBits);
  kept.set(place);
  valid = there;
  cell = kept;

  readStates();
  readSums();
  for (auto [value, wire] : counts)
    path->give(value, wire);
  kernel.walk(
      [&](sim::ElementOp element) { path->give(element.getResult(), cell.zext(cellBits + 1)); });
  SmallVector<Value> results;
  if (engine.fires)
    results.push_back(engine.fires);
  for (const StateWord &state : engine.states)
    for (Value value : {state.next, state.writes})
      if (value)
        results.push_back(value);
  for (auto &[value, bits] : engine.latches)
    results.push_back(value);
  path->build(results);

  Wire lastValid = path->delayed(valid, "valid", rst), lastPlace;
  if (engine.draws || path->stages() < 2) {
    lastPlace = path->delayed(cell, "cell");
  } else { // cells in their order are counted again where they leave
    Register leaves = m->reg("leaves", cellBits);
    leaves.set(start.select(m->constant(cellBits, 0), lastValid.select(leaves + 1, leaves)));
    lastPlace = leaves;
  }
  writeStates(lastPlace, lastValid & ~rst);
  Wire spikes = engine.fires ? path->result(engine.fires) : m->constant(1, 0);

  // Shares lie in the order of their sources, but other engines' cells may be between them.
  unsigned bits = design.sourceBits();
  Wire source = lastPlace.zext(std::max(bits, cellBits)).low(bits);
  Wire offset =
      m->constant(bits, int64_t(engine.shares.front().source) - engine.shares.front().first);
  for (const EngineShare &share : llvm::drop_begin(engine.shares)) {
    Wire own = m->constant(bits, int64_t(share.source) - share.first);
    offset = lastPlace.ult(m->constant(cellBits, share.first)).select(offset, own);
  }

  Wire busy = runs | valid;
  for (Wire stage : path->stagesOf(valid))
    busy = busy | stage;
  m->output("busy", busy);
  m->output("spike", lastValid & spikes);
  m->output("spike_source", source + offset);
  for (auto &[name, wire] : outputs)
    m->output(name, wire);
  for (auto [number, latch] : llvm::enumerate(engine.latches)) {
    Wire value = path->result(latch.first);
    value = value.width() < latch.second ? value.sext(latch.second) : value.low(latch.second);
    m->output("left" + std::to_string(number), value);
  }
  rtl::ModuleOp made = m->finish();
  made.setStages(path->stages());
  return made;
}

} // namespace

FailureOr<rtl::ModuleOp> synfire::buildNeuronEngine(OpBuilder &builder, const Design &design,
                                                    const EnginePlan &engine,
                                                    const HardwareOptions &options,
                                                    const Multiplied &multiplied) {
  return NeuronEngine(builder, design, engine, options, multiplied).build();
}
