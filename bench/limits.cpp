//===- limits.cpp - what hand-written kernels reach on this machine -------===//
//
// The two inner loops of the Brunel network (examples/brunel.syn) as one would write them by hand:
// the update of integrate-and-fire cells with Poisson input, and the delivery of spikes over 16-bit
// target numbers into integer sums. Prints nanoseconds per update and per synaptic event, the
// medians of several runs on one thread.
//
//===----------------------------------------------------------------------===//
#include <algorithm>
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <random>
#include <vector>

namespace {

constexpr int cells = 6272; // one thread's half, padded to 64

double now() {
  using Clock = std::chrono::steady_clock;
  return std::chrono::duration<double>(Clock::now().time_since_epoch()).count();
}

double median(std::vector<double> values) {
  std::sort(values.begin(), values.end());
  return values[values.size() / 2];
}

/// Philox4x32-10, sixteen counters side by side.
void philox(uint32_t block, uint32_t step, uint32_t words[4][16]) {
  uint32_t c0[16], c1[16], c2[16], c3[16], k0 = 42, k1 = 0;
  for (int l = 0; l < 16; ++l) {
    c0[l] = block + l;
    c1[l] = 0;
    c2[l] = step;
    c3[l] = 1;
  }
  for (int round = 0; round < 10; ++round) {
    for (int l = 0; l < 16; ++l) {
      uint64_t p = uint64_t(c0[l]) * 0xD2511F53u, q = uint64_t(c2[l]) * 0xCD9E8D57u;
      uint32_t a = uint32_t(q >> 32) ^ c1[l] ^ k0, b = uint32_t(p >> 32) ^ c3[l] ^ k1;
      c0[l] = a;
      c1[l] = uint32_t(q);
      c2[l] = b;
      c3[l] = uint32_t(p);
    }
    k0 += 0x9E3779B9u;
    k1 += 0xBB67AE85u;
  }
  for (int l = 0; l < 16; ++l) {
    words[0][l] = c0[l];
    words[1][l] = c1[l];
    words[2][l] = c2[l];
    words[3][l] = c3[l];
  }
}

double updateNanoseconds() {
  alignas(64) static double v[cells];
  alignas(64) static int32_t refractory[cells];
  alignas(64) static int64_t ring[cells];
  std::vector<uint32_t> table; // Poisson, mean 2
  double p = 0.1353352832366127, sum = p;
  for (int k = 1; sum * 0x1p32 < 0x1p32 - 1 && k < 40; ++k) {
    table.push_back(uint32_t(sum * 0x1p32));
    p *= 2.0 / k;
    sum += p;
  }
  const double decay = 0.9950124791926823, unit = 0x1p-50;
  const int64_t weight = int64_t(0.1 * 0x1p50);
  std::vector<double> times;
  uint32_t spikes = 0;
  for (int repeat = 0; repeat < 5; ++repeat) {
    double begin = now();
    for (int step = 0; step < 2000; ++step)
      for (int chunk = 0; chunk < cells; chunk += 64) {
        alignas(64) uint32_t words[4][16];
        alignas(64) int32_t counts[64] = {};
        philox(chunk / 4, step, words);
        const uint32_t *word = &words[0][0];
        for (uint32_t threshold : table)
          for (int i = 0; i < 64; ++i)
            counts[i] += word[i] >= threshold;
        for (int i = 0; i < 64; ++i) {
          int n = chunk + i;
          bool active = refractory[n] <= 0;
          int64_t in = ring[n] + counts[i] * weight;
          ring[n] = 0;
          double x = v[n] * decay + double(in) * unit;
          x = active ? x : v[n];
          bool fires = active && x >= 20.0;
          v[n] = fires ? 10.0 : x;
          refractory[n] = fires ? 20 : refractory[n] > 0 ? refractory[n] - 1 : 0;
          spikes += fires;
        }
      }
    times.push_back((now() - begin) / 2000 / cells * 1e9);
  }
  std::fprintf(stderr, "(%u spikes)\n", spikes);
  return median(times);
}

double deliverNanoseconds() {
  constexpr int sources = 12500, degree = 625;
  std::mt19937 random(1);
  std::vector<uint16_t> targets(size_t(sources) * degree + 64);
  for (int s = 0; s < sources; ++s) {
    auto *row = &targets[size_t(s) * degree];
    for (int i = 0; i < degree; ++i)
      row[i] = uint16_t(random() % cells);
    std::sort(row, row + degree);
  }
  std::vector<int64_t> ring(size_t(cells) * 16);
  std::vector<uint32_t> spikes(8000);
  for (auto &s : spikes)
    s = uint32_t(random() % sources);
  std::vector<double> times;
  for (int repeat = 0; repeat < 5; ++repeat) {
    double begin = now();
    for (size_t j = 0; j < spikes.size(); ++j) {
      const uint16_t *row = &targets[size_t(spikes[j]) * degree];
      int64_t *slot = &ring[(j / 500 % 16) * cells];
      if (j + 4 < spikes.size())
        for (int line = 0; line < 4; ++line)
          __builtin_prefetch(&targets[size_t(spikes[j + 4]) * degree + line * 32]);
      for (int i = 0; i < degree; ++i)
        slot[row[i]] += 12345;
    }
    times.push_back((now() - begin) / double(spikes.size()) / degree * 1e9);
  }
  return median(times);
}

} // namespace

int main() {
  double update = updateNanoseconds(), deliver = deliverNanoseconds();
  std::printf("{\"update_ns\": %.4f, \"deliver_ns\": %.4f}\n", update, deliver);
  return 0;
}
