//===- Invariants.cpp - where the states of a synapse type stay ---===//
#include "passes/neuro/analysis/Invariants.h"

#include "passes/neuro/analysis/Expression.h"
#include "passes/neuro/analysis/Linearity.h"

#include <algorithm>
#include <cmath>

using namespace mlir;
using namespace synfire::neuro;

namespace {

/// What rounding may move, relative to a limit that is not 0. An amount has a few operations, each
/// with an error of 1e-16, or of 6e-8 in single precision.
constexpr double slack = 1e-6;

bool readsSelf(Value value, StringRef name) {
  auto get = value.getDefiningOp<GetOp>();
  return get && get.getSide() == Side::Self && variableName(get.getVariable()) == name;
}

Dependence dependenceOn(Value value, StringRef name) {
  return analyzeForm(value, 1,
                     [&](Value leaf) {
                       return readsSelf(leaf, name) ? Leaf::variableNumber(0) : Leaf::varying();
                     })
      .on[0];
}

} // namespace

Invariants::Invariants(SynapseOp synapse, ArrayRef<ConnectionClass> connections)
    : synapse(synapse), connections(connections) {
  start();
  while (widenAll()) {
  }
}

Interval Invariants::of(StringRef variable) const {
  auto found = known.find(variable);
  return found == known.end() ? Interval() : found->second;
}

void Invariants::start() {
  thresholds = {0, 1};
  llvm::DenseMap<Operation *, std::unique_ptr<Constraints>> constraints; // by circuit
  for (const ConnectionClass &some : connections)
    if (auto &found = constraints[some.projection->getParentOp()]; !found)
      found = std::make_unique<Constraints>(cast<CircuitOp>(some.projection->getParentOp()));
  for (Operation &op : synapse.getBody().front()) {
    if (!isa<ParameterOp, StateOp>(op))
      continue;
    StringRef name = SymbolTable::getSymbolName(&op).getValue();
    Interval values{Interval::infinity, -Interval::infinity};
    for (const ConnectionClass &some : connections) {
      ProjectionOp projection = some.projection;
      values = values.hull(startOf(projection, synapse, name, &some));
      Interval assigned = assignedTo(projection, name, &some);
      if (!assigned.isEmpty())
        values = values.hull(assigned);
      // Constraints that change weights from time to time keep to these limits.
      for (ConstrainOp constraint : constraints[projection->getParentOp()]->on(projection))
        if (name == "weight" && constraint.getLimits() && some.isIn(constraint) &&
            constraint.getPredicate() != Predicate::Effect &&
            constraint.getPredicate() != Predicate::Bound) {
          ArrayRef<double> limits = *constraint.getLimits();
          unsigned i = numberIn(constraint, projection);
          values = values.hull(Interval{limits[2 * i], limits[2 * i + 1]}.meet(limitsOf(some)));
        }
    }
    known[name] = values;
    if (isa<ParameterOp>(op))
      for (double end : {values.low, values.high})
        if (std::isfinite(end))
          thresholds.push_back(end);
  }
  llvm::sort(thresholds);
}

Interval Invariants::leaf(Value value) const {
  Operation *op = value.getDefiningOp();
  if (auto found = reads.find(op); found != reads.end())
    return found->second;
  if (isa_and_nonnull<TimestepOp, TimeOp>(op))
    return Interval::atLeast(0);
  auto get = dyn_cast_or_null<GetOp>(op);
  return get && get.getSide() == Side::Self ? of(variableName(get.getVariable())) : Interval();
}

Interval Invariants::at(Value value, StringRef self, double there) const {
  return intervalOf(value, [&](Value read) {
    return readsSelf(read, self) ? Interval::point(there) : leaf(read);
  });
}

