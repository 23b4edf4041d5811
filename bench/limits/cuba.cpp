//===- cuba.cpp - the update of examples/cuba.syn by hand -----------------===//
//
// Exact integration of a leaky membrane driven by two decaying synaptic variables that receive
// integer sums; refractoriness, threshold and reset by selection.
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
  const double pv = 0.995012479192682, pe = 0.004962, pi = 0.0049750, rest = -0.24440;
  const double decayE = 0.980198673306755, decayI = 0.990049833749168, unit = 0x1p-50;
  int emitted = 0;
  for (int chunk = 0; chunk < cells; chunk += 64) {
    uint64_t fired = 0;
    for (int j = 0; j < 64; ++j) {
      int i = chunk + j;
      double x = pv * v[i] + pe * ge[i] + pi * gi[i] + rest;
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

double limits::cubaUpdate() {
  for (int i = 0; i < cells; ++i)
    v[i] = -60 + i * 0.0024;
  const int steps = 2000;
  volatile int sum = 0;
  return seconds([&] {
           for (int i = 0; i < steps; ++i) {
             excitation[i % cells] = 0x1p48;
             sum = sum + step();
           }
         }) /
         steps / cells * 1e9;
}
