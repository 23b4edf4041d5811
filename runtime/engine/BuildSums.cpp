//===- BuildSums.cpp - The grids, tables and rings that events go through -===//

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

double Instance::largestMagnitude(uint32_t a) const {
  if (a == SYN_NONE)
    return 1.0;
  const syn_array &array = model.arrays[a];
  if (array.connections != SYN_NONE) {
    const BuiltConnections &built = connections[array.connections];
    for (size_t c = 0; c < built.columnArrays.size(); ++c)
      if (built.columnArrays[c] == a && c == 0)
        return built.rows.maxAbsWeight;
    return 1.0;
  }
  double largest = 0;
  for (uint64_t i = 0; i < arrayLengths[a]; ++i)
    largest = std::max(largest, std::fabs(value(a, i)));
  return largest;
}

double Instance::mostEvents(uint32_t a) const {
  double events = 0;
  for (uint32_t s = 0; s < model.n_sends; ++s) {
    const syn_send &send = model.sends[s];
    if (send.accumulator != a)
      continue;
    double most = 1000; // events of one stimulus in one step, where no table bounds them
    if (send.connections != SYN_NONE)
      most = model.connections[send.connections].zero_delay
                 ? 1000
                 : connections[send.connections].rows.maxInDegree;
    else if (send.poisson != SYN_NONE)
      most = double(thresholds[send.poisson].size());
    events += most;
  }
  return events;
}

int Instance::gridExponent(uint32_t a, double &cap) const {
  const syn_accumulator &sum = model.accumulators[a];
  double events = mostEvents(a);
  cap = 0;
  for (uint32_t s = 0; s < model.n_sends; ++s)
    if (model.sends[s].accumulator == a)
      cap = std::max(cap, largestMagnitude(model.sends[s].cap) * model.sends[s].headroom);
  if (!(events > 0))
    cap = 0;
  return std::isfinite(cap) ? eventGridExponent(events, cap, sum.type == SYN_I64 ? 64 : 32) : 0;
}

/// So many amounts of this size are half of what a sum can hold.
void Instance::setLimits() {
  for (uint32_t a = 0; a < model.n_accumulators; ++a) {
    const syn_accumulator &sum = model.accumulators[a];
    if (sum.limit == SYN_NONE)
      continue;
    int bits = sum.type == SYN_I64 ? 64 : 32;
    storeNumber(arrays[sum.limit].data(), model.arrays[sum.limit].type, 0,
                std::ldexp(1.0, bits - 2) / std::max(1.0, mostEvents(a)));
  }
}

Status Instance::checkGrids() const {
  for (uint32_t a = 0; a < model.n_accumulators; ++a) {
    double cap = 0;
    // Within a factor of two the sum has room.
    if (gridExponent(a, cap) < exponents[a] - 1 || !std::isfinite(cap))
      return Status::userError(
          "a weight was changed to more than the sums `" + std::string(model.accumulators[a].name) +
          "` were made for; a protocol that assigns a number is known from the start, one that "
          "computes needs a start value near its largest");
  }
  return Status::success();
}

Status Instance::chooseGrids() {
  exponents.assign(model.n_accumulators, 0);
  std::vector<bool> arrives(model.n_accumulators, false);
  for (uint32_t a = 0; a < model.n_accumulators; ++a) {
    const syn_accumulator &sum = model.accumulators[a];
    double cap = 0;
    exponents[a] = gridExponent(a, cap);
    if (!std::isfinite(cap))
      return Status::userError("an amount sent to `" + std::string(sum.name) + "` is not finite");
    arrives[a] = cap > 0;
  }
  shareGrids(arrives);
  for (uint32_t a = 0; a < model.n_accumulators; ++a) {
    const syn_accumulator &sum = model.accumulators[a];
    auto put = [&](uint32_t array, double x) {
      storeNumber(arrays[array].data(), model.arrays[array].type, 0, x);
    };
    put(sum.scale, std::ldexp(1.0, exponents[a]));
    put(sum.inverse, std::ldexp(1.0, -exponents[a]));
  }
  setLimits();
  return Status::success();
}

