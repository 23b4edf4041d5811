//===- Network.cpp - a circuit as cells and connections ---===//
#include "targets/reference/Network.h"

#include "runtime/connect/PairSource.h"
#include "runtime/random/Grid.h"
#include "targets/reference/Draws.h"

#include <cmath>

using namespace mlir;
using namespace synfire;
using namespace synfire::neuro;
using namespace synfire::reference;

//===----------------------------------------------------------------------===//
// Values
//===----------------------------------------------------------------------===//

const Program &Network::program(Block &block, const Model *self, const Model *pre,
                                const Model *post) {
  auto found = programs.find(&block);
  if (found == programs.end())
    found = programs.emplace(&block, Program(block, self, pre, post)).first;
  return found->second;
}

Frame Network::frameAt(const Place &place) {
  Frame frame;
  frame.timestep = dt;
  frame.index = place.element;
  frame.special = [this, &place](Operation *op, ArrayRef<double> operands) {
    return special(op, operands, place);
  };
  return frame;
}

double Network::special(Operation *op, ArrayRef<double> operands, const Place &place) {
  const Connection *connection = place.connection;
  if (auto draw = dyn_cast<DrawOp>(op)) {
    size_t arguments = draw.getArguments().size();
    DrawPlace where{seed,
                    place.name,
                    purposeOf(draw, place.purpose),
                    connection != nullptr,
                    connection ? connection->target : place.element,
                    connection ? connection->position : 0};
    return drawValue(draw, operands.take_front(arguments), operands.drop_front(arguments), where);
  }
  if (auto column = dyn_cast<ColumnOp>(op)) {
    auto table = find<TableOp>(circuit, column.getTable());
    auto values = table.getColumns().getAs<DenseElementsAttr>(column.getColumn());
    return values.getValues<double>()[connection ? connection->position : place.element];
  }
  if (auto read = dyn_cast<FrameValueOp>(op)) {
    const FrameSequence &sequence = frames[read.getFrames().str()];
    return read.getField() == "value"   ? sequence.data.value(sequence.present, place.element)
           : read.getField() == "label" ? double(sequence.data.labels[sequence.present])
                                        : double(sequence.present);
  }
  if (isa<DistanceOp>(op) && connection)
    return distance(*place.group, *connection);
  return std::nan("");
}

double Network::distance(const Group &group, const Connection &connection) {
  const auto &from = group.source->cells[connection.source].position;
  const auto &to = group.target->cells[connection.target].position;
  auto positions = group.target->op.getBody().getOps<PositionOp>();
  std::optional<ArrayRef<double>> period;
  if (!positions.empty())
    period = (*positions.begin()).getPeriod();
  double sum = 0;
  for (size_t i = 0; i < std::min(from.size(), to.size()); ++i) {
    double d = to[i] - from[i];
    if (period && i < period->size())
      d -= (*period)[i] * std::round(d / (*period)[i]);
    sum += d * d;
  }
  return std::sqrt(sum);
}

static InitOp findInit(Operation *owner, StringRef name) {
  for (auto init : owner->getRegion(0).getOps<InitOp>())
    if (init.getVariable() == name)
      return init;
  return nullptr;
}

/// The region that computes the start value of a variable, or the number that it is.
static std::pair<Block *, std::optional<double>> startOf(const Model &model, Operation *owner,
                                                         StringRef name) {
  if (InitOp init = findInit(owner, name))
    return {&init.getBody().front(), std::nullopt};
  if (auto set = owner->getAttrOfType<DictionaryAttr>("set"))
    if (auto value = set.getAs<FloatAttr>(name))
      return {nullptr, value.getValueAsDouble()};
  Operation *declaration = find<ParameterOp>(model.type, name);
  if (!declaration)
    declaration = find<StateOp>(model.type, name);
  if (!declaration)
    return {nullptr, 0.0}; // an input
  if (!declaration->getRegion(0).empty())
    return {&declaration->getRegion(0).front(), std::nullopt};
  auto value = declaration->getAttrOfType<FloatAttr>("value");
  return {nullptr, value ? std::optional<double>(value.getValueAsDouble()) : std::nullopt};
}

LogicalResult Network::fill(std::vector<double> &values, const Model &model, Operation *owner,
                            Frame frame, Place &place, const Model *pre, const Model *post) {
  values.assign(model.names.size(), 0.0);
  std::vector<char> known(model.names.size(), 0); // 1: being computed
  std::function<LogicalResult(int)> need = [&](int number) -> LogicalResult {
    if (known[number] == 2)
      return success();
    const std::string &name = model.names[number];
    if (known[number] == 1)
      return owner->emitOpError() << "the start value of `" << name << "` depends on itself";
    known[number] = 1;
    auto [region, value] = startOf(model, owner, name);
    if (!region && !value)
      return owner->emitOpError() << "has no value for `" << name << "`";
    if (region) {
      for (auto get : region->getOps<GetOp>())
        if (int read = model.find(variableName(get.getVariable()));
            get.getSide() == Side::Self && read >= 0 && failed(need(read)))
          return failure();
      frame.self = values.data();
      place.purpose = name;
      value = program(*region, &model, pre, post).evaluateOne(frame);
    }
    values[number] = *value;
    known[number] = 2;
    return success();
  };
  for (size_t i = 0; i < values.size(); ++i)
    if (failed(need(i)))
      return failure();
  return success();
}

