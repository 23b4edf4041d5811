//===- Solvers.cpp - phase 1 of the grid: continuous states from t to t + dt (X1) ---===//
#include "passes/neuro-to-sim/UpdateBuilder.h"

#include "dialects/sim/Origin.h"
#include "passes/neuro/analysis/Expression.h"
#include "passes/neuro/analysis/SolverChoice.h"
#include "passes/neuro/analysis/Split.h"

using namespace mlir;
using namespace synfire;
using namespace synfire::neuro;

namespace {

Value orZero(KernelBuilder &b, Value v) { return v ? v : b.number(0.0); }

/// An input without contributions is 0, and so is what it alone drives.
bool isZero(Value v) {
  if (matchPattern(v, m_AnyZeroFloat()))
    return true;
  Operation *op = v.getDefiningOp();
  if (isa_and_nonnull<arith::MulFOp>(op))
    return isZero(op->getOperand(0)) || isZero(op->getOperand(1));
  if (isa_and_nonnull<arith::DivFOp, arith::NegFOp>(op))
    return isZero(op->getOperand(0));
  if (isa_and_nonnull<arith::AddFOp, arith::SubFOp>(op))
    return isZero(op->getOperand(0)) && isZero(op->getOperand(1));
  return false;
}

/// reaches[i][j]: state i depends on state j, at once or through others.
std::vector<llvm::BitVector> closure(unsigned n, ArrayRef<std::pair<int64_t, int64_t>> entries) {
  std::vector<llvm::BitVector> reaches(n, llvm::BitVector(n));
  for (unsigned i = 0; i < n; ++i)
    reaches[i].set(i);
  for (auto [i, j] : entries)
    reaches[i].set(j);
  for (unsigned k = 0; k < n; ++k)
    for (unsigned i = 0; i < n; ++i)
      if (reaches[i][k])
        reaches[i] |= reaches[k];
  return reaches;
}

} // namespace

Location UpdateBuilder::stepOf(unsigned i) const {
  const Variable &v = variables[i];
  return sim::ofSolver(v.place, v.name, stringifyMethod(v.method));
}

Value UpdateBuilder::splitNoise(Value derivative, SmallVectorImpl<std::pair<Noise, Value>> &parts) {
  if (noises.empty())
    return derivative;
  SmallVector<Value> placeholders;
  for (Noise &noise : noises)
    placeholders.push_back(noise.placeholder);
  auto split = splitAffine(update, derivative, placeholders);
  SmallVector<Noise> taken(noises.begin(), noises.end());
  noises.clear();
  if (!split)
    return derivative;
  for (auto [noise, coefficient] : llvm::zip(taken, split->coefficients))
    if (coefficient)
      parts.push_back({noise, coefficient});
  return orZero(update, split->constant);
}

void UpdateBuilder::advanceExact(ArrayRef<unsigned> set) {
  bool matters = false;
  std::vector<Value> next = exactStep(set, false, matters);
  // While a cell is refractory, what depends on a held state sees it held (N5).
  std::vector<Value> resting = matters ? exactStep(set, true, matters) : next;
  for (auto [k, i] : llvm::enumerate(set)) {
    KernelBuilder::At here(update, stepOf(i));
    variables[i].now = matters && !isHeld(i) ? update.select(active, next[k], resting[k]) : next[k];
  }
}

