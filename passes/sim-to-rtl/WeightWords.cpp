//===- WeightWords.cpp - dense weights as memories have them ---===//
#include "passes/sim-to-rtl/Engines.h"

using namespace mlir;
using namespace synfire;

APInt SumPlan::absentWord() const {
  return rule->isUnsigned() ? APInt::getAllOnes(weightBits) : APInt::getSignedMinValue(weightBits);
}

std::vector<APInt> synfire::denseWords(const SumPlan &sum) {
  APInt none(sum.lanes * sum.weightBits, 0);
  for (unsigned lane = 0; sum.absentBits && lane < sum.lanes; ++lane)
    none.insertBits(sum.absentWord(), lane * sum.weightBits);
  std::vector<APInt> words(uint64_t(sum.sources) * sum.rowWords, none);
  for (const Contact &at : sum.contacts) {
    size_t row = at.source - sum.firstSource;
    words[row * sum.rowWords + at.target / sum.lanes].insertBits(
        APInt(sum.weightBits, uint64_t(at.amount), true, true),
        (at.target % sum.lanes) * sum.weightBits);
  }
  words.resize((uint64_t(1) << bitsToTell(sum.sources)) * sum.rowWords, none);
  return words;
}

std::vector<uint16_t> synfire::loadImage(const Design &design) {
  std::vector<std::vector<uint16_t>> memories;
  size_t most = 0;
  for (const EnginePlan &engine : design.engines)
    for (const SumPlan &sum : engine.sums) {
      if (!sum.isLoaded)
        continue;
      unsigned width = sum.lanes * sum.weightBits;
      unsigned parts = unsigned(llvm::PowerOf2Ceil((width + loadBits - 1) / loadBits));
      std::vector<uint16_t> &memory = memories.emplace_back();
      for (const APInt &word : denseWords(sum)) {
        APInt wide = word.zext(parts * loadBits);
        for (unsigned part = 0; part < parts; ++part)
          memory.push_back(uint16_t(wide.extractBitsAsZExtValue(loadBits, part * loadBits)));
      }
      most = std::max(most, memory.size());
    }
  std::vector<uint16_t> image;
  for (std::vector<uint16_t> &memory : memories) {
    if (&memory != &memories.back())
      memory.resize(most);
    image.insert(image.end(), memory.begin(), memory.end());
  }
  return image;
}
