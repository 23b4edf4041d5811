//===- Network.cpp - a circuit as cells and connections ---===//
#include "targets/reference/Network.h"

#include "runtime/connect/PairSource.h"
#include "runtime/random/Grid.h"

#include <cmath>

using namespace mlir;
using namespace synfire;
using namespace synfire::neuro;
using namespace synfire::reference;

//===----------------------------------------------------------------------===//
// Types
//===----------------------------------------------------------------------===//

/// Marks the states of a synapse that a region reads, but for those of rules; whether one is new.
static bool mark(Region &region, const Model &model, std::vector<char> &marked) {
  bool isNew = false;
  region.walk([&](GetOp get) {
    int number = model.find(get.getVariable().getRootReference());
    if (get.getSide() == Side::Self && number >= 0 && number < int(marked.size()) &&
        !model.variables[number]->hasAttr("plastic"))
      isNew |= !std::exchange(marked[number], 1);
  });
  return isNew;
}

/// The states of a synapse that live at the target (S2): those that contributions read, and those
/// that equations of such states read.
static std::vector<char> statesAtTarget(const Model &model) {
  std::vector<char> marked(model.equations.size(), 0);
  for (ContributeOp contribution : model.contributions)
    mark(contribution.getBody(), model, marked);
  for (bool changed = true; changed;) {
    changed = false;
    for (auto [i, equation] : llvm::enumerate(model.equations))
      if (equation && marked[i])
        changed |= mark(*equation->getParent(), model, marked);
  }
  return marked;
}

/// Whether a statement of a handler gives a variable of the synapse another value.
static bool changes(Operation *statement, StringAttr variable) {
  auto add = dyn_cast<AddOp>(statement);
  auto set = dyn_cast<SetOp>(statement);
  return (add && add.getSide() == Side::Self && add.getVariable().getRootReference() == variable) ||
         (set && set.getVariable().getRootReference() == variable);
}

/// The side whose handlers alone move a state that decays by itself, or none (G4).
static std::optional<Trigger> traceOf(const Model &model, int state) {
  std::optional<Trigger> result;
  if (!model.equations[state] || model.variables[state]->hasAttr("plastic"))
    return result;
  bool moved[2] = {false, false};
  for (OnOp handler : model.handlers)
    handler.walk([&](Operation *statement) {
      moved[handler.getTrigger() == Trigger::Post] |= changes(statement, model.nameOf(state));
    });
  if (moved[0] != moved[1])
    result = moved[0] ? Trigger::Pre : Trigger::Post;
  return result;
}

Model::Model(Operation *type) : type(type), context(type->getContext()) {
  for (auto state : body().getOps<StateOp>()) {
    auto all = body().getOps<EquationOp>();
    auto own =
        llvm::find_if(all, [&](EquationOp op) { return op.getState() == state.getSymName(); });
    equations.push_back(own == all.end() ? nullptr : &(*own).getBody().front());
    variables.push_back(state);
  }
  for (Operation &op : body().front()) {
    if (isa<ParameterOp>(op))
      variables.push_back(&op);
    if (auto rule = dyn_cast<SpikeOp>(op))
      spike = rule;
  }
  for (auto input : body().getOps<InputOp>()) {
    inputs.push_back(int(variables.size()));
    variables.push_back(input);
  }
  for (auto [number, variable] : llvm::enumerate(variables))
    numbers[SymbolTable::getSymbolName(variable)] = number;
  llvm::append_range(contributions, body().getOps<ContributeOp>());
  llvm::append_range(handlers, body().getOps<OnOp>());
  llvm::append_range(bounds, body().getOps<BoundOp>());
  type->walk([&](NoiseOp noise) {
    if (!llvm::is_contained(streams, noise.getStreamAttr()))
      streams.push_back(noise.getStreamAttr());
  });
  atTarget = statesAtTarget(*this);
  for (size_t state = 0; state < equations.size(); ++state)
    traceOf.push_back(::traceOf(*this, state));
}

bool Model::handles(Trigger trigger) const {
  return llvm::any_of(handlers, [&](OnOp handler) { return handler.getTrigger() == trigger; });
}

int Model::find(StringAttr name) const {
  auto found = numbers.find(name);
  return found == numbers.end() ? -1 : found->second;
}

StringAttr Model::nameOf(int variable) const {
  return SymbolTable::getSymbolName(variables[variable]);
}

Model *Network::modelOf(StringRef name) {
  auto known = models.find(name.str());
  if (known == models.end()) {
    auto symbol = StringAttr::get(circuit.getContext(), name);
    Operation *type = SymbolTable::lookupSymbolIn(circuit->getParentOp(), symbol);
    known = models.emplace(name.str(), Model(type)).first;
  }
  return &known->second;
}

//===----------------------------------------------------------------------===//
// Groups
//===----------------------------------------------------------------------===//

