//===- Idx.cpp - Files of the idx format ----------------------------------===//

#include "runtime/frames/Idx.h"
#include "runtime/report/Format.h"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <memory>
#include <new>

#include <sys/stat.h>
#include <zlib.h>

namespace synfire::runtime {

namespace {

/// Bytes of one number; 0: no type of the format.
size_t widthOf(uint8_t type) {
  switch (type) {
  case 0x08:
  case 0x09:
    return 1;
  case 0x0b:
    return 2;
  case 0x0c:
  case 0x0d:
    return 4;
  case 0x0e:
    return 8;
  default:
    return 0;
  }
}

uint64_t bigEndian(const uint8_t *bytes, size_t width) {
  uint64_t value = 0;
  for (size_t i = 0; i < width; ++i)
    value = value << 8 | bytes[i];
  return value;
}

template <typename T> double as(uint64_t bits) {
  T value;
  static_assert(sizeof value <= sizeof bits);
  // The low bytes of the integer come first on the little-endian machines that programs run on.
  std::memcpy(&value, &bits, sizeof value);
  return double(value);
}

/// One file on its way into memory; zlib passes on what is not compressed.
class Reader {
public:
  explicit Reader(const std::string &path) : path(path) {}
  Result<IdxFile> read();

private:
  Status error(const std::string &what) const {
    return Status::userError("`" + path + "` " + what);
  }
  Status readHeader(IdxFile &file);
  Status readNumbers(IdxFile &file);
  /// Reads up to \p n bytes; how many there were goes to \p got.
  Status take(uint8_t *to, size_t n, size_t &got);

  const std::string &path;
  std::unique_ptr<gzFile_s, int (*)(gzFile)> file{nullptr, gzclose};
};

Status Reader::take(uint8_t *to, size_t n, size_t &got) {
  for (got = 0; got < n;) {
    unsigned piece = unsigned(std::min<size_t>(n - got, 1 << 24));
    int count = gzread(file.get(), to + got, piece);
    if (count > 0)
      got += size_t(count);
    // A compressed file that stops before its end tells it only with its last bytes.
    int number = Z_OK;
    gzerror(file.get(), &number);
    if (number == Z_BUF_ERROR)
      return error("is cut off: its compressed data stop before their end");
    if (number == Z_ERRNO)
      return Status::machineError("cannot read `" + path + "`: " + std::strerror(errno));
    if (number != Z_OK && number != Z_STREAM_END)
      return error("is damaged: its compressed data cannot be unpacked");
    if (count <= 0)
      break;
  }
  return Status::success();
}

Status Reader::readHeader(IdxFile &idx) {
  uint8_t magic[4], size[4];
  size_t got = 0;
  if (Status status = take(magic, sizeof magic, got); !status.ok())
    return status;
  if (got < sizeof magic || magic[0] || magic[1] || !widthOf(magic[2]) || !magic[3])
    return error("is no idx file: such a file begins with two zero bytes, the type of its numbers "
                 "and how many dimensions they have");
  idx.type = magic[2];
  for (unsigned dimension = 0; dimension < magic[3]; ++dimension) {
    if (Status status = take(size, sizeof size, got); !status.ok())
      return status;
    if (got < sizeof size)
      return error("is cut off within its header");
    idx.shape.push_back(bigEndian(size, sizeof size));
  }
  return Status::success();
}

Status Reader::readNumbers(IdxFile &idx) {
  constexpr uint64_t most = uint64_t(1) << 40;
  uint64_t count = 1;
  for (uint64_t size : idx.shape) {
    if (size && count > most / size)
      return error("is damaged: its header tells of more numbers than a file can have");
    count *= size;
  }
  uint64_t needed = count * widthOf(idx.type);
  // Memory grows with what is really there: a damaged header must not ask for more.
  size_t got = 0;
  while (idx.bytes.size() < needed) {
    size_t before = idx.bytes.size();
    size_t piece = size_t(std::min<uint64_t>(needed - before, 1 << 24));
    idx.bytes.resize(before + piece);
    if (Status status = take(idx.bytes.data() + before, piece, got); !status.ok())
      return status;
    if (got < piece) {
      uint64_t there = (before + got) / widthOf(idx.type);
      return error("is cut off: its header tells of " + formatCount(count) + " numbers, and " +
                   formatCount(there) + " are there");
    }
  }
  uint8_t more = 0;
  if (Status status = take(&more, 1, got); !status.ok())
    return status;
  if (got)
    return error("is damaged: it goes on after the " + formatCount(count) +
                 " numbers that its header tells of");
  return Status::success();
}

Result<IdxFile> Reader::read() {
  struct stat status;
  if (stat(path.c_str(), &status) == 0 && S_ISDIR(status.st_mode))
    return Status::userError("cannot read `" + path + "`: it is a folder");
  errno = 0;
  file.reset(gzopen(path.c_str(), "rb"));
  if (!file)
    return Status::userError("cannot read `" + path +
                             "`: " + std::strerror(errno ? errno : ENOMEM));
  gzbuffer(file.get(), 1 << 17);
  IdxFile idx;
  if (Status header = readHeader(idx); !header.ok())
    return header;
  if (Status numbers = readNumbers(idx); !numbers.ok())
    return numbers;
  return idx;
}

} // namespace

double IdxFile::value(size_t number) const {
  size_t width = widthOf(type);
  uint64_t bits = bigEndian(bytes.data() + number * width, width);
  switch (type) {
  case 0x08:
    return double(bits);
  case 0x09:
    return as<int8_t>(bits);
  case 0x0b:
    return as<int16_t>(bits);
  case 0x0c:
    return as<int32_t>(bits);
  case 0x0d:
    return as<float>(bits);
  default:
    return as<double>(bits);
  }
}

Result<IdxFile> readIdx(const std::string &path) { return Reader(path).read(); }

} // namespace synfire::runtime
