//===- Format.h - Numbers for people ----------------------------*- C++ -*-===//
//
// Counts, bytes and times as the command line prints them.
//
//===----------------------------------------------------------------------===//

#ifndef SYNFIRE_RUNTIME_REPORT_FORMAT_H
#define SYNFIRE_RUNTIME_REPORT_FORMAT_H

#include <cstdint>
#include <string>

namespace synfire::runtime {

/// printf into a string; for short texts (at most 255 bytes).
std::string formatted(const char *format, ...) __attribute__((format(printf, 1, 2)));

/// `12,345,678`.
std::string formatCount(uint64_t count);
/// `1 cell`, `2,000 cells`; `noun` is one whose plural ends in s.
std::string formatCounted(uint64_t count, const std::string &noun);
/// `812 B`, `19.1 MiB`: three digits.
std::string formatBytes(uint64_t bytes);
/// Wall time: `85 us`, `12.3 ms`, `4.56 s`, `3:25 min`, `2:03 h`.
std::string formatSeconds(double seconds);
/// Biological time given in ms: `0.1 ms`, `250 ms`, `1.5 s`.
std::string formatMilliseconds(double ms);
/// \p value with \p digits significant digits and no exponent below 10^6.
std::string formatNumber(double value, int digits);

/// Columns that \p text takes on a terminal: its code points.
size_t displayWidth(const std::string &text);
/// \p text and blanks up to \p width columns, on the left or on the right.
/// @{
std::string padLeft(const std::string &text, size_t width);
std::string padRight(const std::string &text, size_t width);
/// @}

} // namespace synfire::runtime

#endif // SYNFIRE_RUNTIME_REPORT_FORMAT_H
