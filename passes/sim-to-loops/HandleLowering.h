//===- HandleLowering.h - the loops of kernels with values or chances of their own ---===//
//
// for each spike (handle) or source (settle, advance, timer; of continuous connections: target)
//   what is the same for all of its connections
//   for each vector of connections: the kernel, then the additions to the rings, one by one
//
// Where spikes of targets are packed (PackPlan.h), it is instead
//   for each block of connections
//     for each vector of them: what comes before the spikes; which spikes there are, to lists
//     for each vector of spikes of a list, the oldest list first: what a spike does
//     for each vector of connections: what depends on that, then the additions
//
// What lies behind the end of a row belongs to the next one: it is computed with, and stored as it
// was.
//
//===----------------------------------------------------------------------===//
#ifndef SYNFIRE_PASSES_SIM_TO_LOOPS_HANDLELOWERING_H
#define SYNFIRE_PASSES_SIM_TO_LOOPS_HANDLELOWERING_H

#include "passes/sim-to-loops/Guards.h"
#include "passes/sim-to-loops/KernelBody.h"
#include "passes/sim-to-loops/PackPlan.h"
#include "passes/sim-to-loops/SumWatch.h"

namespace synfire::sim {

class HandleLowering {
public:
  HandleLowering(Emitter &e, KernelOp kernel, const VectorOptions &options, RowForm rows)
      : e(e), k(beginFunction(e, kernel)), width(options.lanes), convertsWide(options.convertsWide),
        compresses(options.compresses), delaysVary(rows.delaysVary), byTarget(rows.byTarget),
        sight(rows.sight), sums(e, k) {}

  /// The function of a handle kernel.
  void run();
  /// The function of a kernel that runs for all connections, row by row.
  void runAll();

private:
  static constexpr int64_t recent = 4; ///< SYN_RECENT
  /// Connections whose spikes are packed together. What is kept of them should stay in the cache.
  static constexpr int64_t blockSize = 256;
  static constexpr int64_t ahead = 8; ///< so many vectors, values of connections are asked for

  Emitter &e;
  LoweredKernel k;
  int64_t width; ///< connections at once
  bool convertsWide, compresses, delaysVary, byTarget;
  Sight sight;
  SumWatch sums;
  mlir::IRMapping map;
  llvm::DenseSet<mlir::Operation *> varying; ///< between the connections of a row
  Guards guards;
  llvm::SmallVector<SendOp> sends;

  // The same for all rows.
  Value offsets, targets, sources, delays, positions, delay, payload, payloadBase, first, keyLow,
      keyHigh;
  llvm::StringMap<Value> uniforms; ///< values of uniform and key fields
  struct Ring {
    Value base, mask, stride;
  };
  llvm::StringMap<Ring> rings;
  llvm::StringMap<Value> bases, scales;                     ///< of values per connection
  llvm::DenseMap<mlir::Operation *, Value> amounts, places; ///< room for those of a send
  struct History {
    Value recent, recentValues, steps, values; ///< where they begin; the projection's own values
    Value stride, settled;                     ///< i64
    Value capacity;                            ///< of a row of steps; vector of i32
    Value valueBytes;            ///< of the values of a spike; vector of i32, as the next ones
    Value rowBytes, recentBytes; ///< from those of one target to those of the next one
  } history;

  // The same for the connections of a row.
  Value spike, row, stamp; ///< place in the list, the row's element, the step it is stamped with
  Value last, known;       ///< see setLast(); vectors of i32
  llvm::StringMap<Value> ringRows;

  // Of the present connections.
  Value connection, left, active;     ///< the first one, how many (at most `width`), and which, i1
  Value target, ago;                  ///< vectors of i32: places in the slice, and delays in steps
  llvm::SmallVector<Value> elementOf; ///< i64, of each lane: the element at the other end
  // Of their targets' spikes, counted backwards from the last one: vectors of i32.
  struct Spike {
    Value number, fired; ///< SYN_NEVER: there is none
  };
  std::array<Value, recent> newest;  ///< when they were fired
  Value isDeep;                      ///< i1: those do not suffice
  Value followed;                    ///< number of the one in the block of a recall
  llvm::DenseMap<Value, Value> ages; ///< of the kernel

  // Where spikes are packed; see PackRecall.cpp.
  PackPlan plan;
  /// Spikes to follow, or connections: columns of i32, of which null ones are not needed.
  struct List {
    Value count; ///< where it stands, i64
    Value place; ///< of the connection in its block
    Value target, ago, last, elapsed, since;
  };
  std::array<List, recent> lists; ///< of the spike of this number, counted as above
  int64_t listCount = 0;          ///< how many of the lists are used
  List allLists;    ///< of all numbers, one behind the other; the counts are of full ones
  List olderSpikes; ///< connections with spikes before those
  Value blockBegin;
  Value position;                          ///< in a list, of the present entries
  llvm::SmallVector<Value> placeOf;        ///< i64, of each lane: the connection's in its block
  llvm::DenseMap<Value, Value> ageColumns; ///< where the present ages of a list begin
  llvm::SmallVector<Value> runningRooms;   ///< the running values of each connection
  llvm::DenseMap<Value, Value> keptRooms;  ///< what is kept of each connection
  struct LatestRoom {
    Value address; ///< of the value, i64
    Value age;     ///< i32
  };
  llvm::DenseMap<mlir::Operation *, LatestRoom> latestRooms;
  Value neverFired; ///< where the value of a spike that never was is

