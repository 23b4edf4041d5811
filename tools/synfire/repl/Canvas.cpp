//===- Canvas.cpp - Dots in a terminal ------------------------------------===//
#include "tools/synfire/repl/Canvas.h"

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <cstring>

#include <sys/ioctl.h>
#include <unistd.h>

using namespace synfire::repl;

bool synfire::repl::hasUnicode() {
  for (const char *name : {"LC_ALL", "LC_CTYPE", "LANG"})
    if (const char *value = std::getenv(name); value && *value)
      return std::strstr(value, "UTF-8") || std::strstr(value, "utf8");
  return false;
}

size_t synfire::repl::terminalColumns() {
  winsize size = {};
  if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0)
    return std::max<size_t>(40, size.ws_col);
  return 80;
}

Canvas::Canvas(size_t columns, size_t rows, bool unicode)
    : columns(columns), rows(rows), unicode(unicode), across(unicode ? 2 : 1),
      down(unicode ? 4 : 2), cells(columns * rows) {}

void Canvas::dot(long x, long y) {
  if (x < 0 || y < 0 || size_t(x) >= width() || size_t(y) >= height())
    return;
  // The bits of braille: down the left column, then the right one, the lowest row last.
  static const unsigned char braille[4][2] = {
      {0x01, 0x08}, {0x02, 0x10}, {0x04, 0x20}, {0x40, 0x80}};
  unsigned char bit = unicode ? braille[y % 4][x % 2] : (unsigned char)(1 << (y % 2));
  cells[size_t(y) / down * columns + size_t(x) / across] |= bit;
}

void Canvas::line(long x0, long y0, long x1, long y1) {
  long steps = std::max({std::labs(x1 - x0), std::labs(y1 - y0), 1L});
  for (long i = 0; i <= steps; ++i)
    dot(x0 + std::lround(double(x1 - x0) * double(i) / double(steps)),
        y0 + std::lround(double(y1 - y0) * double(i) / double(steps)));
}

/// A code point from U+0800 on.
static std::string encode(unsigned point) {
  return {char(0xe0 | point >> 12), char(0x80 | (point >> 6 & 0x3f)), char(0x80 | (point & 0x3f))};
}

std::vector<std::string> Canvas::lines() const {
  std::vector<std::string> result;
  for (size_t row = 0; row < rows; ++row) {
    std::string text;
    for (size_t column = 0; column < columns; ++column) {
      unsigned char bits = cells[row * columns + column];
      static const char ascii[] = {' ', '\'', '.', ':'};
      text += !unicode ? std::string(1, ascii[bits & 3]) : bits ? encode(0x2800 + bits) : " ";
    }
    text.erase(text.find_last_not_of(' ') + 1);
    result.push_back(text);
  }
  return result;
}

std::string synfire::repl::bar(double share, size_t columns) {
  size_t filled = size_t(std::lround(std::clamp(share, 0.0, 1.0) * double(columns)));
  std::string text;
  for (size_t i = 0; i < filled; ++i)
    text += hasUnicode() ? encode(0x2588) : "#";
  return text;
}
