//===- SourceLocation.h - Places in source text -----------------*- C++ -*-===//
//
// A place is a file number and byte offsets; lines and columns are derived on
// demand by the SourceManager. Kept free of other includes, because every AST
// node carries one.
//
//===----------------------------------------------------------------------===//

#ifndef SYNFIRE_FRONTEND_SOURCE_SOURCELOCATION_H
#define SYNFIRE_FRONTEND_SOURCE_SOURCELOCATION_H

#include <cstdint>

namespace synfire {

/// Number of a file in the SourceManager; 0 means "no file".
struct FileId {
  uint32_t value = 0;

  bool isValid() const { return value != 0; }
  friend bool operator==(FileId a, FileId b) { return a.value == b.value; }
  friend bool operator!=(FileId a, FileId b) { return a.value != b.value; }
};

/// The half-open byte range [begin, end) of one file.
struct SourceRange {
  FileId file;
  uint32_t begin = 0;
  uint32_t end = 0;

  SourceRange() = default;
  SourceRange(FileId file, uint32_t begin, uint32_t end) : file(file), begin(begin), end(end) {}

  bool isValid() const { return file.isValid(); }
  /// The empty range at the end of this one, for "expected ... here".
  SourceRange atEnd() const { return {file, end, end}; }
  /// The smallest range that holds both; both must be of one file.
  SourceRange to(SourceRange other) const {
    if (!isValid())
      return other;
    if (!other.isValid())
      return *this;
    return {file, begin < other.begin ? begin : other.begin, end > other.end ? end : other.end};
  }
  friend bool operator==(SourceRange a, SourceRange b) {
    return a.file == b.file && a.begin == b.begin && a.end == b.end;
  }
};

} // namespace synfire

#endif // SYNFIRE_FRONTEND_SOURCE_SOURCELOCATION_H
