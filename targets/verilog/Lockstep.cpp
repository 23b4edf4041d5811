//===- Lockstep.cpp - a driver that compares a design with the golden run ---===//
#include "targets/verilog/Golden.h"
#include "targets/verilog/Names.h"
#include "targets/verilog/Template.h"

#include <fmt/format.h>

using namespace synfire;
using namespace synfire::verilog;

static const char *const text =
    R"(// Runs @TOP@ beside the quantised program: compares every spike of every step, and at the end of every
// step, by a hash, every word of every memory of states. In the folder of the design:
//   verilator --cc --exe --build -O3 -CFLAGS -O2 --flatten -Wno-fatal --top-module @TOP@ --prefix Design \
//     --Mdir test/lockstep test/lockstep.vlt *.v $PWD/test/lockstep.cpp
//   test/lockstep/Design [STEPS] [--stall] [--seed N] [--golden FILE]
// STEPS: the first ones (default: all that FILE has). --stall: spikes are not always taken, and events
// not always given, at once, and events and `step` come early. --seed: of that, and of what registers
// hold before the reset.
//
@PORTS@
#include "Design.h"
#include "Design___024root.h"

#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <vector>

namespace {

constexpr uint32_t cells = @CELLS@, inputs = @INPUTS@;
constexpr long longest = @LONGEST@; // clocks that a step may take
// Those that a step without events takes, and its cells; 0 where they depend on more.
constexpr uint64_t quietClocks = @QUIET@, updateClocks = @UPDATE@;
const char *golden = "test/@TOP@_golden.bin";

/// Goes on with a hash; a word of memory is one number or an array of 32-bit ones.
void hashOn(uint64_t &hash, uint64_t word) {
  hash = (hash ^ word) * 0x9E3779B97F4A7C15;
  hash ^= hash >> 32;
}
template <std::size_t N> void hashOn(uint64_t &hash, const VlWide<N> &word) {
  for (std::size_t i = 0; i < N; i += 2)
    hashOn(hash, word[i] | (i + 1 < N ? uint64_t(word[i + 1]) << 32 : 0));
}

/// After so many steps.
uint64_t hashOfStates(Design &design, uint64_t steps) {
  Design___024root &root = *design.rootp;
  (void)root;
  (void)steps;
  uint64_t hash = 0;
@HASHES@  return hash;
}

/// What must happen in a step.
struct Step {
  std::vector<uint32_t> given, fired;
  uint64_t hash = 0;
};

/// All of them, one after another.
class Golden {
public:
  explicit Golden(const char *path) : file(std::fopen(path, "rb")) {
    char magic[16];
    uint32_t numbers[2];
    if (!file || !read(magic, 16) || std::memcmp(magic, "synfire golden 1", 16) != 0 ||
        !read(numbers, 8) || !read(&steps, 8) || numbers[0] != cells || numbers[1] != inputs)
      fail(path);
    degrees.resize(cells + inputs);
    if (!read(degrees.data(), 4 * degrees.size()))
      fail(path);
  }
  Step next() {
    Step step;
    readList(step.given);
    readList(step.fired);
    if (!read(&step.hash, 8))
      fail("it");
    return step;
  }

  uint64_t steps = 0;
  std::vector<uint32_t> degrees;

private:
  [[noreturn]] void fail(const char *path) {
    std::fprintf(stderr, "%s is not a golden run of this design\n", path);
    std::exit(2);
  }
  bool read(void *to, size_t bytes) { return std::fread(to, 1, bytes, file) == bytes; }
  uint64_t number() {
    uint64_t result = 0;
    for (int shift = 0, byte = 128; byte & 128; shift += 7) {
      byte = std::fgetc(file);
      if (byte == EOF)
        fail("it");
      result |= uint64_t(byte & 127) << shift;
    }
    return result;
  }
  void readList(std::vector<uint32_t> &list) {
    list.resize(number());
    uint32_t before = 0;
    for (uint32_t &entry : list)
      entry = before += uint32_t(number());
  }

  std::FILE *file;
};

class Lockstep {
public:
  Lockstep(Golden &golden, uint64_t steps, bool stalls, uint64_t seed)
      : golden(golden), steps(steps), stalls(stalls), random(88172645463325252 ^ seed << 32), fired(cells) {}

