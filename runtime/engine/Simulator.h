//===- Simulator.h - Advances an instance -----------------------*- C++ -*-===//
//
// Owns time. Work goes in blocks of at most the minimum delay: each thread
// delivers the spikes of the last block to its own targets, gathers continuous
// couplings, and updates its own elements; one barrier ends the block. Where that is faster, the
// first thread does the blocks of all of them.
//
//===----------------------------------------------------------------------===//

#ifndef SYNFIRE_RUNTIME_ENGINE_SIMULATOR_H
#define SYNFIRE_RUNTIME_ENGINE_SIMULATOR_H

#include "runtime/engine/Answers.h"
#include "runtime/engine/FaultReport.h"
#include "runtime/engine/Instance.h"
#include "runtime/engine/Pace.h"
#include "runtime/plot/Picture.h"
#include "runtime/record/Recorder.h"
#include "runtime/record/SpikeStatistics.h"
#include "runtime/report/Progress.h"
#include "runtime/report/Summary.h"
#include "runtime/team/Shares.h"

#include <atomic>
#include <optional>

namespace synfire::runtime {

/// Where the records of a run go; all may be null.
struct Outputs {
  Recorder *recorder = nullptr;
  Picture *picture = nullptr;
  Progress *progress = nullptr;
};

/// Seconds spent, summed over threads.
struct Profile {
  double deliver = 0, gather = 0, update = 0, wait = 0;

  double busy() const { return deliver + gather + update; }
};

/// Runs one syn_run, or a further part of it, on an instance whose `origin` is set.
class Simulator {
public:
  Simulator(Instance &instance, const syn_run &run, Team &team, Outputs outputs);

  /// Declares the records to the outputs. Call once, before `advance`.
  Status prepare();
  /// Advances by `steps`. Stops early, cleanly at a step border, when `stop` becomes true. Values
  /// of connections are those of now afterwards, unless they may be `late`: then spikes of their
  /// targets may wait to be followed.
  Status advance(int64_t steps, const std::atomic<bool> *stop = nullptr, bool late = false);

  /// Brings the spikes that have left their populations to the synapses.
  Status deliverWaiting();

  /// What is known of labels when the run has ended: assigns them, and returns the reports.
  std::vector<Accuracy> finish();

  /// Statistics of the spikes so far.
  std::vector<PopulationSummary> populations(double seconds) const;
  /// How the recorded values of connections were spread, at the first and at the last record.
  std::vector<RecordedValues> recorded() const;
  uint64_t synapticEvents() const;
  const Profile &profile() const { return times; }

private:
  struct Trace {
    const syn_record *record;
    std::vector<uint32_t> elements;
    std::vector<double> values[2];                 // by parity
    std::vector<Instance::ConnectionPlace> places; // of a value of connections
    uint32_t type = SYN_F64;
    std::string name;                         ///< of a value of connections
    double lastMs = 0;                        ///< when they were read last
    std::optional<Spread> firstSpread;        ///< nothing before the first record
    size_t stream = 0, drawn = 0, spread = 0; ///< 0: not in the picture
    bool due[2] = {false, false};
  };

  // What every thread of the team does; barriers are inside.
  void work(unsigned thread);
  void settleConnections(unsigned thread);
  void actAndPlan(unsigned thread);
  void receive(unsigned thread);
  void gather(unsigned thread);
  void nextBlock(unsigned thread);
  void meet(unsigned thread);
  void startClock(unsigned thread);
  void count(unsigned thread, double Profile::*phase);
  template <typename Function> void forPartitions(unsigned thread, Function function);
  template <typename Function> void inOne(unsigned thread, Function function);

  // What thread 0 does.
  void decide();
  void planBlock();
  void act();
  void endBlock();

