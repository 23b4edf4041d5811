//===- SpikePanels.cpp - Raster and rates -----------------------*- C++ -*-===//

#include "runtime/plot/Gnuplot.h"
#include "runtime/plot/Panel.h"
#include "runtime/plot/Picture.h"
#include "runtime/report/Format.h"

#include <algorithm>
#include <cmath>
#include <limits>

using namespace synfire::runtime;

static constexpr double mostRasterHeight = 330, leastRasterHeight = 100;
/// Up to this many rows a spike is a stroke, beyond it a dot.
static constexpr uint32_t mostStrokeRows = 60;
/// More populations than this share one rate.
static constexpr size_t mostRates = 8;
/// The least height of a band that has room for a name.
static constexpr double labelHeight = 13;

static double axisTime(const Picture &picture, double ms) { return ms * timeScale(picture); }

static uint32_t totalRows(const Picture &picture) {
  uint64_t rows = 0;
  for (const Picture::Population &p : picture.getPopulations())
    rows += p.size;
  return uint32_t(std::min<uint64_t>(rows, 1000000));
}

/// A data block; gnuplot refuses to plot an empty one.
static std::string dataBlock(const std::string &name, const std::string &lines) {
  return "$" + name + " << EOD\n" + (lines.empty() ? "NaN NaN NaN\n" : lines) + "EOD\n";
}

/// Dots or strokes of one population whose band is [\p bottom, \p bottom +
/// \p height].
static std::string bandPoints(const Picture &picture, const Picture::Population &population,
                              double bottom, double height) {
  std::string lines;
  if (population.raster.empty())
    return lines;
  const RasterSample &raster = population.raster[0];
  double rowHeight = height / raster.numRows();
  double last = picture.begin() + picture.duration();
  for (const RasterPoint &point : raster.points())
    if (point.ms >= picture.begin() && point.ms <= last * (1 + 1e-6))
      lines += formatted("%.8g %.5f %.5f\n", axisTime(picture, point.ms),
                         bottom + (point.row + 0.5) * rowHeight, 0.8 * rowHeight);
  return lines;
}

Panel synfire::runtime::rasterPanel(const Picture &picture) {
  const auto &populations = picture.getPopulations();
  std::vector<double> heights = picture.bandHeights();
  uint32_t rows = totalRows(picture);
  Panel panel;
  panel.height = std::clamp(12.0 * rows, leastRasterHeight, mostRasterHeight);
  panel.height =
      std::max(panel.height, std::min(mostRasterHeight, 24.0 * double(populations.size())));
  bool strokes = rows <= mostStrokeRows;

  std::string plot;
  double bottom = 1;
  size_t points = 0;
  for (size_t i = 0; i < populations.size(); ++i) {
    bottom -= heights[i];
    std::string name = "raster" + std::to_string(i);
    panel.data += dataBlock(name, bandPoints(picture, populations[i], bottom, heights[i]));
    if (!populations[i].raster.empty())
      points += populations[i].raster[0].points().size();
    plot += (i ? ", " : "plot ") + std::string("$") + name +
            (strokes ? " using 1:($2-$3/2):(0):3 with vectors nohead linewidth "
                       "1.1 linecolor rgb '"
                     : " using 1:2 with points pointtype 7 pointsize @ "
                       "linecolor rgb '") +
            plotColor(i) + "'";
    if (heights[i] * panel.height >= labelHeight) {
      const std::string &label = populations[i].name;
      panel.left = std::max(panel.left, textWidth(label) + 20);
      panel.commands += "set label " + gnuplotString(label) +
                        formatted(" at graph -0.012,%.5f right textcolor rgb '%s'\n",
                                  bottom + heights[i] / 2, plotColor(i));
    }
    if (i + 1 < populations.size())
      panel.commands += formatted("set arrow from graph 0,%.5f to graph 1,%.5f nohead "
                                  "linewidth 0.5 linecolor rgb '#d0d0d0' back\n",
                                  bottom, bottom);
  }
  panel.left = std::min(panel.left, 360.0);
  if (points == 0)
    panel.commands += "set label 'no spikes' at graph 0.5,0.5 center textcolor "
                      "rgb '#909090'\n";
  // Dots shrink where there are many.
  double dot = points < 3000 ? 0.28 : points < 15000 ? 0.2 : 0.14;
  for (size_t at; (at = plot.find('@')) != std::string::npos;)
    plot.replace(at, 1, formatted("%.2f", dot));
  panel.commands += "set yrange [0:1]\nunset ytics\nset border 3\n" + plot +
                    "\nset ytics out nomirror scale 0.5\n";
  return panel;
}

