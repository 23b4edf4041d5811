//===- cobahh.cpp - the update of examples/cobahh.syn by hand -------------===//
//
// Exponential Euler for v, m, h and n, ten exponentials a step, exact decay of two conductances
// that receive integer sums, upward crossings of -20 mV. One loop over padded arrays, without
// branches.
//
//===----------------------------------------------------------------------===//
#include "limits.h"

namespace {

constexpr int cells = 4032;
alignas(64) double v[cells], m[cells], h[cells], n[cells], ge[cells], gi[cells];
alignas(64) int64_t excitation[cells], inhibition[cells];
alignas(64) uint8_t fires[cells];

void step(double dt) {
  const double gL = 10, gNa = 20000, gK = 6000, eL = -60, eNa = 50, eK = -90, vT = -63;
  const double decayE = 0.998001998667333, decayI = 0.9990004998333750, unit = 0x1p-40;
  const double inverseC = 1.0 / 200;
  for (int i = 0; i < cells; ++i) {
    double x = v[i], u = x - vT;
    double e1 = (13 - u) * 0.25, e2 = (u - 40) * 0.2, e3 = (15 - u) * 0.2;
    double am = 1.28 * e1 / (limits::fastExp(e1) - 1);
    double bm = 1.4 * e2 / (limits::fastExp(e2) - 1);
    double ah = 0.128 * limits::fastExp((17 - u) * (1.0 / 18));
    double bh = 4 / (1 + limits::fastExp((40 - u) * 0.2));
    double an = 0.16 * e3 / (limits::fastExp(e3) - 1);
    double bn = 0.5 * limits::fastExp((10 - u) * 0.025);
    double na = gNa * m[i] * m[i] * m[i] * h[i], k = gK * n[i] * n[i] * n[i] * n[i];
    double g = gL + na + k + ge[i] + gi[i];
    double drive = gL * eL + na * eNa + k * eK - 80 * gi[i];
    double rest = drive / g;
    double next = rest + (x - rest) * limits::fastExp(-g * inverseC * dt);
    auto gate = [&](double y, double a, double b) {
      double limit = a / (a + b);
      return limit + (y - limit) * limits::fastExp(-(a + b) * dt);
    };
    m[i] = gate(m[i], am, bm);
    h[i] = gate(h[i], ah, bh);
    n[i] = gate(n[i], an, bn);
    ge[i] = ge[i] * decayE + limits::toDouble(excitation[i]) * unit;
    gi[i] = gi[i] * decayI + limits::toDouble(inhibition[i]) * unit;
    excitation[i] = inhibition[i] = 0;
    fires[i] = next > -20 && x <= -20;
    v[i] = next;
  }
}

} // namespace

double limits::cobahhUpdate() {
  for (int i = 0; i < cells; ++i) {
    v[i] = -65 + i * 0.003;
    m[i] = 0.05;
    h[i] = 0.6;
    n[i] = 0.3;
    ge[i] = 10 + i % 7;
    gi[i] = 5 + i % 5;
  }
  const int steps = 200;
  return seconds([] {
           for (int i = 0; i < steps; ++i)
             step(0.01);
         }) /
         steps / cells * 1e9;
}