//===----------------------------------------------------------------------===//
// Populations
//===----------------------------------------------------------------------===//

LogicalResult Network::build() {
  for (auto op : circuit.getBody().getOps<FramesOp>())
    if (failed(addFrames(op)))
      return failure();
  for (auto op : circuit.getBody().getOps<PopulationOp>())
    if (failed(addPopulation(op)))
      return failure();
  for (Operation &op : circuit.getBody().front())
    if (isa<ProjectionOp, StimulusOp>(op) && failed(addGroup(&op)))
      return failure();
  for (auto &[block, program] : programs)
    if (Operation *op = program.unknown())
      return op->emitOpError("has no meaning in the reference interpreter");
  return success();
}

const Model *Network::modelOf(StringRef name) {
  auto &model = models[name.str()];
  if (!model) {
    auto symbol = StringAttr::get(circuit.getContext(), name);
    model = std::make_unique<Model>(SymbolTable::lookupSymbolIn(circuit->getParentOp(), symbol));
  }
  return model.get();
}

Population *Network::population(StringRef name) {
  for (auto &population : populations)
    if (population->op.getSymName() == name)
      return population.get();
  return nullptr;
}

runtime::Selection Network::selection(RefAttr ref) {
  uint32_t size = population(ref.getPopulation().getValue())->cells.size();
  if (ref.getElements().empty())
    return runtime::Selection::all(size);
  std::vector<runtime::ElementRange> ranges;
  for (size_t i = 0; i + 1 < ref.getElements().size(); i += 2)
    ranges.push_back({uint32_t(ref.getElements()[i]), uint32_t(ref.getElements()[i + 1])});
  auto result = runtime::Selection::of(std::move(ranges), size);
  return result ? *result : runtime::Selection();
}

std::vector<uint32_t> Network::elements(RefAttr ref) {
  runtime::Selection selected = selection(ref);
  std::vector<uint32_t> result;
  for (uint32_t i = 0; i < selected.count(); ++i)
    result.push_back(selected.element(i));
  return result;
}

std::optional<StateSolver> synfire::reference::solverOf(PopulationOp population, StringRef name) {
  if (auto solve = population.getSolve())
    for (auto solution : solve->getAsRange<SolutionAttr>())
      if (solution.getState().getValue() == name)
        return StateSolver{solution.getMethod(), int(solution.getSubsteps()), {}};
  return std::nullopt;
}

LogicalResult Network::addFrames(FramesOp op) {
  auto data = runtime::readFrames(op.getImages().str(), op.getLabels().value_or("").str());
  if (!data)
    return op.emitError(data.status().message());
  int64_t period = runtime::toSteps(op.getPeriod().convertToDouble(), dt).steps;
  frames[op.getSymName().str()] = {std::move(*data), std::max<int64_t>(1, period), 0, {}, {}};
  return success();
}

LogicalResult Network::addPopulation(PopulationOp op) {
  populations.push_back(std::make_unique<Population>());
  Population &population = *populations.back();
  population.op = op;
  population.name = op.getSymName().str();
  const Model *model = population.model = modelOf(op.getNeuron());
  for (StateOp state : model->states) {
    EquationOp equation = model->equation(state.getSymName());
    population.equations.push_back(equation ? program(equation.getBody().front(), model)
                                            : Program());
    auto chosen = solverOf(op, state.getSymName());
    if (equation && !chosen)
      return op.emitOpError() << "has no solver for `" << state.getSymName()
                              << "`; run `neuro-prepare` first";
    StateSolver solver = chosen.value_or(StateSolver());
    for (auto solve : model->type->getRegion(0).getOps<SolveOp>())
      for (auto name : solve.getStates().getAsRange<SymbolRefAttr>())
        if (variableName(name) == state.getSymName() && solve.getAfter())
          for (auto other : solve.getAfter()->getAsRange<SymbolRefAttr>())
            solver.after.push_back(model->find(variableName(other)));
    population.solvers.push_back(solver);
  }
  for (auto spike : model->type->getRegion(0).getOps<SpikeOp>()) {
    population.spike = spike;
    population.condition = program(spike.getCondition().front(), model);
    population.reset = program(spike.getReset().front(), model);
    // The wall of rk4 stages: the level of a rule that tests one state against parameters.
    ValueRange sides = spike.getCondition().front().getTerminator()->getOperands();
    bool level = true;
    spike.getCondition().walk([&](GetOp get) {
      level &= get.getResult() == sides[0] ||
               bool(find<ParameterOp>(model->type, variableName(get.getVariable())));
    });
    if (auto left = sides[0].getDefiningOp<GetOp>();
        left && level && spike.getTest() == SpikeTest::AtOrAbove)
      population.walledState = variableName(left.getVariable());
  }
  population.cells.resize(op.getSize());
  for (auto [i, cell] : llvm::enumerate(population.cells)) {
    Place place{population.name, "", uint32_t(i)};
    Frame frame = frameAt(place);
    if (failed(fill(cell.values, *model, op, frame, place, nullptr, nullptr)))
      return failure();
    cell.held.assign(model->states.size(), 0);
    place.purpose = "position";
    for (auto position : op.getBody().getOps<PositionOp>())
      cell.position = program(position.getBody().front(), model).evaluate(frame);
  }
  return success();
}
