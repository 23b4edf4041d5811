//===- Selection.h - Some elements of a population --------------*- C++ -*-===//
//
// The sources or targets of a projection. Rules count within a selection (its
// ordinals); connections name elements of the population.
//
//===----------------------------------------------------------------------===//

#ifndef SYNFIRE_RUNTIME_CONNECT_SELECTION_H
#define SYNFIRE_RUNTIME_CONNECT_SELECTION_H

#include "runtime/report/Status.h"

#include <cstdint>
#include <vector>

namespace synfire::runtime {

/// Elements first..last, both included.
struct ElementRange {
  uint32_t first, last;
};

/// A set of elements in ascending order. Ordinal i is the i-th of them.
class Selection {
public:
  /// Nothing of an empty population.
  Selection() = default;
  /// Every element of a population of \p size.
  static Selection all(uint32_t size);
  /// The union of \p ranges, which may touch, overlap and stand in any order.
  static Result<Selection> of(std::vector<ElementRange> ranges, uint32_t size);

  /// Elements of the population, selected or not.
  uint32_t populationSize() const { return size; }
  /// Elements in the selection.
  uint32_t count() const { return total; }
  const std::vector<ElementRange> &ranges() const { return parts; }

  /// The element of ordinal \p i < count().
  uint32_t element(uint32_t i) const {
    if (parts.size() == 1)
      return parts[0].first + i;
    return elementByRange(i);
  }
  /// Selected elements below \p element: its ordinal where it is selected.
  uint32_t ordinalAtOrAfter(uint32_t element) const;
  bool contains(uint32_t element) const;

private:
  uint32_t elementByRange(uint32_t i) const;

  uint32_t size = 0, total = 0;
  std::vector<ElementRange> parts; // ascending, with gaps between them
  std::vector<uint32_t> begins;    // the ordinal at which each part begins
};

} // namespace synfire::runtime

#endif // SYNFIRE_RUNTIME_CONNECT_SELECTION_H
