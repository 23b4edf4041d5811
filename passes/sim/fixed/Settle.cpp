//===- Settle.cpp ---===//
//
// What contracts comes nearer to its border by the same factor in each step, which is gone ahead
// of. Whatever was guessed, the answer is one that a step was seen not to exceed.
//
//===----------------------------------------------------------------------===//
#include "passes/sim/fixed/Settle.h"

#include "llvm/ADT/STLExtras.h"

#include <algorithm>
#include <cmath>

using namespace synfire::sim;

static constexpr int MostSteps = 20000, MostStepsDown = 64, MostSteady = 256;

namespace {

/// What is left of a geometric sequence of changes, once two factors agree.
class Remainder {
public:
  std::optional<double> after(double change) {
    double factor = last > 0 ? change / last : 0;
    bool agrees = factor > 0 && factor < 1 && std::abs(factor - lastFactor) < 0.02 * (1 - factor);
    steady = factor > 0 && std::abs(factor - 1) < 1e-9 ? steady + 1 : 0;
    last = change;
    lastFactor = factor;
    return agrees ? std::optional(change * factor / (1 - factor)) : std::nullopt;
  }

  /// Whether all of the last changes were the same: then there will be more.
  bool isSteady() const { return steady >= MostSteady; }
  int steadily() const { return steady; }

private:
  double last = 0, lastFactor = 0;
  int steady = 0;
};

bool holds(const Numbers &numbers, NumbersStep step) {
  return llvm::all_of_zip(step(numbers), numbers,
                          [](double after, double n) { return after <= n; });
}

/// What was gone ahead of too far is taken back as far as it is seen to hold.
void lower(Numbers &numbers, NumbersStep step) {
  llvm::SmallVector<Remainder> remainders(numbers.size());
  Numbers present = numbers;
  for (int i = 0; i < MostStepsDown; ++i) {
    Numbers next = step(present), ahead = next;
    bool guesses = false;
    for (size_t k = 0; k < next.size(); ++k)
      if (auto rest = remainders[k].after(present[k] - next[k])) {
        ahead[k] -= *rest * 0.98;
        guesses = true;
      }
    present = guesses && holds(ahead, step) ? ahead : next;
  }
  if (holds(present, step))
    numbers = present;
}

} // namespace

std::optional<size_t> synfire::sim::settle(Numbers &numbers, NumbersStep step, double most,
                                           bool steadyGrows) {
  llvm::SmallVector<Remainder> remainders(numbers.size());
  size_t last = 0;
  for (int i = 0; i < MostSteps; ++i) {
    Numbers next = step(numbers);
    bool grows = false;
    for (size_t k = 0; k < next.size(); ++k) {
      double change = std::max(0.0, next[k] - numbers[k]);
      auto rest = remainders[k].after(change);
      if (change > 0) {
        grows = true;
        last = k;
        numbers[k] = next[k];
        if (rest && i % 8 == 7)
          numbers[k] += *rest * 1.01 + std::abs(next[k]) * 1e-9;
        else if (remainders[k].steadily() > MostSteady) // until something else stops it
          numbers[k] += change * std::exp2(std::min(40, remainders[k].steadily() / 32));
      }
      if (!(std::abs(numbers[k]) < most) || (steadyGrows && remainders[k].isSteady()))
        return k;
    }
    if (!grows) {
      lower(numbers, step);
      return std::nullopt;
    }
  }
  return last;
}