  // What is done for partition p.
  void askForSpikes(unsigned p);
  void deliver(unsigned p);
  void rememberSpikes(unsigned p);
  void settle(unsigned p);
  bool mustSettle() const;
  bool isAdvanceDue() const;
  void runOverConnections(uint32_t launch, unsigned p);
  void runTimers(unsigned p);
  void advanceConnections(unsigned p);
  bool isTimerDue(uint32_t launch) const;
  bool areConstraintsDue() const;
  void prepareGiven();
  void deliverGiven(unsigned p);
  void await(uint32_t launch, unsigned p);
  void see(uint32_t launch, unsigned p, int64_t step);
  void seeFirst(unsigned p);
  template <typename Function> uint64_t forEachStep(uint32_t source, Function function);
  void handleDue(unsigned p);
  void update(unsigned p);
  void sample(unsigned p);
  Status declareConnections(const syn_record &record);
  void sampleConnections();
  void selectSpikes(const syn_record &record);
  Status recordSpikes(uint32_t domain, uint64_t step, const uint32_t *elements, size_t count);
  void readConnections(Trace &trace);
  Status keep(Trace &trace, unsigned side);
  bool areConnectionsDue() const;
  void finishBlock(int64_t begin, int64_t steps, unsigned parity);
  void changeFrames();
  bool isShownAgain(uint32_t frames);
  bool isDue(const syn_action &action) const;
  bool isActionDue(int64_t step) const;

  Instance &instance;
  const syn_model &model;
  const syn_run &run;
  Team &team;
  Shares shares{team}; ///< of what all threads do at rare times
  Outputs outputs;
  int64_t origin; // the step at which the run began
  int64_t begin;  // the step at which this part of it begins
  int64_t end = 0;
  // What the first thread decides for a block and all read, on one cache line.
  alignas(64) int64_t blockBegin = 0;
  int64_t blockLength = 0;
  bool done = false;
  bool acting = false;     ///< an action is due before the next block
  bool delivering = false; ///< all spikes that wait, at the end
  bool mayBeLate = false;  ///< connections, at the end
  bool settling = false;   ///< plastic connections follow their targets before the next block
  bool alone = false;      ///< the first thread does this block, the others wait
  bool wereIdle = false;   ///< they did not work in the last one
  // What it keeps for itself.
  alignas(64) bool hasRun = false; ///< a block that has not ended yet
  const std::atomic<bool> *stop = nullptr;
  std::atomic<bool> noMemory{false}; ///< some thread found none
  Status failure = Status::success();
  FaultReport faults;
  Answers answers;
  /// What happened to each sequence of frames when it last changed.
  enum class Turn { New, Again };
  std::vector<Turn> turns;
  std::vector<std::vector<SpikeStatistics>> statistics; // domain, partition
  std::vector<uint64_t> events;                         // per partition, padded
  std::vector<Trace> traces;
  std::vector<size_t> spikeStream, spikeDrawn; // per domain
  std::vector<bool> recordsSpikes;
  std::vector<std::vector<bool>> spikeElements; ///< per domain that records: those wanted
  std::vector<uint32_t> deliverLaunches, settleLaunches, timerLaunches, advanceLaunches,
      gatherLaunches, updateLaunches;
  /// Spikes that the user gives: when they act, ascending, and on which element.
  struct Given {
    int64_t stamp;
    uint32_t element;
  };
  std::vector<std::vector<Given>> given; ///< per spike list
  std::vector<size_t> givenNext;         ///< per spike list and partition: next spike
  Pace pace;
  double busyBefore = 0; ///< what the first thread had worked when `pace` was told last
  double toldAt = 0;     ///< seconds
  int64_t blocksSinceTold = 0, stepsSinceTold = 0;
  /// Of each thread, on cache lines of its own. Reading it takes a part of a short block that can
  /// be told, so that of short blocks only some are timed, and stand for the others.
  struct alignas(64) Clock {
    static constexpr unsigned rarely = 16;
    static constexpr double shortBlock = 20e-6;
    Profile profile;
    double last = 0;  ///< when the present phase began
    double began = 0; ///< when the timed block began
    bool isOn = true;
    unsigned standsFor = 1, untilNext = 0; ///< blocks
  };
  std::vector<Clock> clocks;
  Profile times;
};

} // namespace synfire::runtime

#endif // SYNFIRE_RUNTIME_ENGINE_SIMULATOR_H
