//===- Instance.h - A compiled model with its memory ------------*- C++ -*-===//
//
// Everything that a model's functions work on: arrays, sums, connections, spike
// lists, and the slot tables of every launch and partition.
//
// A partition is a slice of every population, 64 elements or a multiple of it
// long (but for the last), and of at most 65,536 elements. A thread owns whole
// partitions, so nothing that a function writes is shared.
//
//===----------------------------------------------------------------------===//

#ifndef SYNFIRE_RUNTIME_ENGINE_INSTANCE_H
#define SYNFIRE_RUNTIME_ENGINE_INSTANCE_H

#include "runtime/connect/Buffer.h"
#include "runtime/connect/Rows.h"
#include "runtime/engine/Constraints.h"
#include "runtime/engine/DueEvents.h"
#include "runtime/engine/EventSums.h"
#include "runtime/engine/Frames.h"
#include "runtime/engine/History.h"
#include "runtime/engine/MemoryPlan.h"
#include "runtime/engine/ModelIndex.h"
#include "runtime/engine/SharedTables.h"
#include "runtime/engine/Sights.h"
#include "runtime/report/Status.h"
#include "runtime/synfire.h"
#include "runtime/team/Team.h"

#include <array>
#include <functional>
#include <memory>
#include <optional>
#include <vector>

namespace synfire::runtime {

/// Bytes of one element of a syn_type.
size_t sizeOfType(uint32_t type);
/// Stores a number as element i of an array of a syn_type.
void storeNumber(void *data, uint32_t type, uint64_t i, double value);

/// The spikes that one partition of a population emitted in one block.
struct SpikeList {
  std::vector<uint32_t> elements;
  std::vector<int64_t> counts; ///< per step
  std::vector<std::vector<double>> payload;
  std::vector<double *> payloadPointers;
};

/// What the connections of a projection became.
struct BuiltConnections {
  Rows rows;
  std::vector<syn_rows> table;                 ///< per partition
  std::vector<std::vector<syn_values>> values; ///< per column and partition
  std::vector<std::vector<syn_ring>> pending;  ///< the same, of columns of pending arrays
  std::vector<uint32_t> columnArrays;          ///< array index of each column
  std::vector<double> largest;                 ///< magnitude of each column
  int weightExponent = 0;                      ///< 16-bit weights are multiples of 2^-this
  std::optional<uint64_t> weightHash;          ///< where the rows are gone
  uint32_t minDelay = 0, maxDelay = 0;         ///< steps
  uint64_t bytes = 0;
  std::vector<Buffer> dendritic; ///< per partition: with a sight, parts of delays that differ
  RegularConnections regular;    ///< until it is laid out: connections that are not stored

  /// The values of one column and partition, in the order of the rows.
  void *column(size_t number, unsigned p);
};

/// Grids of 16-bit weights, or of 32-bit sums, that are finer by at most so many bits become the
/// same.
constexpr int sharedGridBits = 3;

/// Memory and tables of one model; made once, advanced by a Simulator.
class Instance {
public:
  /// Allocates, computes start values and derived values, and builds all connections.
  /// `beforeLayout`, if given, sees every connection: those that never change are stored afterwards
  /// in a form that does not tell their values one by one.
  static Result<std::unique_ptr<Instance>>
  create(const syn_model &model, const syn_run &run, uint64_t seed, Team &team,
         const std::function<void(Instance &)> &beforeLayout = {});

  /// What `create` will need; populations only where even they do not fit.
  static Result<std::vector<MemoryShare>> foresee(const syn_model &model, const syn_run &run,
                                                  uint64_t seed, Team &team);
  /// The steps of a block, as long as delays say before connections are there; of those that are
  /// drawn, \p drawn.
  static int64_t foreseeBlockSteps(const syn_model &model, double dt, int64_t drawn);

  const syn_model &model;
  const ModelIndex index;
  double dt = 0.1;
  uint64_t seed = 0;
  unsigned partitions = 1;
  int64_t step = 0;       ///< values are those of step * dt
  int64_t origin = 0;     ///< the step at which the present run began
  int64_t blockSteps = 1; ///< steps that may run without an exchange
  bool gathers = false;   ///< some coupling is continuous
  std::vector<BuiltConnections> connections;
  /// The block whose spikes are to be delivered, in the lists of `parity ^ 1`. They outlive a run.
  int64_t lastBegin = 0, lastLength = 0;
  unsigned parity = 0;
  /// Per domain, or empty: 1 where spikes are dropped as soon as they are fired.
  std::vector<char> silenced;

  /// First element of partition p of a domain; p may be `partitions`.
  uint32_t first(uint32_t domain, unsigned p) const { return bounds[domain][p]; }
  uint32_t count(uint32_t domain, unsigned p) const {
    return bounds[domain][p + 1] - bounds[domain][p];
  }

  /// Keeps the present values of partition p that are read with a delay.
  void keepPast(unsigned p);
  bool keepsPast() const { return !pastArrays.empty(); }

