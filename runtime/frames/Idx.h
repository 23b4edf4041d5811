//===- Idx.h - Files of the idx format --------------------------*- C++ -*-===//
//
// The format of the MNIST images and their relatives, plain or compressed by
// gzip: two zero bytes, a byte for the type of the numbers, the number of
// dimensions, their sizes as big-endian 32-bit integers, then the numbers.
//
//===----------------------------------------------------------------------===//

#ifndef SYNFIRE_RUNTIME_FRAMES_IDX_H
#define SYNFIRE_RUNTIME_FRAMES_IDX_H

#include "runtime/report/Status.h"

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace synfire::runtime {

/// The numbers of one file, as they are stored.
struct IdxFile {
  std::vector<uint64_t> shape; ///< the last dimension runs fastest
  uint8_t type = 0;            ///< 0x08 u8, 0x09 i8, 0x0b i16, 0x0c i32, 0x0d f32, 0x0e f64
  std::vector<uint8_t> bytes;  ///< big-endian

  double value(size_t number) const;
};

/// Reads a whole file. What is missing, damaged or too short is an error of the user.
Result<IdxFile> readIdx(const std::string &path);

} // namespace synfire::runtime

#endif // SYNFIRE_RUNTIME_FRAMES_IDX_H
