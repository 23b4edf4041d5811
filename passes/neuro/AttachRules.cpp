//===- AttachRules.cpp - neuro-attach-rules: plasticity as part of what it changes ---===//
#include "passes/neuro/Passes.h"
#include "passes/neuro/analysis/Expression.h"
#include "passes/neuro/analysis/WeightLimits.h"

#include "llvm/ADT/StringSet.h"

namespace synfire::neuro {
#define GEN_PASS_DEF_NEUROATTACHRULES
#include "passes/neuro/Passes.h.inc"
} // namespace synfire::neuro

using namespace mlir;
using namespace synfire::neuro;

namespace {

/// A parameter of projections that protocols freeze: 1 while weights must not change (P6).
constexpr StringLiteral frozenName = "#frozen";

/// Makes one rule, attached to one parameter, part of a neuron or synapse type.
class RuleMerger {
public:
  /// `frozen`: a protocol freezes the projection.
  RuleMerger(AttachOp attach, PlasticityOp rule, Operation *type, bool frozen)
      : rule(rule), type(type), prefix(attach.getSymName().str() + "."),
        parameter(attach.getParameter().str()), frozen(frozen) {
    for (auto bind : attach.getBody().getOps<BindOp>())
      if (Side side = bind.getSide(); side != Side::Self)
        ofEnds[bind.getInput()] = {side, bind.getVariable()};
  }

  /// `handlers` is the place for what the rule does at spikes: before the synapse's own handlers,
  /// as rules come before transmission (P2).
  LogicalResult merge(Operation *handlers) {
    Block &body = type->getRegion(0).front();
    makeState();
    OpBuilder own(body.getParentOp()->getContext());
    own.setInsertionPointToStart(&body);
    for (Operation &op : rule.getBody().front()) {
      // A third factor of an end of the connection is read there (P4).
      if (auto input = dyn_cast<InputOp>(op); input && ofEnds.contains(input.getSymName()))
        continue;
      // Without an equation a bound acts on statements only.
      if (isa<BoundOp>(op) && !findEquation(rule, "weight"))
        continue;
      if (isa<PruneOp, GrowOp>(op) && isa<NeuronOp>(type))
        return op.emitError() << "`" << wordOf(&op)
                              << "` in a rule cannot be run yet on a population";
      // Where traces are kept is for the compiler to say, and so is what they need.
      if (auto format = dyn_cast<FormatOp>(op); format && format.getState() != "weight")
        return op.emitError("in a rule only `weight` has a `format`");
      if (auto every = dyn_cast<EveryOp>(op); every && !every.getPeriod())
        return op.emitError("`every frame` needs one sequence of frames in the circuit");
      if (isa<PruneOp, GrowOp>(op) && parameter != "weight")
        return op.emitError()
               << "`" << wordOf(&op)
               << "` is about connections with a weight; attach the rule to `weight`";
      auto on = dyn_cast<OnOp>(op);
      if (on && on.getTrigger() == Trigger::Spike) {
        if (failed(addToReset(on)))
          return failure();
        continue;
      }
      if (handlers && on)
        own.setInsertionPoint(handlers);
      else
        own.setInsertionPointToEnd(&body);
      Operation *copy = own.clone(op);
      rename(copy);
      guard(copy);
    }
    return success();
  }

private:
  static StringRef wordOf(Operation *op) { return isa<PruneOp>(op) ? "prune" : "grow"; }

  void makeState() { makeState(type, parameter); }

public:
  /// What was a parameter of a type is a state from now on.
  static StateOp makeState(Operation *type, StringRef parameter) {
    auto old = find<ParameterOp>(type, parameter);
    if (!old)
      return find<StateOp>(type, parameter); // an earlier rule made it one
    OpBuilder builder(old);
    auto state = StateOp::create(builder, old.getLoc(), old.getSymNameAttr(), old.getValueAttr(),
                                 old.getUnitAttr(), UnitAttr(), old.getDocAttr());
    state->setAttr("plastic", builder.getUnitAttr());
    state.getBody().takeBody(old.getBody());
    if (!old.getValue() && state.getBody().empty())
      state.setValueAttr(builder.getF64FloatAttr(0.0)); // each projection gives its own
    old.erase();
    return state;
  }

private:
  std::string newName(StringRef name) const {
    return name == "weight" ? parameter : prefix + name.str();
  }

