//===- Panel.h - One pair of axes in a figure -------------------*- C++ -*-===//
//
// Private to runtime/plot. Panels stand one below the other over one axis of
// time. Lengths are in points of an 800 points wide figure.
//
//===----------------------------------------------------------------------===//

#ifndef SYNFIRE_RUNTIME_PLOT_PANEL_H
#define SYNFIRE_RUNTIME_PLOT_PANEL_H

#include <cstddef>
#include <string>
#include <vector>

namespace synfire::runtime {

class Picture;

/// A panel without its place.
struct Panel {
  double height = 0;
  /// Room above the axes, for the names of lines.
  double headroom = 0;
  /// Room below the axes, for an axis of its own that is not time.
  double footroom = 0;
  /// Room on the right, for a scale.
  double right = 0;
  /// Room on the left that labels need.
  double left = 0;
  /// Data blocks, before any plotting.
  std::string data;
  /// Commands between the placing of the axes and the reset of labels.
  std::string commands;
};

/// The colour of population or line \p i.
const char *plotColor(size_t i);

/// Seconds from ten seconds on, milliseconds below; the factor from milliseconds to the axis.
double timeScale(const Picture &picture);

/// Estimated width of \p text.
double textWidth(const std::string &text);

/// Room on the left for the numbers of a vertical axis with tics of \p step, and its name.
double axisRoom(double low, double high, double step);

/// The command for the name of a vertical axis, in one line for all panels.
std::string axisLabel(const std::string &text);

/// The panels of a picture.
/// @{
Panel rasterPanel(const Picture &picture);
Panel ratePanel(const Picture &picture);
Panel tracePanel(const Picture &picture, size_t trace);
Panel distributionPanel(const Picture &picture, size_t distribution);
/// @}

} // namespace synfire::runtime

#endif // SYNFIRE_RUNTIME_PLOT_PANEL_H
