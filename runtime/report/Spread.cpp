//===- Spread.cpp - How values are spread ---------------------------------===//

#include "runtime/report/Summary.h"

#include <algorithm>
#include <cmath>

using namespace synfire::runtime;

/// The smallest of \p values that at least a share \p q of them does not exceed.
static double quantile(std::vector<double> &values, double q) {
  double rank = std::ceil(q * double(values.size())) - 1;
  auto place = values.begin() + std::ptrdiff_t(std::max(0.0, rank));
  std::nth_element(values.begin(), place, values.end());
  return *place;
}

Spread synfire::runtime::spreadOf(std::vector<double> &values, double atMs) {
  Spread spread;
  spread.atMs = atMs;
  // In the order of the connections, so that the sum has the same rounding wherever it is made.
  double sum = 0;
  for (double value : values)
    sum += value;
  spread.mean = sum / double(values.size());
  auto [least, most] = std::minmax_element(values.begin(), values.end());
  spread.least = *least;
  spread.most = *most;
  spread.low = quantile(values, 0.05);
  spread.median = quantile(values, 0.5);
  spread.high = quantile(values, 0.95);
  return spread;
}