  void reset() {
    design.clk = 0;
    design.rst = 1;
    design.step = 0;
    design.out_ready = 1;
@RESET@    for (int i = 0; i < 4; ++i)
      tick();
    design.rst = 0;
@LOAD@    design.eval();
    wrongTimes += !(design.ready@AND_IN@); // nothing is there to wait for
    clocks = updates = 0;
    open(0);
  }
  /// One step; false where it does not end.
  bool step() {
    since = 0;
    for (;; tick()) {
      drive();
      wrongSpikes += design.out_valid; // of no step
      if (design.ready && design.step)
        break;
      if (isLate())
        return false;
    }
    Step now = std::move(coming);
    uint64_t begun = clocks, updated = updates;
    open(number + 1);
    slow = chance(4);
    early = chance(8);
    tick();
    std::fill(fired.begin(), fired.end(), 0);
    for (;; tick()) {
      drive();
      if (design.out_valid && design.out_ready) {
        if (design.out_event < cells)
          ++fired[design.out_event], ++spikes;
        else
          ++wrongSpikes;
      }
      if (design.ready)
        break;
      if (isLate())
        return false;
    }
    bool isQuiet = !stalls && now.given.empty() && now.fired.empty();
    wrongTimes += (quietClocks && isQuiet && ended - begun != quietClocks) ||
                  (updateClocks && updates - updated != updateClocks);
    compare(now);
    return true;
  }

  uint64_t number = 0, clocks = 0, updates = 0, spikes = 0, wrongSpikes = 0, wrongStates = 0, wrongTimes = 0,
           events = 0;

private:
  /// Of 16; only where it stalls.
  bool chance(unsigned of) {
    random ^= random << 13;
    random ^= random >> 7;
    random ^= random << 17;
    return stalls && random >> 60 < of;
  }
  void open(uint64_t next) {
    comes = next < steps;
    coming = comes ? golden.next() : Step();
    given = 0;
  }
  bool isLate() {
    if (since <= longest * (stalls ? 8 : 1))
      return false;
    std::printf("step %llu takes more than %ld clocks\n", (unsigned long long)number, since);
    return true;
  }
  /// What comes in at the next edge.
  void drive() {
    design.out_ready = !stalls || chance(slow ? 1 : 5);
@GIVE@    // `step` may be high before the step can begin, but not before its events are given.
    design.step = comes && given == coming.given.size() && (design.step || !stalls || chance(3));
    design.eval();
  }
  void tick() {
    bool begins = design.ready && design.step;
    wrongTimes += (inside ? design.ready@IN_READY@ : design.done) && !design.rst;
@TAKE@    if (inside && design.done)
      ended = clocks + 1;
    inside = begins || (inside && !design.done);
    design.clk = 0;
    design.eval();
    updates += design.rootp->@TOP@__DOT__@UPDATING@;
    design.clk = 1;
    design.eval();
    if (begins)
      design.step = 0;
    ++clocks;
    ++since;
  }
  void compare(const Step &step) {
    for (uint32_t cell : step.given)
      events += golden.degrees[cells + cell];
    for (uint32_t cell : step.fired) {
      events += golden.degrees[cell];
      --fired[cell];
    }
    for (uint32_t cell = 0; cell < cells; ++cell)
      if (fired[cell] != 0 && ++wrongSpikes == 1)
        std::printf("step %llu: cell %u %s\n", (unsigned long long)number, cell,
                    fired[cell] < 0 ? "did not fire" : "fired, which it should not");
    if (hashOfStates(design, number + 1) != step.hash && ++wrongStates == 1)
      std::printf("step %llu: other states at its end\n", (unsigned long long)number);
    ++number;
  }

  Design design;
  Golden &golden;
  uint64_t steps;
  bool stalls;
  bool slow = false, early = true; ///< this step: to take spikes, and to give events of the next one
  bool inside = false;             ///< a step
  uint64_t random;
  bool comes = false;              ///< another step
  Step coming;
  size_t given = 0; ///< of its events
  long since = 0;
  uint64_t ended = 0; ///< when the last step did
  std::vector<int> fired;
};

} // namespace