/// 32-bit sums that hear of the same populations get the same grid where theirs is hardly finer, so
/// that connections onto them can be stored together (random.md).
void Instance::shareGrids(const std::vector<bool> &arrives) {
  std::vector<uint32_t> group(model.n_accumulators);
  std::iota(group.begin(), group.end(), 0u);
  auto rootOf = [&](uint32_t a) {
    while (group[a] != a)
      a = group[a];
    return a;
  };
  std::vector<uint32_t> heard(model.n_domains, SYN_NONE); // a sum that hears of each population
  for (uint32_t s = 0; s < model.n_sends; ++s) {
    const syn_send &send = model.sends[s];
    if (send.connections == SYN_NONE || model.accumulators[send.accumulator].type != SYN_I32 ||
        !arrives[send.accumulator] || model.connections[send.connections].zero_delay)
      continue;
    uint32_t &other = heard[model.connections[send.connections].source];
    if (other == SYN_NONE)
      other = send.accumulator;
    else
      group[rootOf(send.accumulator)] = rootOf(other);
  }
  std::vector<int> least(model.n_accumulators, INT_MAX);
  for (uint32_t a = 0; a < model.n_accumulators; ++a)
    if (arrives[a])
      least[rootOf(a)] = std::min(least[rootOf(a)], exponents[a]);
  for (uint32_t a = 0; a < model.n_accumulators; ++a)
    if (arrives[a] && model.accumulators[a].type == SYN_I32 &&
        exponents[a] <= least[rootOf(a)] + sharedGridBits)
      exponents[a] = least[rootOf(a)];
}

Status Instance::buildPoissonTables() {
  thresholds.resize(model.n_poissons);
  for (uint32_t i = 0; i < model.n_poissons; ++i) {
    const syn_poisson &drive = model.poissons[i];
    double mean = value(drive.mean, 0);
    if (!(mean >= 0))
      return Status::userError("the rate of `" + std::string(drive.name) +
                               "` is negative or not a number");
    if (mean > 700)
      return Status::userError(
          "the rate of `" + std::string(drive.name) +
          "` means more than 700 events in one step; use a smaller step or weight");
    thresholds[i] = poissonTable(mean, value(drive.exp_mean, 0));
    poissonTables[i] = {thresholds[i].data(), int64_t(thresholds[i].size())};
  }
  return Status::success();
}

/// Slots for the longest delay of what is added as soon as it is known.
int64_t Instance::ringSlots(uint32_t accumulator) const {
  uint32_t longest = uint32_t(blockSteps);
  for (uint32_t s = 0; s < model.n_sends; ++s) {
    uint32_t c = model.sends[s].connections;
    if (model.sends[s].accumulator == accumulator && c != SYN_NONE &&
        model.connections[c].layout == SYN_BY_SOURCE)
      longest = std::max(longest, connections[c].maxDelay);
  }
  int64_t slotCount = 1;
  while (slotCount < int64_t(longest) + 1)
    slotCount *= 2;
  return slotCount;
}

Status Instance::allocateRings() {
  auto noMemory = [](const char *name) {
    return Status::machineError("not enough memory for the pending events of `" +
                                std::string(name) + "`");
  };
  // Sums that share their steps with others.
  int64_t sharedSlots = 1;
  for (uint32_t a : dueAccumulators)
    sharedSlots = std::max(sharedSlots, ringSlots(a));
  dueMemory.resize(partitions);
  for (unsigned p = 0; p < partitions && !dueAccumulators.empty(); ++p) {
    int64_t stride = firstDueSum(SYN_NONE, p);
    if (!dueMemory[p].allocate(size_t(sharedSlots * stride) * dueSumBytes()))
      return noMemory(model.name);
    for (uint32_t a : dueAccumulators)
      rings[size_t(a) * partitions + p] = {
          dueMemory[p].as<char>() + size_t(firstDueSum(a, p)) * dueSumBytes(), sharedSlots, stride};
  }
  ringMemory.resize(rings.size());
  for (uint32_t a = 0; a < model.n_accumulators; ++a) {
    const syn_accumulator &sum = model.accumulators[a];
    int64_t slotCount = ringSlots(a);
    for (unsigned p = 0; p < partitions; ++p) {
      size_t number = size_t(a) * partitions + p;
      if (rings[number].base)
        continue;
      int64_t stride = padded(count(sum.domain, p));
      if (!ringMemory[number].allocate(size_t(slotCount * stride) * sizeOfType(sum.type)))
        return noMemory(sum.name);
      rings[number] = {ringMemory[number].data(), slotCount, stride};
    }
  }
  return Status::success();
}

} // namespace synfire::runtime
