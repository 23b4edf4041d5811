//===- Canvas.h - Dots in a terminal ----------------------------*- C++ -*-===//
//
// A field of dots that is written with braille characters, eight dots each, or
// in ASCII where the locale has no UTF-8.
//
//===----------------------------------------------------------------------===//
#ifndef SYNFIRE_TOOLS_SYNFIRE_REPL_CANVAS_H
#define SYNFIRE_TOOLS_SYNFIRE_REPL_CANVAS_H

#include <cstddef>
#include <string>
#include <vector>

namespace synfire::repl {

/// Whether the locale has UTF-8.
bool hasUnicode();
/// Columns of the terminal, 80 where there is none; at least 40.
size_t terminalColumns();

class Canvas {
public:
  Canvas(size_t columns, size_t rows, bool unicode = hasUnicode());

  /// In dots; the first row of dots is the upper one.
  size_t width() const { return columns * across; }
  size_t height() const { return rows * down; }
  /// Dots outside are left out.
  void dot(long x, long y);
  void line(long x0, long y0, long x1, long y1);
  std::vector<std::string> lines() const;

private:
  size_t columns, rows;
  bool unicode;
  size_t across, down; // dots of a character
  std::vector<unsigned char> cells;
};

/// A bar of a share of `columns` characters.
std::string bar(double share, size_t columns);

} // namespace synfire::repl

#endif // SYNFIRE_TOOLS_SYNFIRE_REPL_CANVAS_H