  void rename(Operation *copy) {
    auto renamed = [&](SymbolRefAttr variable) {
      return FlatSymbolRefAttr::get(copy->getContext(), newName(variableName(variable)));
    };
    if (auto name = SymbolTable::getSymbolName(copy); name && isa<SymbolOpInterface>(copy))
      SymbolTable::setSymbolName(copy, newName(name.getValue()));
    copy->walk([&](Operation *op) {
      if (auto get = dyn_cast<GetOp>(op); get && get.getSide() == Side::Self) {
        auto end = ofEnds.find(variableName(get.getVariable()));
        get.setVariableAttr(end != ofEnds.end() ? end->second.second : renamed(get.getVariable()));
        if (end != ofEnds.end())
          get.setSide(end->second.first);
      }
      if (auto add = dyn_cast<AddOp>(op); add && add.getSide() == Side::Self)
        add.setVariableAttr(renamed(add.getVariable()));
      else if (auto set = dyn_cast<SetOp>(op))
        set.setVariableAttr(renamed(set.getVariable()));
      else if (auto equation = dyn_cast<EquationOp>(op))
        equation.setStateAttr(renamed(equation.getStateAttr()));
      else if (auto format = dyn_cast<FormatOp>(op))
        format.setStateAttr(renamed(format.getStateAttr()));
      else if (auto bound = dyn_cast<BoundOp>(op))
        bound.setVariable(parameter);
    });
  }

  /// The lower and upper bound at the builder's place.
  SmallVector<Value> limits(OpBuilder &builder, BoundOp bound) {
    return copyExpression(builder, bound.getBody().front(), [&](Operation *op) -> Value {
      Operation *copy = builder.clone(*op);
      rename(copy);
      return copy->getResult(0);
    });
  }

  bool changesWeight(Operation *op) const {
    auto add = dyn_cast<AddOp>(op);
    auto set = dyn_cast<SetOp>(op);
    return (add && add.getSide() == Side::Self && variableName(add.getVariable()) == parameter) ||
           (set && variableName(set.getVariable()) == parameter);
  }

  Value weight(OpBuilder &builder, Location loc) {
    return GetOp::create(builder, loc, builder.getF64Type(), Side::Self,
                         FlatSymbolRefAttr::get(builder.getContext(), parameter));
  }

  Value isFrozen(OpBuilder &builder, Location loc) {
    Value flag = GetOp::create(builder, loc, builder.getF64Type(), Side::Self,
                               FlatSymbolRefAttr::get(builder.getContext(), frozenName));
    Value half = arith::ConstantOp::create(builder, loc, builder.getF64FloatAttr(0.5));
    return arith::CmpFOp::create(builder, loc, arith::CmpFPredicate::OGT, flag, half);
  }

  /// What becomes of the weight: a bound is a wall (P3), and a frozen weight stays (P6).
  void guard(Operation *copy) {
    copy->walk([&](Operation *op) {
      if (changesWeight(op))
        guardStatement(op);
    });
    if (auto equation = dyn_cast<EquationOp>(copy);
        frozen && equation && equation.getState() == parameter)
      freezeSlope(equation);
  }

  /// Assigns what stays inside the bounds.
  void guardStatement(Operation *op) {
    auto bounds = rule.getBody().getOps<BoundOp>();
    if (bounds.empty() && !frozen)
      return;
    OpBuilder builder(op);
    Location loc = op->getLoc();
    auto add = dyn_cast<AddOp>(op);
    Value value = add ? add.getValue() : cast<SetOp>(op).getValue();
    if (add)
      value = arith::AddFOp::create(builder, loc, weight(builder, loc), value);
    for (BoundOp bound : bounds) {
      SmallVector<Value> ends = limits(builder, bound);
      value = arith::MaximumFOp::create(builder, loc, value, ends[0]);
      value = arith::MinimumFOp::create(builder, loc, value, ends[1]);
    }
    if (frozen)
      value = arith::SelectOp::create(builder, loc, isFrozen(builder, loc), weight(builder, loc),
                                      value);
    SetOp::create(builder, loc, FlatSymbolRefAttr::get(op->getContext(), parameter), value);
    op->erase();
  }

