//===- PlasticEngine.cpp ---===//
#include "passes/sim-to-rtl/PlasticEngine.h"
#include "passes/sim-to-rtl/Slots.h"

#include "passes/sim-to-rtl/wrappers/Core.h"

using namespace mlir;
using namespace synfire;
using namespace synfire::rtl;

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

Wire PlasticEngine::isConnected(Wire word) {
  if (!sum.absentBits)
    return {};
  unsigned at = sum.weightBits - sum.absentBits;
  return word.bits(at, sum.absentBits) !=
         int64_t(sum.absentWord().extractBitsAsZExtValue(sum.absentBits, at));
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
  unsigned parts = (width + loadBits - 1) / loadBits, partBits = llvm::Log2_32_Ceil(parts);
  Wire load, loadData, hostAddress, fetch;
  if (sum.isLoaded)
    load = m.input("load", 1), loadData = m.input("load_data", loadBits);
  if (options.readable)
    fetch = m.input("fetch", 1);
  Wire host = !load ? fetch : fetch ? load | fetch : load;
  if (host) {
    hostAddress = m.input("load_address", addressBits + partBits);
    address = host.select(hostAddress.bits(partBits, addressBits), address);
  }
  if (fetch)
    enable = enable | fetch;
  // A memory of one lane is not written where that is not connected, nor read: the next word is
  // there already.
  auto enableOf = [&](Wire lane) { return sum.absentBits ? enable & (~writes | lane) : enable; };
  SmallVector<Wire> all;
  if (!sum.isLoaded) {
    Memory memory = m.memory("weights", int64_t(init.size()), width, {.init = words(init, width)});
    weights = sum.lanes > 1 ? memory.access(address, data, writes, enable, lanes)
                            : memory.access(address, data, writes & lanes, enableOf(lanes));
    Wire wide = width < parts * loadBits ? weights.zext(parts * loadBits) : weights;
    for (unsigned part = 0; part < parts; ++part)
      all.push_back(wide.bits(part * loadBits, loadBits));
  } else {
    unsigned ofPart = std::min(loadBits / sum.weightBits, sum.lanes);
    for (unsigned part = 0; part < parts; ++part) {
      Memory memory = m.memory("weights" + std::to_string(part), int64_t(init.size()), loadBits,
                               {.style = sum.isHuge ? Style::Huge : Style::Block});
      Wire mine = partBits ? load & (hostAddress.low(partBits) == int64_t(part)) : load;
      Wire own = lanes.bits(part * ofPart, ofPart);
      Wire changes = writes, enabled = enable;
      if (ofPart == 1) {
        changes = changes & own;
        enabled = enableOf(own);
      }
      Wire word = data.bits(part * loadBits, std::min(loadBits, width - part * loadBits));
      word = word.width() < loadBits ? word.zext(loadBits) : word;
      Wire mask = ofPart > 1 ? load.select(m.constant(ofPart, -1), own) : Wire();
      all.push_back(memory.access(address, load.select(loadData, word), mine | changes,
                                  enabled | mine, mask));
    }
    weights = join(all).low(width);
  }
  if (fetch)
    fetched = lookup(m, all, hostAddress.low(std::max(1u, partBits)));
}

