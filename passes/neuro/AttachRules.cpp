//===- AttachRules.cpp - neuro-attach-rules: plasticity as part of what it changes ---===//
#include "passes/neuro/Passes.h"
#include "passes/neuro/analysis/Expression.h"
#include "passes/neuro/analysis/Model.h"

#include "mlir/IR/IRMapping.h"

namespace synfire::neuro {
#define GEN_PASS_DEF_NEUROATTACHRULES
#include "passes/neuro/Passes.h.inc"
} // namespace synfire::neuro

using namespace mlir;
using namespace synfire::neuro;

namespace {

/// Makes one rule, attached to one parameter, part of a neuron or synapse type.
class RuleMerger {
public:
  RuleMerger(AttachOp attach, PlasticityOp rule, Operation *type)
      : rule(rule), type(type), prefix(attach.getSymName().str() + "."),
        parameter(attach.getParameter().str()) {}

  /// `handlers` is the place for what the rule does at spikes: before the synapse's own handlers,
  /// as rules come before transmission (P2).
  LogicalResult merge(Operation *handlers) {
    Block &body = type->getRegion(0).front();
    makeState();
    OpBuilder own(body.getParentOp()->getContext());
    own.setInsertionPointToStart(&body);
    for (Operation &op : rule.getBody().front()) {
      if (isa<BoundOp>(op))
        continue;
      if (isa<InputOp, EveryOp, PruneOp, GrowOp, FormatOp>(op))
        return op.emitError() << "`" << wordOf(&op) << "` in a rule cannot be run yet";
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
      wall(copy);
    }
    return success();
  }

private:
  static StringRef wordOf(Operation *op) {
    return isa<InputOp>(op)   ? "input"
           : isa<EveryOp>(op) ? "every"
           : isa<PruneOp>(op) ? "prune"
           : isa<GrowOp>(op)  ? "grow"
                              : "format";
  }

  /// The parameter that the rule changes is a state from now on.
  void makeState() {
    auto old = find<ParameterOp>(type, parameter);
    if (!old)
      return; // an earlier rule made it one
    OpBuilder builder(old);
    auto state = StateOp::create(builder, old.getLoc(), old.getSymNameAttr(), old.getValueAttr(),
                                 old.getUnitAttr(), UnitAttr(), old.getDocAttr());
    state.getBody().takeBody(old.getBody());
    if (!old.getValue() && state.getBody().empty())
      state.setValueAttr(builder.getF64FloatAttr(0.0)); // each projection gives its own
    old.erase();
  }

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
      if (auto get = dyn_cast<GetOp>(op); get && get.getSide() == Side::Self)
        get.setVariableAttr(renamed(get.getVariable()));
      else if (auto add = dyn_cast<AddOp>(op); add && add.getSide() == Side::Self)
        add.setVariableAttr(renamed(add.getVariable()));
      else if (auto set = dyn_cast<SetOp>(op))
        set.setVariableAttr(renamed(set.getVariable()));
      else if (auto equation = dyn_cast<EquationOp>(op))
        equation.setStateAttr(renamed(equation.getStateAttr()));
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

  /// A bound is a wall (P3): what a statement assigns is clipped, and an equation does not lead
  /// across it.
  void wall(Operation *copy) {
    for (BoundOp bound : rule.getBody().getOps<BoundOp>()) {
      copy->walk([&](Operation *op) {
        auto add = dyn_cast<AddOp>(op);
        auto set = dyn_cast<SetOp>(op);
        bool weight = (add && add.getSide() == Side::Self &&
                       variableName(add.getVariable()) == parameter) ||
                      (set && variableName(set.getVariable()) == parameter);
        if (!weight)
          return;
        OpBuilder builder(op);
        SmallVector<Value> ends = limits(builder, bound);
        Value value = set ? set.getValue() : add.getValue();
        if (add) {
          Value now = GetOp::create(builder, op->getLoc(), builder.getF64Type(), Side::Self,
                                    add.getVariable());
          value = arith::AddFOp::create(builder, op->getLoc(), now, value);
        }
        value = arith::MaximumFOp::create(builder, op->getLoc(), value, ends[0]);
        value = arith::MinimumFOp::create(builder, op->getLoc(), value, ends[1]);
        auto variable = FlatSymbolRefAttr::get(op->getContext(), parameter);
        SetOp::create(builder, op->getLoc(), variable, value);
        op->erase();
      });
      auto equation = dyn_cast<EquationOp>(copy);
      if (!equation || equation.getState() != parameter)
        continue;
      Operation *end = equation.getBody().front().getTerminator();
      OpBuilder builder(end);
      Location loc = bound.getLoc();
      SmallVector<Value> ends = limits(builder, bound);
      Value slope = end->getOperand(0);
      Value now = GetOp::create(builder, loc, builder.getF64Type(), Side::Self,
                                FlatSymbolRefAttr::get(copy->getContext(), parameter));
      Value zero = arith::ConstantOp::create(builder, loc, builder.getF64FloatAttr(0.0));
      Value up = arith::MaximumFOp::create(builder, loc, slope, zero);
      Value down = arith::MinimumFOp::create(builder, loc, slope, zero);
      Value low = arith::CmpFOp::create(builder, loc, arith::CmpFPredicate::OLE, now, ends[0]);
      Value high = arith::CmpFOp::create(builder, loc, arith::CmpFPredicate::OGE, now, ends[1]);
      slope = arith::SelectOp::create(builder, loc, low, up, slope);
      slope = arith::SelectOp::create(builder, loc, high, down, slope);
      end->setOperand(0, slope);
    }
  }

