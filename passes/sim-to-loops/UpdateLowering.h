//===- UpdateLowering.h - an update on its way to loops ---===//
#ifndef SYNFIRE_PASSES_SIM_TO_LOOPS_UPDATELOWERING_H
#define SYNFIRE_PASSES_SIM_TO_LOOPS_UPDATELOWERING_H

#include "passes/sim-to-loops/Guards.h"
#include "passes/sim-to-loops/KernelBody.h"
#include "passes/sim-to-loops/NaNWatch.h"
#include "passes/sim-to-loops/SumWatch.h"
#include "passes/sim/Rates.h"

#include "llvm/ADT/MapVector.h"

#include <array>

namespace synfire::sim {

constexpr int64_t chunkSize = 64;
/// Elements whose spikes are written, and whose states are looked at, after they are updated.
constexpr int64_t blockSize = 4096;

/// An update being lowered, with the values that its loops have defined so far.
struct UpdateLowering {
  Emitter &e;
  const VectorOptions &options;
  int64_t lanes;
  LoweredKernel k;
  Value step;                                        // the step that this iteration starts from
  Value chunk;                                       // first element of the chunk in the slice
  Value element;                                     // first element of the vector in the slice
  Value within;                                      // the same, from the start of the chunk
  Value blockBegin;                                  // first element of the block in the slice
  Value first, count;                                // of the slice
  Value keyLow, keyHigh;                             // the seed
  Value emitted;                                     // stack: spikes emitted in this call
  Value emittedBefore;                               // stack: of them, in earlier steps
  llvm::StringMap<Value> uniforms;                   // value of uniform and key fields
  llvm::StringMap<Value> ringRow;                    // start of the ring's row of this step
  llvm::MapVector<mlir::Operation *, Value> buffers; // random numbers of the chunk, per op
  llvm::SmallVector<Value> payloads;                 // stack: latched values of one vector
  Value fired, firedWords;                           // stack: spikes of a block, by vector
  Rates rates;
  Guards guards;
  mlir::IRMapping map; // scalars for what is not per element
  NaNWatch nans;
  SumWatch sums;
  Value happening; // the lanes that the present repetition is for; null: all

  UpdateLowering(Emitter &e, KernelOp kernel, const VectorOptions &options)
      : e(e), options(options), lanes(options.lanes), k(beginFunction(e, kernel)), rates(kernel),
        nans(e, k, lanes), sums(e, k) {
    guards.find(kernel.getBody().front());
  }

  void run();
  void prepare();
  void emitOps(Rate rate, mlir::Operation *guard);
  void emitPlain(mlir::Operation *op, int64_t width);
  Value integerToFloat(mlir::arith::SIToFPOp op, Value integer);
  void startStep();
  Value mayHold(Value condition);
  void fillBuffers();
  void fillBuffer(mlir::Operation *op, Value buffer);
  std::array<Value, 4> words(llvm::StringRef key, Value draw);
  void fillCounts(CountOp counts, std::array<Value, 4> w, Value buffer);
  void loadElements();
  void lower(mlir::Operation *op);
  void repeat(RepeatOp op);
  void round(RoundOp op);
  Value valid(Value element);
  Value wordOfDraw(CountOp op);
  Value countWithMean(CountOp op, Value word);
  void updateElements(Value begin, Value end);
  void updateBlock(EmitOp emit, Value begin, Value end);
  void emitSpikes(EmitOp op);
  void writeSpikes(EmitOp op, Value mask);
  void keepSpikes(Value fires);
  void writeKeptSpikes(EmitOp op, Value end);
  int64_t keptBits();
};

} // namespace synfire::sim

#endif // SYNFIRE_PASSES_SIM_TO_LOOPS_UPDATELOWERING_H
