//===- Groups.cpp - the connections of projections and stimuli ---===//
#include "targets/reference/Network.h"

#include "runtime/connect/PairSource.h"
#include "runtime/random/Grid.h"

#include <cmath>

using namespace mlir;
using namespace synfire;
using namespace synfire::neuro;
using namespace synfire::reference;

/// The states of a synapse that live at the target (S2): those that contributions read, and those
/// that equations of such states read; what a rule moves stays at the synapse.
static std::vector<char> statesAtTarget(const Model &model) {
  std::vector<char> marked(model.states.size(), 0);
  auto mark = [&](Region &body) {
    bool changed = false;
    body.walk([&](GetOp get) {
      int number = model.find(variableName(get.getVariable()));
      if (get.getSide() == Side::Self && number >= 0 && number < int(marked.size()) &&
          !model.states[number]->hasAttr("plastic"))
        changed |= !std::exchange(marked[number], 1);
    });
    return changed;
  };
  for (auto contribution : model.type->getRegion(0).getOps<ContributeOp>())
    mark(contribution.getBody());
  for (bool changed = true; changed;) {
    changed = false;
    for (auto [i, state] : llvm::enumerate(model.states))
      if (auto equation = model.equation(StateOp(state).getSymName()); equation && marked[i])
        changed |= mark(equation.getBody());
  }
  return marked;
}

LogicalResult Network::addGroup(Operation *op) {
  groups.push_back(std::make_unique<Group>());
  Group &group = *groups.back();
  auto projection = dyn_cast<ProjectionOp>(op);
  auto stimulus = dyn_cast<StimulusOp>(op);
  group.op = op;
  StringRef name = SymbolTable::getSymbolName(op).getValue();
  group.name = name.str();
  if (projection)
    group.source = population(projection.getSource().getPopulation().getValue());
  RefAttr target = projection ? projection.getTarget() : stimulus.getTarget();
  group.target = population(target.getPopulation().getValue());
  const Model *pre = group.source ? group.source->model : nullptr, *post = group.target->model;

  if (projection || stimulus.getSynapse()) {
    const Model *model = group.model =
        modelOf(projection ? projection.getSynapse() : *stimulus.getSynapse());
    Region &body = model->type->getRegion(0);
    group.atTarget = statesAtTarget(*model);
    for (auto [i, state] : llvm::enumerate(model->states)) {
      EquationOp equation = model->equation(StateOp(state).getSymName());
      // Where a synapse meets different neurons its programs differ: no sharing by block.
      group.equations.push_back(equation ? Program(equation.getBody().front(), model, pre, post)
                                         : Program());
      std::string own = (name + "." + StateOp(state).getSymName()).str();
      auto lumped = solverOf(group.target->op, own);
      auto each = solverOf(group.target->op, (name + "[*]." + StateOp(state).getSymName()).str());
      if (equation && !lumped && !each)
        return op->emitOpError() << "has no solver for `" << own << "`; run `neuro-prepare` first";
      group.solvers.push_back(lumped ? *lumped : each.value_or(StateSolver()));
      group.lumped.push_back(lumped.has_value());
    }
    for (auto contribution : body.getOps<ContributeOp>()) {
      bool present = false;
      contribution.walk([&](GetOp get) {
        int number = model->find(variableName(get.getVariable()));
        if (get.getSide() == Side::Self && number >= 0 && number < int(group.lumped.size()))
          present |= group.lumped[number];
      });
      group.contributions.push_back({Program(contribution.getBody().front(), model, pre, post),
                                     post->find(variableName(contribution.getInput())), present});
    }
    for (auto handler : body.getOps<OnOp>()) {
      auto &handlers = handler.getTrigger() == Trigger::Pre ? group.onPre : group.onPost;
      handlers.push_back(Program(handler.getBody().front(), model, pre, post));
      if (Operation *unknown = handlers.back().unknown())
        return unknown->emitOpError("has no meaning in the reference interpreter");
    }
    addPlasticity(group, pre, post);
  }
  if (failed(projection ? connect(group, projection) : connectStimulus(group, stimulus)))
    return failure();
  group.byTarget.resize(group.target->cells.size());
  group.bySource.resize(group.source ? group.source->cells.size() : group.target->cells.size());
  for (auto [i, connection] : llvm::enumerate(group.connections)) {
    group.byTarget[connection.target].push_back(i);
    group.bySource[connection.source].push_back(i);
  }
  return group.model ? giveValues(group) : success();
}

