//===- CircuitGen.cpp - Populations, projections, stimuli -----------------===//

#include "frontend/irgen/Generator.h"

using namespace synfire;
using namespace synfire::irgen;
using llvm::ArrayRef;

void Generator::emitModels(const sema::Network &network) {
  auto emitRules = [&](ArrayRef<sema::Attachment> rules) {
    for (const sema::Attachment &attachment : rules)
      emitModel(*attachment.rule);
  };
  for (const sema::Population &population : network.populations)
    emitModel(*population.neuron);
  for (const sema::Projection &projection : network.projections)
    emitModel(*projection.synapse);
  for (const sema::Stimulus &stimulus : network.stimuli)
    if (stimulus.synapse)
      emitModel(*stimulus.synapse);
  for (const sema::Population &population : network.populations)
    emitRules(population.rules);
  for (const sema::Projection &projection : network.projections)
    emitRules(projection.rules);
}

void Generator::emitCircuit(const sema::Network &network) {
  Attributes attributes = {named("sym_name", text(network.name))};
  addDoc(attributes, network.doc);
  auto op = make<neuro::CircuitOp>(network.range, attributes);
  fill(op.getBody(), [&] {
    for (size_t i = 0; i != network.parameters.size(); ++i) {
      const sema::Setting &parameter = network.parameters[i];
      make<neuro::ParameterOp>(parameter.range, {named("sym_name", text(parameter.variable)),
                                                 named("value", number(*parameter.constant)),
                                                 named("unit", text(network.parameterUnits[i]))});
    }
    for (const sema::FrameSequence &frames : network.frames) {
      Attributes own = {named("sym_name", text(frames.name)), named("format", text(frames.format)),
                        named("images", text(frames.images)),
                        named("period", number(frames.period))};
      if (!frames.labels.empty())
        own.push_back(named("labels", text(frames.labels)));
      make<neuro::FramesOp>(frames.range, own);
    }
    for (const sema::PriorApplication &prior : network.priors)
      make<neuro::PriorOp>(prior.range, {named("sym_name", text(prior.name)),
                                         named("declaration", text(prior.declaration)),
                                         named("application", text(prior.application))});
    for (const sema::Table &table : network.tables)
      emitTable(table);
    for (const sema::Population &population : network.populations)
      emitPopulation(population);
    for (const sema::Projection &projection : network.projections)
      emitProjection(projection);
    for (const sema::Stimulus &stimulus : network.stimuli)
      emitStimulus(stimulus);
    for (const sema::Constraint &constraint : network.constraints)
      emitConstraint(constraint);
  });
}

/// Tables that nothing reads are not written.
void Generator::emitTable(const sema::Table &table) {
  if (table.columns.empty())
    return;
  Attributes columns;
  for (auto &[name, numbers] : table.columns) {
    auto type = mlir::RankedTensorType::get({int64_t(numbers.size())}, builder.getF64Type());
    columns.push_back(named(name, mlir::DenseElementsAttr::get(type, ArrayRef(numbers))));
  }
  make<neuro::TableOp>(table.range, {named("sym_name", text(table.name)),
                                     named("columns", builder.getDictionaryAttr(columns)),
                                     named("path", text(table.path))});
}

mlir::DictionaryAttr Generator::constants(ArrayRef<sema::Setting> settings) {
  Attributes entries;
  for (const sema::Setting &setting : settings)
    if (setting.constant)
      entries.push_back(named(setting.variable, number(*setting.constant)));
  return builder.getDictionaryAttr(entries);
}

void Generator::emitInits(ArrayRef<sema::Setting> settings) {
  for (const sema::Setting &setting : settings)
    if (!setting.constant && setting.node)
      fillValues(make<neuro::InitOp>(setting.range, {named("variable", symbol(setting.variable))})
                     .getBody(),
                 setting.range, setting.node);
}

/// Numbers of connections and groups are integers, shares are floats.
mlir::DictionaryAttr Generator::arguments(ArrayRef<sema::NetworkArgument> arguments,
                                          ArrayRef<double> times) {
  Attributes entries;
  for (const sema::NetworkArgument &argument : arguments) {
    llvm::StringRef name = argument.name;
    bool isWhole = name == "k" || name == "n" || name == "groups" || name == "rank";
    if (argument.flag)
      entries.push_back(named(name, builder.getBoolAttr(*argument.flag)));
    else if (argument.number && isWhole)
      entries.push_back(named(name, builder.getI64IntegerAttr(int64_t(*argument.number))));
    else if (argument.number)
      entries.push_back(named(name, number(*argument.number)));
  }
  if (!times.empty())
    entries.push_back(named("times", builder.getDenseF64ArrayAttr(times)));
  return builder.getDictionaryAttr(entries);
}

void Generator::emitArguments(ArrayRef<sema::NetworkArgument> arguments) {
  for (const sema::NetworkArgument &argument : arguments)
    if (argument.node)
      fillValues(
          make<neuro::ArgumentOp>(argument.range, {named("name", text(argument.name))}).getBody(),
          argument.range, argument.node);
}

void Generator::emitPopulation(const sema::Population &population) {
  Attributes attributes = {named("sym_name", text(population.name)),
                           named("neuron", symbol(modelName(*population.neuron))),
                           named("size", builder.getI64IntegerAttr(population.size)),
                           named("set", constants(population.settings))};
  if (!population.elementNames.empty()) {
    llvm::SmallVector<llvm::StringRef> names(population.elementNames.begin(),
                                             population.elementNames.end());
    attributes.push_back(named("names", builder.getStrArrayAttr(names)));
  }
  auto op = make<neuro::PopulationOp>(population.range, attributes);
  fill(op.getBody(), [&] {
    emitInits(population.settings);
    if (population.position) {
      Attributes own;
      if (!population.position->period.empty())
        own.push_back(named("period", builder.getDenseF64ArrayAttr(population.position->period)));
      fillValues(make<neuro::PositionOp>(population.position->range, own).getBody(),
                 population.position->range, population.position->coordinates);
    }
    for (const sema::SolveOverride &solve : population.solves)
      emitSolve(solve);
    for (const sema::Attachment &attachment : population.rules)
      emitAttachment(attachment);
  });
}

