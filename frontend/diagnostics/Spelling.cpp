//===- Spelling.cpp - "did you mean" --------------------------------------===//

#include "frontend/diagnostics/Spelling.h"

#include "llvm/ADT/StringExtras.h"

#include <algorithm>
#include <vector>

using namespace synfire;
using llvm::StringRef;

/// Characters to insert, drop, replace or swap with a neighbour to make one word from the other;
/// letters that differ in case only count as equal.
static unsigned distanceOf(StringRef from, StringRef to) {
  std::vector<unsigned> twoBack, before(to.size() + 1), here(to.size() + 1);
  for (size_t j = 0; j <= to.size(); ++j)
    here[j] = unsigned(j);
  auto same = [](char x, char y) { return llvm::toLower(x) == llvm::toLower(y); };
  for (size_t i = 1; i <= from.size(); ++i) {
    twoBack = before;
    before = here;
    here[0] = unsigned(i);
    for (size_t j = 1; j <= to.size(); ++j) {
      here[j] =
          std::min({before[j] + 1, here[j - 1] + 1, before[j - 1] + !same(from[i - 1], to[j - 1])});
      if (i > 1 && j > 1 && same(from[i - 1], to[j - 2]) && same(from[i - 2], to[j - 1]))
        here[j] = std::min(here[j], twoBack[j - 2] + 1);
    }
  }
  return here[to.size()];
}

std::optional<StringRef> synfire::suggestSpelling(StringRef name,
                                                  llvm::ArrayRef<StringRef> candidates) {
  std::optional<StringRef> best;
  unsigned bestDistance = std::min<size_t>(3, (name.size() + 2) / 3) + 1;
  for (StringRef candidate : candidates) {
    if (candidate == name)
      continue;
    size_t longer = std::max(candidate.size(), name.size());
    if (longer - std::min(candidate.size(), name.size()) >= bestDistance)
      continue;
    unsigned distance = distanceOf(name, candidate);
    // A short word turned into an entirely different one is no slip.
    if (distance >= longer)
      continue;
    if (distance < bestDistance) {
      best = candidate;
      bestDistance = distance;
    }
  }
  return best;
}