int main(int argc, char **argv) {
  uint64_t steps = UINT64_MAX, seed = 1;
  bool stalls = false;
  for (int i = 1; i < argc; ++i)
    if (std::strcmp(argv[i], "--stall") == 0)
      stalls = true;
    else if (std::strcmp(argv[i], "--golden") == 0 && i + 1 < argc)
      golden = argv[++i];
    else if (std::strcmp(argv[i], "--seed") == 0 && i + 1 < argc)
      seed = std::strtoull(argv[++i], nullptr, 10);
    else
      steps = std::strtoull(argv[i], nullptr, 10);
  Golden run(golden);
  if (steps == UINT64_MAX)
    steps = run.steps;
  if (steps > run.steps) {
    std::fprintf(stderr, "%s has %llu steps\n", golden, (unsigned long long)run.steps);
    return 2;
  }
  // Until the reset, registers hold anything.
  Verilated::randReset(2);
  Verilated::randSeed(int(seed));
  Lockstep both(run, steps, stalls, seed);
  both.reset();
  bool ends = true;
  while (ends && both.number < steps)
    ends = both.step();
  double n = both.number ? double(both.number) : 1;
  std::printf("steps %llu, clocks %llu: %.1f a step, of them %.1f for %u cells", (unsigned long long)both.number,
              (unsigned long long)both.clocks, double(both.clocks) / n, double(both.updates) / n, cells);
  if (both.events)
    std::printf("; %.3f others for each of %llu synaptic events", double(both.clocks - both.updates) / double(both.events),
                (unsigned long long)both.events);
  std::printf("\nspikes %llu, mismatches: %llu spikes, states after %llu steps\n", (unsigned long long)both.spikes,
              (unsigned long long)both.wrongSpikes, (unsigned long long)both.wrongStates);
  if (both.wrongTimes)
    std::printf("a step too short or too long, or `ready`, `in_ready` or `done` at a wrong time: %llu times\n", (unsigned long long)both.wrongTimes);
  bool good = ends && both.wrongSpikes + both.wrongStates + both.wrongTimes == 0;
  std::printf("%s\n", good ? "PASS" : "FAIL");
  return good ? 0 : 1;
}
)";

static const char *const give = R"(    bool mayGive = stalls && inside ? early : !inside;
    design.in_valid = mayGive && given < coming.given.size() && (!stalls || chance(6));
    design.in_event = design.in_valid ? coming.given[given] : random >> 32 & @EVENTS@;
)";

static const char *const load = R"(    // As a host does.
    std::FILE *file = std::fopen("@TOP@_load.hex", "r");
    unsigned word;
    for (design.load_address = 0; file && std::fscanf(file, "%x", &word) == 1; ++design.load_address) {
      design.load = 1;
      design.load_data = word;
      tick();
    }
    if (file)
      std::fclose(file);
    design.load = 0;
)";

std::vector<File> verilog::lockstep(const Golden &golden) {
  // As the text of the module names it.
  NameTable names;
  names.unique(golden.top);
  std::string updating = names.unique("updating");
  std::string hashes, visible = fmt::format("`verilator_config\n// What the comparison looks at.\n"
                                            "public_flat_rd -module \"{}\" -var \"{}\"\n",
                                            golden.top, updating);
  for (const Golden::Memory &memory : golden.memories) {
    std::string condition =
        memory.period > 1 ? fmt::format("  if (steps % {} == 0)\n", memory.period) : "";
    hashes += condition + fmt::format("  for (uint32_t i = 0; i < {}; ++i)\n"
                                      "    hashOn(hash, root.{}__DOT__{}__DOT__{}[i]);\n",
                                      memory.words, golden.top, memory.instance, memory.name);
    visible +=
        fmt::format("public_flat_rd -module \"{}\" -var \"{}\"\n", memory.instance, memory.name);
  }
  uint64_t walked = golden.walked + 8 * golden.degrees.size();
  std::string bytes = "synfire golden 1";
  auto add = [&](uint64_t number, int size) {
    for (int i = 0; i < size; ++i)
      bytes += char(number >> (8 * i));
  };
  add(golden.cells, 4);
  add(golden.inputs, 4);
  add(golden.allSteps, 8);
  for (uint32_t degree : golden.degrees)
    add(degree, 4);
  return {
      {"lockstep.cpp",
       fillIn(
           text,
           {{"PORTS", portComment(golden)},
            {"CELLS", std::to_string(golden.cells)},
            {"INPUTS", std::to_string(golden.inputs)},
            {"LONGEST", std::to_string(1000 + 10 * golden.cells + 12 * walked)},
            {"HASHES", hashes},
            {"RESET", golden.inputs ? "    design.in_valid = 0;\n    design.in_event = 0;\n" : ""},
            {"LOAD", golden.loaded ? load : ""},
            {"GIVE", golden.inputs ? give : ""},
            {"TAKE", golden.inputs ? "    given += design.in_valid && design.in_ready;\n" : ""},
            {"AND_IN", golden.inputs ? " && design.in_ready" : ""},
            {"IN_READY", golden.inputs ? " || design.in_ready" : ""},
            {"EVENTS", std::to_string((uint64_t(1) << bitsToTell(golden.inputs)) - 1)},
            {"UPDATING", updating},
            {"QUIET", std::to_string(golden.quietClocks.value_or(0))},
            {"UPDATE", std::to_string(golden.updateClocks.value_or(0))},
            {"TOP", golden.top}})},
      {"lockstep.vlt", visible},
      {golden.top + "_golden.bin", bytes + golden.records}};
}
