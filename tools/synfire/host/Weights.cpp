//===- Weights.cpp - weights that were read from a design ---===//
#include "tools/synfire/host/Weights.h"

#include "llvm/ADT/StringRef.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/MathExtras.h"
#include "llvm/Support/raw_ostream.h"

#include <algorithm>
#include <cmath>
#include <fmt/format.h>

using namespace synfire;
using namespace synfire::host;
using runtime::Status;

uint64_t host::wordsToRead(const Folder &folder) {
  uint64_t words = 0;
  for (const LearnedWeights &of : folder.learned)
    words = std::max(words, of.first + uint64_t(of.sources) * of.rowWords * of.parts);
  return words;
}

/// The word of a pair, as passes/sim-to-rtl packs it: lanes of a word, which is so many parts.
static uint64_t wordOf(const LearnedWeights &of, const std::vector<uint16_t> &words, uint32_t pre,
                       uint32_t post) {
  uint64_t at = of.first + (uint64_t(pre) * of.rowWords + post / of.lanes) * of.parts;
  uint64_t word = 0;
  for (unsigned i = 0, bit = post % of.lanes * of.bits; i < of.bits; ++i, ++bit)
    word |= uint64_t(words[at + bit / 16] >> bit % 16 & 1) << i;
  return word;
}

Status host::writeWeights(const Folder &folder, const std::vector<uint16_t> &words,
                          const std::string &path) {
  for (const LearnedWeights &of : folder.learned) {
    std::string name = path;
    if (folder.learned.size() > 1)
      name.insert(name.size() - llvm::StringRef(".csv").size(), "." + of.projection);
    std::error_code error;
    llvm::raw_fd_ostream file(name, error);
    if (error)
      return Status::machineError("cannot write `" + name + "`: " + error.message());
    file << "pre,post,weight\n";
    uint64_t top = of.absentBits ? (uint64_t(1) << of.absentBits) - 1 : 0;
    uint64_t absent = of.isSigned ? (top + 1) >> 1 : top;
    for (uint32_t pre = 0; pre < of.sources; ++pre)
      for (uint32_t post = 0; post < of.targets; ++post) {
        uint64_t word = wordOf(of, words, pre, post);
        if (of.absentBits && word >> (of.bits - of.absentBits) == absent)
          continue;
        int64_t weight = of.isSigned ? llvm::SignExtend64(word, of.bits) : int64_t(word);
        // Seventeen digits are the number itself.
        file << fmt::format("{},{},{:.17g}\n", pre, post, std::ldexp(double(weight), -of.fraction));
      }
    file.close();
    if (file.has_error()) {
      error = file.error();
      file.clear_error();
      return Status::machineError("cannot write `" + name + "`: " + error.message());
    }
  }
  return Status::success();
}
