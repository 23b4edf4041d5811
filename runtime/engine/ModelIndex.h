//===- ModelIndex.h - Which rows of a model's tables belong together ------*- C++ -*-===//
//
// The tables of a model name what a row belongs to; whoever starts from a
// population or a projection would have to read a whole table. A circuit of
// hundreds of populations has tens of thousands of rows, so they are sorted once.
//
//===----------------------------------------------------------------------===//

#ifndef SYNFIRE_RUNTIME_ENGINE_MODELINDEX_H
#define SYNFIRE_RUNTIME_ENGINE_MODELINDEX_H

#include "runtime/synfire.h"

#include <utility>
#include <vector>

namespace synfire::runtime {

/// Row numbers, in the order of their table.
class ModelIndex {
public:
  using Numbers = std::vector<uint32_t>;

  explicit ModelIndex(const syn_model &model);

  /// Arrays with a value for each element of a domain.
  const Numbers &arraysOver(uint32_t domain) const { return ofDomain[domain]; }
  /// What is sent to an accumulator.
  const Numbers &sendsTo(uint32_t accumulator) const { return ofAccumulator[accumulator]; }
  /// Value functions of connections, each with the array that it fills.
  const std::vector<std::pair<uint32_t, uint32_t>> &valuesOf(uint32_t connections) const {
    return values[connections];
  }
  /// The one weight of all connections of a projection, or SYN_NONE.
  uint32_t weightOfAll(uint32_t connections) const { return weights[connections]; }

private:
  std::vector<Numbers> ofDomain, ofAccumulator;
  std::vector<std::vector<std::pair<uint32_t, uint32_t>>> values;
  Numbers weights;
};

} // namespace synfire::runtime

#endif // SYNFIRE_RUNTIME_ENGINE_MODELINDEX_H
