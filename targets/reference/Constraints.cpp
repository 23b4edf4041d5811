//===- Constraints.cpp - what priors keep, connection by connection (R2) ---===//
#include "targets/reference/Step.h"

#include "llvm/ADT/MapVector.h"

#include <cmath>

using namespace mlir;
using namespace synfire;
using namespace synfire::neuro;
using namespace synfire::reference;

namespace {

/// One weight that a constraint may move.
struct Weight {
  Instance *connection;
  double *value, *present; ///< null: there always
  double low, high;
};

/// Whether the connections of a projection, the i-th that is named, between two cells are meant.
bool isIn(ConstrainOp constraint, unsigned i, const Instance &source, uint32_t target) {
  auto contains = [&](unsigned list, int64_t element) {
    return isInRanges(cast<DenseI64ArrayAttr>((*constraint.getParts())[list]).asArrayRef(),
                      element);
  };
  return !constraint.getParts() || (contains(2 * i, source.number) && contains(2 * i + 1, target));
}

/// What other constraints say of some connections of the projection.
void limit(Weight &weight, StringRef projection, ConstrainOp constraint, Network &network) {
  for (auto other : constraint->getBlock()->getOps<ConstrainOp>()) {
    auto names = other.getProjections().getAsValueRange<StringAttr>();
    auto named = llvm::find(names, projection);
    bool limits =
        other.getPredicate() == Predicate::Effect || other.getPredicate() == Predicate::Bound;
    if (!limits || !other.getParts() || named == names.end() ||
        !isIn(other, std::distance(names.begin(), named), *weight.connection->source,
              weight.connection->number))
      continue;
    auto ends = network.evaluateAll(other.getBody().front(), View());
    bool effect = other.getPredicate() == Predicate::Effect;
    auto synapse = cast<SynapseOp>(weight.connection->group->model->type);
    bool excites = effect && (ends[0] > 0 || synapse.getEffect() != Effect::Unstated);
    if (!effect || excites)
      weight.low = std::fmax(weight.low, effect ? 0 : ends[0]);
    if (!effect || !excites)
      weight.high = std::fmin(weight.high, effect ? 0 : ends[1]);
  }
}

/// The weights of all connections that a constraint names, projection by projection, each by source
/// and target.
std::vector<std::vector<Weight>> weightsOf(ConstrainOp constraint, Network &network) {
  std::vector<std::vector<Weight>> lists;
  for (auto [i, name] :
       llvm::enumerate(constraint.getProjections().getAsValueRange<StringAttr>())) {
    Group &group = network.group(name);
    int weight = group.model->find("weight"), present = group.model->find("#present");
    ArrayRef<double> limits = *constraint.getLimits();
    std::vector<Weight> &list = lists.emplace_back();
    for (Instance *c : group.inCanonicalOrder()) {
      if (!isIn(constraint, i, *c->source, c->number))
        continue;
      list.push_back({c, weight < 0 ? nullptr : &c->values[weight],
                      present < 0 ? nullptr : &c->values[present], limits[2 * i],
                      limits[2 * i + 1]});
      limit(list.back(), name, constraint, network);
    }
    llvm::stable_sort(list, [](const Weight &a, const Weight &b) {
      return std::pair(a.connection->source->number, a.connection->number) <
             std::pair(b.connection->source->number, b.connection->number);
    });
  }
  return lists;
}

/// Frozen weights stay as they are (P6).
bool isFrozen(ConstrainOp constraint, Network &network) {
  return llvm::any_of(
      constraint.getProjections().getAsValueRange<StringAttr>(), [&](StringRef name) {
        Group &group = network.group(name);
        int frozen = group.model->find("#frozen");
        return frozen >= 0 && !group.instances.empty() && group.instances[0].values[frozen] > 0.5;
      });
}

double clamp(double value, const Weight &w) { return std::fmin(std::fmax(value, w.low), w.high); }

double goalOf(ConstrainOp constraint, Network &network) {
  return network.evaluate(constraint.getBody().front(), View());
}

bool isMet(ConstrainOp constraint, double now, double goal, double room) {
  StringRef comparison = constraint.getComparison().value_or("==");
  return (comparison == ">=" || now <= goal + room) && (comparison == "<=" || now >= goal - room);
}

/// Scales the weights of one sum; those at a limit stay there.
LogicalResult scale(ConstrainOp constraint, std::vector<Weight *> &weights, double goal) {
  double sum = 0;
  for (Weight *w : weights)
    sum += *w->value;
  if (weights.empty() || isMet(constraint, sum, goal, 1e-13 * std::fabs(goal)))
    return success();
  std::vector<Weight *> free = weights;
  double factor = 1, fixed = 0;
  for (size_t before = 0; before != free.size();) {
    before = free.size();
    double movable = 0;
    for (Weight *w : free)
      movable += *w->value;
    factor = (goal - fixed) / movable;
    if (!(factor >= 0) || !std::isfinite(factor))
      return constraint.emitError("the sum cannot be reached");
    // Who would leave its limits stays there, and the others take over.
    llvm::erase_if(free, [&](Weight *w) {
      double scaled = *w->value * factor;
      if (scaled == clamp(scaled, *w))
        return false;
      fixed += *w->value = clamp(scaled, *w);
      return true;
    });
  }
  for (Weight *w : free)
    *w->value *= factor;
  return success();
}

LogicalResult keepSums(ConstrainOp constraint, Network &network) {
  StringRef by = constraint.getBy().value_or("");
  llvm::MapVector<Instance *, std::vector<Weight *>> sums; // by cell, or one of all
  auto lists = weightsOf(constraint, network);
  for (auto &list : lists)
    for (Weight &w : list)
      if (!w.present || *w.present > 0.5)
        sums[by == "post"  ? w.connection->target
             : by == "pre" ? w.connection->source
                           : nullptr]
            .push_back(&w);
  for (auto &entry : sums)
    if (failed(scale(constraint, entry.second, goalOf(constraint, network))))
      return failure();
  return success();
}

void keepTied(ConstrainOp constraint, Network &network) {
  auto lists = weightsOf(constraint, network);
  for (size_t k = 0; k < lists[0].size(); ++k) {
    double mean = 0;
    for (auto &list : lists)
      mean += *list[k].value;
    for (auto &list : lists)
      *list[k].value = clamp(mean / double(lists.size()), list[k]);
  }
}

void keepSymmetric(ConstrainOp constraint, Network &network) {
  auto lists = weightsOf(constraint, network);
  using Pair = std::pair<uint32_t, uint32_t>;
  std::map<Pair, std::vector<Weight *>> back;
  std::map<Pair, size_t> next;
  for (Weight &w : lists.back())
    back[{w.connection->number, w.connection->source->number}].push_back(&w);
  for (Weight &w : lists.front()) {
    Pair pair(w.connection->source->number, w.connection->number);
    size_t k = next[pair]++;
    if (k >= back[pair].size() || (lists.size() == 1 && pair.first >= pair.second))
      continue;
    Weight &other = *back[pair][k];
    double mean = (*w.value + *other.value) / 2;
    *w.value = clamp(mean, w);
    *other.value = clamp(mean, other);
  }
}

/// The weakest go until so many are left.
void keepDensity(ConstrainOp constraint, Network &network) {
  auto lists = weightsOf(constraint, network);
  for (auto [i, name] :
       llvm::enumerate(constraint.getProjections().getAsValueRange<StringAttr>())) {
    std::vector<Weight> &list = lists[i];
    if (list.empty() || !list[0].present)
      continue;
    auto projection = find<ProjectionOp>(network.circuit, name);
    auto from = network.cells(projection.getSource()), to = network.cells(projection.getTarget());
    double pairs = 0;
    for (Instance *source : from)
      for (Instance *target : to) // autapses are no pairs
        pairs += source != target && isIn(constraint, i, *source, target->number);
    std::vector<Weight *> there;
    for (Weight &w : list)
      if (*w.present > 0.5)
        there.push_back(&w);
    double wanted = goalOf(constraint, network) * pairs;
    if (isMet(constraint, double(there.size()), wanted, 1 - 1e-9))
      continue;
    llvm::stable_sort(
        there, [](Weight *a, Weight *b) { return std::fabs(*a->value) < std::fabs(*b->value); });
    for (size_t k = 0; double(there.size() - k) > std::floor(wanted + 1e-9); ++k)
      *there[k]->value = *there[k]->present = 0;
  }
}

} // namespace

LogicalResult Simulation::keepConstraints(bool all) {
  using Predicates = std::initializer_list<Predicate>;
  for (Predicate predicate :
       Predicates{Predicate::Tied, Predicate::Symmetric, Predicate::Sum, Predicate::Density})
    for (auto constraint : network.circuit.getBody().getOps<ConstrainOp>()) {
      int64_t period = network.period(
          constraint.getPeriod() ? constraint.getPeriod()->convertToDouble() : 1000.0);
      if (constraint.getPredicate() != predicate || (!all && step % period != 0) ||
          isFrozen(constraint, network))
        continue;
      if (predicate == Predicate::Tied)
        keepTied(constraint, network);
      else if (predicate == Predicate::Symmetric)
        keepSymmetric(constraint, network);
      else if (predicate == Predicate::Density)
        keepDensity(constraint, network);
      else if (failed(keepSums(constraint, network)))
        return failure();
    }
  return success();
}
