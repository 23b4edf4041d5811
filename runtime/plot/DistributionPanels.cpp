//===- DistributionPanels.cpp - Values of connections -----------*- C++ -*-===//

#include "runtime/plot/Gnuplot.h"
#include "runtime/plot/Panel.h"
#include "runtime/plot/Picture.h"
#include "runtime/report/Format.h"

#include <algorithm>
#include <cmath>

using namespace synfire::runtime;

/// So many connections are shown one by one, more by a histogram.
static constexpr size_t mostSingle = 200;
static constexpr size_t numBins = 60;
static const char *const firstColor = "#999999";

namespace {

struct Range {
  double low = INFINITY, high = -INFINITY;

  void include(const std::vector<double> &values) {
    for (double value : values)
      if (std::isfinite(value)) {
        low = std::min(low, value);
        high = std::max(high, value);
      }
  }
  void widen() {
    if (!(low <= high))
      low = 0, high = 1;
    double margin = high > low ? 0.05 * (high - low) : std::max(1e-3, 0.1 * std::fabs(low));
    low -= margin;
    high += margin;
  }
};

} // namespace

static std::string quantity(const TraceSpec &spec) {
  bool pure = spec.unit.empty() || spec.unit == "1";
  return spec.variable + (pure ? "" : " (" + spec.unit + ")");
}

static std::string block(const std::string &name, const std::string &lines) {
  return "$" + name + " << EOD\n" + (lines.empty() ? "NaN NaN\n" : lines) + "EOD\n";
}

/// Shares of the values in bins, as steps; \p highest becomes the largest of them, if larger.
static std::string histogram(const std::vector<double> &values, Range range, double &highest) {
  std::vector<size_t> counts(numBins, 0);
  for (double value : values)
    if (std::isfinite(value))
      ++counts[std::min(numBins - 1,
                        size_t((value - range.low) / (range.high - range.low) * numBins))];
  std::string lines;
  for (size_t i = 0; i < numBins; ++i) {
    double share = 100.0 * double(counts[i]) / double(std::max<size_t>(1, values.size()));
    highest = std::max(highest, share);
    lines += formatted("%.8g %.6g\n",
                       range.low + (double(i) + 0.5) * (range.high - range.low) / numBins, share);
  }
  return lines;
}

static std::string points(const std::vector<double> &values) {
  std::string lines;
  for (size_t i = 0; i < values.size(); ++i)
    lines += formatted("%zu %.8g\n", i, values[i]);
  return lines;
}

Panel synfire::runtime::distributionPanel(const Picture &picture, size_t number) {
  const Picture::Distribution &shown = picture.getDistributions()[number];
  bool single = shown.last.size() <= mostSingle;
  Range range;
  range.include(shown.first);
  range.include(shown.last);
  range.widen();
  Panel panel;
  panel.height = 110;
  panel.headroom = 15;
  panel.footroom = 50;
  std::string first = "distribution" + std::to_string(number) + "_first";
  std::string last = "distribution" + std::to_string(number) + "_last";
  double highest = 0;
  auto values = [&](const std::vector<double> &of) {
    return single ? points(of) : histogram(of, range, highest);
  };
  panel.data += block(first, values(shown.first));
  panel.data += block(last, values(shown.last));
  double x = 0;
  for (auto [text, color] : {std::pair(shown.spec.population + " at the end", plotColor(0)),
                             std::pair(std::string("at the beginning"), firstColor)}) {
    panel.commands += "set label " + gnuplotString(text) +
                      formatted(" at graph %.5f,1.09 left textcolor rgb '%s'\n", x, color);
    x += (textWidth(text) + 16) / 700;
  }
  std::string across = single ? "connection" : quantity(shown.spec);
  if (single)
    panel.left = axisRoom(range.low, range.high, niceAtLeast((range.high - range.low) / 4));
  if (single)
    panel.commands += formatted("set xrange [-1:%zu]\nset yrange [%.8g:%.8g]\nset ytics %.6g\n",
                                shown.last.size(), range.low, range.high,
                                niceAtLeast((range.high - range.low) / 4));
  else
    panel.commands +=
        formatted("set xrange [%.8g:%.8g]\nset yrange [0:%.6g]\nset ytics %.6g\n", range.low,
                  range.high, 1.08 * std::max(highest, 1e-3), niceAtLeast(1.08 * highest / 4));
  panel.commands += "set format x '%g'\nset xlabel " + gnuplotString(across) + " offset 0,0.2\n" +
                    axisLabel(single ? quantity(shown.spec) : "share (%)");
  std::string style = single ? " using 1:2 with points pointtype 7 pointsize 0.4 linecolor rgb '"
                             : " using 1:2 with steps linewidth 1.2 linecolor rgb '";
  panel.commands +=
      "plot $" + first + style + firstColor + "', $" + last + style + plotColor(0) + "'\n";
  return panel;
}