  void freezeSlope(EquationOp equation) {
    Operation *end = equation.getBody().front().getTerminator();
    OpBuilder builder(end);
    Location loc = equation.getLoc();
    Value flag = GetOp::create(builder, loc, builder.getF64Type(), Side::Self,
                               FlatSymbolRefAttr::get(builder.getContext(), frozenName));
    Value one = arith::ConstantOp::create(builder, loc, builder.getF64FloatAttr(1.0));
    Value moves = arith::SubFOp::create(builder, loc, one, flag);
    end->setOperand(0, arith::MulFOp::create(builder, loc, moves, end->getOperand(0)));
  }

  /// `on spike` runs at the cell's own spike, after the reset's statements.
  LogicalResult addToReset(OnOp on) {
    auto spikes = type->getRegion(0).front().getOps<SpikeOp>();
    if (spikes.empty())
      return on.emitError() << "`on spike` needs a neuron with a spike rule";
    Operation *copy = on->clone();
    rename(copy);
    guard(copy);
    Block &reset = (*spikes.begin()).getReset().front();
    Block &handler = cast<OnOp>(copy).getBody().front();
    handler.getTerminator()->erase();
    reset.getOperations().splice(reset.getTerminator()->getIterator(), handler.getOperations());
    copy->erase();
    return success();
  }

  PlasticityOp rule;
  Operation *type;
  std::string prefix, parameter;
  bool frozen;
  llvm::StringMap<std::pair<Side, SymbolRefAttr>> ofEnds; ///< inputs that an end's value stands for
};

struct NeuroAttachRulesPass : synfire::neuro::impl::NeuroAttachRulesBase<NeuroAttachRulesPass> {
  void runOnOperation() override {
    getOperation().walk([&](FreezeOp freeze) { frozen.insert(freeze.getProjection()); });
    settleFrames();
    for (auto circuit : getOperation().getOps<CircuitOp>())
      findRegulated(circuit);
    for (auto circuit : getOperation().getOps<CircuitOp>())
      for (Operation &op : circuit.getBody().front())
        if (isa<PopulationOp, ProjectionOp>(op) && failed(attachAll(&op)))
          return signalPassFailure();
    for (auto experiment : getOperation().getOps<ExperimentOp>())
      experiment.walk([&](Operation *op) { rewriteProtocol(op); });
  }

private:
  LogicalResult attachAll(Operation *owner) {
    SmallVector<AttachOp> attachments(owner->getRegion(0).getOps<AttachOp>());
    bool regulates = regulated.contains(owner);
    if (attachments.empty() && !regulates)
      return success();
    // Owners with the same rules share a type, so that they share their code as well.
    auto reference = FlatSymbolRefAttr::get(
        isa<PopulationOp>(owner) ? cast<PopulationOp>(owner).getNeuronAttr().getAttr()
                                 : cast<ProjectionOp>(owner).getSynapseAttr().getAttr());
    std::string name = reference.getValue().str();
    for (AttachOp attach : attachments) {
      name += "+" + attach.getSymName().str();
      if (attach.getSymName() != attach.getRule())
        name += "=" + attach.getRule().str();
      if (attach.getParameter() != "weight")
        name += "@" + attach.getParameter().str();
      for (auto bind : attach.getBody().getOps<BindOp>())
        if (Side side = bind.getSide(); side != Side::Self)
          name += fmt::format("[{}={}.{}]", bind.getInput().str(), stringifySide(side).str(),
                              variableName(bind.getVariable()));
    }
    bool freezes =
        isa<ProjectionOp>(owner) && frozen.contains(cast<ProjectionOp>(owner).getSymName());
    if (freezes)
      name += frozenName;
    if (regulates)
      name += "#regulated";
    Operation *&merged = types[name];
    if (!merged) {
      Operation *type = getOperation().lookupSymbol(reference);
      OpBuilder builder(type);
      builder.setInsertionPointAfter(type);
      merged = builder.clone(*type);
      SymbolTable::setSymbolName(merged, name);
      Operation *handlers = nullptr;
      for (OnOp on : merged->getRegion(0).getOps<OnOp>()) {
        handlers = on;
        break;
      }
      if (freezes) {
        OpBuilder inside = OpBuilder::atBlockBegin(&merged->getRegion(0).front());
        ParameterOp::create(inside, owner->getLoc(), frozenName, inside.getF64FloatAttr(0.0), "1",
                            StringAttr());
      }
      for (AttachOp attach : attachments) {
        auto rule = getOperation().lookupSymbol<PlasticityOp>(attach.getRule());
        if (failed(RuleMerger(attach, rule, merged, freezes).merge(handlers)))
          return failure();
      }
      if (!handlers && !merged->getRegion(0).getOps<OnOp>().empty())
        merged->setAttr("graded", builder.getUnitAttr()); // its delay still moves values (S3)
      if (regulates)
        RuleMerger::makeState(merged, "weight")->setAttr("stored", builder.getUnitAttr());
    }
    auto symbol = FlatSymbolRefAttr::get(owner->getContext(), name);
    if (auto population = dyn_cast<PopulationOp>(owner))
      population.setNeuronAttr(symbol);
    else
      cast<ProjectionOp>(owner).setSynapseAttr(symbol);
    for (AttachOp attach : attachments)
      if (failed(moveValues(attach, owner)))
        return failure();
    return success();
  }

