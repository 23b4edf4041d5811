//===- SignedDigits.h - numbers that are cheap factors ---===//
//
// A product with a constant is a sum of shifted copies in hardware: one for each digit of the
// constant that is not 0, where digits are -1, 0 and 1 and no two beside each other are both other
// than 0 (canonical signed digits, of which no form has fewer).
//
//===----------------------------------------------------------------------===//
#ifndef SYNFIRE_PASSES_SIM_FIXED_SIGNEDDIGITS_H
#define SYNFIRE_PASSES_SIM_FIXED_SIGNEDDIGITS_H

#include <cstdint>

namespace synfire::sim {

/// The digits of \p value in canonical signed digit form that are not 0.
unsigned signedDigits(int64_t value);

/// Of the integers that are at most \p allowed away from \p value, which is below 2^53, one with
/// the fewest digits other than 0; of those the nearest.
int64_t fewestDigits(double value, double allowed);

} // namespace synfire::sim

#endif // SYNFIRE_PASSES_SIM_FIXED_SIGNEDDIGITS_H
