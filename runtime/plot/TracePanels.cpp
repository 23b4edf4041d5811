//===- TracePanels.cpp - Recorded variables ---------------------*- C++ -*-===//

#include "runtime/plot/Gnuplot.h"
#include "runtime/plot/Panel.h"
#include "runtime/plot/Picture.h"
#include "runtime/report/Format.h"

#include <algorithm>
#include <cmath>

using namespace synfire::runtime;

/// More elements than this stand one above the other.
static constexpr size_t mostTogether = 3;
/// Elements beyond this many are not drawn.
static constexpr size_t mostElements = 12;

namespace {

struct Extent {
  double low = INFINITY, high = -INFINITY;

  void include(const TraceSample &sample, size_t firstBucket = 0) {
    for (size_t i = firstBucket; i < sample.buckets().size(); ++i) {
      const TraceSample::Bucket &bucket = sample.buckets()[i];
      if (std::isfinite(bucket.low))
        low = std::min(low, double(bucket.low));
      if (std::isfinite(bucket.high))
        high = std::max(high, double(bucket.high));
    }
  }
  bool empty() const { return !(low <= high); }
  double size() const { return empty() ? 0 : high - low; }
};

/// The linear map from values to the axis, and the part of the axis that the curve may use.
struct Place {
  double scale = 1, offset = 0;
  double bottom = -INFINITY, top = INFINITY;
};

/// The extent of a curve, without its start where a transient there is much larger than all that
/// follows.
Extent settledExtent(const TraceSample &sample) {
  Extent whole, settled;
  whole.include(sample);
  settled.include(sample, (sample.buckets().size() + 9) / 10);
  bool transient = settled.size() > 0 && whole.size() > 1.5 * settled.size();
  return transient ? settled : whole;
}

} // namespace

/// The line of one element. Where it leaves its place it runs along the border.
static std::string traceLines(const Picture &picture, const Picture::Trace &trace,
                              const TraceSample &sample, Place place) {
  double axis = timeScale(picture);
  double interval = double(trace.spec.everySteps) * picture.dt();
  double first = double(trace.spec.firstStep) * picture.dt();
  uint64_t perBucket = sample.valuesPerBucket();
  std::string lines;
  auto add = [&](double ms, double value) {
    // A blank line breaks the curve where there is no number.
    double y = value * place.scale + place.offset;
    if (std::isfinite(y))
      lines += formatted("%.8g %.7g\n", ms * axis, std::clamp(y, place.bottom, place.top));
    else
      lines += "\n";
  };
  for (size_t i = 0; i < sample.buckets().size(); ++i) {
    const TraceSample::Bucket &bucket = sample.buckets()[i];
    double begin = first + double(i * perBucket) * interval;
    add(begin, bucket.lowFirst ? bucket.low : bucket.high);
    if (perBucket > 1)
      add(begin + 0.5 * double(perBucket) * interval, bucket.lowFirst ? bucket.high : bucket.low);
  }
  return lines;
}

/// How far a curve goes that was cut: `down to -43.4 mV`, or nothing.
static std::string cutText(const Picture::Trace &trace, const TraceSample &sample, Place place) {
  Extent extent;
  extent.include(sample);
  bool pure = trace.spec.unit.empty() || trace.spec.unit == "1";
  auto far = [&](const char *where, double value) {
    return where + formatNumber(value, 3) + (pure ? "" : " " + trace.spec.unit);
  };
  std::string text;
  if (extent.low * place.scale + place.offset < place.bottom)
    text = far("down to ", extent.low);
  if (extent.high * place.scale + place.offset > place.top)
    text += (text.empty() ? "" : ", ") + far("up to ", extent.high);
  return text;
}

static std::string elementName(const TraceSpec &spec, size_t i) {
  return spec.names.empty() ? spec.population + "[" + std::to_string(spec.elements[i]) + "]"
                            : spec.names[i];
}

/// `v (mV)`, or `m` for a pure number.
static std::string quantity(const TraceSpec &spec) {
  bool pure = spec.unit.empty() || spec.unit == "1";
  return spec.variable + (pure ? "" : " (" + spec.unit + ")");
}

/// The plot command for elements 0 .. n-1 and their data.
static std::string plotElements(const Picture &picture, size_t number,
                                const std::vector<Place> &places, Panel &panel) {
  const Picture::Trace &trace = picture.getTraces()[number];
  std::string plot;
  for (size_t i = 0; i < places.size(); ++i) {
    std::string name = "trace" + std::to_string(number) + "_" + std::to_string(i);
    std::string lines = traceLines(picture, trace, trace.elements[i], places[i]);
    // Two lines: gnuplot takes one point for no curve at all.
    if (lines.find_first_not_of('\n') == std::string::npos)
      lines = "NaN NaN\nNaN NaN\n";
    panel.data += "$" + name + " << EOD\n" + lines + "EOD\n";
    plot += (i ? ", $" : "plot $") + name + " using 1:2 with lines linewidth 0.8 linecolor rgb '" +
            plotColor(i) + "'";
  }
  return plot + "\n";
}

