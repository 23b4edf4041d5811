//===- SynapseEngine.cpp ---===//
#include "passes/sim-to-rtl/Engines.h"
#include "passes/sim-to-rtl/Slots.h"

using namespace mlir;
using namespace synfire;
using namespace synfire::rtl;

namespace {

class SynapseEngine {
public:
  SynapseEngine(OpBuilder &builder, const Design &design, const EnginePlan &engine,
                const SumPlan &sum, const Heard &heard)
      : builder(builder), sum(sum), engine(engine), heard(heard),
        m(builder, sim::KernelOp(engine.kernel).getLoc(), sum.name + "_synapses",
          "adds the weights of " + std::to_string(sum.contacts.size()) +
              " connections to sums of " + std::to_string(engine.cells) + " cells"),
        sourceBits(design.sourceBits()), sources(design.cells + design.inputs) {}

  rtl::ModuleOp build();

private:
  /// Memory words as an attribute.
  ElementsAttr words(ArrayRef<APInt> values, unsigned width);
  void dense();
  void general();
  Wire placed(Wire ofSlot, Wire word) { return sum.slotBits() ? m.concat({ofSlot, word}) : word; }
  /// Adds a word of weights to a word of sums.
  Wire added(Wire sums, Wire weights);

  OpBuilder &builder;
  const SumPlan &sum;
  const EnginePlan &engine;
  const Heard &heard;
  ModuleBuilder m;
  unsigned sourceBits;
  uint32_t sources;