/// x(t + dt) = P x + F b for a linear system, with P and F derived from the parameters.
std::vector<Value> UpdateBuilder::exactStep(ArrayRef<unsigned> set, bool hold, bool &matters) {
  unsigned n = set.size();
  StringRef prefix = hold ? "held_" : "";
  // The matrix, in the derive kernel: placeholders stand for the states.
  std::vector<Value> placeholders;
  SmallVector<Value> unknowns;
  for (unsigned i = 0; i < variables.size(); ++i)
    placeholders.push_back(derive.number(0.0));
  for (unsigned i : set)
    unknowns.push_back(placeholders[i]);
  SmallVector<int64_t> entries, wanted;
  SmallVector<std::pair<int64_t, int64_t>> pattern;
  SmallVector<Value> elements;
  std::vector<Value> diagonal(n);
  for (unsigned i = 0; i < n; ++i) {
    if (hold && isHeld(set[i]))
      continue;
    Value f = variables[set[i]].derivative(derive, placeholders);
    auto parts = splitAffine(derive, f, unknowns);
    for (unsigned j = 0; parts && j < n; ++j)
      if (Value a = parts->coefficients[j]) {
        matters |= isHeld(set[j]) && !isHeld(set[i]);
        entries.append({i, j});
        pattern.push_back({i, j});
        elements.push_back(a);
        if (i == j)
          diagonal[i] = a;
      }
  }
  noises.clear();
  // The part that is held over the step, in the update kernel.
  SmallVector<Value> current;
  for (unsigned i : set)
    current.push_back(variables[i].start);
  std::vector<Value> at = values();
  std::vector<Value> constant(n);
  std::vector<SmallVector<std::pair<Noise, Value>>> noise(n);
  for (unsigned i = 0; i < n; ++i) {
    if (hold && isHeld(set[i]))
      continue;
    KernelBuilder::At here(update, stepOf(set[i]));
    Value drift = splitNoise(variables[set[i]].derivative(update, at), noise[i]);
    auto parts = splitAffine(update, drift, current);
    if (parts && parts->constant && !isZero(parts->constant))
      constant[i] = parts->constant;
  }
  auto reaches = closure(n, pattern);
  for (unsigned i = 0; i < n; ++i)
    for (unsigned j = 0; j < n; ++j)
      if (reaches[i][j])
        wanted.append({0, i, j});
  for (unsigned i = 0; i < n; ++i)
    for (unsigned j = 0; j < n; ++j)
      if (reaches[i][j] && constant[j])
        wanted.append({1, i, j});
  SmallVector<Type> types(wanted.size() / 3, derive.getF64Type());
  auto propagator =
      sim::PropagatorOp::create(derive, types, n, timestep(derive), entries, elements, wanted);
  std::vector<Value> next(n);
  for (auto [r, result] : llvm::enumerate(propagator.getResults())) {
    unsigned matrix = wanted[3 * r], i = wanted[3 * r + 1], j = wanted[3 * r + 2];
    KernelBuilder::At here(update, stepOf(set[i]));
    std::string label = prefix.str() + (matrix ? "F_" : "P_") + variables[set[i]].label + "_" +
                        variables[set[j]].label;
    Value coefficient = derived(label, result);
    Value term = update.mul(coefficient, matrix ? constant[j] : variables[set[j]].start);
    next[i] = next[i] ? update.add(next[i], term) : term;
  }
  // Noise of a linear state: the exact Ornstein-Uhlenbeck step, s^2 (exp(2 a dt) - 1) / (2 a) (N6).
  for (unsigned i = 0; i < n; ++i) {
    if (noise[i].empty())
      continue;
    KernelBuilder::At here(update, stepOf(set[i]));
    SmallVector<int64_t> entry;
    SmallVector<Value> rate;
    if (diagonal[i]) {
      entry.append({0, 0});
      rate.push_back(derive.add(diagonal[i], diagonal[i]));
    }
    SmallVector<int64_t> integral = {1, 0, 0};
    auto variance = sim::PropagatorOp::create(derive, TypeRange{derive.getF64Type()}, 1,
                                              timestep(derive), entry, rate, integral);
    Value spread = derived(prefix.str() + "spread_" + variables[set[i]].label,
                           math::SqrtOp::create(derive, variance.getResult(0)));
    for (auto &[source, coefficient] : noise[i])
      next[i] =
          update.add(next[i], update.mul(update.mul(coefficient, spread), normal(source.stream)));
  }
  return next;
}

/// x' = a x + b with a and b at t: x + (a x + b) dt (exp(z) - 1) / z, z = a dt.
void UpdateBuilder::advanceExponentialEuler(unsigned i) {
  Variable &v = variables[i];
  KernelBuilder::At here(update, stepOf(i));
  SmallVector<std::pair<Noise, Value>> noise;
  Value drift = splitNoise(v.derivative(update, values()), noise);
  auto parts = splitAffine(update, drift, {v.start});
  Value dt = timestep(update);
  Value step = dt;
  if (parts && parts->coefficients[0]) {
    Value z = update.mul(parts->coefficients[0], dt);
    Value ratio = update.div(math::ExpM1Op::create(update, z), z);
    Value zero = arith::CmpFOp::create(update, arith::CmpFPredicate::OEQ, z, update.number(0.0));
    step = update.mul(dt, update.select(zero, update.number(1.0), ratio));
  }
  v.now = update.add(v.start, update.mul(drift, step));
  addNoise(v, noise);
}