/// Curves in one pair of axes, their names above it.
static Panel overlaid(const Picture &picture, size_t number, size_t elements) {
  const Picture::Trace &trace = picture.getTraces()[number];
  Panel panel;
  panel.height = 110;
  panel.headroom = 15;
  Extent extent;
  double x = 0;
  for (size_t i = 0; i < elements; ++i) {
    extent.include(trace.elements[i]);
    std::string name = elementName(trace.spec, i);
    panel.commands += "set label " + gnuplotString(name) +
                      formatted(" at graph %.5f,1.09 left textcolor rgb "
                                "'%s'\n",
                                x, plotColor(i));
    x += (textWidth(name) + 16) / 700;
  }
  if (extent.empty())
    extent = {0, 1};
  double margin =
      extent.size() > 0 ? 0.06 * extent.size() : std::max(1e-3, 0.1 * std::fabs(extent.low));
  double step = niceAtLeast((extent.size() + 2 * margin) / 4);
  panel.left = axisRoom(extent.low - margin, extent.high + margin, step);
  panel.commands += formatted("set yrange [%.8g:%.8g]\nset ytics %.6g\n", extent.low - margin,
                              extent.high + margin, step) +
                    axisLabel(quantity(trace.spec)) +
                    plotElements(picture, number, std::vector<Place>(elements), panel);
  return panel;
}

/// Curves one above the other with a common scale, shown by a bar; each in the middle of its lane,
/// where its name is.
static Panel stacked(const Picture &picture, size_t number, size_t elements) {
  const Picture::Trace &trace = picture.getTraces()[number];
  Panel panel;
  panel.height = 42 * double(elements);
  panel.headroom = 15;
  double range = 0;
  std::vector<Extent> extents(elements);
  for (size_t i = 0; i < elements; ++i) {
    extents[i] = settledExtent(trace.elements[i]);
    range = std::max(range, extents[i].size());
  }
  if (range == 0)
    range = 1;
  const double fill = 0.86;                                // of an element's share of the height
  double x = (textWidth(quantity(trace.spec)) + 24) / 700; // of the next text above the lanes
  std::vector<Place> places;
  for (size_t i = 0; i < elements; ++i) {
    double lane = double(elements - 1 - i);
    double middle = extents[i].empty() ? 0 : (extents[i].low + extents[i].high) / 2;
    places.push_back({fill / range, lane + 0.5 - middle * fill / range, lane + 0.02, lane + 0.98});
    std::string name = elementName(trace.spec, i);
    if (std::string cut = cutText(trace, trace.elements[i], places[i]); !cut.empty() && x < 0.8) {
      cut = name + " goes " + cut;
      panel.commands += "set label " + gnuplotString(cut) +
                        formatted(" at graph %.5f,graph 1 offset 0,0.6 left textcolor rgb '%s'\n",
                                  x, plotColor(i));
      x += (textWidth(cut) + 16) / 700;
    }
    panel.left = std::max(panel.left, textWidth(name) + 20);
    panel.commands += "set label " + gnuplotString(name) +
                      formatted(" at graph -0.012,first %.5f right textcolor "
                                "rgb '%s'\n",
                                lane + 0.5, plotColor(i));
  }
  panel.left = std::min(panel.left, 360.0);
  double bar = niceAtLeast(range / 2.5);
  std::string unit = trace.spec.unit.empty() || trace.spec.unit == "1" ? "" : " " + trace.spec.unit;
  std::string barText = formatted("%g", bar) + unit;
  panel.right = textWidth(barText) + 34;
  double bottom = (1 - fill) / 2;
  panel.commands += formatted("set arrow from graph 1.012,first %.5f to graph 1.012,first "
                              "%.5f nohead linewidth 1.5\n",
                              bottom, bottom + bar * fill / range) +
                    "set label " + gnuplotString(barText) +
                    formatted(" at graph 1.02,first %.5f left\n", bottom + bar * fill / range / 2) +
                    "set label " + gnuplotString(quantity(trace.spec)) +
                    " at graph 0,graph 1 offset 0,0.6 left\n" +
                    formatted("set yrange [0:%zu]\nunset ytics\n", elements) +
                    plotElements(picture, number, places, panel) +
                    "set ytics out nomirror scale 0.5\n";
  return panel;
}

Panel synfire::runtime::tracePanel(const Picture &picture, size_t number) {
  size_t elements = std::min(picture.getTraces()[number].elements.size(), mostElements);
  return elements > mostTogether ? stacked(picture, number, elements)
                                 : overlaid(picture, number, elements);
}