  // LowerHandle.cpp
  void classify();
  bool variesByItself(mlir::Operation *op);
  void prepare();
  void lowerUniform(mlir::Block &block);
  /// Of a block what is not the same for all connections, and stands under \p guard.
  void lowerVarying(mlir::Block &block, mlir::Operation *guard = nullptr);
  void spreadUniform();
  void lower(mlir::Operation *op);
  Value get(GetOp op);
  Value pastAt(Type type, Value slot, Value element, Value ago);
  Value peekAt(PeekOp op);
  Value elementAt(Value place);
  Value chance(ChanceOp op);
  void set(SetOp op);
  void round(RoundOp op);
  Value pendingRow(llvm::StringRef field, Value step);
  void defer(DeferOp op);
  Value due(DueOp op);
  Value payloadOf(int64_t number);
  bool isRoundedLate(Value amount);
  Type roomType(SendOp op);
  void keepAmount(SendOp op);
  void add(SendOp op, Value lane, Value target);
  void addAmounts();
  Value rowStart(Value number);
  void beginRow();
  void beginVector(Value c, Value end);
  void eachConnection(Value begin, Value end);

  // LowerRecall.cpp
  void prepareHistory(Value slot);
  void prepareRecall(RecallOp op);
  void setLast(Value step);
  void loadRecent();
  void prefetchRecent();
  Spike newestUntil(Value limit);
  Spike olderUntil(Value limit, Value number);
  Spike lastUntil(Value limit);
  Value firedAt(Value number);
  Value olderFiredAt(Value number);
  Value rememberedPlace(Value number);
  Value rememberedBase(int64_t which);
  Value rememberedValue(Value number, int64_t which, Type type);
  void recall(RecallOp op);
  void loadLast(RecallOp op);
  llvm::SmallVector<Value> followAll(RecallOp op, llvm::ArrayRef<Value> start, Spike lastFollowed,
                                     Value oldest, Value newestSeen);
  llvm::SmallVector<Value> follow(RecallOp op, llvm::ArrayRef<Value> values);
  Value stepsSince(Value then, Value now);
  llvm::SmallVector<Value> handleSpike(RecallOp op, llvm::ArrayRef<Value> values);
  void latest(LatestOp op);
  Spike latestSpike(LatestOp op);
  Value ageOfLatest(Spike found, Value isNone);
  void lookup(LookupOp op);
  void setAge(Value age, Value steps);

  // PackRecall.cpp
  void preparePacking();
  Value roomFor(Type type);
  void eachBlock(Value begin, Value end);
  void eachVector(Value begin, Value end, bool after);
  void prefetchValues();
  void packSpikes(RecallOp op);
  void append(List &list, Value mask, const List &entries);
  List listAt(const List &first, Value number);
  void closeList(List &list);
  void eachEntry(const List &list, llvm::function_ref<void()> body);
  Value entries(Value column);
  Value entryAt(Value column, int64_t lane);
  Value loadRoom(Type type, Value room, Value place);
  void placeLatest(LatestOp op);
  void loadLatest(LatestOp op);
  void followOlder();
  void followLists();
  llvm::SmallVector<Value> loadOfConnections();
  void storeRunning(llvm::ArrayRef<Value> values);

  // Vectors of `width` lanes, or numbers where that is one.
  Value vectorOf(Value scalar) { return e.splat(scalar, width); }
  Value vectorOf(int32_t number) { return vectorOf(e.i32(number)); }
  Value present() { return vectorOf(e.convert(stamp, e.getI32Type())); }
  Value any(Value mask);
  Value addWhere(Value mask, Value number);
  Value firedBefore(Value steps) { return e.sub(steps, ago); } ///< what is seen then
  Value gather(Type type, llvm::function_ref<Value(int64_t)> placeOfLane);
  Value gather(Type type, Value base, Type unit, Value indices);
  Value gather(Type type, Value base, Value column);
  llvm::SmallVector<Value> choose(Value condition,
                                  llvm::function_ref<llvm::SmallVector<Value>()> yes,
                                  llvm::function_ref<llvm::SmallVector<Value>()> no);
};

} // namespace synfire::sim

#endif // SYNFIRE_PASSES_SIM_TO_LOOPS_HANDLELOWERING_H
