//===- brunel.cpp - the inner loops of examples/brunel.syn by hand --------===//
//
// Integrate-and-fire cells with Poisson input, and the delivery of spikes over 16-bit target
// numbers into integer sums.
//
//===----------------------------------------------------------------------===//
#include "limits.h"

#include <random>

namespace {

constexpr int cells = 12544; // all of them on one thread, padded to 64
alignas(64) double v[cells];
alignas(64) int32_t refractory[cells];
alignas(64) int64_t sums[cells];
uint32_t spikes[cells];

/// The number of thresholds that each of 64 words reaches.
void count(const std::vector<uint32_t> &table, const uint32_t *words, int32_t *counts) {
  uint32_t most = 0;
  for (int i = 0; i < 64; ++i)
    most = std::max(most, words[i]);
  for (int i = 0; i < 64; ++i)
    counts[i] = 0;
  for (size_t k = 0; k < table.size() && table[k] <= most; ++k)
    for (int i = 0; i < 64; ++i)
      counts[i] += words[i] >= table[k];
}

int step(int number, const std::vector<uint32_t> &table) {
  const double decay = 0.9950124791926823, unit = 0x1p-50;
  const int64_t weight = int64_t(0.1 * 0x1p50);
  int emitted = 0;
  for (int chunk = 0; chunk < cells; chunk += 64) {
    alignas(64) uint32_t words[4][16];
    alignas(64) int32_t counts[64];
    limits::philox(chunk / 4, number, words);
    count(table, &words[0][0], counts);
    uint64_t fired = 0;
    for (int j = 0; j < 64; ++j) {
      int i = chunk + j;
      // A product of 32 and 64 bits, which AVX2 lacks, in two parts.
      uint64_t n = uint32_t(counts[j]);
      int64_t in = sums[i] + n * uint32_t(weight) + (n * uint32_t(weight >> 32) << 32);
      bool active = refractory[i] <= 0;
      double x = v[i] * decay + limits::toDouble(in) * unit;
      x = active ? x : v[i];
      bool fires = active && x >= 20.0;
      v[i] = fires ? 10.0 : x;
      refractory[i] = fires ? 20 : std::max(refractory[i] - 1, 0);
      sums[i] = 0;
      fired |= fires;
    }
    if (fired)
      for (int i = chunk; i < chunk + 64; ++i)
        if (refractory[i] == 20)
          spikes[emitted++] = i;
  }
  return emitted;
}

} // namespace

void limits::philox(uint32_t block, uint32_t step, uint32_t words[4][16]) {
  // Even and odd counters apart, each in the lower half of 64 bits: products need no shuffles.
  typedef uint64_t Lanes __attribute__((vector_size(64)));
  const Lanes low = Lanes{} + 0xffffffff, number = {0, 2, 4, 6, 8, 10, 12, 14};
  Lanes c0[2] = {number + block, number + block + 1}, c1[2] = {}, c2[2], c3[2];
  c2[0] = c2[1] = Lanes{} + step;
  c3[0] = c3[1] = Lanes{} + 1;
  uint32_t k0 = 42, k1 = 0;
  for (int round = 0; round < 10; ++round) {
    for (int i = 0; i < 2; ++i) {
      Lanes p = (c0[i] & low) * 0xD2511F53u, q = (c2[i] & low) * 0xCD9E8D57u;
      c0[i] = (q >> 32) ^ c1[i] ^ uint64_t(k0);
      c1[i] = q;
      c2[i] = (p >> 32) ^ c3[i] ^ uint64_t(k1);
      c3[i] = p;
    }
    k0 += 0x9E3779B9u;
    k1 += 0xBB67AE85u;
  }
  Lanes *out = reinterpret_cast<Lanes *>(words);
  out[0] = (c0[0] & low) | c0[1] << 32;
  out[1] = (c1[0] & low) | c1[1] << 32;
  out[2] = (c2[0] & low) | c2[1] << 32;
  out[3] = (c3[0] & low) | c3[1] << 32;
}

double limits::brunelUpdate() {
  std::vector<uint32_t> table; // Poisson, mean 2
  double p = 0.1353352832366127, sum = p;
  for (int k = 1; sum * 0x1p32 < 0x1p32 - 1 && k < 40; ++k) {
    table.push_back(uint32_t(sum * 0x1p32));
    p *= 2.0 / k;
    sum += p;
  }
  for (int i = 0; i < cells; ++i)
    v[i] = i * 20.0 / cells;
  const int steps = 1000;
  volatile int total = 0;
  return seconds([&] {
           for (int i = 0; i < steps; ++i)
             total = total + step(i, table);
         }) /
         steps / cells * 1e9;
}

double limits::brunelDelivery() {
  constexpr int sources = 12500, degree = 1250;
  std::mt19937 random(1);
  std::vector<uint16_t> targets(size_t(sources) * degree + 64);
  for (int s = 0; s < sources; ++s) {
    auto *row = &targets[size_t(s) * degree];
    for (int i = 0; i < degree; ++i)
      row[i] = uint16_t(random() % cells);
    std::sort(row, row + degree);
  }
  std::vector<int64_t> ring(size_t(cells) * 16);
  std::vector<uint32_t> fired(4000);
  for (auto &s : fired)
    s = uint32_t(random() % sources);
  return seconds([&] {
           for (size_t j = 0; j < fired.size(); ++j) {
             const uint16_t *row = &targets[size_t(fired[j]) * degree];
             int64_t *slot = &ring[(j / 47 % 16) * cells];
             if (j + 4 < fired.size())
               for (int line = 0; line < degree / 32; ++line)
                 __builtin_prefetch(&targets[size_t(fired[j + 4]) * degree + line * 32]);
             for (int i = 0; i < degree; ++i)
               slot[row[i]] += 12345;
           }
         }) /
         double(fired.size()) / degree * 1e9;
}
