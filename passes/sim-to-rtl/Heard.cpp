//===- Heard.cpp ---===//
#include "passes/sim-to-rtl/Heard.h"
#include "passes/sim-to-rtl/Engines.h"

#include "llvm/ADT/DenseSet.h"

using namespace mlir;
using namespace synfire;

bool Heard::isWithin(uint32_t first, uint32_t count) const {
  return llvm::all_of(numbers.set_bits(),
                      [&](unsigned number) { return number >= first && number - first < count; });
}

Heard synfire::heardBy(const Design &design, const SumPlan &sum) {
  llvm::DenseSet<uint32_t> sources;
  for (const Contact &contact : sum.contacts)
    sources.insert(contact.source);
  Heard heard;
  heard.numbers.resize(1u << design.sourceBits());
  for (const EnginePlan &engine : design.engines) {
    bool hears = llvm::any_of(engine.shares, [&](const EngineShare &share) {
      return llvm::any_of(llvm::seq(share.source, share.source + share.size),
                          [&](uint32_t source) { return sources.contains(source); });
    });
    heard.engines.push_back(hears);
    for (const EngineShare &share : engine.shares)
      if (hears && share.size)
        heard.numbers.set(share.source, share.source + share.size);
  }
  heard.inputs = llvm::any_of(sources, [&](uint32_t source) { return source >= design.cells; });
  if (heard.inputs)
    for (uint64_t input = 0; input < uint64_t(1) << bitsToTell(design.inputs); ++input)
      heard.numbers.set((design.cells + input) % heard.numbers.size());
  return heard;
}
