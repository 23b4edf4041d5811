//===- WeightLimits.cpp - where priors and rules let a weight be ---===//
#include "passes/neuro/analysis/WeightLimits.h"

#include "passes/neuro/analysis/Expression.h"

#include <algorithm>
#include <cmath>
#include <set>

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

SmallVector<ConstrainOp> synfire::neuro::constraintsOf(ProjectionOp projection) {
  Constraints all(cast<CircuitOp>(projection->getParentOp()));
  return SmallVector<ConstrainOp>(all.on(projection));
}

ConnectionPart synfire::neuro::partOf(ConstrainOp constraint, unsigned i) {
  auto parts = constraint.getParts();
  if (!parts)
    return {};
  return {cast<DenseI64ArrayAttr>((*parts)[2 * i]).asArrayRef(),
          cast<DenseI64ArrayAttr>((*parts)[2 * i + 1]).asArrayRef()};
}

SmallVector<ConnectionPart> synfire::neuro::partsOf(ConstrainOp constraint,
                                                    ProjectionOp projection) {
  SmallVector<ConnectionPart> parts;
  for (auto [i, name] : llvm::enumerate(constraint.getProjections().getAsValueRange<StringAttr>()))
    if (name == projection.getSymName())
      parts.push_back(partOf(constraint, i));
  return parts;
}

bool synfire::neuro::isOfWhole(ConstrainOp constraint, ProjectionOp projection) {
  return llvm::any_of(partsOf(constraint, projection),
                      [](const ConnectionPart &part) { return part.isWhole(); });
}

static bool contains(ArrayRef<int64_t> ranges, int64_t element) {
  for (size_t i = 0; i + 1 < ranges.size(); i += 2)
    if (ranges[i] <= element && element <= ranges[i + 1])
      return true;
  return ranges.empty();
}

bool ConnectionClass::isIn(const ConnectionPart &part) const {
  return contains(part.sources, source) && contains(part.targets, target);
}

bool ConnectionClass::isIn(ConstrainOp constraint) const {
  return llvm::any_of(partsOf(constraint, projection),
                      [&](const ConnectionPart &part) { return isIn(part); });
}

/// Elements of an end that differ in which ranges they are in.
static SmallVector<int64_t> representatives(ArrayRef<int64_t> own,
                                            ArrayRef<ArrayRef<int64_t>> lists) {
  // Where nothing begins or ends, the next element is in the same ranges.
  SmallVector<int64_t> borders = {own.empty() ? 0 : own[0]};
  for (ArrayRef<int64_t> ranges : lists)
    for (size_t i = 0; i + 1 < ranges.size(); i += 2)
      borders.append({ranges[i], ranges[i + 1] + 1});
  for (size_t i = 0; i + 1 < own.size(); i += 2)
    borders.push_back(own[i]);
  llvm::sort(borders);
  SmallVector<int64_t> result;
  std::set<std::vector<bool>> seen;
  for (int64_t element : borders) {
    std::vector<bool> isIn;
    for (ArrayRef<int64_t> ranges : lists)
      isIn.push_back(contains(ranges, element));
    if (contains(own, element) && seen.insert(isIn).second)
      result.push_back(element);
  }
  return result;
}

SmallVector<ConnectionClass> synfire::neuro::classesOf(ProjectionOp projection) {
  SmallVector<ArrayRef<int64_t>> sources, targets;
  auto add = [&](ArrayRef<int64_t> from, ArrayRef<int64_t> onto) {
    if (!from.empty())
      sources.push_back(from);
    if (!onto.empty())
      targets.push_back(onto);
  };
  for (ConstrainOp constraint : constraintsOf(projection))
    for (const ConnectionPart &part : partsOf(constraint, projection))
      add(part.sources, part.targets);
  projection.walk([&](WithinOp within) { add(within.getSources(), within.getTargets()); });
  // Elements behind the last one are no class of their own.
  auto inside = [](SmallVector<int64_t> elements, PopulationOp population) {
    llvm::erase_if(elements, [&](int64_t e) { return e >= int64_t(population.getSize()); });
    return elements;
  };
  SmallVector<ConnectionClass> result;
  for (int64_t source :
       inside(representatives(projection.getSource().getElements(), sources), sourceOf(projection)))
    for (int64_t target : inside(representatives(projection.getTarget().getElements(), targets),
                                 targetOf(projection)))
      result.push_back({projection, source, target});
  return result;
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
    if (isOfWhole(constraint, projection))
      result = result.meet(neuro::limitsOf(constraint, projection));
  return result;
}

