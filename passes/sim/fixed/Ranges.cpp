//===- Ranges.cpp - ranges and errors that hold from step to step ---===//
#include "passes/sim/fixed/KernelFormats.h"
#include "passes/sim/fixed/Settle.h"

using namespace mlir;

namespace synfire::sim {

static double nearest(double value, int fraction) {
  return std::ldexp(std::nearbyint(std::ldexp(value, fraction)), -fraction);
}

/// What a constant is where an op of the quantised kernel uses it. Comparisons take it as it is.
Bound KernelFormats::constantFor(Operation *op, unsigned number, double value) const {
  if (!isa<FloatType>(op->getResult(0).getType()))
    return Bound::point(value);
  double used = isa<arith::MulFOp>(op) || (isa<math::FmaOp>(op) && number < 2)
                    ? coefficient(op, number).value()
                    : nearest(value, plan.find(op)->second.full);
  return {used, used, std::abs(used - value)};
}

/// What a field holds after one path.
Bound KernelFormats::assigned(SetOp set, ArrayRef<Bound> values, bool rounded) const {
  const FixedField &field = fields.find(set.getField())->second;
  Bound value = values[paths.numberOf(set.getValue())];
  if (auto number = constantOf(set.getValue())) {
    double used = rounded && !field.isWhole ? nearest(*number, field.fraction) : *number;
    value = {used, used, std::abs(used - *number)};
  } else if (rounded && !field.isWhole && fractionOf(set.getValue()) > field.fraction) {
    value = value.moved(power(-field.fraction - 1));
  }
  if (field.given) {
    // The error counts no saturation: it holds until a state saturates.
    auto [bits, fraction] = *field.given;
    double unit = power(-int(fraction)), most = power(int(bits - 1)) * unit;
    value.low = std::clamp(value.low, -most, most - unit);
    value.high = std::clamp(value.high, -most, most - unit);
  }
  return value;
}

void KernelFormats::step(llvm::StringMap<Bound> &next, bool rounded, bool hulls) {
  SmallVector<Bound> seen(paths.size(), Bound{1, -1, 0});
  auto constant = [&](Operation *op, unsigned number, double value) {
    return rounded ? constantFor(op, number, value) : Bound::point(value);
  };
  auto round = [&](Operation *op, Bound exact) {
    auto of = plan.find(op);
    return rounded && of != plan.end() && of->second.rounds
               ? exact.moved(power(-of->second.fraction - 1))
               : exact;
  };
  auto known = [&](Operation *op) { return constants.lookup(op); };
  paths.run([&](Operation *op) { return leaf(op); }, known, constant, round,
            [&](ArrayRef<Bound> values) {
              if (hulls)
                for (auto [all, one] : llvm::zip(seen, values))
                  all = all.low > all.high ? one : all.hull(one);
              for (auto set : kernel.getBody().getOps<SetOp>()) {
                Bound value = assigned(set, values, rounded);
                auto [known, isNew] = next.try_emplace(set.getField(), value);
                if (!isNew)
                  known->second = known->second.hull(value);
              }
            });
  if (hulls)
    hull = seen;
}

/// Ranges that hold from step to step. Gives the state that grows beyond \p most, if one does.
const FixedField *KernelFormats::findRanges(bool rounded, double most) {
  SmallVector<FixedField *> states;
  Numbers start; // of each state how far it goes down and up
  for (auto &entry : fields) {
    FixedField &field = entry.second;
    if (rounded && !field.isWhole) { // as start values are
      double low = nearest(field.range.low, field.fraction),
             high = nearest(field.range.high, field.fraction);
      field.range = field.range.hull({low, high, 0});
    }
    if (!field.isState || field.isClock)
      continue;
    states.push_back(&field);
    start.append({-field.range.low, field.range.high});
  }
  auto use = [&](const Numbers &ends) {
    for (auto [k, state] : llvm::enumerate(states)) {
      state->range.low = -ends[2 * k];
      state->range.high = ends[2 * k + 1];
    }
  };
  Numbers ends = start;
  auto grown = settle(
      ends,
      [&](const Numbers &before) {
        use(before);
        llvm::StringMap<Bound> next;
        step(next, rounded);
        Numbers after = start;
        for (auto [k, state] : llvm::enumerate(states)) {
          const Bound &range = next[state->field.getSymName()];
          after[2 * k] = std::max(after[2 * k], -range.low);
          after[2 * k + 1] = std::max(after[2 * k + 1], range.high);
        }
        return after;
      },
      most);
  if (grown)
    return states[*grown / 2];
  use(ends);
  llvm::StringMap<Bound> next;
  step(next, rounded, /*hulls=*/true);
  return nullptr;
}

/// Errors that hold from step to step; false where they grow without end.
bool KernelFormats::findErrors() {
  SmallVector<FixedField *> states;
  Numbers start;
  for (auto &entry : fields) {
    FixedField &field = entry.second;
    field.range.error = field.isWhole || field.isHeld ? 0 : power(-field.fraction - 1);
    if (!field.isState || field.isClock)
      continue;
    states.push_back(&field);
    start.push_back(field.range.error);
  }
  auto use = [&](const Numbers &errors) {
    for (auto [state, error] : llvm::zip(states, errors))
      state->range.error = error;
  };
  Numbers errors = start;
  auto grown = settle(
      errors,
      [&](const Numbers &before) {
        use(before);
        llvm::StringMap<Bound> next;
        step(next, /*rounded=*/true);
        Numbers after = start;
        for (auto [k, state] : llvm::enumerate(states))
          after[k] = std::max(after[k], next[state->field.getSymName()].error);
        return after;
      },
      /*most=*/1e12, /*steadyGrows=*/true);
  use(errors);
  return !grown;
}

} // namespace synfire::sim
