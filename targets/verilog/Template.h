//===- Template.h - texts with places to fill ---===//
#ifndef SYNFIRE_TARGETS_VERILOG_TEMPLATE_H
#define SYNFIRE_TARGETS_VERILOG_TEMPLATE_H

#include "targets/verilog/Golden.h"

#include "llvm/ADT/StringRef.h"
#include "llvm/Support/MathExtras.h"

#include <utility>

namespace synfire::verilog {

/// Puts values in the places of `@NAME@`, in the order of \p values, so that a value may have
/// places of those that come later.
std::string fillIn(llvm::StringRef text,
                   llvm::ArrayRef<std::pair<llvm::StringRef, std::string>> values);

/// Lines of comment that say which numbers the cells and inputs of a design have at its ports.
std::string portComment(const Golden &golden);

/// The bits of a port that tells `count` things apart.
inline unsigned bitsToTell(uint64_t count) { return std::max(1u, llvm::Log2_64_Ceil(count)); }

} // namespace synfire::verilog

#endif // SYNFIRE_TARGETS_VERILOG_TEMPLATE_H
