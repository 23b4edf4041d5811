//===- Samples.cpp --------------------------------------------------------===//

#include "runtime/plot/Samples.h"

#include <algorithm>
#include <cmath>

using namespace synfire::runtime;

/// Rows below which a raster is not thinned any more.
static constexpr uint32_t fewestRows = 16;

double synfire::runtime::niceAtLeast(double value) {
  if (!(value > 0))
    return 1;
  double power = std::pow(10.0, std::floor(std::log10(value)));
  for (double factor : {1.0, 2.0, 5.0})
    if (factor * power >= value * (1 - 1e-9))
      return factor * power;
  return 10 * power;
}

void RasterSample::add(double ms, const uint32_t *ids, size_t n) {
  for (size_t i = 0; i < n; ++i) {
    // Row r shows element floor(r * size / rows).
    uint64_t row = (uint64_t(ids[i]) * rows + size - 1) / size;
    if (row >= rows || row * size / rows != ids[i] || row % rowStep() != 0)
      continue;
    kept.push_back({float(ms), uint32_t(row)});
  }
}

bool RasterSample::canHalve() const { return rows / rowStep() >= 2 * fewestRows; }

void RasterSample::halve() {
  ++halvings;
  uint32_t step = rowStep();
  kept.erase(std::remove_if(kept.begin(), kept.end(),
                            [=](const RasterPoint &p) { return p.row % step != 0; }),
             kept.end());
}

void TraceSample::add(double given) {
  float value = float(given);
  if (inLast == perBucket || kept.empty()) {
    if (kept.size() == maxBuckets) {
      // Neighbours become one; their order in time stays.
      for (size_t i = 0; i < maxBuckets / 2; ++i) {
        Bucket a = kept[2 * i], b = kept[2 * i + 1];
        bool lowInA = a.low <= b.low, highInA = a.high >= b.high;
        bool lowFirst = lowInA == highInA ? (lowInA ? a : b).lowFirst : lowInA;
        kept[i] = {std::min(a.low, b.low), std::max(a.high, b.high), lowFirst};
      }
      kept.resize(maxBuckets / 2);
      perBucket *= 2;
    }
    kept.push_back({value, value, true});
    inLast = 1;
    return;
  }
  Bucket &last = kept.back();
  ++inLast;
  if (value < last.low || std::isnan(last.low)) {
    last.low = value;
    last.lowFirst = false;
  }
  if (value > last.high || std::isnan(last.high)) {
    last.high = value;
    last.lowFirst = true;
  }
}
