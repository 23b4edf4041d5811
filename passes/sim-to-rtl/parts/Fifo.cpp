//===- Fifo.cpp - a queue of words ---===//
#include "passes/sim-to-rtl/parts/Fifo.h"

#include "llvm/Support/MathExtras.h"

using namespace mlir;
using namespace synfire;
using namespace synfire::rtl;

namespace {

/// The wires of a queue that its proof looks at.
struct Fifo {
  ModuleBuilder &m;
  unsigned depth;
  Wire rst, push, pushed, fetch, taken; ///< what happens at the next edge
  Wire written, fetched;                ///< places, with a bit more than an address
  Wire outReady, outValid, outData;
  Memory words;
};

} // namespace

/// Follows one word, the one at any place, on its way. With the invariants, one step of induction
/// proves that it arrives, once, unchanged and in its turn.
static void proveFifo(Fifo f) {
  ModuleBuilder &m = f.m;
  unsigned width = f.written.width();
  Register started = m.reg("f_started", 1, {{}, 0, {}, 0});
  started.set(m.constant(1, 1));
  m.assumeThat(f.rst, "reset comes first", ~started);

  Wire inMemory = f.written - f.fetched;
  m.assertThat(inMemory.ule(inMemory.same(f.depth)), "no more words than there is room for",
               started);
  Register count = m.reg("f_count", width + 1, {f.rst});
  count.set(count + f.push.zext(width + 1) - f.taken.zext(width + 1));
  m.assertThat(count == inMemory.zext(width + 1) + f.outValid.zext(width + 1),
               "no word is lost or made", started);

  Wire place = m.arbitrary("f_place", width);
  Wire comes = f.push & (f.written == place), leaves = f.fetch & (f.fetched == place);
  Register waits = m.reg("f_waits", 1, {f.rst});
  waits.set(comes | (waits & ~leaves));
  Register word = m.reg("f_word", f.pushed.width(), {{}, 0, comes});
  word.set(f.pushed);
  Register shown = m.reg("f_shown", 1, {f.rst});
  shown.set((waits & leaves) | (shown & ~f.taken));

  Wire inRange = (place - f.fetched).ult(inMemory);
  m.assertThat(waits == inRange, "a word waits from when it came until its turn", started);
  m.assertThat(f.words.peek(place.low(width - 1)) == word, "a word that waits stays as it came",
               started & waits);
  m.assertThat(f.fetch, "a word that waits comes nearer whenever one is taken",
               started & waits & f.outReady);
  m.assertThat(f.fetched == place + 1, "what is shown is what was fetched last", started & shown);
  m.assertThat(f.outValid & (f.outData == word), "what is shown is what came", started & shown);
}

rtl::ModuleOp rtl::buildFifo(OpBuilder &builder, Location loc, StringRef name,
                             const FifoOptions &options) {
  ModuleBuilder m(builder, loc, name,
                  "a queue of " + std::to_string(options.depth) + " words of " +
                      std::to_string(options.width) + " bits");
  Wire rst = m.input("rst", 1), inValid = m.input("in_valid", 1),
       inData = m.input("in_data", options.width), outReady = m.input("out_ready", 1);
  unsigned bits = llvm::Log2_32(options.depth);

  // The highest bit tells a full memory from an empty one.
  Register written = m.reg("written", bits + 1, {rst}), fetched = m.reg("fetched", bits + 1, {rst});
  Wire samePlace = m.wire("same_place", written.low(bits) == fetched.low(bits));
  Wire sameRound = m.wire("same_round", written.msb() == fetched.msb());
  Wire room = m.wire("room", ~samePlace | sameRound);
  Wire some = ~samePlace | ~sameRound;

  // The word that memory read last is the one that is shown.
  Register shows = m.reg("shows", 1, {rst});
  Wire push = m.wire("push", inValid & room);
  Wire fetch = m.wire("fetch", some & (~shows | outReady));
  shows.set(fetch | (shows & ~outReady));
  written.set(written + push.zext(bits + 1));
  fetched.set(fetched + fetch.zext(bits + 1));

  Memory words = m.memory("words", options.depth, options.width, {options.style});
  words.write(written.low(bits), inData, push);
  Wire shown = words.read(fetched.low(bits), fetch);

  proveFifo({m, options.depth, rst, push, inData, fetch, shows & outReady, written, fetched,
             outReady, shows, shown, words});
  m.output("in_ready", room);
  m.output("out_valid", shows);
  m.output("out_data", shown);
  return m.finish();
}
