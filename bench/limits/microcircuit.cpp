//===- microcircuit.cpp - delivery in a network of its size by hand -------===//
//
// The cortical microcircuit (examples/microcircuit.syn) has too many synapses for any cache. One
// thread owns all targets; the synapses of a source are stored by delay, 4 bytes each, and a step
// gathers all segments that are due into one slice of sums that stays in the cache. Which ones are
// due is put down when their source fires, so that they are fetched before use. Between steps the
// states of the cells go through the caches, as they do where there is an update; that is not
// timed. Nearly every source fires once, so that no synapse is in a cache from earlier on.
//
//===----------------------------------------------------------------------===//
#include "limits.h"

#include <chrono>
#include <random>

namespace {

constexpr int maxDelay = 64;

struct Synapse {
  uint16_t target;
  int16_t weight;
};

struct Network {
  uint32_t sources, cells;
  std::vector<Synapse> synapses;
  std::vector<uint32_t> offsets; // of segment source * maxDelay + delay
};

Network build(double scale) {
  Network n;
  n.sources = uint32_t(77169 * scale);
  n.cells = n.sources;
  const uint32_t degree = 3876; // each source keeps its number of synapses
  std::mt19937 random(1);
  std::normal_distribution<double> delays(13, 7); // steps, of mostly excitatory sources
  n.synapses.reserve(size_t(n.sources) * degree + 64);
  std::vector<std::pair<int, uint16_t>> row(degree);
  for (uint32_t s = 0; s < n.sources; ++s) {
    for (auto &[delay, target] : row) {
      delay = std::clamp(int(delays(random)), 1, maxDelay - 1);
      target = uint16_t(random() % n.cells);
    }
    std::sort(row.begin(), row.end());
    size_t next = 0;
    for (int d = 0; d < maxDelay; ++d) {
      n.offsets.push_back(uint32_t(n.synapses.size()));
      for (; next < row.size() && row[next].first == d; ++next)
        n.synapses.push_back({row[next].second, int16_t(800 + random() % 64)});
    }
  }
  n.offsets.push_back(uint32_t(n.synapses.size()));
  n.synapses.resize(n.synapses.size() + 64);
  return n;
}

uint64_t gather(const Network &n, const std::vector<uint32_t> &due, int32_t *sums) {
  uint64_t events = 0;
  for (size_t i = 0; i < due.size(); ++i) {
    if (i + 16 < due.size())
      __builtin_prefetch(&n.offsets[due[i + 16]]);
    if (i + 6 < due.size()) {
      const Synapse *row = &n.synapses[n.offsets[due[i + 6]]];
      const Synapse *end = &n.synapses[n.offsets[due[i + 6] + 1]];
      for (; row < end; row += 16)
        __builtin_prefetch(row);
    }
    uint32_t begin = n.offsets[due[i]], end = n.offsets[due[i] + 1];
    for (uint32_t j = begin; j < end; ++j)
      sums[n.synapses[j].target] += n.synapses[j].weight;
    events += end - begin;
  }
  return events;
}

} // namespace

double limits::microcircuitDelivery(double scale) {
  Network n = build(scale);
  std::vector<int32_t> sums(n.cells + 64);
  std::mt19937 random(2);
  const int steps = 3000;
  std::vector<std::vector<uint32_t>> spikes(steps); // 3.2 Hz
  for (auto &list : spikes)
    for (int spike = 0; spike < std::max(1, int(n.sources * 3.2e-4)); ++spike)
      list.push_back(uint32_t(random() % n.sources));
  std::vector<std::vector<uint32_t>> due(maxDelay); // segments, by step modulo the longest delay
  std::vector<int32_t> states(size_t(n.cells) * 6); // potential, current, refractory time, padding
  double best = 1e300;
  for (int repeat = 0; repeat < 3; ++repeat) {
    uint64_t events = 0;
    std::chrono::duration<double> time{0};
    for (int step = 0; step < steps; ++step) {
      auto begin = std::chrono::steady_clock::now();
      for (uint32_t source : spikes[step])
        for (int d = 1; d < maxDelay; ++d)
          if (uint32_t segment = source * maxDelay + d; n.offsets[segment + 1] > n.offsets[segment])
            due[(step + d) % maxDelay].push_back(segment);
      auto &list = due[step % maxDelay];
      events += gather(n, list, sums.data());
      list.clear();
      time += std::chrono::steady_clock::now() - begin;
      for (size_t i = 0; i < states.size(); ++i)
        states[i] += sums[i / 6];
      std::fill(sums.begin(), sums.end(), 0);
    }
    best = std::min(best, time.count() / double(events));
  }
  return best * 1e9;
}
