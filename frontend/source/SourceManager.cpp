//===- SourceManager.cpp - Owns the text of all files ---------------------===//

#include "frontend/source/SourceManager.h"

#include "llvm/Support/Error.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/MemoryBuffer.h"
#include "llvm/Support/Path.h"

#include <algorithm>

using namespace synfire;
using llvm::StringRef;

/// Whether a byte continues a UTF-8 character, and so is no column of its own.
static bool isContinuation(char c) { return (static_cast<unsigned char>(c) & 0xc0) == 0x80; }

/// All that comes from an open file that tells no size, such as a pipe.
static llvm::ErrorOr<std::string> readStream(llvm::sys::fs::file_t stream) {
  std::string text;
  std::vector<char> block(65536);
  for (;;) {
    llvm::Expected<size_t> n = llvm::sys::fs::readNativeFile(stream, block);
    if (!n)
      return llvm::errorToErrorCode(n.takeError());
    if (*n == 0)
      return text;
    text.append(block.data(), *n);
    if (text.size() > SourceManager::maxFileSize)
      return std::make_error_code(std::errc::file_too_large);
  }
}

/// Pipes and devices can be read once, and have no folder: what they use is relative to the working
/// directory.
llvm::ErrorOr<FileId> SourceManager::loadStream(StringRef path) {
  llvm::ErrorOr<std::string> text = std::error_code();
  if (path == "-") {
    text = readStream(llvm::sys::fs::getStdinHandle());
  } else {
    auto stream = llvm::sys::fs::openNativeFileForRead(path);
    if (!stream)
      return llvm::errorToErrorCode(stream.takeError());
    text = readStream(*stream);
    llvm::sys::fs::closeFile(*stream);
  }
  if (!text)
    return text.getError();
  FileId file = addBuffer(path == "-" ? "<stdin>" : path, std::move(*text));
  entries.back().isStream = true;
  loaded[path] = file.value;
  return file;
}

llvm::ErrorOr<FileId> SourceManager::load(StringRef path) {
  if (auto known = loaded.find(path); known != loaded.end() && get({known->second}).isStream)
    return FileId{known->second};
  llvm::sys::fs::file_status status;
  if (path == "-")
    return loadStream(path);
  if (std::error_code error = llvm::sys::fs::status(path, status))
    return error;
  if (llvm::sys::fs::is_directory(status))
    return std::make_error_code(std::errc::is_a_directory);
  if (!llvm::sys::fs::is_regular_file(status))
    return loadStream(path);
  llvm::SmallString<256> real;
  if (std::error_code error = llvm::sys::fs::real_path(path, real))
    return error;
  auto known = loaded.find(real);
  if (known != loaded.end())
    return FileId{known->second};
  if (status.getSize() > maxFileSize)
    return std::make_error_code(std::errc::file_too_large);
  auto buffer = llvm::MemoryBuffer::getFile(real, /*IsText=*/false,
                                            /*RequiresNullTerminator=*/false);
  if (!buffer)
    return buffer.getError();
  FileId file = addBuffer(path, (*buffer)->getBuffer().str());
  loaded[real] = file.value;
  return file;
}

void SourceManager::takeStreams(const SourceManager &other) {
  for (const auto &known : other.loaded)
    if (const Entry &entry = other.get({known.second}); entry.isStream) {
      loaded[known.first()] = addBuffer(entry.name, entry.text).value;
      entries.back().isStream = true;
    }
}

FileId SourceManager::addBuffer(StringRef name, std::string text, unsigned firstLine) {
  Entry &entry = entries.emplace_back();
  entry.firstLine = firstLine;
  entry.name = name.str();
  entry.text = std::move(text);
  entry.lineStarts.push_back(0);
  for (size_t i = 0, e = entry.text.size(); i != e; ++i)
    if (entry.text[i] == '\n')
      entry.lineStarts.push_back(i + 1);
  return FileId{static_cast<uint32_t>(entries.size())};
}

const SourceManager::Entry &SourceManager::get(FileId file) const {
  static const Entry none{"<unknown>", "", {0}, false, 1};
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
  return {line + entry.firstLine - 1, column};
}

unsigned SourceManager::getNumLines(FileId file) const { return get(file).lineStarts.size(); }

uint32_t SourceManager::getLineStart(FileId file, unsigned line) const {
  const Entry &entry = get(file);
  if (line < entry.firstLine)
    return 0;
  if (line - entry.firstLine >= entry.lineStarts.size())
    return entry.text.size();
  return entry.lineStarts[line - entry.firstLine];
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
  llvm::SmallString<256> result;
  if (!get(file).isStream)
    result = llvm::sys::path::parent_path(getName(file));
  llvm::sys::path::append(result, path);
  return result.str().str();
}
