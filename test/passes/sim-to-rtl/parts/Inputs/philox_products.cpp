// The products of the random numbers, through the ports of a netlist: `Design SEED STREAM FAULTS
// DIGIT ...`.
//
// Both words that are multiplied are one digit, the rest 0, for each digit and all of its values.
// Two clocks after the start the words are the products of the first round, with the keys and the
// stream. `fault` has a bit for each fault of a multiplier, 0 first.

#include "Design.h"

#include <cstdint>
#include <cstdio>
#include <cstdlib>

static Design top;

static void tick() {
  top.clk = 0;
  top.eval();
  top.clk = 1;
  top.eval();
}

static bool isRight(uint32_t word, uint64_t seed, uint32_t stream) {
  top.start = 1;
  top.block_0 = top.step = word;
  tick();
  top.start = 0;
  tick();
  tick();
  uint64_t first = uint64_t(0xCD9E8D57) * word, second = uint64_t(0xD2511F53) * word;
  return top.words[0] == (uint32_t(first >> 32) ^ uint32_t(seed)) &&
         top.words[1] == uint32_t(first) &&
         top.words[2] == (uint32_t(second >> 32) ^ stream ^ uint32_t(seed >> 32)) &&
         top.words[3] == uint32_t(second);
}

/// How many words were tried until the first wrong one, or 0 where none is.
static uint64_t firstWrong(int argc, char **argv, uint64_t &tried) {
  tried = 0;
  int low = 0;
  for (int i = 4; i < argc; low += atoi(argv[i++]))
    for (uint64_t value = 0; value < uint64_t(1) << atoi(argv[i]); ++value) {
      ++tried;
      if (!isRight(uint32_t(value << low), strtoull(argv[1], nullptr, 10), uint32_t(atoi(argv[2]))))
        return tried;
    }
  return 0;
}

int main(int argc, char **argv) {
  int faults = atoi(argv[3]), found = 0;
  uint64_t words, tried;
  top.rst = 1;
  tick();
  top.rst = 0;
  if (uint64_t wrong = firstWrong(argc, argv, words)) {
    printf("wrong at word %llu\n", (unsigned long long)wrong);
    return 1;
  }
  for (int i = 0; i < faults; ++i) {
    top.fault = 1u << i;
    found += firstWrong(argc, argv, tried) != 0;
  }
  printf("%llu words, all products are right; %d of %d faults found out\n",
         (unsigned long long)words, found, faults);
  return found == faults ? 0 : 1;
}
