//===- Spelling.h - "did you mean" ------------------------------*- C++ -*-===//
//
// Finds the name that was probably meant, by edit distance.
//
//===----------------------------------------------------------------------===//

#ifndef SYNFIRE_FRONTEND_DIAGNOSTICS_SPELLING_H
#define SYNFIRE_FRONTEND_DIAGNOSTICS_SPELLING_H

#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/StringRef.h"

#include <optional>

namespace synfire {

/// The candidate closest to `name` if it is close enough to be a slip (a third
/// of the letters, at most three edits; differences of case alone always
/// count). Of equally close ones the first.
std::optional<llvm::StringRef> suggestSpelling(llvm::StringRef name,
                                               llvm::ArrayRef<llvm::StringRef> candidates);

} // namespace synfire

#endif // SYNFIRE_FRONTEND_DIAGNOSTICS_SPELLING_H
