//===- PlasticEngine.cpp - synapses whose weights change ---===//
//
// A word of memory has the weights of one source onto some targets. A spike of a source goes
// through its row, word by word, and changes each weight before it is added; a spike of a target
// goes through its column, which is a lane of one word of every row. The memory has one port: words
// are read in even clocks and written in odd ones.
//
// What a rule needs of past spikes is the step of the last one: `sources` has it for each source,
// `targets` for each target, as the connections saw it, so with its delay. Steps are counted modulo
// a power of two. An entry whose age is beyond all tables is told by a bit, which the engine clears
// in time: it looks at one word in each step.
//
// Spikes of targets wait in a ring until connections see them. A step begins with those that are
// due: the ones whose columns were done in the step before are entered in `targets`, as a source
// that fires in the same step must not see them there; then come the columns of this step.
//
//===----------------------------------------------------------------------===//
#include "passes/sim-to-rtl/Datapath.h"
#include "passes/sim-to-rtl/Engines.h"

using namespace mlir;
using namespace synfire;
using namespace synfire::rtl;

namespace {

class PlasticEngine {
public:
  PlasticEngine(OpBuilder &builder, const Design &design, const EnginePlan &engine,
                const SumPlan &sum, const HardwareOptions &options)
      : builder(builder), sum(sum), engine(engine), rule(*sum.rule), options(options),
        m(builder, sim::KernelOp(engine.kernel).getLoc(), sum.name + "_synapses",
          "adds the weights of " + std::to_string(sum.contacts.size()) +
              " plastic connections to sums of " + std::to_string(engine.cells) + " cells"),
        sourceBits(design.sourceBits()), allSources(design.cells + design.inputs) {}

  rtl::ModuleOp build();

private:
  using Decays = llvm::StringMap<Wire>;
  /// The step of the last spike of some elements, and whether it is recent.
  struct Ages {
    unsigned ageBits = 0, stampBits = 0, leftBits = 0;
    Memory memory;
    unsigned width() const { return leftBits + stampBits + 1; } ///< of one element
  };
  /// Every entry is looked at again before its age can be one that was.
  unsigned stampBits(bool ofSource) const {
    uint64_t period = uint64_t(1) << (ofSource ? ownBits : rowBits);
    return bitsToTell((uint64_t(1) << rule.ageBits(ofSource)) + period + 4);
  }
  unsigned scrubBits() const { return std::max(ownBits, rowBits); }
  Ages makeAges(StringRef name, unsigned words, unsigned lanes, bool ofSource);
  /// Whether an entry is recent in this step, and its age.
  std::pair<Wire, Wire> ageOf(const Ages &ages, Wire entry);
  Wire entryOf(const Ages &ages, Wire step, Wire left) {
    Wire stamp = m.concat({m.constant(1, 1), step.low(ages.stampBits)});
    return left ? m.concat({left, stamp}) : stamp;
  }
  /// What spikes of an end leave where that is always the same; nothing where it is nothing.
  Wire alwaysLeft(bool ofSource);
  /// Adds what an entry has been left, a clock later, to what tables say.
  void addLeft(const Twine &name, bool ofSource, const Ages &ages, Wire entry, Decays &values);
  ElementsAttr words(ArrayRef<APInt> values, unsigned width);
  /// Values of the tables of one end for an age, a clock later.
  Decays lookUp(const Twine &name, bool ofSource, Wire age, Wire recent, Wire enable);
  /// The new weight of one connection, and the registers on the way.
  std::pair<Wire, unsigned> next(Value value, Wire weight, const Decays &decays);
  Wire lane(Wire word, unsigned lane) { return word.bits(lane * sum.weightBits, sum.weightBits); }
  /// The word of a row that has the weight onto a cell.
  Wire wordOf(Wire cell) {
    if (laneBits >= cellBits)
      return m.constant(rowBits, 0);
    Wire word = cell.bits(laneBits, cellBits - laneBits);
    return word.width() < rowBits ? word.zext(rowBits) : word.low(rowBits);
  }
  /// Whether the events of both ends differ in nothing but which tables they read.
  bool isSame(Value post, Value pre);
  /// So many registers one after another, and before them what they delay.
  std::vector<Wire> chain(const Twine &name, Wire first, unsigned count, bool resets);
  /// A wire whose value is given afterwards.
  Wire promise(StringRef name, unsigned width);
  void keep(StringRef name, Wire value);
  Wire join(SmallVector<Wire> lowestFirst) {
    std::reverse(lowestFirst.begin(), lowestFirst.end());
    return lowestFirst.size() == 1 ? lowestFirst.front() : m.concat(lowestFirst);
  }

