//===- Philox.cpp - random numbers, four words at a time ---===//
#include "passes/sim-to-rtl/parts/Philox.h"

using namespace mlir;
using namespace synfire;
using namespace synfire::rtl;

static constexpr uint32_t Multipliers[2] = {0xD2511F53, 0xCD9E8D57};
static constexpr uint32_t Weyl[2] = {0x9E3779B9, 0xBB67AE85};

rtl::ModuleOp rtl::buildPhilox(OpBuilder &builder, Location loc, StringRef name, uint32_t stream,
                               uint64_t seed) {
  ModuleBuilder m(builder, loc, name, "random numbers: a block of Philox4x32-10 in 20 clocks");
  Wire rst = m.input("rst", 1), start = m.input("start", 1), block = m.input("block", 32),
       step = m.input("step", 32);

  Register busy = m.reg("busy", 1, {rst}), second = m.reg("second", 1, {rst});
  Register round = m.reg("round", 4, {rst});
  Wire lastRound = m.wire("last_round", round == 9);
  Wire roundEnds = m.wire("round_ends", busy & second);
  busy.set(start | (busy & ~(second & lastRound)));
  second.set(~start & busy & ~second);
  round.set(start.select(m.constant(4, 0), roundEnds.select(round + 1, round)));

  // The counter. Word 2 is multiplied first, word 0 second; the first product waits.
  Register c[4];
  for (int i = 0; i < 4; ++i)
    c[i] = m.reg("c" + std::to_string(i), 32);
  Wire factor = m.wire("factor", second.select(c[0], c[2]));
  // Both begin with two ones. Yosys 0.23 takes equal highest bits of an operand for a sign when it
  // makes multipliers of an iCE40, so the second one has to be a wire: low while nobody looks.
  Wire multiplier = m.wire("multiplier", busy.select(second.select(m.constant(32, Multipliers[0]),
                                                                   m.constant(32, Multipliers[1])),
                                                     m.constant(32, 0x80000000)));
  Wire product = m.wire("product", factor.zext(64) * multiplier.zext(64));
  Register first = m.reg("first", 64);
  first.set(product);

  Register begun = m.reg("f_begun", 1, {rst});
  begun.set(begun | start);
  m.assertThat(~busy | begun, "nothing is drawn unasked", ~rst);

  Register key[2];
  for (int i = 0; i < 2; ++i) {
    key[i] = m.reg("key" + std::to_string(i), 32);
    Wire begin = m.constant(32, int64_t(uint32_t(seed >> (32 * i))));
    key[i].set(start.select(begin, roundEnds.select(key[i] + int64_t(Weyl[i]), key[i])));
  }

  Wire begin[4] = {block, m.constant(32, 0), step, m.constant(32, int64_t(stream))};
  Wire next[4] = {first.bits(32, 32) ^ c[1] ^ key[0], first.low(32),
                  product.bits(32, 32) ^ c[3] ^ key[1], product.low(32)};
  for (int i = 0; i < 4; ++i)
    c[i].set(start.select(begin[i], roundEnds.select(next[i], c[i])));

  // Not done from the start on, so that nobody takes the words of the block before.
  Register done = m.reg("finished", 1, {rst});
  done.set(~start & (done | (busy & second & lastRound)));
  m.output("done", done);
  m.output("words", m.concat({c[3], c[2], c[1], c[0]}));
  return m.finish();
}
