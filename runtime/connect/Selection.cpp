//===- Selection.cpp ------------------------------------------------------===//

#include "runtime/connect/Selection.h"

#include <algorithm>

using namespace synfire::runtime;

Selection Selection::all(uint32_t size) {
  Selection selection;
  selection.size = selection.total = size;
  if (size) {
    selection.parts = {{0, size - 1}};
    selection.begins = {0};
  }
  return selection;
}

Result<Selection> Selection::of(std::vector<ElementRange> ranges, uint32_t size) {
  for (const ElementRange &range : ranges)
    if (range.first > range.last || range.last >= size)
      return Status::userError("elements " + std::to_string(range.first) + ".." +
                               std::to_string(range.last) + " are not a range of a population of " +
                               std::to_string(size));
  std::sort(ranges.begin(), ranges.end(),
            [](const ElementRange &a, const ElementRange &b) { return a.first < b.first; });
  Selection selection;
  selection.size = size;
  for (const ElementRange &range : ranges) {
    auto &parts = selection.parts;
    // `last + 1` cannot wrap: last < size.
    if (!parts.empty() && range.first <= parts.back().last + 1)
      parts.back().last = std::max(parts.back().last, range.last);
    else
      parts.push_back(range);
  }
  for (const ElementRange &part : selection.parts) {
    selection.begins.push_back(selection.total);
    selection.total += part.last - part.first + 1;
  }
  return selection;
}

uint32_t Selection::elementByRange(uint32_t i) const {
  size_t part = std::upper_bound(begins.begin(), begins.end(), i) - begins.begin() - 1;
  return parts[part].first + (i - begins[part]);
}

uint32_t Selection::ordinalAtOrAfter(uint32_t element) const {
  auto part =
      std::lower_bound(parts.begin(), parts.end(), element,
                       [](const ElementRange &range, uint32_t e) { return range.last < e; });
  if (part == parts.end())
    return total;
  uint32_t begin = begins[part - parts.begin()];
  return element <= part->first ? begin : begin + (element - part->first);
}

bool Selection::contains(uint32_t e) const {
  uint32_t i = ordinalAtOrAfter(e);
  return i < total && element(i) == e;
}
