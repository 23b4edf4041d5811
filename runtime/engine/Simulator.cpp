//===- Simulator.cpp - Advances an instance -------------------------------===//

#include "runtime/engine/Simulator.h"

#include <algorithm>
#include <chrono>
#include <cmath>

namespace synfire::runtime {

namespace {

double now() {
  using Clock = std::chrono::steady_clock;
  return std::chrono::duration<double>(Clock::now().time_since_epoch()).count();
}

} // namespace

Simulator::Simulator(Instance &instance, const syn_run &run, Team &team, Outputs outputs)
    : instance(instance), model(instance.model), run(run), team(team), outputs(outputs),
      origin(instance.origin), begin(instance.step), faults(instance), answers(instance, run),
      turns(instance.frames.count(), Turn::New), pace(team.size()), clocks(team.size()) {
  for (uint32_t l = 0; l < model.n_launches; ++l) {
    if (model.launches[l].kind == SYN_LAUNCH_DELIVER)
      deliverLaunches.push_back(l);
    else if (model.launches[l].kind == SYN_LAUNCH_SETTLE)
      settleLaunches.push_back(l);
    else if (model.launches[l].kind == SYN_LAUNCH_TIMER)
      timerLaunches.push_back(l);
    else if (model.launches[l].kind == SYN_LAUNCH_ADVANCE)
      advanceLaunches.push_back(l);
    else if (model.launches[l].kind == SYN_LAUNCH_GATHER)
      gatherLaunches.push_back(l);
    else if (model.launches[l].kind == SYN_LAUNCH_UPDATE)
      updateLaunches.push_back(l);
  }
  for (uint32_t d = 0; d < model.n_domains; ++d) {
    std::vector<SpikeStatistics> slices; // of graded units there are none
    for (unsigned p = 0; p < instance.partitions && model.domains[d].emits; ++p)
      slices.emplace_back(instance.first(d, p), instance.count(d, p));
    statistics.push_back(std::move(slices));
  }
  events.assign(size_t(instance.partitions) * 8, 0);
  prepareGiven();
  recordsSpikes.assign(model.n_domains, false);
  spikeElements.resize(model.n_domains);
  spikeStream.assign(model.n_domains, 0);
  spikeDrawn.assign(model.n_domains, 0);
  for (uint32_t f = 0; f < instance.frames.count(); ++f)
    instance.frames.show(f);
}

namespace {

bool isTimed(const syn_action &action, int64_t t) {
  if (action.frames != SYN_NONE)
    return false;
  return action.period ? t >= action.step && (t - action.step) % action.period == 0
                       : t == action.step;
}

} // namespace

bool Simulator::isActionDue(int64_t step) const {
  for (uint32_t i = 0; i < run.n_actions; ++i)
    if (isTimed(run.actions[i], step - origin))
      return true;
  return instance.frames.beginAny(step);
}

/// The same at the present step, when it is known what the frames do.
bool Simulator::isDue(const syn_action &action) const {
  if (action.frames == SYN_NONE)
    return isTimed(action, instance.step - origin);
  if (!instance.frames.begins(action.frames, instance.step))
    return false;
  if (action.again == SYN_NONE)
    return turns[action.frames] == Turn::New;
  return turns[action.frames] == Turn::Again && instance.value(action.again, 0) != 0;
}

/// Whether some condition wants the frame that ends to be shown again.
bool Simulator::isShownAgain(uint32_t frames) {
  bool again = false;
  answers.total(frames);
  for (uint32_t i = 0; i < run.n_actions; ++i)
    if (const syn_action &action = run.actions[i];
        action.frames == frames && action.again != SYN_NONE) {
      instance.assign(action.test);
      again |= instance.value(action.again, 0) != 0;
    }
  return again;
}

/// Frames come before the actions of the same time, which may read them. A frame that ends where
/// the run begins belongs to the earlier run.
void Simulator::changeFrames() {
  for (uint32_t f = 0; f < instance.frames.count(); ++f) {
    if (!instance.frames.begins(f, instance.step))
      continue;
    bool again = instance.step != origin && isShownAgain(f);
    turns[f] = again ? Turn::Again : Turn::New;
    if (!again && instance.step != begin)
      answers.keep(f);
    if (!again && instance.step)
      instance.frames.advance(f);
    answers.restart(f);
    instance.frames.show(f);
  }
}

std::vector<Accuracy> Simulator::finish() {
  for (uint32_t f = 0; f < instance.frames.count(); ++f)
    if (instance.step != begin && instance.frames.begins(f, instance.step) && !isShownAgain(f))
      answers.keep(f);
  return answers.finish();
}

void Simulator::act() {
  bool changed = false;
  changeFrames();
  for (uint32_t i = 0; i < run.n_actions; ++i) {
    const syn_action &action = run.actions[i];
    if (!isDue(action))
      continue;
    for (uint32_t k = 0; k < action.n_launches; ++k) {
      instance.assign(action.launches[k]);
      changed = true;
    }
  }
  if (!changed)
    return;
  Status status = instance.refresh();
  if (failure.ok())
    failure = status;
}

/// How far the next block goes: to the next record or action, at most.
void Simulator::planBlock() {
  blockBegin = instance.step;
  int64_t length = std::min(instance.blockSteps, end - blockBegin);
  int64_t t = blockBegin - origin;
  for (const Trace &trace : traces) {
    int64_t period = int64_t(trace.record->period);
    length = std::min(length, period - t % period);
  }
  for (uint32_t i = 0; i < run.n_actions; ++i) {
    const syn_action &action = run.actions[i];
    if (action.frames != SYN_NONE)
      continue;
    int64_t next = action.step - t;
    if (next <= 0 && action.period)
      next = action.period - (t - action.step) % action.period;
    if (next > 0)
      length = std::min(length, next);
  }
  length = std::min(length, instance.frames.untilNext(blockBegin));
  for (uint32_t l : timerLaunches) {
    if (int64_t period = model.launches[l].period)
      length = std::min(length, period - blockBegin % period);
  }
  length = std::min(length, instance.constraints.stepsToNext(blockBegin));
  blockLength = length;
  for (Trace &trace : traces)
    trace.due[instance.parity] = (t + length) % int64_t(trace.record->period) == 0;
}

/// The spikes of the last block, of the elements of partition p.
void Simulator::rememberSpikes(unsigned p) {
  if (!instance.remembers())
    return;
  for (uint32_t d = 0; d < model.n_domains; ++d)
    if (model.domains[d].remembers &&
        !instance.history(d, p).add(instance.spikes(instance.parity ^ 1, d, p),
                                    instance.first(d, p), instance.lastBegin, instance.lastLength))
      noMemory = true;
}

/// All spikes so far are delivered: connections follow their targets up to now.
void Simulator::settle(unsigned p) {
  for (uint32_t l : settleLaunches)
    runOverConnections(l, p);
  for (uint32_t d = 0; d < model.n_domains; ++d)
    if (model.domains[d].remembers)
      instance.history(d, p).settle(instance.step);
}

/// Timers are due at the end of a step (phase 4), once.
bool Simulator::isTimerDue(uint32_t launch) const {
  int64_t period = model.launches[launch].period;
  return period ? instance.lastLength && instance.step % period == 0 : areConnectionsDue();
}

/// They follow the timers of their step.
bool Simulator::areConstraintsDue() const {
  return instance.lastLength && instance.constraints.areDue(instance.step);
}

void Simulator::runTimers(unsigned p) {
  for (uint32_t l : timerLaunches)
    if (isTimerDue(l))
      runOverConnections(l, p);
}

/// A launch over all connections of a partition.
void Simulator::runOverConnections(uint32_t l, unsigned p) {
  const syn_connections &c = model.connections[model.launches[l].connections];
  syn_range range = instance.rangeOf(l, p);
  range.count = int64_t(c.continuous ? instance.count(c.target, p) : model.domains[c.source].size);
  range.remembered_base = c.first_remembered;
  instance.call(l, p, range);
}

/// Stepped states of connections leave t; everything else is still there.
void Simulator::advanceConnections(unsigned p) {
  for (uint32_t l : advanceLaunches)
    if (instance.step % model.launches[l].period == 0)
      runOverConnections(l, p);
}

bool Simulator::isAdvanceDue() const {
  return std::any_of(advanceLaunches.begin(), advanceLaunches.end(),
                     [&](uint32_t l) { return instance.step % model.launches[l].period == 0; });
}

bool Simulator::mustSettle() const {
  if (done && delivering)
    return true;
  for (uint32_t l : timerLaunches)
    if (isTimerDue(l))
      return true;
  if (areConnectionsDue() || areConstraintsDue())
    return true;
  if (settleLaunches.empty() && timerLaunches.empty())
    return false;
  if ((done && !mayBeLate) || acting || isAdvanceDue())
    return true;
  for (uint32_t d = 0; d < model.n_domains; ++d)
    for (unsigned p = 0; p < instance.partitions && model.domains[d].remembers; ++p)
      if (instance.history(d, p).isFull())
        return true;
  return false;
}

void Simulator::update(unsigned p) {
  instance.emitTo(instance.parity, p);
  for (uint32_t l : updateLaunches) {
    syn_range range = instance.rangeOf(l, p);
    range.step = blockBegin;
    range.steps = blockLength;
    faults.call(l, p, range);
  }
  for (uint32_t d = 0; d < model.n_domains; ++d) {
    if (!model.domains[d].emits || model.domains[d].hidden)
      continue;
    SpikeList &list = instance.spikes(instance.parity, d, p);
    if (!instance.silenced.empty() && instance.silenced[d])
      std::fill(list.counts.begin(), list.counts.end(), 0);
    const uint32_t *ids = list.elements.data();
    for (int64_t s = 0; s < blockLength; ++s) {
      statistics[d][p].add(uint64_t(blockBegin + s + 1), ids, size_t(list.counts[s]));
      answers.count(d, ids, size_t(list.counts[s]));
      ids += list.counts[s];
    }
  }
  sample(p);
}

/// What happens from here on; thread 0 says it, and all follow.
void Simulator::decide() {
  if (noMemory && failure.ok())
    failure = Status::machineError("not enough memory for the spikes that plastic connections "
                                   "have not followed yet");
  done = instance.step >= end || (stop && *stop) || faults.found() || !failure.ok();
  // What is due at the end belongs to the first step of what goes on from there.
  acting = !done && isActionDue(instance.step);
  if (!done && !acting)
    planBlock();
  settling = mustSettle();
}

/// All have done their part of a block. The first thread ends it and says what comes next; where it
/// works alone, the others stay here until it wants them back.
void Simulator::nextBlock(unsigned thread) {
  if (thread != 0) {
    team.arrive();
    if (wereIdle)
      clocks[thread].last = now();
    return;
  }
  if (!alone)
    team.awaitOthers();
  if (hasRun)
    endBlock();
  hasRun = false;
  decide();
  wereIdle = alone;
  alone = pace.isAlone() && !done;
  if (!alone)
    team.release();
}

/// Meets the others of the block, if there are any.
void Simulator::meet(unsigned thread) {
  if (alone)
    return;
  Clock &clock = clocks[thread];
  if (!clock.isOn)
    return team.barrier();
  double begin = now();
  team.barrier();
  double seconds = now() - begin;
  clock.profile.wait += seconds * clock.standsFor;
  clock.last += seconds; // no part of the phase that it is in
}

/// A block begins: whether it is timed.
void Simulator::startClock(unsigned thread) {
  Clock &clock = clocks[thread];
  if (clock.isOn) { // the block before was
    clock.standsFor = clock.last - clock.began < Clock::shortBlock ? Clock::rarely : 1;
    clock.untilNext = clock.standsFor;
  }
  bool isNext = --clock.untilNext == 0;
  if (isNext && !clock.isOn)
    clock.last = now();
  clock.isOn = isNext;
  clock.began = clock.last;
}

/// What went by since the last phase ended belongs to this one.
void Simulator::count(unsigned thread, double Profile::*phase) {
  Clock &clock = clocks[thread];
  if (!clock.isOn)
    return;
  double time = now();
  clock.profile.*phase += (time - clock.last) * clock.standsFor;
  clock.last = time;
}

template <typename Function> void Simulator::forPartitions(unsigned thread, Function function) {
  for (unsigned p = thread; p < instance.partitions; p += alone ? 1 : team.size())
    function(p);
}

template <typename Function> void Simulator::inOne(unsigned thread, Function function) {
  if (thread == 0)
    function();
  meet(thread);
}

/// Brings all connections up to now, for what reads or changes them all.
void Simulator::settleConnections(unsigned thread) {
  forPartitions(thread, [&](unsigned p) { settle(p); });
  if (instance.keepsPast()) {
    forPartitions(thread, [&](unsigned p) { instance.keepPast(p); });
    meet(thread); // timers may read what comes with a delay of 0
  }
  forPartitions(thread, [&](unsigned p) { runTimers(p); });
  meet(thread); // they read what sources remember
  if (areConstraintsDue())
    shares.lead(thread, alone, [&] {
      if (Status status = instance.constraints.keep(instance.step, shares); failure.ok())
        failure = status;
    });
  if (areConnectionsDue())
    inOne(thread, [&] { sampleConnections(); });
}

/// Spikes before the actions carry what they met (S2), so all must be delivered.
void Simulator::actAndPlan(unsigned thread) {
  meet(thread);
  inOne(thread, [&] {
    act();
    done = !failure.ok();
    if (done)
      instance.lastLength = 0; // these spikes are delivered
    else
      planBlock();
  });
}

/// What arrives in the steps of this block.
void Simulator::receive(unsigned thread) {
  forPartitions(thread, [&](unsigned p) {
    deliverGiven(p);
    handleDue(p);
  });
  if (!instance.keepsPast())
    return;
  forPartitions(thread, [&](unsigned p) { instance.keepPast(p); });
  meet(thread); // a delay may be 0 on some connections
}

void Simulator::gather(unsigned thread) {
  forPartitions(thread, [&](unsigned p) {
    for (uint32_t l : gatherLaunches)
      runOverConnections(l, p);
  });
  meet(thread); // nobody changes a value that another still reads
}

void Simulator::endBlock() {
  instance.step = blockBegin + blockLength;
  instance.lastBegin = blockBegin;
  instance.lastLength = blockLength;
  unsigned side = instance.parity;
  instance.parity ^= 1;
  finishBlock(blockBegin, blockLength, side);
  ++blocksSinceTold;
  stepsSinceTold += blockLength;
  if (!clocks[0].isOn)
    return;
  double time = now(), busy = clocks[0].profile.busy();
  pace.add(time - toldAt, busy - busyBefore, stepsSinceTold, blocksSinceTold);
  toldAt = time;
  busyBefore = busy;
  blocksSinceTold = stepsSinceTold = 0;
}

void Simulator::work(unsigned thread) {
  clocks[thread] = {clocks[thread].profile, now()};
  for (;;) {
    startClock(thread);
    nextBlock(thread);
    count(thread, &Profile::wait);
    if (done && !settling)
      return;
    forPartitions(thread, [&](unsigned p) { deliver(p); });
    if (settling)
      settleConnections(thread);
    if (done) {
      count(thread, &Profile::deliver);
      if (thread == 0)
        instance.lastLength = 0; // these spikes are delivered
      return;
    }
    if (acting)
      actAndPlan(thread);
    if (done)
      continue;
    receive(thread);
    count(thread, &Profile::deliver);
    if (instance.gathers) {
      gather(thread);
      count(thread, &Profile::gather);
    }
    if (isAdvanceDue()) {
      forPartitions(thread, [&](unsigned p) { advanceConnections(p); });
      meet(thread);
    }
    forPartitions(thread, [&](unsigned p) {
      seeFirst(p);
      update(p);
    });
    count(thread, &Profile::update);
    if (thread == 0)
      hasRun = true;
  }
}

Status Simulator::advance(int64_t steps, const std::atomic<bool> *stopFlag, bool late) {
  stop = stopFlag;
  mayBeLate = late;
  end = instance.step + steps;
  done = false;
  alone = false;
  faults.checkStart();
  toldAt = now();
  blocksSinceTold = stepsSinceTold = 0;
  team.run([this](unsigned thread) { work(thread); });
  times = Profile();
  for (const Clock &clock : clocks) {
    times.deliver += clock.profile.deliver;
    times.gather += clock.profile.gather;
    times.update += clock.profile.update;
    times.wait += clock.profile.wait;
  }
  return faults.found() ? faults.status() : failure;
}

Status Simulator::deliverWaiting() {
  delivering = true;
  Status status = advance(0);
  delivering = false;
  return status;
}

uint64_t Simulator::synapticEvents() const {
  uint64_t sum = 0;
  for (uint64_t n : events)
    sum += n;
  return sum;
}

} // namespace synfire::runtime