Interval Invariants::slopeOf(Value value, StringRef self) const {
  if (readsSelf(value, self))
    return Interval::point(1);
  Operation *op = value.getDefiningOp();
  if (!op || dependenceOn(value, self) == Dependence::None)
    return Interval::point(0);
  auto in = [&](unsigned i) { return slopeOf(op->getOperand(i), self); };
  auto times = [&](const Interval &slope, Value factor) {
    Interval f = intervalOf(factor, [&](Value read) { return leaf(read); });
    double ends[] = {slope.low * f.low, slope.low * f.high, slope.high * f.low,
                     slope.high * f.high};
    for (double &end : ends)
      if (std::isnan(end)) // nothing times something unbounded
        end = 0;
    return Interval{*std::min_element(ends, ends + 4), *std::max_element(ends, ends + 4)};
  };
  if (isa<arith::AddFOp>(op))
    return {in(0).low + in(1).low, in(0).high + in(1).high};
  if (isa<arith::SubFOp>(op))
    return {in(0).low - in(1).high, in(0).high - in(1).low};
  if (isa<arith::NegFOp>(op))
    return {-in(0).high, -in(0).low};
  if (isa<arith::MulFOp>(op))
    return dependenceOn(op->getOperand(0), self) == Dependence::None
               ? times(in(1), op->getOperand(0))
               : times(in(0), op->getOperand(1));
  if (isa<arith::DivFOp>(op)) {
    Interval f = intervalOf(op->getOperand(1), [&](Value read) { return leaf(read); });
    if (f.low > 0 || f.high < 0) {
      Interval s = in(0);
      double ends[] = {s.low / f.low, s.low / f.high, s.high / f.low, s.high / f.high};
      return {*std::min_element(ends, ends + 4), *std::max_element(ends, ends + 4)};
    }
  }
  return {};
}

Interval Invariants::resultOf(Value value, StringRef self, const Interval &of) const {
  Operation *op = value.getDefiningOp();
  auto in = [&](unsigned i) { return resultOf(op->getOperand(i), self, of); };
  if (isa_and_nonnull<arith::MaximumFOp>(op))
    return {std::fmax(in(0).low, in(1).low), std::fmax(in(0).high, in(1).high)};
  if (isa_and_nonnull<arith::MinimumFOp>(op))
    return {std::fmin(in(0).low, in(1).low), std::fmin(in(0).high, in(1).high)};
  if (isa_and_nonnull<arith::SelectOp>(op))
    return in(1).hull(in(2));
  Interval result = intervalOf(value, [&](Value read) { return leaf(read); });
  Dependence dependence = dependenceOn(value, self);
  if (dependence == Dependence::None || dependence == Dependence::Nonlinear)
    return result;
  // Affine: its ends are those at the ends of `self`, whatever the other values are.
  Interval slope = slopeOf(value, self), affine;
  bool rises = slope.low >= slack, falls = slope.high <= -slack;
  bool closed = std::isfinite(of.low) && std::isfinite(of.high);
  if (closed && !falls && slope.low >= 0)
    rises = true;
  if (rises) {
    if (std::isfinite(of.low))
      affine.low = at(value, self, of.low).low;
    if (std::isfinite(of.high))
      affine.high = at(value, self, of.high).high;
  } else if (falls) {
    if (std::isfinite(of.high))
      affine.low = at(value, self, of.high).low;
    if (std::isfinite(of.low))
      affine.high = at(value, self, of.low).high;
  } else if (closed) {
    affine = at(value, self, of.low).hull(at(value, self, of.high));
  }
  return result.meet(affine);
}

/// Makes room for these values of a state.
bool Invariants::reach(StringRef state, const Interval &values) {
  Interval &now = known[state];
  if (now.contains(values))
    return false;
  if (values.low < now.low) {
    auto next = llvm::find_if(llvm::reverse(thresholds), [&](double t) { return t <= values.low; });
    now.low = next == thresholds.rend() ? -Interval::infinity : *next;
  }
  if (values.high > now.high) {
    auto next = llvm::find_if(thresholds, [&](double t) { return t >= values.high; });
    now.high = next == thresholds.end() ? Interval::infinity : *next;
  }
  return changed = true;
}

void Invariants::visit(Block &block, llvm::StringMap<Interval> now) {
  for (Operation &op : block) {
    if (auto get = dyn_cast<GetOp>(op)) {
      std::string name = variableName(get.getVariable());
      if (get.getSide() == Side::Self && now.count(name))
        reads[&op] = now.lookup(name);
      else
        reads.erase(&op);
    } else if (auto release = dyn_cast<ReleaseOp>(op)) {
      visit(release.getBody().front(), now);
      // It may have happened or not.
      for (auto &entry : now)
        entry.second = of(entry.first());
    } else if (isa<AddOp, SetOp>(op)) {
      auto add = dyn_cast<AddOp>(op);
      if (add && add.getSide() != Side::Self)
        continue;
      std::string name = variableName(add ? add.getVariable() : cast<SetOp>(op).getVariable());
      if (!find<StateOp>(synapse, name))
        continue;
      Interval before = now.count(name) ? now.lookup(name) : of(name);
      Interval value = resultOf(add ? add.getValue() : cast<SetOp>(op).getValue(), name, before);
      if (add)
        value = {before.low + value.low, before.high + value.high};
      reach(name, value);
      now[name] = value;
    }
  }
}