  /// `on spike` runs at the cell's own spike, after the reset's statements.
  LogicalResult addToReset(OnOp on) {
    auto spikes = type->getRegion(0).front().getOps<SpikeOp>();
    if (spikes.empty())
      return on.emitError() << "`on spike` needs a neuron with a spike rule";
    Operation *copy = on->clone();
    rename(copy);
    wall(copy);
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
};

struct NeuroAttachRulesPass : synfire::neuro::impl::NeuroAttachRulesBase<NeuroAttachRulesPass> {
  void runOnOperation() override {
    for (auto circuit : getOperation().getOps<CircuitOp>())
      for (Operation &op : circuit.getBody().front())
        if (isa<PopulationOp, ProjectionOp>(op) && failed(attachAll(&op)))
          return signalPassFailure();
  }

private:
  LogicalResult attachAll(Operation *owner) {
    SmallVector<AttachOp> attachments(owner->getRegion(0).getOps<AttachOp>());
    if (attachments.empty())
      return success();
    // Owners with the same rules share a type, so that they share their code as well.
    auto reference = FlatSymbolRefAttr::get(isa<PopulationOp>(owner)
                                                ? cast<PopulationOp>(owner).getNeuronAttr().getAttr()
                                                : cast<ProjectionOp>(owner).getSynapseAttr().getAttr());
    std::string name = reference.getValue().str();
    for (AttachOp attach : attachments) {
      name += "+" + attach.getSymName().str();
      if (attach.getSymName() != attach.getRule())
        name += "=" + attach.getRule().str();
      if (attach.getParameter() != "weight")
        name += "@" + attach.getParameter().str();
    }
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
      for (AttachOp attach : attachments) {
        auto rule = getOperation().lookupSymbol<PlasticityOp>(attach.getRule());
        if (failed(RuleMerger(attach, rule, merged).merge(handlers)))
          return failure();
      }
    }
    auto symbol = FlatSymbolRefAttr::get(owner->getContext(), name);
    if (auto population = dyn_cast<PopulationOp>(owner))
      population.setNeuronAttr(symbol);
    else
      cast<ProjectionOp>(owner).setSynapseAttr(symbol);
    for (AttachOp attach : attachments)
      moveValues(attach, owner);
    return success();
  }

  /// What the attachment gives the rule's parameters is given by the owner.
  void moveValues(AttachOp attach, Operation *owner) {
    std::string prefix = attach.getSymName().str() + ".";
    NamedAttrList set(owner->getAttrOfType<DictionaryAttr>("set"));
    for (NamedAttribute given : attach.getSet())
      set.set(prefix + given.getName().str(), given.getValue());
    owner->setAttr("set", set.getDictionary(owner->getContext()));
    for (InitOp init : llvm::make_early_inc_range(attach.getBody().getOps<InitOp>())) {
      init.setVariable(prefix + init.getVariable().str());
      init.walk([&](GetOp get) {
        std::string name = variableName(get.getVariable());
        name = name == "weight" ? attach.getParameter().str() : prefix + name;
        get.setVariableAttr(FlatSymbolRefAttr::get(owner->getContext(), name));
      });
      init->moveBefore(attach);
    }
    attach.erase();
  }

  llvm::StringMap<Operation *> types;
};

} // namespace
