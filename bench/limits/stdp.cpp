//===- stdp.cpp - pair STDP in a network of Brunel's size by hand ---------===//
//
// The plastic connections of bench/stdp.syn: 10,000 cells with 1,000 connections each, all on one
// thread. A connection follows the spikes of its target when a spike of its source comes:
// the last ones of each target stand beside each other, newest first. Decays over a number of steps
// are looked up.
//
//===----------------------------------------------------------------------===//
#include "limits.h"

#include <cmath>
#include <random>

namespace {

constexpr int sources = 10000, cells = 10000, degree = 1000, delay = 15, depth = 8, ages = 8192;
constexpr double eta = 0.001, alpha = 1.05, greatest = 0.2, tau = 200; // tau in steps

struct Target {
  int32_t fired[depth]; ///< newest first; the oldest is a sentinel
};

struct Network {
  std::vector<uint16_t> targets = std::vector<uint16_t>(size_t(sources) * degree + 64);
  std::vector<double> weights = std::vector<double>(targets.size(), 0.1);
  std::vector<Target> history = std::vector<Target>(cells);
  std::vector<double> y = std::vector<double>(cells * depth); ///< after each spike of the history
  std::vector<int32_t> last = std::vector<int32_t>(sources, 0);
  std::vector<double> x = std::vector<double>(sources, 0.0); ///< after the last spike
  std::vector<double> decays = std::vector<double>(ages);
  std::vector<int64_t> ring = std::vector<int64_t>(size_t(cells) * 32);
};

/// What a source's spike does to its connections.
void handle(Network &n, uint32_t source, int32_t now) {
  const double scale = 0x1p50;
  const double *decays = n.decays.data();
  const double x = n.x[source];
  const int32_t last = n.last[source];
  int64_t *sums = &n.ring[size_t((now + delay) % 32) * cells];
  const uint16_t *targets = &n.targets[size_t(source) * degree];
  double *weights = &n.weights[size_t(source) * degree];
  for (int i = 0; i < degree; ++i) {
    int t = targets[i], seen = 0;
    double w = weights[i];
    const int32_t *fired = n.history[t].fired;
    while (fired[seen] + delay > now)
      ++seen;
    int open = seen;
    while (fired[open] + delay > last)
      ++open;
    for (int k = open - 1; k >= seen; --k) {
      w += eta * (x * decays[fired[k] + delay - last]) * (greatest - w);
      w = std::min(std::max(w, 0.0), greatest);
    }
    int before = seen + (fired[seen] + delay == now);
    double y = n.y[t * depth + before] * decays[std::min(now - fired[before] - delay, ages - 1)];
    w -= eta * alpha * y * w;
    w = std::min(std::max(w, 0.0), greatest);
    weights[i] = w;
    sums[t] += std::llrint(w * scale);
  }
  n.x[source] = x * decays[std::min(now - last, ages - 1)] + 1;
  n.last[source] = now;
}

void remember(Network &n, uint32_t target, int32_t now) {
  int32_t *fired = n.history[target].fired;
  double *y = &n.y[target * depth];
  double next = y[0] * n.decays[std::min(now - fired[0], ages - 1)] + 1;
  std::memmove(fired + 1, fired, (depth - 2) * sizeof(*fired));
  std::memmove(y + 1, y, (depth - 2) * sizeof(*y));
  fired[0] = now;
  y[0] = next;
}

} // namespace

double limits::stdpDelivery() {
  Network n;
  std::mt19937 random(1);
  for (int s = 0; s < sources; ++s) {
    uint16_t *row = &n.targets[size_t(s) * degree];
    for (int i = 0; i < degree; ++i)
      row[i] = uint16_t(random() % cells);
    std::sort(row, row + degree);
  }
  for (int age = 0; age < ages; ++age)
    n.decays[age] = std::exp(-age / tau);
  for (Target &target : n.history)
    std::fill_n(target.fired, depth, -100000);
  // Intervals of 27 ms with a coefficient of variation of 0.37, as in the network.
  constexpr int steps = 2000, repeats = 5;
  std::normal_distribution<double> interval(270, 100);
  std::vector<std::vector<uint32_t>> spikes(steps * repeats + 2000);
  for (int s = 0; s < sources; ++s)
    for (double time = random() % 270; time < steps * repeats;
         time += std::max(20.0, interval(random)))
      spikes[size_t(time) + 1].push_back(uint32_t(s));
  int32_t now = 0;
  size_t events = 0;
  double best = 1e300;
  for (int repeat = 0; repeat < repeats; ++repeat) {
    events = 0;
    double begin = threadSeconds();
    // Blocks of the delay: spikes of targets, then those of sources.
    for (int block = 0; block < steps / delay; ++block) {
      for (int s = 1; s <= delay; ++s)
        for (uint32_t cell : spikes[size_t(now + s)])
          remember(n, cell, now + s);
      for (int s = 1; s <= delay; ++s) {
        const auto &list = spikes[size_t(now + s)];
        for (size_t i = 0; i < list.size(); ++i) {
          if (i + 2 < list.size())
            for (int line = 0; line < 4; ++line) {
              __builtin_prefetch(&n.targets[size_t(list[i + 2]) * degree + line * 32]);
              __builtin_prefetch(&n.weights[size_t(list[i + 2]) * degree + line * 8]);
            }
          handle(n, list[i], now + s);
        }
        events += list.size() * degree;
      }
      now += delay;
    }
    best = std::min(best, threadSeconds() - begin);
  }
  return best / double(events) * 1e9;
}
