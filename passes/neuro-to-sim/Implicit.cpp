//===- Implicit.cpp - a linearly implicit step, for stiff equations (X1) ---===//
//
// The two-stage Rosenbrock method ROS2 (Verwer, Spee, Blom, Hundsdorfer 1999, SIAM J Sci Comput
// 20:1456) with g = 1 - 1/sqrt(2): order 2, L-stable. With J the Jacobian at the step's start,
//
//   (1 - g h J) k1 = f(t, x) + g h df/dt
//   (1 - g h J) k2 = f(t + h, x + h k1) - 2 k1 - g h df/dt
//   x(t + h) = x + 3/2 h k1 + 1/2 h k2
//
// J is the symbolic derivative of the equations. One elimination serves both stages; it takes the
// states in order, without a search for pivots, and skips what is zero by structure, so that a
// chain of compartments costs as much as it has couplings.
//
//===----------------------------------------------------------------------===//
#include "passes/neuro-to-sim/UpdateBuilder.h"

#include "passes/neuro/analysis/Differentiate.h"

#include <cmath>

using namespace mlir;
using namespace synfire;

namespace {

/// M k = b for a small M whose null entries are zero.
class Elimination {
public:
  Elimination(KernelBuilder &b, std::vector<std::vector<Value>> matrix)
      : b(b), n(matrix.size()), m(std::move(matrix)) {
    for (size_t k = 0; k < n; ++k)
      for (size_t i = k + 1; i < n; ++i) {
        if (!m[i][k])
          continue;
        m[i][k] = b.div(m[i][k], m[k][k]); // the factor, kept where it made a zero
        for (size_t j = k + 1; j < n; ++j)
          if (m[k][j])
            m[i][j] = minus(m[i][j], b.mul(m[i][k], m[k][j]));
      }
  }

  std::vector<Value> solve(std::vector<Value> x) {
    for (size_t i = 1; i < n; ++i)
      for (size_t k = 0; k < i; ++k)
        if (m[i][k])
          x[i] = minus(x[i], b.mul(m[i][k], x[k]));
    for (size_t i = n; i-- > 0;) {
      for (size_t j = i + 1; j < n; ++j)
        if (m[i][j])
          x[i] = minus(x[i], b.mul(m[i][j], x[j]));
      x[i] = b.div(x[i], m[i][i]);
    }
    return x;
  }

private:
  Value minus(Value x, Value y) { return x ? b.sub(x, y) : Value(arith::NegFOp::create(b, y)); }

  KernelBuilder &b;
  size_t n;
  std::vector<std::vector<Value>> m;
};

} // namespace

void UpdateBuilder::advanceImplicit(ArrayRef<unsigned> set) {
  int64_t substeps = 1;
  for (unsigned i : set)
    substeps = std::max(substeps, variables[i].substeps);
  KernelBuilder::At here(update, stepOf(set.front()));
  Value dt = timestep(update);
  Value h = substeps > 1 ? update.div(dt, update.number(double(substeps))) : dt;
  Value zero = update.number(0.0), one = update.number(1.0), two = update.number(2.0);
  Value gh = update.mul(update.number(1 - std::sqrt(0.5)), h);
  // A held state does not move, and the others see it at rest (N5).
  auto still = [&](unsigned i, Value x) { return isHeld(i) ? update.select(active, x, zero) : x; };
  auto slopes = [&](ArrayRef<Value> at, Value time, NoiseParts *noise) {
    std::vector<Value> result;
    for (auto [k, i] : llvm::enumerate(set)) {
      SmallVector<std::pair<Noise, Value>> parts;
      result.push_back(still(i, splitNoise(derivativeAt(i, at, time), parts)));
      if (noise)
        (*noise)[k] = parts;
    }
    return result;
  };
  NoiseParts noise(set.size());
  std::vector<Value> at = values();
  for (int64_t s = 0; s < substeps; ++s) {
    Value time = timeAfter(h, s);
    std::vector<Value> first = slopes(at, time, s == 0 ? &noise : nullptr);
    std::vector<Value> byTime;
    for (Value slope : first) {
      Value change = neuro::differentiate(update, slope, time);
      byTime.push_back(change ? update.mul(gh, change) : Value());
    }
    std::vector<std::vector<Value>> matrix(set.size(), std::vector<Value>(set.size()));
    for (size_t row = 0; row < set.size(); ++row)
      for (size_t column = 0; column < set.size(); ++column) {
        Value slope = neuro::differentiate(update, first[row], at[set[column]]);
        Value entry = slope ? update.mul(gh, slope) : Value();
        if (row == column)
          matrix[row][column] = entry ? update.sub(one, entry) : one;
        else if (entry)
          matrix[row][column] = arith::NegFOp::create(update, entry);
      }
    Elimination system(update, std::move(matrix));
    for (size_t k = 0; k < set.size(); ++k)
      first[k] = byTime[k] ? update.add(first[k], byTime[k]) : first[k];
    std::vector<Value> k1 = system.solve(first), ahead = at;
    for (auto [k, i] : llvm::enumerate(set))
      ahead[i] = update.add(at[i], update.mul(h, k1[k]));
    std::vector<Value> second = slopes(ahead, timeAfter(h, double(s + 1)), nullptr);
    for (size_t k = 0; k < set.size(); ++k) {
      second[k] = update.sub(second[k], update.mul(two, k1[k]));
      if (byTime[k])
        second[k] = update.sub(second[k], byTime[k]);
    }
    std::vector<Value> k2 = system.solve(second);
    for (auto [k, i] : llvm::enumerate(set)) {
      Value sum =
          update.add(update.mul(update.number(1.5), k1[k]), update.mul(update.number(0.5), k2[k]));
      at[i] = update.add(at[i], update.mul(h, sum));
    }
  }
  for (auto [k, i] : llvm::enumerate(set)) {
    variables[i].now = at[i];
    addNoise(variables[i], noise[k]);
  }
}
