//===- Settle.h - numbers that hold from step to step ---===//
#ifndef SYNFIRE_PASSES_SIM_FIXED_SETTLE_H
#define SYNFIRE_PASSES_SIM_FIXED_SETTLE_H

#include "llvm/ADT/STLFunctionalExtras.h"
#include "llvm/ADT/SmallVector.h"

#include <optional>

namespace synfire::sim {

using Numbers = llvm::SmallVector<double, 8>;
/// From what numbers are at most before a step to what they are at most after it or at the start.
using NumbersStep = llvm::function_ref<Numbers(const Numbers &)>;

/// Raises numbers until a step leads above none of them, so they hold in every step. They are near
/// the least that do. Gives the one that grows beyond \p most or without end, if one does. Where \p
/// steadyGrows, one is taken to grow without end that does so by the same amount again and again.
std::optional<size_t> settle(Numbers &numbers, NumbersStep step, double most,
                             bool steadyGrows = false);

} // namespace synfire::sim

#endif // SYNFIRE_PASSES_SIM_FIXED_SETTLE_H