LogicalResult Network::build() {
  if (failed(checkMeaning(circuit)))
    return failure();
  for (auto op : circuit.getBody().getOps<FramesOp>())
    if (failed(addFrames(op)))
      return failure();
  for (auto op : circuit.getBody().getOps<PopulationOp>())
    if (failed(addPopulation(op)))
      return failure();
  for (Operation &op : circuit.getBody().front())
    if (isa<ProjectionOp, StimulusOp>(op) && failed(addConnections(&op)))
      return failure();
  return success();
}

int64_t Network::steps(double time) { return runtime::toSteps(time, dt).steps; }

Group &Network::group(StringRef name) {
  return *llvm::find_if(groups, [&](Group &group) { return group.name == name; });
}

runtime::Selection Network::selection(RefAttr ref) {
  uint32_t size = population(ref).instances.size();
  std::vector<runtime::ElementRange> ranges;
  for (size_t i = 0; i + 1 < ref.getElements().size(); i += 2)
    ranges.push_back({uint32_t(ref.getElements()[i]), uint32_t(ref.getElements()[i + 1])});
  auto result = runtime::Selection::of(std::move(ranges), size);
  return ref.getElements().empty() || !result ? runtime::Selection::all(size) : *result;
}

std::vector<Instance *> Network::cells(RefAttr ref) {
  runtime::Selection selected = selection(ref);
  std::vector<Instance *> result;
  for (uint32_t i = 0; i < selected.count(); ++i)
    result.push_back(&population(ref).instances[selected.element(i)]);
  return result;
}

std::vector<Instance *> Group::inCanonicalOrder() {
  std::vector<Instance *> order;
  for (Instance &instance : instances)
    order.push_back(&instance);
  auto key = [](const Instance *c) {
    return std::tuple(c->source->number, c->number, c->axonal + c->dendritic, c->position);
  };
  llvm::sort(order, [&](const Instance *a, const Instance *b) { return key(a) < key(b); });
  return order;
}

LogicalResult Network::addFrames(FramesOp op) {
  auto data = runtime::readFrames(op.getImages().str(), op.getLabels().value_or("").str());
  if (!data)
    return op.emitError(data.status().message());
  frames[op.getSymName().str()] = {std::move(*data), period(op.getPeriod().convertToDouble())};
  return success();
}

static ArrayRef<Attribute> elementsOf(std::optional<ArrayAttr> array) {
  return array ? array->getValue() : ArrayRef<Attribute>();
}

// `solve` of a population names its own states, `projection.state` where that is lumped, and
// `projection[*].state` where every connection has its own.
LogicalResult Network::giveSolvers(Group &group) {
  auto population = cast<PopulationOp>(group.target ? group.target->op : group.op);
  auto named = [&](std::string name) -> SolutionAttr {
    for (Attribute solution : elementsOf(population.getSolve()))
      if (cast<SolutionAttr>(solution).getState().getValue() == name)
        return cast<SolutionAttr>(solution);
    return nullptr;
  };
  for (auto [i, equation] : llvm::enumerate(group.model->equations)) {
    std::string state = group.model->nameOf(i).str();
    std::string own = (group.target ? group.name + "." : "") + state;
    SolutionAttr shared = named(own), chosen = shared;
    if (group.target && !shared)
      chosen = named(group.name + "[*]." + state);
    if (equation && !chosen)
      return group.op->emitOpError()
             << "has no solver for `" << own << "`; run `neuro-prepare` first";
    StateSolver solver;
    if (chosen)
      solver = {chosen.getMethod(), int(chosen.getSubsteps()), {}};
    for (auto solve : group.model->body().getOps<SolveOp>())
      if (llvm::is_contained(solve.getStates(), FlatSymbolRefAttr::get(group.model->nameOf(i))))
        for (Attribute other : elementsOf(solve.getAfter()))
          solver.after.push_back(group.model->find(cast<SymbolRefAttr>(other).getRootReference()));
    group.solvers.push_back(solver);
    group.lumped.push_back(group.target && shared);
  }
  return success();
}

/// The state that stages of rk4 keep below the level of the spike rule, or -1: where that compares
/// one state with parameters.
static int walledState(const Model &model) {
  SpikeOp spike = model.spike;
  if (!spike || spike.getTest() != SpikeTest::AtOrAbove)
    return -1;
  auto left = spike.getCondition().front().getTerminator()->getOperand(0).getDefiningOp<GetOp>();
  bool level = bool(left);
  spike.getCondition().walk([&](GetOp get) {
    int number = model.find(get.getVariable().getRootReference());
    level &= get == left || (number >= 0 && isa<ParameterOp>(model.variables[number]));
  });
  int number = level ? model.find(left.getVariable().getRootReference()) : -1;
  return number < int(model.equations.size()) ? number : -1;
}

