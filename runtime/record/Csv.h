//===- Csv.h - Tables in text files -----------------------------*- C++ -*-===//
//
// Reads comma-separated values: a first row of names where it holds any text
// that is not a number, fields in double quotes where needed, `#` comments.
//
//===----------------------------------------------------------------------===//

#ifndef SYNFIRE_RUNTIME_RECORD_CSV_H
#define SYNFIRE_RUNTIME_RECORD_CSV_H

#include "runtime/report/Status.h"

#include <cstddef>
#include <string>
#include <vector>

namespace synfire::runtime {

/// A table in memory.
struct CsvTable {
  /// The file's name, for messages.
  std::string path;
  /// Empty where the file has no header.
  std::vector<std::string> names;
  std::vector<std::vector<std::string>> rows;
  /// The line of the file that each row stands in.
  std::vector<size_t> lines;

  static constexpr size_t noColumn = ~size_t(0);
  /// The number of the column called \p name, or noColumn.
  size_t column(const std::string &name) const;
  /// A field as a number; a user error names file, line and text.
  Result<double> number(size_t row, size_t column) const;
  /// A user error at a row of the file.
  Status errorAt(size_t row, const std::string &text) const;
};

/// Reads a table. Rows of unequal length are user errors, and so is a file that
/// is not there.
Result<CsvTable> readCsv(const std::string &path);

} // namespace synfire::runtime

#endif // SYNFIRE_RUNTIME_RECORD_CSV_H
