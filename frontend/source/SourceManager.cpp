//===- SourceManager.cpp - Owns the text of all files ---------------------===//

#include "frontend/source/SourceManager.h"

#include "llvm/Support/FileSystem.h"
#include "llvm/Support/MemoryBuffer.h"
#include "llvm/Support/Path.h"

#include <algorithm>

using namespace synfire;
using llvm::StringRef;

/// Whether a byte continues a UTF-8 character, and so is no column of its own.
static bool isContinuation(char c) { return (static_cast<unsigned char>(c) & 0xc0) == 0x80; }

llvm::ErrorOr<FileId> SourceManager::load(StringRef path) {
  if (path == "-") {
    auto buffer = llvm::MemoryBuffer::getSTDIN();
    if (!buffer)
      return buffer.getError();
    if ((*buffer)->getBufferSize() > maxFileSize)
      return std::make_error_code(std::errc::file_too_large);
    return addBuffer("<stdin>", (*buffer)->getBuffer().str());
  }

  llvm::SmallString<256> real;
  if (std::error_code error = llvm::sys::fs::real_path(path, real))
    return error;
  auto known = loaded.find(real);
  if (known != loaded.end())
    return FileId{known->second};

  llvm::sys::fs::file_status status;
  if (std::error_code error = llvm::sys::fs::status(real, status))
    return error;
  if (llvm::sys::fs::is_directory(status))
    return std::make_error_code(std::errc::is_a_directory);
  if (status.getSize() > maxFileSize)
    return std::make_error_code(std::errc::file_too_large);
  auto buffer = llvm::MemoryBuffer::getFile(real, /*IsText=*/false,
                                            /*RequiresNullTerminator=*/false);
  if (!buffer)
    return buffer.getError();
  // A device or pipe tells its size only once it has been read.
  if ((*buffer)->getBufferSize() > maxFileSize)
    return std::make_error_code(std::errc::file_too_large);
  FileId file = addBuffer(path, (*buffer)->getBuffer().str());
  loaded[real] = file.value;
  return file;
}

FileId SourceManager::addBuffer(StringRef name, std::string text) {
  Entry &entry = entries.emplace_back();
  entry.name = name.str();
  entry.text = std::move(text);
  entry.lineStarts.push_back(0);
  for (size_t i = 0, e = entry.text.size(); i != e; ++i)
    if (entry.text[i] == '\n')
      entry.lineStarts.push_back(i + 1);
  return FileId{static_cast<uint32_t>(entries.size())};
}

const SourceManager::Entry &SourceManager::get(FileId file) const {
  static const Entry none{"<unknown>", "", {0}};
  if (!file.isValid() || file.value > entries.size())
    return none;
  return entries[file.value - 1];
}

StringRef SourceManager::getName(FileId file) const { return get(file).name; }

StringRef SourceManager::getText(FileId file) const { return get(file).text; }

StringRef SourceManager::getText(SourceRange range) const {
  return getText(range.file).slice(range.begin, range.end);
}

LineColumn SourceManager::getLineColumn(FileId file, uint32_t offset) const {
  const Entry &entry = get(file);
  offset = std::min<uint32_t>(offset, entry.text.size());
  auto next = std::upper_bound(entry.lineStarts.begin(), entry.lineStarts.end(), offset);
  unsigned line = next - entry.lineStarts.begin();
  unsigned column = 1;
  for (uint32_t i = entry.lineStarts[line - 1]; i != offset; ++i)
    if (!isContinuation(entry.text[i]))
      ++column;
  return {line, column};
}

unsigned SourceManager::getNumLines(FileId file) const { return get(file).lineStarts.size(); }

uint32_t SourceManager::getLineStart(FileId file, unsigned line) const {
  const Entry &entry = get(file);
  if (line == 0)
    return 0;
  if (line > entry.lineStarts.size())
    return entry.text.size();
  return entry.lineStarts[line - 1];
}

StringRef SourceManager::getLine(FileId file, unsigned line) const {
  StringRef text = getText(file);
  uint32_t begin = getLineStart(file, line);
  StringRef rest = text.drop_front(begin);
  StringRef content = rest.substr(0, rest.find('\n'));
  content.consume_back("\r");
  return content;
}

std::string SourceManager::resolvePath(FileId file, StringRef path) const {
  if (llvm::sys::path::is_absolute(path))
    return path.str();
  llvm::SmallString<256> result = llvm::sys::path::parent_path(getName(file));
  llvm::sys::path::append(result, path);
  return result.str().str();
}