/// How far a rate that is drawn in bins of so many of the finest ones is from the rate below it:
/// the mean integrated squared error but for what is the same for all widths (Shimazaki & Shinomoto
/// 2007, Neural Comput 19:1503, algorithm 1).
static double costOfWidth(const std::vector<uint64_t> &finest, size_t merge) {
  double sum = 0, squares = 0, bins = 0;
  for (size_t bin = 0; bin + merge <= finest.size(); bin += merge, ++bins) {
    double count = 0;
    for (size_t i = bin; i < bin + merge; ++i)
      count += double(finest[i]);
    sum += count;
    squares += count * count;
  }
  double mean = sum / bins, variance = squares / bins - mean * mean;
  return (2 * mean - variance) / double(merge * merge);
}

/// How many of the finest bins make one that is drawn: of 20 to 200, those that show best how rates
/// move. Where they do not, or too few spikes tell, wide bins are the best.
static size_t binsToMerge(const Picture &picture) {
  const auto &populations = picture.getPopulations();
  double bins = populations.empty() ? 1 : double(populations[0].rate.bins().size());
  size_t best = 1;
  double least = std::numeric_limits<double>::infinity();
  for (size_t merge : {1, 2, 5, 10, 20, 50}) {
    if (merge > 1 && bins / double(merge) < 20)
      break;
    if (bins / double(merge) > 200)
      continue;
    double cost = 0;
    for (const Picture::Population &p : populations)
      cost += costOfWidth(p.rate.bins(), merge) / (double(p.size) * double(p.size));
    if (cost <= least) {
      best = merge;
      least = cost;
    }
  }
  return best;
}

/// Rates of the populations [first, last) together, over time.
static std::string rateLines(const Picture &picture, size_t first, size_t last, size_t merge,
                             double &highest) {
  const auto &populations = picture.getPopulations();
  double size = 0;
  for (size_t p = first; p < last; ++p)
    size += populations[p].size;
  size_t bins = populations[first].rate.bins().size();
  std::string lines;
  for (size_t bin = 0; bin < bins && size > 0; bin += merge) {
    size_t end = std::min(bins, bin + merge);
    double begin = picture.begin() + double(bin) * picture.binMs();
    double close = std::min(picture.begin() + double(end) * picture.binMs(),
                            picture.begin() + picture.duration());
    double count = 0;
    for (size_t p = first; p < last; ++p)
      for (size_t i = bin; i < end; ++i)
        count += double(populations[p].rate.bins()[i]);
    double rate = count / size / ((close - begin) * 1e-3);
    highest = std::max(highest, rate);
    lines += formatted("%.8g %.5g\n", axisTime(picture, (begin + close) / 2), rate);
  }
  return lines;
}

Panel synfire::runtime::ratePanel(const Picture &picture) {
  size_t populations = picture.getPopulations().size();
  bool together = populations > mostRates;
  size_t merge = binsToMerge(picture);
  Panel panel;
  panel.height = 96;
  double highest = 0;
  std::string plot;
  for (size_t i = 0; i < (together ? 1 : populations); ++i) {
    std::string name = "rate" + std::to_string(i);
    size_t last = together ? populations : i + 1;
    panel.data += dataBlock(name, rateLines(picture, i, last, merge, highest));
    plot += (i ? ", $" : "plot $") + name + " using 1:2 with lines linewidth 1.2 linecolor rgb '" +
            (together ? "#333333" : plotColor(i)) + "'";
  }
  double top = highest > 0 ? highest * 1.08 : 1;
  panel.commands = formatted("set yrange [0:%.6g]\nset ytics %.6g\n", top, niceAtLeast(top / 4)) +
                   axisLabel(together ? "mean rate (Hz)" : "rate (Hz)") + plot + "\n";
  return panel;
}