/// The time `steps` times `h` after t.
Value UpdateBuilder::timeAfter(Value h, double steps) {
  Value now = timeNow(update);
  return steps == 0 ? now : update.add(now, update.mul(update.number(steps), h));
}

/// The derivative of a variable at given values and at a time.
Value UpdateBuilder::derivativeAt(unsigned i, ArrayRef<Value> at, Value time) {
  stageTime = time;
  Value result = variables[i].derivative(update, at);
  stageTime = Value();
  return result;
}

void UpdateBuilder::addNoise(Variable &v, ArrayRef<std::pair<Noise, Value>> noise) {
  for (auto &[source, coefficient] : noise) {
    Value amount = update.mul(coefficient, math::SqrtOp::create(update, timestep(update)));
    v.now = update.add(v.now, update.mul(amount, normal(source.stream)));
  }
}

/// The classical Runge-Kutta step of all these states together, in as many substeps as one of them
/// asks for; noise is added after it.
void UpdateBuilder::advanceRk4(ArrayRef<unsigned> set) {
  int64_t substeps = 1;
  for (unsigned i : set)
    substeps = std::max(substeps, variables[i].substeps);
  Value dt = timestep(update);
  Value h = substeps > 1 ? update.div(dt, update.number(double(substeps))) : dt;
  Value half = update.mul(update.number(0.5), h);
  std::optional<UpstrokeWall> wall = upstrokeWall(neuron);
  // Stages beyond the threshold of an upstroke would run where the equation makes no sense.
  auto clamp = [&](unsigned i, Value x, ArrayRef<Value> at) {
    if (!wall || i >= systemSize || variables[i].name != wall->state)
      return x;
    Value limit = emitThreshold(wall->threshold, at);
    Value above = arith::CmpFOp::create(update, arith::CmpFPredicate::OGT, x, limit);
    return update.select(above, limit, x);
  };
  std::vector<Value> base = values();
  NoiseParts noise(set.size());
  for (int64_t s = 0; s < substeps; ++s) {
    std::vector<Value> at = base;
    std::vector<std::vector<Value>> slopes;
    for (int stage = 0; stage < 4; ++stage) {
      Value time = timeAfter(h, s + (stage == 0 ? 0 : stage == 3 ? 1 : 0.5));
      std::vector<Value> slope;
      for (auto [k, i] : llvm::enumerate(set)) {
        KernelBuilder::At here(update, stepOf(i));
        SmallVector<std::pair<Noise, Value>> parts;
        slope.push_back(splitNoise(derivativeAt(i, at, time), parts));
        if (s == 0 && stage == 0)
          noise[k] = parts;
      }
      slopes.push_back(slope);
      if (stage == 3)
        break;
      std::vector<Value> next = base;
      for (auto [k, i] : llvm::enumerate(set)) {
        KernelBuilder::At here(update, stepOf(i));
        Value x = update.add(base[i], update.mul(stage == 2 ? h : half, slope[k]));
        x = clamp(i, x, at);
        next[i] = isHeld(i) ? update.select(active, x, variables[i].start) : x;
      }
      at = next;
    }
    Value sixth = update.div(h, update.number(6.0)), two = update.number(2.0);
    for (auto [k, i] : llvm::enumerate(set)) {
      KernelBuilder::At here(update, stepOf(i));
      Value middle = update.mul(two, update.add(slopes[1][k], slopes[2][k]));
      Value sum = update.add(update.add(slopes[0][k], middle), slopes[3][k]);
      Value x = update.add(base[i], update.mul(sixth, sum));
      bool more = s + 1 < substeps && isHeld(i);
      base[i] = more ? update.select(active, x, variables[i].start) : x;
    }
  }
  for (auto [k, i] : llvm::enumerate(set)) {
    variables[i].now = base[i];
    addNoise(variables[i], noise[k]);
  }
}