Interval synfire::neuro::limitsOf(ProjectionOp projection) {
  Interval result;
  for (ConstrainOp constraint : constraintsOf(projection))
    if (isOfWhole(constraint, projection))
      result = result.meet(limitsOf(constraint, projection));
  return result;
}

Interval synfire::neuro::limitsOf(const ConnectionClass &connections) {
  Interval result;
  for (ConstrainOp constraint : constraintsOf(connections.projection))
    if (connections.isIn(constraint))
      result = result.meet(limitsOf(constraint, connections.projection));
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

/// Whether connections are in a part, if that is one thing for all of them.
Interval isWithin(WithinOp within, const ConnectionClass *connections) {
  return !connections                                                    ? Interval{0, 1}
         : connections->isIn({within.getSources(), within.getTargets()}) ? Interval::point(1)
                                                                         : Interval::point(0);
}

Interval valueOf(Operation *owner, Operation *type, Block &body,
                 const ConnectionClass *connections) {
  return intervalOf(yieldedValues(body)[0], [&](Value value) {
    Operation *op = value.getDefiningOp();
    if (auto within = dyn_cast_or_null<WithinOp>(op))
      return isWithin(within, connections);
    if (auto column = dyn_cast_or_null<ColumnOp>(op))
      return columnOf(owner, column);
    if (isa_and_nonnull<DistanceOp, IndexOp, TimestepOp, TimeOp>(op))
      return Interval::atLeast(0);
    auto get = dyn_cast_or_null<GetOp>(op);
    return get && get.getSide() == Side::Self
               ? startOf(owner, type, variableName(get.getVariable()), connections)
               : Interval();
  });
}

} // namespace

Interval synfire::neuro::startOf(Operation *owner, Operation *type, StringRef name,
                                 const ConnectionClass *connections) {
  if (InitOp init = findInit(owner, name))
    return valueOf(owner, type, init.getBody().front(), connections);
  if (auto set = owner->getAttrOfType<DictionaryAttr>("set"))
    if (auto number = set.getAs<FloatAttr>(name))
      return Interval::point(number.getValueAsDouble());
  Operation *declared = findDeclaration(type, name);
  if (!isa_and_nonnull<ParameterOp, StateOp>(declared))
    return {};
  if (auto number = declared->getAttrOfType<FloatAttr>("value"))
    return Interval::point(number.getValueAsDouble());
  if (Region &body = declared->getRegion(0); !body.empty())
    return valueOf(owner, type, body.front(), connections);
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

Interval synfire::neuro::assignedTo(ProjectionOp projection, StringRef name,
                                    const ConnectionClass *connections) {
  Interval result{Interval::infinity, -Interval::infinity};
  auto module = projection->getParentOfType<ModuleOp>();
  for (auto experiment : module.getOps<ExperimentOp>())
    experiment.walk([&](AssignOp assign) {
      auto changed = assign.getProjection();
      if (!changed || changed->getRootReference() != projection.getSymName() ||
          variableName(assign.getVariable()) != name)
        return;
      result = result.hull(intervalOf(yieldedValues(assign.getBody().front())[0], [&](Value value) {
        auto within = value.getDefiningOp<WithinOp>();
        return within ? isWithin(within, connections) : Interval();
      }));
    });
  return result;
}

bool synfire::neuro::readsFile(ProjectionOp projection, StringRef name) {
  bool reads = false;
  if (InitOp init = findInit(projection, name))
    init.walk([&](ColumnOp) { reads = true; });
  return reads;
}
