//===- EventSums.cpp - The grids, tables and rings that events go through -===//

#include "runtime/engine/Instance.h"
#include "runtime/random/Grid.h"
#include "runtime/random/Samplers.h"

#include <algorithm>
#include <climits>
#include <cmath>
#include <numeric>

namespace synfire::runtime {

namespace {
int64_t padded(uint32_t elements) { return (int64_t(elements) + SYN_PAD - 1) / SYN_PAD * SYN_PAD; }
} // namespace

double EventSums::largestMagnitude(uint32_t a) const {
  if (a == SYN_NONE)
    return 1.0;
  const syn_array &array = instance.model.arrays[a];
  if (array.connections != SYN_NONE) {
    const BuiltConnections &built = instance.connections[array.connections];
    for (size_t c = 0; c < built.columnArrays.size(); ++c)
      if (built.columnArrays[c] == a)
        return built.largest[c];
    return 1.0;
  }
  double largest = 0;
  for (uint64_t i = 0; i < instance.arrayLength(a); ++i)
    largest = std::max(largest, std::fabs(instance.value(a, i)));
  return largest;
}

double EventSums::mostGiven(uint32_t connections) const {
  double most = 0;
  for (uint32_t i = 0; i < instance.model.n_spike_lists; ++i) {
    const syn_spike_list &list = instance.model.spike_lists[i];
    if (list.connections != connections)
      continue;
    int64_t step = -1;
    double here = 0;
    for (uint64_t k = 0; k < list.count; ++k) {
      int64_t stamp = toSteps(list.times[k], instance.dt).steps;
      here = stamp == step ? here + 1 : 1;
      step = stamp;
      most = std::max(most, here);
    }
  }
  return most;
}

double EventSums::mostEvents(uint32_t a) const {
  double events = 0;
  for (uint32_t s : instance.index.sendsTo(a)) {
    const syn_send &send = instance.model.sends[s];
    double most = 1000; // events of one stimulus in one step, where no table bounds them
    if (send.connections != SYN_NONE)
      most = instance.model.connections[send.connections].zero_delay
                 ? std::max(most, mostGiven(send.connections))
                 : instance.connections[send.connections].rows.maxInDegree;
    else if (send.poisson != SYN_NONE)
      most = double(thresholds[send.poisson].size());
    events += most;
  }
  return events;
}

int EventSums::gridExponent(uint32_t a, double &cap) const {
  const syn_accumulator &sum = instance.model.accumulators[a];
  double events = mostEvents(a);
  cap = 0;
  for (uint32_t s : instance.index.sendsTo(a))
    cap = std::max(cap, largestMagnitude(instance.model.sends[s].cap) *
                            instance.model.sends[s].headroom);
  if (!(events > 0))
    cap = 0;
  return std::isfinite(cap) ? eventGridExponent(events, cap, sum.type == SYN_I64 ? 64 : 32) : 0;
}

/// So many amounts of this size are half of what a sum can hold.
void EventSums::setLimits() {
  for (uint32_t a = 0; a < instance.model.n_accumulators; ++a) {
    const syn_accumulator &sum = instance.model.accumulators[a];
    if (sum.limit == SYN_NONE)
      continue;
    int bits = sum.type == SYN_I64 ? 64 : 32;
    store(sum.limit, std::ldexp(1.0, bits - 2) / std::max(1.0, mostEvents(a)));
  }
}

Status EventSums::checkGrids() const {
  for (uint32_t a = 0; a < instance.model.n_accumulators; ++a) {
    double cap = 0;
    // Within a factor of two the sum has room.
    if (gridExponent(a, cap) < exponents[a] - 1 || !std::isfinite(cap))
      return Status::userError(
          "a weight was changed to more than the sums `" +
          std::string(instance.model.accumulators[a].name) +
          "` were made for; a protocol that assigns a number is known from the start, one that "
          "computes needs a start value near its largest");
  }
  return Status::success();
}

Status EventSums::chooseGrids() {
  exponents.assign(instance.model.n_accumulators, 0);
  std::vector<bool> arrives(instance.model.n_accumulators, false);
  for (uint32_t a = 0; a < instance.model.n_accumulators; ++a) {
    const syn_accumulator &sum = instance.model.accumulators[a];
    double cap = 0;
    exponents[a] = gridExponent(a, cap);
    if (!std::isfinite(cap))
      return Status::userError("an amount sent to `" + std::string(sum.name) + "` is not finite");
    arrives[a] = cap > 0;
  }
  shareGrids(arrives);
  for (uint32_t a = 0; a < instance.model.n_accumulators; ++a) {
    const syn_accumulator &sum = instance.model.accumulators[a];
    store(sum.scale, std::ldexp(1.0, exponents[a]));
    store(sum.inverse, std::ldexp(1.0, -exponents[a]));
  }
  setLimits();
  return Status::success();
}

/// 32-bit sums that hear of the same populations get the same grid where theirs is hardly finer, so
/// that connections onto them can be stored together (random.md).
void EventSums::shareGrids(const std::vector<bool> &arrives) {
  std::vector<uint32_t> group(instance.model.n_accumulators);
  std::iota(group.begin(), group.end(), 0u);
  auto rootOf = [&](uint32_t a) {
    while (group[a] != a)
      a = group[a];
    return a;
  };
  std::vector<uint32_t> heard(instance.model.n_domains,
                              SYN_NONE); // a sum that hears of each population
  for (uint32_t s = 0; s < instance.model.n_sends; ++s) {
    const syn_send &send = instance.model.sends[s];
    if (send.connections == SYN_NONE ||
        instance.model.accumulators[send.accumulator].type != SYN_I32 ||
        !arrives[send.accumulator] || instance.model.connections[send.connections].zero_delay)
      continue;
    uint32_t &other = heard[instance.model.connections[send.connections].source];
    if (other == SYN_NONE)
      other = send.accumulator;
    else
      group[rootOf(send.accumulator)] = rootOf(other);
  }
  std::vector<int> least(instance.model.n_accumulators, INT_MAX);
  for (uint32_t a = 0; a < instance.model.n_accumulators; ++a)
    if (arrives[a])
      least[rootOf(a)] = std::min(least[rootOf(a)], exponents[a]);
  for (uint32_t a = 0; a < instance.model.n_accumulators; ++a)
    if (arrives[a] && instance.model.accumulators[a].type == SYN_I32 &&
        exponents[a] <= least[rootOf(a)] + sharedGridBits)
      exponents[a] = least[rootOf(a)];
}

Status EventSums::buildPoissonTables() {
  thresholds.resize(instance.model.n_poissons);
  for (uint32_t i = 0; i < instance.model.n_poissons; ++i) {
    const syn_poisson &drive = instance.model.poissons[i];
    double mean = instance.value(drive.mean, 0);
    if (!(mean >= 0))
      return Status::userError("the rate of `" + std::string(drive.name) +
                               "` is negative or not a number");
    if (mean > 700)
      return Status::userError(
          "the rate of `" + std::string(drive.name) +
          "` means more than 700 events in one step; use a smaller step or weight");
    thresholds[i] = poissonTable(mean, instance.value(drive.exp_mean, 0));
    poissonTables[i] = {thresholds[i].data(), int64_t(thresholds[i].size())};
  }
  return Status::success();
}

/// Slots for the longest delay of what is added as soon as it is known.
int64_t EventSums::ringSlots(uint32_t accumulator) const {
  uint32_t longest = uint32_t(instance.blockSteps);
  for (uint32_t s : instance.index.sendsTo(accumulator)) {
    uint32_t c = instance.model.sends[s].connections;
    if (c != SYN_NONE && instance.model.connections[c].layout == SYN_BY_SOURCE)
      longest = std::max(longest, instance.connections[c].maxDelay);
  }
  int64_t slotCount = 1;
  while (slotCount < int64_t(longest) + 1)
    slotCount *= 2;
  return slotCount;
}

Status EventSums::allocateRings() {
  auto noMemory = [](const char *name) {
    return Status::machineError("not enough memory for the pending events of `" +
                                std::string(name) + "`");
  };
  // Sums that share their steps with others.
  int64_t sharedSlots = 1;
  for (uint32_t a : instance.due.accumulators)
    sharedSlots = std::max(sharedSlots, ringSlots(a));
  if (Status status = instance.due.allocateSums(sharedSlots); !status.ok())
    return status;
  memory.resize(rings.size());
  for (uint32_t a = 0; a < instance.model.n_accumulators; ++a) {
    const syn_accumulator &sum = instance.model.accumulators[a];
    int64_t slotCount = ringSlots(a);
    for (unsigned p = 0; p < instance.partitions; ++p) {
      size_t number = size_t(a) * instance.partitions + p;
      if (rings[number].base)
        continue;
      int64_t stride = padded(instance.count(sum.domain, p));
      if (!memory[number].allocate(size_t(slotCount * stride) * sizeOfType(sum.type)))
        return noMemory(sum.name);
      rings[number] = {memory[number].data(), slotCount, stride};
    }
  }
  return Status::success();
}

void EventSums::prepare() {
  rings.resize(size_t(instance.model.n_accumulators) * instance.partitions);
  poissonTables.resize(instance.model.n_poissons);
}

syn_ring &EventSums::ring(uint32_t accumulator, unsigned p) {
  return rings[size_t(accumulator) * instance.partitions + p];
}

void EventSums::store(uint32_t array, double number) {
  storeNumber(instance.arrayData(array), instance.model.arrays[array].type, 0, number);
}

Status EventSums::refresh() {
  if (Status status = checkGrids(); !status.ok())
    return status;
  if (Status status = buildPoissonTables(); !status.ok())
    return status;
  setLimits(); // more events leave less room for each
  return Status::success();
}

} // namespace synfire::runtime