  Wire rst, waits, eventValid, event;
  Register slot;
  Wire eventReady;
  Wire busy;                      ///< after the event is taken, where it is
  Wire readEnable, readAddress;   ///< of sums, for events
  Wire writeEnable, writeAddress; ///< of sums, for events
  Wire weights;                   ///< beside the sums that were read
};

ElementsAttr SynapseEngine::words(ArrayRef<APInt> values, unsigned width) {
  auto type = RankedTensorType::get({int64_t(values.size())}, builder.getIntegerType(width));
  return DenseElementsAttr::get(type, values);
}

Wire SynapseEngine::added(Wire sums, Wire weights) {
  SmallVector<Wire> lanes;
  for (unsigned lane = sum.lanes; lane-- > 0;) {
    Wire weight = weights.bits(lane * sum.weightBits, sum.weightBits);
    weight = weight.width() < sum.bits ? weight.sext(sum.bits) : weight.low(sum.bits);
    lanes.push_back(sums.bits(lane * sum.bits, sum.bits) + weight);
  }
  return lanes.size() == 1 ? lanes.front() : m.concat(lanes);
}

/// Every source has one row of all targets: where a row is follows from its source.
void SynapseEngine::dense() {
  unsigned rowBits = llvm::Log2_32(sum.rowWords);
  unsigned ownBits = bitsToTell(sum.sources);
  std::vector<APInt> init = denseWords(sum);
  Wire own = event;
  Wire concerned = m.constant(1, 1);
  if (sum.sources < sources) {
    own = event - int64_t(sum.firstSource);
    if (!heard.isWithin(sum.firstSource, sum.sources))
      concerned = m.wire("concerned", own.ult(m.constant(sourceBits, sum.sources)));
  }
  own = own.width() > ownBits ? own.low(ownBits) : own.zext(ownBits);
  Wire active = m.wire("active", eventValid & ~waits & concerned);
  Register at = m.reg("at", rowBits, {rst});
  at.set(active.select(at + 1, at));
  Wire isLast = at == -1;
  eventReady = ~waits & (~concerned | isLast);

  unsigned width = sum.lanes * sum.weightBits;
  Wire address = m.concat({own, at});
  if (sum.isLoaded) {
    // The host writes a part of a word at a time, and reads nothing.
    unsigned parts = (width + loadBits - 1) / loadBits, partBits = llvm::Log2_32_Ceil(parts);
    Wire load = m.input("load", 1), loadData = m.input("load_data", loadBits),
         loadAddress = m.input("load_address", ownBits + rowBits + partBits);
    std::vector<Wire> words;
    Wire place = load.select(partBits ? loadAddress.bits(partBits, ownBits + rowBits) : loadAddress,
                             address);
    for (unsigned part = 0; part < parts; ++part) {
      Memory memory = m.memory("weights" + std::to_string(part), int64_t(init.size()), loadBits,
                               {.style = sum.isHuge ? Style::Huge : Style::Block});
      Wire mine = partBits ? load & (loadAddress.low(partBits) == int64_t(part)) : load;
      words.push_back(memory.access(place, loadData, mine, active | mine));
    }
    std::reverse(words.begin(), words.end());
    weights = (words.size() == 1 ? words.front() : m.concat(words)).low(width);
  } else {
    Memory memory =
        m.memory("weights", int64_t(init.size()), width, {.init = this->words(init, width)});
    weights = memory.read(address, active);
  }
  Register later = m.reg("adds", 1, {rst});
  later.set(active);
  Register word = m.reg("word_at", rowBits);
  word.set(at);
  Wire due;
  if (unsigned bits = sum.slotBits())
    due = slotAfter(m, slot, m.constant(bits, sum.denseSteps % sum.slots), sum.slots);
  readEnable = active;
  readAddress = placed(due, at);
  writeEnable = later;
  writeAddress = placed(due, word);
  // The last word may be written while the step ends.
}

/// The rows of all sources lie one after another in a memory of words: a place, a delay and the
/// weights of the targets there. Within a row no two words have the same place and delay, so that a
/// sum is never read before it was written.
void SynapseEngine::general() {
  unsigned width = sum.lanes * sum.weightBits + sum.wordBits() + sum.slotBits();
  std::vector<APInt> all;
  std::vector<std::pair<uint64_t, uint64_t>> rows(sources);
  for (size_t i = 0; i < sum.contacts.size(); ++i) {
    const Contact &at = sum.contacts[i];
    const Contact *before = i ? &sum.contacts[i - 1] : nullptr;
    bool sameRow = before && before->source == at.source;
    if (!sameRow || before->steps != at.steps ||
        before->target / sum.lanes != at.target / sum.lanes) {
      if (!sameRow)
        rows[at.source].first = all.size();
      ++rows[at.source].second;
      APInt word(width, 0);
      word.insertBits(APInt(sum.wordBits(), at.target / sum.lanes), sum.lanes * sum.weightBits);
      if (sum.slotBits())
        word.insertBits(APInt(sum.slotBits(), at.steps % sum.slots),
                        sum.lanes * sum.weightBits + sum.wordBits());
      all.push_back(word);
    }
    all.back().insertBits(APInt(sum.weightBits, uint64_t(at.amount), true, true),
                          (at.target % sum.lanes) * sum.weightBits);
  }
  unsigned entryBits = bitsToTell(all.size());
  uint64_t longest = 1;
  for (auto &row : rows)
    longest = std::max(longest, row.second);
  unsigned countBits = bitsToTell(longest + 1);
  std::vector<APInt> table;
  for (auto &row : rows) {
    APInt entry(entryBits + countBits, 0);
    entry.insertBits(APInt(entryBits, row.first), 0);
    entry.insertBits(APInt(countBits, row.second), entryBits);
    table.push_back(entry);
  }
  table.resize(uint64_t(1) << sourceBits, APInt(entryBits + countBits, 0));
  all.resize(uint64_t(1) << entryBits, APInt(width, 0));
  // Where all that may come has a row, nothing looks for one that is empty: what never comes has
  // a row of another.
  bool someEmpty = llvm::any_of(heard.numbers.set_bits(), [&](unsigned source) {
    return source >= sources || !rows[source].second;
  });
  for (unsigned source = 0; source < table.size() && !someEmpty; ++source)
    if (!heard.numbers.test(source))
      table[source] = table[heard.numbers.find_first()];
  Memory rowMemory = m.memory("rows", int64_t(table.size()), entryBits + countBits,
                              {.init = words(table, entryBits + countBits)});
  Memory wordMemory =
      m.memory("connections", int64_t(all.size()), width, {.init = words(all, width)});

  Register looks = m.reg("looks", 1, {rst}), streams = m.reg("streams", 1, {rst});
  Wire begins = m.wire("begins", eventValid & ~waits & ~looks & ~streams);
  Wire row = rowMemory.read(event, begins);
  Register at = m.reg("at", entryBits), left = m.reg("left", countBits);
  Wire isEmpty = someEmpty ? row.bits(entryBits, countBits) == 0 : m.constant(1, 0);
  Wire isLast = left == 1;
  looks.set(begins);
  streams.set((looks & ~isEmpty) | (streams & ~isLast));
  at.set(looks.select(row.low(entryBits), at + 1));
  left.set(looks.select(row.bits(entryBits, countBits), left - 1));
  eventReady = begins;

  Wire word = wordMemory.read(at, streams);
  Register read = m.reg("reads", 1, {rst}), later = m.reg("adds", 1, {rst});
  read.set(streams);
  later.set(read);
  Wire due;
  if (unsigned bits = sum.slotBits())
    due =
        slotAfter(m, slot, word.bits(sum.lanes * sum.weightBits + sum.wordBits(), bits), sum.slots);
  readEnable = read;
  readAddress =
      m.wire("due_address", placed(due, word.bits(sum.lanes * sum.weightBits, sum.wordBits())));
  Register address = m.reg("word_at", readAddress.width()),
           kept = m.reg("weights_at", sum.lanes * sum.weightBits);
  address.set(readAddress);
  kept.set(word.low(sum.lanes * sum.weightBits));
  weights = kept;
  writeEnable = later;
  writeAddress = address;
  // The last word may be written while the step ends.
  busy = m.wire("walks", looks | streams | read);
  m.assertThat((busy | ~looks) & (busy | ~streams) & (busy | ~read),
               "no row is walked that is not told", ~rst);
}

rtl::ModuleOp SynapseEngine::build() {
  rst = m.input("rst", 1);
  Wire advance = m.input("advance", 1);
  waits = m.input("waits", 1); // the cells have the sums
  Wire read = m.input("read", 1), address = m.input("read_address", sum.wordBits());
  Wire clear = m.input("clear", 1), clearAddress = m.input("clear_address", sum.wordBits());
  bool byLane = engine.draws && sum.lanes > 1;
  Wire lanes = byLane ? m.input("clear_lanes", sum.lanes) : Wire();
  eventValid = m.input("event_valid", 1);
  event = m.input("event", sourceBits);

  if (sum.slotBits())
    slot = presentSlot(m, rst, advance, sum.slots);
  sum.isDense ? dense() : general();

  unsigned width = sum.lanes * sum.bits, addressBits = sum.slotBits() + sum.wordBits();
  uint64_t depth = uint64_t(1) << addressBits;
  Memory sums = m.memory("sums", int64_t(depth), width,
                         {.init = words(std::vector<APInt>(depth, APInt(width, 0)), width)});
  Wire now = slot;
  Wire word =
      sums.read(waits.select(placed(now, address), readAddress), waits.select(read, readEnable));
  Wire result = added(word, weights);
  sums.write(waits.select(placed(now, clearAddress), writeAddress),
             waits.select(m.constant(APInt(width, 0)), result),
             waits.select(clear, writeEnable) & ~rst,
             byLane ? waits.select(lanes, m.constant(sum.lanes, -1)) : Wire());
  m.output("word", word);
  m.output("event_ready", eventReady);
  if (busy)
    m.output("busy", busy);
  return m.finish();
}

} // namespace

rtl::ModuleOp synfire::buildSynapseEngine(OpBuilder &builder, const Design &design,
                                          const EnginePlan &engine, const SumPlan &sum,
                                          const Heard &heard) {
  return SynapseEngine(builder, design, engine, sum, heard).build();
}