/// Forward Euler in substeps, the others held at `at`.
void UpdateBuilder::advanceEuler(unsigned i, ArrayRef<Value> at) {
  Variable &v = variables[i];
  KernelBuilder::At here(update, stepOf(i));
  Value dt = timestep(update);
  Value step = v.substeps > 1 ? update.div(dt, update.number(v.substeps)) : dt;
  std::vector<Value> point(at.begin(), at.end());
  SmallVector<std::pair<Noise, Value>> noise;
  for (int64_t s = 0; s < v.substeps; ++s) {
    SmallVector<std::pair<Noise, Value>> parts;
    Value drift = splitNoise(derivativeAt(i, point, timeAfter(step, s)), parts);
    point[i] = update.add(point[i], update.mul(step, drift));
    if (s == 0)
      noise = parts;
  }
  v.now = point[i];
  addNoise(v, noise);
}

void UpdateBuilder::advance() {
  SmallVector<unsigned> exact, rk4, implicit;
  for (auto [i, v] : llvm::enumerate(variables)) {
    if (!v.hasEquation)
      continue;
    switch (v.method) {
    case Method::Exact:
      exact.push_back(i);
      break;
    case Method::Rk4:
      rk4.push_back(i);
      break;
    case Method::ExponentialEuler:
      advanceExponentialEuler(i);
      break;
    case Method::Implicit:
      implicit.push_back(i);
      break;
    case Method::Euler:
      break;
    }
  }
  // Independent linear systems are solved apart: their matrices stay small.
  while (!exact.empty()) {
    SmallVector<unsigned> block = connectedBlock(exact);
    advanceExact(block);
    llvm::erase_if(exact, [&](unsigned i) { return llvm::is_contained(block, i); });
  }
  if (!rk4.empty())
    advanceRk4(rk4);
  if (!implicit.empty())
    advanceImplicit(implicit);
  // `u by euler after v` reads the new v; the order of declaration settles the rest.
  llvm::StringMap<SmallVector<std::string>> after;
  for (auto solve : neuron.getBody().getOps<SolveOp>())
    if (auto names = solve.getAfter())
      for (Attribute state : solve.getStates())
        for (Attribute name : *names)
          after[variableName(cast<SymbolRefAttr>(state))].push_back(
              variableName(cast<SymbolRefAttr>(name)));
  llvm::StringSet<> done;
  for (const Variable &v : variables)
    if (v.method != Method::Euler)
      done.insert(v.name);
  for (bool progress = true; progress;) {
    progress = false;
    for (auto [i, v] : llvm::enumerate(variables)) {
      if (!v.hasEquation || v.method != Method::Euler || done.contains(v.name))
        continue;
      auto &first = after[v.name];
      if (!llvm::all_of(first, [&](const std::string &name) { return done.contains(name); }))
        continue;
      std::vector<Value> at = values();
      for (auto [j, other] : llvm::enumerate(variables))
        if (llvm::is_contained(first, other.name))
          at[j] = isHeld(j) ? update.select(active, other.now, other.start) : other.now;
      advanceEuler(i, at);
      done.insert(v.name);
      progress = true;
    }
  }
}

SmallVector<unsigned> UpdateBuilder::connectedBlock(ArrayRef<unsigned> exact) {
  // Who reads whom, seen in a kernel that is thrown away.
  KernelBuilder scratch(p.op.getLoc(), update.getContext());
  std::vector<Value> placeholders;
  for (unsigned i = 0; i < variables.size(); ++i)
    placeholders.push_back(scratch.number(0.0));
  std::vector<llvm::BitVector> linked(variables.size(), llvm::BitVector(variables.size()));
  for (unsigned i : exact) {
    auto parts = splitAffine(scratch, variables[i].derivative(scratch, placeholders), placeholders);
    for (unsigned j : exact)
      if (!parts || parts->coefficients[j]) {
        linked[i].set(j);
        linked[j].set(i);
      }
  }
  noises.clear();
  SmallVector<unsigned> block = {exact.front()};
  for (unsigned k = 0; k < block.size(); ++k)
    for (unsigned j : exact)
      if (linked[block[k]][j] && !llvm::is_contained(block, j))
        block.push_back(j);
  llvm::sort(block);
  return block;
}

Value UpdateBuilder::emitThreshold(Value threshold, ArrayRef<Value> at) {
  return copyValues(update, {threshold},
                    [&](Operation *op) -> Value {
                      auto get = dyn_cast<GetOp>(op);
                      return get ? p.system->emitNeuronVariable(
                                       update, op->getLoc(), variableName(get.getVariable()),
                                       [&](const Read &r) { return read(update, r, at); })
                                 : Value();
                    })
      .front();
}
