//===- Script.cpp - Puts the panels into a figure ---------------*- C++ -*-===//

#include "runtime/plot/Script.h"

#include "runtime/plot/Gnuplot.h"
#include "runtime/plot/Panel.h"
#include "runtime/plot/Picture.h"
#include "runtime/report/Format.h"

#include <algorithm>
#include <cmath>

using namespace synfire::runtime;

static constexpr double figureWidth = 800;
static constexpr double panelGap = 14, bottomRoom = 50, topRoom = 12;
static constexpr double titleRoom = 26;
/// Traces beyond this many panels are left to the recorded file.
static constexpr size_t maxTracePanels = 6;

double synfire::runtime::textWidth(const std::string &text) {
  return 7.7 * double(displayWidth(text)); // DejaVu Sans, mostly lower case
}

const char *synfire::runtime::plotColor(size_t i) {
  // Told apart with any kind of colour vision (after Okabe and Ito).
  static const char *colors[] = {"#0072b2", "#d55e00", "#009e73", "#cc79a7",
                                 "#e69f00", "#56b4e9", "#555555", "#8c6d1f"};
  return colors[i % 8];
}

double synfire::runtime::axisRoom(double low, double high, double step) {
  size_t longest = 0;
  // A few tics; where the step is lost beside the values they are all the same.
  for (int i = 0; i < 10 && step > 0; ++i)
    if (double tic = (std::ceil(low / step) + i) * step; tic <= high)
      longest = std::max(longest, formatted("%.6g", std::fabs(tic) < step / 2 ? 0 : tic).size());
  return 34 + 8 * double(longest);
}

double synfire::runtime::timeScale(const Picture &picture) {
  // By the end and not by the duration: a run may go on from another one.
  return picture.begin() + picture.duration() >= 10000 ? 1e-3 : 1;
}

std::string synfire::runtime::axisLabel(const std::string &text) {
  return "set label " + gnuplotString(text) +
         formatted(" at screen %.5f,graph 0.5 center rotate by 90\n", 12 / figureWidth);
}

static std::string terminal(PictureFormat format, double height, const std::string &path) {
  std::string text = format == PictureFormat::Png
                         // Twice the size: sharp on paper and on dense screens.
                         ? formatted("set terminal pngcairo noenhanced size %.0f,%.0f font "
                                     "'DejaVu Sans,10' fontscale 2 linewidth 2 "
                                     "background '#ffffff'\n",
                                     2 * figureWidth, 2 * height)
                         : formatted("set terminal svg noenhanced dynamic size %.0f,%.0f "
                                     "font 'Helvetica,Arial,DejaVu Sans,sans-serif,11' "
                                     "linewidth 1 background '#ffffff'\n",
                                     figureWidth, height);
  return text + "set output " + gnuplotString(path) + "\n";
}

std::string synfire::runtime::pictureScript(const Picture &picture, PictureFormat format,
                                            const std::string &path) {
  std::vector<Panel> panels;
  if (!picture.getPopulations().empty()) {
    panels.push_back(rasterPanel(picture));
    panels.push_back(ratePanel(picture));
  }
  size_t traces = std::min(picture.getTraces().size(), maxTracePanels);
  for (size_t i = 0; i < traces; ++i)
    panels.push_back(tracePanel(picture, i));

  size_t timed = panels.size();
  for (size_t i = 0; i < std::min(picture.getDistributions().size(), maxTracePanels); ++i)
    panels.push_back(distributionPanel(picture, i));

  // What the axis of the panel before needs.
  auto roomAbove = [&](size_t i) {
    return i && i >= timed ? i == timed ? bottomRoom : panels[i - 1].footroom : 0;
  };
  double top = topRoom + (picture.getTitle().empty() ? 0 : titleRoom);
  double height = top + bottomRoom, left = 66, right = 20;
  for (size_t i = 0; i < panels.size(); ++i) {
    height += panels[i].height + panels[i].headroom + (i ? panelGap : 0) + roomAbove(i);
    left = std::max(left, panels[i].left);
    right = std::max(right, panels[i].right);
  }
  // A tic at the end of the axis has half of its number beyond it.
  double scale = timeScale(picture);
  double end = (picture.begin() + picture.duration()) * scale;
  right = std::max(right, 4 + 4 * double(formatted("%g", end).size()));

  std::string script = terminal(format, height, path);
  for (const Panel &panel : panels)
    script += panel.data;
  script += "set multiplot\n";
  if (!picture.getTitle().empty())
    script +=
        "set label 1000 " + gnuplotString(picture.getTitle()) +
        formatted(" at screen %.5f,%.5f left font ',12'\n", left / figureWidth, 1 - 20 / height);
  script += formatted("set lmargin at screen %.5f\n"
                      "set rmargin at screen %.5f\n",
                      left / figureWidth, 1 - right / figureWidth);
  script += formatted("set xrange [%.10g:%.10g]\n", picture.begin() * scale, end);
  script += "set key off\nset border 3 linewidth 0.8\n"
            "set tics out nomirror scale 0.5\nset format x ''\n";
  double y = height - top;
  for (size_t i = 0; i < panels.size(); ++i) {
    y -= panels[i].headroom + (i ? panelGap : 0) + roomAbove(i);
    script += formatted("set tmargin at screen %.5f\n", y / height);
    y -= panels[i].height;
    script += formatted("set bmargin at screen %.5f\n", y / height);
    if (i + 1 == timed)
      script += formatted("set format x '%%g'\nset xlabel 'time (%s)' "
                          "offset 0,0.2\n",
                          scale == 1 ? "ms" : "s");
    script += panels[i].commands;
    script += "unset label\nunset arrow\n";
  }
  return script + "unset multiplot\nunset output\n";
}