std::vector<int> Group::canonicalOrder() const {
  std::vector<int> order(connections.size());
  for (size_t i = 0; i < order.size(); ++i)
    order[i] = int(i);
  auto key = [&](int i) {
    const Connection &c = connections[i];
    return std::tuple(c.source, c.target, c.axonal + c.dendritic, c.position);
  };
  std::sort(order.begin(), order.end(), [&](int a, int b) { return key(a) < key(b); });
  return order;
}

/// What rules add to a synapse: timers, bounds, third factors, and whose handlers write a trace.
void Network::addPlasticity(Group &group, const Model *pre, const Model *post) {
  Region &body = group.model->type->getRegion(0);
  for (auto every : body.getOps<EveryOp>())
    group.timers.push_back({runtime::toSteps(every.getPeriod()->convertToDouble(), dt).steps,
                            Program(every.getBody().front(), group.model, pre, post)});
  for (auto bound : body.getOps<BoundOp>())
    group.bounds.push_back({group.model->find(*bound.getVariable()),
                            Program(bound.getBody().front(), group.model, pre, post)});
  for (auto bind : group.op->getRegion(0).getOps<BindOp>()) {
    Population *source = population(bind.getSource().getPopulation().getValue());
    double delay = bind.getDelay() ? bind.getDelay()->convertToDouble() : 0.0;
    group.thirdFactors.push_back(
        {group.model->find(bind.getInput()), source, elements(bind.getSource()).front(),
         source->model->find(variableName(bind.getVariable())), runtime::toSteps(delay, dt).steps});
  }
  for (StateOp state : group.model->states) {
    bool by[2] = {false, false};
    for (auto on : body.getOps<OnOp>())
      on.walk([&](Operation *op) {
        auto add = dyn_cast<AddOp>(op);
        auto set = dyn_cast<SetOp>(op);
        if ((add && add.getSide() == Side::Self &&
             variableName(add.getVariable()) == state.getSymName()) ||
            (set && variableName(set.getVariable()) == state.getSymName()))
          by[on.getTrigger() == Trigger::Post] = true;
      });
    bool trace = bool(group.model->equation(state.getSymName())) && !state->hasAttr("plastic");
    group.preOnly.push_back(trace && by[0] && !by[1]);
    group.postOnly.push_back(trace && by[1] && !by[0]);
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
  runtime::ConnectSpec spec;
  spec.name = group.name;
  spec.seed = seed;
  spec.sources = selection(op.getSource());
  spec.targets = selection(op.getTarget());
  spec.samePopulation = group.source == group.target;
  if (auto allowed = arguments.getAs<BoolAttr>("autapses"))
    spec.rule.autapses = allowed.getValue();
  if (auto allowed = arguments.getAs<BoolAttr>("multapses"))
    spec.rule.multapses = allowed.getValue();
  if (op.getRule() == ConnectRule::LowRank)
    return op.emitOpError("the reference interpreter has no `low_rank`");
  // Both name the rules in the language's words, but for tables.
  spec.rule.kind = op.getRule() == ConnectRule::Table ? Kind::Table : Kind::OneToOne;
  while (spec.rule.kind != Kind::Table &&
         stringifyConnectRule(op.getRule()) != runtime::ruleName(spec.rule.kind))
    spec.rule.kind = Kind(int(spec.rule.kind) + 1);
  spec.rule.number = integer("k") + integer("n") + integer("groups");
  spec.rule.p = number("p") + number("beta") + number("p_in");
  spec.rule.pOut = number("p_out");
  for (auto argument : op.getBody().getOps<ArgumentOp>()) {
    spec.rule.kind = Kind::ProbabilityOf;
    const Program &chance = program(argument.getBody().front(), nullptr);
    spec.rule.probabilityOf = [&, this](const uint32_t *pre, const uint32_t *post, size_t n,
                                        double *out) {
      for (size_t i = 0; i < n; ++i) {
        Connection pair{pre[i], post[i], pre[i], {}, {}, {}};
        Place place{group.name, "p", 0, &group, &pair};
        out[i] = chance.evaluateOne(frameAt(place));
      }
    };
  }
  if (op.getTable())
    for (auto [column, ends] :
         {std::pair("pre", &spec.rule.tablePre), std::pair("post", &spec.rule.tablePost)}) {
      auto values =
          find<TableOp>(circuit, *op.getTable()).getColumns().getAs<DenseElementsAttr>(column);
      for (double value : values.getValues<double>())
        ends->push_back(uint32_t(value));
    }
  auto source = runtime::PairSource::create(std::move(spec));
  if (!source)
    return op.emitError(source.status().message());
  (*source)->enumerate(0, group.target->cells.size(), [&](const runtime::PairBatch &batch) {
    for (size_t i = 0; i < batch.size; ++i)
      group.connections.push_back({batch.pre[i], batch.post[i], batch.position[i], {}, {}, {}});
  });
  return success();
}

LogicalResult Network::connectStimulus(Group &group, StimulusOp op) {
  group.elements = elements(op.getTarget());
  if (group.model)
    for (uint32_t element : group.elements)
      group.connections.push_back({element, element, 0, {}, {}, {}});
  const Model *post = group.target->model;
  if (op.getInput())
    group.input = post->find(variableName(*op.getInput()));
  else if (auto inputs = post->type->getRegion(0).getOps<InputOp>(); !inputs.empty())
    group.input = post->find((*inputs.begin()).getSymName());
  for (auto argument : op.getBody().getOps<ArgumentOp>())
    group.arguments[argument.getName().str()] = program(argument.getBody().front(), post);
  auto spikeAt = [&](double time, uint32_t element) {
    group.spikes.emplace(std::max<int64_t>(1, runtime::toSteps(time, dt).steps), element);
  };
  if (op.getTable()) {
    auto columns = find<TableOp>(circuit, *op.getTable()).getColumns();
    auto times = columns.getAs<DenseElementsAttr>("time").getValues<double>();
    auto which = columns.getAs<DenseElementsAttr>("element").getValues<double>();
    for (auto [time, element] : llvm::zip(times, which))
      spikeAt(time, uint32_t(element));
  }
  if (auto times = op.getArguments().getAs<DenseElementsAttr>("times"))
    for (double time : times.getValues<double>())
      for (uint32_t element : group.elements)
        spikeAt(time, element);
  if (auto times = op.getArguments().getAs<DenseF64ArrayAttr>("times"))
    for (double time : times.asArrayRef())
      for (uint32_t element : group.elements)
        spikeAt(time, element);
  return success();
}

LogicalResult Network::giveValues(Group &group) {
  const Model *pre = group.source ? group.source->model : nullptr, *post = group.target->model;
  auto projection = dyn_cast<ProjectionOp>(group.op);
  auto set = group.op->getAttrOfType<DictionaryAttr>("set");
  bool events = !group.onPre.empty() || !group.onPost.empty();
  bool given = set.contains("delay");
  for (auto init : group.op->getRegion(0).getOps<InitOp>())
    given |= init.getVariable() == "delay";
  group.delaysValues = given && (!events || group.model->type->hasAttr("graded"));
  double fraction = 1.0;
  if (projection && projection.getDendriticFraction())
    fraction = projection.getDendriticFraction()->convertToDouble();
  for (Connection &connection : group.connections) {
    // Elements of a stimulus draw like elements, connections like connections.
    Place place{group.name, "", connection.target, &group, projection ? &connection : nullptr};
    Frame frame = frameAt(place);
    frame.pre = group.source ? group.source->cells[connection.source].values.data() : nullptr;
    frame.post = group.target->cells[connection.target].values.data();
    if (failed(fill(connection.values, *group.model, group.op, frame, place, pre, post)))
      return failure();
    double delay = projection && events ? dt : 0.0;
    if (auto value = set.getAs<FloatAttr>("delay"))
      delay = value.getValueAsDouble();
    for (auto init : group.op->getRegion(0).getOps<InitOp>())
      if (init.getVariable() == "delay") {
        place.purpose = "delay";
        frame.self = connection.values.data();
        delay = program(init.getBody().front(), group.model, pre, post).evaluateOne(frame);
      }
    int64_t steps =
        std::max<int64_t>(projection && events ? 1 : 0, runtime::toSteps(delay, dt).steps);
    connection.dendritic = int64_t(std::floor(fraction * double(steps) + 0.5)); // G2
    connection.axonal = steps - connection.dendritic;
  }
  return success();
}
