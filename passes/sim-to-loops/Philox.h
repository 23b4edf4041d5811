//===- Philox.h - Philox4x32-10 as IR ---===//
//
// The counter-based generator of runtime/random.md (Salmon et al. 2011, SC'11).
//
//===----------------------------------------------------------------------===//
#ifndef SYNFIRE_PASSES_SIM_TO_LOOPS_PHILOX_H
#define SYNFIRE_PASSES_SIM_TO_LOOPS_PHILOX_H

#include "passes/sim-to-loops/Emitter.h"

#include <array>

namespace synfire::sim {

/// The four words of a block for a counter; scalars or vectors of i32, `key` scalars of i32.
std::array<Value, 4> emitPhilox(Emitter &e, std::array<Value, 4> counter, Value keyLow,
                                Value keyHigh);

constexpr int64_t blocksAtOnce = 16;

/// The words of sixteen blocks from `firstBlock`, a multiple of sixteen, on: vectors of i32. The
/// even and the odd blocks are kept apart in halves of i64, so that a 32 x 32 bit product needs no
/// shuffle, and what is equal for all blocks stays scalar.
std::array<Value, 4> emitPhiloxBlocks(Emitter &e, Value firstBlock, Value draw, Value hash,
                                      Value keyLow, Value keyHigh);

/// The counter of an element's block: block and draw are i64, hash i32.
std::array<Value, 4> blockCounter(Emitter &e, Value block, Value draw, Value hash);

/// (word + 1/2) 2^-32, in f64.
Value uniformFromWord(Emitter &e, Value word);

/// Two standard normals (f64) from two words: r cos phi and r sin phi.
std::pair<Value, Value> normalsFromWords(Emitter &e, Value even, Value odd);

} // namespace synfire::sim

#endif // SYNFIRE_PASSES_SIM_TO_LOOPS_PHILOX_H