/// The rows of sources that fired.
void PlasticEngine::walkRows() {
  Wire own = event, concerned = m.constant(1, 1);
  if (sum.sources < allSources) {
    own = event - int64_t(sum.firstSource);
    if (!heard.isWithin(sum.firstSource, sum.sources))
      concerned = m.wire("concerned", own.ult(m.constant(sourceBits, sum.sources)));
  }
  own = own.width() > ownBits ? own.low(ownBits) : own.zext(ownBits);
  bool changes = bool(rule.pre);
  Register active = m.reg("row_active", 1, {rst}), reading = m.reg("row_reading", 1, {rst}),
           odd = m.reg("row_odd", 1, {rst}), at = m.reg("row_at", rowBits);
  Wire begins = m.wire("row_begins", eventValid & ~waits & concerned & ~active);
  Wire reads = m.wire("row_reads", changes ? reading & ~odd : Wire(reading));
  Wire isLast = at == int64_t(sum.words - 1);
  if (sum.words < sum.rowWords)
    m.assertThat(~reading | at.ult(sum.words), "a row ends with its last word", ~rst);
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
  if (sum.absentBits) {
    SmallVector<Wire> lanes;
    for (unsigned i = 0; i < sum.lanes; ++i)
      lanes.push_back(isConnected(lane(weights, i)));
    connected = chain("row_connected", join(lanes), laneStages, false).back();
  }
  std::vector<Wire> more =
      chain("row_adds", valid.back(), clocks + 1 - unsigned(valid.size()), true);
  valid.insert(valid.end(), more.begin() + 1, more.end());
  std::vector<Wire> place = chain("row_place", at, clocks, false);
  Wire ends = valid.back() & (place.back() == int64_t(sum.words - 1));
  active.set(begins | (active & ~ends));
  eventReady = m.wire("row_ends", (eventValid & ~waits & ~concerned) | ends);

  keep("row_reads_weight", reads);
  keep("row_address", m.concat({own, at}));
  keep("row_writes_weight", changes ? valid.back() : m.constant(1, 0));
  keep("row_write_address", m.concat({own, place.back()}));
  keep("row_new", join(result));
  // The last word may have lanes that are no cell's; these are not connected either.
  unsigned used = engine.cells - (sum.words - 1) * sum.lanes;
  Wire all = m.constant(sum.lanes, -1);
  keep("row_lanes", connected ? connected
                    : used == sum.lanes
                        ? all
                        : (place.back() == int64_t(sum.words - 1))
                              .select(m.constant(sum.lanes, (int64_t(1) << used) - 1), all));
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
    slot = presentSlot(m, rst, advance, sum.slots);
    due = slotAfter(m, slot, m.constant(bits, sum.denseSteps % sum.slots), sum.slots);
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
  Wire adds = writeSums, lanes;
  if (connected && sum.lanes == 1)
    adds = adds & connected;
  else if (connected || clearLanes)
    lanes = waits.select(clearLanes ? clearLanes : m.constant(sum.lanes, -1),
                         connected ? connected : m.constant(sum.lanes, -1));
  memory.write(waits.select(placed(slot, clearAddress), placed(due, writeSumsAddress)),
               waits.select(m.constant(APInt(width, 0)), join(result)),
               waits.select(clear, adds) & ~rst, lanes);
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
  Register steps = m.reg("f_steps", now.width(), {rst});
  steps.set(advance.select(steps + 1, steps));
  m.assertThat(now == steps, "steps are counted from the reset", ~rst);

  auto port = [&](StringRef name, unsigned bits) { return promise(name, bits); };
  Wire rowReads = port("row_reads_weight", 1), rowAddress = port("row_address", addressBits),
       rowWrites = port("row_writes_weight", 1),
       rowWriteAddress = port("row_write_address", addressBits), rowNew = port("row_new", width);
  Wire address = rowWrites.select(rowWriteAddress, rowAddress), data = rowNew, writes = rowWrites,
       enable = rowReads | rowWrites, lanes = port("row_lanes", sum.lanes);
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
  keep("weight_writes", writes & ~rst);
  keep("weight_enable", enable);
  keep("weight_lanes", lanes);
  makeAgeMemories();
  learnSpikes();
  walkRows();
  if (rule.post)
    writeColumn();
  makeSums();
  m.output("event_ready", eventReady);
  m.output("learning", learning);
  if (fetched)
    m.output("fetched", fetched);
  return m.finish();
}

rtl::ModuleOp synfire::buildPlasticEngine(OpBuilder &builder, const Design &design,
                                          const EnginePlan &engine, const SumPlan &sum,
                                          const Heard &heard, const HardwareOptions &options) {
  return PlasticEngine(builder, design, engine, sum, heard, options).build();
}
