//===- Format.cpp ---------------------------------------------------------===//

#include "runtime/report/Format.h"

#include <cmath>
#include <cstdarg>
#include <cstdio>

using namespace synfire::runtime;

std::string synfire::runtime::formatted(const char *format, ...) {
  char text[256];
  va_list arguments;
  va_start(arguments, format);
  std::vsnprintf(text, sizeof(text), format, arguments);
  va_end(arguments);
  return text;
}

std::string synfire::runtime::formatCount(uint64_t count) {
  std::string digits = std::to_string(count);
  for (int at = int(digits.size()) - 3; at > 0; at -= 3)
    digits.insert(size_t(at), ",");
  return digits;
}

std::string synfire::runtime::formatCounted(uint64_t count, const std::string &noun) {
  return formatCount(count) + " " + noun + (count == 1 ? "" : "s");
}

std::string synfire::runtime::formatNumber(double value, int digits) {
  if (value == 0)
    return "0";
  // Rounding may carry into a new digit: 9.996 has its place at 10.0.
  double rounded = std::strtod(formatted("%.*e", digits - 1, value).c_str(), nullptr);
  int magnitude = int(std::floor(std::log10(std::fabs(rounded)) + 1e-12));
  if (magnitude >= 6 || magnitude < -4)
    return formatted("%.*e", digits - 1, value);
  return formatted("%.*f", std::max(0, digits - 1 - magnitude), value);
}

std::string synfire::runtime::formatBytes(uint64_t bytes) {
  if (bytes < 1024)
    return formatted("%u B", unsigned(bytes));
  const char *units[] = {"KiB", "MiB", "GiB", "TiB"};
  double value = double(bytes) / 1024;
  int unit = 0;
  for (; value >= 999.5 && unit < 3; ++unit)
    value /= 1024;
  return formatNumber(value, 3) + " " + units[unit];
}

std::string synfire::runtime::formatSeconds(double seconds) {
  if (seconds < 0.9995e-3)
    return formatted("%.0f us", seconds * 1e6);
  if (seconds < 0.9995)
    return formatNumber(seconds * 1e3, 3) + " ms";
  if (seconds < 99.5)
    return formatNumber(seconds, 3) + " s";
  uint64_t whole = uint64_t(std::llround(seconds));
  if (whole < 3600)
    return formatted("%d:%02d min", int(whole / 60), int(whole % 60));
  return formatted("%d:%02d h", int(whole / 3600), int(whole / 60 % 60));
}

std::string synfire::runtime::formatMilliseconds(double ms) {
  if (ms < 1000)
    return formatted("%.9g ms", ms);
  return formatted("%.9g s", ms / 1000);
}

size_t synfire::runtime::displayWidth(const std::string &text) {
  size_t width = 0;
  for (unsigned char c : text)
    width += (c & 0xc0) != 0x80; // continuation bytes of UTF-8 take no column
  return width;
}

std::string synfire::runtime::padLeft(const std::string &text, size_t width) {
  size_t taken = displayWidth(text);
  return taken < width ? std::string(width - taken, ' ') + text : text;
}

std::string synfire::runtime::padRight(const std::string &text, size_t width) {
  size_t taken = displayWidth(text);
  return taken < width ? text + std::string(width - taken, ' ') : text;
}