  void *arrayData(uint32_t array) { return bufferOf(array).data(); }
  /// Values of an array; 0 for one over connections.
  uint64_t arrayLength(uint32_t array) const { return arrayLengths[array]; }
  /// One value of an array, as f64.
  double value(uint32_t array, uint64_t element) const;
  /// Calls a launch for partition p.
  void call(uint32_t launch, unsigned p, syn_range &range) const {
    model.launches[launch].function(slots[launch][p].data(), &range);
  }
  syn_range rangeOf(uint32_t launch, unsigned p) const;
  const std::vector<void *> &slotsOf(uint32_t launch, unsigned p) const { return slots[launch][p]; }

  /// Computes again what follows from parameters, after a change of them.
  Status refresh();
  /// Runs an assign launch on its elements, with one thread.
  void assign(uint32_t launch);

  /// The last spikes of the elements of a domain that remembers them.
  History &history(uint32_t domain, unsigned p) { return histories[domain * partitions + p]; }
  bool remembers() const { return !histories.empty(); }

  /// The spikes that wait for the connections of a projection with a sight.
  Sights &sights(uint32_t connections, unsigned p) { return waiting[connections * partitions + p]; }

  SpikeList &spikes(unsigned parity, uint32_t domain, unsigned p) {
    return lists[parity][domain * partitions + p];
  }
  /// Makes the emit slots of partition p write to the lists of `parity`.
  void emitTo(unsigned parity, unsigned p);
  EventSums sums;
  DueEvents due;
  Constraints constraints;

  /// How many connections a projection can have where each pair has one.
  Result<uint64_t> possiblePairs(uint32_t connections, const ConnectionPart &part) const;
  Frames frames;

  /// The weight of all connections of a projection, where it is one number; else 0.
  double weightOfAll(uint32_t connections) const;
  /// One connection's ends, and where its value of an array is.
  struct ConnectionPlace {
    uint32_t source, target;
    char *value;
  };
  /// Those of an array over connections that are stored by source, in an order that no partition
  /// shows in: source by source, by target, then by delay and by position in the rule's sequence.
  /// Those of a pending array follow each other by the step at which they are due.
  std::vector<ConnectionPlace> connectionPlaces(uint32_t array);

  /// Hash of the weights of a projection (random.md).
  Result<uint64_t> weightHashOf(Team &team, uint32_t connections) const;

private:
  Instance(const syn_model &model, const syn_run &run, uint64_t seed);

  std::vector<ConnectionPlace> placesInRow(uint32_t array, int64_t due);
  int64_t pendingSteps(uint32_t array) const;

  /// Fails where `bytes` more for `what` would not fit.
  Status checkMemory(uint64_t bytes, const char *what) const;
  std::vector<MemoryShare> foreseePopulations() const;
  Result<std::vector<MemoryShare>> foreseeProjections() const;
  /// Start values and what follows from them.
  Status prepareElements();
  Status allocateArrays();
  void partition(Team &team);
  void fillSlots();
  void *slotPointer(const syn_launch &launch, const syn_slot &slot, unsigned p);
  Status buildConnections(Team &team);
  Status buildConnection(Team &team, uint32_t number);
  Status buildImplicit(uint32_t number);
  Result<ConnectSpec> specOf(uint32_t connections) const;
  /// What the rows of a projection are to hold; `columns`, if given, gets the arrays that its
  /// values are of.
  RowsRequest requestOf(uint32_t connections, std::vector<uint32_t> *columns = nullptr) const;
  void values(uint32_t launch, const uint32_t *pre, const uint32_t *post, const uint32_t *position,
              size_t n, double *out) const;
  bool hasNarrowValues(uint32_t connections) const;
  void roundShortWeights(Team &team);
  void measureValues();
  bool isShortWeight(const BuiltConnections &built, size_t column) const;
  Status layOutConnections(Team &team);
  Status layOut(uint32_t number);
  Status allocateLists();
  Status allocatePast();
  Status allocateHistories();
  void prepareSights();
  void runStart(uint32_t launch);
  void runStarts(uint32_t kind);
  /// Runs all derive functions.
  Status derive();
  /// Gives the table that a derive function fills its memory. False: it is there already.
  Result<bool> placeTable(uint32_t launch, uint32_t table);
  uint64_t paddedLength(uint32_t array) const;
  Status allocateArray(uint32_t array);
  Buffer &bufferOf(uint32_t array) { return arrays[tables.ownerOf(array)]; }
  const Buffer &bufferOf(uint32_t array) const { return arrays[tables.ownerOf(array)]; }

  std::vector<std::vector<uint32_t>> bounds; // per domain
  SharedTables tables;
  std::vector<Buffer> arrays; // of a table only where it is its own
  std::vector<uint64_t> arrayLengths;
  std::vector<std::vector<std::vector<void *>>> slots; // launch, partition, slot
  std::vector<uint32_t> pastArrays;                    // arrays with `past_of`
  std::vector<syn_past> pasts;                         // per array
  std::vector<History> histories; // per domain and partition; none where no spikes are followed
  std::vector<Sights> waiting;    // per connections and partition; none where nothing waits
  std::array<std::vector<SpikeList>, 2> lists;
  std::vector<std::vector<syn_emit>> emits; // partition, domain
};

} // namespace synfire::runtime

#endif // SYNFIRE_RUNTIME_ENGINE_INSTANCE_H
