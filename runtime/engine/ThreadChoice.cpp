//===- ThreadChoice.cpp ---------------------------------------------------===//

#include "runtime/engine/ThreadChoice.h"
#include "runtime/engine/Instance.h"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <limits>

namespace synfire::runtime {

namespace {

/// Of a processor with vectors of 512 bits; roughly, as all that follows.
constexpr double secondsOfOperation = 0.008e-9, secondsOfEvent = 1e-9, secondsOfPlasticEvent = 5e-9;
/// Spikes a second of a neuron in a lively network.
constexpr double usualRate = 20;
/// Steps, of delays that are drawn.
constexpr int64_t longDelay = 64;
/// No meeting takes so long, if all threads have cores of their own.
constexpr double longBlock = 100e-6, longMeeting = 5e-6;
/// What the meetings of a block take, and the lines that move from core to core behind them, in
/// barriers that do nothing (EPYC 9005, cores that share no cache: 4 us, and 0.3 us).
constexpr double barriersOfMeeting = 14;
/// New threads begin on the core of their parent, and soon get their own.
constexpr double warmUp = 20e-3;

} // namespace

double foreseeBlock(const syn_model &model, const syn_run &run, uint64_t seed) {
  double operations = 0;
  bool plastic = false, eachStep = false;
  for (uint32_t l = 0; l < model.n_launches; ++l) {
    const syn_launch &launch = model.launches[l];
    if (launch.kind == SYN_LAUNCH_UPDATE)
      operations += double(launch.work) * double(model.domains[launch.domain].size);
    plastic |= launch.kind == SYN_LAUNCH_SETTLE;
    eachStep |= launch.kind == SYN_LAUNCH_GATHER || launch.kind == SYN_LAUNCH_ADVANCE;
  }
  double steps = double(Instance::foreseeBlockSteps(model, run.step_ms, longDelay));
  double seconds = operations * secondsOfOperation * steps;
  if (seconds > longBlock)
    return std::numeric_limits<double>::infinity();
  Team one(1);
  auto shares = Instance::foresee(model, run, seed, one);
  if (!shares) // which is told when the circuit is built
    return std::numeric_limits<double>::infinity();
  double connections = 0;
  for (const MemoryShare &share : *shares)
    connections += share.connections;
  double events = connections * (eachStep ? 1 : usualRate * run.step_ms / 1000) * steps;
  return seconds + events * (plastic ? secondsOfPlasticEvent : secondsOfEvent);
}

double measureMeeting(Team &team) {
  using Clock = std::chrono::steady_clock;
  constexpr int barriers = 32;
  double shortest = longMeeting / barriersOfMeeting;
  bool goesOn = true;
  auto start = Clock::now();
  auto since = [](Clock::time_point time) {
    return std::chrono::duration<double>(Clock::now() - time).count();
  };
  team.run([&](unsigned thread) {
    for (int settled = 0; goesOn;) {
      auto begin = Clock::now();
      for (int i = 0; i < barriers; ++i)
        team.barrier();
      if (thread == 0) {
        double seconds = since(begin) / barriers;
        settled = seconds < longMeeting / barriersOfMeeting ? settled + 1 : 0;
        shortest = std::min(shortest, seconds);
        goesOn = settled < 8 && since(start) < warmUp;
      }
      team.barrier();
    }
  });
  return shortest * barriersOfMeeting;
}

bool isBetterAlone(double blockSeconds, double meetingSeconds, unsigned threads) {
  return blockSeconds < blockSeconds / threads + meetingSeconds;
}

} // namespace synfire::runtime
