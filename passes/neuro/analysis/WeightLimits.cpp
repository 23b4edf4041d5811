//===- WeightLimits.cpp - where priors and rules let a weight be ---===//
#include "passes/neuro/analysis/WeightLimits.h"

#include "passes/neuro/analysis/Expression.h"

#include <algorithm>
#include <cmath>

using namespace mlir;
using namespace synfire::neuro;

Constraints::Constraints(CircuitOp circuit) {
  for (auto constraint : circuit.getBody().getOps<ConstrainOp>())
    for (auto name : constraint.getProjections().getAsRange<StringAttr>()) {
      auto &on = byProjection[name];
      if (on.empty() || on.back() != constraint) // it may be named twice
        on.push_back(constraint);
    }
}

ArrayRef<ConstrainOp> Constraints::on(ProjectionOp projection) const {
  auto found = byProjection.find(projection.getSymNameAttr());
  return found == byProjection.end() ? ArrayRef<ConstrainOp>() : ArrayRef(found->second);
}

unsigned synfire::neuro::numberIn(ConstrainOp constraint, ProjectionOp projection) {
  auto names = constraint.getProjections().getAsValueRange<StringAttr>();
  return std::distance(names.begin(), llvm::find(names, projection.getSymName()));
}

double synfire::neuro::numberOf(ConstrainOp constraint, unsigned value) {
  if (constraint.getBody().empty())
    return std::nan("");
  Interval interval = intervalOf(yieldedValues(constraint.getBody().front())[value],
                                 [](Value) { return Interval(); });
  return interval.low == interval.high ? interval.low : std::nan("");
}

Interval synfire::neuro::limitsOf(ConstrainOp constraint, ProjectionOp projection) {
  if (constraint.getPredicate() == Predicate::Bound)
    return {numberOf(constraint, 0), numberOf(constraint, 1)};
  if (constraint.getPredicate() != Predicate::Effect)
    return {};
  SynapseOp synapse = synapseOf(projection);
  bool stated = synapse && synapse.getEffect() != Effect::Unstated;
  return stated || numberOf(constraint) > 0 ? Interval::atLeast(0) : Interval::atMost(0);
}

Interval Constraints::limitsOf(ProjectionOp projection) const {
  Interval result;
  for (ConstrainOp constraint : on(projection))
    result = result.meet(neuro::limitsOf(constraint, projection));
  return result;
}

namespace {

/// The least and the largest number of a table's column.
Interval columnOf(Operation *from, ColumnOp column) {
  auto table = find<TableOp>(from->getParentOfType<CircuitOp>(), column.getTable());
  auto numbers =
      table ? table.getColumns().getAs<DenseElementsAttr>(column.getColumn()) : DenseElementsAttr();
  if (!numbers || numbers.empty())
    return {};
  Interval result = Interval::point(*numbers.value_begin<double>());
  for (double number : numbers.getValues<double>())
    result = result.hull(Interval::point(number));
  return result;
}

Interval valueOf(Operation *owner, Operation *type, Block &body) {
  return intervalOf(yieldedValues(body)[0], [&](Value value) {
    Operation *op = value.getDefiningOp();
    if (auto column = dyn_cast_or_null<ColumnOp>(op))
      return columnOf(owner, column);
    if (isa_and_nonnull<DistanceOp, IndexOp, TimestepOp, TimeOp>(op))
      return Interval::atLeast(0);
    auto get = dyn_cast_or_null<GetOp>(op);
    return get && get.getSide() == Side::Self
               ? startOf(owner, type, variableName(get.getVariable()))
               : Interval();
  });
}

} // namespace

Interval synfire::neuro::startOf(Operation *owner, Operation *type, StringRef name) {
  if (InitOp init = findInit(owner, name))
    return valueOf(owner, type, init.getBody().front());
  if (auto set = owner->getAttrOfType<DictionaryAttr>("set"))
    if (auto number = set.getAs<FloatAttr>(name))
      return Interval::point(number.getValueAsDouble());
  Operation *declared = findDeclaration(type, name);
  if (!isa_and_nonnull<ParameterOp, StateOp>(declared))
    return {};
  if (auto number = declared->getAttrOfType<FloatAttr>("value"))
    return Interval::point(number.getValueAsDouble());
  if (Region &body = declared->getRegion(0); !body.empty())
    return valueOf(owner, type, body.front());
  return {};
}

Interval synfire::neuro::boundOf(AttachOp attach) {
  Interval result;
  auto rule = attach->getParentOfType<ModuleOp>().lookupSymbol<PlasticityOp>(attach.getRule());
  if (!rule || attach.getParameter() != "weight")
    return result;
  for (auto bound : rule.getBody().getOps<BoundOp>()) {
    auto end = [&](unsigned i) {
      return intervalOf(yieldedValues(bound.getBody().front())[i], [&](Value value) {
        auto get = value.getDefiningOp<GetOp>();
        return get && get.getSide() == Side::Self
                   ? startOf(attach, rule, variableName(get.getVariable()))
                   : Interval();
      });
    };
    result = result.meet({end(0).low, end(1).high});
  }
  return result;
}

Interval synfire::neuro::assignedTo(ProjectionOp projection, StringRef name) {
  Interval result{Interval::infinity, -Interval::infinity};
  auto module = projection->getParentOfType<ModuleOp>();
  for (auto experiment : module.getOps<ExperimentOp>())
    experiment.walk([&](AssignOp assign) {
      auto changed = assign.getProjection();
      if (!changed || changed->getRootReference() != projection.getSymName() ||
          variableName(assign.getVariable()) != name)
        return;
      result = result.hull(
          intervalOf(yieldedValues(assign.getBody().front())[0], [](Value) { return Interval(); }));
    });
  return result;
}

bool synfire::neuro::readsFile(ProjectionOp projection, StringRef name) {
  bool reads = false;
  if (InitOp init = findInit(projection, name))
    init.walk([&](ColumnOp) { reads = true; });
  return reads;
}