LogicalResult Network::addPopulation(PopulationOp op) {
  Group &group = groups.emplace_back(op);
  group.model = modelOf(op.getNeuron());
  if (failed(checkMeaning(group.model->type)) || failed(giveSolvers(group)))
    return failure();
  group.walled = walledState(*group.model);
  for (uint32_t i = 0; i < op.getSize(); ++i) {
    Instance &cell = group.instances.emplace_back(&group, i);
    if (failed(giveValues(cell)))
      return failure();
    cell.held.assign(group.model->equations.size(), 0);
    View view = this->view(cell);
    view.purpose = "position";
    for (auto position : op.getBody().getOps<PositionOp>())
      cell.coordinates = evaluateAll(position.getBody().front(), view);
  }
  return success();
}

LogicalResult Network::addConnections(Operation *op) {
  Group &group = groups.emplace_back(op);
  auto projection = dyn_cast<ProjectionOp>(op);
  auto stimulus = dyn_cast<StimulusOp>(op);
  RefAttr target = projection ? projection.getTarget() : stimulus.getTarget();
  group.target = &population(target);
  if (projection)
    group.source = &population(projection.getSource());

  if (projection || stimulus.getSynapse()) {
    group.model = modelOf(projection ? projection.getSynapse() : *stimulus.getSynapse());
    if (failed(checkMeaning(group.model->type)) || failed(giveSolvers(group)))
      return failure();
    bindFactors(group);
    for (ContributeOp contribution : group.model->contributions) {
      std::vector<char> reads(group.lumped.size(), 0);
      mark(contribution.getBody(), *group.model, reads);
      group.present.push_back(false);
      for (auto [read, lumped] : llvm::zip(reads, group.lumped))
        group.present.back() |= read && lumped;
    }
  } else if (stimulus.getInput()) {
    group.input = group.target->model->find(stimulus.getInput()->getRootReference());
  } else { // the one that there is (C6)
    auto inputs = group.target->model->body().getOps<InputOp>();
    group.input = group.target->model->find((*inputs.begin()).getSymNameAttr());
  }

  if (stimulus)
    for (Instance *cell : cells(target))
      group.instances.emplace_back(&group, cell->number);
  else if (failed(connect(group, projection)))
    return failure();
  for (Instance &connection : group.instances) {
    connection.target = &group.target->instances[connection.number];
    connection.target->incoming.push_back(&connection);
    if (connection.source)
      connection.source->outgoing.push_back(&connection);
    if (group.model && failed(giveValues(connection)))
      return failure();
    if (group.model)
      giveDelay(connection);
    else
      connection.values = {0.0};
  }
  return success();
}

void Network::bindFactors(Group &group) {
  for (auto bind : group.op->getRegion(0).getOps<BindOp>()) {
    Instance *cell = cells(bind.getSource()).front();
    group.thirdFactors.push_back({group.model->find(bind.getInput()), cell,
                                  cell->group->model->find(bind.getVariable().getRootReference()),
                                  bind.getDelay() ? steps(*bind.getDelay()) : 0});
  }
}

LogicalResult Network::connect(Group &group, ProjectionOp op) {
  using Kind = runtime::RuleKind;
  DictionaryAttr arguments = op.getArguments();
  auto integer = [&](StringRef name) {
    auto value = arguments.getAs<IntegerAttr>(name);
    return value ? uint64_t(value.getInt()) : 0;
  };
  auto number = [&](StringRef name) {
    auto value = arguments.getAs<FloatAttr>(name);
    return value ? value.getValueAsDouble() : 0.0;
  };
  auto connection = [&](uint32_t pre, uint32_t post) {
    Instance result(&group, post);
    result.source = &group.source->instances[pre];
    result.target = &group.target->instances[post];
    return result;
  };
  runtime::ConnectSpec spec;
  spec.name = group.name;
  spec.seed = seed;
  spec.sources = selection(op.getSource());
  spec.targets = selection(op.getTarget());
  spec.samePopulation = group.source == group.target;
  runtime::ConnectRule &rule = spec.rule;
  if (auto allowed = arguments.getAs<BoolAttr>("autapses"))
    rule.autapses = allowed.getValue();
  if (auto allowed = arguments.getAs<BoolAttr>("multapses"))
    rule.multapses = allowed.getValue();
  // Both name the rules in the language's words, but for tables.
  rule.kind = op.getRule() == ConnectRule::Table ? Kind::Table : Kind::OneToOne;
  while (rule.kind != Kind::Table && stringifyConnectRule(op.getRule()) != ruleName(rule.kind))
    rule.kind = Kind(int(rule.kind) + 1);
  rule.number = integer("k") + integer("n") + integer("groups");
  rule.p = number("p") + number("beta") + number("p_in");
  rule.pOut = number("p_out");
  for (auto argument : op.getBody().getOps<ArgumentOp>()) {
    rule.kind = Kind::ProbabilityOf;
    rule.probabilityOf = [&, argument](const uint32_t *pre, const uint32_t *post, size_t n,
                                       double *out) mutable {
      for (size_t i = 0; i < n; ++i) {
        Instance pair = connection(pre[i], post[i]);
        out[i] = evaluate(argument.getBody().front(), view(pair));
      }
    };
  }
  if (op.getTable()) {
    auto columns = find<TableOp>(circuit, *op.getTable()).getColumns();
    auto column = [&](StringRef name) {
      auto values = columns.getAs<DenseElementsAttr>(name).getValues<double>();
      return std::vector<uint32_t>(values.begin(), values.end());
    };
    rule.tablePre = column("pre");
    rule.tablePost = column("post");
  }
  auto pairs = runtime::PairSource::create(std::move(spec));
  if (!pairs)
    return op.emitError(pairs.status().message());
  (*pairs)->enumerate(0, group.target->instances.size(), [&](const runtime::PairBatch &batch) {
    for (size_t i = 0; i < batch.size; ++i) {
      group.instances.push_back(connection(batch.pre[i], batch.post[i]));
      group.instances.back().position = batch.position[i];
    }
  });
  return success();
}