  /// `every frame` of a rule is a period: every frame lasts as long as the others.
  void settleFrames() {
    SmallVector<FramesOp> frames;
    for (auto circuit : getOperation().getOps<CircuitOp>())
      llvm::append_range(frames, circuit.getBody().getOps<FramesOp>());
    if (frames.size() != 1)
      return; // told where a rule that needs them is attached
    for (auto rule : getOperation().getOps<PlasticityOp>())
      for (auto every : rule.getBody().getOps<EveryOp>())
        if (!every.getPeriod()) {
          every.setPeriodAttr(frames[0].getPeriodAttr());
          every.removeFramesAttr();
        }
  }

  /// Constraints change the weights of these from time to time (R2): weights that rules move, and
  /// those that share a constraint with them.
  void findRegulated(CircuitOp circuit) {
    for (auto constraint : circuit.getBody().getOps<ConstrainOp>()) {
      Predicate predicate = constraint.getPredicate();
      if (predicate != Predicate::Sum && predicate != Predicate::Tied &&
          predicate != Predicate::Symmetric)
        continue;
      SmallVector<Operation *> named;
      for (StringRef name : constraint.getProjections().getAsValueRange<StringAttr>())
        named.push_back(find<ProjectionOp>(circuit, name));
      if (llvm::any_of(named, [](Operation *projection) {
            return !projection->getRegion(0).getOps<AttachOp>().empty();
          }))
        regulated.insert(named.begin(), named.end());
    }
  }

  /// What the attachment gives the rule's parameters is given by the owner.
  LogicalResult moveValues(AttachOp attach, Operation *owner) {
    std::string prefix = attach.getSymName().str() + ".";
    NamedAttrList set(owner->getAttrOfType<DictionaryAttr>("set"));
    for (NamedAttribute given : attach.getSet())
      set.set(prefix + given.getName().str(), given.getValue());
    owner->setAttr("set", set.getDictionary(owner->getContext()));
    for (InitOp init : llvm::make_early_inc_range(attach.getBody().getOps<InitOp>())) {
      init.setVariable(prefix + init.getVariable().str());
      init.walk([&](GetOp get) {
        if (get.getSide() != Side::Self)
          return;
        std::string name = variableName(get.getVariable());
        name = name == "weight" ? attach.getParameter().str() : prefix + name;
        get.setVariableAttr(FlatSymbolRefAttr::get(owner->getContext(), name));
      });
      init->moveBefore(attach);
    }
    for (BindOp bind : llvm::make_early_inc_range(attach.getBody().getOps<BindOp>())) {
      if (bind.getSide() != Side::Self)
        continue; // it is part of the synapse now
      bind.setInput(prefix + bind.getInput().str());
      auto population = dyn_cast<PopulationOp>(owner);
      if (population && failed(bringFactor(bind, population)))
        return failure();
      if (!population)
        bind->moveBefore(attach);
    }
    attach.erase();
    return success();
  }