  void makeInputs();
  void makeWeights();
  void makeAgeMemories();
  void learnSpikes();
  void readColumn(Wire begins, Wire cell);
  void walkRows();
  void writeColumn();
  void makeSums();

  OpBuilder &builder;
  const SumPlan &sum;
  const EnginePlan &engine;
  const PlasticRule &rule;
  const HardwareOptions &options;
  ModuleBuilder m;
  std::optional<Widths> widths;
  unsigned sourceBits;
  uint32_t allSources;
  unsigned laneBits = 0, cellBits = 1, rowBits = 1, ownBits = 1;
  llvm::StringMap<rtl::WireOp> promises;

  Wire rst, advance, waits, read, readAddress, clear, clearAddress, clearLanes, eventValid, event,
      learn, spike, spikeCell, spikeLeft, sourceSpike, sourceCell, sourceLeft;
  Register now; ///< the step, as far as it is counted
  Wire weights; ///< the word that was read
  Ages sources, targets;
  Wire sourceEntry, targetWord; ///< read from these
  Wire learning;
  // Columns: the cell, the memory's word of it, and what is read of the source at hand.
  bool sharesLanes = false;               ///< rows and columns do the same with what tables say
  llvm::StringMap<std::string> sameInput; ///< of the post event, by that of the pre event
  Wire following, column, columnWord, columnReads, columnReading, columnAt;
  std::vector<Wire> columnValid;
  Decays columnDecays;
  unsigned laneStages = 0;
  // Rows: what reads and writes sums, and what is added.
  Wire eventReady, rowBusy, readSums, readSumsAddress, writeSums, writeSumsAddress;
  SmallVector<Wire> added;
};

ElementsAttr PlasticEngine::words(ArrayRef<APInt> values, unsigned width) {
  auto type = RankedTensorType::get({int64_t(values.size())}, builder.getIntegerType(width));
  return DenseElementsAttr::get(type, values);
}

Wire PlasticEngine::promise(StringRef name, unsigned width) {
  Wire wire = m.wire(name, m.constant(APInt(width, 0)));
  promises[name] = wire.get().getDefiningOp<rtl::WireOp>();
  return wire;
}

void PlasticEngine::keep(StringRef name, Wire value) {
  promises.lookup(name).getValueMutable().assign(value.get());
}

PlasticEngine::Ages PlasticEngine::makeAges(StringRef name, unsigned words, unsigned lanes,
                                            bool ofSource) {
  Ages ages;
  ages.ageBits = rule.ageBits(ofSource);
  ages.leftBits = rule.leftBits(ofSource);
  ages.stampBits = stampBits(ofSource);
  unsigned width = lanes * ages.width();
  uint64_t depth = uint64_t(1) << bitsToTell(words);
  ages.memory = m.memory(name, int64_t(depth), width,
                         {.init = this->words(std::vector<APInt>(depth, APInt(width, 0)), width)});
  return ages;
}

std::pair<Wire, Wire> PlasticEngine::ageOf(const Ages &ages, Wire entry) {
  Wire age = Wire(now).low(ages.stampBits) - entry.low(ages.stampBits);
  Wire recent = entry.bit(ages.stampBits);
  if (ages.stampBits > ages.ageBits)
    recent = recent & ~age.bits(ages.ageBits, ages.stampBits - ages.ageBits).any();
  return {recent, age};
}

PlasticEngine::Decays PlasticEngine::lookUp(const Twine &name, bool ofSource, Wire age, Wire recent,
                                            Wire enable) {
  Decays values;
  Register isRecent;
  for (const PlasticRule::Input &input : rule.inputs) {
    if (!input.decay || input.ofSource != ofSource)
      continue;
    unsigned bits = input.decay->bits, ageBits = rule.ageBits(ofSource);
    std::vector<APInt> init;
    auto word = [&](int64_t value) { return APInt(bits, uint64_t(value), true, true); };
    for (int64_t value : input.decay->values)
      init.push_back(word(value));
    init.resize(uint64_t(1) << ageBits, word(input.decay->beyond));
    Memory table = m.memory((name + "_" + input.field).str(), int64_t(init.size()), bits,
                            {.init = words(init, bits)});
    if (!isRecent) {
      isRecent = m.reg((name + "_recent").str(), 1);
      isRecent.set(recent);
    }
    Wire value = table.read(age.low(ageBits), enable);
    values[input.field] = Wire(isRecent).select(value, input.decay->beyond);
  }
  return values;
}

Wire PlasticEngine::alwaysLeft(bool ofSource) {
  SmallVector<Wire> parts;
  for (const PlasticRule::Input &input : rule.inputs)
    if (input.ofSource == ofSource && input.bits)
      parts.push_back(m.constant(input.bits, input.left.value_or(0)));
  return parts.empty() ? Wire() : join(parts);
}

void PlasticEngine::addLeft(const Twine &name, bool ofSource, const Ages &ages, Wire entry,
                            Decays &values) {
  unsigned at = ages.stampBits + 1;
  for (const PlasticRule::Input &input : rule.inputs) {
    if (input.ofSource != ofSource || !input.bits)
      continue;
    Register kept = m.reg((name + "_" + input.field).str(), input.bits);
    kept.set(entry.bits(at, input.bits));
    values[input.field] = kept;
    at += input.bits;
  }
}

std::pair<Wire, unsigned> PlasticEngine::next(Value value, Wire weight, const Decays &decays) {
  Datapath path(m, rule.kernel, *widths, options.period);
  for (auto get : sim::KernelOp(rule.kernel).getBody().getOps<sim::GetOp>()) {
    const PlasticRule::Input *input = rule.input(get.getField());
    unsigned width = widths->of(get.getResult());
    auto fitted = [&](Wire wire) {
      return wire.width() < width ? wire.sext(width) : wire.low(width);
    };
    if (!input)
      path.give(get.getResult(),
                fitted(rule.isUnsigned() ? m.concat({m.constant(1, 0), weight}) : weight));
    else if (auto decay = decays.find(input->field); decay != decays.end())
      path.give(get.getResult(), fitted(decay->second));
  }
  path.build({value});
  Wire result = path.result(value);
  unsigned bits = sum.weightBits;
  return {result.width() > bits   ? result.low(bits)
          : result.width() < bits ? result.sext(bits)
                                  : result,
          path.stages()};
}

std::vector<Wire> PlasticEngine::chain(const Twine &name, Wire first, unsigned count, bool resets) {
  std::vector<Wire> all = {first};
  for (unsigned i = 1; i <= count; ++i) {
    Register kept =
        m.reg((name + "_" + Twine(i)).str(), first.width(), {.reset = resets ? rst : Wire()});
    kept.set(all.back());
    all.push_back(kept);
  }
  return all;
}

void PlasticEngine::makeInputs() {
  rst = m.input("rst", 1);
  advance = m.input("advance", 1);
  waits = m.input("waits", 1); // the cells have the sums
  read = m.input("read", 1);
  readAddress = m.input("read_address", sum.wordBits());
  clear = m.input("clear", 1);
  clearAddress = m.input("clear_address", sum.wordBits());
  if (engine.draws && sum.lanes > 1)
    clearLanes = m.input("clear_lanes", sum.lanes);
  eventValid = m.input("event_valid", 1);
  event = m.input("event", sourceBits);
  learn = m.input("learn", 1);
  spike = m.input("spike", 1);
  spikeCell = m.input("spike_cell", cellBits);
  if (rule.latches(false))
    spikeLeft = m.input("spike_left", rule.leftBits(false));
  if (rule.latches(true)) {
    sourceSpike = m.input("source_spike", 1);
    sourceCell = m.input("source_cell", ownBits);
    sourceLeft = m.input("source_left", rule.leftBits(true));
  }
}

bool PlasticEngine::isSame(Value post, Value pre) {
  Operation *a = post.getDefiningOp(), *b = pre.getDefiningOp();
  auto readA = dyn_cast<sim::GetOp>(a), readB = dyn_cast<sim::GetOp>(b);
  if (readA && readB) {
    const PlasticRule::Input *inputA = rule.input(readA.getField()),
                             *inputB = rule.input(readB.getField());
    if (!inputA || !inputB)
      return !inputA && !inputB; // the weight
    if (!inputA->decay || !inputB->decay)
      return false; // a trace that adds up is kept in another place for each end
    std::string &same = sameInput[inputB->field];
    bool isFirst = same.empty();
    if (isFirst)
      same = inputA->field;
    return same == inputA->field;
  }
  auto numberA = sim::constantOf(post), numberB = sim::constantOf(pre);
  if (numberA || numberB)
    return numberA == numberB;
  return a->getName() == b->getName() && a->getAttrDictionary() == b->getAttrDictionary() &&
         a->getNumOperands() == b->getNumOperands() &&
         llvm::all_of(llvm::zip(a->getOperands(), b->getOperands()),
                      [&](auto both) { return isSame(std::get<0>(both), std::get<1>(both)); });
}

/// One port, which the host, rows and columns share.
void PlasticEngine::makeWeights() {
  unsigned width = sum.lanes * sum.weightBits, addressBits = ownBits + rowBits;
  Wire address = promise("weight_address", addressBits), data = promise("weight_data", width),
       writes = promise("weight_writes", 1), enable = promise("weight_enable", 1),
       lanes = promise("weight_lanes", sum.lanes);
  std::vector<APInt> init = denseWords(sum);
  if (!sum.isLoaded) {
    Memory memory = m.memory("weights", int64_t(init.size()), width, {.init = words(init, width)});
    weights = memory.access(address, data, writes, enable, sum.lanes > 1 ? lanes : Wire());
    return;
  }
  unsigned parts = (width + loadBits - 1) / loadBits, partBits = llvm::Log2_32_Ceil(parts);
  unsigned ofPart = std::min(loadBits / sum.weightBits, sum.lanes);
  Wire load = m.input("load", 1), loadAddress = m.input("load_address", addressBits + partBits),
       loadData = m.input("load_data", loadBits);
  Wire place =
      load.select(partBits ? loadAddress.bits(partBits, addressBits) : loadAddress, address);
  SmallVector<Wire> all;
  for (unsigned part = 0; part < parts; ++part) {
    Memory memory = m.memory("weights" + std::to_string(part), int64_t(init.size()), loadBits,
                             {.style = sum.isHuge ? Style::Huge : Style::Block});
    Wire mine = partBits ? load & (loadAddress.low(partBits) == int64_t(part)) : load;
    Wire own = lanes.bits(part * ofPart, ofPart);
    Wire changes = writes;
    if (ofPart == 1)
      changes = changes & own;
    Wire word = data.bits(part * loadBits, std::min(loadBits, width - part * loadBits));
    word = word.width() < loadBits ? word.zext(loadBits) : word;
    Wire mask = ofPart > 1 ? load.select(m.constant(ofPart, -1), own) : Wire();
    all.push_back(
        memory.access(place, load.select(loadData, word), mine | changes, enable | mine, mask));
  }
  weights = join(all).low(width);
}

/// Of every step each memory has one word looked at: what is older than the tables is no longer
/// recent.
void PlasticEngine::makeAgeMemories() {
  Wire scrubs = promise("scrubs", 1), scrubbed = promise("scrubbed", 1);
  Register at = m.reg("scrub_at", scrubBits(), {rst});
  at.set(scrubbed.select(at + 1, at));
  if (rule.post) {
    sources = makeAges("sources", sum.sources, 1, true);
    Wire reads = promise("source_reads", 1), place = promise("source_place", ownBits),
         marks = promise("source_marks", 1), marked = promise("source_marked", ownBits);
    Wire own = Wire(at).low(ownBits);
    sourceEntry = sources.memory.read(scrubs.select(own, place), scrubs | reads);
    auto [recent, age] = ageOf(sources, sourceEntry);
    // A value that its cell computes comes with the spike, a number when the row begins: both
    // after the columns of a step, and before those of the next.
    Wire left = sourceLeft ? sourceLeft : alwaysLeft(true);
    Wire entry = entryOf(sources, now, left);
    sources.memory.write(scrubbed.select(own, sourceSpike ? sourceCell : marked),
                         scrubbed.select(m.constant(APInt(sources.width(), 0)), entry),
                         scrubbed.select(~recent, sourceSpike ? sourceSpike : marks));
  }
  if (rule.pre) {
    targets = makeAges("targets", sum.words, sum.lanes, false);
    Wire reads = promise("target_reads", 1), place = promise("target_place", rowBits),
         marks = promise("target_marks", 1), marked = promise("target_marked", cellBits),
         left = spikeLeft ? promise("target_left", rule.leftBits(false)) : alwaysLeft(false);
    Wire own = Wire(at).low(rowBits);
    targetWord = targets.memory.read(scrubs.select(own, place), scrubs | reads);
    SmallVector<Wire> stale, copies;
    for (unsigned i = 0; i < sum.lanes; ++i) {
      stale.push_back(~ageOf(targets, targetWord.bits(i * targets.width(), targets.width())).first);
      // Connections saw it in the step before this one.
      copies.push_back(
          scrubbed.select(m.constant(APInt(targets.width(), 0)), entryOf(targets, now - 1, left)));
    }
    Wire mask;
    if (sum.lanes > 1) {
      Wire one = m.constant(sum.lanes, 1).shl(marked.low(laneBits).zext(sum.lanes));
      mask = scrubbed.select(join(stale), one);
    }
    targets.memory.write(scrubbed.select(own, wordOf(marked)), join(copies),
                         scrubbed.select(sum.lanes > 1 ? m.constant(1, 1) : stale.front(), marks),
                         mask);
  }
}

/// Spikes of targets, from the ring in which they wait to their columns.
void PlasticEngine::learnSpikes() {
  // A spike is due `delay` steps after the one in which it is fired.
  unsigned tagBits = bitsToTell(rule.delay + 2);
  uint64_t depth = uint64_t(1) << bitsToTell(uint64_t(engine.cells) * (rule.delay + 1));
  unsigned placeBits = llvm::Log2_64(depth);
  unsigned kept = spikeLeft && rule.pre ? rule.leftBits(false) : 0;
  Memory ring = m.memory("ring", int64_t(depth), kept + tagBits + cellBits);
  // One bit more than a place tells a full ring from an empty one.
  Register written = m.reg("ring_written", placeBits + 1, {rst}),
           followed = m.reg("ring_followed", placeBits + 1, {rst}),
           entered = m.reg("ring_entered", placeBits + 1, {rst});
  Wire due = (now + int64_t(rule.delay)).low(tagBits);
  Wire waits = m.concat({due, spikeCell});
  ring.write(Wire(written).low(placeBits), kept ? m.concat({spikeLeft, waits}) : waits, spike);
  written.set(spike.select(written + 1, written));

  // One after another: entering those of the step before, following those of this one, scrubbing.
  Register entering = m.reg("entering", 1, {rst}), following = m.reg("following", 1, {rst}),
           looks = m.reg("looks", 1, {rst}), scrubs = m.reg("scrubbing", 1, {rst}),
           scrubbed = m.reg("scrub_ends", 1, {rst});
  Wire walking = rule.post ? promise("walking", 1) : m.constant(1, 0);
  Wire more = entering.select(entered != followed, followed != written);
  Wire free = ~looks & ~walking;
  Wire reads = m.wire("ring_reads", (entering | following) & free & more);
  Wire entry = ring.read(entering.select(entered, followed).low(placeBits), reads);
  Wire cell = entry.low(cellBits);
  Wire isDue = entry.bits(cellBits, tagBits) == Wire(now).low(tagBits);
  Wire takes = m.wire("takes", looks & following & isDue);
  Wire enters = m.wire("enters", looks & entering);
  Wire enterEnds = entering & free & ~more;
  Wire followEnds = following & ((free & ~more) | (looks & ~isDue));
  looks.set(reads);
  entering.set(learn | (entering & ~enterEnds));
  following.set(enterEnds | (following & ~followEnds));
  scrubs.set(followEnds);
  scrubbed.set(scrubs);
  entered.set(enters.select(entered + 1, entered));
  followed.set(takes.select(followed + 1, followed));
  keep("scrubs", scrubs);
  keep("scrubbed", scrubbed);
  if (rule.pre) {
    keep("target_marks", enters);
    keep("target_marked", cell);
    if (kept)
      keep("target_left", entry.bits(cellBits + tagBits, kept));
  }
  learning = learn | entering | following | scrubs | scrubbed;
  this->following = following;
  if (rule.post)
    readColumn(takes, cell);
}

/// A column, source by source, two clocks each. The ring shows its cell all the while.
void PlasticEngine::readColumn(Wire begins, Wire cell) {
  Register reading = m.reg("column_reading", 1, {rst}), odd = m.reg("column_odd", 1, {rst}),
           at = m.reg("column_at", ownBits, {rst});
  Wire isLast = at == int64_t(sum.sources - 1);
  Wire reads = m.wire("column_reads", reading & ~odd);
  reading.set(begins | (reading & ~(odd & isLast)));
  odd.set(reading & ~odd);
  at.set(begins.select(m.constant(ownBits, 0), (reading & odd).select(at + 1, at)));
  keep("source_reads", reads);
  keep("source_place", at);
  columnWord = wordOf(cell);
  keep("column_address", m.concat({at, columnWord}));
  keep("column_reads_weight", reads);
  auto [recent, age] = ageOf(sources, sourceEntry);
  columnValid = chain("column_valid", reads, 2, true);
  columnDecays = lookUp("column", true, age, recent, columnValid[1]);
  addLeft("column", true, sources, sourceEntry, columnDecays);
  column = cell;
  columnReading = reading;
  columnReads = reads;
  columnAt = at;
}

/// Behind it the weights, in the second clock after they were read: their word stays so long.
void PlasticEngine::writeColumn() {
  unsigned stages = laneStages;
  if (!sharesLanes) {
    std::vector<Wire> lanes;
    for (unsigned i = 0; i < sum.lanes; ++i)
      lanes.push_back(lane(weights, i));
    for (unsigned bit = 0; bit < laneBits; ++bit) {
      std::vector<Wire> half;
      for (size_t i = 0; i < lanes.size(); i += 2)
        half.push_back(column.bit(bit).select(lanes[i + 1], lanes[i]));
      lanes = half;
    }
    auto [weight, needed] = next(rule.post, lanes.front(), columnDecays);
    stages = needed;
    if (stages % 2 == 0) { // writes are in odd clocks
      weight = chain("column_weight", weight, 1, false).back();
      ++stages;
    }
    keep("column_new", weight);
  }
  std::vector<Wire> valid = chain("column_writes", columnValid[2], stages, true);
  Wire place = chain("column_place", columnAt, 2 + stages, false).back();
  Wire busy = columnReading | columnValid[1];
  for (Wire one : valid)
    busy = busy | one;
  keep("walking", busy);
  keep("column_writes_weight", valid.back());
  keep("column_write_address", m.concat({place, columnWord}));
  Wire one = m.constant(sum.lanes, 1);
  if (laneBits)
    one = one.shl(column.low(laneBits).zext(std::max(sum.lanes, laneBits)).low(sum.lanes));
  keep("column_lanes", one);
}

/// The rows of sources that fired.
void PlasticEngine::walkRows() {
  Wire own = event, concerned = m.constant(1, 1);
  if (sum.sources < allSources) {
    own = event - int64_t(sum.firstSource);
    if (sum.sources < uint64_t(1) << sourceBits)
      concerned = m.wire("concerned", own.ult(m.constant(sourceBits, sum.sources)));
  }
  own = own.width() > ownBits ? own.low(ownBits) : own.zext(ownBits);
  bool changes = bool(rule.pre);
  Register active = m.reg("row_active", 1, {rst}), reading = m.reg("row_reading", 1, {rst}),
           odd = m.reg("row_odd", 1, {rst}), at = m.reg("row_at", rowBits, {rst});
  Wire begins = m.wire("row_begins", eventValid & ~waits & concerned & ~active);
  Wire reads = m.wire("row_reads", changes ? reading & ~odd : Wire(reading));
  Wire isLast = at == int64_t(sum.words - 1);
  Wire steps = changes ? reading & odd : Wire(reading);
  reading.set(begins | (reading & ~(steps & isLast)));
  odd.set(reading & ~odd);
  at.set(begins.select(m.constant(rowBits, 0), steps.select(at + 1, at)));
  if (rule.post) {
    keep("source_marks", begins);
    keep("source_marked", own);
  }

  SmallVector<Wire> result;
  unsigned clocks = 1; // from reading a word to adding it
  std::vector<Wire> valid = chain("row_valid", reads, changes ? 2 : 1, true);
  if (changes) {
    keep("target_reads", reads);
    keep("target_place", at);
    unsigned stages = 0;
    for (unsigned i = 0; i < sum.lanes; ++i) {
      auto [recent, age] = ageOf(targets, targetWord.bits(i * targets.width(), targets.width()));
      Decays decays = lookUp("row" + Twine(i), false, age, recent, valid[1]);
      addLeft("row" + Twine(i), false, targets,
              targetWord.bits(i * targets.width(), targets.width()), decays);
      for (auto &[field, same] : sameInput) {
        Wire &decay = decays[field], other = columnDecays[same];
        unsigned bits = std::max(decay.width(), other.width());
        decay = following.select(other.sext(bits), decay.sext(bits));
      }
      auto [weight, needed] = next(rule.pre, lane(weights, i), decays);
      stages = needed;
      if (stages % 2 == 0) { // writes are in odd clocks
        weight = chain("row_weight" + Twine(i), weight, 1, false).back();
        ++stages;
      }
      result.push_back(weight);
    }
    clocks = 2 + stages;
    laneStages = stages;
  } else {
    for (unsigned i = 0; i < sum.lanes; ++i)
      result.push_back(lane(weights, i));
  }
  std::vector<Wire> more =
      chain("row_adds", valid.back(), clocks + 1 - unsigned(valid.size()), true);
  valid.insert(valid.end(), more.begin() + 1, more.end());
  std::vector<Wire> place = chain("row_place", at, clocks, false);
  Wire ends = valid.back() & (place.back() == int64_t(sum.words - 1));
  active.set(begins | (active & ~ends));
  eventReady = m.wire("row_ends", (eventValid & ~waits & ~concerned) | ends);
  rowBusy = eventValid | active;

  keep("row_reads_weight", reads);
  keep("row_address", m.concat({own, at}));
  keep("row_writes_weight", changes ? valid.back() : m.constant(1, 0));
  keep("row_write_address", m.concat({own, place.back()}));
  keep("row_new", join(result));
  readSums = valid[clocks - 1];
  readSumsAddress = place[clocks - 1];
  writeSums = valid.back();
  writeSumsAddress = place.back();
  for (Wire weight : result) {
    Wire wide = rule.isUnsigned() ? weight.zext(std::max(sum.bits, weight.width()))
                                  : weight.sext(std::max(sum.bits, weight.width()));
    wide = wide.low(sum.bits);
    added.push_back(rule.shift ? wide.shl(rule.shift) : wide);
  }
}

void PlasticEngine::makeSums() {
  Wire slot, due;
  if (unsigned bits = sum.slotBits()) {
    Register present = m.reg("slot", bits, {rst});
    Wire isLast = present == int64_t(sum.slots - 1);
    present.set(advance.select(isLast.select(m.constant(bits, 0), present + 1), present));
    slot = present;
    Wire ahead = slot.zext(bits + 1) + int64_t(sum.denseSteps % sum.slots);
    due = ahead.ult(m.constant(bits + 1, sum.slots))
              .select(ahead, ahead - int64_t(sum.slots))
              .low(bits);
  }
  auto placed = [&](Wire ofSlot, Wire word) {
    word = word.width() < sum.wordBits() ? word.zext(sum.wordBits()) : word.low(sum.wordBits());
    return ofSlot ? m.concat({ofSlot, word}) : word;
  };
  unsigned width = sum.lanes * sum.bits;
  uint64_t depth = uint64_t(1) << (sum.slotBits() + sum.wordBits());
  Memory memory = m.memory("sums", int64_t(depth), width,
                           {.init = words(std::vector<APInt>(depth, APInt(width, 0)), width)});
  Wire word = memory.read(waits.select(placed(slot, readAddress), placed(due, readSumsAddress)),
                          waits.select(read, readSums));
  SmallVector<Wire> result;
  for (unsigned i = 0; i < sum.lanes; ++i)
    result.push_back(word.bits(i * sum.bits, sum.bits) + added[i]);
  memory.write(waits.select(placed(slot, clearAddress), placed(due, writeSumsAddress)),
               waits.select(m.constant(APInt(width, 0)), join(result)),
               waits.select(clear, writeSums),
               clearLanes ? waits.select(clearLanes, m.constant(sum.lanes, -1)) : Wire());
  m.output("word", word);
}

rtl::ModuleOp PlasticEngine::build() {
  laneBits = llvm::Log2_32(sum.lanes);
  cellBits = bitsToTell(engine.cells);
  rowBits = bitsToTell(sum.rowWords);
  ownBits = bitsToTell(sum.sources);
  makeInputs();
  sharesLanes = rule.post && rule.pre && isSame(rule.post, rule.pre);
  if (!sharesLanes)
    sameInput.clear();
  widths.emplace(rule.kernel, [&](Operation *op) {
    auto get = dyn_cast<sim::GetOp>(op);
    auto same = get ? sameInput.find(get.getField()) : sameInput.end();
    return same == sameInput.end() ? rule.leafOf(get.getField())
                                   : rule.leafOf(get.getField()).hull(rule.leafOf(same->second));
  });
  unsigned addressBits = ownBits + rowBits, width = sum.lanes * sum.weightBits;
  makeWeights();
  unsigned counted = std::max(stampBits(true), stampBits(false));
  now = m.reg("now", std::max(counted, bitsToTell(rule.delay + 2)), {rst});
  now.set(advance.select(now + 1, now));

  auto port = [&](StringRef name, unsigned bits) { return promise(name, bits); };
  Wire rowReads = port("row_reads_weight", 1), rowAddress = port("row_address", addressBits),
       rowWrites = port("row_writes_weight", 1),
       rowWriteAddress = port("row_write_address", addressBits), rowNew = port("row_new", width);
  Wire address = rowWrites.select(rowWriteAddress, rowAddress), data = rowNew, writes = rowWrites,
       enable = rowReads | rowWrites, lanes = m.constant(sum.lanes, -1);
  if (rule.post) {
    Wire columnReads = port("column_reads_weight", 1),
         columnAddress = port("column_address", addressBits),
         columnWrites = port("column_writes_weight", 1),
         columnWriteAddress = port("column_write_address", addressBits),
         columnLanes = port("column_lanes", sum.lanes);
    address = columnWrites.select(columnWriteAddress, columnReads.select(columnAddress, address));
    if (!sharesLanes) {
      Wire columnNew = port("column_new", sum.weightBits);
      data = columnWrites.select(join(SmallVector<Wire>(sum.lanes, columnNew)), data);
    }
    lanes = columnWrites.select(columnLanes, lanes);
    writes = writes | columnWrites;
    enable = enable | columnReads | columnWrites;
  }
  keep("weight_address", address);
  keep("weight_data", data);
  keep("weight_writes", writes);
  keep("weight_enable", enable);
  keep("weight_lanes", lanes);
  makeAgeMemories();
  learnSpikes();
  walkRows();
  if (rule.post)
    writeColumn();
  makeSums();
  m.output("event_ready", eventReady);
  m.output("busy", rowBusy);
  m.output("learning", learning);
  return m.finish();
}

} // namespace

rtl::ModuleOp synfire::buildPlasticEngine(OpBuilder &builder, const Design &design,
                                          const EnginePlan &engine, const SumPlan &sum,
                                          const HardwareOptions &options) {
  return PlasticEngine(builder, design, engine, sum, options).build();
}