//===----------------------------------------------------------------------===//
// Start values
//===----------------------------------------------------------------------===//

/// The region or the number that gives a variable its start value; `declaration` may be null.
static std::pair<Region *, FloatAttr> startOf(Operation *owner, StringAttr name,
                                              Operation *declaration) {
  for (auto init : owner->getRegion(0).getOps<InitOp>())
    if (init.getVariableAttr().getAttr() == name)
      return {&init.getBody(), nullptr};
  if (auto set = owner->getAttrOfType<DictionaryAttr>("set"))
    if (auto number = set.getAs<FloatAttr>(name))
      return {nullptr, number};
  if (!declaration || isa<InputOp>(declaration))
    return {nullptr, nullptr};
  Region &region = declaration->getRegion(0);
  return {region.empty() ? nullptr : &region, declaration->getAttrOfType<FloatAttr>("value")};
}

double Network::evaluateStart(const Instance &instance, StringAttr name, Region &region) {
  View view = this->view(instance);
  view.purpose = name.str();
  return evaluate(region.front(), view);
}

LogicalResult Network::giveValues(Instance &instance) {
  size_t count = instance.group->model->variables.size();
  instance.values.assign(count, 0.0);
  std::vector<char> known(count, 0);
  for (size_t i = 0; i < count; ++i)
    if (failed(giveValue(instance, i, known)))
      return failure();
  return success();
}

// After the values that it depends on; `known` is 1 while a value is being found, then 2.
LogicalResult Network::giveValue(Instance &instance, int variable, std::vector<char> &known) {
  Operation *owner = instance.group->op;
  Model &model = *instance.group->model;
  StringAttr name = model.nameOf(variable);
  if (known[variable] == 2)
    return success();
  if (known[variable] == 1)
    return owner->emitOpError() << "the start value of " << name << " depends on itself";
  known[variable] = 1;
  auto [region, number] = startOf(owner, name, model.variables[variable]);
  if (region) {
    for (auto get : region->getOps<GetOp>())
      if (int read = model.find(get.getVariable().getRootReference());
          get.getSide() == Side::Self && read >= 0 && failed(giveValue(instance, read, known)))
        return failure();
    instance.values[variable] = evaluateStart(instance, name, *region);
  } else if (number) {
    instance.values[variable] = number.getValueAsDouble();
  } else if (!isa<InputOp>(model.variables[variable])) {
    return owner->emitOpError() << "has no value for " << name;
  }
  known[variable] = 2;
  return success();
}

// Rounded to steps once, then divided (G1, G2, S3, S5).
void Network::giveDelay(Instance &connection) {
  Group &group = *connection.group;
  auto projection = dyn_cast<ProjectionOp>(group.op);
  bool events = group.model->handles(Trigger::Pre) || group.model->handles(Trigger::Post);
  bool least = projection && events;
  double delay = least ? dt : 0.0, fraction = 1.0;
  auto name = StringAttr::get(group.model->context, "delay");
  auto [region, number] = startOf(group.op, name, nullptr);
  if (region || number)
    delay = region ? evaluateStart(connection, name, *region) : number.getValueAsDouble();
  group.delaysValues = (region || number) && (!events || group.model->type->hasAttr("graded"));
  if (projection && projection.getDendriticFraction())
    fraction = projection.getDendriticFraction()->convertToDouble();
  int64_t steps = std::max<int64_t>(least, this->steps(delay));
  connection.dendritic = int64_t(std::floor(fraction * double(steps) + 0.5));
  connection.axonal = steps - connection.dendritic;
}