void Generator::emitProjection(const sema::Projection &projection) {
  auto rule = neuro::symbolizeConnectRule(projection.rule);
  if (!rule)
    return;
  Attributes attributes = {named("sym_name", text(projection.name)),
                           named("source", reference(projection.source)),
                           named("target", reference(projection.target)),
                           named("synapse", symbol(modelName(*projection.synapse))),
                           named("rule", neuro::ConnectRuleAttr::get(builder.getContext(), *rule)),
                           named("arguments", arguments(projection.arguments)),
                           named("set", constants(projection.settings))};
  if (*rule == neuro::ConnectRule::Table)
    attributes.push_back(named("table", symbol(projection.table->name)));
  if (projection.dendriticFraction)
    attributes.push_back(named("dendritic_fraction", number(*projection.dendriticFraction)));
  if (!projection.prior.empty())
    attributes.push_back(named("prior", text(projection.prior)));
  auto op = make<neuro::ProjectionOp>(projection.range, attributes);
  fill(op.getBody(), [&] {
    emitArguments(projection.arguments);
    emitInits(projection.settings);
    for (const sema::Attachment &attachment : projection.rules)
      emitAttachment(attachment);
  });
}

void Generator::emitStimulus(const sema::Stimulus &stimulus) {
  auto kind = neuro::symbolizeStimulusKind(stimulus.kind);
  if (!kind)
    return;
  Attributes attributes = {named("sym_name", text(stimulus.name)),
                           named("kind", neuro::StimulusKindAttr::get(builder.getContext(), *kind)),
                           named("target", reference(stimulus.target)),
                           named("arguments", arguments(stimulus.arguments, stimulus.times)),
                           named("set", constants(stimulus.settings))};
  if (!stimulus.input.empty())
    attributes.push_back(named("input", symbol(stimulus.input)));
  if (stimulus.synapse)
    attributes.push_back(named("synapse", symbol(modelName(*stimulus.synapse))));
  bool hasTable =
      stimulus.kind == "spikes" && stimulus.times.empty() && !stimulus.table->columns.empty();
  if (hasTable)
    attributes.push_back(named("table", symbol(stimulus.table->name)));
  if (stimulus.start)
    attributes.push_back(named("start", number(*stimulus.start)));
  if (stimulus.stop)
    attributes.push_back(named("stop", number(*stimulus.stop)));
  if (!stimulus.during.empty())
    attributes.push_back(named("during", builder.getDenseF64ArrayAttr(stimulus.during)));
  if (!stimulus.frames.empty())
    attributes.push_back(named("frames", symbol(stimulus.frames)));
  auto op = make<neuro::StimulusOp>(stimulus.range, attributes);
  fill(op.getBody(), [&] {
    emitArguments(stimulus.arguments);
    emitInits(stimulus.settings);
  });
}

void Generator::emitAttachment(const sema::Attachment &attachment) {
  auto op =
      make<neuro::AttachOp>(attachment.range, {named("sym_name", text(attachment.name)),
                                               named("rule", symbol(modelName(*attachment.rule))),
                                               named("parameter", symbol(attachment.parameter)),
                                               named("set", constants(attachment.settings))});
  fill(op.getBody(), [&] {
    emitInits(attachment.settings);
    for (const sema::Binding &binding : attachment.bindings) {
      Attributes attributes = {named("input", symbol(binding.input)),
                               named("source", reference(binding.source)),
                               named("variable", symbol(binding.variable))};
      if (binding.side != sema::Side::Self)
        attributes.push_back(
            named("side", neuro::SideAttr::get(builder.getContext(), getSide(binding.side))));
      if (binding.delay)
        attributes.push_back(named("delay", number(*binding.delay)));
      make<neuro::BindOp>(binding.range, attributes);
    }
  });
}

void Generator::emitConstraint(const sema::Constraint &constraint) {
  auto predicate = neuro::symbolizePredicate(constraint.predicate);
  if (!predicate)
    return;
  llvm::SmallVector<llvm::StringRef> projections(constraint.projections.begin(),
                                                 constraint.projections.end());
  Attributes attributes = {
      named("predicate", neuro::PredicateAttr::get(builder.getContext(), *predicate)),
      named("projections", builder.getStrArrayAttr(projections))};
  llvm::SmallVector<mlir::Attribute> parts;
  for (const sema::ConnectionPart &part : constraint.parts) {
    parts.push_back(builder.getDenseI64ArrayAttr(part.sources));
    parts.push_back(builder.getDenseI64ArrayAttr(part.targets));
  }
  if (!llvm::all_of(constraint.parts, [](auto &part) { return part.isWhole(); }))
    attributes.push_back(named("parts", builder.getArrayAttr(parts)));
  auto add = [&](llvm::StringRef name, const std::string &value) {
    if (!value.empty())
      attributes.push_back(named(name, text(value)));
  };
  add("comparison", constraint.comparison);
  add("by", constraint.by);
  add("prior", constraint.prior);
  add("text", constraint.text);
  if (constraint.period)
    attributes.push_back(named("period", number(*constraint.period)));
  if (constraint.everyFrame)
    attributes.push_back(named("every_frame", builder.getUnitAttr()));
  auto op = make<neuro::ConstrainOp>(constraint.range, attributes);
  if (!constraint.values.empty())
    fillValues(op.getBody(), constraint.range, constraint.values);
}
