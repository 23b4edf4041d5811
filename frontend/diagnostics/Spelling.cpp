//===- Spelling.cpp - "did you mean" --------------------------------------===//

#include "frontend/diagnostics/Spelling.h"

#include <algorithm>

using namespace synfire;
using llvm::StringRef;

std::optional<StringRef> synfire::suggestSpelling(StringRef name,
                                                  llvm::ArrayRef<StringRef> candidates) {
  std::optional<StringRef> best;
  unsigned bestDistance = std::min<size_t>(3, (name.size() + 2) / 3) + 1;
  for (StringRef candidate : candidates) {
    if (candidate == name)
      continue;
    unsigned distance =
        candidate.equals_insensitive(name) ? 0 : name.edit_distance(candidate, true, bestDistance);
    // A short word turned into an entirely different one is no slip.
    if (distance >= std::max(name.size(), candidate.size()))
      continue;
    if (distance < bestDistance) {
      best = candidate;
      bestDistance = distance;
    }
  }
  return best;
}
