//===- PlasticColumns.cpp - when ends of connections fired last, and columns ---===//
#include "passes/sim-to-rtl/PlasticEngine.h"

using namespace mlir;
using namespace synfire;
using namespace synfire::rtl;

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

/// What is written for a spike in a step, or where an entry turned out to be old: what spikes left
/// stays then, since some of it may never decay.
Wire PlasticEngine::entryOf(const Ages &ages, Wire step, Wire left, Wire isOld, Wire entry) {
  Wire stamp = m.concat({~isOld, step.low(ages.stampBits)});
  if (!left)
    return stamp;
  return m.concat({isOld.select(entry.bits(ages.stampBits + 1, ages.leftBits), left), stamp});
}

/// Of every step each memory has one word looked at, by the number of the step: what is older than
/// the tables is no longer recent.
void PlasticEngine::makeAgeMemories() {
  Wire scrubs = promise("scrubs", 1), scrubbed = promise("scrubbed", 1);
  if (rule.post) {
    sources = makeAges("sources", sum.sources, 1, true);
    Wire reads = promise("source_reads", 1), place = promise("source_place", ownBits),
         marks = promise("source_marks", 1), marked = promise("source_marked", ownBits);
    Wire own = Wire(now).low(ownBits);
    sourceEntry = sources.memory.read(scrubs.select(own, place), scrubs | reads);
    auto [recent, age] = ageOf(sources, sourceEntry);
    // A value that its cell computes comes with the spike, a number when the row begins: both
    // after the columns of a step, and before those of the next.
    Wire left = sourceLeft ? sourceLeft : alwaysLeft(true);
    sources.memory.write(scrubbed.select(own, sourceSpike ? sourceCell : marked),
                         entryOf(sources, now, left, scrubbed, sourceEntry),
                         scrubbed.select(~recent, sourceSpike ? sourceSpike : marks) & ~rst);
  }
  if (rule.pre) {
    targets = makeAges("targets", sum.words, sum.lanes, false);
    Wire reads = promise("target_reads", 1), place = promise("target_place", rowBits),
         marks = promise("target_marks", 1), marked = promise("target_marked", cellBits),
         left = spikeLeft ? promise("target_left", rule.leftBits(false)) : alwaysLeft(false);
    Wire own = Wire(now).low(rowBits);
    targetWord = targets.memory.read(scrubs.select(own, place), scrubs | reads);
    SmallVector<Wire> stale, copies;
    for (unsigned i = 0; i < sum.lanes; ++i) {
      Wire entry = targetWord.bits(i * targets.width(), targets.width());
      stale.push_back(~ageOf(targets, entry).first);
      // Connections saw it in the step before this one.
      copies.push_back(entryOf(targets, now - 1, left, scrubbed, entry));
    }
    Wire mask;
    if (sum.lanes > 1) {
      Wire one = m.constant(sum.lanes, 1).shl(marked.low(laneBits).zext(sum.lanes));
      mask = scrubbed.select(join(stale), one);
    }
    targets.memory.write(
        scrubbed.select(own, wordOf(marked)), join(copies),
        scrubbed.select(sum.lanes > 1 ? m.constant(1, 1) : stale.front(), marks) & ~rst, mask);
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
  m.assertThat(learning | ~(looks | walking | scrubs | scrubbed),
               "nothing is learnt that is not told", ~rst);
  this->following = following;
  if (rule.post)
    readColumn(takes, cell);
}

/// A column, source by source, two clocks each. The ring shows its cell all the while.
void PlasticEngine::readColumn(Wire begins, Wire cell) {
  Register reading = m.reg("column_reading", 1, {rst}), odd = m.reg("column_odd", 1, {rst}),
           at = m.reg("column_at", ownBits);
  Wire isLast = at == int64_t(sum.sources - 1);
  if (sum.sources < uint64_t(1) << ownBits)
    m.assertThat(~reading | at.ult(sum.sources), "a column ends with the last source", ~rst);
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
  Wire changes = connected; // the lanes that do
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
    if (Wire present = isConnected(lanes.front()))
      changes = chain("column_connected", present, stages, false).back().sext(sum.lanes);
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
  keep("column_lanes", changes ? one & changes : one);
}
