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

std::vector<HostMemory> synfire::hostMemories(const Design &design,
                                              const HardwareOptions &options) {
  std::vector<HostMemory> memories;
  for (bool loaded : {true, false})
    for (const EnginePlan &engine : design.engines)
      for (const SumPlan &sum : engine.sums) {
        bool isRead = options.readable && sum.rule;
        if (sum.isLoaded != loaded || (!loaded && !isRead))
          continue;
        unsigned parts = (sum.lanes * sum.weightBits + loadBits - 1) / loadBits;
        unsigned partBits = llvm::Log2_32_Ceil(parts);
        unsigned bits = bitsToTell(sum.sources) + llvm::Log2_32(sum.rowWords) + partBits;
        memories.push_back({&sum, isRead, partBits, bits, 0});
      }
  for (auto [index, memory] : llvm::enumerate(memories))
    memory.first = uint64_t(index) << largestAddressBits(memories);
  return memories;
}

unsigned synfire::largestAddressBits(ArrayRef<HostMemory> memories) {
  unsigned largest = 0;
  for (const HostMemory &memory : memories)
    largest = std::max(largest, memory.addressBits);
  return largest;
}

std::vector<uint16_t> synfire::loadImage(const Design &design, const HardwareOptions &options) {
  std::vector<uint16_t> image;
  for (const HostMemory &memory : hostMemories(design, options)) {
    if (!memory.sum->isLoaded)
      continue;
    image.resize(memory.first);
    for (const APInt &word : denseWords(*memory.sum)) {
      unsigned parts = 1u << memory.partBits;
      APInt wide = word.zext(parts * loadBits);
      for (unsigned part = 0; part < parts; ++part)
        image.push_back(uint16_t(wide.extractBitsAsZExtValue(loadBits, part * loadBits)));
    }
  }
  return image;
}