/// Whether the equation keeps a state where it is known to be, or makes room.
bool Invariants::visitEquation(EquationOp equation) {
  StringRef name = equation.getState();
  Value slope = yieldedValues(equation.getBody().front())[0];
  Interval now = of(name), wide = now;
  bool affine = dependenceOn(slope, name) != Dependence::Nonlinear;
  auto wall = [&](bool low) {
    for (auto bound : synapse.getBody().getOps<BoundOp>())
      if (bound.getVariable() == name) {
        Interval end = intervalOf(yieldedValues(bound.getBody().front())[low ? 0 : 1],
                                  [&](Value read) { return leaf(read); });
        return low ? end.low >= now.low : end.high <= now.high;
      }
    return false;
  };
  if (std::isfinite(now.low) && !wall(true) && (!affine || at(slope, name, now.low).low < 0))
    wide.low = -Interval::infinity;
  if (std::isfinite(now.high) && !wall(false) && (!affine || at(slope, name, now.high).high > 0))
    wide.high = Interval::infinity;
  // One threshold after the other: a decay towards 0 keeps its sign.
  if (wide.low < now.low) {
    auto next = llvm::find_if(llvm::reverse(thresholds), [&](double t) { return t < now.low; });
    wide.low = next == thresholds.rend() ? -Interval::infinity : *next;
  }
  if (wide.high > now.high) {
    auto next = llvm::find_if(thresholds, [&](double t) { return t > now.high; });
    wide.high = next == thresholds.end() ? Interval::infinity : *next;
  }
  return reach(name, wide);
}

bool Invariants::widenAll() {
  changed = false;
  for (Operation &op : synapse.getBody().front()) {
    if (isa<OnOp, EveryOp>(op))
      visit(op.getRegion(0).front(), {});
    else if (auto equation = dyn_cast<EquationOp>(op))
      visitEquation(equation);
  }
  return changed;
}

bool Invariants::isBeyond(Value value, const Interval &limit, bool above, StringRef self) const {
  Operation *op = value.getDefiningOp();
  auto in = [&](unsigned i) { return isBeyond(op->getOperand(i), limit, above, self); };
  // These choose one of their operands: nothing is rounded.
  if (isa_and_nonnull<arith::MaximumFOp>(op))
    return above ? in(0) || in(1) : in(0) && in(1);
  if (isa_and_nonnull<arith::MinimumFOp>(op))
    return above ? in(0) && in(1) : in(0) || in(1);
  if (isa_and_nonnull<arith::SelectOp>(op))
    return in(1) && in(2);
  double end = above ? limit.high : limit.low; // for all of these connections
  constexpr double most = std::numeric_limits<double>::max();
  if (above ? end <= -most : end >= most)
    return true; // they have no such limit
  if (readsSelf(value, self) && !reads.count(op))
    return above ? of(self).low >= end : of(self).high <= end;
  auto get = value.getDefiningOp<GetOp>();
  bool exact = value.getDefiningOp<arith::ConstantOp>() ||
               (get && get.getSide() == Side::Self &&
                find<ParameterOp>(synapse, variableName(get.getVariable())));
  Interval known = exact ? leaf(value) : resultOf(value, self, of(self));
  if (exact)
    known = intervalOf(value, [&](Value read) { return leaf(read); });
  double room = exact || end == 0 ? 0 : slack * std::fabs(end);
  return above ? known.low >= end + room : known.high <= end - room;
}

bool Invariants::isAtLeast(Value value, StringRef parameter, StringRef self) const {
  return isBeyond(value, of(parameter), true, self);
}

bool Invariants::isAtMost(Value value, StringRef parameter, StringRef self) const {
  return isBeyond(value, of(parameter), false, self);
}

bool Invariants::staysAbove(EquationOp equation, StringRef parameter) const {
  Value slope = yieldedValues(equation.getBody().front())[0];
  StringRef name = equation.getState();
  double end = of(parameter).high;
  if (end <= -std::numeric_limits<double>::max())
    return true;
  if (dependenceOn(slope, name) == Dependence::Nonlinear || of(name).low < end)
    return false;
  Interval there = at(slope, name, end);
  return end == 0 ? there.low >= 0 : there.low > 0;
}

bool Invariants::staysBelow(EquationOp equation, StringRef parameter) const {
  Value slope = yieldedValues(equation.getBody().front())[0];
  StringRef name = equation.getState();
  double end = of(parameter).low;
  if (end >= std::numeric_limits<double>::max())
    return true;
  if (dependenceOn(slope, name) == Dependence::Nonlinear || of(name).high > end)
    return false;
  Interval there = at(slope, name, end);
  return end == 0 ? there.high <= 0 : there.high < 0;
}
