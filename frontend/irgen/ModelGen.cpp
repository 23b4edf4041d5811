//===- ModelGen.cpp - Neurons, synapses, plasticity rules -----------------===//

#include "frontend/irgen/Generator.h"

using namespace synfire;
using namespace synfire::irgen;
using mlir::Region;

/// A symbol for a declaration; files may use the same name for different ones.
std::string Generator::modelName(const sema::Model &model) {
  auto [it, isNew] = modelNames.try_emplace({model.unit, model.name});
  if (isNew) {
    it->second = model.name;
    for (unsigned i = 2; !usedNames.insert(it->second).second; ++i)
      it->second = model.name + "#" + std::to_string(i);
  }
  return it->second;
}

void Generator::emitModel(const sema::Model &model) {
  std::string name = modelName(model);
  if (!emitted.insert(name).second)
    return;
  Attributes attributes = {named("sym_name", text(name))};
  addDoc(attributes, model.doc);
  auto body = [&] { emitBody(model); };
  switch (model.kind) {
  case sema::Model::Kind::Neuron:
    fill(make<neuro::NeuronOp>(model.range, attributes).getBody(), body);
    return;
  case sema::Model::Kind::Synapse: {
    using Effect = ast::SynapseDecl::Effect;
    neuro::Effect effect = model.effect == Effect::Excitatory   ? neuro::Effect::Excitatory
                           : model.effect == Effect::Inhibitory ? neuro::Effect::Inhibitory
                                                                : neuro::Effect::Unstated;
    attributes.push_back(named("effect", neuro::EffectAttr::get(builder.getContext(), effect)));
    fill(make<neuro::SynapseOp>(model.range, attributes).getBody(), body);
    return;
  }
  case sema::Model::Kind::Plasticity:
    fill(make<neuro::PlasticityOp>(model.range, attributes).getBody(), body);
    return;
  case sema::Model::Kind::Compartment:
    return; // Part of its neuron.
  }
}

void Generator::emitBody(const sema::Model &model) {
  for (const sema::Variable &variable : model.variables)
    emitVariable(variable);
  for (const sema::Model &inner : model.compartments)
    fill(make<neuro::CompartmentOp>(inner.range, {named("sym_name", text(inner.name))}).getBody(),
         [&] { emitBody(inner); });
  for (const sema::Equation &equation : model.equations)
    fillValues(
        make<neuro::EquationOp>(equation.range, {named("state", symbol(equation.state))}).getBody(),
        equation.range, equation.value);
  if (model.spike)
    emitSpike(*model.spike);
  for (const sema::Handler &handler : model.handlers)
    emitHandler(handler);
  for (const sema::Contribution &contribution : model.contributions)
    fillValues(
        make<neuro::ContributeOp>(contribution.range, {named("input", symbol(contribution.input))})
            .getBody(),
        contribution.range, contribution.value);
  for (const sema::WeightRule &rule : model.weightRules)
    emitWeightRule(rule);
  for (const sema::SolveOverride &solve : model.solves)
    emitSolve(solve);
  for (const sema::FixedFormat &format : model.formats)
    make<neuro::FormatOp>(format.range,
                          {named("state", symbol(format.state)),
                           named("integer_bits", builder.getI64IntegerAttr(format.integerBits)),
                           named("fraction_bits", builder.getI64IntegerAttr(format.fractionBits))});
  for (const sema::Coupling &coupling : model.couplings) {
    auto path = [&](const std::string &compartment, const std::string &name) {
      return mlir::SymbolRefAttr::get(text(compartment), symbol(name));
    };
    fillValues(
        make<neuro::CoupleOp>(coupling.range,
                              {named("first", path(coupling.first, coupling.firstState)),
                               named("firstInput", path(coupling.first, coupling.firstInput)),
                               named("second", path(coupling.second, coupling.secondState)),
                               named("secondInput", path(coupling.second, coupling.secondInput))})
            .getBody(),
        coupling.range, coupling.conductance);
  }
}

void Generator::emitVariable(const sema::Variable &variable) {
  Attributes attributes = {named("sym_name", text(variable.name)),
                           named("unit", text(variable.dimension.str()))};
  std::optional<double> value = variable.constant();
  bool hasRegion = variable.value && !value;
  switch (variable.kind) {
  case sema::VariableKind::Input:
    addDoc(attributes, variable.doc);
    make<neuro::InputOp>(variable.range, attributes);
    return;
  case sema::VariableKind::Let:
    if (variable.value)
      fillValues(make<neuro::LetOp>(variable.range, attributes).getBody(), variable.range,
                 variable.value);
    return;
  case sema::VariableKind::Parameter: {
    addDoc(attributes, variable.doc);
    if (value)
      attributes.push_back(named("value", number(*value)));
    auto op = make<neuro::ParameterOp>(variable.range, attributes);
    if (hasRegion)
      fillValues(op.getBody(), variable.range, variable.value);
    return;
  }
  case sema::VariableKind::State: {
    addDoc(attributes, variable.doc);
    if (value)
      attributes.push_back(named("value", number(*value)));
    if (variable.isSteady)
      attributes.push_back(named("steady", builder.getUnitAttr()));
    auto op = make<neuro::StateOp>(variable.range, attributes);
    if (hasRegion)
      fillValues(op.getBody(), variable.range, variable.value);
    return;
  }
  }
}

