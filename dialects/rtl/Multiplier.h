//===- Multiplier.h - products that stay products ---===//
#ifndef SYNFIRE_DIALECTS_RTL_MULTIPLIER_H
#define SYNFIRE_DIALECTS_RTL_MULTIPLIER_H

#include "llvm/ADT/StringRef.h"

namespace synfire::rtl {

/// Of a product with a constant that becomes no sum, whatever digits the constant has.
inline constexpr llvm::StringLiteral multiplierAttribute = "rtl.multiplier";

} // namespace synfire::rtl

#endif // SYNFIRE_DIALECTS_RTL_MULTIPLIER_H
