//===- coba.cpp - the update of examples/coba.syn by hand -----------------===//
//
// Exponential Euler for a leaky membrane with two synaptic conductances that decay exactly and
// receive integer sums; refractoriness, threshold and reset by selection.
//
//===----------------------------------------------------------------------===//
#include "limits.h"

namespace {

constexpr int cells = 4032;
alignas(64) double v[cells], ge[cells], gi[cells];
alignas(64) int32_t refractory[cells];
alignas(64) int64_t excitation[cells], inhibition[cells];
uint32_t spikes[cells];

int step() {
  const double decayE = 0.980198673306755, decayI = 0.990049833749168, unit = 0x1p-45;
  const double rate = -0.1 / 200;
  int emitted = 0;
  for (int chunk = 0; chunk < cells; chunk += 64) {
    uint64_t fired = 0;
    for (int j = 0; j < 64; ++j) {
      int i = chunk + j;
      double g = 10 + ge[i] + gi[i], drive = 10 * -60.0 - 80 * gi[i];
      double rest = drive / g;
      double x = rest + (v[i] - rest) * limits::fastExp(g * rate);
      bool active = refractory[i] <= 0;
      x = active ? x : v[i];
      bool fires = active && x >= -50.0;
      v[i] = fires ? -60.0 : x;
      refractory[i] = fires ? 50 : std::max(refractory[i] - 1, 0);
      ge[i] = ge[i] * decayE + limits::toDouble(excitation[i]) * unit;
      gi[i] = gi[i] * decayI + limits::toDouble(inhibition[i]) * unit;
      excitation[i] = inhibition[i] = 0;
      fired |= fires;
    }
    if (fired)
      for (int i = chunk; i < chunk + 64; ++i)
        if (refractory[i] == 50)
          spikes[emitted++] = i;
  }
  return emitted;
}

} // namespace

double limits::cobaUpdate() {
  for (int i = 0; i < cells; ++i)
    v[i] = -60 + i * 0.0024;
  const int steps = 1000;
  volatile int sum = 0;
  return seconds([&] {
           for (int i = 0; i < steps; ++i) {
             excitation[i % cells] = 0x1p48;
             sum = sum + step();
           }
         }) /
         steps / cells * 1e9;
}