  /// The third factor of a population's rule comes as what a rate synapse contributes: the cell has
  /// it as any input, as it was when the step began, in its handlers as well (P4).
  LogicalResult bringFactor(BindOp bind, PopulationOp population) {
    Location loc = bind.getLoc();
    PopulationOp source = findPopulation(bind, bind.getSource().getPopulation().getValue());
    ArrayRef<int64_t> elements = bind.getSource().getElements();
    bool one = elements.empty() ? source.getSize() == 1
                                : elements.size() == 2 && elements[0] == elements[1];
    if (!one)
      return bind.emitError() << "the third factor `" << bind.getInput() << "` of `"
                              << population.getSymName() << "` must be a value of one cell, and `"
                              << source.getSymName() << "` has several; name one, as in `"
                              << source.getSymName() << "[0]." << variableName(bind.getVariable())
                              << "`";
    std::string name = fmt::format("#{}.{}", population.getSymName().str(), bind.getInput().str());
    OpBuilder b(getOperation().getBodyRegion());
    auto synapse = SynapseOp::create(b, loc, name, Effect::Unstated, StringAttr());
    b.setInsertionPointToStart(&synapse.getBody().emplaceBlock());
    auto contribution = ContributeOp::create(b, loc, bind.getInputAttr());
    b.setInsertionPointToStart(&contribution.getBody().emplaceBlock());
    Value level = GetOp::create(b, loc, b.getF64Type(), Side::Pre, bind.getVariable());
    YieldOp::create(b, loc, level);
    NamedAttrList set;
    if (auto delay = bind.getDelayAttr(); delay && !delay.getValue().isZero())
      set.set("delay", delay);
    auto target = RefAttr::get(b.getContext(), FlatSymbolRefAttr::get(population.getSymNameAttr()),
                               {}, StringAttr());
    b.setInsertionPointToEnd(population->getBlock());
    auto projection = ProjectionOp::create(b, loc, name, bind.getSource(), target, name,
                                           ConnectRule::AllToAll, b.getDictionaryAttr({}),
                                           FlatSymbolRefAttr(), set.getDictionary(b.getContext()),
                                           FloatAttr(), StringAttr(), IntegerAttr());
    projection.getBody().emplaceBlock();
    return success();
  }

  /// `ee.Stdp.eta = 0` sets the parameter `Stdp.eta` of `ee`; to freeze is to set one, too.
  void rewriteProtocol(Operation *op) {
    MLIRContext *context = op->getContext();
    auto record = dyn_cast<RecordOp>(op);
    if (record && record.getProjection() && record.getVariable())
      record.setVariableAttr(FlatSymbolRefAttr::get(context, variableName(*record.getVariable())));
    if (auto assign = dyn_cast<AssignOp>(op)) {
      auto projection = assign.getProjection();
      if (!projection || projection->getNestedReferences().empty())
        return;
      StringRef attachment = projection->getLeafReference().getValue();
      std::string name = variableName(assign.getVariable());
      auto owner = FlatSymbolRefAttr::get(projection->getRootReference());
      assign.setProjectionAttr(owner);
      assign.setVariableAttr(FlatSymbolRefAttr::get(
          context, name == "weight" ? name : (attachment + "." + name).str()));
    } else if (isa<FreezeOp, ThawOp>(op)) {
      OpBuilder builder(op);
      auto projection = op->getAttrOfType<FlatSymbolRefAttr>("projection");
      if (!frozen.contains(projection.getValue()))
        return op->erase(); // never frozen
      auto assign = AssignOp::create(builder, op->getLoc(), RefAttr(), projection,
                                     FlatSymbolRefAttr::get(context, frozenName));
      builder.setInsertionPointToStart(&assign.getBody().emplaceBlock());
      Value on = arith::ConstantOp::create(builder, op->getLoc(),
                                           builder.getF64FloatAttr(isa<FreezeOp>(op) ? 1.0 : 0.0));
      YieldOp::create(builder, op->getLoc(), on);
      op->erase();
    }
  }

  llvm::StringMap<Operation *> types;
  llvm::StringSet<> frozen; ///< projections
  llvm::SmallPtrSet<Operation *, 8> regulated;
};

} // namespace