//===----------------------------------------------------------------------===//
// Spikes and handlers
//===----------------------------------------------------------------------===//

void Generator::emitSpike(const sema::SpikeRule &rule) {
  auto test = rule.crosses ? neuro::SpikeTest::Crosses : neuro::SpikeTest::AtOrAbove;
  auto op = make<neuro::SpikeOp>(
      rule.range, {named("test", neuro::SpikeTestAttr::get(builder.getContext(), test))});
  fillValues(op.getCondition(), rule.range, {rule.lhs, rule.rhs});
  fill(op.getReset(), [&] {
    emitActions(rule.reset);
    make<neuro::YieldOp>(rule.range, {});
  });
}

void Generator::emitActions(llvm::ArrayRef<sema::Action> actions) {
  for (const sema::Action &action : actions) {
    // A read sees what the statements before it wrote, so nothing is shared.
    values.clear();
    mlir::Value value = emit(action.value);
    Attributes attributes;
    switch (action.kind) {
    case sema::Action::Kind::Set:
      make<neuro::SetOp>(action.range, {named("variable", symbol(action.variable))}, value);
      break;
    case sema::Action::Kind::Add:
      attributes = {named("variable", symbol(action.variable))};
      if (action.side == sema::Side::Post)
        attributes.push_back(
            named("side", neuro::SideAttr::get(builder.getContext(), neuro::Side::Post)));
      make<neuro::AddOp>(action.range, attributes, value);
      break;
    case sema::Action::Kind::Refractory: {
      llvm::SmallVector<mlir::Attribute> held;
      for (const std::string &state : action.held)
        held.push_back(symbol(state));
      make<neuro::RefractoryOp>(action.range, {named("hold", builder.getArrayAttr(held))}, value);
      break;
    }
    case sema::Action::Kind::Release: {
      auto op = make<neuro::ReleaseOp>(action.range, {}, value);
      fill(op.getBody(), [&] {
        emitActions(action.body);
        make<neuro::YieldOp>(action.range, {});
      });
      break;
    }
    }
  }
  values.clear();
}

void Generator::emitHandler(const sema::Handler &handler) {
  using Trigger = sema::Handler::Trigger;
  auto body = [&] {
    emitActions(handler.body);
    make<neuro::YieldOp>(handler.range, {});
  };
  Attributes attributes;
  if (handler.trigger == Trigger::Every) {
    if (handler.period)
      attributes.push_back(named("period", number(*handler.period)));
    fill(make<neuro::EveryOp>(handler.range, attributes).getBody(), body);
    return;
  }
  auto trigger = handler.trigger == Trigger::Pre    ? neuro::Trigger::Pre
                 : handler.trigger == Trigger::Post ? neuro::Trigger::Post
                                                    : neuro::Trigger::Spike;
  attributes.push_back(named("trigger", neuro::TriggerAttr::get(builder.getContext(), trigger)));
  if (!handler.compartment.empty())
    attributes.push_back(named("compartment", text(handler.compartment)));
  fill(make<neuro::OnOp>(handler.range, attributes).getBody(), body);
}

void Generator::emitWeightRule(const sema::WeightRule &rule) {
  Attributes attributes;
  if (rule.period)
    attributes.push_back(named("period", number(*rule.period)));
  switch (rule.kind) {
  case sema::WeightRule::Kind::Bound:
    fillValues(make<neuro::BoundOp>(rule.range, {}).getBody(), rule.range,
               {rule.first, rule.second});
    return;
  case sema::WeightRule::Kind::Prune:
    fillValues(make<neuro::PruneOp>(rule.range, attributes).getBody(), rule.range, rule.first);
    return;
  case sema::WeightRule::Kind::Grow:
    fillValues(make<neuro::GrowOp>(rule.range, attributes).getBody(), rule.range,
               {rule.first, rule.second ? rule.second : sema::makeBool(true, rule.range)});
    return;
  }
}

void Generator::emitSolve(const sema::SolveOverride &solve) {
  Attributes attributes = {
      named("states", builder.getArrayAttr({symbol(solve.state)})),
      named("method",
            neuro::MethodAttr::get(builder.getContext(), *neuro::symbolizeMethod(solve.method))),
      named("substeps", builder.getI64IntegerAttr(solve.substeps))};
  if (!solve.after.empty())
    attributes.push_back(named("after", builder.getArrayAttr({symbol(solve.after)})));
  make<neuro::SolveOp>(solve.range, attributes);
}
