//===- SourceManager.h - Owns the text of all files -------------*- C++ -*-===//
//
// Files by number, their text, and the way back from byte offsets to lines and
// columns. Reads anything: CRLF, missing final newline, NUL bytes, invalid
// UTF-8, empty files; refuses directories and files beyond maxFileSize.
//
//===----------------------------------------------------------------------===//

#ifndef SYNFIRE_FRONTEND_SOURCE_SOURCEMANAGER_H
#define SYNFIRE_FRONTEND_SOURCE_SOURCEMANAGER_H

#include "frontend/source/SourceLocation.h"

#include "llvm/ADT/StringMap.h"
#include "llvm/ADT/StringRef.h"
#include "llvm/Support/ErrorOr.h"

#include <deque>
#include <string>
#include <vector>

namespace synfire {

/// A place for people: both 1-based, the column counted in characters.
struct LineColumn {
  unsigned line = 0;
  unsigned column = 0;
};

/// Owns the text of every file of one compilation.
class SourceManager {
public:
  /// Larger files are refused with std::errc::file_too_large; ranges hold
  /// 32-bit offsets, and no model text comes near this.
  static constexpr uint64_t maxFileSize = 64u << 20;

  /// Reads a file, a pipe, or `-` for standard input. A file that was read before
  /// keeps its number, whatever path leads to it.
  llvm::ErrorOr<FileId> load(llvm::StringRef path);
  /// Has what another manager read from pipes, which nobody can read again.
  void takeStreams(const SourceManager &other);

  /// Adds text that is no file, such as a line of the REPL. Its lines are counted from
  /// `firstLine`.
  FileId addBuffer(llvm::StringRef name, std::string text, unsigned firstLine = 1);

  /// The path as it was given to load, or the name of the buffer.
  llvm::StringRef getName(FileId file) const;
  llvm::StringRef getText(FileId file) const;
  /// The text a range covers; empty for an invalid range.
  llvm::StringRef getText(SourceRange range) const;

  /// Line and column of a byte offset; offsets beyond the end count as the end.
  LineColumn getLineColumn(FileId file, uint32_t offset) const;
  LineColumn getLineColumn(SourceRange range) const {
    return getLineColumn(range.file, range.begin);
  }
  unsigned getNumLines(FileId file) const;
  unsigned getFirstLine(FileId file) const { return get(file).firstLine; }
  /// The text of a line, without its line end.
  llvm::StringRef getLine(FileId file, unsigned line) const;
  /// Byte offset at which a line begins.
  uint32_t getLineStart(FileId file, unsigned line) const;

  /// A path written in `file`: relative to the directory of that file (L6), and
  /// in a stream to the working directory.
  std::string resolvePath(FileId file, llvm::StringRef path) const;

private:
  struct Entry {
    std::string name;
    std::string text;
    /// Offset of the first byte of each line; never empty.
    std::vector<uint32_t> lineStarts;
    /// A pipe or a device.
    bool isStream = false;
    /// The number of the first line.
    unsigned firstLine = 1;
  };
  llvm::ErrorOr<FileId> loadStream(llvm::StringRef path);
  const Entry &get(FileId file) const;

  /// A deque, so that texts stay where they are when files are added.
  std::deque<Entry> entries;
  /// Real path, or for a stream the path that was given, to file number.
  llvm::StringMap<uint32_t> loaded;
};

} // namespace synfire

#endif // SYNFIRE_FRONTEND_SOURCE_SOURCEMANAGER_H
